package compliance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// UnitEffects tells all that a change of units does.
type UnitEffects struct {
	Units []UnitEffect
	// Created, Withdrawn and Restored are the duties that appear and disappear.
	// Waiting are no longer owed, but stay until the report on them is decided.
	Created, Withdrawn, Restored, Waiting []DutyEffect
	// Boards are those whose number of duties changes, from today on.
	Boards []BoardEffect
	// Digest stands for all of it: what is agreed to in a preview.
	Digest string
}

// UnitEffect is what becomes of one unit; Before is nil for a new one. Action is
// that of the audit log: open, edit, close, reopen, move, take_over or merge.
type UnitEffect struct {
	Action string
	Before *models.Unit
	After  models.Unit
	// From and To are the units above it, before and after; zero for none.
	From, To models.Unit
	// Successor is what the unit is merged into.
	Successor models.Unit
}

// DutyEffect is a duty that appears or disappears.
type DutyEffect struct {
	Unit       models.Unit
	Obligation ObligationRef
	Duty       models.Duty
}

// BoardEffect is the number of duties on a unit's board of a year, before and
// after.
type BoardEffect struct {
	Unit          models.Unit
	Year          int
	Before, After int
}

func (e *UnitEffects) addDuties(w *write, units []models.Unit, done reconciled) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	for _, list := range []struct {
		rows []models.Duty
		out  *[]DutyEffect
	}{{done.created, &e.Created}, {done.withdrawn, &e.Withdrawn}, {done.restored, &e.Restored}, {done.waiting, &e.Waiting}} {
		for _, row := range list.rows {
			entry, err := lib.of(row)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(units, func(u models.Unit) bool { return u.ID == row.UnitID })
			*list.out = append(*list.out, DutyEffect{units[i], entry.ref(), row})
		}
		slices.SortStableFunc(*list.out, func(a, b DutyEffect) int {
			return cmp.Or(cmp.Compare(a.Unit.ID, b.Unit.ID), cmp.Compare(a.Duty.DueOn, b.Duty.DueOn), cmp.Compare(a.Obligation.Code, b.Obligation.Code))
		})
	}
	return nil
}

// boardKey is the board of a unit for a year.
type boardKey struct {
	unit uint64
	year int
}

// boardGains are the numbers of duties that boards gain, or lose.
type boardGains map[boardKey]int

// add counts the movements that are known on the day.
func (g boardGains) add(moves *tallyMoves, day calendar.Date) {
	for key, movements := range moves.cells {
		for _, m := range movements {
			if m.knownDay <= int(day) {
				g[boardKey{key.unit, key.year}] += total(m.Counts)
			}
		}
	}
}

func total(c models.Counts) int {
	return c.Open + c.Provisional + c.Reported + c.Met + c.Late + c.Exempt + c.Unscheduled
}

// addBoards tells of the boards that have gained or lost duties.
func (e *UnitEffects) addBoards(w *unitWork) error {
	maps.DeleteFunc(w.gains, func(_ boardKey, gain int) bool { return gain == 0 })
	if len(w.gains) == 0 {
		return nil
	}
	after, err := w.boardTotals()
	if err != nil {
		return err
	}
	ids := map[uint64]bool{}
	for key := range w.gains {
		ids[key.unit] = true
	}
	units, err := unitsOn(w.tx, slices.Sorted(maps.Keys(ids)), w.today)
	if err != nil {
		return err
	}
	for key, gain := range w.gains {
		e.Boards = append(e.Boards, BoardEffect{units[key.unit], key.year, after[key] - gain, after[key]})
	}
	slices.SortFunc(e.Boards, func(a, b BoardEffect) int {
		return cmp.Or(cmp.Compare(len(pathIDs(a.Unit.Path)), len(pathIDs(b.Unit.Path))), cmp.Compare(a.Unit.Code, b.Unit.Code), cmp.Compare(b.Year, a.Year))
	})
	return nil
}

// boardTotals returns the number of duties on the boards that have changed, as of
// today.
func (w *unitWork) boardTotals() (map[boardKey]int, error) {
	units, years := map[uint64]bool{}, map[int]bool{}
	for key := range w.gains {
		units[key.unit], years[key.year] = true, true
	}
	var rows []models.Tally
	err := w.tx.Where("unit_id IN ? AND year IN ?", slices.Sorted(maps.Keys(units)), slices.Sorted(maps.Keys(years))).
		Where("known_day = (SELECT MAX(k.known_day) FROM tallies k WHERE k.unit_id = tallies.unit_id AND k.year = tallies.year"+
			" AND k.obligation_id = tallies.obligation_id AND k.known_day <= ?)", int(w.today)).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("boards after: %w", store.Translate(err))
	}
	totals := map[boardKey]int{}
	for _, row := range rows {
		totals[boardKey{row.UnitID, row.Year}] += total(row.Counts)
	}
	return totals, nil
}

// seal sets the digest. It leaves out what differs from one try to the next: the
// ids of new rows.
func (e *UnitEffects) seal() {
	sum := sha256.New()
	for _, unit := range e.Units {
		fmt.Fprintln(sum, unit.Action, sealed(unit.Before), unit.From.Code, sealed(&unit.After), unit.To.Code, unit.Successor.Code)
	}
	for _, list := range [][]DutyEffect{e.Created, e.Withdrawn, e.Restored, e.Waiting} {
		fmt.Fprintln(sum, len(list))
		for _, d := range list {
			fmt.Fprintln(sum, d.Unit.Code, d.Obligation.Code, d.Duty.Period, d.Duty.Subject, d.Duty.DueOn)
		}
	}
	for _, b := range e.Boards {
		fmt.Fprintln(sum, b.Unit.Code, b.Year, b.Before, b.After)
	}
	e.Digest = hex.EncodeToString(sum.Sum(nil))
}

func sealed(unit *models.Unit) string {
	if unit == nil {
		return ""
	}
	return fmt.Sprintf("%q", []any{unit.Code, unit.Name, unit.NameEN, unit.Kind, unit.Class, unit.Position, unit.OpenedOn, unit.ClosedOn})
}
