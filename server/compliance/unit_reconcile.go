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
	// What is created is counted by the calendar that is then in force.
	if err := w.holdDueDates(); err != nil {
		return done, err
	}
	*w.policies = nil
	lib, err := w.lib()
	if err != nil {
		return done, err
	}
	names, err := readFormerNames(w.tx)
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
		if err := stand(w.tx, lib, stored[unit.ID], w.today); err != nil {
			return done, err
		}
		owed := w.owedBy(lib, unit, names)
		for i := range stored[unit.ID] {
			if err := w.reconcileOne(lib, &stored[unit.ID][i], unit, names.of(unit), owed, waits, &done); err != nil {
				return done, err
			}
		}
		for _, one := range w.unmet(lib, owed, stored[unit.ID]) {
			fresh = append(fresh, one)
			done.created = append(done.created, one.row)
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
	if err := w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("unit_id IN ?", idsOfUnits(units)).Order("id").Find(&rows).Error; err != nil {
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
	err := w.tx.Model(&models.Report{}).Where("unit_id IN ? AND status IN ?", idsOfUnits(units), []models.ReportStatus{models.Filed, models.Checked}).
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

func idsOfUnits(units []models.Unit) []uint64 {
	ids := make([]uint64, len(units))
	for i, unit := range units {
		ids[i] = unit.ID
	}
	return ids
}

// owedBy returns what the unit owes by the latest editions of the policies, in
// the years that are active.
func (w *write) owedBy(lib *library, unit models.Unit, names formerNames) []claim {
	var owed []claim
	for _, b := range lib.books {
		for _, year := range b.years {
			owed = slices.AppendSeq(owed, b.owed([]models.Unit{unit}, names, lib.calendar, year, w.today))
		}
	}
	return owed
}

// claimed tells whether the duty is among those owed. What starts its term does
// not matter: an obligation with a trigger is owed or not as a whole.
func claimed(owed []claim, row models.Duty) bool {
	return slices.ContainsFunc(owed, func(c claim) bool { return c.obligation == row.ObligationID && c.duty.Period.Name == row.Period })
}

// unmet returns the duties that are owed and not stored, whatever became of them;
// a retired policy creates nothing more.
func (w *write) unmet(lib *library, owed []claim, stored []models.Duty) []newDuty {
	var fresh []newDuty
	for _, c := range owed {
		e := lib.byID[c.obligation]
		if retired := e.book.row.RetiredOn; !retired.IsZero() && retired <= w.today {
			continue
		}
		one := w.fresh(c, e.book.row.Edition)
		given := func(row models.Duty) bool {
			return row.ObligationID == one.row.ObligationID && row.Period == one.row.Period
		}
		// A cycle's duty stands on the boards of several years.
		twice := slices.ContainsFunc(fresh, func(n newDuty) bool { return given(n.row) })
		if !twice && !slices.ContainsFunc(stored, given) {
			fresh = append(fresh, one)
		}
	}
	return fresh
}

// reconcileOne withdraws or restores a stored duty of the unit, if that is due.
func (w *write) reconcileOne(lib *library, row *models.Duty, unit models.Unit, known rules.Unit, owed []claim, waits map[uint64]bool, done *reconciled) error {
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
		done.withdrawn = append(done.withdrawn, *row)
		return w.withdraw(row, unit.Path)
	case bound && row.Outcome == models.Withdrawn && claimed(owed, *row):
		return w.restore(lib, row, unit, known, done)
	}
	return nil
}

// restore makes a withdrawn duty an open one again, by the latest edition and
// with the due date as it is counted now.
func (w *write) restore(lib *library, row *models.Duty, unit models.Unit, known rules.Unit, done *reconciled) error {
	latest, demanded := lib.demanded(row.ObligationID, w.today)
	if !demanded {
		return nil
	}
	again := dueAgain(latest, *row, lib.calendar)
	if !again.FallsDueIn(known) {
		return nil
	}
	row.Edition, row.Outcome = latest.edition, models.Open
	schedule(row, again)
	err := w.rejudge(lib, row, unit.Path)
	done.restored = append(done.restored, *row)
	return err
}

// outlives tells whether the duty was left open although its unit is closed, or
// its policy retired, before it falls due, or the latest edition no longer has it,
// with no report waiting: then nobody owes it.
func (d dossier) outlives(unit models.Unit, today calendar.Date) bool {
	open := d.row.Outcome == models.Open || d.row.Outcome == models.Unscheduled
	duty := ruleDuty(d.entry, d.row)
	_, asked := d.book.entry(d.entry.row, d.book.row.Edition)
	ends := !asked || endsBefore(duty, d.book.row.RetiredOn, today) || !duty.FallsDueIn(ruleUnit(unit))
	return open && !waiting(d.reports) && ends
}

// withdrawOutlived withdraws the duty when a decision has left it to a unit that
// is closed or no longer bound, or under a policy that is retired or has dropped it.
func (w *write) withdrawOutlived(d dossier, row *models.Duty) error {
	if row.Outcome != models.Open && row.Outcome != models.Unscheduled {
		return nil
	}
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return err
	}
	d.row = *row
	ends := d.outlives(unit, w.today)
	if !ends && !waiting(d.reports) {
		bound, err := w.binds(d.entry, unit)
		if err != nil {
			return err
		}
		ends = !bound
	}
	if ends {
		end(row)
	}
	return nil
}

// binds tells whether the obligation binds the unit. Former names are asked for
// only when the present one is not enough, which is seldom.
func (w *write) binds(e entry, unit models.Unit) (bool, error) {
	if e.rule.Who.Binds(e.policy.Region, ruleUnit(unit)) {
		return true, nil
	}
	names, err := readFormerNames(w.tx)
	return err == nil && e.rule.Who.Binds(e.policy.Region, names.of(unit)), err
}
