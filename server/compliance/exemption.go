package compliance

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/notify"
	"sundial/server/rules"
)

var toExempt = rbac.Permission{Object: "exemption", Action: "grant"}

// Exempt frees the duty's unit from it, with the reason and the document that
// grants it. A duty already done or exempt is a Conflict.
func (l *Ledger) Exempt(ctx context.Context, actor Actor, duty uint64, reason, document string) error {
	return l.write(ctx, actor, func(w *write) error { return w.exempt(duty, reason, document) })
}

func (w *write) exempt(id uint64, reason, document string) error {
	row, unit, err := w.lockDutyFor(id, toExempt)
	if err != nil {
		return err
	}
	reason, document = strings.TrimSpace(reason), strings.TrimSpace(document)
	if err := checkGrounds(reason, document); err != nil {
		return err
	}
	switch row.Outcome {
	case models.Met, models.Late:
		return models.NewError(models.Conflict, "duty.already_done", "DoneOn", row.DoneOn)
	case models.Exempt, models.Withdrawn:
		return models.NewError(models.Conflict, "duty.already_exempt")
	}
	before := dutyFacts(*row)
	exemption := models.Exemption{DutyID: id, Reason: reason, Document: document, GrantedBy: w.actor.ID, GrantedAt: w.moment.at, GrantedOn: w.today}
	if err := w.tx.Create(&exemption).Error; err != nil {
		return fmt.Errorf("store exemption: %w", err)
	}
	return w.dutyGranted(row, unit, event{action: "exempt", office: toExempt, before: before,
		detail: map[string]any{"reason": reason, "document": document}},
		rules.Reason{Key: "duties.message.exempted", Args: models.Args("Reason", reason, "Document", document)})
}

// RevokeExemption ends the exemption of a duty, with the reason: from today on it
// is owed again, and boards of earlier days stay as they were. The exemption stays
// in the duty's history. A duty that is not exempt is a Conflict.
func (l *Ledger) RevokeExemption(ctx context.Context, actor Actor, duty uint64, reason string) error {
	return l.write(ctx, actor, func(w *write) error { return w.revokeExemption(duty, strings.TrimSpace(reason)) })
}

func (w *write) revokeExemption(id uint64, reason string) error {
	row, unit, err := w.lockDutyFor(id, toExempt)
	if err != nil {
		return err
	}
	if err := checkReason("reason", reason, "filing.required"); err != nil {
		return err
	}
	var holding []models.Exemption
	if err := w.tx.Where("duty_id = ? AND revoked_at IS NULL", id).Order("id").Find(&holding).Error; err != nil {
		return fmt.Errorf("exemptions: %w", err)
	}
	if len(holding) == 0 || row.Outcome == models.Withdrawn {
		return models.NewError(models.Conflict, "duty.not_exempt")
	}
	before, at := dutyFacts(*row), w.moment.at
	for i := range holding {
		e := &holding[i]
		e.RevokedBy, e.RevokedAt, e.RevokedOn, e.RevokeReason = &w.actor.ID, &at, w.today, reason
		if err := w.tx.Save(e).Error; err != nil {
			return fmt.Errorf("store exemption: %w", err)
		}
	}
	return w.dutyGranted(row, unit, event{action: "revoke-exemption", office: toExempt, before: before, detail: map[string]any{"reason": reason}},
		rules.Reason{Key: "duties.message.owed_again", Args: models.Args("Reason", reason)})
}

// lockDutyFor returns the duty as it stands today, locked until the write ends, and
// its unit, for what an office grants or takes back. One that the actor may not
// read is NotFound, one for which they lack the permission Forbidden.
func (w *write) lockDutyFor(id uint64, permission rbac.Permission) (*models.Duty, *models.Unit, error) {
	row, unit, err := w.lockDuty(id)
	if err != nil {
		return nil, nil, err
	}
	if !w.actor.Access.AllowsAt(permission.Object, permission.Action, unit.Path) {
		return nil, nil, models.NewError(models.Forbidden, "report.not_your_decision", "Unit", unit.Name)
	}
	lib, err := w.lib()
	if err != nil {
		return nil, nil, err
	}
	rows := []models.Duty{*row}
	return &rows[0], unit, stand(w.tx, lib, rows, w.today)
}

// dutyGranted judges the duty anew after what the office granted or took back,
// records it and tells the unit.
func (w *write) dutyGranted(row *models.Duty, unit *models.Unit, e event, message rules.Reason) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	if err := w.rejudge(lib, row, unit.Path); err != nil {
		return err
	}
	e.object, e.id, e.unit, e.now = "duty", row.ID, unit, dutyFacts(*row)
	if err := w.record(e); err != nil {
		return err
	}
	of, err := lib.of(*row)
	if err != nil {
		return err
	}
	return w.tellOfDuty(of, row, unit, notify.Note{Object: "duty", ObjectID: row.ID, Text: message})
}

// checkGrounds requires what an exemption or an extension rests on: a reason and
// a document.
func checkGrounds(reason, document string) error {
	return errorsOf(checkReason("reason", reason, "filing.required"), checkReason("document", document, "filing.required"))
}

// errorsOf joins the fields of Invalid errors; nil when there are none.
func errorsOf(list ...error) error {
	var fields []models.Field
	for _, err := range list {
		var invalid *models.Error
		if errors.As(err, &invalid) {
			fields = append(fields, invalid.Fields...)
		}
	}
	return models.InvalidFields(fields)
}

// ExemptionView is an exemption with the people behind it.
type ExemptionView struct {
	models.Exemption
	GrantedName string
	RevokedName string
}

// exemptionKnownOn returns the exemption without what happened to it after the
// day.
func exemptionKnownOn(e models.Exemption, day calendar.Date) models.Exemption {
	if e.RevokedOn > day {
		e.RevokedBy, e.RevokedAt, e.RevokedOn, e.RevokeReason = nil, nil, 0, ""
	}
	return e
}
