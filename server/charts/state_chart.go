// Package charts turns plain series into chart options as JSON. It knows no
// database and no page: the browser fetches the JSON and draws it, so that
// nothing here is ever part of a page's markup.
package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Colors are the colours of the states. Colours of charts are named, never given: the
// browser takes them from the style sheet, in the theme that is shown.
var Colors = map[string]string{
	"overdue":     "var(--fill-overdue)",
	"pending":     "var(--fill-pending)",
	"reported":    "var(--fill-reported)",
	"late":        "var(--fill-late)",
	"met":         "var(--fill-met)",
	"exempt":      "var(--fill-exempt)",
	"unscheduled": "var(--fill-unscheduled)",
}

// StateChart is a stacked horizontal bar per obligation, one stretch per state.
type StateChart struct {
	// Description is what a screen reader says.
	Description string
	// Obligations are the short titles, from the top down.
	Obligations []string
	// Series has one series per state, in the order in which they are stacked.
	Series []Series
}

// Series is the number of duties in one state, per obligation.
type Series struct {
	State  string
	Name   string
	Counts []int
}

// JSON returns the chart's options. It fails when a series does not have one
// count per obligation.
func (c StateChart) JSON() ([]byte, error) {
	bar := charts.NewBar()
	bar.Accept(strictVisitor{})
	bar.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{BackgroundColor: "transparent"}),
		charts.WithTooltipOpts(opts.Tooltip{Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", ItemWidth: 12, ItemHeight: 12, TextStyle: &opts.TextStyle{Color: labelInk}}),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "16", Top: "32", Bottom: "0", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", MinInterval: 1,
			AxisLabel: &opts.AxisLabel{Color: axisInk},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true),
			AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: gridInk}},
			AxisLabel: &opts.AxisLabel{Color: labelInk, Width: 168, Overflow: "truncate"}}),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true),
			Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: c.Description}}),
		charts.WithAnimation(false),
	)
	bar.SetXAxis(c.Obligations)
	for _, series := range c.Series {
		if len(series.Counts) != len(c.Obligations) {
			return nil, fmt.Errorf("series %s has %d counts for %d obligations", series.State, len(series.Counts), len(c.Obligations))
		}
		bar.AddSeries(series.Name, barData(series.Counts),
			charts.WithBarChartOpts(opts.BarChart{Stack: "duties", BarWidth: "58%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: Colors[series.State]}))
	}
	bar.XYReversal()
	bar.Validate()
	return json.Marshal(bar.JSON())
}

func barData(counts []int) []opts.BarData {
	data := make([]opts.BarData, len(counts))
	for i, count := range counts {
		data[i] = opts.BarData{Value: count}
	}
	return data
}

// strictVisitor adds what the library has no option for: a tooltip drawn on the
// canvas, because one of HTML would need inline styles, which the pages forbid, and the
// ink of the names of axes.
type strictVisitor struct {
	charts.BaseConfigurationVisitor
	// namesAtLeft lets the names of upright axes begin at them, as headings of panels.
	namesAtLeft bool
}

func (strictVisitor) VisitTooltipOpt(tooltip opts.Tooltip) any {
	return struct {
		opts.Tooltip
		RenderMode string            `json:"renderMode"`
		Confine    bool              `json:"confine"`
		Ground     string            `json:"backgroundColor"`
		Border     string            `json:"borderColor"`
		Style      map[string]string `json:"textStyle"`
	}{tooltip, "richText", true, "var(--raised)", "var(--line-strong)", map[string]string{"color": labelInk}}
}

func (strictVisitor) VisitXAxis(axes []opts.XAxis) any {
	type named struct {
		opts.XAxis
		NameTextStyle *opts.TextStyle `json:"nameTextStyle,omitempty"`
	}
	all := make([]named, len(axes))
	for i, axis := range axes {
		all[i] = named{axis, nameStyle(axis.Name)}
	}
	return all
}

func (v strictVisitor) VisitYAxis(axes []opts.YAxis) any {
	type named struct {
		opts.YAxis
		NameTextStyle *opts.TextStyle `json:"nameTextStyle,omitempty"`
	}
	all := make([]named, len(axes))
	for i, axis := range axes {
		all[i] = named{axis, nameStyle(axis.Name)}
		if v.namesAtLeft && axis.Name != "" {
			all[i].NameTextStyle = &opts.TextStyle{Color: labelInk, Align: "left"}
		}
	}
	return all
}

func nameStyle(name string) *opts.TextStyle {
	if name == "" {
		return nil
	}
	return &opts.TextStyle{Color: axisInk}
}
