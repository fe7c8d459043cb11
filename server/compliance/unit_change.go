package compliance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
	"sundial/server/store"
)

// UnitDeed is a change of units by an administrator: OpenUnit, EditUnit,
// CloseUnit, ReopenUnit, MoveUnit or MergeUnits. It is known from today on,
// whatever its date: boards of earlier days stay as they are.
type UnitDeed interface {
	do(w *unitWork) error
}

// unitWork is a change of units under way.
type unitWork struct {
	*write
	organization.Register
	// scope is where the actor manages units.
	scope rbac.Scope
	// owing are the units whose duties are to be brought into line at the end.
	owing   []models.Unit
	effects *UnitEffects
	gains   boardGains
}

// errTried rolls a preview back.
var errTried = errors.New("the change was only tried")

// PreviewUnits tells what ChangeUnits would do: it is done, looked at and rolled
// back. The errors are those of ChangeUnits.
func (l *Ledger) PreviewUnits(ctx context.Context, actor Actor, deed UnitDeed) (*UnitEffects, error) {
	effects, err := l.changeUnits(ctx, actor, deed, func(*UnitEffects) error { return errTried })
	if errors.Is(err, errTried) {
		err = nil
	}
	return effects, err
}

// ChangeUnits makes the change with all that follows from it: duties, counts and
// history, in one transaction. Seen is the digest of the preview that the actor
// agreed to; when something else would happen by now it is Stale, and the effects
// tell what. An empty one agrees to whatever happens. Units outside of where the
// actor manages units are NotFound; what is wrong is Invalid, what the state of
// the units forbids a Conflict.
func (l *Ledger) ChangeUnits(ctx context.Context, actor Actor, deed UnitDeed, seen string) (*UnitEffects, error) {
	return l.changeUnits(ctx, actor, deed, func(effects *UnitEffects) error {
		if seen != "" && seen != effects.Digest {
			return models.NewError(models.Stale, "unit.preview_stale")
		}
		return nil
	})
}

func (l *Ledger) changeUnits(ctx context.Context, actor Actor, deed UnitDeed, agree func(*UnitEffects) error) (*UnitEffects, error) {
	if !actor.Access.Allows("unit", "manage") {
		return nil, models.NewError(models.Forbidden, "error.forbidden")
	}
	var effects *UnitEffects
	err := l.write(ctx, actor, func(w *write) error {
		// What is owed follows from policies and units: whoever changes either waits.
		if err := w.lockPolicies(); err != nil {
			return err
		}
		effects = &UnitEffects{}
		work := &unitWork{write: w, Register: organization.NewRegister(w.tx, w.today), scope: actor.Access.Scope("unit", "manage"),
			effects: effects, gains: boardGains{}}
		if err := deed.do(work); err != nil {
			return err
		}
		if err := work.finish(); err != nil {
			return err
		}
		return agree(effects)
	})
	return effects, err
}

// lockPolicies locks all policies until the write ends: who creates duties and
// who changes the units that owe them take turns.
func (w *write) lockPolicies() error {
	var locked []uint64
	if err := w.tx.Model(&models.Policy{}).Clauses(clause.Locking{Strength: "UPDATE"}).Order("id").Pluck("id", &locked).Error; err != nil {
		return fmt.Errorf("lock policies: %w", err)
	}
	return nil
}

// lock returns the unit with the code, locked with its duties until the write
// ends. Field names the input that a unit which is not there is told of.
func (w *unitWork) lock(field, code string) (models.Unit, error) {
	unit, err := w.Lock(w.scope, code)
	if models.IsCode(err, models.NotFound) && field != "" {
		return unit, models.InvalidFields([]models.Field{{Name: field, Key: "organization.unit_not_found", Args: models.Args("Code", code)}})
	}
	if err != nil {
		return unit, err
	}
	// Reports lock their duty before they count; so does this.
	_, err = w.lockDuties([]models.Unit{unit})
	return unit, err
}

// saved stores the unit, tells of it and has its duties brought into line.
func (w *unitWork) saved(action string, before, now models.Unit, on calendar.Date, reason string) error {
	if err := w.Save(now); err != nil {
		return err
	}
	w.owing = append(w.owing, now)
	return w.told(action, &before, now, on, reason)
}

