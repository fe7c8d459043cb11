package compliance_test

import (
	"testing"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestAReportIsTakenBackAndFiledAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		duty := w.duty(jinan, "sd2017.briefing")
		report := w.filed(jinan, duty, w.briefing("2017-05-08"))
		w.at("2017-05-12")
		w.unchanged(t, func() {
			_, err := w.Withdraw(t.Context(), w.actor(models.Reporter, jinan), report.ID, report.Version+1)
			wantError(t, err, models.Stale, "report.version_unknown")
		})
		taken, err := w.Withdraw(t.Context(), w.actor(models.Reporter, jinan), report.ID, report.Version)
		w.must(err)
		if taken.Status != models.TakenBack || taken.EndedOn != day("2017-05-12") || taken.Version != report.Version+1 {
			t.Errorf("taken back: %+v", taken)
		}
		w.wantState(duty.ID, rules.Pending)
		if state := w.stateOn(duty.ID, day("2017-05-11")); state != rules.Reported {
			t.Errorf("the day before it was %s, want reported", state)
		}
		w.unchanged(t, func() {
			_, err := w.Verify(t.Context(), w.root(models.Supervisor), report.ID, report.Version)
			if err == nil {
				t.Error("a report that was taken back was verified")
			}
			_, err = w.Withdraw(t.Context(), w.actor(models.Reporter, jinan), report.ID, taken.Version)
			wantError(t, err, models.Conflict, "report.stale")
		})
		w.verified(w.filed(jinan, duty, w.briefing("2017-05-09")))
		w.wantState(duty.ID, rules.Met)
		w.wantSoundTallies()
	})
}

func TestWhoWithdrawsTooLateIsToldWhoDecided(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		for _, c := range []struct {
			decide func(*models.Report) *models.Report
			what   models.ReportStatus
		}{{w.returned, models.Returned}, {w.verified, models.Verified}} {
			report := w.filed(jinan, duty, w.briefing("2017-05-08"))
			decided := c.decide(report)
			w.unchanged(t, func() {
				_, err := w.Withdraw(t.Context(), reporter, report.ID, report.Version)
				wantError(t, err, models.Stale, "report.stale")
				if e, ok := err.(*models.Error); !ok || e.Args["Who"] == "" || e.Args["What"] != string(c.what) || e.Args["On"] != *decided.DecidedAt {
					t.Errorf("%v does not tell who and when: %v", err, e.Args)
				}
				_, err = w.Withdraw(t.Context(), reporter, report.ID, decided.Version)
				wantError(t, err, models.Conflict, "report.stale")
			})
		}
	})
}

func TestWithdrawnOrVerifiedNeverBoth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		report := w.filed(jinan, w.duty(jinan, "sd2017.briefing"), w.briefing("2017-05-08"))
		reporters, officers := w.crowd(models.Reporter, jinan), w.crowd(models.Supervisor, "370000")
		got := together(func(i int) error {
			if i%2 == 0 {
				_, err := w.Withdraw(t.Context(), reporters[i], report.ID, 0)
				return err
			}
			_, err := w.Verify(t.Context(), officers[i], report.ID, 0)
			return err
		})
		if got[""] != 1 || got[models.Stale] != crowd-1 {
			t.Errorf("%v, want one to be first and %d told so", got, crowd-1)
		}
		w.wantSoundTallies()
	})
}

func TestNothingToReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s).at("2018-02-01")
		nothing := rules.Filing{Nothing: true, Note: "本年度未发生突发事件", Title: "left out"}
		for code, back := range map[string]rules.State{"sd2017.first-word": rules.Unscheduled, "sd2017.briefing": rules.Overdue} {
			duty := w.duty(jinan, code)
			w.wantState(duty.ID, back)
			w.unchanged(t, func() {
				_, err := w.submit(jinan, duty, rules.Filing{Nothing: true, Title: "x"})
				wantFields(t, err, map[string]string{"note": "filing.nothing_reason"})
			})
			report, err := w.submit(jinan, duty, nothing)
			w.must(err)
			if report.Filing != `{"note":"本年度未发生突发事件","nothing":true}` || !report.FactOn.IsZero() {
				t.Errorf("filed %s on %s", report.Filing, report.FactOn)
			}
			w.wantState(duty.ID, rules.Reported)
			w.unchanged(t, func() {
				_, err := w.submit(jinan, duty, nothing)
				wantError(t, err, models.Conflict, "duty.waits")
			})
			w.verified(report)
			w.wantState(duty.ID, back)
			detail, err := w.Duty(t.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), duty.ID, w.Today())
			w.must(err)
			if len(detail.Verdict.Notes) != 1 || detail.Verdict.Notes[0].Key != "rules.note.nothing" {
				t.Errorf("notes of %s: %v", code, detail.Verdict.Notes)
			}
		}
		w.wantSoundTallies()
	})
}

func TestAnEventStartsATermThatNothingWasReportedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		duty := w.duty(jinan, "sd2017.first-word")
		report, err := w.submit(jinan, duty, rules.Filing{Nothing: true, Note: "未发生"})
		w.must(err)
		w.registered(jinan, duty, incident("a", "2017-05-09 10:00"))
		if n := len(w.duties(jinan, "sd2017.first-word")); n != 1 {
			t.Fatalf("%d duties, want the one that waited", n)
		}
		w.wantState(duty.ID, rules.Reported)
		w.returned(report)
		w.wantState(duty.ID, rules.Overdue)
		w.wantSoundTallies()
	})
}

// submit files for the duty as a reporter of the unit, and may fail.
func (w *world) submit(unit string, duty models.Duty, filing rules.Filing) (*models.Report, error) {
	w.Helper()
	receipt, err := w.File(w.Context(), w.actor(models.Reporter, unit), duty.ID, submission(filing))
	if err != nil {
		return nil, err
	}
	return receipt.Report, nil
}
