package compliance

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
)

// Rebuild computes all tallies anew from what is known of the duties. It changes
// nothing as long as every write has kept its promise.
func (l *Ledger) Rebuild(ctx context.Context, actor Actor) error {
	return l.write(ctx, actor, func(w *write) error {
		// Whoever writes meanwhile either has committed when the roots are locked, and
		// is read below, or waits for them and moves what is built.
		if err := w.lockRoots("parent_id IS NULL"); err != nil {
			return err
		}
		if err := w.tx.Where("1 = 1").Delete(&models.Tally{}).Error; err != nil {
			return fmt.Errorf("clear tallies: %w", err)
		}
		moves, err := w.allMoves()
		if err != nil {
			return err
		}
		if err := w.apply(moves); err != nil {
			return err
		}
		return w.record(event{action: "rebuild", object: "tally", detail: map[string]any{"cells": len(moves.cells)}})
	})
}

// known is a change with what the tallies need of its duty.
type known struct {
	models.DutyChange
	ObligationID uint64
	Year         int
	UntilYear    int
	UnitID       uint64
}

// stretch is where a unit stands from a day on.
type stretch struct {
	from calendar.Date
	path string
}

// allMoves reads the changes of all duties, one duty after the other, and counts
// each where its unit stood on every day.
func (w *write) allMoves() (*tallyMoves, error) {
	places, err := w.places()
	if err != nil {
		return nil, err
	}
	rows, err := w.tx.Table("duty_changes c").Select("c.*, d.obligation_id, d.year, d.until_year, d.unit_id").
		Joins("JOIN duties d ON d.id = c.duty_id").Order("c.duty_id, c.known_on").Rows()
	if err != nil {
		return nil, fmt.Errorf("duty changes: %w", err)
	}
	defer rows.Close()
	moves := newTallyMoves()
	var life []known
	for rows.Next() {
		var k known
		if err := w.tx.ScanRows(rows, &k); err != nil {
			return nil, fmt.Errorf("duty change: %w", err)
		}
		if len(places[k.UnitID]) == 0 {
			return nil, fmt.Errorf("unit %d has no history", k.UnitID)
		}
		if len(life) > 0 && life[0].DutyID != k.DutyID {
			moves.live(places[life[0].UnitID], life)
			life = life[:0]
		}
		life = append(life, k)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("duty changes: %w", err)
	}
	if len(life) > 0 {
		moves.live(places[life[0].UnitID], life)
	}
	// What is counted is the past of the tree, too: where the units stand now is
	// nothing to hold it to.
	clear(moves.paths)
	return moves, nil
}

// places returns where each unit stood, from day to day.
func (w *write) places() (map[uint64][]stretch, error) {
	var changes []models.UnitChange
	if err := w.tx.Select("unit_id, known_on, path").Order("unit_id, known_on").Find(&changes).Error; err != nil {
		return nil, fmt.Errorf("places of units: %w", err)
	}
	places := map[uint64][]stretch{}
	for _, change := range changes {
		stood := places[change.UnitID]
		if len(stood) == 0 || stood[len(stood)-1].path != change.Path {
			places[change.UnitID] = append(stood, stretch{change.KnownOn, change.Path})
		}
	}
	return places, nil
}

// live counts a duty through its life, wherever its unit stood.
func (m *tallyMoves) live(places []stretch, life []known) {
	duty := models.Duty{ObligationID: life[0].ObligationID, Year: life[0].Year, UntilYear: life[0].UntilYear}
	var last *models.DutyChange
	place := 0
	movedBy := func(day calendar.Date) {
		for ; place+1 < len(places) && places[place+1].from <= day; place++ {
			if last != nil {
				m.relocate(places[place].path, places[place+1].path, duty, last, places[place+1].from)
			}
		}
	}
	for i := range life {
		change := &life[i].DutyChange
		movedBy(change.KnownOn)
		m.move(places[place].path, duty, last, change)
		last = change
	}
	movedBy(models.Forever)
}
