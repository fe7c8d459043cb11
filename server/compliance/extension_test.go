package compliance_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func later(to string) compliance.ExtensionInput {
	return compliance.ExtensionInput{To: day(to), Reason: "机构改革期间人员调整", Document: "鲁政办字〔2017〕88号"}
}

// extended has the office give a later due date.
func (w *world) extended(duty models.Duty, to string) {
	w.Helper()
	w.must(w.Extend(w.Context(), w.root(models.Supervisor), duty.ID, w.dutyAt(duty.ID).Version, later(to)))
}

func (w *world) dutyAt(id uint64) models.Duty {
	w.Helper()
	var duty models.Duty
	w.must(w.store.Read(w.Context()).Where("id = ?", id).Take(&duty).Error)
	return duty
}

func TestExtensionsAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-01")
		w.addUnit("370199", models.County, jinan, "2000-01-01", "2017-06-01")
		officer, plan := w.actor(models.Supervisor, "370000"), w.duty(jinan, "sd2017.plan")
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("a", "2017-05-20 10:00"))
		done := w.duty(jinan, "sd2017.leading-group")
		w.verified(w.filed(jinan, done, soundFiling(w.rules["sd2017.leading-group"], day("2017-05-20"))))
		exempt := w.duty(jinan, "sd2017.briefing")
		w.exempted(exempt)
		extend := func(by compliance.Actor, duty models.Duty, input compliance.ExtensionInput) error {
			return w.Extend(t.Context(), by, duty.ID, w.dutyAt(duty.ID).Version, input)
		}
		w.unchanged(t, func() {
			for _, c := range []struct {
				change func(i *compliance.ExtensionInput)
				field  string
				key    string
			}{
				{func(i *compliance.ExtensionInput) { i.To = 0 }, "to", "filing.date_required"},
				{func(i *compliance.ExtensionInput) { i.To = plan.DueOn }, "to", "duty.extend_later"},
				{func(i *compliance.ExtensionInput) { i.To = plan.DueOn - 20 }, "to", "duty.extend_later"},
				{func(i *compliance.ExtensionInput) { i.To = day("2047-01-01") }, "to", "duty.extend_too_far"},
				{func(i *compliance.ExtensionInput) { i.Reason = " " }, "reason", "filing.required"},
				{func(i *compliance.ExtensionInput) { i.Document = "" }, "document", "filing.required"},
				{func(i *compliance.ExtensionInput) { i.Document = strings.Repeat("长", 501) }, "document", "filing.too_long"},
			} {
				input := later("2017-07-31")
				c.change(&input)
				wantFields(t, extend(officer, plan, input), map[string]string{c.field: c.key})
			}
			wantFields(t, extend(officer, plan, compliance.ExtensionInput{}), map[string]string{"to": "filing.date_required", "reason": "filing.required", "document": "filing.required"})
			wantError(t, w.Extend(t.Context(), officer, plan.ID, plan.Version+1, later("2017-07-31")), models.Stale, "duty.stale")
			wantError(t, extend(officer, w.duty(jinan, "sd2017.first-word"), later("2017-12-31")), models.Conflict, "duty.hours_not_extended")
			wantError(t, extend(officer, done, later("2018-12-31")), models.Conflict, "duty.already_done")
			wantError(t, extend(officer, exempt, later("2018-12-31")), models.Conflict, "duty.already_exempt")
			wantError(t, extend(officer, w.duty(jinan, "sd2017.poverty-funds"), later("2018-12-31")), models.Conflict, "duty.nothing_to_extend")
			wantError(t, extend(w.actor(models.Reporter, jinan), plan, later("2017-07-31")), models.Forbidden, "report.not_your_decision")
			wantError(t, extend(w.actor(models.Supervisor, qingdao), plan, later("2017-07-31")), models.NotFound, "duty.unknown")
		})
	})
}

