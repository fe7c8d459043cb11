package compliance

import (
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// reconciled is what became of the duties of units whose dates or kinds changed.
type reconciled struct {
	created, withdrawn, restored []models.Duty
	// waiting are no longer owed, but a report on them waits: they stay until it is
	// decided.
	waiting []models.Duty
	moves   *tallyMoves
}

// reconcile brings the duties of the units into line with what they owe as they
// now are, from today on: what is missing is created, what is no longer owed and
// not done withdrawn, and what is owed again restored. What was done, and what
// the office exempted from, is history and stays.
func (w *write) reconcile(units []models.Unit) (reconciled, error) {
	var done reconciled
	lib, err := w.lib()
	if err != nil {
		return done, err
	}
	known, err := w.ruleUnits(units)
	if err != nil {
		return done, err
	}
	stored, err := w.lockDuties(units)
	if err != nil {
		return done, err
	}
	waits, err := w.dutiesThatWait(units)
	if err != nil {
		return done, err
	}
	outer := w.later
	w.later = newTallyMoves()
	var fresh []newDuty
	for _, unit := range units {
		owed := lib.owed(unit, known, w.today)
		for i := range stored[unit.ID] {
			if err := w.reconcileOne(lib, &stored[unit.ID][i], unit, known[unit.ID], owed, waits, &done); err != nil {
				return done, err
			}
		}
		for _, one := range missing(owed, stored[unit.ID]) {
			row := dutyRow(one.duty, unit.ID, one.obligation, one.edition)
			fresh = append(fresh, newDuty{row, unit.Path, max(row.Since, w.today)})
			done.created = append(done.created, row)
		}
	}
	if err := w.insert(fresh); err != nil {
		return done, err
	}
	done.moves = w.later
	w.later = outer
	return done, w.apply(done.moves)
}

// lockDuties returns the duties of the units, locked until the write ends.
func (w *write) lockDuties(units []models.Unit) (map[uint64][]models.Duty, error) {
	var rows []models.Duty
	if err := w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("unit_id IN ?", unitIDs(units)).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("lock duties: %w", err)
	}
	byUnit := map[uint64][]models.Duty{}
	for _, row := range rows {
		byUnit[row.UnitID] = append(byUnit[row.UnitID], row)
	}
	return byUnit, nil
}

// dutiesThatWait returns the duties of the units on which an office has still to
// decide.
func (w *write) dutiesThatWait(units []models.Unit) (map[uint64]bool, error) {
	var ids []uint64
	err := w.tx.Model(&models.Report{}).Where("unit_id IN ? AND status IN ?", unitIDs(units), []models.ReportStatus{models.Filed, models.Checked}).
		Distinct().Pluck("duty_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("reports that wait: %w", err)
	}
	waits := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		waits[id] = true
	}
	return waits, nil
}

func unitIDs(units []models.Unit) []uint64 {
	ids := make([]uint64, len(units))
	for i, unit := range units {
		ids[i] = unit.ID
	}
	return ids
}

// owedDuty is a duty that a unit owes by the latest edition of an active policy.
type owedDuty struct {
	termKey
	duty    rules.Duty
	edition int
}

// termKey tells the duties of one unit apart but for what starts their terms: an
// obligation with a trigger is owed or not as a whole.
type termKey struct {
	obligation uint64
	period     string
}

// owed returns what the unit owes in the years that are active, each once; known
// has the unit as the rules know it.
func (lib *library) owed(unit models.Unit, known map[uint64]rules.Unit, today calendar.Date) []owedDuty {
	var owed []owedDuty
	for _, b := range lib.books {
		for _, year := range b.years {
			for c := range b.owed([]models.Unit{unit}, known, lib.calendar, year, today) {
				if key := (termKey{c.obligation, c.duty.Period.Name}); !owes(owed, key) {
					owed = append(owed, owedDuty{key, c.duty, b.row.Edition})
				}
			}
		}
	}
	return owed
}

func owes(owed []owedDuty, key termKey) bool {
	return slices.ContainsFunc(owed, func(one owedDuty) bool { return one.termKey == key })
}

// missing returns what is owed and not stored, whatever became of it.
func missing(owed []owedDuty, stored []models.Duty) []owedDuty {
	return slices.DeleteFunc(slices.Clone(owed), func(one owedDuty) bool {
		return slices.ContainsFunc(stored, func(row models.Duty) bool { return one.termKey == termKey{row.ObligationID, row.Period} })
	})
}

// reconcileOne withdraws or restores a stored duty of the unit, if that is due.
func (w *write) reconcileOne(lib *library, row *models.Duty, unit models.Unit, known rules.Unit, owed []owedDuty, waits map[uint64]bool, done *reconciled) error {
	e, err := lib.of(*row)
	if err != nil {
		return err
	}
	duty := ruleDuty(e, *row)
	bound := e.rule.Who.Binds(e.policy.Region, known) && duty.FallsDueIn(known)
	switch open := row.Outcome == models.Open || row.Outcome == models.Unscheduled; {
	case !bound && waits[row.ID]:
		done.waiting = append(done.waiting, *row)
		return nil
	case !bound && open:
		row.Outcome = models.Withdrawn
		done.withdrawn = append(done.withdrawn, *row)
		return w.settle(row, unit.Path)
	case bound && row.Outcome == models.Withdrawn && owes(owed, termKey{row.ObligationID, row.Period}):
		return w.restore(lib, e, row, unit, known, done)
	}
	return nil
}

// restore makes a withdrawn duty an open one again, with the due date as it is
// counted now.
func (w *write) restore(lib *library, e entry, row *models.Duty, unit models.Unit, known rules.Unit, done *reconciled) error {
	again := dueAgain(e, *row, lib.calendar)
	if !again.FallsDueIn(known) {
		return nil
	}
	row.DueOn, row.Provisional, row.Outcome = again.DueOn, again.Provisional, models.Open
	if row.DueOn.IsZero() {
		row.Outcome = models.Unscheduled
	}
	err := w.rejudge(lib, row, unit.Path)
	done.restored = append(done.restored, *row)
	return err
}

// withdrawOutlived withdraws a duty that a decision has left open when its unit
// is closed before it falls due, and no report on it waits.
func (w *write) withdrawOutlived(d dossier, row *models.Duty) error {
	if row.Outcome != models.Open && row.Outcome != models.Unscheduled || waiting(d.reports) {
		return nil
	}
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return err
	}
	if duty := ruleDuty(d.entry, *row); !duty.FallsDueIn(ruleUnit(unit, nil)) {
		row.Outcome = models.Withdrawn
	}
	return nil
}
