package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/evidence"
)

// StepInput is what is written with a step of a rectification. Files are in the vault.
type StepInput struct {
	Note string
	URL  string
	// DueOn is a new due date of what is sent back, a working day; zero to leave one that
	// is still to come.
	DueOn calendar.Date
	Files []evidence.File
}

// move is one way that a rectification goes on.
type move struct {
	act        models.RectificationAct
	from       []models.RectificationStatus
	to         models.RectificationStatus
	permission rbac.Permission
	// noted tells that something has to be written, dated that a new due date may be set,
	// and has to be when the old one has come; urgent that the message on it is.
	noted, dated, urgent bool
	message              string
}

var (
	answerMove = move{act: models.RectificationAnswer, from: []models.RectificationStatus{models.RectificationOpen}, to: models.RectificationAnswered,
		permission: answerRectification, noted: true, message: "rectifications.message.answered"}
	returnMove = move{act: models.RectificationReturn, from: []models.RectificationStatus{models.RectificationAnswered}, to: models.RectificationOpen,
		permission: demandRectification, noted: true, dated: true, urgent: true, message: "rectifications.message.returned"}
	closeMove = move{act: models.RectificationClose, from: []models.RectificationStatus{models.RectificationAnswered}, to: models.RectificationClosed,
		permission: demandRectification, message: "rectifications.message.closed"}
	withdrawMove = move{act: models.RectificationWithdraw, from: []models.RectificationStatus{models.RectificationOpen, models.RectificationAnswered}, to: models.RectificationWithdrawn,
		permission: demandRectification, noted: true, message: "rectifications.message.withdrawn"}
)

// Answer tells what the unit did, with files that prove it.
func (d *Desk) Answer(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	return d.move(ctx, actor, id, version, answerMove, in)
}

// Return sends an answered rectification back, with what is still wrong and a new due
// date: a working day in the future, so that the unit is not late for what the office has
// looked at late.
func (d *Desk) Return(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	return d.move(ctx, actor, id, version, returnMove, in)
}

// Close closes an answered rectification (销号): the office has looked again and it is put
// right. Who ever answered cannot close.
func (d *Desk) Close(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	return d.move(ctx, actor, id, version, closeMove, in)
}

// Withdraw takes a demand back, with the reason. What was found and is not minor has to be
// put right: there the finding itself is withdrawn.
func (d *Desk) Withdraw(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	return d.move(ctx, actor, id, version, withdrawMove, in)
}

func (d *Desk) move(ctx context.Context, actor compliance.Actor, id uint64, version int, m move, in StepInput) error {
	days, err := d.days(ctx)
	if err != nil {
		return err
	}
	return d.Write(ctx, actor, func(w *desk.Write) error {
		r, err := rectification(w, id)
		if err != nil {
			return err
		}
		origins, err := d.origins(w, []models.Rectification{r.row})
		if err != nil {
			return err
		}
		r.subject = origins[id].Title()
		if err := r.refuses(w, m, version); err != nil {
			return err
		}
		if err := origins[id].refuses(m); err != nil {
			return err
		}
		if err := in.check(m, r.row.DueOn, w.Today, days); err != nil {
			return err
		}
		return r.take(w, m, in)
	})
}

// refuses tells that a demand of its kind cannot be taken back.
func (o Origin) refuses(m move) error {
	if m.act == models.RectificationWithdraw && o.Finding != nil && o.Finding.Finding.Severity != models.SeverityMinor {
		return models.NewError(models.Conflict, "rectifications.withdraw_finding")
	}
	return nil
}

// WithdrawFinding takes back, in the write of another desk, what was demanded for a
// finding; nothing happens when it is over already, or was never demanded.
func WithdrawFinding(w *desk.Write, finding uint64, subject, reason string) error {
	var row models.Rectification
	switch err := desk.One(w.Locked().Where("finding_id = ?", finding), &row, "rectifications.unknown"); {
	case models.IsCode(err, models.NotFound):
		return nil
	case err != nil:
		return err
	}
	if !slices.Contains(withdrawMove.from, row.Status) {
		return nil
	}
	r, err := rectification(w, row.ID)
	if err != nil {
		return err
	}
	r.subject.ZH, r.subject.EN = shortened(subject), shortened(subject)
	if err := r.refuses(w, withdrawMove, r.row.Version); err != nil {
		return err
	}
	in := StepInput{Note: reason}
	if err := in.check(withdrawMove, r.row.DueOn, w.Today, nil); err != nil {
		return err
	}
	return r.take(w, withdrawMove, in)
}

