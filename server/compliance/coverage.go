package compliance

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// RotationQuery asks how far a rotation has come in a unit's subtree.
type RotationQuery struct {
	Unit models.Unit
	// Policy is the code of the policy, and Obligation that of one of its rotations;
	// empty for the first.
	Policy, Obligation string
	// Period is the name of a window; empty for the one in which the as-of date
	// lies, else the last before it, else the first.
	Period string
	AsOf   calendar.Date
}

// RotationRef names a rotation that binds units below a unit, in the window that
// is looked at by itself.
type RotationRef struct {
	Obligation  ObligationRef
	PolicyTitle rules.Text
	Period      rules.Period
}

// RotationTable is how far a rotation has come: one row per child of the unit,
// and one for the unit's own people.
type RotationTable struct {
	RotationRef
	// Unit is as it was known on the as-of date.
	Unit models.Unit
	AsOf calendar.Date
	// Periods are the windows that can be looked at, in order.
	Periods []rules.Period
	Rows    []RotationRow
	Total   RotationCount
	// spans are the window's days by edition: an amendment may move its end.
	spans map[int]rules.Span
	// extendedTo is the latest day to which a duty that is counted was extended, zero
	// for none.
	extendedTo calendar.Date
}

// RotationRow counts over the subtree of a child, or over the unit's own people.
type RotationRow struct {
	Unit models.Unit
	// Own marks the row of the unit's own people.
	Own bool
	// HasChildren tells whether there are units below it.
	HasChildren bool
	RotationCount
}

// RotationClass counts over all units of a class in the subtree; Class is empty
// for those of none.
type RotationClass struct {
	Class string
	RotationCount
}

// RotationCount counts people and units. Exempt units ask nobody: their people
// are not counted.
type RotationCount struct {
	// Roster and Trained count people.
	Roster, Trained int
	// Units are those that owe the rotation, Complete those of them whose people are
	// all trained; Exempt ones are in neither.
	Units, Complete, Exempt int
}

// Left returns how many people are not yet trained.
func (c RotationCount) Left() int { return c.Roster - c.Trained }

// Ratio returns trained / roster with four decimals, cut off.
func (c RotationCount) Ratio() string { return c.coverage().Ratio() }

// Percent returns the same in percent with two decimals, cut off.
func (c RotationCount) Percent() string { return c.coverage().Percent() }

func (c RotationCount) coverage() rules.Coverage {
	return rules.Coverage{Roster: c.Roster, Trained: c.Trained}
}

// plus returns the count with what the other has.
func (c RotationCount) plus(other RotationCount) RotationCount {
	return RotationCount{c.Roster + other.Roster, c.Trained + other.Trained, c.Units + other.Units, c.Complete + other.Complete, c.Exempt + other.Exempt}
}

// minus returns the count without what the other has.
func (c RotationCount) minus(other RotationCount) RotationCount {
	return RotationCount{c.Roster - other.Roster, c.Trained - other.Trained, c.Units - other.Units, c.Complete - other.Complete, c.Exempt - other.Exempt}
}

// Begun tells whether the window has begun by the as-of date.
func (t *RotationTable) Begun() bool { return t.Period.From <= t.AsOf }

// LastDay is the last day on which anybody of the table may still be trained: the
// window's end, or the latest day to which the office has extended a unit's duty.
func (t *RotationTable) LastDay() calendar.Date { return max(t.Period.To, t.extendedTo) }

// span are the days from the window's beginning to the table's last.
func (t *RotationTable) span() rules.Span { return rules.Span{From: t.Period.From, To: t.LastDay()} }

// Over tells whether the last day has passed before the as-of date.
func (t *RotationTable) Over() bool { return t.LastDay() < t.AsOf }

// DaysLeft are the days until the last day, below zero once it has passed.
func (t *RotationTable) DaysLeft() int { return rules.DueInDays(t.AsOf, t.span()) }

// DaysOver are the days since the last day.
func (t *RotationTable) DaysOver() int { return -t.DaysLeft() }

// SeatsPerMonth returns how many seats a month train those who are left of the
// count by the last day.
func (t *RotationTable) SeatsPerMonth(c RotationCount) int {
	return rules.SeatsPerMonth(c.Left(), t.AsOf, t.span())
}
