package supervision

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
	"sundial/server/store"
)

// TaskInput is a task that the office adds to those of a policy. TitleEN may be empty.
type TaskInput struct {
	Policy, Clause   string
	TitleZH, TitleEN string
	DueOn            calendar.Date
	// Lead and Cooperate are codes of units.
	Lead, Cooperate []string
}

func (in *TaskInput) check(earliest calendar.Date) error {
	in.Clause, in.TitleZH, in.TitleEN = strings.TrimSpace(in.Clause), strings.TrimSpace(in.TitleZH), strings.TrimSpace(in.TitleEN)
	faults := taskText(nil, "title", in.TitleZH, maxTaskTitle, true)
	faults = taskText(faults, "title_en", in.TitleEN, maxTaskTitle, false)
	faults = taskText(faults, "clause", in.Clause, maxTaskClause, true)
	faults = dueFault(faults, "due_on", in.DueOn, earliest)
	if len(in.Lead) == 0 {
		faults = append(faults, models.Field{Name: "lead", Key: "tasks.lead_required"})
	}
	if in.TitleEN == "" {
		in.TitleEN = in.TitleZH
	}
	return models.InvalidFields(faults)
}

// AddTask adds a task of the office's own, "office." and a number, and returns its id.
func (d *Desk) AddTask(ctx context.Context, actor compliance.Actor, unit string, in TaskInput) (uint64, error) {
	var id uint64
	err := d.Write(ctx, actor, func(w *desk.Write) error {
		office, err := w.Unit(unit, readTask, manageTask, "supervision.unit_unknown")
		if err != nil {
			return err
		}
		policy, err := d.dividedPolicy(w, office, in.Policy)
		if err != nil {
			return err
		}
		if err := in.check(EarliestDue(policy.Policy)); err != nil {
			return err
		}
		t := &dividedTask{policy: policy.Row, office: office, units: map[uint64]models.Unit{}}
		given, err := t.partsOf(w, in)
		if err != nil {
			return err
		}
		if err := t.create(w, in); err != nil {
			return err
		}
		id = t.ID
		return t.give(w, given)
	})
	return id, err
}

// partsOf finds the units that the office names; nobody has two parts.
func (t *dividedTask) partsOf(w *desk.Write, in TaskInput) ([]givenPart, error) {
	var given []givenPart
	var faults []models.Field
	for _, side := range []struct {
		role  models.TaskRole
		codes []string
	}{{models.TaskLead, in.Lead}, {models.TaskCooperate, in.Cooperate}} {
		for _, code := range side.codes {
			unit, fault := t.assignable(w, string(side.role), code)
			if fault == nil && t.units[unit.ID].ID != 0 {
				fault = &models.Field{Name: string(side.role), Key: "tasks.unit_twice", Args: models.Args("Unit", taskUnitName(unit))}
			}
			if fault != nil {
				faults = append(faults, *fault)
				continue
			}
			t.units[unit.ID] = unit
			given = append(given, givenPart{t, TaskPart{Unit: unit, Role: side.role}, models.TaskShare{UnitID: unit.ID, Role: side.role, Assigned: true,
				Status: models.TaskNotStarted, GivenOn: w.Today, MovedOn: w.Today, Version: 1}})
		}
	}
	return given, models.InvalidFields(faults)
}

// assignable returns a unit of the office's subtree that exists today.
func (t *dividedTask) assignable(w *desk.Write, field, code string) (models.Unit, *models.Field) {
	var unit models.Unit
	code = strings.TrimSpace(code)
	err := desk.One(rbac.Scope{t.office.Path}.Where(w.TX, "path").Where("code = ?", code), &unit, "tasks.unit_unknown")
	switch {
	case err != nil:
		return unit, &models.Field{Name: field, Key: "tasks.unit_unknown", Args: models.Args("Value", code, "Office", taskUnitName(t.office))}
	case !unit.ExistsOn(w.Today):
		return unit, &models.Field{Name: field, Key: "tasks.unit_closed", Args: models.Args("Unit", taskUnitName(unit))}
	}
	return unit, nil
}

// create stores the task after those of its policy.
func (t *dividedTask) create(w *desk.Write, in TaskInput) error {
	var rows []models.Task
	if err := w.TX.Where("policy_id = ?", t.policy.ID).Find(&rows).Error; err != nil {
		return fmt.Errorf("tasks of %s: %w", t.policy.Code, store.Translate(err))
	}
	number, position := 1, 1000
	for _, row := range rows {
		if strings.HasPrefix(row.Code, officeTask) {
			number, position = number+1, max(position, row.Position)+1
		}
	}
	t.Task = models.Task{PolicyID: t.policy.ID, UnitID: t.office.ID, Code: fmt.Sprint(officeTask, number), Position: position, Clause: in.Clause,
		TitleZH: in.TitleZH, TitleEN: in.TitleEN, DueOn: in.DueOn, OpenedBy: taskOpener(w.Actor), OpenedAt: w.At, OpenedOn: w.Today, Version: 1}
	if err := w.TX.Create(&t.Task).Error; err != nil {
		return fmt.Errorf("store task: %w", err)
	}
	return w.Record(compliance.Act{Action: "add-task", Object: "task", ID: t.ID, Unit: &t.office, Permission: manageTask, Now: taskFacts(t.Task),
		Detail: map[string]any{"policy": t.policy.Code, "lead": in.Lead, "cooperate": in.Cooperate}})
}