// rectification returns one that the actor reads at the unit or at the office, locked
// until the write ends; others are NotFound.
func rectification(w *desk.Write, id uint64) (*opened, error) {
	r := &opened{}
	if err := desk.One(w.Locked().Where("id = ?", id), &r.row, "rectifications.unknown"); err != nil {
		return nil, err
	}
	units, err := w.Units(r.row.UnitID, r.row.OfficeID)
	if err != nil {
		return nil, err
	}
	r.unit, r.office = units[r.row.UnitID], units[r.row.OfficeID]
	if w.Actor.Allow(readRectification, r.unit) != nil && w.Actor.Allow(readRectification, r.office) != nil {
		return nil, models.NewError(models.NotFound, "rectifications.unknown")
	}
	return r, nil
}

// side is the unit at which a move is allowed.
func (r *opened) side(m move) models.Unit {
	if m.permission == answerRectification {
		return r.unit
	}
	return r.office
}

// refuses tells why the actor may not make the move on the version: nil when they may.
func (r *opened) refuses(w *desk.Write, m move, version int) error {
	if err := w.Actor.Allow(m.permission, r.side(m)); err != nil {
		return err
	}
	if !slices.Contains(m.from, r.row.Status) {
		return models.NewError(models.Conflict, "rectifications.is_"+string(r.row.Status))
	}
	if r.row.Version != version {
		return models.NewError(models.Stale, "rectifications.stale")
	}
	if m.act != models.RectificationClose {
		return nil
	}
	var answers int64
	err := w.TX.Model(&models.RectificationStep{}).Where("rectification_id = ? AND act = ? AND by_user = ?", r.row.ID, models.RectificationAnswer, w.Actor.ID).Count(&answers).Error
	if err != nil {
		return fmt.Errorf("answers of rectification %d: %w", r.row.ID, err)
	}
	if answers > 0 && w.Actor.ID != 0 {
		return models.NewError(models.Forbidden, "rectifications.own_answer")
	}
	return nil
}

// check trims what was written and refuses what is wrong with it; due is the due date until
// now.
func (in *StepInput) check(m move, due, today calendar.Date, days *calendar.Calendar) error {
	in.Note, in.URL = strings.TrimSpace(in.Note), strings.TrimSpace(in.URL)
	faults := badURL(tooLong(nil, "note", in.Note, maxText), in.URL)
	if in.Note == "" && m.noted {
		faults = append(faults, models.Field{Name: "note", Key: "filing.required"})
	}
	switch {
	case !m.dated:
	case !in.DueOn.IsZero():
		faults = badDue(faults, in.DueOn, today)
		if days.HasNotice(in.DueOn.Year()) && !days.Day(in.DueOn).Working {
			faults = append(faults, models.Field{Name: "due_on", Key: "rectifications.due_no_workday", Args: models.Args("Value", in.DueOn)})
		}
	case due <= today:
		faults = append(faults, models.Field{Name: "due_on", Key: "rectifications.due_needed", Args: models.Args("Due", due)})
	}
	return models.InvalidFields(dossier.Check(faults, in.Files))
}

// take makes the move: the row, its step with the files, the entry of the audit log and
// the message to the other side.
func (r *opened) take(w *desk.Write, m move, in StepInput) error {
	before := factsOf(r.row)
	r.row.Status = m.to
	r.row.Version++
	if m.to == models.RectificationClosed {
		r.row.ClosedOn = w.Today
	}
	if m.dated && !in.DueOn.IsZero() {
		r.row.DueOn = in.DueOn
	}
	if err := w.TX.Save(&r.row).Error; err != nil {
		return fmt.Errorf("rectification %d: %w", r.row.ID, err)
	}
	step, err := r.step(w, m.act, in)
	if err != nil {
		return err
	}
	if err := dossier.Keep(w, dossier.Owner{Object: stepObject, ID: step.ID, UnitID: r.unit.ID, OfficeID: r.office.ID}, in.Files); err != nil {
		return err
	}
	err = w.Record(compliance.Act{Action: string(m.act), Object: "rectification", ID: r.row.ID, Unit: &r.unit, Permission: m.permission,
		Before: before, Now: factsOf(r.row), Detail: map[string]any{"note": in.Note, "url": in.URL, "files": dossier.Facts(in.Files)}})
	if err != nil {
		return err
	}
	to := answerRectification
	if m.permission == answerRectification {
		to = demandRectification
	}
	return r.tell(w, m.message, m.urgent, to)
}
