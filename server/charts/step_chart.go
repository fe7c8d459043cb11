package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// StepChart is how many have a value in each step of a scale, with a line at what is
// demanded.
type StepChart struct {
	// Description is what a screen reader says.
	Description string
	// Scale names the lower axis, Counted the upright one.
	Scale, Counted string
	Groups         []StepGroup
	Mark           *Mark
}

// StepGroup is bars of one colour; groups of the same Stack stand on each other, and all
// have bars of the same steps. Without a Color its bars are outlines over the others.
type StepGroup struct {
	Name, Stack, Color string
	Bars               []StepBar
}

// StepBar counts the values from From to less than To; Words are its tooltip.
type StepBar struct {
	From, To float64
	Count    int
	Words    string
}

// The colours of bars within what is demanded, of those not yet judged, of those done too
// late, and of those beyond what is demanded.
const (
	WithinColor  = "var(--fill-met)"
	WaitingColor = "var(--fill-reported)"
	LateColor    = "var(--fill-late)"
	BeyondColor  = "var(--fill-overdue)"
)

// outlineColor draws the bars of an outline.
const outlineColor = "var(--ink-muted)"

// JSON returns the chart's options.
func (c StepChart) JSON() ([]byte, error) {
	bar := charts.NewBar()
	bar.Accept(strictVisitor{})
	bar.SetGlobalOptions(append(itemOptions(c.Description, false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", ItemWidth: 12, ItemHeight: 12, TextStyle: &opts.TextStyle{Color: labelInk}}),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "24", Top: "64", Bottom: "24", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: c.Scale, NameLocation: "middle", NameGap: 28, Min: 0, AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: c.Counted, MinInterval: 1, AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}))...)
	for i, group := range c.Groups {
		if len(group.Bars) != len(c.Groups[0].Bars) {
			return nil, fmt.Errorf("%s has %d bars, %s %d", group.Name, len(group.Bars), c.Groups[0].Name, len(c.Groups[0].Bars))
		}
		options := []charts.SeriesOpts{charts.WithBarChartOpts(opts.BarChart{Stack: group.Stack, BarCategoryGap: "10%", BarGap: "-100%"}),
			charts.WithItemStyleOpts(barStyle(group.Color))}
		if i == 0 && c.Mark != nil {
			options = append(options, markLines([]Mark{*c.Mark})...)
		}
		data := make([]item, len(group.Bars))
		for j, one := range group.Bars {
			data[j] = item{Value: []float64{(one.From + one.To) / 2, float64(one.Count)}, Tooltip: words{one.Words}}
		}
		bar.AddSeries(group.Name, nil, options...)
		bar.MultiSeries[i].Data = data
	}
	bar.Validate()
	return json.Marshal(bar.JSON())
}

func barStyle(color string) opts.ItemStyle {
	if color == "" {
		return opts.ItemStyle{Color: "transparent", BorderColor: outlineColor, BorderWidth: 1}
	}
	return opts.ItemStyle{Color: color}
}
