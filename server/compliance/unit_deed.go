package compliance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/organization"
)

// OpenUnit opens a unit under the parent: it owes what falls due from its opening
// on. A code is used once, for ever.
type OpenUnit struct {
	Unit   organization.NewUnit
	Reason string
}

func (deed OpenUnit) do(w *unitWork) error {
	_, err := w.open("", deed.Unit, deed.Reason)
	return err
}

// open adds the unit; prefix stands before the names of its fields.
func (w *unitWork) open(prefix string, row organization.NewUnit, reason string) (models.Unit, error) {
	var fields []models.Field
	fault := func(name, key string, args ...any) {
		fields = append(fields, models.Field{Name: prefix + name, Key: key, Args: models.Args(args...)})
	}
	var taken int64
	if err := w.tx.Model(&models.Unit{}).Where("code = ?", row.Code).Count(&taken).Error; err != nil {
		return models.Unit{}, fmt.Errorf("unit with code: %w", err)
	}
	if taken > 0 {
		fault("code", "unit.code_taken", "Code", row.Code)
	}
	switch {
	case row.OpenedOn.IsZero():
		fault("opened_on", "filing.date_required")
	case row.OpenedOn > w.horizon():
		fault("opened_on", "unit.day_too_late", "Value", row.OpenedOn, "Latest", w.horizon())
	}
	parent, err := w.Lock(w.scope, row.Parent)
	switch {
	case models.IsCode(err, models.NotFound):
		fault("parent", "organization.unit_parent", "Parent", row.Parent)
	case err != nil:
		return parent, err
	case closedBy(parent, max(row.OpenedOn, w.today)):
		fault("parent", "unit.parent_closed", "Unit", parent.Name, "ClosedOn", parent.ClosedOn)
	}
	if err := models.InvalidFields(fields); err != nil {
		return parent, err
	}
	row.Demo = parent.Demo
	if err := w.Put(w.scope, []organization.NewUnit{row}); err != nil {
		return parent, underPrefix(prefix, err)
	}
	opened, err := w.Lock(w.scope, row.Code)
	if err != nil {
		return opened, err
	}
	w.owing = append(w.owing, opened)
	return opened, w.told("open", nil, opened, row.OpenedOn, strings.TrimSpace(reason))
}

// closedBy tells whether the unit is known to be closed on the day.
func closedBy(unit models.Unit, day calendar.Date) bool {
	return !unit.ClosedOn.IsZero() && unit.ClosedOn <= day
}

// underPrefix gives the faults of the register's only row the names that the
// fields of a form have.
func underPrefix(prefix string, err error) error {
	var faulty *models.Error
	if !errors.As(err, &faulty) || faulty.Code != models.Invalid {
		return err
	}
	fields := slices.Clone(faulty.Fields)
	for i := range fields {
		fields[i].Name = prefix + strings.TrimPrefix(fields[i].Name, "units[0].")
	}
	return models.InvalidFields(fields)
}

// EditUnit changes what a unit is called and what it is. Position is its place
// among its siblings, the first one 1; 0 leaves it where it is.
type EditUnit struct {
	Code     string
	Name     string
	NameEN   string
	Class    string
	Kind     models.UnitKind
	Position int
	Reason   string
}

func (deed EditUnit) do(w *unitWork) error {
	unit, err := w.lock("", deed.Code)
	if err != nil {
		return err
	}
	now := unit
	now.Name, now.NameEN, now.Class, now.Kind = strings.TrimSpace(deed.Name), strings.TrimSpace(deed.NameEN), strings.TrimSpace(deed.Class), deed.Kind
	if err := underPrefix("", w.Check(now)); err != nil {
		return err
	}
	if deed.Position > 0 && unit.ParentID != nil {
		if now.Position, err = w.reorder(unit, deed.Position); err != nil {
			return err
		}
	}
	if now == unit {
		return models.NewError(models.Conflict, "unit.nothing_changed")
	}
	return w.saved("edit", unit, now, 0, strings.TrimSpace(deed.Reason))
}

// reorder makes room for the unit at a place among its siblings and returns its
// position there.
func (w *unitWork) reorder(unit models.Unit, place int) (int, error) {
	siblings, err := w.Children(models.Unit{ID: *unit.ParentID})
	if err != nil {
		return 0, err
	}
	others := slices.DeleteFunc(slices.Clone(siblings), func(u models.Unit) bool { return u.ID == unit.ID })
	place = min(place, len(others)+1)
	if place <= len(siblings) && siblings[place-1].ID == unit.ID {
		return unit.Position, nil
	}
	var moved []models.Unit
	for i, other := range others {
		position := i + 1
		if position >= place {
			position++
		}
		if other.Position != position {
			other.Position = position
			moved = append(moved, other)
		}
	}
	return place, w.Save(moved...)
}

// CloseUnit closes a unit on a day, the first on which it no longer exists. It
// may be announced beforehand. Units below must be closed or moved first.
type CloseUnit struct {
	Code   string
	On     calendar.Date
	Reason string
}

func (deed CloseUnit) do(w *unitWork) error {
	unit, err := w.lock("", deed.Code)
	if err != nil {
		return err
	}
	reason, fields := reasonFor(deed.Reason)
	fields = append(fields, w.dayOf(deed.On, w.horizon(), "unit.day_too_late")...)
	if err := models.InvalidFields(fields); err != nil {
		return err
	}
	children, err := w.Children(unit)
	if err != nil {
		return err
	}
	var open []string
	for _, child := range children {
		if !closedBy(child, deed.On) {
			open = append(open, child.Name)
		}
	}
	if len(open) > 0 {
		return models.NewError(models.Conflict, "unit.has_children", "Unit", unit.Name, "Count", len(open), "Children", open[:min(len(open), namedAtMost)])
	}
	return w.close("close", unit, deed.On, reason, nil)
}

// namedAtMost bounds the units that a message names.
const namedAtMost = 5

// close closes the unit, in favour of its successor when there is one.
func (w *unitWork) close(action string, unit models.Unit, on calendar.Date, reason string, successor *uint64) error {
	switch {
	case !unit.ClosedOn.IsZero():
		return models.NewError(models.Conflict, "unit.closed_already", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case on <= unit.OpenedOn:
		return models.InvalidFields([]models.Field{{Name: "on", Key: "organization.unit_closed", Args: models.Args("Opened", unit.OpenedOn, "Closed", on)}})
	}
	now := unit
	now.ClosedOn, now.SuccessorID = on, successor
	return w.saved(action, unit, now, on, reason)
}

// ReopenUnit undoes a closing or merging that was entered by mistake. Units that
// were moved to a successor stay there.
type ReopenUnit struct {
	Code   string
	Reason string
}

func (deed ReopenUnit) do(w *unitWork) error {
	unit, err := w.lock("", deed.Code)
	if err != nil {
		return err
	}
	reason, fields := reasonFor(deed.Reason)
	if err := models.InvalidFields(fields); err != nil {
		return err
	}
	if unit.ClosedOn.IsZero() {
		return models.NewError(models.Conflict, "unit.not_closed", "Unit", unit.Name)
	}
	if unit.ParentID != nil {
		var parent models.Unit
		if err := one(w.tx.Where("id = ?", *unit.ParentID), &parent, "parent"); err != nil {
			return err
		}
		if closedBy(parent, w.today) {
			return models.NewError(models.Conflict, "unit.parent_closed", "Unit", parent.Name, "ClosedOn", parent.ClosedOn)
		}
	}
	now := unit
	now.ClosedOn, now.SuccessorID = 0, nil
	return w.saved("reopen", unit, now, 0, reason)
}