// told records what became of a unit.
func (w *unitWork) told(action string, before *models.Unit, now models.Unit, on calendar.Date, reason string) error {
	effect := UnitEffect{Action: action, Before: before, After: now}
	if err := w.relate(&effect); err != nil {
		return err
	}
	w.effects.Units = append(w.effects.Units, effect)
	detail := map[string]any{"code": now.Code, "reason": reason}
	if !on.IsZero() {
		detail["on"] = on
	}
	if effect.Successor.ID != 0 && (before == nil || before.SuccessorID == nil) {
		detail["into"] = effect.Successor.Name
	}
	e := event{action: action, object: "unit", id: now.ID, unit: &now, office: rbac.Permission{Object: "unit", Action: "manage"}, detail: detail,
		now: unitFacts(now, effect.To, effect.Successor)}
	if before != nil {
		e.before = unitFacts(*before, effect.From, models.Unit{})
	}
	return w.record(e)
}

// relate names the units that the effect has to do with.
func (w *unitWork) relate(e *UnitEffect) error {
	read := func(id *uint64, unit *models.Unit) error {
		if id == nil {
			return nil
		}
		return one(w.tx.Where("id = ?", *id), unit, "unit")
	}
	if e.Before != nil {
		if err := read(e.Before.ParentID, &e.From); err != nil {
			return err
		}
	}
	return errors.Join(read(e.After.ParentID, &e.To), read(e.After.SuccessorID, &e.Successor))
}

// unitFacts are what the audit log tells of a unit before and after a write.
func unitFacts(unit, parent, successor models.Unit) map[string]any {
	return map[string]any{"name": unit.Name, "name_en": unit.NameEN, "kind": unit.Kind, "class": unit.Class, "parent": parent.Name, "path": unit.Path,
		"position": unit.Position, "opened_on": unit.OpenedOn, "closed_on": unit.ClosedOn, "successor": successor.Name}
}

// finish brings duties into line with the units, and tells of duties and boards.
func (w *unitWork) finish() error {
	units, err := w.asTheyAre(w.owing)
	if err != nil {
		return err
	}
	if len(units) > 0 {
		done, err := w.reconcile(units)
		if err != nil {
			return err
		}
		w.gains.add(done.moves, w.today)
		if err := w.effects.addDuties(w.write, units, done); err != nil {
			return err
		}
	}
	if err := w.effects.addBoards(w); err != nil {
		return err
	}
	w.effects.seal()
	return nil
}

// asTheyAre reads the units again, each once: some of them may have been moved.
func (w *unitWork) asTheyAre(units []models.Unit) ([]models.Unit, error) {
	var rows []models.Unit
	if err := w.tx.Where("id IN ?", idsOfUnits(units)).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("units: %w", store.Translate(err))
	}
	return rows, nil
}

// reasonFor checks why a unit is changed.
func reasonFor(text string) (string, []models.Field) {
	text = strings.TrimSpace(text)
	switch length := utf8.RuneCountInString(text); {
	case length == 0:
		return text, []models.Field{{Name: "reason", Key: "filing.required"}}
	case length > maxReason:
		return text, []models.Field{{Name: "reason", Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxReason)}}
	default:
		return text, nil
	}
}

// dayOf checks the day of a change: inside this year, and up to the latest one
// that may be entered today.
func (w *unitWork) dayOf(on, latest calendar.Date, tooLate string) []models.Field {
	first := calendar.NewDate(w.today.Year(), 1, 1)
	switch {
	case on.IsZero():
		return []models.Field{{Name: "on", Key: "filing.date_required"}}
	case on > latest:
		return []models.Field{{Name: "on", Key: tooLate, Args: models.Args("Value", on, "Latest", latest)}}
	case on < first:
		return []models.Field{{Name: "on", Key: "unit.day_too_early", Args: models.Args("Value", on, "First", first)}}
	default:
		return nil
	}
}

// horizon is the last day of the next year: changes may be announced up to it.
func (w *unitWork) horizon() calendar.Date { return calendar.NewDate(w.today.Year()+1, 12, 31) }
