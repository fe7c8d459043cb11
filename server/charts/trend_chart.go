package charts

import (
	"encoding/json"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// TrendChart is how rates and a count stood on days: steps, since what was known on a day
// holds until the next.
type TrendChart struct {
	// Description is what a screen reader says.
	Description string
	// Percent names the axis of the rates; that of the count has its colour.
	Percent string
	// Completion and InTime are in percent, Overdue counts duties.
	Completion, InTime, Overdue TrendLine
	Marks                       []Mark
	// Until is the day, written YYYY-MM-DD, with which the lower axis ends.
	Until string
}

// TrendLine is a value on each day, written YYYY-MM-DD.
type TrendLine struct {
	Name   string
	Points []DayValue
}

// DayValue is a value on a day, nil where there is none.
type DayValue struct {
	Day   string
	Value *float64
}

// Mark is a line across a chart: at a value of the lower axis, with a name.
type Mark struct {
	At   any
	Name string
}

// markLines are marks as the library wants them.
func markLines(marks []Mark) []charts.SeriesOpts {
	items := make([]opts.MarkLineNameXAxisItem, len(marks))
	for i, mark := range marks {
		items[i] = opts.MarkLineNameXAxisItem{Name: mark.Name, XAxis: mark.At}
	}
	return []charts.SeriesOpts{charts.WithMarkLineNameXAxisItemOpts(items...), charts.WithMarkLineStyleOpts(opts.MarkLineStyle{Symbol: []string{"none", "none"},
		Label:     &opts.Label{Show: opts.Bool(true), Formatter: "{b}", Position: "end", Color: axisInk, FontSize: 11},
		LineStyle: &opts.LineStyle{Color: axisInk, Type: "dashed", Width: 1}})}
}

// JSON returns the chart's options.
func (c TrendChart) JSON() ([]byte, error) {
	line := charts.NewLine()
	line.Accept(strictVisitor{})
	line.SetGlobalOptions(append(plainOptions(c.Description, false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", ItemWidth: 18, ItemHeight: 8, TextStyle: &opts.TextStyle{Color: labelInk}}),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "8", Top: "64", Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "time", Max: c.Until,
			AxisLabel: &opts.AxisLabel{Color: axisInk, Formatter: "{yyyy}-{MM}", HideOverlap: opts.Bool(true)},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: c.Percent, Min: 0, Max: 100, AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}))...)
	line.ExtendYAxis(opts.YAxis{Type: "value", Min: 0, MinInterval: 1, AxisLabel: &opts.AxisLabel{Color: "var(--red-ink)"},
		SplitLine: &opts.SplitLine{Show: opts.Bool(false)}})
	add := func(one TrendLine, axis int, color, stroke string, more ...charts.SeriesOpts) {
		data := make([]opts.LineData, len(one.Points))
		for i, point := range one.Points {
			data[i] = opts.LineData{Value: []any{point.Day, point.Value}}
		}
		line.AddSeries(one.Name, data, append(more,
			charts.WithLineChartOpts(opts.LineChart{Step: "end", YAxisIndex: axis, ShowSymbol: opts.Bool(false), Symbol: "circle"}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: color, Width: 2, Type: stroke}), charts.WithItemStyleOpts(opts.ItemStyle{Color: color}))...)
	}
	add(c.Completion, 0, "var(--brand)", "solid", markLines(c.Marks)...)
	add(c.InTime, 0, "var(--green-fill)", "dashed")
	add(c.Overdue, 1, "var(--red-fill)", "solid", charts.WithAreaStyleOpts(opts.AreaStyle{Color: "var(--red-wash)"}))
	line.Validate()
	return json.Marshal(line.JSON())
}
