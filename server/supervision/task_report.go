package supervision

import (
	"cmp"
	"context"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/evidence"
)

// TaskProgress is what a lead unit reports of its part. Reason says why it is behind, and
// is asked for only then. The day of the report is the day on which it is made.
type TaskProgress struct {
	Status models.TaskStatus
	Note   string
	Reason string
	URL    string
	// Files are in the vault already.
	Files []evidence.File
}

// check trims what was written and refuses what is wrong with it.
func (p *TaskProgress) check(behind bool) error {
	p.Note, p.Reason, p.URL = strings.TrimSpace(p.Note), strings.TrimSpace(p.Reason), strings.TrimSpace(p.URL)
	var faults []models.Field
	switch p.Status {
	case models.TaskNotStarted, models.TaskUnderWay, models.TaskDone:
	default:
		faults = append(faults, models.Field{Name: "status", Key: "tasks.status_unknown"})
	}
	faults = taskText(faults, "note", p.Note, maxTaskNote, true)
	if p.Reason == "" && behind {
		faults = append(faults, models.Field{Name: "reason", Key: "tasks.reason_required"})
	}
	faults = taskText(faults, "reason", p.Reason, maxTaskNote, false)
	return models.InvalidFields(dossier.Check(taskLink(faults, p.URL), p.Files))
}

// ReportTask tells how far the unit is with a task that it leads. What is done can be taken
// back by a later report. That nothing was begun is no movement.
func (d *Desk) ReportTask(ctx context.Context, actor compliance.Actor, task, share uint64, version int, in TaskProgress) error {
	return d.onShare(ctx, actor, task, share, func(w *desk.Write, t *dividedTask, row *models.TaskShare) error {
		if err := w.Actor.Allow(reportTask, t.units[row.UnitID]); err != nil {
			return err
		}
		if row.Role != models.TaskLead {
			return models.NewError(models.Conflict, "tasks.cooperates", "Unit", taskUnitName(t.units[row.UnitID]))
		}
		if err := cmp.Or(t.takes(row, version), t.runs(w, row)); err != nil {
			return err
		}
		if err := in.check(taskStanding(*row, t.Task).Behind(w.Today)); err != nil {
			return err
		}
		return t.report(w, row, in)
	})
}

func (t *dividedTask) report(w *desk.Write, row *models.TaskShare, in TaskProgress) error {
	before, was := t.shareFacts(*row), row.Status
	row.Status = in.Status
	if in.Status != models.TaskNotStarted {
		row.MovedOn = w.Today
	}
	step, err := t.put(w, row, taskStep{models.TaskReport, in.Note, in.Reason, in.URL})
	if err != nil {
		return err
	}
	owner := dossier.Owner{Object: "task-step", ID: step.ID, UnitID: row.UnitID, OfficeID: t.UnitID}
	if err := dossier.Keep(w, owner, in.Files); err != nil {
		return err
	}
	detail := map[string]any{"note": in.Note, "reason": in.Reason, "url": in.URL}
	if len(in.Files) > 0 {
		detail["files"] = dossier.Facts(in.Files)
	}
	if err := t.recordShare(w, "report-task", reportTask, *row, before, detail); err != nil {
		return err
	}
	switch {
	case was != models.TaskDone && row.Status == models.TaskDone:
		return t.tell(w, *row, manageTask, "tasks.message.done", "On", w.Today)
	case was == models.TaskDone && row.Status != models.TaskDone:
		return t.tell(w, *row, manageTask, "tasks.message.taken_back", "On", w.Today)
	}
	return nil
}

// onShare does something with a part in a task that the actor may read about.
func (d *Desk) onShare(ctx context.Context, actor compliance.Actor, task, share uint64, do func(w *desk.Write, t *dividedTask, row *models.TaskShare) error) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		t, err := taskOf(w, task)
		if err != nil {
			return err
		}
		row, err := t.share(w, share)
		if err != nil {
			return err
		}
		return do(w, t, row)
	})
}

// ReturnTask (未完成) is the office saying that what a unit reported as done is not done,
// and why.
func (d *Desk) ReturnTask(ctx context.Context, actor compliance.Actor, task, share uint64, version int, reason string) error {
	return d.officeStep(ctx, actor, task, share, version, reason, func(w *desk.Write, t *dividedTask, row *models.TaskShare) (models.TaskAct, error) {
		if err := t.runs(w, row); err != nil {
			return "", err
		}
		if row.Status != models.TaskDone {
			return "", models.NewError(models.Conflict, "tasks.not_done")
		}
		row.Status, row.MovedOn = models.TaskUnderWay, w.Today
		return models.TaskReturn, nil
	})
}

// EndTaskShare ends the part of a unit from today on, and says why.
func (d *Desk) EndTaskShare(ctx context.Context, actor compliance.Actor, task, share uint64, version int, reason string) error {
	return d.officeStep(ctx, actor, task, share, version, reason, func(w *desk.Write, _ *dividedTask, row *models.TaskShare) (models.TaskAct, error) {
		row.EndedOn = w.Today
		return models.TaskEnd, nil
	})
}

// officeStep is a step of the office on the part of a unit, with a reason that the unit is
// told.
func (d *Desk) officeStep(ctx context.Context, actor compliance.Actor, task, share uint64, version int, reason string,
	do func(w *desk.Write, t *dividedTask, row *models.TaskShare) (models.TaskAct, error)) error {
	return d.onShare(ctx, actor, task, share, func(w *desk.Write, t *dividedTask, row *models.TaskShare) error {
		if err := w.Actor.Allow(manageTask, t.office); err != nil {
			return err
		}
		if err := t.takes(row, version); err != nil {
			return err
		}
		why := strings.TrimSpace(reason)
		if err := models.InvalidFields(taskText(nil, "reason", why, maxTaskNote, true)); err != nil {
			return err
		}
		before := t.shareFacts(*row)
		act, err := do(w, t, row)
		if err != nil {
			return err
		}
		if _, err := t.put(w, row, taskStep{act: act, note: why}); err != nil {
			return err
		}
		if err := t.recordShare(w, string(act)+"-task", manageTask, *row, before, map[string]any{"reason": why}); err != nil {
			return err
		}
		return t.tell(w, *row, reportTask, "tasks.message."+string(act), "Reason", why, "On", w.Today)
	})
}

// TakesProgress refuses who may report on no part of the task, before files are taken in.
func (d *Desk) TakesProgress(ctx context.Context, actor compliance.Actor, task uint64) error {
	t, err := taskOf(d.Look(ctx, actor), task)
	if err != nil {
		return err
	}
	for _, share := range t.shares {
		if actor.Allow(reportTask, t.units[share.UnitID]) == nil {
			return nil
		}
	}
	return models.NewError(models.Forbidden, "error.forbidden")
}
