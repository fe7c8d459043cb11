package rules

import (
	"strings"
	"time"

	"sundial/server/calendar"
)

// State (状态) is what a duty shows on a day.
type State string

// The states.
const (
	Pending     State = "pending"
	Reported    State = "reported"
	Met         State = "met"
	Late        State = "late"
	Overdue     State = "overdue"
	Exempt      State = "exempt"
	Unscheduled State = "unscheduled"
)

// States lists the states in the order in which they are shown.
var States = []State{Overdue, Pending, Reported, Late, Met, Exempt, Unscheduled}

// Outcome is what is settled of a duty whatever the day it is looked at; only
// Open still depends on the day.
type Outcome string

// OutcomeOpen is the one outcome that is not a settled state.
const OutcomeOpen Outcome = "open"

// StateOn returns the state of a duty with the outcome on the as-of date: an
// open duty is overdue once its settled due date has passed.
func StateOn(outcome Outcome, dueOn calendar.Date, provisional bool, asOf calendar.Date) State {
	switch {
	case outcome != OutcomeOpen:
		return State(outcome)
	case !provisional && !dueOn.IsZero() && dueOn < asOf:
		return Overdue
	default:
		return Pending
	}
}

// DueSoonDays is the number of working days before the due date within which a
// pending duty is marked due soon.
const DueSoonDays = 10

// Reason says why, as a message of the locale files with its arguments. An
// argument is a text, a number, a calendar.Date, a Text in both languages or a
// list of texts.
type Reason struct {
	Key  string
	Args map[string]any
}

// CitedClause returns a clause as it stands between brackets: without its own,
// where it has them around the whole, such as (四).
func CitedClause(clause string) string {
	for _, pair := range [][2]string{{"(", ")"}, {"（", "）"}} {
		inner, opened := strings.CutPrefix(clause, pair[0])
		inner, closed := strings.CutSuffix(inner, pair[1])
		if opened && closed && !strings.ContainsAny(inner, "()（）") {
			return inner
		}
	}
	return clause
}

// Verdict is what the judge finds for one duty on one day, with all that is
// needed to contest it.
type Verdict struct {
	Obligation string
	Clause     string
	Kind       Kind
	Period     string
	// Subject is the document or incident, for duties that a trigger starts.
	Subject string
	DueOn   calendar.Date
	// DueAt is the instant at which a term in hours ends.
	DueAt time.Time
	// Provisional marks a due date that reaches into a year without notice.
	Provisional bool
	Outcome     Outcome
	State       State
	DueSoon     bool
	DoneOn      calendar.Date
	// Reason is the ground of the state, Notes what else was seen, such as facts
	// that do not count.
	Reason Reason
	Notes  []Reason
	// Value is what was reached and Required what is demanded, in the same unit.
	Value    string
	Required string
	// Evidence lists the links of the facts that count.
	Evidence []string
	// Roster counts the people that a rotation asks to be trained, and Trained those
	// of them who are; 0 for other kinds, and while the duty is exempt.
	Roster  int
	Trained int
	// Scheme is the performance scheme that a weight rests on, nil for other kinds and
	// while there is none.
	Scheme *SchemeFinding
}
