package compliance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	lib, obligations, err := l.onBoardOf(db, q)
	if err != nil {
		return nil, err
	}
	if q.Unit, err = unitOn(db, q.Unit, q.AsOf); err != nil {
		return nil, err
	}
	children, rows, err := l.countBelow(db, q, obligations)
	if err != nil {
		return nil, err
	}
	return compose(q, lib, children, rows), nil
}

// countBelow reads the children and their cells. Units may be moved between the
// two, but only on the board of today: then both are read again.
func (l *Ledger) countBelow(db *gorm.DB, q BoardQuery, obligations []uint64) ([]child, []models.Tally, error) {
	children, err := childrenOf(db, q.Unit, q.AsOf)
	if err != nil {
		return nil, nil, err
	}
	for {
		rows, err := readTallies(db, q, children, obligations)
		if err != nil || q.AsOf < l.Today() {
			return children, rows, err
		}
		now, err := childrenOf(db, q.Unit, q.AsOf)
		if err != nil || slices.EqualFunc(children, now, func(a, b child) bool { return a.ID == b.ID }) {
			return now, rows, err
		}
		children = now
	}
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

// childrenOf returns the children that the unit was known to have at the end of
// the day, as they were known then.
func childrenOf(db *gorm.DB, unit models.Unit, day calendar.Date) ([]child, error) {
	const hasChildren = ", EXISTS (SELECT 1 FROM unit_changes c WHERE c.parent_id = p.unit_id AND c.known_on <= ? AND c.known_until > ?) AS has_children"
	var children []child
	err := knownUnits(db, day).Select(unitColumns+hasChildren, day, day).Where("p.parent_id = ?", unit.ID).Order("p.position, p.unit_id").Find(&children).Error
	if err != nil {
		return nil, fmt.Errorf("children of %s: %w", unit.Code, store.Translate(err))
	}
	return children, nil
}

// candidates are the obligations of which the unit's subtree may have duties in
// the year: those of the policies whose region meets the unit. The foreign ones
// are of the other policies: a unit may have been moved out of its code's region.
func (lib *library) candidates(q BoardQuery) (ids, foreign []uint64, err error) {
	if q.Policy != "" {
		if _, err := lib.find(q.Policy); err != nil {
			return nil, nil, err
		}
	}
	for _, b := range lib.books {
		if q.Policy != "" && q.Policy != b.row.Code {
			continue
		}
		list := &foreign
		if b.meets(q.Unit) {
			list = &ids
		}
		for _, row := range b.obligations {
			if b.demands(row, q.Year) {
				*list = append(*list, row.ID)
			}
		}
	}
	return ids, foreign, nil
}

// onBoard returns those of the obligations that have ever counted on the unit's
// board of the year.
func onBoard(db *gorm.DB, q BoardQuery, obligations []uint64) ([]uint64, error) {
	var ids []uint64
	if len(obligations) == 0 {
		return nil, nil
	}
	err := db.Table("obligations o").Where("o.id IN ? AND EXISTS (SELECT 1 FROM tallies t WHERE t.unit_id = ? AND t.year = ? AND t.obligation_id = o.id)",
		obligations, q.Unit.ID, q.Year).Pluck("o.id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("obligations on the board of %s: %w", q.Unit.Code, store.Translate(err))
	}
	return ids, nil
}

// demands tells whether any edition of the policy has the obligation in the year.
func (b *book) demands(row models.Obligation, year int) bool {
	return slices.ContainsFunc(b.editions, func(ed edition) bool {
		rule, ok := ed.policy.Find(row.Code)
		return ok && len(ed.policy.Periods(rule, year)) > 0
	})
}

// meets tells whether the unit lies in the policy's region, or above it.
func (b *book) meets(unit models.Unit) bool {
	region, _, _ := strings.Cut(unit.Code, "-")
	return strings.HasPrefix(unit.Code, rules.RegionPrefix(b.policy.Region)) || strings.HasPrefix(b.policy.Region, rules.RegionPrefix(region))
}

// standingCells finds the one row of each cell that stands on a day. The order
// of the joins is pinned: units and obligations are few, and the key of the
// tallies leads from them to the row. SQLite obeys CROSS JOIN, and MySQL the
// comment, without which it reads whole years once it has counted the rows.
const standingCells = "SELECT /*! STRAIGHT_JOIN */ t.* FROM units u CROSS JOIN obligations o CROSS JOIN tallies t" +
	" WHERE u.id IN ? AND o.id IN ? AND t.unit_id = u.id AND t.year = ? AND t.obligation_id = o.id" +
	" AND t.known_day = (SELECT k.known_day FROM tallies k WHERE k.unit_id = u.id AND k.year = ? AND k.obligation_id = o.id" +
	" AND k.known_day <= ? ORDER BY k.known_day DESC LIMIT 1)"

// readTallies returns the cells of the unit and its children as they stood at
// the end of the as-of date, in one statement: one state of the database.
func readTallies(db *gorm.DB, q BoardQuery, children []child, obligations []uint64) ([]models.Tally, error) {
	if len(obligations) == 0 {
		return nil, nil
	}
	units := []uint64{q.Unit.ID}
	for _, c := range children {
		units = append(units, c.ID)
	}
	var rows []models.Tally
	if err := db.Raw(standingCells, units, obligations, q.Year, q.Year, int(q.AsOf)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("tallies of %s: %w", q.Unit.Code, store.Translate(err))
	}
	return rows, nil
}

// cellKey is a cell of the board.
type cellKey struct{ unit, obligation uint64 }

// compose makes the board. The unit's own duties are its subtree's less those of
// its children.
func compose(q BoardQuery, lib *library, children []child, rows []models.Tally) *Board {
	cells := map[cellKey]Cell{}
	seen := map[uint64]bool{}
	look := lib.lookOn(q.AsOf)
	for _, row := range rows {
		cells[cellKey{row.UnitID, row.ObligationID}] = look.cell(row)
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

// look is how open duties show on a day: what rules says of each due date, asked
// once.
type look struct {
	calendar *calendar.Calendar
	asOf     calendar.Date
	// shown by due day; the cell of one open duty.
	shown map[int]Cell
}

func (lib *library) lookOn(asOf calendar.Date) look {
	return look{lib.almanac.on(asOf), asOf, map[int]Cell{}}
}

// open returns the cell of one open duty that is due on the day.
func (o look) open(dueDay int) Cell {
	cell, known := o.shown[dueDay]
	if known {
		return cell
	}
	due := calendar.Date(dueDay)
	if rules.StateOn(rules.OutcomeOpen, due, false, o.asOf) == rules.Overdue {
		cell.Overdue = 1
	} else {
		cell.Pending = 1
		if rules.DueSoon(o.calendar, due, false, o.asOf) {
			cell.DueSoon = 1
		}
	}
	o.shown[dueDay] = cell
	return cell
}

// cell shows a tally on the day.
func (o look) cell(row models.Tally) Cell {
	cell := Cell{Pending: row.Provisional, Reported: row.Reported, Met: row.Met, Late: row.Late, Exempt: row.Exempt, Unscheduled: row.Unscheduled,
		Extended: row.Extended}
	eachOpenDue(row.OpenDue, func(dueDay, count int) {
		one := o.open(dueDay)
		cell.Overdue += one.Overdue * count
		cell.Pending += one.Pending * count
		cell.DueSoon += one.DueSoon * count
	})
	return cell
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
	lib.order(ids, b.AsOf)
	for _, id := range ids {
		b.Obligations = append(b.Obligations, lib.byID[id].on(b.AsOf).ref())
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
		Overdue: a.Overdue - b.Overdue, Exempt: a.Exempt - b.Exempt, Unscheduled: a.Unscheduled - b.Unscheduled, DueSoon: a.DueSoon - b.DueSoon,
		Extended: a.Extended - b.Extended}
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
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return Years{}, err
	}
	begins, stands := lib.years(unit)
	var years Years
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(stands))) {
		var row models.Tally
		if err := db.Select("year").Where("unit_id = ? AND year = ?", unit.ID, year).Limit(1).Find(&row).Error; err != nil {
			return Years{}, fmt.Errorf("years of %s: %w", unit.Code, store.Translate(err))
		}
		if row.Year != year {
			continue
		}
		years.stands = append(years.stands, year)
		if begins[year] {
			years.begins = append(years.begins, year)
		}
	}
	return years, nil
}

// years returns the years in which a policy that meets the unit was activated,
// and those on whose boards its duties then stand.
func (lib *library) years(unit models.Unit) (begins, stands map[int]bool) {
	begins, stands = map[int]bool{}, map[int]bool{}
	for _, b := range lib.books {
		if !b.meets(unit) {
			continue
		}
		for _, year := range b.years {
			begins[year] = true
			for _, ed := range b.editions {
				for _, o := range ed.policy.Obligations {
					for _, period := range ed.policy.Periods(&o, year) {
						for stood := period.Year; stood <= period.UntilYear(); stood++ {
							stands[stood] = true
						}
					}
				}
			}
		}
	}
	return begins, stands
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
