package compliance

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// WeightTable answers the weights of a unit in all years, and those of its
// children in one, as they were known at the end of the as-of date: in three
// statements, whatever their number. An as-of date in the future is Invalid. Where
// several policies ask a child, it is as with Weights.
func (l *Ledger) WeightTable(ctx context.Context, actor Actor, q WeightQuery) (*WeightTable, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	table := &WeightTable{Year: q.Year, AsOf: q.AsOf}
	if table.Unit, err = unitOn(db, q.Unit, q.AsOf); err != nil {
		return nil, err
	}
	query := weighingQuery{scope: actor.Access.Scope("duty", "read"), asOf: q.AsOf,
		narrow: func(db *gorm.DB) *gorm.DB { return db.Where("d.unit_id = ?", q.Unit.ID) }}
	own, err := weighings(db, lib, query)
	if err != nil {
		return nil, err
	}
	table.History = history(own, table)
	children, err := childrenOf(db, q.Unit, q.AsOf)
	if err != nil || len(children) == 0 {
		return table, err
	}
	query.years = []int{q.Year - 1, q.Year}
	query.narrow = func(db *gorm.DB) *gorm.DB { return db.Where("p.parent_id = ?", q.Unit.ID) }
	below, err := weighings(db, lib, query)
	if err != nil {
		return nil, err
	}
	table.addChildren(below, children)
	return table, nil
}

// WeightYears returns the years in which an active policy asks units of the
// unit's region for a weight, the latest first.
func (l *Ledger) WeightYears(ctx context.Context, unit models.Unit) ([]int, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	asked := map[int]bool{}
	for _, id := range lib.weights() {
		e := lib.byID[id]
		for _, year := range e.book.years {
			if e.book.meets(unit) && e.book.demands(e.row, year) {
				asked[year] = true
			}
		}
	}
	years := slices.Sorted(maps.Keys(asked))
	slices.Reverse(years)
	return years, nil
}

// unitYear is a unit in a year.
type unitYear struct {
	unit uint64
	year int
}

// weighed are duties of weight by the unit and year that they are of.
type weighed map[unitYear][]*weighing

func weighedOf(found map[uint64]*weighing) weighed {
	by := weighed{}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		key := unitYear{found[id].duty.UnitID, found[id].duty.Year}
		by[key] = append(by[key], found[id])
	}
	return by
}

// best returns the duty whose scheme counts, that of the strictest policy while
// none has any; nil for none.
func (by weighed) best(key unitYear) *weighing {
	var best *weighing
	for _, w := range by[key] {
		if best == nil || w.filed() && !best.filed() || w.filed() == best.filed() && w.goesBefore(best) {
			best = w
		}
	}
	return best
}

func (w *weighing) filed() bool { return w.standing() != nil }

// history lays out the unit's own duties.
func history(found map[uint64]*weighing, t *WeightTable) []WeightRow {
	by := weighedOf(found)
	var rows []WeightRow
	for _, w := range found {
		rows = append(rows, by.row(t.Unit, w, t.AsOf))
	}
	slices.SortFunc(rows, func(a, b WeightRow) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.Duty.ID, b.Duty.ID))
	})
	return rows
}

// addChildren lays out the children that existed, or owed something.
func (t *WeightTable) addChildren(found map[uint64]*weighing, children []child) {
	by := weighedOf(found)
	for _, c := range children {
		w := by.best(unitYear{c.ID, t.Year})
		row := WeightRow{Unit: c.Unit, Year: t.Year, Standing: WeightNotOwed}
		if w != nil {
			row = by.row(c.Unit, w, t.AsOf)
		} else if !c.ExistsOn(t.AsOf) {
			continue
		}
		row.HasChildren = c.HasChildren
		t.Rows = append(t.Rows, row)
	}
}

// row lays out one duty; its state is the judge's.
func (by weighed) row(unit models.Unit, w *weighing, asOf calendar.Date) WeightRow {
	row := WeightRow{Unit: unit, Year: w.duty.Year, Duty: w.duty, Obligation: w.ref(), Rule: w.rule.Weight, Weight: w.weight(),
		State: rules.StateOn(rules.Outcome(w.duty.Outcome), w.duty.DueOn, w.duty.Provisional, asOf)}
	if w.verified != nil && w.waiting != nil {
		row.Waiting = &Weight{Share: w.waiting.share, Related: w.rule.Weight.Related, ReportID: w.waiting.report, DutyID: w.duty.ID}
	}
	before := unitYear{unit.ID, w.duty.Year - 1}
	if last := by.best(before); last != nil {
		row.Last = last.weight()
	}
	row.Required = w.rule.Weight.Required(by.shareBefore(w))
	row.Standing = weightStanding(row)
	return row
}

// shareBefore is what the judge compares with: what the same obligation found the
// year before, accepted unless what is judged waits itself; nil for none.
func (by weighed) shareBefore(w *weighing) *rules.Share {
	for _, last := range by[unitYear{w.duty.UnitID, w.duty.Year - 1}] {
		scheme := last.verified
		if scheme == nil && w.duty.Outcome == models.Reported {
			scheme = last.waiting
		}
		if last.duty.ObligationID == w.duty.ObligationID && scheme != nil {
			return &scheme.share
		}
	}
	return nil
}

func weightStanding(row WeightRow) WeightStanding {
	switch {
	case row.State == rules.Exempt:
		return WeightExempt
	case row.State == rules.Met || row.State == rules.Late:
		return WeightHolds
	case row.State == rules.Reported:
		return WeightWaits
	case row.Weight != nil && row.Weight.Verified:
		return WeightShort
	default:
		return WeightMissing
	}
}
