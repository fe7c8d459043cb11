package training

import (
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/planner"
)

// What is asked for unless somebody asks for something else: how many percent of
// a unit's people may be away on one day, and the seats of a session that would be
// added.
const (
	DefaultShare = 30
	DefaultSeats = 40
	mostSeats    = 10_000
)

// PlanRequest asks who should go to which of the sessions to come, so that a
// rotation completes in the window that contains today.
type PlanRequest struct {
	// Policy is the code of the policy, Obligation that of one of its rotations;
	// empty for the first.
	Policy, Obligation string
	// Share is how many percent of a unit's people may be away on one day; one person
	// always may.
	Share int
	// Seats are those of a session that would have to be added.
	Seats int
	// Sessions are the ids of the only ones to be filled; none means all.
	Sessions []uint64
}

// Equal tells whether both ask for the same.
func (r PlanRequest) Equal(other PlanRequest) bool {
	return r.Policy == other.Policy && r.Obligation == other.Obligation && r.Share == other.Share && r.Seats == other.Seats && slices.Equal(r.Sessions, other.Sessions)
}

func (r PlanRequest) check() error {
	var f faults
	if r.Share < 1 || r.Share > 100 {
		f.add("share", "training.number_range", "Value", r.Share, "Least", 1, "Most", 100)
	}
	if r.Seats < 1 || r.Seats > mostSeats {
		f.add("seats", "training.number_range", "Value", r.Seats, "Least", 1, "Most", mostSeats)
	}
	return f.err()
}

// fills tells whether the session is one to be filled.
func (r PlanRequest) fills(session uint64) bool {
	return len(r.Sessions) == 0 || slices.Contains(r.Sessions, session)
}

func (r PlanRequest) rotation(unit models.Unit, today calendar.Date) compliance.RotationQuery {
	return compliance.RotationQuery{Unit: unit, Policy: r.Policy, Obligation: r.Obligation, AsOf: today}
}

// The planner knows days on which units miss their people. A session that can be
// taken at any time takes nobody away from work: it lies between two days, where
// units have no limit. So the planner's days are numbered in steps of two.

// slot is the number of a day.
func slot(day calendar.Date) calendar.Date { return 2 * day }

// gap is the number of what lies between a day and the next one.
func gap(day calendar.Date) calendar.Date { return 2*day + 1 }

// anyTime tells whether the session can be taken at any time of its days.
func anyTime(s models.TrainingSession) bool { return s.EndMinute == 0 }

// spanOf returns when people are at the session.
func spanOf(s models.TrainingSession) planner.Span {
	if anyTime(s) {
		return planner.Span{From: gap(s.StartOn), To: gap(s.StartOn)}
	}
	return planner.Span{From: slot(s.StartOn), To: slot(s.EndOn), Start: s.StartMinute, End: s.EndMinute}
}
