package charts

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// item is a mark of a chart with words of its own in the tooltip, which the library has
// no option for.
type item struct {
	Value   any        `json:"value"`
	Tooltip words      `json:"tooltip"`
	Label   *itemLabel `json:"label,omitempty"`
}

// words stand in a tooltip.
type words struct {
	Formatter string `json:"formatter"`
}

// itemLabel is written on a mark.
type itemLabel struct {
	Show      bool   `json:"show"`
	Formatter string `json:"formatter"`
	Color     string `json:"color"`
	FontSize  int    `json:"fontSize"`
}

// bands is a legend that colours marks by their last value.
type bands struct {
	Type       string         `json:"type"`
	Dimension  int            `json:"dimension"`
	Pieces     []Band         `json:"pieces"`
	Orient     string         `json:"orient"`
	Left       string         `json:"left"`
	Bottom     string         `json:"bottom"`
	ItemWidth  int            `json:"itemWidth"`
	ItemHeight int            `json:"itemHeight"`
	ItemGap    int            `json:"itemGap"`
	Selected   bool           `json:"selectedMode"`
	TextStyle  map[string]any `json:"textStyle"`
}

// Band is a range of values, From included and To not, with its colour.
type Band struct {
	From  float64  `json:"gte"`
	To    *float64 `json:"lt,omitempty"`
	Name  string   `json:"label"`
	Color string   `json:"color"`
}

// newBands lays a legend below a chart.
func newBands(dimension int, list []Band) bands {
	return bands{"piecewise", dimension, list, "horizontal", "0", "0", 12, 12, 12, false, map[string]any{"color": labelInk, "fontSize": 12}}
}

// Steps divides values by limits: one band more than there are limits, from 0 up. There
// is a name and a colour for each.
func Steps(limits []float64, names, colors []string) []Band {
	list := make([]Band, len(names))
	for i := range list {
		if list[i].Name, list[i].Color = names[i], colors[i]; i > 0 {
			list[i].From = limits[i-1]
		}
		if i < len(limits) {
			list[i].To = &limits[i]
		}
	}
	return list
}

// CompletionColors colour completion, DayColors what happened on a day, and ShareColors
// the share that is overdue, each from little to much.
var (
	CompletionColors = []string{"var(--sunken)", "var(--blue-wash)", "var(--blue-line)", "var(--green-line)"}
	DayColors        = []string{"var(--blue-line)", "var(--blue-fill)", "var(--blue-ink)"}
	ShareColors      = []string{"var(--amber-wash)", "var(--amber-line)", "var(--red-line)"}
)

// itemOptions are the plain ones, with a tooltip of each mark.
func itemOptions(description string, legend bool) []charts.GlobalOpts {
	return append(plainOptions(description, legend), charts.WithTooltipOpts(opts.Tooltip{Trigger: "item"}))
}
