package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// CountChart is a bar for each label and series: lying, from the top down, where
// the labels are names, and standing where they are months.
type CountChart struct {
	// Description is what a screen reader says, Unit what the axis counts.
	Description string
	Unit        string
	Labels      []string
	Bars        []Bars
	Lying       bool
	// Max is the end of the axis, 0 for that of the numbers.
	Max float64
}

// Bars is a series of bars, one for each label; Kind chooses the colour.
// Texts are written at the bars, the values where there are none.
type Bars struct {
	Kind   BarKind
	Name   string
	Values []float64
	Texts  []string
}

// BarKind says what bars show.
type BarKind string

// The kinds of bars.
const (
	CoverageBar    BarKind = "coverage"
	NeededBar      BarKind = "needed-seats"
	ScheduledBar   BarKind = "scheduled-seats"
	HoursBar       BarKind = "hours"
	SessionsBar    BarKind = "sessions"
	AttendancesBar BarKind = "attendances"
)

// BarColors are the colours of the bars, by their names in the style sheet.
var BarColors = map[BarKind]string{
	CoverageBar:    "var(--green-fill)",
	NeededBar:      "var(--amber-fill)",
	ScheduledBar:   "var(--blue-fill)",
	HoursBar:       "var(--brand)",
	SessionsBar:    "var(--violet-fill)",
	AttendancesBar: "var(--blue-fill)",
}

// JSON returns the chart's options. It fails when a series does not have one
// value per label.
func (c CountChart) JSON() ([]byte, error) {
	bar := charts.NewBar()
	bar.Accept(strictVisitor{})
	value := opts.XAxis{Type: "value", Name: c.Unit, AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)},
		SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}
	if c.Max > 0 {
		value.Max = c.Max
	}
	options := append(plainOptions(c.Description, false),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "48", Top: "28", Bottom: "0", ContainLabel: opts.Bool(true)}))
	if c.Lying {
		options = append(options, charts.WithXAxisOpts(value), charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: labelInk, Width: 168, Overflow: "truncate"}}))
	} else {
		options = append(options, charts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)}}),
			charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: c.Unit, MinInterval: 1, AxisLabel: value.AxisLabel, SplitLine: value.SplitLine}))
	}
	bar.SetGlobalOptions(options...)
	bar.SetXAxis(c.Labels)
	for _, one := range c.Bars {
		if len(one.Values) != len(c.Labels) || one.Texts != nil && len(one.Texts) != len(c.Labels) {
			return nil, fmt.Errorf("bars %s has %d values for %d labels", one.Kind, len(one.Values), len(c.Labels))
		}
		data := make([]opts.BarData, len(one.Values))
		for i, value := range one.Values {
			data[i] = opts.BarData{Value: value}
			if one.Texts != nil {
				data[i].Label = &opts.Label{Formatter: one.Texts[i]}
			}
		}
		bar.AddSeries(one.Name, data, charts.WithBarChartOpts(opts.BarChart{BarGap: "0"}),
			charts.WithLabelOpts(opts.Label{Show: opts.Bool(c.Lying), Position: "right", Formatter: "{c}", Color: axisInk}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: BarColors[one.Kind]}))
	}
	if c.Lying {
		bar.XYReversal()
	}
	bar.Validate()
	return json.Marshal(bar.JSON())
}
