package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// Change is what a figure has gained or lost since the same day of the month before.
type Change struct {
	// Sign is 1 for more, -1 for less and 0 for the same.
	Sign int
	Text rules.Reason
	// Good is 1 for the better, -1 for the worse and 0 for neither.
	Good int
}

// Mark is the sign as it is drawn.
func (c Change) Mark() string { return [...]string{"▼", "—", "▲"}[c.Sign+1] }

// monthBefore returns the same day of the month before, or its last day where it has no
// such day.
func monthBefore(day calendar.Date) calendar.Date {
	last := calendar.NewDate(day.Year(), day.Month(), 0)
	return min(last, calendar.NewDate(day.Year(), day.Month()-1, day.Day()))
}

// comparable returns the day that a board is compared with; known is false when its year
// had not begun then.
func comparable(view View) (day calendar.Date, known bool) {
	day = monthBefore(view.AsOf)
	return day, day >= calendar.NewDate(view.Year, time.January, 1)
}

// countChange compares two counts; good is the sign of the better direction, 0 for none.
func countChange(before, now, good int) *Change {
	c := &Change{Sign: cmp.Compare(now, before), Text: rules.Reason{Key: "homes.same"}}
	switch c.Sign {
	case 1:
		c.Text = rules.Reason{Key: "homes.more", Args: models.Args("Count", now-before)}
	case -1:
		c.Text = rules.Reason{Key: "homes.fewer", Args: models.Args("Count", before-now)}
	}
	c.Good = c.Sign * good
	return c
}

// rateChange compares two rates, in percentage points; nil where there is none.
func rateChange(before, now *bulletin.Rate) *Change {
	if before == nil || now == nil {
		return nil
	}
	c := &Change{Sign: cmp.Compare(*now, *before), Text: rules.Reason{Key: "homes.same"}}
	switch c.Sign {
	case 1:
		c.Text = rules.Reason{Key: "homes.points_up", Args: models.Args("Points", percentagePoints(*now-*before))}
	case -1:
		c.Text = rules.Reason{Key: "homes.points_down", Args: models.Args("Points", percentagePoints(*before-*now))}
	}
	c.Good = c.Sign
	return c
}

// percentagePoints writes percentage points without the zeros at the end.
func percentagePoints(rate bulletin.Rate) string {
	return strings.TrimSuffix(strings.TrimRight(rate.String(), "0"), ".")
}

func completionOf(cell compliance.Cell) *bulletin.Rate {
	return bulletin.RateOf(cell.Done(), cell.Owed())
}

// Mover is a unit whose completion has changed.
type Mover struct {
	Unit     models.Unit
	URL      string
	From, To string
	Change   *Change
	// by is the change in hundredths of a percentage point.
	by int
}

// newMovers compares the completion of each unit on two boards of the same unit, those
// that moved most first; a unit that is on one board only is left out.
func newMovers(view View, before, now *compliance.Board) []Mover {
	old := map[uint64]compliance.Cell{}
	for _, row := range before.Rows {
		if !row.Own {
			old[row.Unit.ID] = compliance.Sum(row.Cells)
		}
	}
	var movers []Mover
	for _, row := range now.Rows {
		was, is := old[row.Unit.ID], compliance.Sum(row.Cells)
		change := rateChange(completionOf(was), completionOf(is))
		if row.Own || change == nil || change.Sign == 0 {
			continue
		}
		movers = append(movers, Mover{Unit: row.Unit, URL: view.rowURL(row.Unit, row.HasChildren), From: rate(was.Done(), was.Owed()), To: rate(is.Done(), is.Owed()),
			Change: change, by: int(*completionOf(is) - *completionOf(was))})
	}
	slices.SortStableFunc(movers, func(a, b Mover) int { return cmp.Compare(abs(b.by), abs(a.by)) })
	return movers
}

func abs(n int) int { return max(n, -n) }

// compare shows what has changed since the board before.
func (p *BoardPage) compare(before, now *compliance.Board) {
	was := CellView{compliance.Sum(before.Totals), ""}
	if was.Total() == 0 {
		return
	}
	p.ComparedTo = before.AsOf
	is := p.Sum
	changes := map[string]*Change{
		"board.completion": rateChange(completionOf(was.Cell), completionOf(is.Cell)),
		"board.in_time":    rateChange(bulletin.RateOf(was.Met, was.Owed()), bulletin.RateOf(is.Met, is.Owed())),
		"state.overdue":    countChange(was.Overdue, is.Overdue, -1),
		"state.due_soon":   countChange(was.DueSoon, is.DueSoon, 0),
		"state.reported":   countChange(was.Reported, is.Reported, 0),
	}
	for i := range p.Headlines {
		p.Headlines[i].Change = changes[p.Headlines[i].Key]
	}
	p.Movers = newMovers(p.View, before, now)
	for i := range p.Rows {
		for _, mover := range p.Movers {
			if !p.Rows[i].Own && mover.Unit.ID == p.Rows[i].Unit.ID {
				p.Rows[i].moved = mover.by
			}
		}
	}
}
