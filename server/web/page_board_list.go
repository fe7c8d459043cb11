package web

import (
	"cmp"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// boardLines is how many lines each list of the board shows.
const boardLines = 5

// DueAheadLine is how many duties of an obligation turn overdue after a day.
type DueAheadLine struct {
	compliance.DueCount
	URL string
	// Today tells that it is that very day.
	Today bool
}

// WaitingLine is a report that waits for a decision, with the working days that it has
// waited; or, without a report, how many wait of an obligation.
type WaitingLine struct {
	Unit  *models.Unit
	Title rules.Text
	URL   string
	Days  int
	Old   bool
	Count int
}

// addDueAhead lists what is due soon.
func (p *BoardPage) addDueAhead(due []compliance.DueCount) {
	p.AheadURL = p.View.DutiesURL(p.Unit.Code, DutyFilter{DueSoon: true})
	for _, one := range due[:min(len(due), boardLines)] {
		url := p.View.DutiesURL(p.Unit.Code, DutyFilter{Obligation: one.Obligation.Code, DueSoon: true, DueOn: one.DueOn})
		p.Ahead = append(p.Ahead, DueAheadLine{one, url, one.DueOn == p.View.AsOf})
	}
}

// addQueue lists the reports that have waited longest.
func (p *BoardPage) addQueue(queue *compliance.QueuePage, cal *calendar.Calendar) {
	p.WaitingURL, p.WaitingCount = p.View.DutiesURL(p.Unit.Code, DutyFilter{State: rules.Reported}), queue.Total
	for _, item := range queue.Items[:min(len(queue.Items), boardLines)] {
		p.Waiting = append(p.Waiting, WaitingLine{Unit: &item.Unit, Title: item.Obligation.Title, URL: p.View.DutyURL(item.Duty.ID),
			Days: cal.WorkingDaysBetween(item.Report.FiledOn, p.View.Today), Old: item.Old})
	}
}

// addWaiting lists how many reports wait of each obligation, the most first.
func (p *BoardPage) addWaiting() {
	p.WaitingURL = p.View.DutiesURL(p.Unit.Code, DutyFilter{State: rules.Reported})
	p.WaitingCount = p.Sum.Reported
	for i, cell := range p.Totals {
		if cell.Reported > 0 {
			p.Waiting = append(p.Waiting, WaitingLine{Title: p.Columns[i].Title, Count: cell.Reported,
				URL: p.View.DutiesURL(p.Unit.Code, DutyFilter{Obligation: cell.Obligation, State: rules.Reported})})
		}
	}
	slices.SortStableFunc(p.Waiting, func(a, b WaitingLine) int { return cmp.Compare(b.Count, a.Count) })
	p.Waiting = p.Waiting[:min(len(p.Waiting), boardLines)]
}

// The orders of the matrix: that of the units, or the worst first.
const (
	sortByOverdue    = "overdue"
	sortByCompletion = "completion"
	sortByChange     = "change"
)

// SortOption is an order of the matrix; Key names its label.
type SortOption struct {
	Key     string
	URL     string
	Current bool
}

// sortRows puts the rows into the order, the unit's own first in any.
func (p *BoardPage) sortRows(order string) {
	p.Sort = ""
	known := map[string]func(a, b *BoardRowView) int{
		sortByOverdue: func(a, b *BoardRowView) int {
			return cmp.Or(cmp.Compare(b.Sum.Overdue, a.Sum.Overdue), cmp.Compare(a.completion(), b.completion()))
		},
		sortByCompletion: func(a, b *BoardRowView) int {
			return cmp.Or(cmp.Compare(a.completion(), b.completion()), cmp.Compare(b.Sum.Overdue, a.Sum.Overdue))
		},
		sortByChange: func(a, b *BoardRowView) int { return cmp.Compare(abs(b.moved), abs(a.moved)) },
	}
	if by := known[order]; by != nil {
		p.Sort = order
		slices.SortStableFunc(p.Rows, func(a, b BoardRowView) int {
			return cmp.Or(first(a.Own, b.Own), by(&a, &b))
		})
	}
	orders := []string{"", sortByOverdue, sortByCompletion}
	if len(p.Movers) > 0 {
		orders = append(orders, sortByChange)
	}
	for _, one := range orders {
		p.Sorts = append(p.Sorts, SortOption{Key: "homes.sort." + cmp.Or(one, "order"), URL: p.sortURL(one), Current: one == p.Sort})
	}
}

// sortURL is the board in an order.
func (p *BoardPage) sortURL(order string) string {
	query := p.View.withPolicy()
	if order != "" {
		query.Set("sort", order)
	}
	return address(unitURL(p.Unit, "board"), query) + "#matrix-title"
}

// completion is what units are sorted by: those that owe nothing come last.
func (v *BoardRowView) completion() int {
	if rate := completionOf(v.Sum.Cell); rate != nil {
		return int(*rate)
	}
	return 100*100 + 1
}

// MoversURL is the whole list of those who moved.
func (p BoardPage) MoversURL() string { return p.sortURL(sortByChange) }

// AheadCount is how many duties are due soon.
func (p BoardPage) AheadCount() int { return p.Sum.DueSoon }

// FirstMovers are the units that moved most.
func (p BoardPage) FirstMovers() []Mover { return p.Movers[:min(len(p.Movers), boardLines)] }

// Wide tells that the matrix is printed on A3.
func (p BoardPage) Wide() bool { return len(p.Columns) > maxOnA4 }

// maxOnA4 is how many obligations an A4 sheet takes.
const maxOnA4 = 16
