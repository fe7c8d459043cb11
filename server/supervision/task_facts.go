package supervision

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// OwedTasks returns the tasks that the unit itself leads and has not done today, those due
// first before the others. A unit outside of what the actor may read is NotFound.
func (d *Desk) OwedTasks(ctx context.Context, actor compliance.Actor, unit string) ([]TaskLine, error) {
	w := d.Look(ctx, actor)
	of, err := w.Unit(unit, readTask, readTask, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	var rows []taskRow
	err = partsOn(w.TX, of.Path, w.Today).Where("s.unit_id = ? AND p.role = ? AND p.status <> ?", of.ID, models.TaskLead, models.TaskDone).
		Select(taskRowColumns).Order("p.due_on, " + taskOrder).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("tasks that %s owes: %w", unit, store.Translate(err))
	}
	return taskLines(w, rows, w.Today)
}

// TaskFacts is how far units are with the tasks of a policy: counts of those who lead.
type TaskFacts struct {
	Policy models.Policy
	Tasks  int
	Counts map[TaskState]int
}

// TaskFacts counts by policy, in the order of publication, what the unit and those below
// it lead, as it stood at the end of the day. Policy is a code, empty for all.
func (d *Desk) TaskFacts(ctx context.Context, actor compliance.Actor, unit, policy string, asOf calendar.Date) ([]TaskFacts, error) {
	w := d.Look(ctx, actor)
	of, err := w.Unit(unit, readTask, readTask, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	return taskFactsOf(w.TX, of, policy, asOf)
}

func taskFactsOf(tx *gorm.DB, unit models.Unit, policy string, asOf calendar.Date) ([]TaskFacts, error) {
	var rows []taskRow
	query := TaskQuery{Policy: policy}.selects(partsOn(tx, unit.Path, asOf)).Where("p.role = ?", models.TaskLead)
	if err := query.Select(taskRowColumns).Order(taskOrder).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("facts of tasks: %w", store.Translate(err))
	}
	var policies []models.Policy
	if err := tx.Omit("source").Where("id IN (SELECT policy_id FROM tasks)").Order("published, id").Find(&policies).Error; err != nil {
		return nil, fmt.Errorf("policies of tasks: %w", store.Translate(err))
	}
	var facts []TaskFacts
	for _, row := range policies {
		one, tasks := TaskFacts{Policy: row, Counts: map[TaskState]int{}}, map[uint64]bool{}
		for _, part := range rows {
			if part.PolicyID != row.ID {
				continue
			}
			tasks[part.TaskID] = true
			for _, state := range part.standing().states(asOf) {
				one.Counts[state]++
			}
		}
		if one.Tasks = len(tasks); one.Tasks > 0 {
			facts = append(facts, one)
		}
	}
	return facts, nil
}
