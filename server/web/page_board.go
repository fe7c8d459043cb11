package web

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/figure"
	"sundial/server/rules"
)

// BoardPage is this year at a glance for a unit: headline numbers with what has changed,
// what comes next, and the matrix of units and obligations.
type BoardPage struct {
	Page
	View View
	Unit models.Unit
	Tabs UnitTabs
	// Filter and Policies are what the page can be narrowed to.
	Filter   AsOfFilter
	Policies []PolicyOption
	// Sum counts over the whole board.
	Sum       CellView
	Headlines []Headline
	// ComparedTo is the day that the headlines and units are compared with, zero for none.
	ComparedTo calendar.Date
	// Finding says in one sentence what the board shows.
	Finding rules.Reason
	// Ahead are the first things that turn overdue, AheadURL the list of all.
	Ahead    []DueAheadLine
	AheadURL string
	// Waiting are the first reports that wait for verification, WaitingURL leads to all
	// of them.
	Waiting      []WaitingLine
	WaitingCount int
	WaitingURL   string
	// Movers are the units whose completion has changed, those that moved most first.
	Movers  []Mover
	Columns []compliance.ObligationRef
	Rows    []BoardRowView
	Totals  []CellView
	// Sort is the order of the rows, empty for that of the units.
	Sort  string
	Sorts []SortOption
	// MayActivate tells whether an empty board may offer to activate a policy.
	MayActivate bool
	// UrgeURL takes the units that are chosen to be urged, empty for who may not.
	UrgeURL string
	Period  PeriodNote
}

// mayUrge lets the rows be chosen in which something is overdue.
func (p *BoardPage) mayUrge(office models.Unit) {
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.Urgeable = !row.Own && row.Sum.Overdue > 0; row.Urgeable {
			p.UrgeURL = unitURL(office, "urges", "new")
		}
	}
}

// PolicyOption is a policy in a filter.
type PolicyOption struct {
	Code  string
	Title rules.Text
}

// Headline is one of the numbers above the board; Key names its label, State
// the colour.
type Headline struct {
	Key   string
	Value string
	URL   string
	State string
	// Of is the number the value is a share of, 0 for a plain count.
	Of, Part int
	// Change is that since the month before, nil where there is none to tell.
	Change *Change
}

// BoardRowView is a row of the matrix.
type BoardRowView struct {
	Unit models.Unit
	Own  bool
	URL  string
	// Urgeable tells that the reader can choose the unit to be urged.
	Urgeable bool
	Sum      CellView
	Cells    []CellView
	// moved is the change of the completion since the month before, in hundredths of a
	// percentage point.
	moved int
}

// newBoardPage lays out a board. The page's policies, years and rights are set
// by the caller.
func newBoardPage(page Page, view View, board *compliance.Board) BoardPage {
	p := BoardPage{
		Page: page, View: view, Unit: board.Unit,
		Columns: board.Obligations,
		Finding: figure.BoardFinding(board),
	}
	for _, row := range board.Rows {
		p.Rows = append(p.Rows, newBoardRow(view, row))
	}
	for _, cell := range board.Totals {
		p.Totals = append(p.Totals, CellView{cell, view.DutiesURL(board.Unit.Code, DutyFilter{Obligation: cell.Obligation})})
	}
	p.Sum = CellView{compliance.Sum(board.Totals), view.DutiesURL(board.Unit.Code, DutyFilter{})}
	p.Headlines = headlines(view, board.Unit.Code, p.Sum)
	return p
}

func newBoardRow(view View, row compliance.BoardRow) BoardRowView {
	v := BoardRowView{Unit: row.Unit, Own: row.Own, URL: view.rowURL(row.Unit, row.HasChildren && !row.Own)}
	for _, cell := range row.Cells {
		url := view.DutiesURL(row.Unit.Code, DutyFilter{Obligation: cell.Obligation, Own: row.Own})
		v.Cells = append(v.Cells, CellView{cell, url})
	}
	v.Sum = CellView{compliance.Sum(row.Cells), view.DutiesURL(row.Unit.Code, DutyFilter{Own: row.Own})}
	return v
}

func headlines(view View, unit string, sum CellView) []Headline {
	list := func(filter DutyFilter) string { return view.DutiesURL(unit, filter) }
	return []Headline{
		{Key: "board.completion", Value: sum.Completion(), URL: list(DutyFilter{}), Part: sum.Done(), Of: sum.Owed()},
		{Key: "board.in_time", Value: sum.InTime(), URL: list(DutyFilter{State: rules.Met}), Part: sum.Met, Of: sum.Owed(), State: "met"},
		{Key: "state.overdue", Value: text(sum.Overdue), URL: list(DutyFilter{State: rules.Overdue}), State: "overdue"},
		{Key: "state.due_soon", Value: text(sum.DueSoon), URL: list(DutyFilter{DueSoon: true}), State: "due-soon"},
		{Key: "state.reported", Value: text(sum.Reported), URL: list(DutyFilter{State: rules.Reported}), State: "reported"},
	}
}
