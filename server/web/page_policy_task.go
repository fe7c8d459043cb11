package web

import (
	"reflect"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// TaskDivision (任务分工) is how a policy divides its tasks.
type TaskDivision struct {
	Lines []TaskDivisionLine
	// Default is the day of the tasks that have none of their own.
	Default calendar.Date
	// Cooperates tells that the document names cooperating units at all, Open that it
	// leaves open who some are, Outside that some are no units of the system.
	Cooperates, Open, Outside bool
}

// TaskDivisionLine is a task of a policy; DueOn is the day that counts.
type TaskDivisionLine struct {
	*rules.Task
	DueOn calendar.Date
}

// shortDivision is how many tasks are shown without being asked for.
const shortDivision = 12

// Short tells that the tasks are few enough to be shown at once.
func (d TaskDivision) Short() bool { return len(d.Lines) <= shortDivision }

func newTaskDivision(policy *rules.Policy) TaskDivision {
	division := TaskDivision{Default: policy.TaskDue(&rules.Task{})}
	for i := range policy.Tasks {
		task := &policy.Tasks[i]
		division.Lines = append(division.Lines, TaskDivisionLine{task, policy.TaskDue(task)})
		parties := slices.Concat(task.Lead, task.Cooperate)
		division.Cooperates = division.Cooperates || len(task.Cooperate) > 0
		division.Open = division.Open || len(parties.Indefinite()) > 0
		division.Outside = division.Outside || len(parties.Outside()) > 0
	}
	return division
}

// taskChanges tells how an amendment changes the tasks; nothing when it does not.
func (w words) taskChanges(was, now *rules.Policy) []Difference {
	added, changed, removed := 0, 0, 0
	for i := range now.Tasks {
		task := &now.Tasks[i]
		switch before, found := was.FindTask(task.ID); {
		case !found:
			added++
		case was.TaskDue(before) != now.TaskDue(task) || !sameTask(*before, *task):
			changed++
		}
	}
	for i := range was.Tasks {
		if _, kept := now.FindTask(was.Tasks[i].ID); !kept {
			removed++
		}
	}
	if added+changed+removed == 0 {
		return nil
	}
	return []Difference{{"policy_tasks.title", w.locale.Text("policy_tasks.count", models.Args("Count", len(was.Tasks))),
		w.locale.Text("policy_tasks.amended", models.Args("Tasks", len(now.Tasks), "Added", added, "Changed", changed, "Removed", removed))}}
}

// sameTask tells whether two tasks differ at most in where they stand.
func sameTask(a, b rules.Task) bool {
	a.Line, b.Line = 0, 0
	return reflect.DeepEqual(a, b)
}
