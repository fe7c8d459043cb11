package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// anyFacts draws what a city of Shandong may have done about 2017.
func anyFacts(r *rapid.T) *rules.Facts {
	on := func(label string) calendar.Date {
		return day("2016-12-01") + calendar.Date(rapid.IntRange(0, 760).Draw(r, label))
	}
	verified := func() rules.Verification {
		v := rapid.Bool().Draw(r, "verified")
		return rules.Verification{Verified: &v}
	}
	facts := &rules.Facts{Unit: city}
	for range rapid.IntRange(0, 4).Draw(r, "briefings") {
		facts.Briefings = append(facts.Briefings, rules.Briefing{On: on("on"), PresidedBy: rapid.SampledFrom([]string{"principal", "李四"}).Draw(r, "by"), Verification: verified()})
	}
	for range rapid.IntRange(0, 3).Draw(r, "plans") {
		facts.Publications = append(facts.Publications, rules.Publication{Of: "plan", On: on("on"), Verification: verified()})
	}
	for range rapid.IntRange(0, 4).Draw(r, "deliverables") {
		what := rapid.SampledFrom([]string{"enrolment", "leading-group", "document-procedure"}).Draw(r, "what")
		facts.Deliverables = append(facts.Deliverables, rules.Deliverable{What: what, On: on("on"), Verification: verified()})
	}
	for i := range rapid.IntRange(0, 3).Draw(r, "incidents") {
		at := on("at").Time()
		word := at.Add(time.Duration(rapid.IntRange(0, 12*3600).Draw(r, "seconds")) * time.Second)
		facts.Incidents = append(facts.Incidents, rules.Incident{ID: fmt.Sprint(i), At: at, FirstWordAt: word, Verification: verified()})
	}
	for range rapid.IntRange(0, 2).Draw(r, "deputies") {
		facts.Deputies = append(facts.Deputies, rules.Deputy{Name: "甲", From: on("from"), AnnouncedOn: on("announced"), InDivisionOfWork: true, URL: "https://gov.invalid/1", Verification: verified()})
	}
	return facts
}

// essence is what must not depend on the order in which facts are told.
type essence struct {
	Obligation, Period, Subject string
	Outcome                     rules.Outcome
	State                       rules.State
	DoneOn                      calendar.Date
	Value                       string
	Notes                       int
}

func essences(verdicts []rules.Verdict) []essence {
	list := make([]essence, len(verdicts))
	for i, v := range verdicts {
		list[i] = essence{v.Obligation, v.Period, v.Subject, v.Outcome, v.State, v.DoneOn, v.Value, len(v.Notes)}
	}
	slices.SortFunc(list, func(a, b essence) int {
		return strings.Compare(a.Obligation+a.Period+a.Subject, b.Obligation+b.Period+b.Subject)
	})
	return list
}

func shandong(t testing.TB) *rules.Policy {
	t.Helper()
	policy, err := seeds.Policy("shandong-2017")
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func TestTheOrderOfFactsDoesNotMatter(t *testing.T) {
	policy, cal := shandong(t), realCalendar(t)
	rapid.Check(t, func(r *rapid.T) {
		facts := anyFacts(r)
		asOf := day("2017-01-01") + calendar.Date(rapid.IntRange(0, 800).Draw(r, "as of"))
		told := essences(rules.Judge(policy, facts, cal, asOf, 2017))
		slices.Reverse(facts.Briefings)
		slices.Reverse(facts.Publications)
		slices.Reverse(facts.Deliverables)
		slices.Reverse(facts.Incidents)
		slices.Reverse(facts.Deputies)
		if diff := cmp.Diff(told, essences(rules.Judge(policy, facts, cal, asOf, 2017))); diff != "" {
			r.Fatalf("-told +reversed:\n%s", diff)
		}
	})
}

func TestALaterDayKnowsNoLess(t *testing.T) {
	policy, cal := shandong(t), realCalendar(t)
	rapid.Check(t, func(r *rapid.T) {
		facts := anyFacts(r)
		asOf := day("2017-01-01") + calendar.Date(rapid.IntRange(0, 800).Draw(r, "as of"))
		later := asOf + calendar.Date(rapid.IntRange(0, 400).Draw(r, "later"))
		known := map[string]essence{}
		for _, e := range essences(rules.Judge(policy, facts, cal, later, 2017)) {
			known[e.Obligation+e.Period+e.Subject] = e
		}
		for _, e := range essences(rules.Judge(policy, facts, cal, asOf, 2017)) {
			if e.Outcome == "unscheduled" {
				continue // its incident may have come since
			}
			now := known[e.Obligation+e.Period+e.Subject]
			if done(e) && (now.Outcome != e.Outcome || now.DoneOn > e.DoneOn) {
				r.Fatalf("%+v as of %s, %+v as of %s", e, asOf, now, later)
			}
			if e.State == rules.Overdue && now.State == rules.Pending {
				r.Fatalf("overdue as of %s, pending as of %s: %+v", asOf, later, now)
			}
		}
	})
}

func done(e essence) bool { return e.State == rules.Met || e.State == rules.Late }

func TestEachVerdictHoldsTogether(t *testing.T) {
	policy, cal := shandong(t), realCalendar(t)
	rapid.Check(t, func(r *rapid.T) {
		asOf := day("2017-01-01") + calendar.Date(rapid.IntRange(0, 800).Draw(r, "as of"))
		for _, v := range rules.Judge(policy, anyFacts(r), cal, asOf, 2017) {
			switch {
			case v.State != rules.StateOn(v.Outcome, v.DueOn, v.Provisional, asOf):
				r.Fatalf("state %s of outcome %s: %+v", v.State, v.Outcome, v)
			case (v.State == rules.Met || v.State == rules.Late) == v.DoneOn.IsZero():
				r.Fatalf("done on %q: %+v", v.DoneOn, v)
			case v.State == rules.Met && v.DoneOn > v.DueOn, v.State == rules.Late && v.DoneOn < v.DueOn:
				r.Fatalf("due %s: %+v", v.DueOn, v)
			case v.DoneOn > asOf:
				r.Fatalf("known before it was done: %+v", v)
			case v.Clause == "" || v.Reason.Key == "":
				r.Fatalf("without ground: %+v", v)
			}
		}
	})
}

func TestWeightsCompareAsFractions(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		total := rapid.Int64Range(1, 100_000).Draw(r, "total in hundredths")
		core := rapid.Int64Range(0, total).Draw(r, "openness in hundredths")
		percent := rapid.Int64Range(1, 10_000).Draw(r, "hundredths of a percent")
		p := rules.Performance{Total: hundredths(total), Items: []rules.Item{{Name: "政务公开", Points: hundredths(core), Openness: rules.OpennessCore}}}
		share, problems := p.Share()
		if len(problems) > 0 {
			r.Fatal(problems)
		}
		var limit rules.Percent
		if err := limit.UnmarshalText([]byte(hundredths(percent) + "%")); err != nil {
			r.Fatal(err)
		}
		if got, want := share.AtLeast(limit.Decimal, false), core*10_000 >= percent*total; got != want {
			r.Fatalf("%d of %d at least %s: %v", core, total, limit, got)
		}
	})
}

