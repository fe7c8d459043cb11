package supervision

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
)

// answersRectification are whom an inspection concerns in a unit: those who will have to
// put right what it finds.
var answersRectification = rbac.Permission{Object: "rectification", Action: "answer"}

// actOn lets the office of an open inspection do something with it: it is locked, and what
// was seen of it is not stale.
func (d *Desk) actOn(ctx context.Context, actor compliance.Actor, id uint64, version int, do func(w *desk.Write, in *inspected) error) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		in, err := managedInspection(w, id)
		if err != nil {
			return err
		}
		if in.row.Version != version {
			return models.NewError(models.Stale, "inspections.stale")
		}
		return do(w, in)
	})
}

// managedInspection returns an open inspection that the actor manages, locked.
func managedInspection(w *desk.Write, id uint64) (*inspected, error) {
	in, err := inspectionOf(w, id)
	if err != nil {
		return nil, err
	}
	if err := w.Actor.Allow(manageInspection, in.office); err != nil {
		return nil, err
	}
	if in.row.Status != models.InspectionOpen {
		return nil, models.NewError(models.Conflict, "inspections.is_closed", "On", in.row.ClosedOn)
	}
	return in, nil
}

// keep stores the inspection as it is now, a version more, with its audit entry.
func (in *inspected) keep(w *desk.Write, action string, before map[string]any, detail map[string]any) error {
	in.row.Version++
	if err := w.TX.Save(&in.row).Error; err != nil {
		return fmt.Errorf("inspection %d: %w", in.row.ID, err)
	}
	return w.Record(compliance.Act{Action: action, Object: "inspection", ID: in.row.ID, Unit: &in.office, Permission: manageInspection,
		Before: before, Now: inspectionFacts(in.row), Detail: detail})
}

// InspectionChange is what can be changed of an inspection that is under way.
type InspectionChange struct {
	Title       string
	Basis       string
	StartOn     calendar.Date
	EndOn       calendar.Date
	RectifyTerm int
}

// ChangeInspection changes its words, days and term. The term counts for findings to come.
// Units that know of it are told of new days.
func (d *Desk) ChangeInspection(ctx context.Context, actor compliance.Actor, id uint64, version int, change InspectionChange) error {
	return d.actOn(ctx, actor, id, version, func(w *desk.Write, in *inspected) error {
		change.Title, change.Basis = strings.TrimSpace(change.Title), strings.TrimSpace(change.Basis)
		var found complaints
		found.text("title", change.Title, maxInspectionTitle, true)
		found.text("basis", change.Basis, maxInspectionBasis, true)
		found.span(change.StartOn, change.EndOn)
		found.term(change.RectifyTerm)
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		before := inspectionFacts(in.row)
		moved := in.row.StartOn != change.StartOn || in.row.EndOn != change.EndOn
		in.row.Title, in.row.Basis, in.row.RectifyTerm = change.Title, change.Basis, change.RectifyTerm
		in.row.StartOn, in.row.EndOn = change.StartOn, change.EndOn
		if moved {
			if err := in.tellAll(w, "inspections.message.moved"); err != nil {
				return err
			}
		}
		return in.keep(w, "edit", before, nil)
	})
}

// AddInspectionUnit puts a unit in by hand, for a reason. That it is in already is Invalid.
// One that was taken out comes back.
func (d *Desk) AddInspectionUnit(ctx context.Context, actor compliance.Actor, id uint64, version int, code, reason string) error {
	return d.actOn(ctx, actor, id, version, func(w *desk.Write, in *inspected) error {
		code, reason := strings.TrimSpace(code), strings.TrimSpace(reason)
		var found complaints
		unit, err := inspectable(w, in.office, code, &found)
		if err != nil {
			return err
		}
		found.text("reason", reason, maxHandReason, true)
		member, err := memberOf(w, id, unit.ID)
		if err != nil {
			return err
		}
		if member != nil && member.RemovedOn.IsZero() {
			found.add("units", "inspections.unit_there", "Unit", unit.Name)
		}
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		if member == nil {
			err = putUnits(w, in.row, []models.Unit{unit}, reason)
		} else {
			member.RemovedOn, member.RemoveReason, member.AddedOn, member.AddReason = 0, "", w.Today, reason
			err = saveMember(w, member)
		}
		if err != nil {
			return err
		}
		if err := tellUnits(w, in.office, in.row, []models.Unit{unit}, "inspections.message.announced"); err != nil {
			return err
		}
		return in.keep(w, "add-unit", inspectionFacts(in.row), map[string]any{"unit": unit.Code, "reason": reason})
	})
}

