package compliance

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

const batch = 200

// Activation tells what activating a policy for a year created.
type Activation struct {
	Units  int
	Duties int
}

// Activate creates the duties that the policy gives its units in the year. A
// policy already active in the year is a Conflict, as is one retired before it; a
// year in which it demands nothing is Invalid; an actor who may not activate
// policies for all units of its region is Forbidden.
func (l *Ledger) Activate(ctx context.Context, actor Actor, code string, year int) (Activation, error) {
	return l.ActivateSeen(ctx, actor, code, year, "")
}

// ActivateSeen is Activate by who has seen the preview with the mark: it is
// Stale when the outcome would be another one by now. An empty mark is of none.
func (l *Ledger) ActivateSeen(ctx context.Context, actor Actor, code string, year int, seen string) (Activation, error) {
	var done Activation
	if !actor.Access.Allows("policy", "activate") {
		return done, models.NewError(models.Forbidden, "error.forbidden")
	}
	err := l.write(ctx, actor, func(w *write) error {
		_, _, err := w.bindable(code)
		if err != nil {
			return err
		}
		done, err = w.activate(code, year, seen)
		return err
	})
	return done, err
}

func (w *write) activate(code string, year int, seen string) (Activation, error) {
	if err := w.holdDueDates(); err != nil {
		return Activation{}, err
	}
	*w.policies = nil
	lib, err := w.lib()
	if err != nil {
		return Activation{}, err
	}
	b, err := lib.find(code)
	if err != nil {
		return Activation{}, err
	}
	if _, err := w.lockPolicy(b); err != nil {
		return Activation{}, err
	}
	if err := w.inactive(b, year); err != nil {
		return Activation{}, err
	}
	*w.policies = nil
	activation := models.Activation{PolicyID: b.row.ID, Year: year, ActivatedAt: w.moment.at}
	if err := w.tx.Create(&activation).Error; err != nil {
		return Activation{}, fmt.Errorf("store activation: %w", err)
	}
	var fresh []newDuty
	plan, err := w.planActivation(b, year, func(c claim) { fresh = append(fresh, w.fresh(c, b.row.Edition)) })
	if err != nil {
		return Activation{}, err
	}
	if seen != "" && seen != plan.Seen {
		return Activation{}, models.NewError(models.Stale, "policy.preview_stale")
	}
	if err := w.insert(fresh); err != nil {
		return Activation{}, err
	}
	return plan.Activation, w.record(event{action: "activate", object: "policy", id: b.row.ID,
		detail: map[string]any{"code": code, "year": year, "units": plan.Units, "duties": plan.Duties}})
}

// lockPolicy locks the policy until the write ends. It is Stale when it was
// amended or retired since it was read.
func (w *write) lockPolicy(b *book) (*models.Policy, error) {
	var row models.Policy
	if err := one(w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", b.row.ID), &row, "policy"); err != nil {
		return nil, err
	}
	if row.Edition != b.row.Edition || row.RetiredOn != b.row.RetiredOn {
		return nil, models.NewError(models.Stale, "policy.preview_stale")
	}
	return &row, nil
}

// inactive refuses a year in which the policy is active already, or retired.
func (w *write) inactive(b *book, year int) error {
	var active int64
	if err := w.tx.Model(&models.Activation{}).Where("policy_id = ? AND year = ?", b.row.ID, year).Count(&active).Error; err != nil {
		return fmt.Errorf("activations: %w", err)
	}
	switch retired := b.row.RetiredOn; {
	case active > 0:
		return models.NewError(models.Conflict, "policy.active", "Policy", b.row.Code, "Year", year)
	case !retired.IsZero() && retired <= calendar.NewDate(year, time.January, 1):
		return models.NewError(models.Conflict, "policy.retired", "On", retired)
	default:
		return nil
	}
}

// unitsOf returns the units of a region, the region's own among them.
func (w *write) unitsOf(region string) ([]models.Unit, error) {
	var units []models.Unit
	if err := w.tx.Where("code LIKE ?", rules.RegionPrefix(region)+"%").Order("path").Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units of %s: %w", region, err)
	}
	return units, nil
}

func ruleUnit(u models.Unit) rules.Unit {
	return rules.Unit{Code: u.Code, Name: u.Name, Kind: rules.UnitKind(u.Kind), OpenedOn: u.OpenedOn, ClosedOn: u.ClosedOn}
}

// dutyRow returns a scheduled duty as it is stored before anything is reported.
func dutyRow(d rules.Duty, unit, obligation uint64, edition int) models.Duty {
	row := models.Duty{UnitID: unit, ObligationID: obligation, Period: d.Period.Name, Year: d.Period.Year, UntilYear: d.Period.UntilYear(),
		Since: d.Since, Outcome: models.Open, Edition: edition}
	schedule(&row, d)
	return row
}

// schedule puts the trigger and the due date of d on the row.
func schedule(row *models.Duty, d rules.Duty) {
	row.Subject, row.SubjectTitle, row.TriggerOn = d.Start.Subject, d.Start.Title, d.Start.On
	row.DueOn, row.Provisional = d.DueOn, d.Provisional
	if !d.Start.At.IsZero() {
		at, due := store.Instant(d.Start.At), store.Instant(d.DueAt)
		row.TriggerAt, row.DueAt = &at, &due
	}
	if row.DueOn.IsZero() {
		row.Outcome = models.Unscheduled
	} else if row.Outcome == models.Unscheduled {
		row.Outcome = models.Open
	}
}

// newDuty is a duty to be stored, its unit's path, and from when it is known.
type newDuty struct {
	row     models.Duty
	path    string
	knownOn calendar.Date
}

// insertChunk bounds how many duties are held in memory at a time.
const insertChunk = 5000

// insert stores new duties with what is known of them, and counts them.
func (w *write) insert(fresh []newDuty) error {
	for chunk := range slices.Chunk(fresh, insertChunk) {
		if err := w.insertChunk(chunk); err != nil {
			return err
		}
	}
	return w.judgeFreshRotations(fresh)
}

func (w *write) insertChunk(fresh []newDuty) error {
	rows := make([]models.Duty, len(fresh))
	for i, n := range fresh {
		rows[i] = n.row
	}
	if err := w.tx.CreateInBatches(&rows, batch).Error; err != nil {
		return fmt.Errorf("store duties: %w", err)
	}
	changes := make([]models.DutyChange, len(fresh))
	moves := newTallyMoves()
	for i, n := range fresh {
		changes[i] = changeOf(rows[i], n.knownOn)
		moves.move(n.path, rows[i], nil, &changes[i])
	}
	if err := w.tx.CreateInBatches(changes, batch).Error; err != nil {
		return fmt.Errorf("store duty changes: %w", err)
	}
	return w.apply(moves)
}

func changeOf(row models.Duty, knownOn calendar.Date) models.DutyChange {
	return models.DutyChange{DutyID: row.ID, KnownOn: knownOn, Outcome: row.Outcome, DueOn: row.DueOn, Provisional: row.Provisional, DoneOn: row.DoneOn,
		Edition: row.Edition, Extended: isExtended(row), People: row.People, Trained: row.Trained}
}

// isExtended tells whether the duty's due date is one that the office granted.
func isExtended(row models.Duty) bool {
	return !row.ExtendedTo.IsZero() && row.ExtendedTo == row.DueOn
}
