package supervision

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
)

// TasksOpened tells what dividing the tasks of a policy did.
type TasksOpened struct {
	Tasks int
	Parts map[PartChange]int
}

// OpenTasks (分解任务) opens the tasks of a policy of the office's region and gives the
// units that it names their parts, all at once. Later again it adds what is missing, and
// ends the parts of units that are closed or that the policy no longer names. Dues are the
// due dates of tasks that are opened, by id, where they differ from what the plan suggests.
// Nothing to do is a Conflict.
func (d *Desk) OpenTasks(ctx context.Context, actor compliance.Actor, unit, policy string, dues map[string]calendar.Date) (*TasksOpened, error) {
	var opened *TasksOpened
	err := d.Write(ctx, actor, func(w *desk.Write) error {
		plan, err := d.planTasks(w, unit, policy)
		if err != nil {
			return err
		}
		if !plan.Changes() {
			return models.NewError(models.Conflict, "tasks.nothing_new", "Policy", plan.Policy.Policy.Title)
		}
		if err := plan.setDues(dues); err != nil {
			return err
		}
		opened = &TasksOpened{}
		opened.Tasks, opened.Parts = plan.Count()
		return plan.apply(w)
	})
	return opened, err
}

// EarliestDue is the first day on which a task of the policy can be due: that of its
// publication, or of what it is in force for, which may lie before.
func EarliestDue(policy *rules.Policy) calendar.Date {
	return min(policy.Published, policy.Effective.From)
}

// setDues takes the due dates that the office wants, see EarliestDue.
func (p *TaskPlan) setDues(dues map[string]calendar.Date) error {
	var faults []models.Field
	earliest := EarliestDue(p.Policy.Policy)
	for i := range p.Lines {
		line := &p.Lines[i]
		due, found := dues[line.ID]
		if !found || line.Row != nil {
			continue
		}
		line.DueOn = due
		faults = dueFault(faults, "due-"+line.ID, due, earliest)
	}
	return models.InvalidFields(faults)
}

func dueFault(faults []models.Field, field string, due, earliest calendar.Date) []models.Field {
	switch {
	case due.IsZero():
		return append(faults, models.Field{Name: field, Key: "filing.date_required"})
	case due < earliest:
		return append(faults, models.Field{Name: field, Key: "tasks.due_early", Args: models.Args("Value", due, "Earliest", earliest)})
	}
	return faults
}

// apply does what the plan says.
func (p *TaskPlan) apply(w *desk.Write) error {
	if err := p.createTasks(w); err != nil {
		return err
	}
	var given []givenPart
	for _, line := range p.Lines {
		t := &dividedTask{Task: *line.Row, policy: p.Policy.Row, office: p.Office, units: map[uint64]models.Unit{}}
		for _, part := range line.Parts {
			t.units[part.Unit.ID] = part.Unit
			if part.Change == PartAdded {
				given = append(given, givenPart{t, part, models.TaskShare{TaskID: t.ID, UnitID: part.Unit.ID, Role: part.Role,
					Status: models.TaskNotStarted, GivenOn: w.Today, MovedOn: w.Today, Version: 1}})
				continue
			}
			if err := t.change(w, part); err != nil {
				return err
			}
		}
	}
	if err := createShares(w, given); err != nil {
		return err
	}
	if err := p.record(w); err != nil {
		return err
	}
	return p.tellGiven(w, given)
}

// createTasks stores the tasks that are not open yet.
func (p *TaskPlan) createTasks(w *desk.Write) error {
	rows := make([]*models.Task, 0, len(p.Lines))
	for i := range p.Lines {
		line := &p.Lines[i]
		if line.Row != nil {
			continue
		}
		line.Row = &models.Task{PolicyID: p.Policy.Row.ID, UnitID: p.Office.ID, Code: line.ID, Position: i + 1, Clause: line.Clause,
			TitleZH: line.Title.ZH, TitleEN: line.Title.EN, DueOn: line.DueOn, OpenedBy: taskOpener(w.Actor), OpenedAt: w.At, OpenedOn: w.Today, Version: 1}
		rows = append(rows, line.Row)
	}
	if len(rows) == 0 {
		return nil
	}
	if err := w.TX.CreateInBatches(rows, taskBatch).Error; err != nil {
		return fmt.Errorf("store tasks of %s: %w", p.Policy.Row.Code, err)
	}
	return nil
}

