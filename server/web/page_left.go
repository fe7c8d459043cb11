package web

import (
	"net/url"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// TrainingPage lists the units whose rotation somebody with several may look at.
type TrainingPage struct {
	Page
	Units []TrainingUnit
}

// TrainingUnit is a unit with how far its rotation has come; Title is that of the
// rotation, empty when there is none.
type TrainingUnit struct {
	compliance.RotationCount
	Unit  models.Unit
	Title rules.Text
	URL   string
}

// Percent is the coverage.
func (u TrainingUnit) Percent() string { return percent(u.RotationCount) }

// LeftPage lists the people who are left of a rotation.
type LeftPage struct {
	Page
	View   RotationView
	Unit   models.Unit
	Tabs   UnitTabs
	Table  *compliance.RotationTable
	Filter training.LeftFilter
	// Chips narrow the list, by one each.
	Chips    []FilterOption
	Classes  []string
	People   []training.LeftPerson
	Total    int
	Pager    Pager
	Download string
}

// Narrowed tells whether a filter is set.
func (p LeftPage) Narrowed() bool { return p.Filter != training.LeftFilter{Own: p.Filter.Own} }

// newLeftPage lays out a page of the list.
func newLeftPage(page Page, view RotationView, table *compliance.RotationTable, filter training.LeftFilter, cursor string, found *training.LeftPage) LeftPage {
	p := LeftPage{Page: page, View: view, Unit: table.Unit, Table: table, Filter: filter, People: found.Items, Total: found.Total,
		Download: view.with(unitURL(table.Unit, "rotation", "left.csv"), leftValues(filter))}
	all, due, newcomers := filter, filter, filter
	all.DueWithin, all.Newcomers = 0, false
	due.DueWithin, due.Newcomers = rules.FallsDueDays, false
	newcomers.DueWithin, newcomers.Newcomers = 0, true
	p.Chips = []FilterOption{
		{Key: "coverage.chip_all", URL: view.LeftURL(table.Unit, all), Current: filter == all},
		{Key: "coverage.chip_due", URL: view.LeftURL(table.Unit, due), Current: filter == due},
		{Key: "coverage.newcomers", URL: view.LeftURL(table.Unit, newcomers), Current: filter == newcomers},
	}
	if cursor != "" {
		p.Pager.FirstURL = view.LeftURL(table.Unit, filter)
	}
	if found.Next != "" {
		values := leftValues(filter)
		values["cursor"] = []string{found.Next}
		p.Pager.NextURL = view.with(unitURL(table.Unit, "rotation", "left"), values)
	}
	return p
}

// AllURL is the list without a filter.
func (p LeftPage) AllURL() string {
	return p.View.LeftURL(p.Unit, training.LeftFilter{Own: p.Filter.Own})
}

// Hidden are the parameters that the filter form keeps.
func (p LeftPage) Hidden() url.Values {
	address, _ := url.Parse(p.View.LeftURL(p.Unit, training.LeftFilter{Own: p.Filter.Own, DueWithin: p.Filter.DueWithin, Newcomers: p.Filter.Newcomers}))
	return address.Query()
}
