package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/rules"
)

func TestWhoHoldsTheOfficeOnTheDueDate(t *testing.T) {
	policy := mustParse(t, packOf("appointment", `{office: deputy, must_be_public: true, must_be_in_division_of_work: true, due: "06-30"}`))
	deputy := func(from, to, announced string) rules.Deputy {
		return rules.Deputy{Name: "甲", From: day(from), To: day(to), AnnouncedOn: day(announced), InDivisionOfWork: true, URL: "https://gov.invalid/1"}
	}
	silent := deputy("2017-03-01", "", "2017-03-02")
	silent.URL = ""
	aside := deputy("2017-03-01", "", "2017-03-02")
	aside.InDivisionOfWork = false
	other := deputy("2017-03-01", "", "2017-03-02")
	other.Office = "spokesperson"
	for _, c := range []struct {
		name     string
		deputies []rules.Deputy
		asOf     string
		want     rules.State
		done     string
	}{
		{"in office and announced", []rules.Deputy{deputy("2017-03-01", "", "2017-03-10")}, "2017-12-31", rules.Met, "2017-03-10"},
		{"as of before the announcement", []rules.Deputy{deputy("2017-03-01", "", "2017-03-10")}, "2017-03-09", rules.Pending, ""},
		{"announced before the start", []rules.Deputy{deputy("2017-03-01", "", "2017-02-10")}, "2017-12-31", rules.Met, "2017-03-01"},
		{"on the due date itself", []rules.Deputy{deputy("2017-06-30", "", "2017-06-30")}, "2017-12-31", rules.Met, "2017-06-30"},
		{"a day late", []rules.Deputy{deputy("2017-07-01", "", "2017-07-01")}, "2017-12-31", rules.Late, "2017-07-01"},
		{"announced late", []rules.Deputy{deputy("2017-03-01", "", "2017-08-01")}, "2017-12-31", rules.Late, "2017-08-01"},
		{"announced late, as of before", []rules.Deputy{deputy("2017-03-01", "", "2017-08-01")}, "2017-07-31", rules.Overdue, ""},
		{"announced after leaving", []rules.Deputy{deputy("2017-03-01", "2017-07-15", "2017-08-01")}, "2017-12-31", rules.Overdue, ""},
		{"left before the due date", []rules.Deputy{deputy("2017-03-01", "2017-06-29", "2017-03-02")}, "2017-12-31", rules.Overdue, ""},
		{"left before the due date, as of in office", []rules.Deputy{deputy("2017-03-01", "2017-06-29", "2017-03-02")}, "2017-06-29", rules.Met, "2017-03-02"},
		{"left on the evening of the due date", []rules.Deputy{deputy("2017-03-01", "2017-06-30", "2017-03-02")}, "2017-12-31", rules.Met, "2017-03-02"},
		{"a successor in time", []rules.Deputy{deputy("2017-03-01", "2017-05-01", "2017-03-02"), deputy("2017-05-01", "", "2017-05-10")}, "2017-12-31", rules.Met, "2017-05-10"},
		{"a successor after a gap", []rules.Deputy{deputy("2017-03-01", "2017-05-01", "2017-03-02"), deputy("2017-09-01", "", "2017-09-01")}, "2017-12-31", rules.Late, "2017-09-01"},
		{"without a link", []rules.Deputy{silent}, "2017-12-31", rules.Overdue, ""},
		{"outside the division of work", []rules.Deputy{aside}, "2017-12-31", rules.Overdue, ""},
		{"of another office", []rules.Deputy{other}, "2017-12-31", rules.Overdue, ""},
		{"nobody", nil, "2017-06-30", rules.Pending, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judged(t, policy, rules.Facts{Deputies: c.deputies}, c.asOf, 2017)
			wantState(t, v, c.want)
			if v.DoneOn != day(c.done) {
				t.Errorf("done on %s, want %s", v.DoneOn, c.done)
			}
		})
	}
}

