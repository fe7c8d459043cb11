package supervision_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

func TestWhoMayFind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		row := r.open(plan())
		enter := func(actor compliance.Actor) error {
			_, err := r.EnterFinding(t.Context(), actor, row.ID, fault())
			return err
		}
		r.WantCode(enter(r.Reporter(desktest.Jinan)), models.Forbidden, "error.forbidden")
		r.WantCode(enter(r.Supervisor(desktest.Jinan)), models.Forbidden, "error.forbidden")
		r.WantCode(enter(r.Supervisor("370700")), models.NotFound, "inspections.unknown")
		f := r.enter(row.ID, fault())

		// Another city's finding is not there; the unit's own supervisor cannot take it back.
		_, err := r.Finding(t.Context(), r.Reporter(desktest.Qingdao), f.ID)
		r.WantCode(err, models.NotFound, "findings.unknown")
		withdraw := func(actor compliance.Actor, version int, reason string) error {
			return r.WithdrawFinding(t.Context(), actor, f.ID, version, reason)
		}
		r.WantCode(withdraw(r.Reporter(desktest.Jinan), 1, "x"), models.Forbidden, "error.forbidden")
		r.WantCode(withdraw(r.Supervisor(desktest.Jinan), 1, "x"), models.Forbidden, "error.forbidden")
		r.WantCode(withdraw(r.Supervisor(desktest.Qingdao), 1, "x"), models.NotFound, "findings.unknown")
		r.WantCode(withdraw(r.office, 9, "x"), models.Stale, "findings.stale")
		r.WantCode(withdraw(r.office, 1, " "), models.Invalid, "filing.required")

		// Nor does the unit ever close it, whatever it may do at home.
		r.putRight(f.ID)
		id := r.finding(r.office, f.ID).RectificationID
		for _, actor := range []compliance.Actor{r.Reporter(desktest.Jinan), r.Supervisor(desktest.Jinan)} {
			r.WantCode(r.rectify.Close(t.Context(), actor, id, 2, rectification.StepInput{}), models.Forbidden, "error.forbidden")
		}
		r.WantCode(r.rectify.Close(t.Context(), r.Supervisor(desktest.Qingdao), id, 2, rectification.StepInput{}), models.NotFound, "rectifications.unknown")
		if state := r.finding(r.office, f.ID).State; state != supervision.FindingAnswered {
			t.Errorf("it is %s", state)
		}
	})
}

func TestAFindingIsRefusedWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		row := r.open(plan())
		foreign := r.Duty(desktest.Qingdao, "sd2017.plan").ID
		for _, c := range []struct {
			key    string
			change func(in *supervision.FindingInput)
		}{
			{"inspections.unit_not_in", func(in *supervision.FindingInput) { in.Unit = "370700" }},
			{"inspections.unit_not_in", func(in *supervision.FindingInput) { in.Unit = "" }},
			{"findings.choose_severity", func(in *supervision.FindingInput) { in.Severity = "grave" }},
			{"filing.required", func(in *supervision.FindingInput) { in.Text = " " }},
			{"filing.required", func(in *supervision.FindingInput) { in.Clause = "" }},
			{"filing.bad_url", func(in *supervision.FindingInput) { in.URL = "javascript:alert(1)" }},
			{"findings.duty_unknown", func(in *supervision.FindingInput) { in.Duty = foreign }},
			{"findings.noted_minor", func(in *supervision.FindingInput) { in.Noted = true }},
			{"findings.due_early", func(in *supervision.FindingInput) { in.DueOn = desktest.Day("2017-09-21") }},
			{"findings.due_no_workday", func(in *supervision.FindingInput) { in.DueOn = desktest.Day("2017-10-02") }},
		} {
			in := fault()
			c.change(&in)
			_, err := r.EnterFinding(t.Context(), r.office, row.ID, in)
			r.WantCode(err, models.Invalid, c.key)
		}
		for _, table := range []any{&models.Finding{}, &models.Rectification{}} {
			var rows int64
			r.Must(s.Read(t.Context()).Model(table).Count(&rows).Error)
			if rows != 0 {
				t.Errorf("%d rows of %T are there", rows, table)
			}
		}
	})
}