// TakeOutInspectionUnit takes a unit out by hand, for a reason; one with findings that
// stand is a Conflict. What the draw said stays to be seen.
func (d *Desk) TakeOutInspectionUnit(ctx context.Context, actor compliance.Actor, id uint64, version int, code, reason string) error {
	return d.actOn(ctx, actor, id, version, func(w *desk.Write, in *inspected) error {
		reason := strings.TrimSpace(reason)
		var found complaints
		found.text("reason", reason, maxHandReason, true)
		unit, member, err := in.member(w, code, &found)
		if err != nil {
			return err
		}
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		var findings int64
		if err := w.TX.Model(&models.Finding{}).Where("inspection_id = ? AND unit_id = ? AND withdrawn_on IS NULL", id, unit.ID).Count(&findings).Error; err != nil {
			return fmt.Errorf("findings of inspection %d: %w", id, err)
		}
		if findings > 0 {
			return models.NewError(models.Conflict, "inspections.unit_has_findings", "Unit", unit.Name, "Count", findings)
		}
		member.RemovedOn, member.RemoveReason = w.Today, reason
		if err := saveMember(w, member); err != nil {
			return err
		}
		if err := tellUnits(w, in.office, in.row, []models.Unit{unit}, "inspections.message.taken_out"); err != nil {
			return err
		}
		return in.keep(w, "take-out", inspectionFacts(in.row), map[string]any{"unit": unit.Code, "reason": reason})
	})
}

// CheckInput says that a unit was looked at.
type CheckInput struct {
	Unit string
	// On is the day, from the first of the inspection to today.
	On   calendar.Date
	Note string
}

// CheckUnit records that a unit was looked at, and what there is to say of it; once more to
// correct it. A note that is left empty leaves the one that is there.
func (d *Desk) CheckUnit(ctx context.Context, actor compliance.Actor, id uint64, input CheckInput) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		in, err := managedInspection(w, id)
		if err != nil {
			return err
		}
		note := strings.TrimSpace(input.Note)
		var found complaints
		switch {
		case input.On.IsZero():
			found.add("checked_on", "filing.date_required")
		case input.On > w.Today:
			found.add("checked_on", "inspections.checked_later", "Value", input.On, "Today", w.Today)
		case input.On < in.row.StartOn:
			found.add("checked_on", "inspections.checked_early", "Value", input.On, "Start", in.row.StartOn)
		}
		found.text("note", note, maxFindingText, false)
		unit, member, err := in.member(w, input.Unit, &found)
		if err == nil {
			err = models.InvalidFields(found)
		}
		if err != nil {
			return err
		}
		before := map[string]any{"checked_on": member.CheckedOn, "note": member.Note}
		note = cmp.Or(note, member.Note)
		member.CheckedOn, member.CheckedBy, member.Note = input.On, &w.Actor.ID, note
		if err := saveMember(w, member); err != nil {
			return err
		}
		return w.Record(compliance.Act{Action: "inspect", Object: "inspection", ID: id, Unit: &unit, Permission: manageInspection,
			Before: before, Now: map[string]any{"checked_on": input.On, "note": note}})
	})
}

// CloseInspection ends it: no more findings are entered. What was found is still put right.
func (d *Desk) CloseInspection(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.actOn(ctx, actor, id, version, func(w *desk.Write, in *inspected) error {
		before := inspectionFacts(in.row)
		in.row.Status, in.row.ClosedBy, in.row.ClosedOn = models.InspectionClosed, &w.Actor.ID, w.Today
		if err := in.tellAll(w, "inspections.message.closed"); err != nil {
			return err
		}
		return in.keep(w, "close", before, nil)
	})
}

func saveMember(w *desk.Write, member *models.InspectionUnit) error {
	member.Version++
	if err := w.TX.Save(member).Error; err != nil {
		return fmt.Errorf("unit of inspection %d: %w", member.InspectionID, err)
	}
	return nil
}

// member returns a unit that the inspection looks at; another one is complained of.
func (in *inspected) member(w *desk.Write, code string, found *complaints) (models.Unit, *models.InspectionUnit, error) {
	var unit models.Unit
	if err := w.TX.Where("code = ?", strings.TrimSpace(code)).Limit(1).Find(&unit).Error; err != nil {
		return unit, nil, fmt.Errorf("unit %s: %w", code, err)
	}
	member, err := memberOf(w, in.row.ID, unit.ID)
	if err == nil && (member == nil || !member.RemovedOn.IsZero()) {
		found.add("units", "inspections.unit_not_in", "Value", code)
	}
	return unit, member, err
}

// tellAll tells the units that know of the inspection.
func (in *inspected) tellAll(w *desk.Write, key string) error {
	members, err := membersOf(w, in.row.ID)
	if err != nil {
		return err
	}
	var units []models.Unit
	for _, m := range members {
		if m.RemovedOn.IsZero() {
			units = append(units, m.Unit)
		}
	}
	return tellUnits(w, in.office, in.row, units, key)
}

// tellUnits sends each of the units a message on an announced inspection. Of one that is
// not they hear by their findings.
func tellUnits(w *desk.Write, office models.Unit, row models.Inspection, units []models.Unit, key string) error {
	if row.Unannounced {
		return nil
	}
	for _, unit := range units {
		err := notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageInspection, Unit: unit, To: answersRectification, Object: "inspection", ObjectID: row.ID,
			Text: rules.Reason{Key: key, Args: models.Args("Unit", unitWords(unit), "Office", unitWords(office), "Title", row.Title, "From", row.StartOn, "Until", row.EndOn)}, Except: w.Actor.ID})
		if err != nil {
			return err
		}
	}
	return nil
}

// unitWords is the unit's name in both languages.
func unitWords(unit models.Unit) rules.Text {
	if unit.NameEN == "" {
		return rules.Text{ZH: unit.Name, EN: unit.Name}
	}
	return rules.Text{ZH: unit.Name, EN: unit.NameEN}
}
