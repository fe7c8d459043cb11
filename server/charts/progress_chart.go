package charts

import (
	"encoding/json"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// ProgressChart is how a rotation comes along: lines of people over days.
type ProgressChart struct {
	// Description is what a screen reader says, Unit what the axis counts.
	Description string
	Unit        string
	Lines       []Line
}

// Line is a line of people over days; Kind chooses how it is drawn.
type Line struct {
	Kind   LineKind
	Name   string
	Points []DayCount
}

// DayCount is a number on a day, written YYYY-MM-DD.
type DayCount struct {
	Day   string
	Count int
}

// LineKind says what a line shows. Lines differ by stroke as well as by colour.
type LineKind string

// The kinds of lines.
const (
	RosterLine   LineKind = "roster"
	TrainedLine  LineKind = "trained"
	NeededLine   LineKind = "needed"
	ForecastLine LineKind = "forecast"
)

// LineColors are the colours of the lines, by their names in the style sheet.
var LineColors = map[LineKind]string{
	RosterLine:   "var(--ink-muted)",
	TrainedLine:  "var(--green-fill)",
	NeededLine:   "var(--amber-fill)",
	ForecastLine: "var(--blue-fill)",
}

var lineStrokes = map[LineKind]opts.LineStyle{
	RosterLine:   {Type: "solid", Width: 1.5},
	TrainedLine:  {Type: "solid", Width: 3},
	NeededLine:   {Type: "dashed", Width: 2},
	ForecastLine: {Type: "dotted", Width: 3},
}

// JSON returns the chart's options.
func (c ProgressChart) JSON() ([]byte, error) {
	line := charts.NewLine()
	line.Accept(strictVisitor{})
	line.SetGlobalOptions(append(plainOptions(c.Description, true),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "24", Top: legendTop, Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "time",
			AxisLabel: &opts.AxisLabel{Color: axisInk, Formatter: "{yyyy}-{MM}", HideOverlap: opts.Bool(true)},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: c.Unit, MinInterval: 1, Min: 0,
			AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}))...)
	for _, one := range c.Lines {
		stroke := lineStrokes[one.Kind]
		stroke.Color = LineColors[one.Kind]
		data := make([]opts.LineData, len(one.Points))
		for i, point := range one.Points {
			data[i] = opts.LineData{Value: []any{point.Day, point.Count}}
		}
		line.AddSeries(one.Name, data,
			charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(one.Kind == TrainedLine), SymbolSize: 6}),
			charts.WithLineStyleOpts(stroke), charts.WithItemStyleOpts(opts.ItemStyle{Color: stroke.Color}))
	}
	line.Validate()
	return json.Marshal(line.JSON())
}

// The inks of axes and of the lines behind a chart.
const (
	axisInk  = "var(--ink-muted)"
	gridInk  = "var(--line)"
	labelInk = "var(--ink-base)"
)

// legendTop is where the grid of a chart with a legend begins; the browser moves it down
// where the legend takes a second line.
const legendTop = "56"

// The widths of what a legend shows of a series, in pixels: a stroke, or a shape.
const (
	strokeWidth = 25
	shapeWidth  = 12
)

// legendAbove is a legend above the chart.
func legendAbove(width int) opts.Legend {
	return opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", ItemWidth: width, TextStyle: &opts.TextStyle{Color: labelInk}}
}

// plainOptions are those that all charts have; a legend stands above where the
// page has none beside the chart.
func plainOptions(description string, legend bool) []charts.GlobalOpts {
	above := opts.Legend{Show: opts.Bool(false)}
	if legend {
		above = legendAbove(strokeWidth)
	}
	return slices.Clip([]charts.GlobalOpts{
		charts.WithInitializationOpts(opts.Initialization{BackgroundColor: "transparent"}),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis"}),
		charts.WithLegendOpts(above),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true),
			Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: description}}),
		charts.WithAnimation(false),
	})
}
