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
func (c Coverage) Ratio() string { return c.share(1, 4) }

// Percent returns the same share in percent with two decimals, cut off likewise.
func (c Coverage) Percent() string { return c.share(100, 2) }

func (c Coverage) share(of int64, decimals int32) string {
	if c.Roster == 0 {
		return decimal.Zero.StringFixed(decimals)
	}
	quotient, _ := decimal.NewFromInt(of*int64(c.Trained)).QuoRem(decimal.NewFromInt(int64(c.Roster)), decimals)
	return quotient.StringFixed(decimals)
}

// Cover computes the coverage of a window: the denominator is everybody on the
// roster on the day, the numerator those with a valid attendance inside the
// window by the day, wherever they worked then. Of a person who moved only the
// posting of the day counts. Attendances are taken as verified: who has others
// leaves them out.
func Cover(staff []StaffMember, attendances []Attendance, window Span, asOf Date) Coverage {
	on := min(asOf, window.To)
	return cover(staff, firstTrained(attendances, window, on), window, on)
}

// firstTrained returns the day of each person's first valid attendance inside
// the window by the day.
func firstTrained(attendances []Attendance, window Span, on Date) map[string]Date {
	first := map[string]Date{}
	for _, a := range attendances {
		if !a.IsValid() || !window.Contains(a.On) || a.On > on {
			continue
		}
		if before, seen := first[a.Staff]; !seen || a.On < before {
			first[a.Staff] = a.On
		}
	}
	return first
}

func cover(staff []StaffMember, first map[string]Date, window Span, on Date) Coverage {
	c := Coverage{Window: window, On: on}
	seen := map[string]bool{}
	for _, member := range staff {
		if !member.onRoster(on) || seen[member.ID] {
			continue
		}
		seen[member.ID] = true
		c.Roster++
		if trainedOn, trained := first[member.ID]; trained {
			c.Trained++
			c.CompleteOn = max(c.CompleteOn, trainedOn)
		} else {
			c.Left = append(c.Left, member)
		}
	}
	if len(c.Left) > 0 {
		c.CompleteOn = 0
	}
	return c
}

// IsValid tells whether the attendance trains the person: present, and passed
// where the course has a test.
func (a *Attendance) IsValid() bool { return a.Present && (a.Passed == nil || *a.Passed) }

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
		args: map[string]any{"Roster": cover.Roster, "Trained": cover.Trained}}
	cover.citeLeft(staff, f.args)
	f.satisfied = cover.Roster > 0 && len(cover.Left) == 0
	if cover.Roster == 0 {
		f.note("rules.note.empty_roster", "Day", cover.On)
	}
	return f
}

// namesCited is how many of those who are left a reason names: more would bury
// what it says.
const namesCited = 10

// citeLeft adds to a reason's arguments the names of those who are left: all,
// or the first namesCited, and LeftMore when there are more.
func (c Coverage) citeLeft(staff []StaffMember, args map[string]any) {
	cited := names(c.Left, staff)
	args["LeftCount"] = len(cited)
	if more := len(cited) - namesCited; more > 0 {
		cited, args["LeftMore"] = cited[:namesCited], more
	}
	args["Left"] = cited
}

// names returns what to call the members: by name, and by name and id those who
// share their name with somebody else of the staff.
func names(members, staff []StaffMember) []string {
	bearer, shared := map[string]string{}, map[string]bool{}
	for _, m := range staff {
		if id, borne := bearer[m.Name]; borne && id != m.ID {
			shared[m.Name] = true
		}
		bearer[m.Name] = m.ID
	}
	list := make([]string, len(members))
	for i, m := range members {
		switch {
		case m.Name == "":
			list[i] = m.ID
		case shared[m.Name]:
			list[i] = m.Name + " " + m.ID
		default:
			list[i] = m.Name
		}
	}
	return list
}
