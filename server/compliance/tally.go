package compliance

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// tallyKey is a cell: the duties below a unit of one year and obligation.
type tallyKey struct {
	unit       uint64
	year       int
	obligation uint64
}

// movement is by how much a cell moves on the day it became known; open duties
// move with their due day.
type movement struct {
	knownDay int
	dueDay   int
	models.Counts
}

// tallyMoves collects the movements of cells, the roots of their trees, and the
// paths of the units that have moved them.
type tallyMoves struct {
	cells map[tallyKey][]movement
	roots map[uint64]bool
	paths map[string]bool
}

func newTallyMoves() *tallyMoves {
	return &tallyMoves{cells: map[tallyKey][]movement{}, roots: map[uint64]bool{}, paths: map[string]bool{}}
}

// move takes a duty out of the bucket of one change and puts it into that of
// another, for every ancestor and every year the duty stands on. A nil from is
// no bucket.
func (m *tallyMoves) move(path string, duty models.Duty, from, to *models.DutyChange) {
	units := m.along(path)
	m.paths[path] = true
	for _, unit := range units {
		for year := duty.Year; year <= duty.UntilYear; year++ {
			key := tallyKey{unit, year, duty.ObligationID}
			m.add(key, from, to.KnownOn, -1)
			m.add(key, to, to.KnownOn, 1)
		}
	}
}

// along returns the ids of the path and keeps its root.
func (m *tallyMoves) along(path string) []uint64 {
	units := pathIDs(path)
	if len(units) > 0 {
		m.roots[units[0]] = true
	}
	return units
}

// relocate takes a duty as it is known out of the counts above one path and
// counts it above another, from the day on.
func (m *tallyMoves) relocate(from, to string, duty models.Duty, change *models.DutyChange, day calendar.Date) {
	left, entered := apart(m.along(from), m.along(to))
	for year := duty.Year; year <= duty.UntilYear; year++ {
		for _, unit := range left {
			m.add(tallyKey{unit, year, duty.ObligationID}, change, day, -1)
		}
		for _, unit := range entered {
			m.add(tallyKey{unit, year, duty.ObligationID}, change, day, 1)
		}
	}
}

// apart returns the ids that only the one and only the other path has.
func apart(from, to []uint64) (left, entered []uint64) {
	lacks := func(ids []uint64) func(uint64) bool {
		return func(id uint64) bool { return slices.Contains(ids, id) }
	}
	return slices.DeleteFunc(slices.Clone(from), lacks(to)), slices.DeleteFunc(slices.Clone(to), lacks(from))
}

// add counts one duty into, or with by -1 out of, the bucket of its change.
func (m *tallyMoves) add(key tallyKey, change *models.DutyChange, knownOn calendar.Date, by int) {
	if change == nil || change.Outcome == models.Withdrawn {
		return
	}
	one := movement{knownDay: int(knownOn)}
	*bucket(&one.Counts, change) = by
	if one.Open != 0 {
		one.dueDay = int(change.DueOn)
	}
	if change.Extended {
		one.Extended = by
	}
	one.People, one.Trained = by*change.People, by*change.Trained
	m.cells[key] = append(m.cells[key], one)
}

// bucket returns the count that the change belongs to.
func bucket(c *models.Counts, change *models.DutyChange) *int {
	switch {
	case change.Outcome == models.Open && change.Provisional:
		return &c.Provisional
	case change.Outcome == models.Reported:
		return &c.Reported
	case change.Outcome == models.Met:
		return &c.Met
	case change.Outcome == models.Late:
		return &c.Late
	case change.Outcome == models.Exempt:
		return &c.Exempt
	case change.Outcome == models.Unscheduled:
		return &c.Unscheduled
	default:
		return &c.Open
	}
}

// pathIDs returns the ids of a unit's path, from the root down.
func pathIDs(path string) []uint64 {
	var ids []uint64
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseUint(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// merge takes over the movements of others.
func (m *tallyMoves) merge(others *tallyMoves) {
	for key, movements := range others.cells {
		m.cells[key] = append(m.cells[key], movements...)
	}
	maps.Copy(m.roots, others.roots)
	maps.Copy(m.paths, others.paths)
}

// keys returns the cells in the order of the table's key.
func (m *tallyMoves) keys() []tallyKey {
	return slices.SortedFunc(maps.Keys(m.cells), func(a, b tallyKey) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.year, b.year), cmp.Compare(a.obligation, b.obligation))
	})
}

// firstDay returns the earliest day of any movement.
func (m *tallyMoves) firstDay() int {
	first := 0
	for _, movements := range m.cells {
		for _, one := range movements {
			if first == 0 || one.knownDay < first {
				first = one.knownDay
			}
		}
	}
	return first
}

