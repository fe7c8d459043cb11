package supervision

import (
	"context"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/rules"
	"sundial/server/store"
)

// TaskPlan is what dividing the tasks of a policy would do now, task by task in the order
// of the document.
type TaskPlan struct {
	Office models.Unit
	Policy compliance.PolicyView
	Lines  []TaskPlanLine
}

// TaskPlanLine is a task of the policy, or one that the policy no longer has.
type TaskPlanLine struct {
	rules.Task
	// Row is the task as it was opened, nil before.
	Row *models.Task
	// DueOn is the day by which it is to be done: a suggestion as long as it is not open.
	// Suggested tells that neither the document nor the pack has one.
	DueOn     calendar.Date
	Suggested bool
	Parts     []TaskPart
}

// TaskPart is the part of a unit in a task, with what dividing changes in it.
type TaskPart struct {
	Unit   models.Unit
	Role   models.TaskRole
	Change PartChange
	// Why is the reason of a part that ends.
	Why   PartEnd
	share *models.TaskShare
}

// PartChange says what becomes of the part of a unit.
type PartChange string

// The changes of parts.
const (
	PartStays PartChange = ""
	PartAdded PartChange = "add"
	PartMoved PartChange = "role" // it leads now, or cooperates
	PartEnds  PartChange = "end"
)

// PartEnd says why a part ends.
type PartEnd string

// Why parts end when tasks are divided again.
const (
	EndClosed  PartEnd = "closed"  // the unit is closed
	EndUnnamed PartEnd = "unnamed" // the policy no longer names it
)

// Count counts the tasks that would be opened, and the parts by what becomes of them.
func (p *TaskPlan) Count() (tasks int, parts map[PartChange]int) {
	parts = map[PartChange]int{}
	for _, line := range p.Lines {
		if line.Row == nil {
			tasks++
		}
		for _, part := range line.Parts {
			parts[part.Change]++
		}
	}
	return tasks, parts
}

// Changes tells whether dividing would do anything.
func (p *TaskPlan) Changes() bool {
	tasks, parts := p.Count()
	return tasks+parts[PartAdded]+parts[PartMoved]+parts[PartEnds] > 0
}

// PlanTasks returns what OpenTasks would do. It is refused like that to who may not.
func (d *Desk) PlanTasks(ctx context.Context, actor compliance.Actor, unit, policy string) (*TaskPlan, error) {
	return d.planTasks(d.Look(ctx, actor), unit, policy)
}

func (d *Desk) planTasks(w *desk.Write, unit, policy string) (*TaskPlan, error) {
	office, err := w.Unit(unit, readTask, manageTask, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	p := &TaskPlan{Office: office}
	if p.Policy, err = d.dividedPolicy(w, office, policy); err != nil {
		return nil, err
	}
	if len(p.Policy.Policy.Tasks) == 0 {
		return nil, models.NewError(models.Conflict, "tasks.none_in_policy", "Policy", p.Policy.Policy.Title)
	}
	opened, err := openedTasks(w, p.Policy.Row.ID)
	if err != nil {
		return nil, err
	}
	units, err := unitsBelow(w, office)
	if err != nil {
		return nil, err
	}
	known, err := compliance.RuleUnits(w.TX, units)
	if err != nil {
		return nil, err
	}
	for i := range p.Policy.Policy.Tasks {
		p.add(w.Today, &p.Policy.Policy.Tasks[i], opened, units, known)
	}
	for i := range opened.rows {
		p.addDropped(w.Today, &opened.rows[i], opened, units)
	}
	return p, nil
}

// dividedPolicy returns a policy of the office's region that is in force. The row stays
// locked, so that two do not divide it at once.
func (d *Desk) dividedPolicy(w *desk.Write, office models.Unit, code string) (compliance.PolicyView, error) {
	var row models.Policy
	if err := desk.One(w.Locked().Omit("source").Where("code = ?", code), &row, "tasks.policy_unknown"); err != nil {
		return compliance.PolicyView{}, err
	}
	view, err := d.ledger.PolicyIn(w.TX, code)
	switch {
	case err != nil:
		return view, err
	case view.Policy.Region != office.Code:
		return view, models.NewError(models.Conflict, "tasks.other_region", "Policy", view.Policy.Title, "Region", view.Policy.Region)
	case !row.RetiredOn.IsZero() && row.RetiredOn <= w.Today:
		return view, models.NewError(models.Conflict, "tasks.policy_retired", "Policy", view.Policy.Title, "On", row.RetiredOn)
	}
	return view, nil
}

// openedRows are the tasks of a policy that were opened, with the parts in them.
type openedRows struct {
	rows   []models.Task
	byCode map[string]*models.Task
	shares map[uint64][]models.TaskShare
}

func openedTasks(w *desk.Write, policy uint64) (*openedRows, error) {
	o := &openedRows{byCode: map[string]*models.Task{}, shares: map[uint64][]models.TaskShare{}}
	if err := w.Locked().Where("policy_id = ?", policy).Order("position, id").Find(&o.rows).Error; err != nil {
		return nil, fmt.Errorf("tasks of policy %d: %w", policy, store.Translate(err))
	}
	for i := range o.rows {
		o.byCode[o.rows[i].Code] = &o.rows[i]
	}
	var shares []models.TaskShare
	if err := w.Locked().Where("task_id IN (SELECT id FROM tasks WHERE policy_id = ?)", policy).Order("id").Find(&shares).Error; err != nil {
		return nil, fmt.Errorf("shares of policy %d: %w", policy, store.Translate(err))
	}
	for _, share := range shares {
		o.shares[share.TaskID] = append(o.shares[share.TaskID], share)
	}
	return o, nil
}

// unitsBelow returns the units of the office's subtree, its own first; those too that are
// closed.
func unitsBelow(w *desk.Write, office models.Unit) ([]models.Unit, error) {
	var units []models.Unit
	if err := (rbac.Scope{office.Path}).Where(w.TX, "path").Order("path").Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units of %s: %w", office.Code, store.Translate(err))
	}
	return units, nil
}

