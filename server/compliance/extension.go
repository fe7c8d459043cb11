package compliance

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
)

var toExtend = rbac.Permission{Object: "extension", Action: "grant"}

// ExtensionInput is a later due date with what it rests on.
type ExtensionInput struct {
	To       calendar.Date
	Reason   string
	Document string
}

// Extend (延期) gives a duty a later due date, settled even where the policy's own
// is provisional yet. What a window counts may then be dated up to the new due
// date. The version is that of the duty as the officer has seen it; one that has
// changed since is Stale. A date that is not after the present due date is
// Invalid; a term in hours, and a duty that is done, exempt, no longer owed or
// without a due date, is a Conflict.
func (l *Ledger) Extend(ctx context.Context, actor Actor, duty uint64, version int, input ExtensionInput) error {
	return l.write(ctx, actor, func(w *write) error { return w.extend(duty, version, input) })
}

func (w *write) extend(id uint64, version int, input ExtensionInput) error {
	row, unit, err := w.lockDutyFor(id, toExtend)
	if err != nil {
		return err
	}
	if row.Version != version {
		return models.NewError(models.Stale, "duty.stale", "DueOn", row.DueOn)
	}
	if err := w.mayExtend(row, unit); err != nil {
		return err
	}
	input.Reason, input.Document = strings.TrimSpace(input.Reason), strings.TrimSpace(input.Document)
	if err := errorsOf(w.checkExtendedTo(input.To, row.DueOn, unit), checkGrounds(input.Reason, input.Document)); err != nil {
		return err
	}
	before := dutyFacts(*row)
	extension := models.Extension{DutyID: id, FromDue: row.DueOn, ToDue: input.To, Reason: input.Reason, Document: input.Document,
		GrantedBy: w.actor.ID, GrantedAt: w.moment.at, GrantedOn: w.today}
	if err := w.tx.Create(&extension).Error; err != nil {
		return fmt.Errorf("store extension: %w", err)
	}
	row.DueOn, row.ExtendedTo, row.Provisional = input.To, input.To, false
	return w.dutyGranted(row, unit, event{action: "extend", office: toExtend, before: before,
		detail: map[string]any{"reason": input.Reason, "document": input.Document}},
		rules.Reason{Key: "duties.message.extended", Args: models.Args("Reason", input.Reason, "Document", input.Document)})
}

// mayExtend refuses what has no due date that could be later.
func (w *write) mayExtend(row *models.Duty, unit *models.Unit) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	e, err := lib.of(*row)
	if err != nil {
		return err
	}
	if refusal := w.moment.extensionRefusal(e, row, unit); refusal != nil {
		return refusal
	}
	return nil
}

// extensionRefusal says why the duty's due date cannot be later; nil when it can.
func (m moment) extensionRefusal(e entry, row *models.Duty, unit *models.Unit) *models.Error {
	switch {
	case row.Outcome == models.Withdrawn || m.gone(unit):
		return models.NewError(models.Conflict, "duty.unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case row.Outcome == models.Exempt:
		return models.NewError(models.Conflict, "duty.already_exempt")
	case row.Outcome == models.Met || row.Outcome == models.Late:
		return models.NewError(models.Conflict, "duty.already_done", "DoneOn", row.DoneOn)
	case e.rule.Kind == rules.KindWithinHours:
		return models.NewError(models.Conflict, "duty.hours_not_extended")
	case row.DueOn.IsZero():
		return models.NewError(models.Conflict, "duty.nothing_to_extend")
	default:
		return nil
	}
}

// maxExtension is how far ahead a new due date can lie, in days.
const maxExtension = 5 * 366

func (m moment) checkExtendedTo(to, due calendar.Date, unit *models.Unit) error {
	field, last := models.Field{Name: "to"}, max(due, m.today)+maxExtension
	switch {
	case to.IsZero():
		field.Key = "filing.date_required"
	case to <= due:
		field.Key, field.Args = "duty.extend_later", models.Args("DueOn", due)
	case !unit.ClosedOn.IsZero() && to >= unit.ClosedOn:
		field.Key, field.Args = "duty.extend_past_closing", models.Args("Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case to > last:
		field.Key, field.Args = "duty.extend_too_far", models.Args("Last", last)
	default:
		return nil
	}
	return models.InvalidFields([]models.Field{field})
}

// ExtensionView is an extension with who granted it.
type ExtensionView struct {
	models.Extension
	GrantedName string
}