func TestOnlyDeputiesOfThePeriodAreSpokenOf(t *testing.T) {
	policy := mustParse(t, packOf("appointment", `{office: deputy, must_be_public: true, must_be_in_division_of_work: true}`))
	deputy := func(name, from, to string) rules.Deputy {
		return rules.Deputy{Name: name, From: day(from), To: day(to), AnnouncedOn: day(from), InDivisionOfWork: true, URL: "https://gov.invalid/1"}
	}
	v := judged(t, policy, rules.Facts{Deputies: []rules.Deputy{
		deputy("long gone", "2014-01-01", "2016-12-31"), deputy("left in the year", "2017-01-01", "2017-03-01"),
	}}, "2017-12-31", 2017)
	if len(v.Notes) != 1 || v.Notes[0].Args["Name"] != "left in the year" {
		t.Errorf("notes %v, want one, on who left in the year", v.Notes)
	}
}

func TestHoursAreElapsedToTheSecond(t *testing.T) {
	policy := mustParse(t, packOf("within_hours", "{n: 5, target: 3, after: incident, what: first-word}"))
	for _, c := range []struct {
		word, asOf string
		want       rules.State
		value      string
		note       bool
	}{
		{"2017-12-31 22:00:00", "2018-01-05", rules.Met, "0.00", false},
		{"2018-01-01 01:00:00", "2018-01-05", rules.Met, "3.00", false},
		{"2018-01-01 01:00:01", "2018-01-05", rules.Met, "3.00", true},
		{"2018-01-01 03:00:00", "2018-01-05", rules.Met, "5.00", true},
		{"2018-01-01 03:00:01", "2018-01-05", rules.Late, "5.01", false},
		{"2018-01-01 03:00:00", "2017-12-31", rules.Pending, "", false}, // the word came the next day
	} {
		facts := rules.Facts{Incidents: []rules.Incident{{ID: "a", At: instant("2017-12-31 22:00:00"), FirstWordAt: instant(c.word)}}}
		v := judged(t, policy, facts, c.asOf, 2017)
		wantState(t, v, c.want)
		if v.Value != c.value || v.DueOn != day("2018-01-01") || !v.DueAt.Equal(instant("2018-01-01 03:00:00")) || (len(v.Notes) > 0) != c.note {
			t.Errorf("word at %s: value %q, due %s at %s, notes %v", c.word, v.Value, v.DueOn, v.DueAt, v.Notes)
		}
	}
	// The same instant in another zone is the same.
	facts := rules.Facts{Incidents: []rules.Incident{{ID: "a", At: instant("2017-12-31 22:00:00").In(time.UTC), FirstWordAt: instant("2018-01-01 03:00:00").In(time.UTC)}}}
	wantState(t, judged(t, policy, facts, "2018-01-05", 2017), rules.Met)
}