// add adds a task of the policy: who it names and who has a part in it already.
func (p *TaskPlan) add(today calendar.Date, task *rules.Task, opened *openedRows, units []models.Unit, known []rules.Unit) {
	line := TaskPlanLine{Task: *task, Row: opened.byCode[task.ID], DueOn: p.Policy.Policy.TaskDue(task)}
	if line.DueOn.IsZero() {
		line.DueOn, line.Suggested = yearEnd(today), true
	}
	var shares []models.TaskShare
	if line.Row != nil {
		line.DueOn, shares = line.Row.DueOn, opened.shares[line.Row.ID]
	}
	region := p.Policy.Policy.Region
	for i, unit := range units {
		var named models.TaskRole
		switch {
		case !unit.ExistsOn(today):
		case task.Lead.Binds(region, known[i]):
			named = models.TaskLead
		case task.Cooperate.Binds(region, known[i]):
			named = models.TaskCooperate
		}
		line.addPart(today, unit, named, shares)
	}
	line.sort()
	p.Lines = append(p.Lines, line)
}

// addDropped adds a task that was opened and that the policy does not have: one of the
// office's own, or one that an amendment took out.
func (p *TaskPlan) addDropped(today calendar.Date, row *models.Task, opened *openedRows, units []models.Unit) {
	if _, found := p.Policy.Policy.FindTask(row.Code); found {
		return
	}
	line := TaskPlanLine{Row: row, DueOn: row.DueOn,
		Task: rules.Task{ID: row.Code, Clause: row.Clause, Title: rules.Text{ZH: row.TitleZH, EN: row.TitleEN}}}
	for _, unit := range units {
		line.addPart(today, unit, "", opened.shares[row.ID])
	}
	line.sort()
	p.Lines = append(p.Lines, line)
}

// addPart adds what becomes of the part of a unit that the policy names for the role, ""
// for none. What the office gave or ended by itself stays so.
func (l *TaskPlanLine) addPart(today calendar.Date, unit models.Unit, named models.TaskRole, shares []models.TaskShare) {
	at := slices.IndexFunc(shares, func(share models.TaskShare) bool { return share.UnitID == unit.ID })
	if at < 0 {
		if named != "" {
			l.Parts = append(l.Parts, TaskPart{Unit: unit, Role: named, Change: PartAdded})
		}
		return
	}
	share := &shares[at]
	part := TaskPart{Unit: unit, Role: share.Role, share: share}
	switch {
	case !share.EndedOn.IsZero():
		return
	case !unit.ExistsOn(today):
		part.Change, part.Why = PartEnds, EndClosed
	case share.Assigned:
	case named == "":
		part.Change, part.Why = PartEnds, EndUnnamed
	case named != share.Role:
		part.Role, part.Change = named, PartMoved
	}
	l.Parts = append(l.Parts, part)
}

// sort puts those who lead first.
func (l *TaskPlanLine) sort() {
	slices.SortStableFunc(l.Parts, func(a, b TaskPart) int { return roleOrder(a.Role) - roleOrder(b.Role) })
}

func roleOrder(role models.TaskRole) int {
	if role == models.TaskLead {
		return 0
	}
	return 1
}
