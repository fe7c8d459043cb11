package compliance_test

import (
	"errors"
	"fmt"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// closed ends filing for a year in the unit's subtree.
func (w *world) closed(unit string, year int) *models.Closing {
	w.Helper()
	closing, err := w.Close(w.Context(), w.root(models.Supervisor), w.unit(unit).ID, year, "年度台账已定稿")
	w.must(err)
	return closing
}

func TestClosingsAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		w.at("2018-01-20")
		province, city := w.actor(models.Supervisor, "370000"), w.actor(models.Supervisor, jinan)
		closeYear := func(by compliance.Actor, unit string, year int, reason string) error {
			_, err := w.Close(t.Context(), by, w.unit(unit).ID, year, reason)
			return err
		}
		w.unchanged(t, func() {
			wantFields(t, closeYear(province, "370000", 2019, ""), map[string]string{"year": "period.bad_year", "reason": "filing.required"})
			wantFields(t, closeYear(province, "370000", 1900, "定稿"), map[string]string{"year": "period.bad_year"})
			wantError(t, closeYear(city, "370000", 2017, "定稿"), models.NotFound, "error.not_found")
			wantError(t, closeYear(w.actor(models.Reporter, jinan), jinan, 2017, "定稿"), models.NotFound, "error.not_found")
			_, err := w.Close(t.Context(), province, 987654, 2017, "定稿")
			wantError(t, err, models.NotFound, "error.not_found")
		})
		closing := w.closed("370000", 2017)
		except := func(by compliance.Actor, id uint64, input compliance.ExceptionInput) error {
			_, err := w.Except(t.Context(), by, id, input)
			return err
		}
		good := compliance.ExceptionInput{Unit: lixia, Until: day("2018-02-10"), Reason: "区划调整"}
		w.unchanged(t, func() {
			wantError(t, closeYear(province, "370000", 2017, "定稿"), models.Conflict, "period.closed")
			wantError(t, closeYear(city, jinan, 2017, "定稿"), models.Conflict, "period.closed")
			wantError(t, w.Lift(t.Context(), city, closing.ID, "更正"), models.NotFound, "error.not_found")
			wantError(t, w.Lift(t.Context(), province, 987654, "更正"), models.NotFound, "error.not_found")
			wantFields(t, w.Lift(t.Context(), province, closing.ID, " "), map[string]string{"reason": "filing.required"})
			wantError(t, except(city, closing.ID, good), models.NotFound, "error.not_found")
			wantFields(t, except(province, closing.ID, compliance.ExceptionInput{}), map[string]string{"unit": "period.unit_elsewhere", "until": "filing.date_required", "reason": "filing.required"})
			bad := good
			bad.Until = day("2018-01-19")
			wantFields(t, except(province, closing.ID, bad), map[string]string{"until": "period.until_passed"})
		})
		cityClosing, err := w.Close(t.Context(), city, w.unit(jinan).ID, 2016, "定稿")
		w.must(err)
		bad := good
		bad.Unit = qingdao
		wantFields(t, except(city, cityClosing.ID, bad), map[string]string{"unit": "period.unit_elsewhere"})
		w.must(w.Lift(t.Context(), province, closing.ID, "更正"))
		w.unchanged(t, func() {
			wantError(t, w.Lift(t.Context(), province, closing.ID, "更正"), models.Conflict, "period.lifted")
			wantError(t, except(province, closing.ID, good), models.Conflict, "period.lifted")
		})
	})
}

