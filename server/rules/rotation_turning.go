package rules

import "slices"

// TurningDays returns the days after a day, and by the window's end, on which the
// coverage of the people may change although nobody is trained: those on which
// a posting begins, and those after its last day. They are sorted, each once.
// Between two neighbours, and after the last of them, Cover finds the same people
// on the roster and, with the same attendances, the same of them trained.
func TurningDays(staff []StaffMember, after Date, window Span) []Date {
	var days []Date
	add := func(day Date) {
		if after < day && day <= window.To {
			days = append(days, day)
		}
	}
	for _, posting := range staff {
		add(posting.From)
		if !posting.To.IsZero() {
			add(posting.To + 1)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}
