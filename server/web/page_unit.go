package web

import (
	"cmp"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// UnitPage is what a unit itself owes in a year, what has to be done first on
// top.
type UnitPage struct {
	Page
	View   View
	Unit   models.Unit
	Tabs   UnitTabs
	Filter AsOfFilter
	Sum    CellView
	// Groups are those that have duties, in the order of urgency.
	Groups []DutyGroup
	// Successor is what the unit was merged into, Predecessors what was merged into
	// it.
	Successor    *UnitLink
	Predecessors []UnitLink
	// ManageURL is set when the user may change the unit.
	ManageURL string
	// WeightURL leads to the weights of the unit and those below, empty where no
	// policy asks for any.
	WeightURL string
	Period    PeriodNote
	// Owed is what the unit has to do today, nil on pages of past days and for readers
	// when there is nothing.
	Owed *OwedList
}

// DutyGroup is a stretch of the unit's list; Key names its heading.
type DutyGroup struct {
	Key   string
	Lines []DutyLine
}

// newUnitPage lays out a unit's own duties.
func newUnitPage(page Page, view View, unit models.Unit, duties []compliance.DutyView) UnitPage {
	p := UnitPage{Page: page, View: view, Unit: unit}
	groups := []DutyGroup{
		{Key: "unit.to_do"}, {Key: "unit.waiting"}, {Key: "unit.done"}, {Key: "unit.others"},
	}
	var sum compliance.Cell
	for _, line := range dutyLines(view, duties) {
		group := &groups[groupOf(line.Verdict.State)]
		group.Lines = append(group.Lines, line)
		countState(&sum, line.Verdict)
		if !line.Duty.ExtendedTo.IsZero() {
			sum.Extended++
		}
	}
	for _, group := range groups {
		if len(group.Lines) > 0 {
			slices.SortStableFunc(group.Lines, byUrgency)
			p.Groups = append(p.Groups, group)
		}
	}
	p.Sum = CellView{sum, view.DutiesURL(unit.Code, DutyFilter{Own: true})}
	return p
}

func groupOf(state rules.State) int {
	switch state {
	case rules.Overdue, rules.Pending:
		return 0
	case rules.Reported:
		return 1
	case rules.Met, rules.Late:
		return 2
	default:
		return 3
	}
}

// byUrgency puts what is due first on top and what has no due date last.
func byUrgency(a, b DutyLine) int {
	return cmp.Compare(dueOrder(a.Duty.DueOn), dueOrder(b.Duty.DueOn))
}

func dueOrder(due calendar.Date) calendar.Date {
	if due.IsZero() {
		return 1 << 30
	}
	return due
}

func countState(sum *compliance.Cell, verdict rules.Verdict) {
	switch verdict.State {
	case rules.Pending:
		sum.Pending++
	case rules.Reported:
		sum.Reported++
	case rules.Met:
		sum.Met++
	case rules.Late:
		sum.Late++
	case rules.Overdue:
		sum.Overdue++
	case rules.Exempt:
		sum.Exempt++
	default:
		sum.Unscheduled++
	}
	if verdict.DueSoon {
		sum.DueSoon++
	}
}
