package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/rules"
)

func TestSeatsAMonth(t *testing.T) {
	window := rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}
	for _, c := range []struct {
		left  int
		asOf  string
		seats int
	}{
		{0, "2018-06-30", 0},
		{24, "2016-12-31", 1},
		{25, "2016-12-31", 2},
		{24, "2015-06-30", 1}, // the window is yet to begin
		{25, "2015-06-30", 2},
		{24, "2017-01-01", 1}, // what is left of a month counts as one
		{24, "2017-01-31", 2},
		{10, "2018-10-30", 4},
		{10, "2018-10-31", 5}, // November and December
		{10, "2018-11-29", 5},
		{10, "2018-11-30", 10},
		{10, "2018-12-30", 10},
		{10, "2018-12-31", 10}, // nothing is left of the window
		{10, "2020-01-01", 10},
	} {
		if got := rules.SeatsPerMonth(c.left, day(c.asOf), window); got != c.seats {
			t.Errorf("%d left as of %s: %d seats a month, want %d", c.left, c.asOf, got, c.seats)
		}
	}
}

func TestWhoFallsDue(t *testing.T) {
	window := rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}
	for _, c := range []struct {
		asOf string
		days int
		due  bool
	}{
		{"2018-10-01", 91, false}, {"2018-10-02", 90, true}, {"2018-12-31", 0, true}, {"2019-01-01", -1, false},
	} {
		if days := rules.DueInDays(day(c.asOf), window); days != c.days {
			t.Errorf("as of %s due in %d days, want %d", c.asOf, days, c.days)
		}
		cover := rules.Cover([]rules.StaffMember{{ID: "a", From: day("2015-01-01")}}, nil, window, day(c.asOf))
		if due := cover.FallDueWithin(rules.FallsDueDays, day(c.asOf)); (len(due) == 1) != c.due {
			t.Errorf("as of %s %v fall due, want %v", c.asOf, due, c.due)
		}
	}
}

func TestTheLongestUntrainedComeFirst(t *testing.T) {
	window := rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}
	staff := []rules.StaffMember{
		{ID: "trained", Unit: "a", From: day("2015-01-01")},
		{ID: "long ago", Unit: "a", From: day("2010-01-01")},
		{ID: "last year", Unit: "a", From: day("2010-01-01")},
		{ID: "new", Unit: "a", From: day("2018-01-02")},
		{ID: "on the first day", Unit: "a", From: day("2018-01-01")},
		{ID: "promoted", Unit: "a", From: day("2018-06-01")},
		{ID: "promoted", Unit: "a", From: day("2018-03-01"), To: day("2018-05-31")},
		{ID: "promoted", Unit: "a", From: day("2012-01-01"), To: day("2018-02-28")},
		{ID: "moved", Unit: "b", From: day("2010-01-01"), To: day("2018-05-31")},
		{ID: "moved", Unit: "a", From: day("2018-06-01")},
		{ID: "came back", Unit: "a", From: day("2010-01-01"), To: day("2018-05-31")},
		{ID: "came back", Unit: "a", From: day("2018-06-02")},
		{ID: "comes", Unit: "a", From: day("2019-01-01")},
	}
	no := false
	attendances := []rules.Attendance{
		{Staff: "trained", On: day("2018-03-01"), Present: true},
		{Staff: "long ago", On: day("2012-01-01"), Present: true},
		{Staff: "long ago", On: day("2011-01-01"), Present: true},
		{Staff: "last year", On: day("2017-12-31"), Present: true},
		{Staff: "last year", On: day("2018-03-01"), Present: true, Passed: &no},
		{Staff: "last year", On: day("2019-03-01"), Present: true},
		{Staff: "new", On: day("2018-03-01")},
	}
	cover := rules.Cover(staff, attendances, window, day("2018-12-31"))
	untrained := cover.Untrained(staff, attendances, day("2018-12-31"))
	type line struct {
		ID                 string
		Since, LastTrained calendar.Date
		Newcomer           bool
	}
	var got []line
	for _, u := range untrained {
		got = append(got, line{u.ID, u.Since, u.LastTrained, u.Newcomer})
	}
	want := []line{
		{"promoted", day("2012-01-01"), 0, false},
		{"on the first day", day("2018-01-01"), 0, false},
		{"new", day("2018-01-02"), 0, true},
		{"moved", day("2018-06-01"), 0, true},
		{"came back", day("2018-06-02"), 0, true},
		{"long ago", day("2010-01-01"), day("2012-01-01"), false},
		{"last year", day("2010-01-01"), day("2017-12-31"), false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("untrained (-want +got):\n%s", diff)
	}
	if got := rules.Newcomers(untrained); len(got) != 3 || len(untrained) != 7 {
		t.Errorf("%d newcomers of %d", len(got), len(untrained))
	}
}

