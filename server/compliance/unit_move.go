package compliance

import (
	"fmt"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
)

// MoveUnit puts a unit, with all that is below it, under another parent. On is
// the day on which it happened: today or earlier this year. It takes its duties
// and reports along, and counts for the new parent from today on.
type MoveUnit struct {
	Code   string
	Parent string
	On     calendar.Date
	Reason string
}

func (deed MoveUnit) do(w *unitWork) error {
	unit, err := w.Lock(w.scope, deed.Code)
	if err != nil {
		return err
	}
	reason, fields := reasonFor(deed.Reason)
	fields = append(fields, w.dayOf(deed.On, w.today, "unit.day_to_come")...)
	if err := models.InvalidFields(fields); err != nil {
		return err
	}
	if above := officeOf(unit.Path); above != "/" && !w.scope.Contains(above) {
		return models.NewError(models.Forbidden, "unit.parent_outside", "Unit", unit.Name)
	}
	if closedBy(unit, w.today) {
		return models.NewError(models.Conflict, "unit.closed_already", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	}
	parent, err := w.newParent(unit, deed.Parent)
	if err != nil {
		return err
	}
	_, err = w.move("move", unit, parent, deed.On, reason)
	return err
}

// newParent returns the parent with the code when the unit may stand under it.
func (w *unitWork) newParent(unit models.Unit, code string) (models.Unit, error) {
	fault := func(key string, args ...any) error {
		return models.InvalidFields([]models.Field{{Name: "parent", Key: key, Args: models.Args(args...)}})
	}
	parent, err := w.Lock(w.scope, code)
	switch {
	case models.IsCode(err, models.NotFound):
		return parent, fault("organization.unit_parent", "Parent", code)
	case err != nil:
		return parent, err
	case rbac.Scope{unit.Path}.Contains(parent.Path):
		return parent, fault("organization.unit_circle", "Parent", parent.Name)
	case unit.ParentID != nil && *unit.ParentID == parent.ID:
		return parent, fault("unit.same_parent", "Unit", unit.Name, "Parent", parent.Name)
	case closedBy(parent, w.today):
		return parent, fault("unit.parent_closed", "Unit", parent.Name, "ClosedOn", parent.ClosedOn)
	}
	placed := unit
	placed.ParentID = &parent.ID
	return parent, underPrefix("", w.Check(placed))
}

// move puts the unit under the parent and counts its subtree there from today on.
func (w *unitWork) move(action string, unit, parent models.Unit, on calendar.Date, reason string) (models.Unit, error) {
	moved, err := w.Register.Move(unit, parent)
	if err != nil {
		return moved, err
	}
	moves, err := w.carry(moved, unit.Path, moved.Path)
	if err != nil {
		return moved, err
	}
	w.gains.add(moves, w.today)
	return moved, w.told(action, &unit, moved, on, reason)
}

// MergeUnits closes units in favour of one: an existing one, Into, or New, which
// is opened on that day. Units below the merged ones move under the successor.
// Duties and reports of the past stay with the units that had them.
type MergeUnits struct {
	Codes  []string
	Into   string
	New    *organization.NewUnit
	On     calendar.Date
	Reason string
}

func (deed MergeUnits) do(w *unitWork) error {
	reason, fields := reasonFor(deed.Reason)
	fields = append(fields, w.dayOf(deed.On, w.today, "unit.day_to_come")...)
	codes := slices.Compact(slices.Sorted(slices.Values(deed.Codes)))
	if len(codes) == 0 {
		fields = append(fields, models.Field{Name: "codes", Key: "filing.required"})
	}
	if err := models.InvalidFields(fields); err != nil {
		return err
	}
	merged := make([]models.Unit, len(codes))
	for i, code := range codes {
		var err error
		if merged[i], err = w.lock("codes", code); err != nil {
			return err
		}
	}
	successor, err := w.successor(deed, merged, reason)
	if err != nil {
		return err
	}
	if err := w.takeOver(successor, merged, deed.On, reason); err != nil {
		return err
	}
	units, err := w.asTheyAre(merged)
	if err != nil {
		return err
	}
	for _, unit := range units {
		if err := w.close("merge", unit, deed.On, reason, &successor.ID); err != nil {
			return err
		}
	}
	return nil
}

// successor returns the unit that takes over, opened when it is a new one.
func (w *unitWork) successor(deed MergeUnits, merged []models.Unit, reason string) (models.Unit, error) {
	if deed.New != nil {
		row := *deed.New
		row.OpenedOn = deed.On
		if slices.ContainsFunc(merged, func(u models.Unit) bool { return u.Code == row.Parent }) {
			return models.Unit{}, models.InvalidFields([]models.Field{{Name: "new_parent", Key: "unit.successor_below",
				Args: models.Args("Unit", row.Parent, "Successor", row.Name)}})
		}
		return w.open("new_", row, reason)
	}
	successor, err := w.lock("into", deed.Into)
	if err != nil {
		return successor, err
	}
	fault := func(key string, args ...any) error {
		return models.InvalidFields([]models.Field{{Name: "into", Key: key, Args: models.Args(args...)}})
	}
	if closedBy(successor, w.today) || !successor.ClosedOn.IsZero() {
		return successor, fault("unit.closed_already", "Unit", successor.Name, "ClosedOn", successor.ClosedOn)
	}
	if successor.OpenedOn > deed.On {
		return successor, fault("unit.not_open_yet", "Unit", successor.Name, "OpenedOn", successor.OpenedOn)
	}
	for _, unit := range merged {
		switch {
		case unit.ID == successor.ID:
			return successor, fault("unit.merged_into_itself", "Unit", unit.Name)
		case rbac.Scope{unit.Path}.Contains(successor.Path):
			return successor, fault("unit.successor_below", "Unit", unit.Name, "Successor", successor.Name)
		}
	}
	w.owing = append(w.owing, successor)
	return successor, nil
}

// takeOver moves the open units right below the merged ones under the successor.
func (w *unitWork) takeOver(successor models.Unit, merged []models.Unit, on calendar.Date, reason string) error {
	ids := idsOfUnits(merged)
	for _, unit := range merged {
		children, err := w.Children(unit)
		if err != nil {
			return err
		}
		for _, child := range children {
			if closedBy(child, on) || slices.Contains(ids, child.ID) || child.ID == successor.ID {
				continue
			}
			if child, err = w.Lock(w.scope, child.Code); err != nil {
				return fmt.Errorf("child of %s: %w", unit.Code, err)
			}
			placed := child
			placed.ParentID = &successor.ID
			if err := w.Check(placed); models.IsCode(err, models.Invalid) {
				return models.NewError(models.Conflict, "unit.cannot_take_over", "Unit", child.Name, "Successor", successor.Name)
			} else if err != nil {
				return err
			}
			if _, err := w.move("take_over", child, successor, on, reason); err != nil {
				return err
			}
		}
	}
	return nil
}
