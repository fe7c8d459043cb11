package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sundial/server/figure"
)

// tableOf reads the table of the figure on the page.
func tableOf(page *goquery.Document) (head []string, rows [][]string) {
	page.Find(".figure .chart-table thead th").Each(func(_ int, th *goquery.Selection) { head = append(head, strings.TrimSpace(th.Text())) })
	page.Find(".figure .chart-table tbody tr").Each(func(_ int, tr *goquery.Selection) {
		var row []string
		tr.Find("th, td").Each(func(_ int, cell *goquery.Selection) { row = append(row, strings.TrimSpace(cell.Text())) })
		rows = append(rows, row)
	})
	return head, rows
}

// A year without anything has figures that say so, in words.
func TestAFigureOfNothingSaysSo(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	for _, kind := range figure.Kinds() {
		page := b.get(fmt.Sprintf("/units/370000/charts/%s?year=2031", kind)).want(http.StatusOK)
		if title := page.text(".figure-title"); !strings.Contains(title, " ") || page.page().Find(".figure .empty, .figure .chart-table").Length() == 0 {
			t.Errorf("%s says %q", kind, title)
		}
	}
}

// Whoever looks at a figure, by page, file or program, is told the same.
func TestAFigureSaysTheSameEverywhere(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	for _, kind := range figure.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			page := b.get(fmt.Sprintf("/units/370000/charts/%s?year=2017", kind)).want(http.StatusOK)
			head, rows := tableOf(page.page())
			file := b.get(fmt.Sprintf("/units/370000/charts/%s/table.csv?year=2017", kind)).want(http.StatusOK)
			lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if page.page().Find(".figure .empty").Length() == 1 {
				if len(rows) > 0 {
					t.Errorf("empty, with %d rows", len(rows))
				}
				return
			}
			if len(rows) == 0 {
				t.Fatal("no rows, and no word on it")
			}
			if diff := cmp.Diff(head, lines[0]); diff != "" {
				t.Errorf("head of the page (-) and of the file (+):\n%s", diff)
			}
			if diff := cmp.Diff(rows, lines[1:]); diff != "" {
				t.Errorf("page (-) and file (+):\n%s", diff)
			}
			var api struct {
				Finding string
				Columns []string
				Rows    [][]any
			}
			answer := b.get(fmt.Sprintf("/api/v1/figures/370000/%s?year=2017", kind)).want(http.StatusOK)
			if err := json.Unmarshal([]byte(answer.body), &api); err != nil {
				t.Fatal(err)
			}
			if got := page.text(".figure-title"); got != api.Finding {
				t.Errorf("the page finds %q, the API %q", got, api.Finding)
			}
			if diff := cmp.Diff(head, api.Columns); diff != "" {
				t.Errorf("head of the page (-) and of the API (+):\n%s", diff)
			}
			for i, row := range api.Rows {
				for j, value := range row {
					if number, ok := value.(float64); ok && fmt.Sprint(number) != rows[i][j] {
						t.Errorf("row %d, %s: the page has %s, the API %v", i, head[j], rows[i][j], number)
					}
				}
			}
			var option map[string]any
			if err := json.Unmarshal([]byte(page.page().Find(".figure [data-chart]").AttrOr("data-chart", "")), &option); err != nil {
				t.Errorf("the chart's options: %v", err)
			}
		})
	}
}
