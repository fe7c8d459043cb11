package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Units that are chosen are compared; with too many of them the page says so and keeps the
// choice, and programs are refused.
func TestUnitsAreChosenAndCompared(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	var codes []string
	b.get("/units/370000/charts/comparison?year=2017").want(http.StatusOK).page().Find(".unit-choice input[name=with]").Each(func(_ int, box *goquery.Selection) {
		codes = append(codes, box.AttrOr("value", ""))
	})
	if len(codes) < 2 {
		t.Fatalf("the page offers %v", codes)
	}
	chosen := url.Values{"year": {"2017"}, "with": codes[:2]}
	page := b.get("/units/370000/charts/comparison?" + chosen.Encode()).want(http.StatusOK)
	if got := page.page().Find(".unit-choice input[checked]").Length(); got != 2 {
		t.Errorf("%d units are ticked, want 2", got)
	}
	many := url.Values{"year": {"2017"}, "with": {codes[0], codes[1], codes[0], codes[1], codes[0], codes[1]}}
	refused := b.get("/units/370000/charts/comparison?" + many.Encode()).want(http.StatusOK)
	if words := refused.text(".figure .empty"); !strings.Contains(words, "5") || refused.page().Find(".unit-choice[open]").Length() != 1 {
		t.Errorf("six units: %q", words)
	}
	for path, want := range map[string]int{
		"/api/v1/figures/370000/comparison?" + many.Encode():                            http.StatusUnprocessableEntity,
		"/units/370000/charts/comparison/table.csv?" + many.Encode():                    http.StatusUnprocessableEntity,
		"/units/370000/charts/comparison?year=2017&with=999999":                         http.StatusNotFound,
		"/api/v1/figures/370000/comparison?year=2017&with=" + url.QueryEscape("999999"): http.StatusNotFound,
	} {
		b.get(path).want(want)
	}
}
