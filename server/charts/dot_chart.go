package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// DotChart is a dot for each label and series, each series on a lane of its own, so that
// equal values do not cover each other. The labels stand from the top down.
type DotChart struct {
	// Description is what a screen reader says, Unit what the axis measures: up to 100.
	Description string
	Unit        string
	Labels      []string
	Dots        []Dots
}

// Dots is a series, one value per label, nil where there is none.
type Dots struct {
	Name   string
	Values []*float64
}

// dotShapes and DotColors tell the series apart; there are no more series than these.
var dotShapes = []string{"circle", "diamond", "triangle", "rect", "arrow"}

// DotColors are the colours of the series, by their names in the style sheet.
var DotColors = []string{"var(--blue-fill)", "var(--orange-fill)", "var(--green-fill)", "var(--violet-fill)", "var(--ink-base)"}

// laneHeight is the height of a series' lane, in pixels.
const laneHeight = 7

// JSON returns the chart's options. It fails when a series does not have one value per
// label, and with more series than there are shapes.
func (c DotChart) JSON() ([]byte, error) {
	if len(c.Dots) > len(dotShapes) {
		return nil, fmt.Errorf("%d series of dots, at most %d", len(c.Dots), len(dotShapes))
	}
	scatter := charts.NewScatter()
	scatter.Accept(strictVisitor{})
	scatter.SetGlobalOptions(append(plainOptions(c.Description, true), charts.WithLegendOpts(legendAbove(shapeWidth)),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "32", Top: legendTop, Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: c.Unit, Min: 0, Max: 100, AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true), Data: c.Labels,
			AxisLabel: &opts.AxisLabel{Color: labelInk, Width: 168, Overflow: "truncate"},
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridInk}}}))...)
	for i, dots := range c.Dots {
		if len(dots.Values) != len(c.Labels) {
			return nil, fmt.Errorf("dots %s have %d values for %d labels", dots.Name, len(dots.Values), len(c.Labels))
		}
		data := make([]dot, len(dots.Values))
		for n, value := range dots.Values {
			data[n] = dot{Value: "-", SymbolOffset: [2]int{0, laneHeight * (2*i - len(c.Dots) + 1) / 2}}
			if value != nil {
				data[n].Value = *value
			}
		}
		scatter.MultiSeries = append(scatter.MultiSeries, charts.SingleSeries{Name: dots.Name, Type: "scatter", Data: data,
			Symbol: dotShapes[i], SymbolSize: 9, ItemStyle: &opts.ItemStyle{Color: DotColors[i]}})
	}
	scatter.Validate()
	return json.Marshal(scatter.JSON())
}

// dot is a value on its lane; "-" is none.
type dot struct {
	Value        any    `json:"value"`
	SymbolOffset [2]int `json:"symbolOffset"`
}
