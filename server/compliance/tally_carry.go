package compliance

import (
	"fmt"
	"maps"
	"slices"

	"sundial/models"
)

// carry takes what the unit's subtree counts out of the units above the one path
// and into those above the other, from today on. The rows of the subtree and all
// that was known before today stay.
func (w *write) carry(unit models.Unit, from, to string) (*tallyMoves, error) {
	moves := newTallyMoves()
	left, entered := apart(moves.along(from), moves.along(to))
	if err := w.lockRoots("id IN ?", slices.Sorted(maps.Keys(moves.roots))); err != nil {
		return nil, err
	}
	var rows []models.Tally
	err := w.tx.Where("unit_id = ?", unit.ID).
		Where("known_day >= COALESCE((SELECT MAX(k.known_day) FROM tallies k WHERE k.unit_id = tallies.unit_id AND k.year = tallies.year"+
			" AND k.obligation_id = tallies.obligation_id AND k.known_day <= ?), 0)", int(w.today)).
		Order("year, obligation_id, known_day").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("tallies of %s: %w", unit.Code, err)
	}
	for i, row := range rows {
		var before models.Tally
		if i > 0 && rows[i-1].Year == row.Year && rows[i-1].ObligationID == row.ObligationID {
			before = rows[i-1]
		}
		day := max(row.KnownDay, int(w.today))
		for _, id := range left {
			moves.carry(tallyKey{id, row.Year, row.ObligationID}, day, row, before)
		}
		for _, id := range entered {
			moves.carry(tallyKey{id, row.Year, row.ObligationID}, day, before, row)
		}
	}
	return moves, w.apply(moves)
}

// carry moves a cell on the day by what the one row has and the other has not.
func (m *tallyMoves) carry(key tallyKey, day int, without, with models.Tally) {
	one := movement{knownDay: day, Counts: plus(with.Counts, negative(without.Counts))}
	one.Open = 0
	m.cells[key] = append(m.cells[key], one)
	due := parseOpenDue(with.OpenDue)
	eachOpenDue(without.OpenDue, func(dueDay, count int) { due[dueDay] -= count })
	for dueDay, count := range due {
		m.cells[key] = append(m.cells[key], movement{knownDay: day, dueDay: dueDay, Counts: models.Counts{Open: count}})
	}
}

func negative(c models.Counts) models.Counts {
	return models.Counts{Open: -c.Open, Provisional: -c.Provisional, Reported: -c.Reported, Met: -c.Met, Late: -c.Late, Exempt: -c.Exempt,
		Unscheduled: -c.Unscheduled, Extended: -c.Extended, People: -c.People, Trained: -c.Trained}
}