func TestAnExtensionMovesTheDueDateAndNothingThatWasKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017)
		plan := w.duty(jinan, "sd2017.plan")
		w.at("2017-06-20").wantState(plan.ID, rules.Overdue)
		w.extended(plan, "2017-07-10")
		w.wantState(plan.ID, rules.Pending)
		if row := w.dutyAt(plan.ID); row.DueOn != day("2017-07-10") || row.ExtendedTo != row.DueOn || row.Provisional {
			t.Errorf("the duty is %+v", row)
		}
		w.at("2017-07-05")
		w.extended(plan, "2017-07-20")
		w.at("2017-07-18")
		w.verified(w.filed(jinan, plan, soundFiling(w.rules["sd2017.plan"], day("2017-07-17"))))
		w.wantState(plan.ID, rules.Met)
		for _, c := range []struct {
			asOf, due  string
			state      rules.State
			extensions int
		}{{"2017-06-19", "2017-06-16", rules.Overdue, 0}, {"2017-06-20", "2017-07-10", rules.Pending, 1}, {"2017-07-05", "2017-07-20", rules.Pending, 2}, {"2017-07-18", "2017-07-20", rules.Met, 2}} {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, plan.ID, day(c.asOf))
			w.must(err)
			if detail.Duty.DueOn != day(c.due) || detail.Verdict.State != c.state || len(detail.Extensions) != c.extensions || (detail.Duty.ExtendedTo == detail.Duty.DueOn) != (c.extensions > 0) {
				t.Errorf("as of %s: due on %s, extended to %s, %s with %d extensions; want %+v", c.asOf, detail.Duty.DueOn, detail.Duty.ExtendedTo, detail.Verdict.State, len(detail.Extensions), c)
			}
			if want := map[bool]string{false: "rules.within_working_days.", true: "rules.extended."}[c.extensions > 0] + string(c.state); detail.Verdict.Reason.Key != want {
				t.Errorf("as of %s the reason is %s, want %s", c.asOf, detail.Verdict.Reason.Key, want)
			}
			if c.extensions == 2 && (detail.Extensions[0].FromDue != day("2017-07-10") || detail.Extensions[0].ToDue != day("2017-07-20") || detail.Extensions[1].FromDue != day("2017-06-16") ||
				detail.Extensions[0].GrantedName == "" || detail.Extensions[0].Document == "") {
				t.Errorf("extensions %+v", detail.Extensions)
			}
			extended := compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day(c.asOf), Extended: true}
			if listed := w.listed(extended); (len(listed) == 1) != (c.extensions > 0) {
				t.Errorf("as of %s %d duties are extended", c.asOf, len(listed))
			}
			board := w.wantBoardOfDuties("370000", 2017, day(c.asOf))
			if got := compliance.Sum(board.Totals).Extended; got != min(1, c.extensions) {
				t.Errorf("the board of %s has %d extended", c.asOf, got)
			}
		}
		w.wantSoundTallies()
	})
}

// An extension gives time to do it, not only to say so: what a window counts may
// be dated up to the new due date, and is in time.
func TestWhatIsExtendedMayBeDoneLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2018-01-20")
		for _, code := range []string{"sd2017.briefing", "sd2017.enrolment", "sd2017.deputy"} {
			duty, other := w.duty(jinan, code), w.duty(qingdao, code)
			filing := soundFiling(w.rules[code], day("2018-01-15"))
			w.extended(duty, "2018-02-15")
			w.verified(w.filed(jinan, duty, filing))
			if w.wantState(duty.ID, rules.Met); w.dutyAt(duty.ID).DoneOn != day("2018-01-15") {
				t.Errorf("%s was done on %s", code, w.dutyAt(duty.ID).DoneOn)
			}
			if code == "sd2017.deputy" {
				continue // an appointment is judged on its day, and may be announced late
			}
			_, err := w.File(t.Context(), w.actor(models.Reporter, qingdao), other.ID, compliance.Submission{Filing: filing})
			wantFields(t, err, map[string]string{"on": "filing.outside_period"})
		}
		w.wantSoundTallies()
	})
}

func TestAnExtensionSettlesAProvisionalDate(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01")
	w.withCalendar(noticesUntil(t, 2016))
	w.activated("shandong-2017", 2017)
	plan := w.duty(jinan, "sd2017.plan")
	if !plan.Provisional {
		t.Fatal("the due date is settled")
	}
	w.at("2017-06-01").extended(plan, "2017-07-10")
	w.at("2017-07-11").wantState(plan.ID, rules.Overdue)
	_, err := w.Settle(t.Context(), compliance.Actor{})
	w.must(err)
	if row := w.dutyAt(plan.ID); row.DueOn != day("2017-07-10") {
		t.Errorf("settling moved it to %s", row.DueOn)
	}
}

func TestTwoOfficersExtendAndOneIsHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-01")
		plan, officers := w.duty(jinan, "sd2017.plan"), w.crowd(models.Supervisor, "370000")
		got := together(func(i int) error {
			input := later("2017-07-10")
			input.To += calendar.Date(i)
			return w.Extend(t.Context(), officers[i], plan.ID, plan.Version, input)
		})
		if got[""] != 1 || got[models.Stale] != crowd-1 {
			t.Errorf("%v, want one extension", got)
		}
		if n := len(w.content("extensions")["extensions"]); n != 1 {
			t.Errorf("%d extensions", n)
		}
		w.wantSoundTallies()
	})
}

// What a unit owes it owes before it is closed: no later date is granted.
func TestAnExtensionEndsBeforeItsUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-10")
		plan, officer := w.duty("370103", "sd2017.plan"), w.actor(models.Supervisor, jinan)
		w.changed(compliance.CloseUnit{Code: "370103", On: day("2017-10-01"), Reason: "撤销"})
		w.unchanged(t, func() {
			for _, to := range []string{"2017-10-01", "2017-10-31"} {
				err := w.Extend(t.Context(), officer, plan.ID, w.dutyAt(plan.ID).Version, later(to))
				wantFields(t, err, map[string]string{"to": "duty.extend_past_closing"})
			}
		})
		w.extended(plan, "2017-09-30")
		w.at("2017-09-30").wantState(plan.ID, rules.Pending)
		w.at("2017-10-01").wantState(plan.ID, rules.Overdue)
		w.wantSoundTallies()
	})
}