// TestAFindingIsPutRight goes from the finding over a return to the end; what was known on
// each day stays to be seen.
func TestAFindingIsPutRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		duty := r.Duty(desktest.Jinan, "sd2017.plan")
		report := r.on("2017-09-02 09:00").File(desktest.Jinan, duty.ID, rules.Filing{On: desktest.Day("2017-06-16"), Title: "实施方案", URL: "https://www.jinan.gov.cn/1", LateReason: "补报"})
		r.Verify(report)
		row := r.open(plan())
		in := fault()
		in.Duty = duty.ID
		f := r.enter(row.ID, in)
		if due := r.finding(r.office, f.ID).DueOn; due != desktest.Day("2017-09-22") {
			t.Errorf("15 working days after Saturday 2017-09-02 end on %s", due)
		}
		marks, err := r.FindingMarks(t.Context(), []uint64{duty.ID, duty.ID + 1}, r.Ledger.Today())
		r.Must(err)
		if len(marks) != 1 || marks[duty.ID].Found != 1 || marks[duty.ID].NotClosed() != 1 {
			t.Errorf("marks: %+v", marks)
		}
		r.on("2017-09-20").putRight(f.ID)
		r.on("2017-09-26").decide(f.ID, false)
		r.on("2017-09-29").putRight(f.ID)
		r.on("2017-09-30").decide(f.ID, true)
		r.on("2017-12-01")
		for _, c := range []struct{ day, state string }{{"2017-09-01", ""}, {"2017-09-02", "open"}, {"2017-09-20", "answered"}, {"2017-09-25", "answered"},
			{"2017-09-26", "open"}, {"2017-09-28", "overdue"}, {"2017-09-29", "answered"}, {"2017-09-30", "closed"}, {"2017-12-01", "closed"}} {
			list, err := r.FindingsOfDuty(t.Context(), duty.ID, desktest.Day(c.day))
			r.Must(err)
			state := ""
			if len(list) > 0 {
				state = string(list[0].State)
			}
			if state != c.state {
				t.Errorf("on %s it is %q, want %q", c.day, state, c.state)
			}
		}
		v := r.finding(r.Reporter(desktest.Jinan), f.ID)
		if v.ClosedOn != desktest.Day("2017-09-30") || v.InTime || v.CanWithdraw || v.Duty.Obligation.Code != "sd2017.plan" {
			t.Errorf("Jinan sees %+v", v)
		}
		detail, err := r.Ledger.Duty(t.Context(), r.office.Access.Scope("duty", "read"), duty.ID, r.Ledger.Today())
		r.Must(err)
		if detail.Verdict.State != rules.Met && detail.Verdict.State != rules.Late {
			t.Errorf("the judge says %s since it was found wrong", detail.Verdict.State)
		}
	})
}

// TestASeriousFindingIsNotLetGo has its demand stay, so that no bulletin counts it as noted
// only; it ends by being closed, or by being withdrawn itself.
func TestASeriousFindingIsNotLetGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		row := r.open(plan())
		for _, c := range []struct {
			severity models.Severity
			key      string
			want     supervision.FindingState
		}{
			{models.SeveritySerious, "rectifications.withdraw_finding", supervision.FindingOpen},
			{models.SeverityOrdinary, "rectifications.withdraw_finding", supervision.FindingOpen},
			{models.SeverityMinor, "", supervision.FindingNoted},
		} {
			in := fault()
			in.Severity = c.severity
			f := r.enter(row.ID, in)
			id := r.finding(r.office, f.ID).RectificationID
			v, err := r.rectify.Rectification(t.Context(), r.office, id)
			r.Must(err)
			if v.CanWithdraw != (c.key == "") {
				t.Errorf("%s: its demand can be withdrawn: %t", c.severity, v.CanWithdraw)
			}
			switch err = r.rectify.Withdraw(t.Context(), r.office, id, v.Version, rectification.StepInput{Note: "不再要求"}); c.key {
			case "":
				r.Must(err)
			default:
				r.WantCode(err, models.Conflict, c.key)
			}
			if state := r.finding(r.office, f.ID).State; state != c.want {
				t.Errorf("%s: it is %s, want %s", c.severity, state, c.want)
			}
			r.Must(r.WithdrawFinding(t.Context(), r.office, f.ID, f.Version, "核实有误"))
			if state := r.finding(r.office, f.ID).State; state != supervision.FindingWithdrawn {
				t.Errorf("%s: withdrawn itself it is %s", c.severity, state)
			}
		}
	})
}

// TestWhatIsReturnedLateIsNotOverdue has Jinan answer in time and the office look at it when
// the due date has come: sent back, it is open until a new day.
func TestWhatIsReturnedLateIsNotOverdue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		f := r.enter(r.open(plan()).ID, fault())
		due := r.finding(r.office, f.ID).DueOn
		r.on("2017-09-20").putRight(f.ID)
		id := r.finding(r.office, f.ID).RectificationID
		back := func(on calendar.Date) error {
			return r.rectify.Return(t.Context(), r.office, id, 2, rectification.StepInput{Note: "还缺两项", DueOn: on})
		}
		r.on(due.String())
		r.WantCode(back(0), models.Invalid, "rectifications.due_needed")
		r.WantCode(back(due+1), models.Invalid, "rectifications.due_no_workday") // a Saturday
		r.Must(back(due + 3))
		for _, c := range []struct {
			day  calendar.Date
			want supervision.FindingState
		}{{due, supervision.FindingOpen}, {due + 3, supervision.FindingOpen}, {due + 4, supervision.FindingOverdue}} {
			r.on(c.day.String())
			if v := r.finding(r.office, f.ID); v.State != c.want || v.DueOn != due+3 {
				t.Errorf("on %s it is %s until %s, want %s until %s", c.day, v.State, v.DueOn, c.want, due+3)
			}
		}
	})
}

