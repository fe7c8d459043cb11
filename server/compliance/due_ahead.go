package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// DueCount is how many open duties of an obligation are due on a day. Left are the working
// days until then, by the calendar that was known.
type DueCount struct {
	Obligation ObligationRef
	DueOn      calendar.Date
	Count      int
	Left       int
}

// DueAhead answers which duties of the unit's subtree are due soon as of the day: those
// that the board counts as DueSoon, by due date and obligation, the nearest first. It is
// read from the unit's own tallies, whatever the number of units below. An as-of date in
// the future is Invalid.
func (l *Ledger) DueAhead(ctx context.Context, q BoardQuery) ([]DueCount, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, ids, err := l.onBoardOf(db, q)
	if err != nil {
		return nil, err
	}
	rows, err := readTallies(db, q, nil, ids)
	if err != nil {
		return nil, err
	}
	lib.order(ids, q.AsOf)
	look, cal := lib.lookOn(q.AsOf), lib.almanac.on(q.AsOf)
	var due []DueCount
	for _, row := range rows {
		eachOpenDue(row.OpenDue, func(day, count int) {
			if look.open(day).DueSoon > 0 {
				due = append(due, DueCount{lib.byID[row.ObligationID].on(q.AsOf).ref(), calendar.Date(day), count, cal.WorkingDaysBetween(q.AsOf, calendar.Date(day))})
			}
		})
	}
	slices.SortFunc(due, func(a, b DueCount) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(slices.Index(ids, a.Obligation.ID), slices.Index(ids, b.Obligation.ID)))
	})
	return due, nil
}

// onBoardOf returns the obligations that the unit's board may have.
func (l *Ledger) onBoardOf(db *gorm.DB, q BoardQuery) (*library, []uint64, error) {
	lib, err := l.library(db)
	if err != nil {
		return nil, nil, err
	}
	obligations, foreign, err := lib.candidates(q)
	if err != nil {
		return nil, nil, err
	}
	strays, err := onBoard(db, q, foreign)
	return lib, append(obligations, strays...), err
}

// sampledDays is how far apart the days lie on which DueDays looks at the tallies.
const sampledDays = 30

// sampledTallies finds the last row of each cell of a unit in every stretch of days.
const sampledTallies = "SELECT t.* FROM tallies t JOIN (SELECT obligation_id, MAX(known_day) AS known_day FROM tallies" +
	" WHERE unit_id = ? AND year = ? AND obligation_id IN ? AND known_day <= ? GROUP BY obligation_id, known_day - known_day % ?) s" +
	" ON t.unit_id = ? AND t.year = ? AND t.obligation_id = s.obligation_id AND t.known_day = s.known_day"

// DueDays answers the days of the year by which duties of the unit's subtree were or are
// due, in order: those that stood open at the end of some month or so. What was started
// and settled between two such days is not among them, so that the cost does not grow
// with the number of reports.
func (l *Ledger) DueDays(ctx context.Context, q BoardQuery) ([]calendar.Date, error) {
	db := l.store.Read(ctx)
	_, ids, err := l.onBoardOf(db, q)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var rows []models.Tally
	err = db.Raw(sampledTallies, q.Unit.ID, q.Year, ids, int(q.AsOf), sampledDays, q.Unit.ID, q.Year).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("due days of %s: %w", q.Unit.Code, store.Translate(err))
	}
	days := map[calendar.Date]bool{}
	for _, row := range rows {
		eachOpenDue(row.OpenDue, func(day, _ int) {
			if calendar.Date(day).Year() == q.Year {
				days[calendar.Date(day)] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(days)), nil
}
