package compliance

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/rbac"
)

// maxReason is the longest reason of a decision, in characters.
const maxReason = 500

// Verify accepts a report: its facts count from today on. The version is the
// one the officer has seen; a report decided since is Stale.
func (l *Ledger) Verify(ctx context.Context, actor Actor, report uint64, version int) (*models.Report, error) {
	return l.decide(ctx, actor, report, version, models.Verified, "")
}

// Return sends a report back with the reason; the unit may file anew. A missing
// reason is Invalid.
func (l *Ledger) Return(ctx context.Context, actor Actor, report uint64, version int, reason string) (*models.Report, error) {
	reason = strings.TrimSpace(reason)
	switch length := utf8.RuneCountInString(reason); {
	case length == 0:
		return nil, models.InvalidFields([]models.Field{{Name: "reason", Key: "report.reason_required"}})
	case length > maxReason:
		return nil, models.InvalidFields([]models.Field{{Name: "reason", Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxReason)}})
	}
	return l.decide(ctx, actor, report, version, models.Returned, reason)
}

// decisions names the permission and audit action of each decision.
var decisions = map[models.ReportStatus]string{models.Verified: "verify", models.Returned: "return"}

func (l *Ledger) decide(ctx context.Context, actor Actor, id uint64, version int, status models.ReportStatus, reason string) (*models.Report, error) {
	var decided *models.Report
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		decided, err = w.decide(id, version, status, reason)
		return err
	})
	return decided, err
}

func (w *write) decide(id uint64, version int, status models.ReportStatus, reason string) (*models.Report, error) {
	var report models.Report
	if err := one(w.tx.Where("id = ?", id), &report, "report"); err != nil {
		return nil, reportUnknown(err)
	}
	row, unit, err := w.lockDuty(report.DutyID)
	if err != nil {
		return nil, reportUnknown(err)
	}
	if !w.actor.Access.AllowsAt("report", decisions[status], unit.Path) {
		return nil, models.NewError(models.Forbidden, "report.not_your_decision", "Unit", unit.Name)
	}
	// Read again now that the duty is locked: another officer may have decided.
	if err := one(w.tx.Where("id = ?", id), &report, "report"); err != nil {
		return nil, err
	}
	switch {
	case report.Version != version:
		return nil, models.NewError(models.Stale, "report.stale")
	case report.FiledBy == w.actor.ID:
		return nil, models.NewError(models.Forbidden, "report.own")
	case report.Status != models.Filed:
		return nil, models.NewError(models.Conflict, "report.decided")
	}
	before, at := reportFacts(report), w.moment.at
	report.Status, report.Reason, report.Version = status, reason, version+1
	report.DecidedBy, report.DecidedAt, report.DecidedOn = &w.actor.ID, &at, w.today
	if err := w.tx.Save(&report).Error; err != nil {
		return nil, fmt.Errorf("store report: %w", err)
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	if err := w.rejudge(lib, row, unit.Path); err != nil {
		return nil, err
	}
	return &report, w.record(event{action: decisions[status], object: "report", id: id, unit: unit, office: rbac.Permission{Object: "report", Action: decisions[status]},
		before: before, now: reportFacts(report), detail: map[string]any{"duty": row.ID, "reason": reason}})
}

// reportUnknown says of a report that is absent and of one outside the actor's
// grants the same.
func reportUnknown(err error) error {
	if models.IsCode(err, models.NotFound) {
		return models.NewError(models.NotFound, "report.unknown")
	}
	return err
}

// Exempt frees the duty's unit from it, with the reason and the document that
// grants it. A duty already done or exempt is a Conflict.
func (l *Ledger) Exempt(ctx context.Context, actor Actor, duty uint64, reason, document string) error {
	return l.write(ctx, actor, func(w *write) error { return w.exempt(duty, strings.TrimSpace(reason), strings.TrimSpace(document)) })
}

func (w *write) exempt(id uint64, reason, document string) error {
	row, unit, err := w.lockDuty(id)
	if err != nil {
		return err
	}
	if !w.actor.Access.AllowsAt("exemption", "grant", unit.Path) {
		return models.NewError(models.Forbidden, "report.not_your_decision", "Unit", unit.Name)
	}
	var fields []models.Field
	for _, field := range []struct{ name, text string }{{"reason", reason}, {"document", document}} {
		if field.text == "" {
			fields = append(fields, models.Field{Name: field.name, Key: "filing.required"})
		} else if length := utf8.RuneCountInString(field.text); length > maxReason {
			fields = append(fields, models.Field{Name: field.name, Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxReason)})
		}
	}
	if err := models.InvalidFields(fields); err != nil {
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
	lib, err := w.lib()
	if err != nil {
		return err
	}
	if err := w.rejudge(lib, row, unit.Path); err != nil {
		return err
	}
	return w.record(event{action: "exempt", object: "duty", id: id, unit: unit, office: rbac.Permission{Object: "exemption", Action: "grant"},
		before: before, now: dutyFacts(*row), detail: map[string]any{"reason": reason, "document": document}})
}
