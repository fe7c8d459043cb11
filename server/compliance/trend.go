package compliance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// MaxTrendPoints is on how many days a trend says how things stood.
const MaxTrendPoints = 120

// MaxTrendDue is how many due dates a trend names.
const MaxTrendDue = 6

// Trend is how the duties of a unit's subtree came along.
type Trend struct {
	// Points are the days in order, from the first of the year: each as the board of
	// that day counts.
	Points []TrendPoint
	// Due are the days on which most duties fell due, in order.
	Due []DueDay
}

// TrendPoint is the sum of the board's totals as of a day.
type TrendPoint struct {
	Day  calendar.Date
	Cell Cell
}

// DueDay is how many duties were ever open at once that fell due on the day.
type DueDay struct {
	Day   calendar.Date
	Count int
}

// Trend answers how the board of a unit stood on the days of the year on which it
// changed and on the last of each month, up to the as-of date, or the last change where
// the year is over: at most MaxTrendPoints. Its cost depends on how often the unit's own
// tallies changed, not on the units below. An as-of date in the future is Invalid.
func (l *Ledger) Trend(ctx context.Context, q BoardQuery) (*Trend, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	obligations, foreign, err := lib.candidates(q)
	if err != nil {
		return nil, err
	}
	if obligations = append(obligations, foreign...); len(obligations) == 0 {
		return &Trend{}, nil
	}
	var rows []models.Tally
	err = db.Where("unit_id = ? AND year = ? AND obligation_id IN ? AND known_day <= ?", q.Unit.ID, q.Year, obligations, int(q.AsOf)).
		Order("known_day, obligation_id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("tallies of %s through the year: %w", q.Unit.Code, store.Translate(err))
	}
	trend := &Trend{Due: dueDays(rows)}
	days := thinned(trendDays(rows, q))
	standing, next := map[uint64]models.Tally{}, 0
	for _, day := range days {
		for ; next < len(rows) && rows[next].KnownDay <= int(day); next++ {
			standing[rows[next].ObligationID] = rows[next]
		}
		point, look := TrendPoint{Day: day}, lib.lookOn(day)
		for _, row := range standing {
			point.Cell.add(look.cell(row))
		}
		trend.Points = append(trend.Points, point)
	}
	return trend, nil
}

// trendDays are the days on which the numbers changed, by what became known or by a due
// date that went by, and the ends of months.
func trendDays(rows []models.Tally, q BoardQuery) []calendar.Date {
	first, last := calendar.NewDate(q.Year, time.January, 1), calendar.NewDate(q.Year, time.December, 31)
	days := map[calendar.Date]bool{}
	add := func(day calendar.Date) {
		if day >= first && day <= q.AsOf {
			days[day], last = true, max(last, day)
		}
	}
	for _, row := range rows {
		add(calendar.Date(row.KnownDay))
		eachOpenDue(row.OpenDue, func(dueDay, _ int) { add(calendar.Date(dueDay + 1)) })
	}
	if last = min(last, q.AsOf); last < first {
		return nil
	}
	add(first)
	add(last)
	for month := time.February; ; month++ {
		end := calendar.NewDate(q.Year, month, 1) - 1
		if end >= last {
			return slices.Sorted(maps.Keys(days))
		}
		add(end)
	}
}

// thinned keeps MaxTrendPoints of the days, the first and the last among them.
func thinned(days []calendar.Date) []calendar.Date {
	if len(days) <= MaxTrendPoints {
		return days
	}
	kept := make([]calendar.Date, MaxTrendPoints)
	for i := range kept {
		kept[i] = days[i*(len(days)-1)/(MaxTrendPoints-1)]
	}
	return kept
}

// dueDays finds the days on which most duties fell due: of each obligation as many as
// were ever open at once.
func dueDays(rows []models.Tally) []DueDay {
	type due struct {
		obligation uint64
		day        int
	}
	most := map[due]int{}
	for _, row := range rows {
		eachOpenDue(row.OpenDue, func(day, count int) {
			key := due{row.ObligationID, day}
			most[key] = max(most[key], count)
		})
	}
	counts := map[calendar.Date]int{}
	for key, count := range most {
		counts[calendar.Date(key.day)] += count
	}
	var days []DueDay
	for day, count := range counts {
		days = append(days, DueDay{day, count})
	}
	slices.SortFunc(days, func(a, b DueDay) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Day, b.Day)) })
	days = days[:min(len(days), MaxTrendDue)]
	slices.SortFunc(days, func(a, b DueDay) int { return cmp.Compare(a.Day, b.Day) })
	return days
}
