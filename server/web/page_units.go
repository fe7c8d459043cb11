package web

import (
	"net/url"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/organization"
)

// UnitsPage lists the units that the user manages, level by level or as found.
type UnitsPage struct {
	Page
	Filter UnitFilter
	// Under is the unit whose children are listed, nil for the topmost units.
	Under  *models.Unit
	Counts organization.UnitCounts
	Total  int
	Lines  []UnitLine
	Pager  Pager
	// ManageURL is the administration of Under.
	ManageURL string
}

// UnitFilter is what part of the tree is asked for.
type UnitFilter struct {
	Under, Text string
	WithClosed  bool
	Page        int
}

// unitsPerPage is how many units a page lists.
const unitsPerPage = 100

// URL is the list with the filter.
func (f UnitFilter) URL() string {
	query := url.Values{}
	for name, value := range map[string]string{"under": f.Under, "q": f.Text} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.WithClosed {
		query.Set("closed", "1")
	}
	if f.Page > 1 {
		query.Set("page", strconv.Itoa(f.Page))
	}
	return address("/units", query)
}

// Any tells whether the filter narrows the level of the tree, or widens it.
func (f UnitFilter) Any() bool { return f.Text != "" || f.WithClosed }

// ClearURL is the level of the tree without the filter.
func (f UnitFilter) ClearURL() string { return UnitFilter{Under: f.Under}.URL() }

// UnitLine is a unit of the list; BelowURL is the list of the units below it,
// empty when there are none.
type UnitLine struct {
	organization.UnitLine
	URL      string
	BelowURL string
	// DutiesURL is the page of the unit's own duties.
	DutiesURL string
}

func newUnitsPage(page Page, filter UnitFilter, under *models.Unit, found organization.UnitPage) UnitsPage {
	p := UnitsPage{Page: page, Filter: filter, Under: under, Total: found.Total}
	for _, line := range found.Lines {
		v := UnitLine{UnitLine: line, URL: manageURL(line.Code), DutiesURL: View{}.UnitURL(line.Code)}
		if line.Below > 0 {
			v.BelowURL = UnitFilter{Under: line.Code, WithClosed: filter.WithClosed}.URL()
		}
		p.Lines = append(p.Lines, v)
	}
	if under != nil {
		p.ManageURL = manageURL(under.Code)
	}
	at := func(page int) string {
		filter.Page = page
		return filter.URL()
	}
	if filter.Page > 1 {
		p.Pager.FirstURL = at(1)
	}
	if filter.Page*unitsPerPage < found.Total {
		p.Pager.NextURL = at(filter.Page + 1)
	}
	return p
}

// manageURL is the administration of a unit.
func manageURL(code string) string { return "/units/" + url.PathEscape(code) + "/manage" }

// isAdministration tells the administration of a unit from its own pages.
func isAdministration(path string) bool {
	return strings.HasPrefix(path, "/units/") && (strings.HasSuffix(path, "/manage") || strings.HasSuffix(path, "/changes"))
}
