package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// ScoreChart is how many units have a score in each step: standing bars, one stretch per
// grade.
type ScoreChart struct {
	// Description is what a screen reader says, Unit what the axis counts.
	Description string
	Unit        string
	// Steps are the labels, from the lowest to the highest.
	Steps  []string
	Grades []GradeBars
}

// GradeBars is the number of units with a grade, for each step.
type GradeBars struct {
	Tone   GradeTone
	Name   string
	Counts []int
}

// GradeTone is the colour of a grade.
type GradeTone string

// The tones: of the best grade, of those between, of the last one, and of the unit that
// looks at its own place.
const (
	BestTone  GradeTone = "best"
	GoodTone  GradeTone = "good"
	FairTone  GradeTone = "fair"
	WorstTone GradeTone = "worst"
	OwnTone   GradeTone = "own"
)

// ToneOf returns the tone of the grade at a place among so many, the best one first.
func ToneOf(place, grades int) GradeTone {
	switch {
	case place == 0 && grades > 1:
		return BestTone
	case place == grades-1:
		return WorstTone
	case place == 1:
		return GoodTone
	default:
		return FairTone
	}
}

// GradeColors are the colours of the tones, by their names in the style sheet.
var GradeColors = map[GradeTone]string{
	BestTone:  "var(--green-fill)",
	GoodTone:  "var(--blue-fill)",
	FairTone:  "var(--amber-fill)",
	WorstTone: "var(--red-fill)",
	OwnTone:   "var(--ink-base)",
}

// JSON returns the chart's options. It fails when a grade does not have one count per
// step.
func (c ScoreChart) JSON() ([]byte, error) {
	bar := charts.NewBar()
	bar.Accept(strictVisitor{})
	bar.SetGlobalOptions(append(plainOptions(c.Description, false),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "8", Top: "28", Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: c.Unit, MinInterval: 1, AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}))...)
	bar.SetXAxis(c.Steps)
	for _, grade := range c.Grades {
		if len(grade.Counts) != len(c.Steps) {
			return nil, fmt.Errorf("grade %s has %d counts for %d steps", grade.Name, len(grade.Counts), len(c.Steps))
		}
		bar.AddSeries(grade.Name, barData(grade.Counts), charts.WithBarChartOpts(opts.BarChart{Stack: "units", BarCategoryGap: "12%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: GradeColors[grade.Tone]}))
	}
	bar.Validate()
	return json.Marshal(bar.JSON())
}
