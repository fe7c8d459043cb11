package rules

import (
	"cmp"
	"slices"
	"strings"
)

// Untrained is somebody who is left, with what a coordinator asks of them first.
type Untrained struct {
	StaffMember
	// Since is the first day of their unbroken time on the roster of the unit.
	Since Date
	// LastTrained is the day of their last valid attendance by the as-of date,
	// necessarily outside the window; zero when there is none.
	LastTrained Date
	// Newcomer marks who came to the unit inside the window, after its first day.
	Newcomer bool
}

// Untrained tells of each of those who are left since when they are on the
// roster and when they were last trained, longest untrained first: never, then
// by day; then who is there longest, then by id. Staff and attendances are those
// that the coverage was computed from.
func (c Coverage) Untrained(staff []StaffMember, attendances []Attendance, asOf Date) []Untrained {
	postings, last := map[string][]StaffMember{}, map[string]Date{}
	for _, m := range staff {
		postings[m.ID] = append(postings[m.ID], m)
	}
	for _, a := range attendances {
		if a.IsValid() && a.On <= asOf {
			last[a.Staff] = max(last[a.Staff], a.On)
		}
	}
	list := make([]Untrained, len(c.Left))
	for i, m := range c.Left {
		since := RosterSince(m, postings[m.ID])
		list[i] = Untrained{StaffMember: m, Since: since, LastTrained: last[m.ID], Newcomer: since > c.Window.From}
	}
	slices.SortStableFunc(list, func(a, b Untrained) int {
		return cmp.Or(cmp.Compare(a.LastTrained, b.LastTrained), cmp.Compare(a.Since, b.Since), strings.Compare(a.ID, b.ID))
	})
	return list
}

// RosterSince follows a posting back over those of the person in the same unit
// that end on the day before it begins: a change of post makes nobody a newcomer.
func RosterSince(posting StaffMember, postings []StaffMember) Date {
	since := posting.From
	for {
		before := slices.IndexFunc(postings, func(m StaffMember) bool {
			return m.Unit == posting.Unit && !m.To.IsZero() && m.To+1 == since && m.From < since
		})
		if before < 0 {
			return since
		}
		since = postings[before].From
	}
}

// Newcomers returns those of the untrained who came inside the window.
func Newcomers(untrained []Untrained) []Untrained {
	return slices.DeleteFunc(slices.Clone(untrained), func(u Untrained) bool { return !u.Newcomer })
}