func hundredths(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// golden is the whole of Shandong 2017 for a city on the day after its plan was
// due.
const golden = `sd2017.random-inspection-list 2017 due 2017-05-31 late 1/1 rules.by_date.late
sd2017.service-network 2017 due 2017-12-31 pending 0/1 rules.by_date.pending
sd2017.poverty-funds 2017 due  unscheduled /60 rules.unscheduled.congress-closed
sd2017.enrolment 2017 due 2017-06-30 pending soon 0/1 rules.by_date.pending
sd2017.briefing 2017 due 2017-12-31 met 1/1 rules.count.met
sd2017.deputy 2017 due 2017-12-31 reported 1/1 rules.appointment.reported
sd2017.leading-group 2017 due 2017-12-31 exempt 0/1 rules.exempt
sd2017.document-procedure 2017 due 2017-12-31 pending 0/1 rules.by_date.pending
sd2017.first-word 2017 a due 2017-06-11 met 4.50/5 rules.within_hours.met
sd2017.press-conference 2017 a due 2017-06-12 overdue /24 rules.within_hours.overdue
sd2017.weight 2017 due 2017-12-31 pending 3.999/4.00 rules.weight.pending
sd2017.rotation 2017-2018 due 2018-12-31 pending 0.5000/1 rules.rotation.pending
sd2017.plan 2017 due 2017-06-16 overdue /30 rules.within_working_days.overdue
`

func TestAYearOfACityInFull(t *testing.T) {
	facts, err := rules.ParseFacts([]byte(`
unit: {code: "370100", name: 济南市, kind: city}
principal: 张三
briefings: [{on: 2017-04-12, presided_by: 张三, topic: 年度要点}]
deputies: [{name: 李四, from: 2017-03-01, in_division_of_work: true, announced_on: 2017-03-05, url: "https://gov.invalid/1", verified: false}]
performance: [{year: 2017, on: 2017-03-01, total: "1000", items: [{name: 政务公开, points: "39.99", openness: core}]}]
deliverables: [{what: random-inspection-list, on: 2017-06-02}]
incidents: [{id: a, title: 事故, at: 2017-06-11T10:00:00+08:00, first_word_at: 2017-06-11T14:30:00+08:00}]
staff: [{id: x, name: 甲, from: 2015-01-01}, {id: "y", name: 乙, from: 2015-01-01}]
attendances: [{staff: x, on: 2017-05-10, present: true}]
exemptions: [{obligation: sd2017.leading-group, on: 2017-05-20, reason: 机构改革, document: 文件}]
`))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, v := range rules.Judge(shandong(t), facts, realCalendar(t), day("2017-06-17"), 2017) {
		words := []string{v.Obligation, v.Period}
		if v.Subject != "" {
			words = append(words, v.Subject)
		}
		words = append(words, "due", v.DueOn.String(), string(v.State))
		if v.DueSoon {
			words = append(words, "soon")
		}
		fmt.Fprintln(&got, strings.Join(append(words, v.Value+"/"+v.Required, v.Reason.Key), " "))
	}
	if diff := cmp.Diff(golden, got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFaultyFactsAreNamedByLine(t *testing.T) {
	_, err := rules.ParseFacts([]byte(`unit: {code: "", kind: village, opened_on: 2017-01-01, closed_on: 2017-01-01}
briefings:
  - {topic: 无日期}
documents:
  - {id: d, published_on: 2017-01-01}
  - {id: d, published_on: 2017-01-02}
incidents:
  - {id: i}
  - {id: k, at: 2017-06-11T10:00:00+08:00, first_word_at: 2017-06-11T09:00:00+08:00}
staff: [{id: x, from: 2017-01-01, to: 2016-12-31}]
attendances:
  - {staff: z, on: 2017-01-01}
performance:
  - {year: 2017, total: "100", items: [{name: 政务公开, points: "101", openness: core}]}
`))
	want := []string{"1 facts.unit_code", "1 pack.unknown_unit_kind", "1 pack.span_reversed", "3 facts.no_date",
		"6 facts.id_twice", "8 facts.no_instant", "9 facts.before_incident", "10 pack.span_reversed", "12 facts.unknown_staff", "14 filing.does_not_add_up"}
	if diff := cmp.Diff(want, keysOf(err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
