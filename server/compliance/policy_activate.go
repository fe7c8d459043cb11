package compliance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

const batch = 200

// LoadPolicy stores a policy pack with its obligations. The same pack again
// changes nothing; another pack with the same id is a Conflict, since its duties
// may already be judged.
func (l *Ledger) LoadPolicy(ctx context.Context, actor Actor, source []byte) error {
	policy, err := rules.ParsePolicy(source)
	if err != nil {
		return err
	}
	return l.write(ctx, actor, func(w *write) error { return w.loadPolicy(policy, string(source)) })
}

func (w *write) loadPolicy(policy *rules.Policy, source string) error {
	var old models.Policy
	switch err := w.tx.Where("code = ?", policy.ID).Take(&old).Error; {
	case err == nil && old.Source == source:
		return nil
	case err == nil:
		return models.NewError(models.Conflict, "policy.loaded_differently", "Policy", policy.ID)
	case !errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("policy: %w", err)
	}
	row := models.Policy{Code: policy.ID, Number: policy.Number, TitleZH: policy.Title.ZH, TitleEN: policy.Title.EN,
		Published: policy.Published, Source: source, LoadedAt: w.moment.at, Edition: 1, Levels: 1}
	*w.policies = nil
	if err := w.tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store policy: %w", err)
	}
	first := models.PolicyEdition{PolicyID: row.ID, Edition: 1, Source: source, LoadedAt: w.moment.at, KnownOn: models.Always}
	if w.actor.ID != 0 {
		first.LoadedBy = &w.actor.ID
	}
	if err := w.tx.Create(&first).Error; err != nil {
		return fmt.Errorf("store edition: %w", err)
	}
	obligations := make([]models.Obligation, len(policy.Obligations))
	for i, o := range policy.Obligations {
		obligations[i] = models.Obligation{PolicyID: row.ID, Code: o.ID, Position: i, Clause: o.Clause, TitleZH: o.Title.ZH, TitleEN: o.Title.EN}
	}
	if err := w.tx.CreateInBatches(obligations, batch).Error; err != nil {
		return fmt.Errorf("store obligations: %w", err)
	}
	return w.record(event{action: "load", object: "policy", id: row.ID, detail: map[string]any{"code": row.Code, "obligations": len(obligations)}})
}

// Activation tells what activating a policy for a year created.
type Activation struct {
	Units  int
	Duties int
}

// Activate creates the duties that the policy gives its units in the year. A
// policy already active in the year is a Conflict, a year in which it demands
// nothing Invalid; an actor who may not activate policies for all units of its
// region is Forbidden.
func (l *Ledger) Activate(ctx context.Context, actor Actor, code string, year int) (Activation, error) {
	var done Activation
	if !actor.Access.Allows("policy", "activate") {
		return done, models.NewError(models.Forbidden, "error.forbidden")
	}
	err := l.write(ctx, actor, func(w *write) error {
		err := w.mayActivate(code)
		if err == nil {
			done, err = w.activate(code, year)
		}
		return err
	})
	return done, err
}

// mayActivate refuses a policy that binds units outside the actor's grants.
func (w *write) mayActivate(code string) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	b, err := lib.find(code)
	if err != nil {
		return err
	}
	units, err := w.unitsOf(b.policy.Region)
	if err != nil {
		return err
	}
	scope := w.actor.Access.Scope("policy", "activate")
	if slices.ContainsFunc(units, func(u models.Unit) bool { return !scope.Contains(u.Path) }) {
		return models.NewError(models.Forbidden, "error.forbidden")
	}
	return nil
}

func (w *write) activate(code string, year int) (Activation, error) {
	lib, err := w.lib()
	if err != nil {
		return Activation{}, err
	}
	b, err := lib.find(code)
	if err != nil {
		return Activation{}, err
	}
	// Units are opened and closed meanwhile, or before or after, but not in between.
	if err := w.lockPolicies("id = ?", b.row.ID); err != nil {
		return Activation{}, err
	}
	var active int64
	if err := w.tx.Model(&models.Activation{}).Where("policy_id = ? AND year = ?", b.row.ID, year).Count(&active).Error; err != nil {
		return Activation{}, fmt.Errorf("activations: %w", err)
	}
	if active > 0 {
		return Activation{}, models.NewError(models.Conflict, "policy.active", "Policy", code, "Year", year)
	}
	*w.policies = nil
	activation := models.Activation{PolicyID: b.row.ID, Year: year, ActivatedAt: w.moment.at}
	if err := w.tx.Create(&activation).Error; err != nil {
		return Activation{}, fmt.Errorf("store activation: %w", err)
	}
	units, err := w.unitsOf(b.policy.Region)
	if err != nil {
		return Activation{}, err
	}
	done, err := w.createDuties(b, units, year)
	if err != nil {
		return Activation{}, err
	}
	if done.Duties == 0 {
		return Activation{}, models.InvalidFields([]models.Field{{Name: "year", Key: "policy.nothing_in_year", Args: models.Args("Policy", code, "Year", year)}})
	}
	return done, w.record(event{action: "activate", object: "policy", id: b.row.ID,
		detail: map[string]any{"code": code, "year": year, "units": done.Units, "duties": done.Duties}})
}

