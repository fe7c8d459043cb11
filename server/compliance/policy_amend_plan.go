package compliance

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/rules"
)

// movable are the outcomes of duties that an amendment moves; withdrawn ones
// come back when they are owed again.
var movable = []models.Outcome{models.Open, models.Reported, models.Unscheduled, models.Withdrawn}

// amendChunk is how many duties are looked at together.
const amendChunk = 500

// run finds what the amendment does to every duty, and does it when it is
// stored. What it must not do makes it a Conflict that names each obligation.
func (a *amending) run() (*Amendment, error) {
	var err error
	if a.names, err = readFormerNames(a.tx); err != nil {
		return nil, err
	}
	units, err := a.unitsOf(a.book.policy.Region)
	if err != nil {
		return nil, err
	}
	ids, err := a.movableDuties()
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		a.checkReports,
		a.countSettled,
		func() error { return a.moveAll(ids) },
		func() error { return a.createAll(units) },
		a.refusal,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	a.seen.add(a.plan.Changes)
	a.plan.Seen = a.seen.String()
	return a.plan, nil
}

// movableDuties returns the ids of the duties that are not settled. When the
// amendment is done they are locked all at once: nobody files for one of them or
// decides on it between the look and the move.
func (a *amending) movableDuties() ([]uint64, error) {
	query := a.tx.Table("duties d").Where("d.obligation_id IN ?", a.book.ids()).Where(outcomeNow+" IN ?", a.lib.rotations(), a.today, movable).Order("d.id")
	if a.storing {
		query = query.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	var ids []uint64
	if err := query.Pluck("d.id", &ids).Error; err != nil {
		return nil, fmt.Errorf("open duties of %s: %w", a.was.Code, err)
	}
	return ids, nil
}

// moveAll moves the duties that are not settled to the new edition.
func (a *amending) moveAll(ids []uint64) error {
	for chunk := range slices.Chunk(ids, amendChunk) {
		var rows []models.Duty
		if err := a.tx.Where("id IN ?", chunk).Order("id").Find(&rows).Error; err != nil {
			return fmt.Errorf("duties of %s: %w", a.was.Code, err)
		}
		if err := stand(a.tx, a.lib, rows, a.today); err != nil {
			return err
		}
		if err := a.moveChunk(rows); err != nil {
			return err
		}
	}
	return nil
}

func (a *amending) moveChunk(rows []models.Duty) error {
	units, err := unitsOf(a.tx, rows)
	if err != nil {
		return err
	}
	next := make([]models.Duty, len(rows))
	owed := make([]bool, len(rows))
	for i, row := range rows {
		if next[i], owed[i], err = a.moved(row, units[row.UnitID]); err != nil {
			return err
		}
	}
	list, err := dossiers(a.tx, a.lib, next)
	if err != nil {
		return err
	}
	var changed []settling
	var withdrawn []uint64
	for i, d := range list {
		switch {
		case owed[i]:
			verdict, err := d.judge(a.lib, a.today)
			if err != nil {
				return err
			}
			take(&next[i], verdict)
		case rows[i].Outcome != models.Withdrawn:
			a.orphan(d)
			withdrawn = append(withdrawn, rows[i].ID)
			end(&next[i])
		default:
			continue // it was withdrawn before
		}
		unit := units[rows[i].UnitID]
		a.tell(d.entry, unit, rows[i], next[i])
		foreseen, err := d.foresee(a.lib, next[i], a.today)
		if err != nil {
			return err
		}
		changed = append(changed, settling{next[i], unit.Path, foreseen})
	}
	drafts, err := a.draftsOf(withdrawn)
	if err != nil {
		return err
	}
	a.plan.Drafts += drafts
	if !a.storing {
		return nil
	}
	return a.settleAll(changed)
}

// moved returns the duty as the new edition has it, and whether the unit still
// owes it; what is no longer owed stays with its edition.
func (a *amending) moved(row models.Duty, unit models.Unit) (next models.Duty, owed bool, err error) {
	was, err := a.lib.of(row)
	if err != nil {
		return row, false, err
	}
	latest, ok := a.lib.demanded(row.ObligationID, a.today)
	if !ok {
		return row, false, nil
	}
	start := rules.Start{}
	if latest.rule.NeedsStart() {
		start = ruleDuty(was, row).Start
	}
	duty, ok := rules.Owed(latest.policy, latest.rule, a.names.of(unit), row.Year, row.Period, start, a.lib.calendar)
	if !ok {
		return row, false, nil
	}
	next = row
	next.Edition, next.Since = latest.edition, duty.Since
	again := dueAgain(latest, next, a.lib.calendar)
	schedule(&next, again)
	// A due date that the office granted may lie behind the unit's closing.
	return next, again.FallsDueIn(a.names.of(unit)), nil
}

// tell counts what becomes of a duty, lists it and marks it. A duty that is
// created was withdrawn before, if it was at all.
func (a *amending) tell(e entry, unit models.Unit, was, now models.Duty) {
	move := DutyMove{Duty: was.ID, Unit: unit, Obligation: e.row.Code, Title: e.rule.Title, Period: now.Period, Subject: now.Subject,
		Before: standingOf(was, a.today), After: standingOf(now, a.today)}
	line := a.plan.of(e.row.Code)
	var fate Fate
	switch {
	case was.Outcome == models.Withdrawn:
		fate = Creates
		a.plan.Created++
		line.Created++
	case now.Outcome == models.Withdrawn:
		fate = Withdraws
		a.plan.Withdrawn++
		line.Withdrawn++
	case move.Before != move.After:
		fate = Moves
		a.plan.Moved++
		line.Moved++
	default:
		a.plan.Kept++
		line.Kept++
		return
	}
	if len(a.plan.Moves[fate]) < MoveLimit {
		a.plan.Moves[fate] = append(a.plan.Moves[fate], move)
	}
	a.seen.add(fate, unit.Code, move.Obligation, move.Period, move.Subject, move.Before, move.After)
}

// createAll creates what the units owe in the active years and have not.
func (a *amending) createAll(units []models.Unit) error {
	given, err := a.given(a.book)
	if err != nil {
		return err
	}
	for _, year := range a.book.years {
		var fresh []newDuty
		for c := range a.missing(a.lib, a.book, units, a.names, year, given) {
			duty := a.fresh(c, a.book.row.Edition)
			row := models.Obligation{ID: c.obligation, Code: c.duty.Obligation.ID}
			a.tell(entry{book: a.book, row: row, rule: c.duty.Obligation}, c.unit, models.Duty{Outcome: models.Withdrawn}, duty.row)
			if a.storing {
				fresh = append(fresh, duty)
			}
		}
		if err := a.insert(fresh); err != nil {
			return err
		}
	}
	return nil
}

// countSettled counts the duties that stay with their editions.
func (a *amending) countSettled() error {
	settled := a.tx.Table("duties d").Where(outcomeNow+" IN ?", a.lib.rotations(), a.today, []models.Outcome{models.Met, models.Late, models.Exempt})
	counts, err := a.countByObligation(settled, a.book.ids())
	if err != nil {
		return err
	}
	for _, row := range a.book.obligations {
		a.plan.of(row.Code).Settled += counts[row.ID]
		a.plan.Settled += counts[row.ID]
	}
	return nil
}

// countByObligation counts the rows of a query on duties d by obligation.
func (w *write) countByObligation(query *gorm.DB, obligations []uint64) (map[uint64]int, error) {
	var rows []struct {
		ObligationID uint64
		Count        int
	}
	err := query.Select("d.obligation_id, COUNT(*) AS count").Where("d.obligation_id IN ?", obligations).Group("d.obligation_id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count by obligation: %w", err)
	}
	counts := make(map[uint64]int, len(rows))
	for _, row := range rows {
		counts[row.ObligationID] = row.Count
	}
	return counts, nil
}

// draftsOf counts the drafts of duties.
func (w *write) draftsOf(duties []uint64) (int, error) {
	if len(duties) == 0 {
		return 0, nil
	}
	var drafts int64
	if err := w.tx.Model(&models.Draft{}).Where("duty_id IN ?", duties).Count(&drafts).Error; err != nil {
		return 0, fmt.Errorf("drafts: %w", err)
	}
	return int(drafts), nil
}