// What a closing ends, and what goes on.
func TestAClosedYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		plan := w.plan(jinan)
		accepted, officer := w.verified(plan), w.actor(models.Supervisor, "370000")
		waiting := w.filed(jinan, w.duty(jinan, "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-06-01")))
		extended, open, two := w.duty(jinan, "sd2017.leading-group"), w.duty(jinan, "sd2017.document-procedure"), w.duty(jinan, "sd2017.rotation")
		w.at("2018-01-10").extended(extended, "2018-01-31")
		preview, err := w.PreviewClosing(t.Context(), w.unit(jinan), 2017)
		w.must(err)
		var duties []models.Duty
		w.must(w.store.Read(t.Context()).Where("outcome = ? AND until_year = ? AND unit_id IN ?", models.Open, 2017, []uint64{w.unit(jinan).ID, w.unit(lixia).ID}).Find(&duties).Error)
		if preview.Open != len(duties) || preview.Waiting != 1 || preview.Open == 0 {
			t.Errorf("preview %+v, want %d open duties and one report", preview, len(duties))
		}
		w.closed("370000", 2017)
		reporter := w.actor(models.Reporter, jinan)
		file := func(duty models.Duty, by compliance.Actor) error {
			_, err := w.File(t.Context(), by, duty.ID, compliance.Submission{Filing: soundFiling(w.rules["sd2017.document-procedure"], day("2017-06-09"))})
			return err
		}
		reopen := func() error {
			_, err := w.Reopen(t.Context(), officer, accepted.ID, accepted.Version, "数据有误")
			return err
		}
		register := func() error {
			return w.RegisterStart(t.Context(), reporter, w.duty(jinan, "sd2017.first-word").ID, incident("a", "2017-12-30 10:00"))
		}
		refusal := func(duty models.Duty) *models.Error {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, duty.ID, w.Today())
			w.must(err)
			return detail.Refusal
		}
		w.unchanged(t, func() {
			for name, err := range map[string]error{"file": file(open, reporter), "reopen": reopen(), "register": register(), "the page": refusal(open)} {
				wantError(t, err, models.Conflict, "period.closed")
				var e *models.Error
				if !errors.As(err, &e) || e.Args["Year"] != 2017 || e.Args["Unit"] != w.unit("370000").Name || e.Args["On"] != w.Today() {
					t.Errorf("%s is told %v", name, e)
				}
			}
		})
		// A cycle goes on with its last year, an extension until its day.
		if two.UntilYear != 2018 {
			t.Fatalf("the rotation stands until %d", two.UntilYear)
		}
		if key := refusal(two).Key; key != "duty.judged_from_roster" {
			t.Errorf("the rotation is refused for %s", key)
		}
		if e := refusal(extended); e != nil {
			t.Errorf("the extended duty is refused: %v", e)
		}
		w.verified(waiting)
		w.wantState(waiting.DutyID, rules.Met)

		closings, err := w.ClosingsOver(t.Context(), w.unit(lixia), 2017, w.Today())
		w.must(err)
		if len(closings) != 1 || closings[0].Unit.Code != "370000" || closings[0].ClosedName == "" || closings[0].ClosedOn() != w.Today() {
			t.Errorf("closings %+v", closings)
		}
		_, err = w.Except(t.Context(), officer, closings[0].ID, compliance.ExceptionInput{Unit: jinan, Until: day("2018-01-15"), Reason: "台风"})
		w.must(err)
		w.must(file(open, reporter))
		w.at("2018-01-16")
		wantError(t, reopen(), models.Conflict, "period.closed")
		w.at("2018-02-01")
		if e := refusal(extended); e == nil || e.Key != "period.closed" {
			t.Errorf("after its new due date the extended duty is %v", e)
		}
		w.must(w.Lift(t.Context(), officer, closings[0].ID, "更正"))
		w.must(reopen())
		for asOf, want := range map[string]int{"2018-01-09": 0, "2018-01-10": 1, "2018-01-31": 1, "2018-02-01": 0} {
			stood, err := w.ClosingsOver(t.Context(), w.unit(jinan), 2017, day(asOf))
			w.must(err)
			if len(stood) != want {
				t.Errorf("on %s %d closings stood, want %d", asOf, len(stood), want)
			}
		}
		elsewhere, err := w.Closings(t.Context(), w.unit(qingdao))
		w.must(err)
		if len(elsewhere) != 1 || len(elsewhere[0].Exceptions) != 0 {
			t.Errorf("青岛 is told of others' exceptions: %+v", elsewhere)
		}
		all, err := w.Closings(t.Context(), w.unit("370000"))
		w.must(err)
		if len(all) != 1 || all[0].Stands() || all[0].LiftedName == "" || len(all[0].Exceptions) != 1 || all[0].Exceptions[0].Unit.Code != jinan {
			t.Errorf("closings of the province: %+v", all)
		}
	})
}