// taskOpener returns the id of who acts, nil for the program.
func taskOpener(actor compliance.Actor) *uint64 {
	if actor.ID == 0 {
		return nil
	}
	return &actor.ID
}

// givenPart is a part that a unit is given.
type givenPart struct {
	task  *dividedTask
	part  TaskPart
	share models.TaskShare
}

// createShares stores parts with their first steps.
func createShares(w *desk.Write, given []givenPart) error {
	if len(given) == 0 {
		return nil
	}
	shares := make([]*models.TaskShare, len(given))
	for i := range given {
		shares[i] = &given[i].share
	}
	if err := w.TX.CreateInBatches(shares, taskBatch).Error; err != nil {
		return fmt.Errorf("store shares: %w", err)
	}
	steps := make([]models.TaskStep, len(given))
	for i := range given {
		steps[i] = given[i].task.step(w, given[i].share, taskStep{act: models.TaskGive})
	}
	if err := w.TX.CreateInBatches(steps, taskBatch).Error; err != nil {
		return fmt.Errorf("store steps of shares: %w", err)
	}
	return nil
}

// change ends a part, or lets its unit lead instead of cooperate, and the other way round.
func (t *dividedTask) change(w *desk.Write, part TaskPart) error {
	if part.Change == PartStays {
		return nil
	}
	before, step := t.shareFacts(*part.share), taskStep{act: models.TaskGive}
	part.share.Role = part.Role
	if part.Change == PartEnds {
		part.share.EndedOn, step.act = w.Today, models.TaskEnd
	} else {
		part.share.MovedOn = w.Today
	}
	if _, err := t.put(w, part.share, step); err != nil {
		return err
	}
	if err := t.recordShare(w, string(step.act)+"-task", manageTask, *part.share, before, map[string]any{"why": part.Why}); err != nil {
		return err
	}
	switch {
	case part.Change == PartMoved:
		return t.tellGiven(w, *part.share)
	case part.Why == EndUnnamed:
		return t.tell(w, *part.share, reportTask, "tasks.message.unnamed", "On", w.Today)
	}
	return nil
}

// record adds an audit entry for each task that was opened or came to have more units.
func (p *TaskPlan) record(w *desk.Write) error {
	for _, line := range p.Lines {
		units := map[string][]string{}
		for _, part := range line.Parts {
			if part.Change == PartAdded {
				units[string(part.Role)] = append(units[string(part.Role)], part.Unit.Code)
			}
		}
		fresh := line.Row.OpenedAt.Equal(w.At)
		if !fresh && len(units) == 0 {
			continue
		}
		act := compliance.Act{Action: "divide-tasks", Object: "task", ID: line.Row.ID, Unit: &p.Office, Permission: manageTask,
			Detail: map[string]any{"policy": p.Policy.Row.Code, "lead": units["lead"], "cooperate": units["cooperate"]}}
		if fresh {
			act.Now = taskFacts(*line.Row)
		}
		if err := w.Record(act); err != nil {
			return err
		}
	}
	return nil
}

// tellGiven tells each unit once what it leads from now on, and once in what it cooperates.
func (p *TaskPlan) tellGiven(w *desk.Write, given []givenPart) error {
	if err := p.tellRole(w, given, models.TaskLead, "tasks.message.given"); err != nil {
		return err
	}
	return p.tellRole(w, given, models.TaskCooperate, "tasks.message.joined")
}

func (p *TaskPlan) tellRole(w *desk.Write, given []givenPart, role models.TaskRole, key string) error {
	first := map[uint64]givenPart{}
	count := map[uint64]int{}
	for _, one := range given {
		if one.part.Role != role {
			continue
		}
		unit := one.part.Unit.ID
		if count[unit]++; count[unit] == 1 || one.task.DueOn < first[unit].task.DueOn {
			first[unit] = one
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(first)) {
		one := first[unit]
		err := notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageTask, Unit: one.part.Unit, To: reportTask, Object: "task-share", ObjectID: one.share.ID,
			Text: rules.Reason{Key: key, Args: models.Args("Unit", taskUnitName(one.part.Unit), "Policy", p.Policy.Policy.Title,
				"Count", count[unit], "DueOn", one.task.DueOn)}, Except: w.Actor.ID})
		if err != nil {
			return err
		}
	}
	return nil
}
