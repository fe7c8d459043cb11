package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sundial/models"
)

// The sample of a home with the tour of each role.
func tourPagesOf(s sample) []samplePage {
	var pages []samplePage
	for _, may := range tourRoles {
		page := HomePage{Page: s.page()}
		page.Tour = newTour(may.role, &s.cities[0])
		pages = append(pages, samplePage{"tour-" + string(may.role), "home", page, []string{".frame > .tour[role=region] + main", ".tour-steps > li:nth-child(3) a[href]", "form[action='/tour/end'] [name=next][value='/units/370000/board?year=2017']", ".tour a[href='/help#tour']"}})
	}
	return pages
}

// Every step of every role leads to a page that there is, with a unit and without one.
func TestToursLeadToPages(t *testing.T) {
	for _, may := range tourRoles {
		for _, unit := range []*models.Unit{nil, {Code: "370100"}} {
			for _, step := range newTour(may.role, unit).Steps {
				to, err := url.Parse(step.URL)
				if err != nil {
					t.Fatal(err)
				}
				path := strings.Replace(to.Path, "370100", ":code", 1)
				if !slices.ContainsFunc(Routes(), func(r Route) bool { return r.Method == http.MethodGet && r.Path == path }) {
					t.Errorf("%s: there is no page %s", may.role, step.URL)
				}
			}
		}
	}
}