// apply moves the stored tallies. Rows are read before they are written, so the
// trees' roots are locked first, always in the same order: two writers below one
// root wait for each other here and cannot deadlock.
func (w *write) apply(moves *tallyMoves) error {
	if w.later != nil {
		w.later.merge(moves)
		return nil
	}
	if len(moves.cells) == 0 {
		return nil
	}
	if err := w.lockRoots("id IN ?", slices.Sorted(maps.Keys(moves.roots))); err != nil {
		return err
	}
	if err := w.inPlace(moves); err != nil {
		return err
	}
	standing, err := w.standing(moves)
	if err != nil {
		return err
	}
	var rows []models.Tally
	for _, key := range moves.keys() {
		rows = append(rows, retell(key, standing[key], moves.cells[key])...)
	}
	return w.storeTallies(rows)
}

// lockRoots locks the topmost units that the condition names, always in the same
// order.
func (w *write) lockRoots(condition string, args ...any) error {
	var locked []uint64
	err := w.tx.Model(&models.Unit{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where(condition, args...).Order("id").Pluck("id", &locked).Error
	if err != nil {
		return fmt.Errorf("lock roots: %w", err)
	}
	return nil
}

// inPlace demands that the units still stand where they stood when the movements
// were made: one that was moved meanwhile counts in other cells. Nobody moves a
// unit while the roots are locked.
func (w *write) inPlace(moves *tallyMoves) error {
	for paths := range slices.Chunk(slices.Sorted(maps.Keys(moves.paths)), batch) {
		var found int64
		if err := w.tx.Model(&models.Unit{}).Where("path IN ?", paths).Count(&found).Error; err != nil {
			return fmt.Errorf("places of units: %w", err)
		}
		if int(found) != len(paths) {
			return store.ErrOvertaken
		}
	}
	return nil
}

// storeTallies writes rows over those that are there.
func (w *write) storeTallies(rows []models.Tally) error {
	if len(rows) == 0 {
		return nil
	}
	if err := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, batch).Error; err != nil {
		return fmt.Errorf("store tallies: %w", err)
	}
	return nil
}

// standing reads the rows of the cells that the movements touch: the one that
// stands on the first day, and all later ones.
func (w *write) standing(moves *tallyMoves) (map[tallyKey][]models.Tally, error) {
	units, years, obligations := map[uint64]bool{}, map[int]bool{}, map[uint64]bool{}
	for key := range moves.cells {
		units[key.unit], years[key.year], obligations[key.obligation] = true, true, true
	}
	standing := map[tallyKey][]models.Tally{}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(units)), batch) {
		var rows []models.Tally
		err := w.tx.Where("unit_id IN ? AND year IN ? AND obligation_id IN ?", chunk, slices.Collect(maps.Keys(years)), slices.Collect(maps.Keys(obligations))).
			Where("known_day >= COALESCE((SELECT MAX(k.known_day) FROM tallies k WHERE k.unit_id = tallies.unit_id AND k.year = tallies.year"+
				" AND k.obligation_id = tallies.obligation_id AND k.known_day <= ?), 0)", moves.firstDay()).
			Order("unit_id, year, obligation_id, known_day").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("standing tallies: %w", err)
		}
		for _, row := range rows {
			key := tallyKey{row.UnitID, row.Year, row.ObligationID}
			standing[key] = append(standing[key], row)
		}
	}
	return standing, nil
}

// retell returns the rows of a cell from the first movement on, as they stand
// after all movements: one for each day on which something became known.
func retell(key tallyKey, standing []models.Tally, movements []movement) []models.Tally {
	days := map[int]bool{}
	first := movements[0].knownDay
	for _, m := range movements {
		days[m.knownDay] = true
		first = min(first, m.knownDay)
	}
	for _, row := range standing {
		if row.KnownDay >= first {
			days[row.KnownDay] = true
		}
	}
	slices.SortStableFunc(movements, func(a, b movement) int { return cmp.Compare(a.knownDay, b.knownDay) })
	var rows []models.Tally
	var moved models.Counts
	movedDue := openDue{}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		for len(movements) > 0 && movements[0].knownDay <= day {
			moved = plus(moved, movements[0].Counts)
			movedDue[movements[0].dueDay] += movements[0].Open
			movements = movements[1:]
		}
		base := standingOn(standing, day)
		row := models.Tally{UnitID: key.unit, Year: key.year, ObligationID: key.obligation, KnownDay: day, Counts: plus(base.Counts, moved)}
		due := parseOpenDue(base.OpenDue)
		for dueDay, count := range movedDue {
			due[dueDay] += count
		}
		row.OpenDue = due.String()
		rows = append(rows, row)
	}
	return rows
}

// standingOn returns the row that stands on the day, an empty one before the
// first.
func standingOn(standing []models.Tally, day int) models.Tally {
	var found models.Tally
	for _, row := range standing {
		if row.KnownDay <= day {
			found = row
		}
	}
	return found
}

func plus(a, b models.Counts) models.Counts {
	return models.Counts{Open: a.Open + b.Open, Provisional: a.Provisional + b.Provisional, Reported: a.Reported + b.Reported,
		Met: a.Met + b.Met, Late: a.Late + b.Late, Exempt: a.Exempt + b.Exempt, Unscheduled: a.Unscheduled + b.Unscheduled,
		Extended: a.Extended + b.Extended, People: a.People + b.People, Trained: a.Trained + b.Trained}
}
