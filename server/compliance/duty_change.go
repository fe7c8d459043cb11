package compliance

import (
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
)

// knownFromToday returns what is known of the duties today, and what was foreseen
// of them after it: the change that stands today, or the first one where that is
// still to come, and all after it.
func (w *write) knownFromToday(duties []uint64) (map[uint64][]models.DutyChange, error) {
	var changes []models.DutyChange
	err := w.tx.Where("duty_id IN ?", duties).
		Where("known_on >= (SELECT COALESCE(MAX(CASE WHEN k.known_on <= ? THEN k.known_on END), MIN(k.known_on)) FROM duty_changes k WHERE k.duty_id = duty_changes.duty_id)", w.today).
		Order("duty_id, known_on").Find(&changes).Error
	if err != nil {
		return nil, fmt.Errorf("duty changes: %w", err)
	}
	known := make(map[uint64][]models.DutyChange, len(duties))
	for _, change := range changes {
		known[change.DutyID] = append(known[change.DutyID], change)
	}
	if len(known) != len(duties) {
		return nil, fmt.Errorf("of %d duties %d have no change", len(duties), len(duties)-len(known))
	}
	return known, nil
}

// succession lists what is to be known of the duty from today on: how it stands
// now, and each day after on which it is foreseen to stand differently.
func (w *write) succession(row models.Duty, known, foreseen []models.DutyChange) []models.DutyChange {
	next := []models.DutyChange{changeOf(row, max(w.today, known[0].KnownOn))}
	for _, change := range foreseen {
		switch last := next[len(next)-1]; {
		case change.KnownOn <= next[0].KnownOn: // the duty is owed from a later day on
			change.KnownOn = next[0].KnownOn
			next[0] = change
		case !sameBut(last, change):
			next = append(next, change)
		}
	}
	return next
}

// supersede moves the cells from what was known of the duty to what is known
// next. It returns the changes to be stored, and whether others that were
// foreseen no longer hold.
func (m *tallyMoves) supersede(path string, row models.Duty, known, next []models.DutyChange) (stale bool, fresh []models.DutyChange) {
	if sameBut(known[0], next[0]) && sameAs(known[1:], next[1:]) {
		return false, nil
	}
	for i := len(known) - 1; i > 0; i-- {
		back := known[i-1]
		back.KnownOn = known[i].KnownOn
		m.move(path, row, &known[i], &back)
	}
	if !sameBut(known[0], next[0]) {
		m.move(path, row, &known[0], &next[0])
		fresh = append(fresh, next[0])
	}
	for i := 1; i < len(next); i++ {
		m.move(path, row, &next[i-1], &next[i])
		fresh = append(fresh, next[i])
	}
	return len(known) > 1, fresh
}

func sameAs(a, b []models.DutyChange) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// forget deletes what was foreseen of the duty after the day.
func (w *write) forget(row models.Duty, day calendar.Date) error {
	if err := w.tx.Where("duty_id = ? AND known_on > ?", row.ID, day).Delete(&models.DutyChange{}).Error; err != nil {
		return fmt.Errorf("forget what was foreseen of duty %d: %w", row.ID, err)
	}
	return nil
}

// sameBut tells whether two changes of a duty differ only in the day they became
// known.
func sameBut(a, b models.DutyChange) bool {
	a.KnownOn = b.KnownOn
	return a == b
}
