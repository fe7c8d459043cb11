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

// Verify accepts a report. By an officer of the unit's own office, where the
// policy asks for two acceptances, the report is Checked and waits for the office
// above; else it is Verified, and its facts count from today on. The version is
// the one the officer has seen; a report dealt with since is Stale, and the error
// says who was first. Nobody decides on their own report, and nobody gives both
// acceptances.
func (l *Ledger) Verify(ctx context.Context, actor Actor, report uint64, version int) (*models.Report, error) {
	return l.decide(ctx, actor, report, version, models.Verified, "")
}

// Return sends a report back with the reason; the unit may file anew. A missing
// reason is Invalid. An office that has accepted the report does not return it
// while it waits for the office above.
func (l *Ledger) Return(ctx context.Context, actor Actor, report uint64, version int, reason string) (*models.Report, error) {
	reason = strings.TrimSpace(reason)
	if err := checkReason("reason", reason, "report.reason_required"); err != nil {
		return nil, err
	}
	return l.decide(ctx, actor, report, version, models.Returned, reason)
}

// checkReason refuses a text that is missing, with the message of the key, or too
// long.
func checkReason(field, text, missing string) error {
	switch length := utf8.RuneCountInString(text); {
	case length == 0:
		return models.InvalidFields([]models.Field{{Name: field, Key: missing}})
	case length > maxReason:
		return models.InvalidFields([]models.Field{{Name: field, Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxReason)}})
	}
	return nil
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

// decide accepts the report, for the status Verified, or returns it.
func (w *write) decide(id uint64, version int, status models.ReportStatus, reason string) (*models.Report, error) {
	c, err := w.lockReport(id, rbac.Permission{Object: "report", Action: decisions[status]})
	if err != nil {
		return nil, err
	}
	turn := TurnOf(w.actor, c.book.twoLevels(c.unit.Path), *c.unit, c.report)
	switch {
	case c.report.Version != version:
		return nil, w.overtaken(c.report)
	case c.report.FiledBy == w.actor.ID:
		return nil, models.NewError(models.Forbidden, "report.own")
	case !c.report.Status.Waits():
		return nil, models.NewError(models.Conflict, "report.decided")
	case turn.For == ForOfficeAbove:
		return nil, models.NewError(models.Conflict, "report.waits_above")
	case status == models.Verified && turn.Accept == "":
		return nil, models.NewError(models.Forbidden, "report.checked_by_you")
	case status == models.Verified:
		status = turn.Accept
	}
	before := reportFacts(c.report)
	w.decideAs(&c.report, c.office, status, reason)
	if err := w.tx.Save(&c.report).Error; err != nil {
		return nil, fmt.Errorf("store report: %w", err)
	}
	action := decisions[status]
	if status == models.Checked {
		action = "check" // what counts towards the duty has not changed
	} else if err := w.rejudge(c.lib, c.row, c.unit.Path); err != nil {
		return nil, err
	}
	err = w.record(event{action: action, object: "report", id: id, unit: c.unit, office: c.permission, widest: true,
		before: before, now: reportFacts(c.report), detail: map[string]any{"duty": c.row.ID, "reason": reason}})
	if err != nil {
		return nil, err
	}
	return &c.report, w.tellOfReport(c)
}

// decideAs notes the decision on the report.
func (w *write) decideAs(report *models.Report, office string, status models.ReportStatus, reason string) {
	at := w.moment.at
	report.Status, report.Version = status, report.Version+1
	if status == models.Checked {
		report.CheckedBy, report.CheckedAt, report.CheckedOn = &w.actor.ID, &at, w.today
		return
	}
	report.Reason, report.OfficeID = reason, officeID(office)
	report.DecidedBy, report.DecidedAt, report.DecidedOn = &w.actor.ID, &at, w.today
}

// officeID returns the id of the unit with the path, nil for none.
func officeID(path string) *uint64 {
	ids := pathIDs(path)
	if len(ids) == 0 {
		return nil
	}
	return &ids[len(ids)-1]
}

// reportCase is a report with all that a decision on it needs. The duty is
// locked until the write ends.
type reportCase struct {
	entry
	lib        *library
	report     models.Report
	row        *models.Duty
	unit       *models.Unit
	permission rbac.Permission
	// office is the path of the actor's widest grant that has the permission.
	office string
}

// notYours are the messages for who may not do it: to file, or to decide.
var notYours = map[bool]string{true: "report.not_yours", false: "report.not_your_decision"}

// lockReport returns the report with its duty locked. One that the actor may not
// read is NotFound, one on which they may not decide Forbidden.
func (w *write) lockReport(id uint64, permission rbac.Permission) (*reportCase, error) {
	c := &reportCase{permission: permission}
	if err := one(w.tx.Where("id = ?", id), &c.report, "report"); err != nil {
		return nil, reportUnknown(err)
	}
	var err error
	if c.row, c.unit, err = w.lockDuty(c.report.DutyID); err != nil {
		return nil, reportUnknown(err)
	}
	c.office = w.actor.Access.Scope(permission.Object, permission.Action).RootOf(c.unit.Path)
	if c.office == "" {
		return nil, models.NewError(models.Forbidden, notYours[permission.Action == "file"], "Unit", c.unit.Name)
	}
	// Read again now that the duty is locked: another officer may have decided.
	if err := one(w.tx.Where("id = ?", id), &c.report, "report"); err != nil {
		return nil, err
	}
	if c.lib, err = w.lib(); err != nil {
		return nil, err
	}
	c.entry, err = c.lib.of(*c.row)
	return c, err
}

// reportUnknown says of a report that is absent and of one outside the actor's
// grants the same.
func reportUnknown(err error) error {
	if models.IsCode(err, models.NotFound) {
		return models.NewError(models.NotFound, "report.unknown")
	}
	return err
}
