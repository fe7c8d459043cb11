package compliance

import (
	"context"
	"errors"
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
)

// Withdraw takes a report back that no office has accepted or decided on; the unit
// may file anew. The version is the one that was seen. A report that was dealt
// with since is Stale, one that was dealt with before Conflict; both tell who did
// what. A report whose unit or year is closed is a Conflict.
func (l *Ledger) Withdraw(ctx context.Context, actor Actor, report uint64, version int) (*models.Report, error) {
	var taken *models.Report
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		taken, err = w.takeBack(report, version)
		return err
	})
	return taken, err
}

func (w *write) takeBack(id uint64, version int) (*models.Report, error) {
	c, err := w.lockReport(id, rbac.Permission{Object: "report", Action: "file"})
	if err != nil {
		return nil, err
	}
	switch {
	case c.report.Version != version || c.report.Status != models.Filed:
		return nil, w.tooLate(c.report, version)
	case w.gone(c.unit):
		return nil, models.NewError(models.Conflict, "duty.unit_closed", "Unit", c.unit.Name, "ClosedOn", c.unit.ClosedOn)
	}
	if err := w.openFor(c.row, c.unit); err != nil {
		return nil, err
	}
	before, at := reportFacts(c.report), w.moment.at
	c.report.Status, c.report.Version = models.TakenBack, version+1
	c.report.EndedBy, c.report.EndedAt, c.report.EndedOn = &w.actor.ID, &at, w.today
	if err := w.tx.Save(&c.report).Error; err != nil {
		return nil, fmt.Errorf("store report: %w", err)
	}
	if err := w.rejudge(c.lib, c.row, c.unit.Path); err != nil {
		return nil, err
	}
	return &c.report, w.record(event{action: "withdraw", object: "report", id: id, unit: c.unit, before: before, now: reportFacts(c.report),
		detail: map[string]any{"duty": c.row.ID}})
}

// MayWithdraw tells whether a reporter of the unit may take the report back, were
// it asked to: no office has dealt with it, and the unit is not closed today.
func MayWithdraw(unit models.Unit, report ReportView, today calendar.Date) bool {
	return report.Status == models.Filed && !closedBy(unit, today)
}

// tooLate says who was first with the report and what they did: Stale when the
// unit could not know, Conflict when it saw it.
func (w *write) tooLate(report models.Report, version int) error {
	overtaken := w.overtaken(report)
	var known *models.Error
	if report.Version == version && errors.As(overtaken, &known) {
		known.Code = models.Conflict
	}
	return overtaken
}
