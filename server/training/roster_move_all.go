package training

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// MoveAll moves everybody who is, or will be, on the roster of a closed unit from
// the day on to another one, for who keeps the rosters of both. It returns how
// many. A unit that is not closed is a Conflict; a day after it was closed, or a
// unit that cannot take anybody, Invalid.
func (d *Desk) MoveAll(ctx context.Context, actor compliance.Actor, from, to string, on calendar.Date) (int, error) {
	moved := 0
	err := d.write(ctx, actor, func(w *write) error {
		source, err := w.unit(from, keepRoster)
		if err != nil {
			return err
		}
		if source.ClosedOn.IsZero() {
			return models.NewError(models.Conflict, "roster.unit_open", "Unit", source.Name)
		}
		target, err := w.moveTarget(source, to, on)
		if err != nil {
			return err
		}
		moved, err = w.moveAll(source, target, on)
		return err
	})
	return moved, err
}

// moveTarget returns the unit to which everybody goes, if that can be.
func (w *write) moveTarget(source models.Unit, code string, on calendar.Date) (models.Unit, error) {
	var found rosterFaults
	target, err := w.unit(code, keepRoster)
	switch {
	case models.IsCode(err, models.NotFound):
		found.add("unit", "unit_unknown", "Code", code)
	case err != nil:
		return target, err
	case target.ID == source.ID:
		found.add("unit", "move_to_itself", "Unit", source.Name)
	default:
		checkClosing(&found, target, on, 0)
	}
	switch {
	case on.IsZero():
		found.add("start_on", "start_missing")
	case on > source.ClosedOn:
		found.add("start_on", "move_after_closing", "Unit", source.Name, "ClosedOn", source.ClosedOn)
	case on < firstStart:
		found.add("start_on", "start_early", "Day", firstStart)
	}
	return target, models.InvalidFields(found)
}

func (w *write) moveAll(source, target models.Unit, on calendar.Date) (int, error) {
	if err := w.holdRoster(); err != nil {
		return 0, err
	}
	var ids []uint64
	err := staying(w.tx, source.ID, on).Distinct().Order("person_id").Pluck("person_id", &ids).Error
	if err != nil {
		return 0, fmt.Errorf("people of %s: %w", source.Code, err)
	}
	files, err := w.openStaff(ids)
	if err != nil {
		return 0, err
	}
	names := []string{}
	for _, f := range files {
		f.leave(source.ID, target.ID, on)
		if len(names) < namesAtMost {
			names = append(names, f.person.Name)
		}
	}
	if len(files) == 0 {
		return 0, nil
	}
	told := map[string]any{"people": len(files), "names": names, "from_unit": source.Code, "to_unit": target.Code, "from": on}
	for _, unit := range []models.Unit{source, target} {
		if err := w.record(event{action: "transfer-all", object: "person", unit: &unit, permission: keepRoster, detail: told}); err != nil {
			return 0, err
		}
	}
	return len(files), w.keepFiles(files)
}

// staying are the postings in the unit that last until the day or later, as known
// now.
func staying(db *gorm.DB, unit uint64, day calendar.Date) *gorm.DB {
	return knownNow(db.Model(&models.Posting{}), "postings").Where("unit_id = ? AND (end_on IS NULL OR end_on >= ?)", unit, day)
}

// leave has every posting in the unit go on in the other one from the day on.
func (f *staffFile) leave(from, to uint64, on calendar.Date) {
	var onward []models.Posting
	for i := range f.now {
		p := &f.now[i]
		switch {
		case p.UnitID != from || !p.EndOn.IsZero() && p.EndOn < on:
		case p.StartOn >= on:
			p.UnitID = to
		default:
			rest := *p
			rest.ID, rest.UnitID, rest.StartOn = 0, to, on
			onward = append(onward, rest)
			p.EndOn = on - 1
		}
	}
	for _, p := range onward {
		f.add(p)
	}
}
