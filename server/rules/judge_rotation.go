package rules

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Coverage is how far a rotation has come on a day.
type Coverage struct {
	Window Span
	// On is the day it is judged as of, at most the window's end.
	On Date
	// Roster and Trained count people; Left are those not yet trained.
	Roster  int
	Trained int
	Left    []StaffMember
	// CompleteOn is the day on which the last one was trained, while nobody is left.
	CompleteOn Date
}

// Ratio returns trained / roster with four decimals, cut off so that it shows
// 1.0000 only when everybody is trained.
func (c Coverage) Ratio() string {
	if c.Roster == 0 {
		return "0.0000"
	}
	quotient, _ := decimal.NewFromInt(int64(c.Trained)).QuoRem(decimal.NewFromInt(int64(c.Roster)), 4)
	return quotient.StringFixed(4)
}

// Cover computes the coverage of a window: the denominator is everybody on the
// roster on the day, the numerator those with a valid attendance (present, and
// passed where the course has a test) inside the window by the day, wherever
// they worked then.
func Cover(staff []StaffMember, attendances []Attendance, window Span, asOf Date) Coverage {
	c := Coverage{Window: window, On: min(asOf, window.To)}
	first := map[string]Date{}
	for _, a := range attendances {
		valid := a.Present && (a.Passed == nil || *a.Passed) && window.Contains(a.On) && a.On <= c.On
		if on, seen := first[a.Staff]; valid && (!seen || a.On < on) {
			first[a.Staff] = a.On
		}
	}
	seen := map[string]bool{}
	for _, member := range staff {
		if !member.onRoster(c.On) || seen[member.ID] {
			continue
		}
		seen[member.ID] = true
		c.Roster++
		if on, trained := first[member.ID]; trained {
			c.Trained++
			c.CompleteOn = max(c.CompleteOn, on)
		} else {
			c.Left = append(c.Left, member)
		}
	}
	if len(c.Left) > 0 {
		c.CompleteOn = 0
	}
	return c
}

func (m *StaffMember) onRoster(day Date) bool {
	return m.From <= day && (m.To.IsZero() || day <= m.To)
}

// findRotation: everybody on the unit's roster has a valid attendance inside the
// window. An empty roster does not satisfy it: there is nobody to be trained.
func (d *Duty) findRotation(facts *Facts, asOf Date) finding {
	staff := slices.DeleteFunc(slices.Clone(facts.Staff), func(m StaffMember) bool {
		return m.Unit != "" && facts.Unit.Code != "" && m.Unit != facts.Unit.Code
	})
	cover := Cover(staff, facts.Attendances, d.Period.Span, asOf)
	f := finding{value: cover.Ratio(), required: "1", counted: cover.Trained, doneOn: cover.CompleteOn, roster: cover.Roster, trained: cover.Trained,
		args: map[string]any{"Roster": cover.Roster, "Trained": cover.Trained, "LeftCount": len(cover.Left), "Left": names(cover.Left)}}
	f.satisfied = cover.Roster > 0 && len(cover.Left) == 0
	if cover.Roster == 0 {
		f.note("rules.note.empty_roster", "Day", cover.On)
	}
	return f
}

func names(staff []StaffMember) []string {
	list := make([]string, len(staff))
	for i, member := range staff {
		list[i] = member.Name
		if list[i] == "" {
			list[i] = member.ID
		}
	}
	return list
}
