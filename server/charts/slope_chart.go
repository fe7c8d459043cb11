package charts

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// SlopeChart is how places have changed between two years: a line per unit from the left
// to the right, in a panel per class, the best place above.
type SlopeChart struct {
	// Description is what a screen reader says.
	Description   string
	Before, After string
	Panels        []SlopePanel
}

// SlopePanel is the lines of a class, of which Places is the last place.
type SlopePanel struct {
	Name   string
	Places int
	Slopes []Slope
}

// Slope is a unit's place before and after: the ranks, and the places at which they are
// drawn, which keep those of one rank apart.
type Slope struct {
	Name                 string
	RankBefore, Rank     int
	PlaceBefore, PlaceAt int
	Own                  bool
}

// SlopeColors are the colours of lines by what they do; they differ by stroke too.
var SlopeColors = map[string]string{"up": "var(--green-fill)", "down": "var(--amber-fill)", "same": "var(--ink-muted)", "own": "var(--ink-base)"}

// style of a line: climbing ones are solid, falling ones dashed, one's own thick.
func (s Slope) style() opts.LineStyle {
	style := opts.LineStyle{Color: SlopeColors["same"], Width: 1, Type: "dotted"}
	switch {
	case s.Rank < s.RankBefore:
		style = opts.LineStyle{Color: SlopeColors["up"], Width: 2, Type: "solid"}
	case s.Rank > s.RankBefore:
		style = opts.LineStyle{Color: SlopeColors["down"], Width: 2, Type: "dashed"}
	}
	if s.Own {
		style.Color, style.Width = SlopeColors["own"], 4
	}
	return style
}

// JSON returns the chart's options. It fails when a line leaves its panel.
func (c SlopeChart) JSON() ([]byte, error) {
	line := charts.NewLine()
	line.Accept(strictVisitor{namesAtLeft: true})
	line.SetGlobalOptions(append(plainOptions(c.Description, false), charts.WithTooltipOpts(opts.Tooltip{Trigger: "item"}))...)
	places := 0
	for _, panel := range c.Panels {
		places += panel.Places + panelHead
	}
	above := 0
	for i, panel := range c.Panels {
		line.SetGlobalOptions(charts.WithGridOpts(opts.Grid{Left: "0", Right: "30%", Top: share(above+panelHead-1, places), Height: share(panel.Places-1, places)}))
		c.addAxes(line, i, panel)
		for _, slope := range panel.Slopes {
			if slope.PlaceBefore < 1 || slope.PlaceAt < 1 || slope.PlaceBefore > panel.Places || slope.PlaceAt > panel.Places {
				return nil, fmt.Errorf("%s goes from place %d to %d of %d", slope.Name, slope.PlaceBefore, slope.PlaceAt, panel.Places)
			}
			addSlope(line, i, slope)
		}
		above += panel.Places + panelHead
	}
	line.SetXAxis([]string{c.Before, c.After})
	line.Validate()
	return json.Marshal(line.JSON())
}

// panelHead is the room above a panel, in places.
const panelHead = 4

func share(part, of int) string {
	return strconv.FormatFloat(float64(part)*100/float64(of), 'f', 2, 64) + "%"
}

func (c SlopeChart) addAxes(line *charts.Line, at int, panel SlopePanel) {
	years := opts.XAxis{Type: "category", GridIndex: at, Position: "top", AxisLabel: &opts.AxisLabel{Color: axisInk},
		AxisLine: &opts.AxisLine{Show: opts.Bool(false)}, AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridInk}}}
	ranks := opts.YAxis{Type: "value", GridIndex: at, Name: panel.Name, NameLocation: "start", NameGap: 30, Inverse: opts.Bool(true), Min: 1, Max: max(2, panel.Places),
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(false)}, AxisLine: &opts.AxisLine{Show: opts.Bool(false)}, SplitLine: &opts.SplitLine{Show: opts.Bool(false)}}
	if at == 0 {
		line.SetGlobalOptions(charts.WithXAxisOpts(years), charts.WithYAxisOpts(ranks))
		return
	}
	years.Data = []string{c.Before, c.After}
	line.ExtendXAxis(years)
	line.ExtendYAxis(ranks)
}

// addSlope draws a line with its ranks at the ends; the unit's name stands at the right.
func addSlope(line *charts.Line, panel int, slope Slope) {
	style := slope.style()
	end := func(place int, position, words string) slopeEnd {
		return slopeEnd{place, slopeTip{fmt.Sprintf("%s: %d → %d", inert(slope.Name), slope.RankBefore, slope.Rank)}, opts.Label{Show: opts.Bool(true), Position: position, Formatter: words, Color: labelInk}}
	}
	ends := []slopeEnd{end(slope.PlaceBefore, "left", strconv.Itoa(slope.RankBefore)), end(slope.PlaceAt, "right", fmt.Sprintf("%d  %s", slope.Rank, inert(slope.Name)))}
	line.MultiSeries = append(line.MultiSeries, charts.SingleSeries{Name: slope.Name, Type: "line", Data: ends, XAxisIndex: panel, YAxisIndex: panel,
		SymbolSize: 6, ShowSymbol: opts.Bool(true), LineStyle: &style, ItemStyle: &opts.ItemStyle{Color: style.Color}})
}

// slopeEnd is an end of a line with what is written there.
type slopeEnd struct {
	Value   int        `json:"value"`
	Tooltip slopeTip   `json:"tooltip"`
	Label   opts.Label `json:"label"`
}

type slopeTip struct {
	Formatter string `json:"formatter"`
}

// inert takes out of a name what a template of a label would replace.
func inert(name string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(name) }
