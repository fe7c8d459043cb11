package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/server/calendar"
	"sundial/server/rules"
)

// firstDay is the earliest day drawn; windows lie in the two years that follow.
var firstDay = day("2017-01-01")

const drawnDays = 900

func anyDay(r *rapid.T, label string) calendar.Date {
	return firstDay + calendar.Date(rapid.IntRange(0, drawnDays).Draw(r, label))
}

func anyWindow(r *rapid.T) rules.Span {
	from := firstDay + calendar.Date(rapid.IntRange(0, 200).Draw(r, "window from"))
	return rules.Span{From: from, To: from + calendar.Date(rapid.IntRange(1, 600).Draw(r, "window length"))}
}

// anyRoster draws people who come, move between three units, leave and come
// back, with attendances of all sorts. Nobody is in two units at once.
func anyRoster(r *rapid.T) rules.Roster {
	var roster rules.Roster
	for i := range rapid.IntRange(0, 8).Draw(r, "people") {
		id := fmt.Sprint("s", i)
		from := firstDay + calendar.Date(rapid.IntRange(-50, 500).Draw(r, "from"))
		for range rapid.IntRange(1, 3).Draw(r, "postings") {
			posting := rules.StaffMember{ID: id, Unit: rapid.SampledFrom([]string{"370100", "370200", "370300"}).Draw(r, "unit"), From: from}
			still := rapid.IntRange(0, 3).Draw(r, "still") == 0
			if !still {
				posting.To = from + calendar.Date(rapid.IntRange(0, 300).Draw(r, "length"))
				from = posting.To + 1 + calendar.Date(rapid.IntRange(0, 2).Draw(r, "gap")*40)
			}
			roster.Staff = append(roster.Staff, posting)
			if still {
				break
			}
		}
		for range rapid.IntRange(0, 3).Draw(r, "attendances") {
			roster.Attendances = append(roster.Attendances, anyAttendance(r, id))
		}
	}
	return roster
}

func anyAttendance(r *rapid.T, id string) rules.Attendance {
	a := rules.Attendance{Staff: id, On: anyDay(r, "on"), Present: rapid.IntRange(0, 3).Draw(r, "present") > 0}
	if rapid.Bool().Draw(r, "with a test") {
		passed := rapid.Bool().Draw(r, "passed")
		a.Passed = &passed
	}
	return a
}

// recount counts slowly and in another way: person by person, day by day.
func recount(roster rules.Roster, unit string, window rules.Span, asOf calendar.Date) (people, trained int, left []string) {
	for asOf > window.To {
		asOf--
	}
	var known []string
	for _, m := range roster.Staff {
		if !slices.Contains(known, m.ID) {
			known = append(known, m.ID)
		}
	}
	for _, id := range known {
		here := false
		for _, m := range roster.Staff {
			if m.ID != id || unit != "" && m.Unit != unit {
				continue
			}
			for on := m.From; on <= asOf && (m.To == 0 || on <= m.To); on++ {
				here = here || on == asOf
			}
		}
		if !here {
			continue
		}
		people++
		done := false
		for on := window.From; on <= asOf; on++ {
			for _, a := range roster.Attendances {
				failed := a.Passed != nil && !*a.Passed
				done = done || a.Staff == id && a.On == on && a.Present && !failed
			}
		}
		if done {
			trained++
		} else {
			left = append(left, id)
		}
	}
	return people, trained, left
}

func leftOf(c rules.Coverage) []string {
	var ids []string
	for _, m := range c.Left {
		ids = append(ids, m.ID)
	}
	slices.Sort(ids)
	return ids
}

