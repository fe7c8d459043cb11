package web

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// DutiesPage is the list of duties behind a cell of a board.
type DutiesPage struct {
	Page
	View View
	Unit models.Unit
	// Obligation is set when the list is of one obligation.
	Obligation *compliance.ObligationRef
	// Counts is what counts towards that obligation, nil for a list of several.
	Counts *WhatCounts
	Filter DutyFilter
	States []FilterOption
	Items  []DutyLine
	Pager  Pager
	// AnyDueURL is the list without its due date, empty when it has none.
	AnyDueURL string
	// UrgeURL takes what is chosen to be urged for, empty for nothing.
	UrgeURL string
}

// CountsURL is the policy that has the obligation.
func (p DutiesPage) CountsURL() string { return policyURL(p.Obligation.Policy) }

// FilterOption is one way to narrow a list; Key names its label.
type FilterOption struct {
	Key     string
	State   string
	URL     string
	Current bool
}

// DutyLine is a duty in a list.
type DutyLine struct {
	compliance.DutyView
	URL string
	// Urge is the duty as the form of urges has it, empty when it cannot be urged for;
	// Urged is the urge that is open for it, nil for none.
	Urge  string
	Urged *UrgeMark
	// Findings counts those of inspections about the duty that stand.
	Findings supervision.FindingCount
}

// UrgeMark tells in a list that a unit was urged for something.
type UrgeMark struct {
	Level models.UrgeLevel
	On    calendar.Date
	URL   string
}

// Pager leads through the pages of a list; an empty URL is no page.
type Pager struct {
	FirstURL string
	NextURL  string
}

// newDutiesPage lays out a list. The obligation is nil unless the list is of
// one.
func newDutiesPage(page Page, view View, query compliance.DutyQuery, found compliance.DutyPage, obligation *compliance.ObligationRef) DutiesPage {
	filter := DutyFilter{Obligation: query.Obligation, State: query.State, DueSoon: query.DueSoon, Extended: query.Extended, Own: query.Own, DueOn: query.DueOn}
	p := DutiesPage{Page: page, View: view, Unit: query.Unit, Obligation: obligation, Filter: filter,
		States: stateOptions(view, query.Unit.Code, filter), Items: dutyLines(view, found.Items)}
	if !filter.DueOn.IsZero() {
		any := filter
		any.DueOn = 0
		p.AnyDueURL = view.DutiesURL(query.Unit.Code, any)
	}
	if query.Cursor != "" {
		p.Pager.FirstURL = view.DutiesURL(query.Unit.Code, filter)
	}
	if found.Next != "" {
		filter.Cursor = found.Next
		p.Pager.NextURL = view.DutiesURL(query.Unit.Code, filter)
	}
	return p
}

func dutyLines(view View, duties []compliance.DutyView) []DutyLine {
	lines := make([]DutyLine, len(duties))
	for i, duty := range duties {
		lines[i] = DutyLine{DutyView: duty, URL: view.DutyURL(duty.Duty.ID)}
	}
	return lines
}

func stateOptions(view View, unit string, chosen DutyFilter) []FilterOption {
	any, soon := chosen, chosen
	any.State, any.DueSoon, any.Extended = "", false, false
	soon.State, soon.DueSoon, soon.Extended = "", true, false
	options := []FilterOption{
		{Key: "duties.any_state", URL: view.DutiesURL(unit, any), Current: chosen == any},
		{Key: "state.due_soon", State: "due-soon", URL: view.DutiesURL(unit, soon), Current: chosen.DueSoon},
	}
	late := any
	late.Extended = true
	options = append(options, FilterOption{Key: "state.extended", State: "extended", URL: view.DutiesURL(unit, late), Current: chosen.Extended})
	for _, state := range rules.States {
		one := any
		one.State = state
		options = append(options, FilterOption{Key: "state." + string(state), State: string(state),
			URL: view.DutiesURL(unit, one), Current: chosen == one})
	}
	return options
}
