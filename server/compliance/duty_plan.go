package compliance

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// dutyKey identifies a duty among those of a policy; obligation is its code.
type dutyKey struct {
	unit       uint64
	obligation string
	period     string
}

// claim is a duty that a unit owes.
type claim struct {
	unit       models.Unit
	obligation uint64
	duty       rules.Duty
}

// ids returns the obligations of the policy, removed ones too.
func (b *book) ids() []uint64 {
	ids := make([]uint64, len(b.obligations))
	for i, row := range b.obligations {
		ids[i] = row.ID
	}
	return ids
}

// owed lists what the policy demands of the units in the year by its latest
// edition, unit by unit; after it was retired nothing is due.
func (b *book) owed(units []models.Unit, names formerNames, cal *calendar.Calendar, year int, today calendar.Date) iter.Seq[claim] {
	ids := map[string]uint64{}
	for _, row := range b.obligations {
		ids[row.Code] = row.ID
	}
	return func(yield func(claim) bool) {
		for _, unit := range units {
			for _, d := range rules.Schedule(b.policy, names.of(unit), nil, cal, year) {
				if !endsBefore(d, b.row.RetiredOn, today) && !yield(claim{unit, ids[d.Obligation.ID], d}) {
					return
				}
			}
		}
	}
}

// endsBefore tells whether a policy that is retired on the day no longer demands
// the duty: one due from that day on; and one that waits for a trigger, when the
// day has come or its period begins later. A zero day retires nothing.
func endsBefore(d rules.Duty, retired, today calendar.Date) bool {
	switch {
	case retired.IsZero():
		return false
	case d.DueOn.IsZero():
		return retired <= max(today, d.Period.From)
	default:
		return retired <= d.DueOn
	}
}

// missing lists what the units owe in the year and have not been given yet, and
// marks it as given: a cycle's duty comes with the first of its years.
func (w *write) missing(lib *library, b *book, units []models.Unit, names formerNames, year int, given map[dutyKey]bool) iter.Seq[claim] {
	return func(yield func(claim) bool) {
		for c := range b.owed(units, names, lib.calendar, year, w.today) {
			key := dutyKey{c.unit.ID, c.duty.Obligation.ID, c.duty.Period.Name}
			if given[key] {
				continue
			}
			given[key] = true
			if !yield(c) {
				return
			}
		}
	}
}

// given returns the duties that there are of the policy.
func (w *write) given(b *book) (map[dutyKey]bool, error) {
	var rows []models.Duty
	if err := w.tx.Select("unit_id, obligation_id, period").Where("obligation_id IN ?", b.ids()).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("duties: %w", err)
	}
	codes := make(map[uint64]string, len(b.obligations))
	for _, row := range b.obligations {
		codes[row.ID] = row.Code
	}
	given := make(map[dutyKey]bool, len(rows))
	for _, row := range rows {
		given[dutyKey{row.UnitID, codes[row.ObligationID], row.Period}] = true
	}
	return given, nil
}

// fresh is the claim as it is stored before anything is reported. Nobody knew of
// it before today: boards of earlier days stay as they were.
func (w *write) fresh(c claim, edition int) newDuty {
	return newDuty{dutyRow(c.duty, c.unit.ID, c.obligation, edition), c.unit.Path, max(c.duty.Since, w.today)}
}

// withdraw ends a locked duty that is no longer owed: from today it is on no
// board, while boards of earlier days keep it.
func (w *write) withdraw(row *models.Duty, path string) error {
	end(row)
	return w.settle(row, path, nil)
}

// take puts what the judge finds on the duty.
func take(row *models.Duty, v rules.Verdict) {
	row.Outcome, row.DoneOn, row.Value = models.Outcome(v.Outcome), v.DoneOn, v.Value
	row.People, row.Trained = v.Roster, v.Trained
}

// end makes the duty one that nobody owes.
func end(row *models.Duty) {
	row.Outcome, row.DoneOn, row.Value, row.People, row.Trained = models.Withdrawn, 0, "", 0, 0
}

// settling is a duty as it is to be known from now on, with its unit's path and
// what is foreseen of it after today.
type settling struct {
	row      models.Duty
	path     string
	foreseen []models.DutyChange
}

// settleAll stores locked duties as they are now known: settle for many.
func (w *write) settleAll(list []settling) error {
	for some := range slices.Chunk(list, insertChunk) {
		moves := newTallyMoves()
		for chunk := range slices.Chunk(some, batch) {
			if err := w.settleChunk(chunk, moves); err != nil {
				return err
			}
		}
		if err := w.apply(moves); err != nil {
			return err
		}
	}
	return nil
}

// settleChunk stores the duties and collects by what that moves the tallies.
func (w *write) settleChunk(list []settling, moves *tallyMoves) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	rows, ids := make([]models.Duty, len(list)), make([]uint64, len(list))
	for i, s := range list {
		rows[i], ids[i] = s.row, s.row.ID
		rows[i].Version++
	}
	known, err := w.knownFromToday(ids)
	if err != nil {
		return err
	}
	if err := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error; err != nil {
		return fmt.Errorf("store duties: %w", err)
	}
	var changes []models.DutyChange
	for i, row := range rows {
		before := known[row.ID]
		if !lib.rotates(row.ObligationID) {
			before = before[len(before)-1:] // another server's clock may be a day ahead
		}
		next := w.succession(row, before, list[i].foreseen)
		stale, fresh := moves.supersede(list[i].path, row, before, next)
		if stale {
			if err := w.forget(row, next[0].KnownOn); err != nil {
				return err
			}
		}
		changes = append(changes, fresh...)
	}
	if len(changes) == 0 {
		return nil
	}
	if err := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(changes, batch).Error; err != nil {
		return fmt.Errorf("store duty changes: %w", err)
	}
	return nil
}

// settle stores a locked duty as it is now known.
func (w *write) settle(row *models.Duty, path string, foreseen []models.DutyChange) error {
	if err := w.settleAll([]settling{{*row, path, foreseen}}); err != nil {
		return err
	}
	row.Version++
	return nil
}

// dueThen returns the duty with its due instant as the edition of e counts it:
// the row keeps that of the latest one only.
func dueThen(e entry, row models.Duty) models.Duty {
	if row.DueAt != nil && row.TriggerAt != nil && e.rule.Hours != nil {
		due := store.Instant(row.TriggerAt.Add(time.Duration(e.rule.Hours.N) * time.Hour))
		row.DueAt = &due
	}
	return row
}