func TestWhatCountsForACount(t *testing.T) {
	policy := mustParse(t, packOf("count", `{what: briefing, min: 2, window: "05", presided_by: principal}`))
	briefing := func(on, by string) rules.Briefing { return rules.Briefing{On: day(on), PresidedBy: by} }
	for _, c := range []struct {
		name      string
		briefings []rules.Briefing
		asOf      string
		want      rules.State
		value     string
		done      string
	}{
		{"two on the edges", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-05-01", "张三")}, "2017-06-30", rules.Met, "2", "2017-05-31"},
		{"three", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-05-01", "张三"), briefing("2017-05-02", "principal")}, "2017-06-30", rules.Met, "3", "2017-05-02"},
		{"one outside", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-06-01", "principal")}, "2017-06-30", rules.Overdue, "1", ""},
		{"one by a deputy", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-05-30", "李四")}, "2017-06-30", rules.Overdue, "1", ""},
		{"one by nobody", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-05-30", "")}, "2017-06-30", rules.Overdue, "1", ""},
		{"the second not yet known", []rules.Briefing{briefing("2017-05-31", "principal"), briefing("2017-05-01", "principal")}, "2017-05-30", rules.Pending, "1", ""},
	} {
		v := judged(t, policy, rules.Facts{Principal: "张三", Briefings: c.briefings}, c.asOf, 2017)
		wantState(t, v, c.want)
		if v.Value != c.value || v.Required != "2" || v.DoneOn != day(c.done) {
			t.Errorf("%s: %s of %s, done %s; want %s, %s", c.name, v.Value, v.Required, v.DoneOn, c.value, c.done)
		}
	}
}

func TestDeliverablesByADay(t *testing.T) {
	once, yearly := mustParse(t, packOf("by_date", "{what: list, on: 2017-05-31}")), mustParse(t, packOf("by_date", `{what: list, each: "05-31"}`))
	for _, c := range []struct {
		policy *rules.Policy
		on     []string
		want   rules.State
		done   string
	}{
		{once, []string{"2017-05-31"}, rules.Met, "2017-05-31"},
		{once, []string{"2015-05-31"}, rules.Met, "2015-05-31"}, // there already
		{once, []string{"2018-02-01", "2017-06-01"}, rules.Late, "2017-06-01"},
		{yearly, []string{"2016-05-31"}, rules.Overdue, ""},
		{yearly, []string{"2018-01-01"}, rules.Overdue, ""},
		{yearly, []string{"2017-12-31", "2016-05-31"}, rules.Late, "2017-12-31"},
	} {
		var facts rules.Facts
		for _, on := range c.on {
			facts.Deliverables = append(facts.Deliverables, rules.Deliverable{What: "list", On: day(on)}, rules.Deliverable{What: "other", On: day("2017-01-01")})
		}
		v := judged(t, c.policy, facts, "2018-12-31", 2017)
		wantState(t, v, c.want)
		if v.DoneOn != day(c.done) {
			t.Errorf("%v: done on %s, want %s", c.on, v.DoneOn, c.done)
		}
	}
}

func TestCoverageOfARotation(t *testing.T) {
	window := rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}
	yes, no := true, false
	staff := []rules.StaffMember{
		{ID: "stays", From: day("2010-01-01")},
		{ID: "left", From: day("2010-01-01"), To: day("2018-05-31")},
		{ID: "joins", From: day("2018-06-01")},
		{ID: "moved", From: day("2010-01-01"), To: day("2017-05-31")},
		{ID: "moved", From: day("2018-01-01")},
	}
	attended := func(who, on string) rules.Attendance { return rules.Attendance{Staff: who, On: day(on), Present: true} }
	failed, passed, absent := attended("joins", "2018-07-01"), attended("joins", "2018-08-01"), attended("stays", "2017-02-01")
	failed.Passed, passed.Passed, absent.Present = &no, &yes, false
	attendances := []rules.Attendance{
		absent, attended("stays", "2016-12-31"), attended("stays", "2019-01-01"),
		attended("left", "2017-03-01"), attended("moved", "2017-09-01"), attended("moved", "2018-09-01"), failed, passed,
	}
	for _, c := range []struct {
		asOf            string
		roster, trained int
		left            []string
		ratio           string
	}{
		{"2017-01-01", 3, 0, []string{"stays", "left", "moved"}, "0.0000"},
		{"2017-03-01", 3, 1, []string{"stays", "moved"}, "0.3333"},
		{"2017-06-01", 2, 1, []string{"stays"}, "0.5000"},
		{"2018-01-01", 3, 2, []string{"stays"}, "0.6666"}, // trained while away counts
		{"2018-06-01", 3, 1, []string{"stays", "joins"}, "0.3333"},
		{"2018-07-31", 3, 1, []string{"stays", "joins"}, "0.3333"}, // failed the test
		{"2018-08-01", 3, 2, []string{"stays"}, "0.6666"},
		{"2020-01-01", 3, 2, []string{"stays"}, "0.6666"}, // the window has ended
	} {
		got := rules.Cover(staff, attendances, window, day(c.asOf))
		var left []string
		for _, member := range got.Left {
			left = append(left, member.ID)
		}
		if got.Roster != c.roster || got.Trained != c.trained || got.Ratio() != c.ratio || !cmp.Equal(left, c.left) || got.CompleteOn != 0 {
			t.Errorf("as of %s: %d of %d, %s, left %v, complete %s; want %+v", c.asOf, got.Trained, got.Roster, got.Ratio(), left, got.CompleteOn, c)
		}
	}
	attendances = append(attendances, attended("stays", "2018-12-31"))
	if got := rules.Cover(staff, attendances, window, day("2018-12-31")); got.Ratio() != "1.0000" || got.CompleteOn != day("2018-12-31") {
		t.Errorf("in the end %s, complete on %s", got.Ratio(), got.CompleteOn)
	}
}

func TestRotationOfTheUnitsOwnStaff(t *testing.T) {
	policy := mustParse(t, packOf("rotation", "{from: 2017-01-01, until: 2018-12-31}"))
	facts := rules.Facts{Staff: []rules.StaffMember{{ID: "a", Name: "甲", From: day("2010-01-01")}, {ID: "b", Unit: "370200", From: day("2010-01-01")}}}
	v := judged(t, policy, facts, "2019-01-01", 2018)
	wantState(t, v, rules.Overdue)
	if diff := cmp.Diff([]string{"甲"}, v.Reason.Args["Left"]); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	facts.Attendances = []rules.Attendance{{Staff: "a", On: day("2018-12-31"), Present: true}}
	wantState(t, judged(t, policy, facts, "2019-01-01", 2018), rules.Met)
	wantState(t, judged(t, policy, rules.Facts{}, "2019-01-01", 2018), rules.Overdue)
}

func TestWindowsOfACycle(t *testing.T) {
	cycle, once := rules.Rotation{From: day("2018-01-01"), Years: 2}, rules.Rotation{From: day("2017-01-01"), Until: day("2018-12-31")}
	for _, c := range []struct {
		rotation rules.Rotation
		on       string
		want     rules.Span
	}{
		{cycle, "2018-01-01", rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}},
		{cycle, "2019-12-31", rules.Span{From: day("2018-01-01"), To: day("2019-12-31")}},
		{cycle, "2020-01-01", rules.Span{From: day("2020-01-01"), To: day("2021-12-31")}},
		{once, "2025-01-01", rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}},
	} {
		if got := c.rotation.Window(day(c.on)); got != c.want {
			t.Errorf("on %s: %v, want %v", c.on, got, c.want)
		}
	}
}

func TestAFilingBecomesTheFactItTells(t *testing.T) {
	cal := realCalendar(t)
	for _, c := range []struct {
		kind, require string
		filing        rules.Filing
		factOn        calendar.Date
	}{
		{"count", "{what: briefing, min: 1, window: year, presided_by: principal}", rules.Filing{On: day("2017-05-10"), PresidedBy: "principal", Title: "汇报"}, day("2017-05-10")},
		{"count", "{what: open-day, min: 1, window: year}", rules.Filing{On: day("2017-05-10"), Title: "开放日"}, day("2017-05-10")},
		{"appointment", "{office: deputy, must_be_public: true}", rules.Filing{Name: "甲", From: day("2017-03-01"), AnnouncedOn: day("2017-05-10"), URL: "https://gov.invalid/1"}, day("2017-05-10")},
		{"weight", "{at_least: 4%}", rules.Filing{On: day("2017-05-10"), Total: "4", Items: []rules.Item{{Name: "政务公开", Points: "4", Openness: rules.OpennessCore, Reason: "本项"}}}, day("2017-05-10")},
		{"within_working_days", "{n: 30, after: policy-published, what: plan}", rules.Filing{On: day("2017-05-10"), Title: "方案"}, day("2017-05-10")},
		{"within_hours", "{n: 5, after: incident, what: first-word}", rules.Filing{At: instant("2017-05-10 00:30:00")}, day("2017-05-10")},
		{"within_hours", "{n: 24, after: incident, what: press-conference}", rules.Filing{At: instant("2017-05-10 00:30:00")}, day("2017-05-10")},
		{"by_date", "{what: list, on: 2017-12-31}", rules.Filing{On: day("2017-05-10"), Title: "清单"}, day("2017-05-10")},
	} {
		policy := mustParse(t, packOf(c.kind, c.require))
		o := &policy.Obligations[0]
		start := rules.Start{}
		if o.NeedsStart() {
			start = rules.Start{Subject: "a", Title: "事故", On: day("2017-05-09"), At: instant("2017-05-09 23:00:00")}
		}
		duty := rules.NewDuty(policy, o, policy.Periods(o, 2017)[0], start, cal)
		if problems := duty.Check(c.filing, instant("2017-05-10 12:00:00")); len(problems) != 0 {
			t.Errorf("%s: %+v", o.Form(), problems)
		}
		if got := duty.FactOn(c.filing); got != c.factOn {
			t.Errorf("%s: fact on %s", o.Form(), got)
		}
		for verified, want := range map[bool]rules.State{true: rules.Met, false: rules.Reported} {
			facts := duty.FactsOf([]rules.Filed{{Filing: c.filing, Verified: verified, Year: 2017}})
			v := duty.Judge(facts, cal, day("2017-05-10"))
			wantState(t, v, want)
			if want == rules.Met && v.DoneOn != c.factOn {
				t.Errorf("%s: done on %s", o.Form(), v.DoneOn)
			}
			wantState(t, duty.Judge(facts, cal, day("2017-05-09")), rules.Pending)
		}
	}
}
