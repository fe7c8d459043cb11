package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/server/figure"
)

// drawing is what a chart's options say of the numbers in it.
type drawing struct {
	XAxis, YAxis []struct{ Data []string }
	Series       []struct {
		Name string
		Data []drawnItem
	}
}

// drawnItem is a mark of a chart; a treemap's has others in it.
type drawnItem struct {
	Name     string
	Value    any
	Label    struct{ Formatter string }
	Children []drawnItem
}

// at returns a number out of the value of a mark that has several.
func (i drawnItem) at(place int) float64 { return i.Value.([]any)[place].(float64) }

// drawnFigure is a figure as its page shows it: the options of the chart, and the table.
type drawnFigure struct {
	t     *testing.T
	chart drawing
	rows  [][]string
}

// drawnAsListed compares, for each kind, what is drawn with what is listed. The charts that
// stand in no such table are compared by the tests of their own package.
var drawnAsListed = map[figure.Kind]func(d drawnFigure){
	figure.States:      drawnFigure.states,
	figure.Trend:       drawnFigure.trend,
	figure.Matrix:      drawnFigure.matrix,
	figure.Overdue:     drawnFigure.overdue,
	figure.Comparison:  drawnFigure.comparison,
	figure.Publication: drawnFigure.publication,
	figure.Weights:     drawnFigure.weights,
	figure.Leaders:     drawnFigure.leaders,
	figure.Sessions:    func(d drawnFigure) { d.wantColumns(0, 1, 2) },
	figure.Courses:     func(d drawnFigure) { d.wantColumns(2) },
}

// checkDrawn opens the figure's page and compares its chart with its table, and tells
// whether there was something to compare.
func (b *browser) checkDrawn(t *testing.T, path string, kind figure.Kind) bool {
	t.Helper()
	page := b.get(path).want(http.StatusOK).page()
	options := page.Find(".figure [data-chart]").AttrOr("data-chart", "")
	check := drawnAsListed[kind]
	if options == "" || check == nil {
		return false
	}
	d := drawnFigure{t: t}
	_, d.rows = tableOf(page)
	if err := json.Unmarshal([]byte(options), &d.chart); err != nil {
		t.Fatal(err)
	}
	check(d)
	return true
}

// listed reads a number of the table: "–" is none, and drawn as 0.
func (d drawnFigure) listed(row, column int) float64 {
	d.t.Helper()
	text := strings.TrimSuffix(strings.TrimSpace(d.rows[row][column]), "%")
	if text == "–" {
		return 0
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d.t.Fatalf("row %d, column %d: %v", row, column, err)
	}
	return number
}

func (d drawnFigure) want(what string, drawn, listed float64) {
	d.t.Helper()
	if math.Abs(drawn-listed) > 1e-9 {
		d.t.Errorf("%s: drawn as %v, listed as %v", what, drawn, listed)
	}
}

// wantColumns compares each series with a column of numbers; columns count from that after
// the names.
func (d drawnFigure) wantColumns(columns ...int) {
	d.t.Helper()
	if len(d.chart.Series) != len(columns) {
		d.t.Fatalf("%d series, want %d", len(d.chart.Series), len(columns))
	}
	for i, series := range d.chart.Series {
		if len(series.Data) != len(d.rows) {
			d.t.Fatalf("%s: %d marks, %d rows", series.Name, len(series.Data), len(d.rows))
		}
		for j, mark := range series.Data {
			d.want(series.Name+" of "+d.rows[j][0], mark.Value.(float64), d.listed(j, columns[i]+1))
		}
	}
}

func (d drawnFigure) states() { d.wantColumns(0, 1, 2, 3, 4, 5, 6) }

func (d drawnFigure) trend() {
	for i, series := range d.chart.Series {
		for j, mark := range series.Data {
			if day, err := time.Parse("2 Jan 2006", d.rows[j][0]); err != nil || day.Format(time.DateOnly) != mark.Value.([]any)[0] {
				d.t.Errorf("%s: drawn on %v, listed on %s", series.Name, mark.Value, d.rows[j][0])
			}
			d.want(series.Name+" on "+d.rows[j][0], mark.at(1), d.listed(j, i+1))
		}
	}
}

