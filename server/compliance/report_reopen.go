package compliance

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
)

var toReopen = rbac.Permission{Object: "report", Action: "reopen"}

// Reopen (撤销审核) unlocks an accepted report, with a reason, so that the unit
// may file anew: its facts stop counting today, and boards of earlier days stay as
// they were. Both versions stay. It is for the office that gave the final
// acceptance and those above it; for others it is Forbidden. A report that is not
// accepted, or whose unit or year is closed, is a Conflict.
func (l *Ledger) Reopen(ctx context.Context, actor Actor, report uint64, version int, reason string) (*models.Report, error) {
	reason = strings.TrimSpace(reason)
	if err := checkReason("reason", reason, "report.reopen_reason_required"); err != nil {
		return nil, err
	}
	var reopened *models.Report
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		reopened, err = w.reopen(report, version, reason)
		return err
	})
	return reopened, err
}

func (w *write) reopen(id uint64, version int, reason string) (*models.Report, error) {
	c, err := w.lockReport(id, toReopen)
	if err != nil {
		return nil, err
	}
	offices, err := unitsByID(w.tx, c.report.OfficeID)
	if err != nil {
		return nil, err
	}
	switch {
	case c.report.Version != version:
		return nil, w.overtaken(c.report)
	case c.report.Status != models.Verified:
		return nil, models.NewError(models.Conflict, "report.not_accepted")
	case c.report.FiledBy == w.actor.ID:
		return nil, models.NewError(models.Forbidden, "report.own")
	case !reachesOffice(c.office, c.book.twoLevels(c.unit.Path), *c.unit, officeAmong(offices, c.report)):
		return nil, models.NewError(models.Forbidden, "report.accepted_above", "Unit", c.unit.Name)
	}
	if w.gone(c.unit) {
		return nil, models.NewError(models.Conflict, "duty.unit_closed", "Unit", c.unit.Name, "ClosedOn", c.unit.ClosedOn)
	}
	if err := w.openFor(c.row, c.unit); err != nil {
		return nil, err
	}
	before, at := reportFacts(c.report), w.moment.at
	c.report.Status, c.report.EndReason, c.report.Version = models.Reopened, reason, version+1
	c.report.EndedBy, c.report.EndedAt, c.report.EndedOn = &w.actor.ID, &at, w.today
	if err := w.tx.Save(&c.report).Error; err != nil {
		return nil, fmt.Errorf("store report: %w", err)
	}
	if err := w.rejudge(c.lib, c.row, c.unit.Path); err != nil {
		return nil, err
	}
	err = w.record(event{action: "reopen", object: "report", id: id, unit: c.unit, office: toReopen, widest: true,
		before: before, now: reportFacts(c.report), detail: map[string]any{"duty": c.row.ID, "reason": reason}})
	if err != nil {
		return nil, err
	}
	return &c.report, w.tellOfReport(c)
}

// MayReopen tells whether the actor's office may unlock the report, were it asked
// to: the report is accepted, and not by an office above, and its unit is not
// closed today.
func MayReopen(actor Actor, view DutyView, report ReportView, today calendar.Date) bool {
	root := actor.Access.Scope(toReopen.Object, toReopen.Action).RootOf(view.Unit.Path)
	return root != "" && report.Status == models.Verified && report.FiledBy != actor.ID && !closedBy(view.Unit, today) &&
		reachesOffice(root, view.TwoLevels, view.Unit, report.Office)
}

// reachesOffice tells whether a grant with the root reaches up to the office that
// accepted a report of the unit finally. Where that office is not over the unit
// any more, or is none of the tree, it is as high as the policy asks for.
func reachesOffice(root string, twoLevels bool, unit models.Unit, office *models.Unit) bool {
	if office != nil && strings.HasPrefix(unit.Path, office.Path) {
		return strings.HasPrefix(office.Path, root)
	}
	return !twoLevels || liesAbove(root, officeOf(unit.Path))
}

// officeAmong returns the office that decided on the report, nil for none.
func officeAmong(units map[uint64]models.Unit, report models.Report) *models.Unit {
	if report.OfficeID == nil {
		return nil
	}
	if unit, found := units[*report.OfficeID]; found {
		return &unit
	}
	return nil
}
