package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/rules"
)

// File files a report for a duty. The input is refused as Invalid with its
// faulty fields, a duty that takes no report now as Conflict, a duty outside the
// actor's grants as NotFound. A key already used by the actor returns the report
// filed with it; the same key with another content is a Conflict.
func (l *Ledger) File(ctx context.Context, actor Actor, duty uint64, filing rules.Filing, key string) (*models.Report, error) {
	var filed *models.Report
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		filed, err = w.file(duty, filing, key)
		return err
	})
	return filed, err
}

func (w *write) file(id uint64, filing rules.Filing, key string) (*models.Report, error) {
	row, unit, err := w.lockDuty(id)
	if err != nil {
		return nil, err
	}
	if !w.actor.Access.AllowsAt("report", "file", unit.Path) {
		return nil, models.NewError(models.Forbidden, "report.not_yours", "Unit", unit.Name)
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	e, err := lib.of(*row)
	if err != nil {
		return nil, err
	}
	filing = e.rule.Asked(clean(filing))
	content, err := json.Marshal(filing)
	if err != nil {
		return nil, fmt.Errorf("filing: %w", err)
	}
	if filed, err := w.replay(id, string(content), key); filed != nil || err != nil {
		return filed, err
	}
	list, err := dossiers(w.tx, lib, []models.Duty{*row})
	if err != nil {
		return nil, err
	}
	if refusal := w.refusal(list[0], unit); refusal != nil {
		return nil, refusal
	}
	if err := w.openFor(row, unit); err != nil {
		return nil, err
	}
	duty := ruleDuty(e, *row)
	if err := invalid(duty.Check(filing, w.moment.at)); err != nil {
		return nil, err
	}
	report := &models.Report{DutyID: id, UnitID: unit.ID, Status: models.Filed, Filing: string(content), FactOn: duty.FactOn(filing),
		FiledBy: w.actor.ID, FiledAt: w.moment.at, FiledOn: w.today}
	if key != "" {
		report.IdempotencyKey = &key
	}
	if err := w.tx.Create(report).Error; err != nil {
		return nil, fmt.Errorf("store report: %w", err)
	}
	if err := w.rejudge(lib, row, unit.Path); err != nil {
		return nil, err
	}
	return report, w.record(event{action: "file", object: "report", id: report.ID, unit: unit, now: reportFacts(*report),
		detail: map[string]any{"duty": id, "filing": json.RawMessage(content)}})
}

// clean trims what people leave around texts.
func clean(f rules.Filing) rules.Filing {
	for _, text := range []*string{&f.Title, &f.URL, &f.PresidedBy, &f.Name, &f.Post, &f.Total, &f.Note} {
		*text = strings.TrimSpace(*text)
	}
	items := f.Items
	f.Items = nil
	for _, item := range items {
		item.Name, item.Points = strings.TrimSpace(item.Name), strings.TrimSpace(item.Points)
		if item != (rules.Item{}) {
			f.Items = append(f.Items, item)
		}
	}
	return f
}

// lockDuty returns the duty, locked until the write ends, and its unit. A duty
// that the actor may not read is NotFound, in the words of one that is not there.
func (w *write) lockDuty(id uint64) (*models.Duty, *models.Unit, error) {
	var row models.Duty
	if err := one(w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id), &row, "duty"); models.IsCode(err, models.NotFound) {
		return nil, nil, models.NewError(models.NotFound, "duty.unknown")
	} else if err != nil {
		return nil, nil, err
	}
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return nil, nil, err
	}
	if !w.actor.Access.AllowsAt("duty", "read", unit.Path) {
		return nil, nil, models.NewError(models.NotFound, "duty.unknown")
	}
	return &row, &unit, nil
}

// replay returns the report that the actor filed with the key before.
func (w *write) replay(duty uint64, content, key string) (*models.Report, error) {
	if key == "" {
		return nil, nil
	}
	var filed models.Report
	err := w.tx.Where("filed_by = ? AND idempotency_key = ?", w.actor.ID, key).Take(&filed).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("report by key: %w", err)
	case filed.DutyID != duty || filed.Filing != content:
		return nil, models.NewError(models.Conflict, "report.key_used", "Key", key)
	default:
		return &filed, nil
	}
}

// refusal says why the duty takes no report now; nil when it does.
func (m moment) refusal(d dossier, unit *models.Unit) *models.Error {
	switch {
	case d.rule.Form() == rules.FormRotation:
		return models.NewError(models.Conflict, "duty.judged_from_roster")
	case d.row.Outcome == models.Withdrawn || m.gone(unit):
		return models.NewError(models.Conflict, "duty.unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case d.row.Outcome == models.Exempt:
		return models.NewError(models.Conflict, "duty.exempt_refused", "Reason", d.exemption(m.today).Reason)
	case d.row.Outcome == models.Unscheduled:
		return models.NewError(models.Conflict, "duty.register_first")
	case d.row.Outcome == models.Met || d.row.Outcome == models.Late:
		return models.NewError(models.Conflict, "duty.already_done", "DoneOn", d.row.DoneOn)
	case m.today < d.row.Since:
		return models.NewError(models.Conflict, "duty.not_begun", "Since", d.row.Since)
	case waiting(d.reports) && !d.takesSeveral():
		return models.NewError(models.Conflict, "duty.waits")
	default:
		return nil
	}
}

// gone tells whether the unit has been closed.
func (m moment) gone(unit *models.Unit) bool {
	return !unit.ClosedOn.IsZero() && unit.ClosedOn <= m.today
}

func waiting(reports []models.Report) bool {
	for _, report := range reports {
		if report.Status.Waits() {
			return true
		}
	}
	return false
}

// takesSeveral tells whether reports may be filed while one waits: a count of
// more than one takes an event each.
func (d dossier) takesSeveral() bool { return d.rule.Count != nil && d.rule.Count.Min > 1 }

func invalid(problems []rules.FieldProblem) error {
	fields := make([]models.Field, len(problems))
	for i, p := range problems {
		fields[i] = models.Field{Name: p.Field, Key: p.Key, Args: p.Args}
	}
	return models.InvalidFields(fields)
}
