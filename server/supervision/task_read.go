package supervision

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/rules"
	"sundial/server/store"
)

// TaskView is a task with all who have a part in it: what a public document divides, and
// how far each is, is shown to all of them. What a unit wrote is for who reads about it.
type TaskView struct {
	models.Task
	Policy models.Policy
	Office models.Unit
	// Parts are those who lead, then those who cooperate; Ended those who had a part.
	Parts, Ended []TaskLine
	// Outside are parties that are no units of the system, Open the groups of which the
	// document leaves open who is meant, in the policy as it is now.
	OutsideLead, OutsideHelp, Open rules.Parties
	// Chosen is the part whose steps are shown, nil when there is none that the actor may
	// read.
	Chosen *TaskChosen
	// Manages tells that the actor decides for the office.
	Manages bool
	today   calendar.Date
}

// TaskChosen is a part with its steps, the latest first.
type TaskChosen struct {
	TaskLine
	Steps []TaskStepView
	// Reports tells that the actor may report on it now, Behind that a reason is asked for.
	Reports, Behind bool
	// Returns and Ends tell what the office may do now.
	Returns, Ends bool
}

// TaskStepView is a step with who took it and its files.
type TaskStepView struct {
	models.TaskStep
	Who   string
	Files []dossier.FileView
	// Redated tells of a new due date, Was the one before it.
	Was calendar.Date
}

// Task returns a task for who reads about the office or a unit with a part in it; for
// others it is NotFound. Share chooses the part whose steps are shown, 0 the one that the
// actor has most to do with.
func (d *Desk) Task(ctx context.Context, actor compliance.Actor, id, share uint64) (*TaskView, error) {
	w := d.Look(ctx, actor)
	t, err := taskOf(w, id)
	if err != nil {
		return nil, err
	}
	v := &TaskView{Task: t.Task, Policy: t.policy, Office: t.office, Manages: actor.Allow(manageTask, t.office) == nil, today: w.Today}
	if err := d.addParties(w, v); err != nil {
		return nil, err
	}
	v.addParts(w, t)
	chosen := v.choose(w, share)
	if chosen == nil {
		return v, nil
	}
	return v, v.show(w, t, *chosen)
}

// addParties adds those whom the document names and who are no units.
func (d *Desk) addParties(w *desk.Write, v *TaskView) error {
	policy, err := d.ledger.PolicyIn(w.TX, v.Policy.Code)
	if err != nil {
		return err
	}
	if task, found := policy.Policy.FindTask(v.Code); found {
		v.OutsideLead, v.OutsideHelp = task.Lead.Outside(), task.Cooperate.Outside()
		v.Open = slices.Concat(task.Lead.Indefinite(), task.Cooperate.Indefinite())
	}
	return nil
}

// addParts adds the units, those who lead first; what they wrote only for who may read it.
func (v *TaskView) addParts(w *desk.Write, t *dividedTask) {
	for _, share := range t.shares {
		line := TaskLine{Share: share, Task: t.Task, Unit: t.units[share.UnitID], TaskStanding: taskStanding(share, t.Task), On: w.Today}
		if share.EndedOn.IsZero() {
			v.Parts = append(v.Parts, line)
		} else {
			v.Ended = append(v.Ended, line)
		}
	}
	slices.SortStableFunc(v.Parts, func(a, b TaskLine) int { return roleOrder(a.Role) - roleOrder(b.Role) })
}

// Reads tells whether the actor of the view may read what the unit of the line wrote.
func (v *TaskView) reads(w *desk.Write, line TaskLine) bool {
	return readsTask(w, v.Office) || readsTask(w, line.Unit)
}

// choose returns the part that is asked for, or else the first on which the actor may
// report, or else the first that they may read about.
func (v *TaskView) choose(w *desk.Write, share uint64) *TaskLine {
	var chosen *TaskLine
	best := 0
	for _, line := range slices.Concat(v.Parts, v.Ended) {
		rank := 0
		switch {
		case !v.reads(w, line):
		case line.Share.ID == share:
			rank = 4
		case line.Role == models.TaskLead && line.Share.EndedOn.IsZero() && w.Actor.Allow(reportTask, line.Unit) == nil:
			rank = 3
		case line.Role == models.TaskLead:
			rank = 2
		default:
			rank = 1
		}
		if rank > best {
			best, chosen = rank, &line
		}
	}
	return chosen
}

// show adds the steps of the chosen part and what may be done with it.
func (v *TaskView) show(w *desk.Write, t *dividedTask, line TaskLine) error {
	c := &TaskChosen{TaskLine: line}
	takes := t.takes(&line.Share, line.Share.Version) == nil
	runs := takes && t.runs(w, &line.Share) == nil
	c.Reports = runs && line.Role == models.TaskLead && w.Actor.Allow(reportTask, line.Unit) == nil
	c.Behind = line.Behind(w.Today)
	c.Returns = runs && v.Manages && line.Role == models.TaskLead && line.Status == models.TaskDone
	c.Ends = takes && v.Manages
	var err error
	c.Steps, err = stepsOf(w.TX, line.Share.ID)
	v.Chosen = c
	return err
}

// stepsOf returns the steps of a part, the latest first.
func stepsOf(tx *gorm.DB, share uint64) ([]TaskStepView, error) {
	var rows []models.TaskStep
	if err := tx.Where("share_id = ?", share).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("steps of share %d: %w", share, store.Translate(err))
	}
	ids, people := make([]uint64, len(rows)), make([]uint64, len(rows))
	for i, row := range rows {
		ids[i], people[i] = row.ID, row.ByUser
	}
	files, err := dossier.Of(tx, "task-step", ids)
	if err != nil {
		return nil, err
	}
	users, err := rowsByID(tx.Select("id, name"), people, func(u models.User) uint64 { return u.ID })
	if err != nil {
		return nil, err
	}
	steps := make([]TaskStepView, len(rows))
	for i, row := range rows {
		steps[i] = TaskStepView{TaskStep: row, Who: users[row.ByUser].Name, Files: files[row.ID]}
		if i > 0 && row.Act == models.TaskRedate {
			steps[i].Was = rows[i-1].DueOn
		}
	}
	slices.Reverse(steps)
	return steps, nil
}