func TestCoverageEqualsASlowRecount(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		roster, window, asOf := anyRoster(r), anyWindow(r), anyDay(r, "as of")
		cover := rules.Cover(roster.Staff, roster.Attendances, window, asOf)
		people, trained, left := recount(roster, "", window, asOf)
		slices.Sort(left)
		if cover.Roster != people || cover.Trained != trained || !slices.Equal(leftOf(cover), left) {
			r.Fatalf("%d of %d, left %v; want %d of %d, %v", cover.Trained, cover.Roster, leftOf(cover), trained, people, left)
		}
		if cover.Trained < 0 || cover.Trained > cover.Roster || cover.Ratio() < "0.0000" || cover.Ratio() > "1.0000" {
			r.Fatalf("%d of %d is %s", cover.Trained, cover.Roster, cover.Ratio())
		}
		if (cover.Ratio() == "1.0000") != (people > 0 && len(left) == 0) {
			r.Fatalf("%s with %d left of %d", cover.Ratio(), len(left), people)
		}
	})
}

func TestCoverageNeverFallsWhenAttendanceIsAdded(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		roster, window, asOf := anyRoster(r), anyWindow(r), anyDay(r, "as of")
		before := rules.Cover(roster.Staff, roster.Attendances, window, asOf)
		more := append(slices.Clone(roster.Attendances), anyAttendance(r, fmt.Sprint("s", rapid.IntRange(0, 9).Draw(r, "who"))))
		after := rules.Cover(roster.Staff, more, window, asOf)
		if after.Roster != before.Roster || after.Trained < before.Trained || after.Ratio() < before.Ratio() {
			r.Fatalf("%d of %d, then %d of %d", before.Trained, before.Roster, after.Trained, after.Roster)
		}
	})
}

func TestUnitsAreCountedAndJudgedAlikeAndAddUp(t *testing.T) {
	cal := realCalendar(t)
	rapid.Check(t, func(r *rapid.T) {
		roster, window, asOf := anyRoster(r), anyWindow(r), anyDay(r, "as of")
		policy := mustParse(t, packOf("rotation", fmt.Sprintf("{from: %s, until: %s}", window.From, window.To)))
		all := rules.Cover(roster.Staff, roster.Attendances, window, asOf)
		for _, unit := range rules.CoverUnits(roster.Staff, roster.Attendances, window, asOf) {
			all.Roster -= unit.Roster
			all.Trained -= unit.Trained
			people, trained, _ := recount(roster, unit.Unit, window, asOf)
			if unit.Roster != people || unit.Trained != trained {
				r.Fatalf("%s: %d of %d, want %d of %d", unit.Unit, unit.Trained, unit.Roster, trained, people)
			}
			duty := rules.NewDuty(policy, &policy.Obligations[0], rules.Period{Span: window}, rules.Start{}, cal)
			facts := rules.Facts{Unit: rules.Unit{Code: unit.Unit, Kind: "city"}, Staff: roster.Staff, Attendances: roster.Attendances}
			v := duty.Judge(&facts, cal, asOf)
			met := unit.Roster > 0 && len(unit.Left) == 0
			if v.Value != unit.Ratio() || (v.State == rules.Met) != met || (v.State == rules.Overdue) != (!met && asOf > window.To) {
				r.Fatalf("%s is %s with %s, covered %s", unit.Unit, v.State, v.Value, unit.Ratio())
			}
		}
		if all.Roster != 0 || all.Trained != 0 {
			r.Fatalf("%d people and %d trained are in no unit or in two", all.Roster, all.Trained)
		}
	})
}

func TestBetweenTurningDaysCoverageDoesNotChange(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		roster, window, after := anyRoster(r), anyWindow(r), anyDay(r, "after")
		known := slices.DeleteFunc(roster.Attendances, func(a rules.Attendance) bool { return a.On > after })
		turning := rules.TurningDays(roster.Staff, after, window)
		if !slices.IsSorted(turning) || len(turning) != len(slices.Compact(slices.Clone(turning))) {
			r.Fatalf("turning days %v", turning)
		}
		before := rules.Cover(roster.Staff, known, window, after)
		for on := after + 1; on <= window.To+30; on++ {
			now := rules.Cover(roster.Staff, known, window, on)
			before.On = now.On
			if diff := cmp.Diff(before, now); diff != "" && !slices.Contains(turning, on) {
				r.Fatalf("on %s, none of %v:\n%s", on, turning, diff)
			}
			before = now
		}
	})
}
