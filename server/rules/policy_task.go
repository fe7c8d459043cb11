package rules

import (
	"slices"

	"sundial/server/calendar"
)

// Task (任务) is a passage of a policy that names who leads it (牵头单位) and, in
// some documents, who cooperates (配合单位): the row "tasks with lead and
// cooperating units" of the domain's table of what the policies demand. A policy
// that names nobody has no tasks.
type Task struct {
	// ID is the pack's short name, a dot, "task-" and words:
	// ln2016.task-decision-drafts.
	ID string
	// Clause cites the passage; where a clause has several it tells which.
	Clause string
	// Title says in our own words what is to be done.
	Title Text
	// Lead are the parties that answer for the task, Cooperate those that help; in
	// the order of the document. Lead is never empty, Cooperate often is.
	Lead, Cooperate Parties
	// Due is the first day that the passage itself sets, zero where it sets none;
	// Policy.TaskDue has the day that counts.
	Due calendar.Date
	// Line is the line in the pack.
	Line int
}

// Party is one of those that a task is divided among, named once in a pack for
// all of its tasks. It is one of three:
//   - a unit: Unit is its code;
//   - a group of the policy's region: Who is set. Where Indefinite too, the document
//     says "the departments concerned" (有关部门) and leaves open which of the group
//     they are, until the office names them;
//   - outside of the system, for example an organ of the party committee: it has a
//     name only.
type Party struct {
	// Word is what the tasks of the pack call it by.
	Word string
	Unit string
	// Name is what the document calls it.
	Name       Text
	Who        *Who
	Indefinite bool
}

// Parties are those that have the same part in a task.
type Parties []Party

// IsOutside tells that the party is no unit and no group of units.
func (p Party) IsOutside() bool { return p.Unit == "" && p.Who == nil }

// Binds tells whether the policy of the region itself gives the unit this party's
// part: never where the document leaves open who is meant.
func (p Party) Binds(region string, u Unit) bool {
	switch {
	case p.Unit != "":
		return p.Unit == u.Code
	case p.Who == nil || p.Indefinite:
		return false
	default:
		return p.Who.Binds(region, u)
	}
}

// Binds tells whether one of the parties binds the unit.
func (p Parties) Binds(region string, u Unit) bool {
	return slices.ContainsFunc(p, func(party Party) bool { return party.Binds(region, u) })
}

// Outside returns the parties that are no units, in order.
func (p Parties) Outside() Parties { return p.those(Party.IsOutside) }

// Indefinite returns the groups of which the document leaves open who is meant;
// who may be is told by their Who.
func (p Parties) Indefinite() Parties {
	return p.those(func(party Party) bool { return party.Indefinite })
}

func (p Parties) those(match func(Party) bool) Parties {
	var found Parties
	for _, party := range p {
		if match(party) {
			found = append(found, party)
		}
	}
	return found
}

// LeadUnits returns those of the units that lead the task of a policy of the
// region, in the order given. It does not look at the days on which units open and
// close: the caller passes the units of the day.
func (t *Task) LeadUnits(region string, units []Unit) []Unit {
	return only(units, func(u Unit) bool { return t.Lead.Binds(region, u) })
}

// CooperatingUnits returns those of the units that cooperate in the task, in the
// order given. Who leads it, though of a group that cooperates, does not.
func (t *Task) CooperatingUnits(region string, units []Unit) []Unit {
	return only(units, func(u Unit) bool { return !t.Lead.Binds(region, u) && t.Cooperate.Binds(region, u) })
}

func only(units []Unit, match func(Unit) bool) []Unit {
	var found []Unit
	for _, u := range units {
		if match(u) {
			found = append(found, u)
		}
	}
	return found
}

// TaskDue returns the day by which the task is to be done: its own, else the day
// that the pack sets for all tasks, else the end of the policy's effective span;
// zero when that is open too.
func (p *Policy) TaskDue(t *Task) calendar.Date {
	switch {
	case !t.Due.IsZero():
		return t.Due
	case !p.TasksDue.IsZero():
		return p.TasksDue
	default:
		return p.Effective.To
	}
}

// FindTask returns the task with the id.
func (p *Policy) FindTask(id string) (*Task, bool) {
	for i := range p.Tasks {
		if p.Tasks[i].ID == id {
			return &p.Tasks[i], true
		}
	}
	return nil, false
}
