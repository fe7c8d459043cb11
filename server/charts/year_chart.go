package charts

import (
	"encoding/json"

	"github.com/go-echarts/go-echarts/v2/charts"
)

// YearChart is a calendar with a field for each day, coloured by how much happened.
type YearChart struct {
	// Description is what a screen reader says.
	Description string
	// First and Last are the days between which the calendar is, written YYYY-MM-DD.
	First, Last string
	// Months are the names of the twelve, Weekdays of the seven from Sunday on.
	Months, Weekdays []string
	Days             []YearDay
	Bands            []Band
}

// YearDay is what happened on a day, written YYYY-MM-DD; Words are its tooltip.
type YearDay struct {
	Day   string
	Count int
	Words string
}

// JSON returns the chart's options.
func (c YearChart) JSON() ([]byte, error) {
	heat := charts.NewHeatMap()
	heat.Accept(strictVisitor{})
	heat.SetGlobalOptions(itemOptions(c.Description, false)...)
	data := make([]item, len(c.Days))
	for i, day := range c.Days {
		data[i] = item{Value: []any{day.Day, day.Count}, Tooltip: words{day.Words}}
	}
	heat.AddSeries("", nil, charts.WithCoordinateSystem("calendar"))
	heat.MultiSeries[0].Data = data
	heat.Validate()
	option := heat.JSON()
	delete(option, "xAxis")
	delete(option, "yAxis")
	ink := func(names []string) map[string]any {
		return map[string]any{"nameMap": names, "color": axisInk, "fontSize": 10}
	}
	days := ink(c.Weekdays)
	days["firstDay"] = 1
	line := func(color string) map[string]any { return map[string]any{"color": color, "width": 1} }
	option["calendar"] = map[string]any{"range": []string{c.First, c.Last}, "left": 32, "right": 4, "top": 24, "bottom": 36, "cellSize": []any{"auto", "auto"},
		"yearLabel": map[string]bool{"show": false}, "monthLabel": ink(c.Months), "dayLabel": days,
		"itemStyle": map[string]any{"color": "transparent", "borderColor": gridInk, "borderWidth": 1},
		"splitLine": map[string]any{"lineStyle": line("var(--line-strong)")}}
	option["visualMap"] = newBands(1, c.Bands)
	return json.Marshal(option)
}