// What was filed in time is not lost because the office sends it back after the
// closing: that report is answered, and nothing else is done.
func TestAReportReturnedAfterTheClosingIsAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		before, after := w.plan(qingdao), w.plan(jinan)
		w.at("2018-01-20 09:00")
		w.returned(before)
		w.at("2018-01-20 10:00").closed("370000", 2017)
		answer := func(unit string) (*models.Report, error) {
			receipt, err := w.File(t.Context(), w.actor(models.Reporter, unit), w.duty(unit, "sd2017.plan").ID,
				compliance.Submission{Filing: soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))})
			if err != nil {
				return nil, err
			}
			return receipt.Report, nil
		}
		refusal := func(duty uint64) *models.Error {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, duty, w.Today())
			w.must(err)
			return detail.Refusal
		}
		w.at("2018-01-20 11:00").returned(after)
		w.unchanged(t, func() {
			_, err := answer(qingdao)
			wantError(t, err, models.Conflict, "period.closed")
			wantError(t, refusal(before.DutyID), models.Conflict, "period.closed")
		})
		if e := refusal(after.DutyID); e != nil {
			t.Errorf("the page refuses the answer: %v", e)
		}
		again, err := answer(jinan)
		w.must(err)
		w.unchanged(t, func() {
			_, err := answer(jinan)
			wantError(t, err, models.Conflict, "duty.waits")
			_, err = w.Withdraw(t.Context(), w.actor(models.Reporter, jinan), again.ID, again.Version)
			wantError(t, err, models.Conflict, "period.closed")
		})
		accepted := w.verified(again)
		w.unchanged(t, func() {
			_, err := w.Reopen(t.Context(), w.root(models.Supervisor), accepted.ID, accepted.Version, "数据有误")
			wantError(t, err, models.Conflict, "period.closed")
		})
	})
}

// As of an earlier day a unit has the closings of those above it then, with the
// exceptions made by then.
func TestClosingsOfAnEarlierDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		closing := w.at("2018-01-10").closed(jinan, 2017)
		w.at("2018-01-20")
		_, err := w.Except(t.Context(), w.root(models.Supervisor), closing.ID, compliance.ExceptionInput{Unit: lixia, Until: day("2018-03-01"), Reason: "台风"})
		w.must(err)
		w.at("2018-02-10").changed(compliance.MoveUnit{Code: lixia, Parent: qingdao, On: day("2018-02-01"), Reason: "区划调整"})
		for asOf, want := range map[string]string{"2018-01-09": "", "2018-01-10": "0", "2018-01-19": "0", "2018-01-20": "1", "2018-02-09": "1", "2018-02-10": ""} {
			over, err := w.ClosingsOver(t.Context(), w.unit(lixia), 2017, day(asOf))
			w.must(err)
			got := ""
			for _, c := range over {
				got += fmt.Sprint(len(c.Exceptions))
			}
			if got != want {
				t.Errorf("on %s the closings have %q exceptions, want %q", asOf, got, want)
			}
		}
	})
}

// Two closings must both let a unit through.
func TestEveryClosingHasItsExceptions(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t))
	w.at("2018-01-10")
	lower := w.closed(jinan, 2017)
	upper := w.closed("370000", 2017)
	open := w.duty(lixia, "sd2017.document-procedure")
	for i, want := range []string{"period.closed", "period.closed", ""} {
		_, err := w.File(t.Context(), w.actor(models.Reporter, lixia), open.ID, compliance.Submission{Filing: soundFiling(w.rules["sd2017.document-procedure"], day("2017-06-09"))})
		if want == "" {
			w.must(err)
			return
		}
		wantError(t, err, models.Conflict, want)
		_, err = w.Except(t.Context(), w.root(models.Supervisor), []uint64{lower.ID, upper.ID}[i], compliance.ExceptionInput{Unit: []string{lixia, jinan}[i], Until: w.Today(), Reason: "补报"})
		w.must(err)
	}
}

func TestOneOfManyClosesAYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		w.at("2018-01-10")
		officers := w.crowd(models.Supervisor, "370000")
		got := together(func(i int) error {
			_, err := w.Close(t.Context(), officers[i], w.unit("370000").ID, 2017, "定稿")
			return err
		})
		if got[""] != 1 || got[models.Conflict] != crowd-1 {
			t.Errorf("%v, want one closing", got)
		}
	})
}
