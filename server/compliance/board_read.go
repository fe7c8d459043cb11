package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Board answers the board of a unit as it was known at the end of the as-of
// date. Its cost depends on the number of children and obligations, not on the
// number of units below. An as-of date in the future is Invalid: that day's
// board is not known yet.
func (l *Ledger) Board(ctx context.Context, q BoardQuery) (*Board, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	var only []uint64
	if q.Policy != "" {
		b, err := lib.find(q.Policy)
		if err != nil {
			return nil, err
		}
		for _, row := range b.obligations {
			only = append(only, row.ID)
		}
	}
	children, err := childrenOf(db, q.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := l.readCells(db, q, children, only)
	if err != nil {
		return nil, err
	}
	return compose(q, lib, children, rows), nil
}

// checkAsOf refuses a day in the future: what will be known then is not known.
func (l *Ledger) checkAsOf(day calendar.Date) error {
	today := l.Today()
	if day <= today {
		return nil
	}
	return models.InvalidFields([]models.Field{{Name: "as_of", Key: "board.as_of_future", Args: models.Args("Today", today)}})
}

// child is a child unit and whether it has children itself.
type child struct {
	models.Unit
	HasChildren bool
}

func childrenOf(db *gorm.DB, unit models.Unit) ([]child, error) {
	var children []child
	err := db.Table("units u").Select("u.*, EXISTS (SELECT 1 FROM units c WHERE c.parent_id = u.id) AS has_children").
		Where("u.parent_id = ?", unit.ID).Order("u.position, u.id").Find(&children).Error
	if err != nil {
		return nil, fmt.Errorf("children of %s: %w", unit.Code, store.Translate(err))
	}
	return children, nil
}

// cellRow is a cell of the board, or what became known of it after the as-of
// date.
type cellRow struct {
	UnitID       uint64
	ObligationID uint64
	Later        bool
	Cell
}

// cellColumns are the sums of a cell's tallies as they show on the as-of date,
// which it takes three times, and then the first day that is not soon.
// rules.StateOn and rules.DueSoon say the same of a single duty.
const cellColumns = "unit_id, obligation_id, SUM(provisional) + SUM(CASE WHEN due_day > 0 AND due_day < ? THEN 0 ELSE `open` END) AS pending, " +
	"SUM(CASE WHEN due_day > 0 AND due_day < ? THEN `open` ELSE 0 END) AS overdue, " +
	"SUM(CASE WHEN due_day >= ? AND due_day < ? THEN `open` ELSE 0 END) AS due_soon, " +
	"SUM(reported) AS reported, SUM(met) AS met, SUM(late) AS late, SUM(exempt) AS exempt, SUM(unscheduled) AS unscheduled"

// readCells returns the cells of the unit and its children as they are now, and
// what became known of them later than the as-of date, in one statement: one
// state of the database.
func (l *Ledger) readCells(db *gorm.DB, q BoardQuery, children []child, only []uint64) ([]cellRow, error) {
	units := []uint64{q.Unit.ID}
	for _, c := range children {
		units = append(units, c.ID)
	}
	notSoon, _ := l.calendar.AddWorkingDays(q.AsOf, rules.DueSoonDays+1)
	columns := []any{int(q.AsOf), int(q.AsOf), int(q.AsOf), int(notSoon)}
	where, args := " WHERE unit_id IN ? AND year = ?", []any{units, q.Year}
	filter, filterArgs := " GROUP BY unit_id, obligation_id", []any(nil)
	if only != nil {
		filter, filterArgs = " AND obligation_id IN ?"+filter, []any{only}
	}
	sql := "SELECT 0 AS later, " + cellColumns + " FROM tallies" + where + filter +
		" UNION ALL SELECT 1, " + cellColumns + " FROM tally_changes" + where + " AND known_day > ?" + filter
	all := slices.Concat(columns, args, filterArgs, columns, args, []any{int(q.AsOf)}, filterArgs)
	var rows []cellRow
	if err := db.Raw(sql, all...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("tallies of %s: %w", q.Unit.Code, store.Translate(err))
	}
	return rows, nil
}

// cellKey is a cell of the board.
type cellKey struct{ unit, obligation uint64 }

// compose makes the board. The unit's own duties are its subtree's less those of
// its children.
func compose(q BoardQuery, lib *library, children []child, rows []cellRow) *Board {
	cells := map[cellKey]Cell{}
	seen := map[uint64]bool{}
	for _, row := range rows {
		if _, known := lib.byID[row.ObligationID]; !known {
			continue
		}
		key := cellKey{row.UnitID, row.ObligationID}
		if row.Later {
			cells[key] = minus(cells[key], row.Cell)
		} else {
			cells[key] = row.Cell
		}
		seen[row.ObligationID] = true
	}
	board := &Board{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf}
	columns := board.columns(lib, cells, q.Unit.ID, seen)
	own := make([]Cell, len(columns))
	for i, id := range columns {
		own[i] = cells[cellKey{q.Unit.ID, id}]
	}
	board.Totals = named(own, board.Obligations)
	for _, c := range children {
		row := BoardRow{Unit: c.Unit, HasChildren: c.HasChildren, Cells: make([]Cell, len(columns))}
		for i, id := range columns {
			row.Cells[i] = cells[cellKey{c.ID, id}]
			own[i] = minus(own[i], row.Cells[i])
		}
		if row.Cells = named(row.Cells, board.Obligations); c.ExistsOn(q.AsOf) || Sum(row.Cells).Total() > 0 {
			board.Rows = append(board.Rows, row)
		}
	}
	if Sum(own).Total() > 0 {
		board.Rows = slices.Insert(board.Rows, 0, BoardRow{Unit: q.Unit, Own: true, Cells: named(own, board.Obligations)})
	}
	return board
}

// columns sets the board's obligations: those of which the unit's subtree has
// any duty, in the order of their documents.
func (b *Board) columns(lib *library, cells map[cellKey]Cell, unit uint64, seen map[uint64]bool) []uint64 {
	var ids []uint64
	for id := range seen {
		if cells[cellKey{unit, id}].Total() > 0 {
			ids = append(ids, id)
		}
	}
	lib.order(ids)
	for _, id := range ids {
		b.Obligations = append(b.Obligations, lib.byID[id].ref())
	}
	return ids
}

func named(cells []Cell, obligations []ObligationRef) []Cell {
	list := slices.Clone(cells)
	for i := range list {
		list[i].Obligation = obligations[i].Code
	}
	return list
}

func minus(a, b Cell) Cell {
	return Cell{Pending: a.Pending - b.Pending, Reported: a.Reported - b.Reported, Met: a.Met - b.Met, Late: a.Late - b.Late,
		Overdue: a.Overdue - b.Overdue, Exempt: a.Exempt - b.Exempt, Unscheduled: a.Unscheduled - b.Unscheduled, DueSoon: a.DueSoon - b.DueSoon}
}

// Years are the years of which a unit's subtree has duties, the latest first.
type Years struct {
	stands []int
	// begins are those in which a policy was activated: not the later years of a
	// cycle alone.
	begins []int
}

// Years returns the years of which the unit's subtree has duties.
func (l *Ledger) Years(ctx context.Context, unit models.Unit) (Years, error) {
	var rows []struct {
		Year   int
		Begins bool
	}
	err := l.store.Read(ctx).Table("tallies t").
		Select("t.year, MAX(a.id IS NOT NULL) AS begins").
		Joins("JOIN obligations o ON o.id = t.obligation_id").
		Joins("LEFT JOIN activations a ON a.policy_id = o.policy_id AND a.year = t.year").
		Where("t.unit_id = ?", unit.ID).Group("t.year").Order("t.year DESC").Scan(&rows).Error
	if err != nil {
		return Years{}, fmt.Errorf("years of %s: %w", unit.Code, store.Translate(err))
	}
	var years Years
	for _, row := range rows {
		years.stands = append(years.stands, row.Year)
		if row.Begins {
			years.begins = append(years.begins, row.Year)
		}
	}
	return years, nil
}

// Current returns the year to look at first: the latest with an active policy,
// at most this year; this year when there is none.
func (y Years) Current(thisYear int) int {
	for _, year := range y.begins {
		if year <= thisYear {
			return year
		}
	}
	return thisYear
}

// All returns the years, the latest first, with the one that is looked at.
func (y Years) All(shown int) []int {
	all := slices.Clone(y.stands)
	if !slices.Contains(all, shown) {
		all = append(all, shown)
		slices.Sort(all)
		slices.Reverse(all)
	}
	return all
}
