package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// MonthChart is several series of standing bars over the same months, each in a panel of
// its own because each counts something else.
type MonthChart struct {
	// Description is what a screen reader says.
	Description string
	Labels      []string
	// Panels are the series from the top down; their names stand above them.
	Panels []Bars
}

// JSON returns the chart's options. It fails when a series does not have one value per
// label.
func (c MonthChart) JSON() ([]byte, error) {
	bar := charts.NewBar()
	bar.Accept(strictVisitor{namesAtLeft: true})
	bar.SetGlobalOptions(plainOptions(c.Description, false)...)
	share := 100 / max(1, len(c.Panels))
	for i, panel := range c.Panels {
		if len(panel.Values) != len(c.Labels) {
			return nil, fmt.Errorf("bars %s has %d values for %d labels", panel.Kind, len(panel.Values), len(c.Labels))
		}
		bar.SetGlobalOptions(charts.WithGridOpts(opts.Grid{Left: "48", Right: "4", Top: fmt.Sprintf("%d%%", i*share+9), Height: fmt.Sprintf("%d%%", share-18)}))
		months := opts.XAxis{Type: "category", GridIndex: i, AxisLabel: &opts.AxisLabel{Color: axisInk, HideOverlap: opts.Bool(true)}}
		counts := opts.YAxis{Type: "value", GridIndex: i, Name: panel.Name, NameLocation: "end", MinInterval: 1, SplitNumber: 2,
			AxisLabel: &opts.AxisLabel{Color: axisInk}, SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: gridInk}}}
		if i == 0 {
			bar.SetGlobalOptions(charts.WithXAxisOpts(months), charts.WithYAxisOpts(counts))
		} else {
			months.Data = c.Labels
			bar.ExtendXAxis(months)
			bar.ExtendYAxis(counts)
		}
		bar.AddSeries(panel.Name, valueData(panel.Values), charts.WithBarChartOpts(opts.BarChart{XAxisIndex: i, YAxisIndex: i, BarCategoryGap: "36%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: BarColors[panel.Kind]}))
	}
	bar.SetXAxis(c.Labels)
	bar.Validate()
	return json.Marshal(bar.JSON())
}

func valueData(values []float64) []opts.BarData {
	data := make([]opts.BarData, len(values))
	for i, value := range values {
		data[i] = opts.BarData{Value: value}
	}
	return data
}
