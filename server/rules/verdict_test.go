package rules_test

import (
	"testing"

	"sundial/server/calendar"
	"sundial/server/rules"
)

func TestStateOn(t *testing.T) {
	due := day("2017-06-16")
	for _, c := range []struct {
		outcome     rules.Outcome
		due         calendar.Date
		provisional bool
		asOf        string
		want        rules.State
	}{
		{rules.OutcomeOpen, due, false, "2017-06-15", rules.Pending},
		{rules.OutcomeOpen, due, false, "2017-06-16", rules.Pending},
		{rules.OutcomeOpen, due, false, "2017-06-17", rules.Overdue},
		{rules.OutcomeOpen, due, true, "2017-06-17", rules.Pending},
		{rules.OutcomeOpen, due, true, "2027-06-17", rules.Pending},
		{rules.OutcomeOpen, 0, false, "2017-06-17", rules.Pending},
		{"reported", due, false, "2017-06-17", rules.Reported},
		{"met", due, false, "2017-06-17", rules.Met},
		{"late", due, false, "2017-06-01", rules.Late},
		{"exempt", due, false, "2017-06-17", rules.Exempt},
		{"unscheduled", 0, false, "2017-06-17", rules.Unscheduled},
	} {
		if got := rules.StateOn(c.outcome, c.due, c.provisional, day(c.asOf)); got != c.want {
			t.Errorf("%s due %s, provisional %v, as of %s: %s, want %s", c.outcome, c.due, c.provisional, c.asOf, got, c.want)
		}
	}
}

func TestDueSoonIsTenWorkingDays(t *testing.T) {
	cal := realCalendar(t)
	for _, c := range []struct {
		due         string
		provisional bool
		asOf        string
		want        bool
	}{
		{"2017-06-16", false, "2017-06-01", false}, // eleven working days left
		{"2017-06-16", false, "2017-06-02", true},  // ten
		{"2017-06-16", false, "2017-06-16", true},
		{"2017-06-16", false, "2017-06-17", false}, // past
		{"2017-06-16", true, "2017-06-15", false},
		// The National Day holiday of 2017 leaves ten working days in three weeks.
		{"2017-10-16", false, "2017-09-25", false},
		{"2017-10-16", false, "2017-09-26", true},
	} {
		if got := rules.DueSoon(cal, day(c.due), c.provisional, day(c.asOf)); got != c.want {
			t.Errorf("due %s, provisional %v, as of %s: %v", c.due, c.provisional, c.asOf, got)
		}
	}
	if rules.DueSoon(cal, 0, false, day("2017-06-01")) {
		t.Error("no due date is due soon")
	}
}

func TestAProvisionalTermIsNeverOverdue(t *testing.T) {
	policy := mustParse(t, packOf("within_working_days", "{n: 30, after: policy-published, what: plan}"))
	empty, err := calendar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := rules.Judge(policy, &rules.Facts{Unit: city}, empty, day("2017-12-31"), 2017)
	if len(verdicts) != 1 || !verdicts[0].Provisional || verdicts[0].State != rules.Pending || verdicts[0].DueOn != day("2017-06-15") {
		t.Errorf("%+v", verdicts)
	}
	wantState(t, judged(t, policy, rules.Facts{}, "2017-06-17", 2017), rules.Overdue)
}

func TestAFactThatWaitsIsReportedHoweverLate(t *testing.T) {
	no := false
	waits := rules.Verification{Verified: &no}
	policy := mustParse(t, packOf("within_working_days", "{n: 30, after: policy-published, what: plan}"))
	facts := rules.Facts{Publications: []rules.Publication{{Of: "plan", On: day("2017-07-01"), Verification: waits}}}
	wantState(t, judged(t, policy, facts, "2017-06-30", 2017), rules.Overdue)
	wantState(t, judged(t, policy, facts, "2017-07-01", 2017), rules.Reported)
	wantState(t, judged(t, policy, facts, "2018-07-01", 2017), rules.Reported)
	facts.Publications[0].Verified = nil
	wantState(t, judged(t, policy, facts, "2018-07-01", 2017), rules.Late)
}

func TestAnExemptionCountsFromItsDayAndForItsPeriod(t *testing.T) {
	policy := mustParse(t, packOf("count", `{what: x, min: 1, window: "05"}`))
	facts := rules.Facts{Exemptions: []rules.ExemptionFact{{Obligation: "tr2017.x", Period: "2017-05", On: day("2017-06-10"), Reason: "机构改革", Document: "文件"}}}
	wantState(t, judged(t, policy, facts, "2017-06-09", 2017), rules.Overdue)
	v := judged(t, policy, facts, "2017-06-10", 2017)
	wantState(t, v, rules.Exempt)
	if v.Reason.Key != "rules.exempt" || v.Reason.Args["Document"] != "文件" {
		t.Errorf("reason %+v", v.Reason)
	}
	wantState(t, judged(t, policy, facts, "2018-06-10", 2018), rules.Overdue)
}

// Messages put the clause between brackets, so it comes without its own.
func TestACitedClauseHasNoBracketsOfItsOwn(t *testing.T) {
	for clause, want := range map[string]string{"(四)": "四", "（四）": "四", "六(一)": "六(一)", "(一)或(二)": "(一)或(二)", "": ""} {
		if got := rules.CitedClause(clause); got != want {
			t.Errorf("%q is cited as %q, want %q", clause, got, want)
		}
	}
}