func TestSharesAreCutOff(t *testing.T) {
	for _, c := range []struct {
		trained, roster int
		ratio, percent  string
	}{
		{0, 0, "0.0000", "0.00"}, {0, 3, "0.0000", "0.00"}, {2, 3, "0.6666", "66.66"}, {13, 16, "0.8125", "81.25"},
		{99_999, 100_000, "0.9999", "99.99"}, {3, 3, "1.0000", "100.00"},
	} {
		cover := rules.Coverage{Trained: c.trained, Roster: c.roster}
		if cover.Ratio() != c.ratio || cover.Percent() != c.percent {
			t.Errorf("%d of %d: %s, %s %%", c.trained, c.roster, cover.Ratio(), cover.Percent())
		}
	}
}

func TestTheWindowOfAPolicyOnADay(t *testing.T) {
	once := mustParse(t, packOf("rotation", "{from: 2017-01-01, until: 2018-12-31}"))
	cycle := mustParse(t, packOf("rotation", "{from: 2018-01-01, years: 2}"))
	ended := *cycle
	ended.Effective.To = day("2020-06-30")
	ahead := *cycle
	ahead.Effective.From = day("2020-03-01")
	for _, c := range []struct {
		policy *rules.Policy
		on     string
		window rules.Span
		begun  bool
	}{
		{once, "2016-12-31", rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}, false},
		{once, "2017-01-01", rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}, true},
		{once, "2030-01-01", rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}, true},
		{cycle, "2017-12-31", rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}, false},
		{cycle, "2019-12-31", rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}, true},
		{cycle, "2023-06-01", rules.Span{From: day("2022-01-01"), To: day("2023-12-31")}, true},
		{&ended, "2023-06-01", rules.Span{From: day("2020-01-01"), To: day("2021-12-31")}, true},
		{&ahead, "2019-06-01", rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}, false},
		{&ahead, "2020-01-01", rules.Span{From: day("2020-01-01"), To: day("2021-12-31")}, true},
	} {
		o := c.policy.Rotations()[0]
		if window, begun := c.policy.RotationWindow(o, day(c.on)); window != c.window || begun != c.begun {
			t.Errorf("on %s: %v, begun %v; want %v, %v", c.on, window, begun, c.window, c.begun)
		}
	}
	if got := shandong(t).Rotations(); len(got) != 1 || got[0].ID != "sd2017.rotation" {
		t.Errorf("rotations %v", got)
	}
}

func TestAPersonCountsOnce(t *testing.T) {
	staff := []rules.StaffMember{{ID: "a", Unit: "370100", From: day("2015-01-01")}, {ID: "a", Unit: "370200", From: day("2016-01-01")}}
	cover := rules.Cover(staff, nil, rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}, day("2017-06-01"))
	if cover.Roster != 1 || len(cover.Left) != 1 {
		t.Errorf("%d on the roster, %d left", cover.Roster, len(cover.Left))
	}
}

func TestPostingsOfAPersonAreComparedInOrderOfTime(t *testing.T) {
	for _, c := range []struct {
		name, staff, attendances string
		want                     []string
	}{
		{"within a longer one", `
  - {id: a, from: 2017-01-01, to: 2017-12-31}
  - {id: a, from: 2017-02-01, to: 2017-02-28}
  - {id: a, from: 2017-06-01, to: 2017-06-30}`, "", []string{"3 facts.postings_overlap", "4 facts.postings_overlap"}},
		{"still there", `
  - {id: a, from: 2017-06-01, to: 2017-06-30}
  - {id: a, from: 2017-01-01}`, "", []string{"3 facts.postings_overlap"}},
		{"on one day", `
  - {id: a, from: 2017-01-01, to: 2017-06-01}
  - {id: a, from: 2017-06-01}`, "", []string{"3 facts.postings_overlap"}},
		{"the same unit twice", `
  - {id: a, unit: "370100", from: 2017-01-01}
  - {id: a, unit: "370100", from: 2017-01-01}`, "", []string{"3 facts.postings_overlap"}},
		{"on the next day, latest first", `
  - {id: a, from: 2017-06-02}
  - {id: a, from: 2017-01-01, to: 2017-06-01}`, "", keysOf(nil)},
		{"people of one name", `
  - {id: a, name: 张三, from: 2017-01-01}
  - {id: b, name: 张三, from: 2017-01-01}`, "", keysOf(nil)},
		{"on the first day and the last, and in between", `
  - {id: a, from: 2018-01-01, to: 2018-12-31}
  - {id: a, from: 2017-01-01, to: 2017-06-01}`, `
  - {staff: a, on: 2017-01-01}
  - {staff: a, on: 2017-09-01}
  - {staff: a, on: 2018-12-31}`, keysOf(nil)},
		{"a day early and a day late", `
  - {id: a, from: 2018-01-01, to: 2018-12-31}
  - {id: a, from: 2017-01-01, to: 2017-06-01}`, `
  - {staff: a, on: 2016-12-31}
  - {staff: a, on: 2019-01-01}`, []string{"5 facts.attended_before_hire", "6 facts.attended_after_leaving"}},
	} {
		_, err := rules.ParseRoster([]byte("staff:" + c.staff + "\nattendances:" + c.attendances + "\n"))
		if diff := cmp.Diff(c.want, keysOf(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