// TestFindingsAreCounted has findings in all states.
func TestFindingsAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		row := r.open(plan())
		with := func(severity models.Severity, noted bool) uint64 {
			in := fault()
			in.Severity, in.Noted = severity, noted
			return r.enter(row.ID, in).ID
		}
		inTime, late, waits, owed, taken := with(models.SeveritySerious, false), with(models.SeveritySerious, false), with(models.SeverityOrdinary, false),
			with(models.SeverityOrdinary, false), with(models.SeverityMinor, false)
		with(models.SeverityMinor, true)
		r.on("2017-09-22").putRight(inTime)
		r.on("2017-09-25").putRight(late)
		r.putRight(waits)
		r.decide(inTime, true)
		r.decide(late, true)
		r.Must(r.WithdrawFinding(t.Context(), r.office, taken, 1, "核实有误"))
		r.WantCode(r.WithdrawFinding(t.Context(), r.office, taken, 2, "x"), models.Conflict, "findings.is_withdrawn")

		v, err := r.Inspection(t.Context(), r.office, row.ID)
		r.Must(err)
		want := supervision.FindingCount{Found: 5, Overdue: 1, Answered: 1, Closed: 2, InTime: 1, Noted: 1, Withdrawn: 1}
		if diff := cmp.Diff(want, v.Total); diff != "" {
			t.Errorf("in all (-want +got):\n%s", diff)
		}
		if v.Total.InTime*4 != v.Total.Demanded() || v.Findings[models.SeveritySerious].InTime*2 != v.Findings[models.SeveritySerious].Demanded() || v.Findings[models.SeverityMinor].Demanded() != 0 {
			t.Errorf("shares of %+v", v.Findings)
		}
		if v.Checked != 1 || v.Units[0].CheckedOn != desktest.Day("2017-09-01") {
			t.Error("a unit with findings does not count as looked at")
		}
		before, err := r.Findings(t.Context(), r.office, desktest.Shandong, supervision.FindingQuery{Year: 2017, AsOf: desktest.Day("2017-09-01")})
		r.Must(err)
		if diff := cmp.Diff(supervision.FindingCount{Found: 6, Open: 5, Noted: 1}, before.Count); diff != "" {
			t.Errorf("as it was on the first day (-want +got):\n%s", diff)
		}
		for _, q := range []struct {
			query supervision.FindingQuery
			want  int
		}{{supervision.FindingQuery{}, 6}, {supervision.FindingQuery{State: supervision.FindingOverdue}, 1}, {supervision.FindingQuery{State: supervision.FindingWithdrawn}, 1},
			{supervision.FindingQuery{Severity: models.SeveritySerious}, 2}, {supervision.FindingQuery{Inspection: row.ID + 9}, 0}, {supervision.FindingQuery{Text: "济南"}, 6},
			{supervision.FindingQuery{Text: "370200"}, 0}, {supervision.FindingQuery{Year: 2016}, 0}} {
			seen := 0
			for q.query.Limit = 2; ; {
				list, err := r.Findings(t.Context(), r.office, desktest.Shandong, q.query)
				r.Must(err)
				seen += len(list.Items)
				if q.query.Cursor = list.Next; list.Next == "" {
					break
				}
			}
			if seen != q.want {
				t.Errorf("%+v lists %d, want %d", q.query, seen, q.want)
			}
		}
		if _, err := r.Findings(t.Context(), r.Reporter(desktest.Qingdao), desktest.Jinan, supervision.FindingQuery{}); err == nil {
			t.Error("Qingdao lists the findings of Jinan")
		}
		list, err := r.Inspections(t.Context(), r.office, desktest.Shandong, supervision.InspectionQuery{AsOf: desktest.Day("2017-09-01")})
		r.Must(err)
		if got := fmt.Sprint(list.Items[0].Held, list.Items[0].Looked, list.Items[0].Checked, list.Items[0].Findings.Open); got != "true 2 1 5" {
			t.Errorf("listed as of the first day: %s", got)
		}
		if owedBy, err := r.FindingsOfUnit(t.Context(), r.Unit(desktest.Jinan).ID, 2017); err != nil || len(owedBy) != 5 || owedBy[0].ID < owed {
			t.Errorf("of the unit: %d, %v", len(owedBy), err)
		}
		r.WantCode(r.TakeOutInspectionUnit(t.Context(), r.office, row.ID, 1, desktest.Jinan, "x"), models.Conflict, "inspections.unit_has_findings")
	})
}
