package charts

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// HeatChart is a table of fields, coloured by what they have reached.
type HeatChart struct {
	// Description is what a screen reader says.
	Description   string
	Columns, Rows []string
	Cells         []HeatCell
	Bands         []Band
}

// HeatCell is a field; Text is written in it, and Words are its tooltip.
type HeatCell struct {
	Column, Row int
	Percent     float64
	Text, Words string
}

// heatSeries leaves out the words of fields that are too narrow for them, and is drawn at
// once, so that it is whole when it is printed.
type heatSeries struct {
	charts.SingleSeries
	LabelLayout map[string]bool `json:"labelLayout"`
	Progressive int             `json:"progressive"`
}

// JSON returns the chart's options. It fails when a cell is outside of the table.
func (c HeatChart) JSON() ([]byte, error) {
	heat := charts.NewHeatMap()
	heat.Accept(strictVisitor{})
	heat.SetGlobalOptions(append(itemOptions(c.Description, false),
		charts.WithGridOpts(opts.Grid{Left: "0", Right: "8", Top: "0", Bottom: "32", ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Position: "top", Data: c.Columns, AxisLine: &opts.AxisLine{Show: opts.Bool(false)}, AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
			AxisLabel: &opts.AxisLabel{Color: labelInk, Rotate: 40, Width: 176, Overflow: "truncate", Interval: "0"}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true), Data: c.Rows,
			AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: gridInk}},
			AxisLabel: &opts.AxisLabel{Color: labelInk, Width: 168, Overflow: "truncate"}}))...)
	data := make([]item, len(c.Cells))
	for i, cell := range c.Cells {
		if cell.Column >= len(c.Columns) || cell.Row >= len(c.Rows) {
			return nil, fmt.Errorf("a cell in row %d and column %d of %d rows and %d columns", cell.Row, cell.Column, len(c.Rows), len(c.Columns))
		}
		data[i] = item{[]any{cell.Column, cell.Row, cell.Percent}, words{cell.Words}, &itemLabel{true, cell.Text, labelInk, 11}}
	}
	heat.AddSeries("", nil, charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "var(--paper)", BorderWidth: 2}))
	heat.MultiSeries[0].Data = data
	heat.Validate()
	option := heat.JSON()
	option["series"] = []any{heatSeries{heat.MultiSeries[0], map[string]bool{"hideOverlap": true}, 0}}
	option["visualMap"] = newBands(2, c.Bands)
	return json.Marshal(option)
}
