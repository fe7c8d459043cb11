package compliance

import (
	"context"
	"fmt"

	"sundial/models"
)

// Withdraw takes a report back that no office has decided on; the unit may file
// anew. The version is the one that was seen. A report that was decided on or
// taken back meanwhile is Stale, one that was decided on before Conflict; both
// tell who did what.
func (l *Ledger) Withdraw(ctx context.Context, actor Actor, report uint64, version int) (*models.Report, error) {
	var taken *models.Report
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		taken, err = w.withdraw(report, version)
		return err
	})
	return taken, err
}

func (w *write) withdraw(id uint64, version int) (*models.Report, error) {
	var report models.Report
	if err := one(w.tx.Where("id = ?", id), &report, "report"); err != nil {
		return nil, reportUnknown(err)
	}
	row, unit, err := w.lockDuty(report.DutyID)
	if err != nil {
		return nil, reportUnknown(err)
	}
	if !w.actor.Access.AllowsAt("report", "file", unit.Path) {
		return nil, models.NewError(models.Forbidden, "report.not_yours", "Unit", unit.Name)
	}
	// Read again now that the duty is locked: an officer may have decided.
	if err := one(w.tx.Where("id = ?", id), &report, "report"); err != nil {
		return nil, err
	}
	switch {
	case !report.Status.Waits():
		return nil, w.tooLate(report, version)
	case report.Version != version:
		return nil, models.NewError(models.Stale, "report.stale")
	}
	before, at := reportFacts(report), w.moment.at
	report.Status, report.Version = models.TakenBack, version+1
	report.EndedBy, report.EndedAt, report.EndedOn = &w.actor.ID, &at, w.today
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
	return &report, w.record(event{action: "withdraw", object: "report", id: id, unit: unit, before: before, now: reportFacts(report),
		detail: map[string]any{"duty": row.ID}})
}

// tooLate says who was first with the report, and what they did.
func (w *write) tooLate(report models.Report, version int) error {
	code := models.Stale
	if report.Version == version {
		code = models.Conflict
	}
	by, on := report.DecidedBy, report.DecidedOn
	if report.EndedBy != nil {
		by, on = report.EndedBy, report.EndedOn
	}
	var user models.User
	if by != nil {
		if err := one(w.tx.Select("id, name").Where("id = ?", *by), &user, "user"); err != nil {
			return err
		}
	}
	return models.NewError(code, "report.too_late."+string(report.Status), "Who", user.Name, "On", on)
}
