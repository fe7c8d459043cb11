package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// BoxChart is a lying box per label, from the top down, with the points that stand apart
// and those that are marked as one's own.
type BoxChart struct {
	// Description is what a screen reader says, Unit what the axis measures.
	Description string
	Unit        string
	Labels      []string
	// Name is that of the boxes: from their least value over the quartiles to the best.
	Name  string
	Boxes [][5]float64
	// Apart and Own are points, each on the line of a label.
	ApartName, OwnName string
	Apart, Own         []BoxPoint
}

// BoxPoint is a point on the line of a label, by its place.
type BoxPoint struct {
	Label int
	Value float64
}

// BoxColors are the colours of what a BoxChart draws, by their names in the style sheet.
var BoxColors = map[string]string{"box": "var(--blue-wash)", "border": "var(--blue-fill)", "apart": "var(--amber-fill)", "own": "var(--ink-base)"}

// JSON returns the chart's options. It fails when there is not one box per label.
func (c BoxChart) JSON() ([]byte, error) {
	if len(c.Boxes) != len(c.Labels) {
		return nil, fmt.Errorf("%d boxes for %d labels", len(c.Boxes), len(c.Labels))
	}
	box := charts.NewBoxPlot()
	box.Accept(strictVisitor{})
	box.SetGlobalOptions(append(plainOptions(c.Description, true), charts.WithLegendOpts(legendAbove(shapeWidth)),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "item"}),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "48", Top: legendTop, Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: c.Unit, Scale: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)}, SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true), Data: c.Labels,
			AxisLabel: &opts.AxisLabel{Color: labelInk, Width: 168, Overflow: "truncate"}}))...)
	data := make([]opts.BoxPlotData, len(c.Boxes))
	for i, values := range c.Boxes {
		data[i] = opts.BoxPlotData{Name: c.Labels[i], Value: values}
	}
	box.AddSeries(c.Name, data, charts.WithItemStyleOpts(opts.ItemStyle{Color: BoxColors["box"], BorderColor: BoxColors["border"], BorderWidth: 1.5}))
	box.Overlap(c.dots(c.ApartName, c.Apart, "diamond", BoxColors["apart"]), c.dots(c.OwnName, c.Own, "triangle", BoxColors["own"]))
	box.Validate()
	return json.Marshal(box.JSON())
}

// dots are the points of a kind; there are none without points.
func (c BoxChart) dots(name string, points []BoxPoint, symbol, color string) *charts.Scatter {
	scatter := charts.NewScatter()
	if len(points) == 0 {
		return scatter
	}
	data := make([]opts.ScatterData, len(points))
	for i, point := range points {
		data[i] = opts.ScatterData{Name: c.Labels[point.Label], Value: []any{point.Value, point.Label}}
	}
	return scatter.AddSeries(name, data, charts.WithScatterChartOpts(opts.ScatterChart{Symbol: symbol, SymbolSize: 11}), charts.WithItemStyleOpts(opts.ItemStyle{Color: color}))
}