// unitsOf returns the units of a region, the region's own among them.
func (w *write) unitsOf(region string) ([]models.Unit, error) {
	var units []models.Unit
	if err := w.tx.Where("code LIKE ?", rules.RegionPrefix(region)+"%").Order("path").Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units of %s: %w", region, err)
	}
	return units, nil
}

// lockPolicies locks policies until the write ends: who creates a year's duties
// and who changes the units that owe them take turns.
func (w *write) lockPolicies(where string, args ...any) error {
	var locked []uint64
	if err := w.tx.Model(&models.Policy{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where(where, args...).Order("id").Pluck("id", &locked).Error; err != nil {
		return fmt.Errorf("lock policies: %w", err)
	}
	return nil
}

// ruleUnits returns the units, by id, as the rules know them.
func (w *write) ruleUnits(units []models.Unit) (map[uint64]rules.Unit, error) {
	byID := make(map[uint64]rules.Unit, len(units))
	for some := range slices.Chunk(units, batch) {
		ids := make([]uint64, len(some))
		for i, u := range some {
			ids[i] = u.ID
		}
		var changes []models.UnitChange
		if err := w.tx.Select("unit_id, name").Where("unit_id IN ?", ids).Order("unit_id, known_on").Find(&changes).Error; err != nil {
			return nil, fmt.Errorf("former names: %w", err)
		}
		for _, u := range some {
			byID[u.ID] = ruleUnit(u, changes)
		}
	}
	return byID, nil
}

// ruleUnit returns the unit with the names that the changes know of it.
func ruleUnit(u models.Unit, changes []models.UnitChange) rules.Unit {
	unit := rules.Unit{Code: u.Code, Name: u.Name, Kind: rules.UnitKind(u.Kind), OpenedOn: u.OpenedOn, ClosedOn: u.ClosedOn}
	for _, change := range changes {
		if change.UnitID == u.ID && change.Name != u.Name {
			unit.FormerNames = append(unit.FormerNames, change.Name)
		}
	}
	return unit
}

// dutyKey identifies a duty among those of a policy.
type dutyKey struct {
	unit, obligation uint64
	period           string
}

// createDuties stores the duties of a year that are not there yet: a cycle's may
// have come with an earlier year.
func (w *write) createDuties(b *book, units []models.Unit, year int) (Activation, error) {
	lib, err := w.lib()
	if err != nil {
		return Activation{}, err
	}
	ids := map[string]uint64{}
	var list []uint64
	for _, row := range b.obligations {
		ids[row.Code] = row.ID
		list = append(list, row.ID)
	}
	existing, err := w.existing(list)
	if err != nil {
		return Activation{}, err
	}
	known, err := w.ruleUnits(units)
	if err != nil {
		return Activation{}, err
	}
	var done Activation
	var fresh []newDuty
	for _, unit := range units {
		before := len(fresh)
		for _, d := range rules.Schedule(b.policy, known[unit.ID], nil, lib.calendar, year) {
			if !existing[dutyKey{unit.ID, ids[d.Obligation.ID], d.Period.Name}] {
				// Nobody knew of the duty before its policy was activated: boards of
				// earlier days stay as they were.
				fresh = append(fresh, newDuty{dutyRow(d, unit.ID, ids[d.Obligation.ID], b.row.Edition), unit.Path, max(d.Since, w.today)})
			}
		}
		if len(fresh) > before {
			done.Units++
		}
	}
	done.Duties = len(fresh)
	return done, w.insert(fresh)
}

func (w *write) existing(obligations []uint64) (map[dutyKey]bool, error) {
	var rows []models.Duty
	if err := w.tx.Select("unit_id, obligation_id, period").Where("obligation_id IN ?", obligations).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("duties: %w", err)
	}
	existing := make(map[dutyKey]bool, len(rows))
	for _, row := range rows {
		existing[dutyKey{row.UnitID, row.ObligationID, row.Period}] = true
	}
	return existing, nil
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
	return nil
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
		Edition: row.Edition, Extended: !row.ExtendedTo.IsZero() && row.ExtendedTo == row.DueOn}
}