// officeTask begins the codes of tasks that offices have added.
const officeTask = "office."

// give stores the parts of the task and tells the units.
func (t *dividedTask) give(w *desk.Write, given []givenPart) error {
	for i := range given {
		given[i].share.TaskID = t.ID
	}
	if err := createShares(w, given); err != nil {
		return err
	}
	for _, one := range given {
		if err := t.tellGiven(w, one.share); err != nil {
			return err
		}
	}
	return nil
}

func (t *dividedTask) tellGiven(w *desk.Write, share models.TaskShare) error {
	return t.tell(w, share, reportTask, "tasks.message."+string(share.Role), "DueOn", t.DueOn)
}

// AssignTask gives a unit a part in a task, for which the document may leave open who it
// is; a unit that has one gets the other role, and one whose part has ended gets it again.
func (d *Desk) AssignTask(ctx context.Context, actor compliance.Actor, task uint64, version int, code string, role models.TaskRole) error {
	return d.onTask(ctx, actor, task, version, func(w *desk.Write, t *dividedTask) error {
		if role != models.TaskLead && role != models.TaskCooperate {
			return models.InvalidFields([]models.Field{{Name: "role", Key: "tasks.role_unknown"}})
		}
		unit, fault := t.assignable(w, "unit", code)
		if fault != nil {
			return models.InvalidFields([]models.Field{*fault})
		}
		t.units[unit.ID] = unit
		at := slices.IndexFunc(t.shares, func(share models.TaskShare) bool { return share.UnitID == unit.ID })
		if at < 0 {
			given := []givenPart{{t, TaskPart{}, models.TaskShare{TaskID: t.ID, UnitID: unit.ID, Role: role, Assigned: true,
				Status: models.TaskNotStarted, GivenOn: w.Today, MovedOn: w.Today, Version: 1}}}
			if err := createShares(w, given); err != nil {
				return err
			}
			return t.assigned(w, given[0].share, nil)
		}
		row := &t.shares[at]
		if row.EndedOn.IsZero() && row.Role == role {
			return models.InvalidFields([]models.Field{{Name: "unit", Key: "tasks.has_part." + string(role), Args: models.Args("Unit", taskUnitName(unit))}})
		}
		before := t.shareFacts(*row)
		if !row.EndedOn.IsZero() {
			row.Status = models.TaskNotStarted // what it once did was for the part that has ended
		}
		row.Role, row.Assigned, row.EndedOn, row.MovedOn = role, true, 0, w.Today
		if _, err := t.put(w, row, taskStep{act: models.TaskGive}); err != nil {
			return err
		}
		return t.assigned(w, *row, before)
	})
}

// assigned records that the office gave the part and tells the unit.
func (t *dividedTask) assigned(w *desk.Write, share models.TaskShare, before map[string]any) error {
	if err := t.recordShare(w, "give-task", manageTask, share, before, nil); err != nil {
		return err
	}
	return t.tellGiven(w, share)
}

// onTask is a decision of the office on a task of which it has seen the version.
func (d *Desk) onTask(ctx context.Context, actor compliance.Actor, task uint64, version int, do func(w *desk.Write, t *dividedTask) error) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		t, err := taskOf(w, task)
		if err != nil {
			return err
		}
		if err := w.Actor.Allow(manageTask, t.office); err != nil {
			return err
		}
		if t.Version != version {
			return models.NewError(models.Stale, "tasks.stale")
		}
		if err := do(w, t); err != nil {
			return err
		}
		t.Version++
		if err := w.TX.Save(&t.Task).Error; err != nil {
			return fmt.Errorf("task %d: %w", t.ID, err)
		}
		return nil
	})
}

// RedateTask changes the due date of a task, and says why. Units that owe it are told.
func (d *Desk) RedateTask(ctx context.Context, actor compliance.Actor, task uint64, version int, due calendar.Date, reason string) error {
	return d.onTask(ctx, actor, task, version, func(w *desk.Write, t *dividedTask) error {
		why := strings.TrimSpace(reason)
		policy, err := d.ledger.PolicyIn(w.TX, t.policy.Code)
		if err != nil {
			return err
		}
		faults := taskText(dueFault(nil, "due_on", due, EarliestDue(policy.Policy)), "reason", why, maxTaskNote, true)
		if due == t.DueOn {
			faults = append(faults, models.Field{Name: "due_on", Key: "tasks.due_same", Args: models.Args("Value", due)})
		}
		if err := models.InvalidFields(faults); err != nil {
			return err
		}
		before := taskFacts(t.Task)
		t.DueOn = due
		for i := range t.shares {
			if err := t.redate(w, &t.shares[i], why); err != nil {
				return err
			}
		}
		return w.Record(compliance.Act{Action: "redate-task", Object: "task", ID: t.ID, Unit: &t.office, Permission: manageTask,
			Before: before, Now: taskFacts(t.Task), Detail: map[string]any{"reason": why}})
	})
}

// redate adds the step by which a part has the new due date of the task.
func (t *dividedTask) redate(w *desk.Write, share *models.TaskShare, why string) error {
	if !share.EndedOn.IsZero() {
		return nil
	}
	if _, err := t.put(w, share, taskStep{act: models.TaskRedate, note: why}); err != nil {
		return err
	}
	if !taskStanding(*share, t.Task).Owed() {
		return nil
	}
	return t.tell(w, *share, reportTask, "tasks.message.redate", "DueOn", t.DueOn, "Reason", why)
}