// matrix shows the units that are furthest behind, the table all in their order.
func (d drawnFigure) matrix() {
	for _, mark := range d.chart.Series[0].Data {
		column, name := int(mark.at(0))+1, d.chart.YAxis[0].Data[int(mark.at(1))]
		row := slices.IndexFunc(d.rows, func(row []string) bool { return row[0] == name })
		if row < 0 || mark.Label.Formatter != d.rows[row][column] {
			d.t.Errorf("%s, column %d: drawn as %s, the table has another", name, column, mark.Label.Formatter)
		}
	}
}

func (d drawnFigure) overdue() {
	for i, field := range d.chart.Series[0].Data {
		if field.Name != d.rows[i][0] {
			d.t.Errorf("field %s stands in the row of %s", field.Name, d.rows[i][0])
		}
		d.want(field.Name, field.Value.(float64), d.listed(i, 1))
		inside := 0.0
		for _, part := range field.Children {
			inside += part.Value.(float64)
		}
		if field.Children != nil {
			d.want("the parts of "+field.Name, inside, d.listed(i, 1))
		}
	}
}

func (d drawnFigure) comparison() {
	for i, series := range d.chart.Series {
		for j, mark := range series.Data {
			drawn := "–"
			if value, known := mark.Value.(float64); known {
				drawn = strconv.FormatFloat(value, 'f', 2, 64) + "%"
			}
			if drawn != d.rows[j][i+1] {
				d.t.Errorf("%s, %s: drawn as %s, listed as %s", series.Name, d.rows[j][0], drawn, d.rows[j][i+1])
			}
		}
	}
}

// counted adds the bars of a series.
func (d drawnFigure) counted(series int) (sum float64) {
	for _, bar := range d.chart.Series[series].Data {
		sum += bar.at(1)
	}
	return sum
}

func (d drawnFigure) publication() {
	published := 0.0
	for _, row := range d.rows {
		if row[3] != "–" {
			published++
		}
	}
	d.want("who has published", d.counted(0)+d.counted(1), published)
}

func (d drawnFigure) weights() {
	known := map[float64]float64{}
	for i, row := range d.rows {
		if row[2] != "–" {
			known[math.Floor(d.listed(i, 2)*2)/2]++
		}
	}
	for i, bar := range d.chart.Series[0].Data {
		from := bar.at(0) - 0.25
		d.want(fmt.Sprintf("shares from %v %%", from), bar.at(1)+d.chart.Series[1].Data[i].at(1), known[from])
	}
}

func (d drawnFigure) leaders() {
	drawn, listed := map[string]float64{}, map[string]float64{}
	for _, mark := range d.chart.Series[0].Data {
		drawn[mark.Value.([]any)[0].(string)] = mark.at(1)
	}
	for _, row := range d.rows {
		day, err := time.Parse("2 Jan 2006", row[1])
		if err != nil {
			d.t.Fatal(err)
		}
		listed[day.Format(time.DateOnly)]++
	}
	if diff := cmp.Diff(drawn, listed); diff != "" {
		d.t.Errorf("days (-drawn +listed):\n%s", diff)
	}
}

// checkFigures compares what is drawn of the demo with what is listed, for the regions of
// all policies.
func (d *demonstrated) checkFigures(t *testing.T) {
	compared := map[figure.Kind]int{}
	for _, region := range []struct {
		login, unit string
		year        int
	}{{"sd-supervisor", "370000", 2017}, {"js-supervisor", "320000", 2025}, {"ln-supervisor", "210000", 2017}, {"lz-supervisor", "620100", 2017}, {"zd-supervisor", "421303", 2021}} {
		b := d.signIn(region.login)
		for _, kind := range figure.Kinds() {
			t.Run(fmt.Sprint(region.unit, " ", kind), func(t *testing.T) {
				if b.checkDrawn(t, fmt.Sprintf("/units/%s/charts/%s?year=%d", region.unit, kind, region.year), kind) {
					compared[kind]++
				}
			})
		}
	}
	for kind := range drawnAsListed {
		if compared[kind] == 0 {
			t.Errorf("%s: there is nothing to compare in any region", kind)
		}
	}
}
