package compliance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestReopeningIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		report, city, province := w.plan(lixia), w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		reopen := func(by compliance.Actor, version int, reason string) error {
			_, err := w.Reopen(t.Context(), by, report.ID, version, reason)
			return err
		}
		w.unchanged(t, func() {
			wantError(t, reopen(province, 0, "数据有误"), models.Conflict, "report.not_accepted")
		})
		_, err := w.Verify(t.Context(), province, report.ID, 0)
		w.must(err)
		filer := w.grants(compliance.Actor{ID: report.FiledBy}, rbac.Grant{Role: models.Supervisor, Path: "/"})
		w.unchanged(t, func() {
			for reason, key := range map[string]string{"": "report.reopen_reason_required", " \n": "report.reopen_reason_required", strings.Repeat("长", 501): "filing.too_long"} {
				wantFields(t, reopen(province, 1, reason), map[string]string{"reason": key})
			}
			wantError(t, reopen(city, 1, "数据有误"), models.Forbidden, "report.accepted_above")
			wantError(t, reopen(province, 0, "数据有误"), models.Stale, "report.stale")
			wantError(t, reopen(filer, 1, "数据有误"), models.Forbidden, "report.own")
			wantError(t, reopen(w.actor(models.Reporter, lixia), 1, "数据有误"), models.Forbidden, "report.not_your_decision")
			wantError(t, reopen(w.actor(models.Supervisor, qingdao), 1, "数据有误"), models.NotFound, "report.unknown")
		})
		w.must(reopen(province, 1, "数据有误"))
		w.unchanged(t, func() {
			wantError(t, reopen(province, 2, "数据有误"), models.Conflict, "report.not_accepted")
			_, err := w.Verify(t.Context(), province, report.ID, 2)
			wantError(t, err, models.Conflict, "report.decided")
		})
	})
}

// Whom an acceptance by the city concerns, the province may reopen; whom one by
// the province concerns, the city may not.
func TestTheAcceptingOfficeAndThoseAboveReopen(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t)).withLevels("shandong-2017", 1)
	for _, c := range []struct {
		accepts, reopens string
		may              bool
	}{{jinan, jinan, true}, {jinan, "370000", true}, {"370000", jinan, false}, {"370000", "370000", true}, {lixia, jinan, true}, {jinan, lixia, false}} {
		report := w.plan(lixia)
		_, err := w.Verify(t.Context(), w.actor(models.Supervisor, c.accepts), report.ID, 0)
		w.must(err)
		officer := w.actor(models.Supervisor, c.reopens)
		detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, w.Today())
		w.must(err)
		if compliance.MayReopen(officer, detail.DutyView, detail.Reports[0], w.Today()) != c.may {
			t.Errorf("accepted for %s, %s may reopen: want %v", c.accepts, c.reopens, c.may)
		}
		_, err = w.Reopen(t.Context(), officer, report.ID, 1, "数据有误")
		if (err == nil) != c.may {
			t.Errorf("accepted for %s, reopened for %s: %v", c.accepts, c.reopens, err)
		}
		if err != nil {
			_, err = w.Reopen(t.Context(), w.root(models.Supervisor), report.ID, 1, "数据有误")
			w.must(err)
		}
	}
}

func TestAReopenedReportIsFiledAnewAndItsPastStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		report, province := w.plan(lixia), w.actor(models.Supervisor, "370000")
		w.at("2017-06-12")
		_, err := w.Verify(t.Context(), province, report.ID, 0)
		w.must(err)
		w.at("2017-06-20")
		before := w.wantBoardOfDuties(jinan, 2017, day("2017-06-19"))
		reopened, err := w.Reopen(t.Context(), province, report.ID, 1, "公布日期有误")
		w.must(err)
		if reopened.Status != models.Reopened || *reopened.EndedBy != province.ID || reopened.EndReason != "公布日期有误" || *reopened.DecidedBy != province.ID || reopened.Version != 2 {
			t.Errorf("reopened: %+v", reopened)
		}
		// The plan was due on 16 June.
		w.wantState(report.DutyID, rules.Overdue)
		detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, w.Today())
		w.must(err)
		if detail.Refusal != nil {
			t.Errorf("it cannot be filed anew: %v", detail.Refusal)
		}
		again := w.filed(lixia, w.duty(lixia, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-15")))
		w.wantState(report.DutyID, rules.Reported)
		w.at("2017-06-22")
		_, err = w.Verify(t.Context(), province, again.ID, 0)
		w.must(err)
		w.wantState(report.DutyID, rules.Met)
		for asOf, want := range map[string]rules.State{"2017-06-09": rules.Pending, "2017-06-11": rules.Reported, "2017-06-12": rules.Met, "2017-06-19": rules.Met,
			"2017-06-20": rules.Reported, "2017-06-21": rules.Reported, "2017-06-22": rules.Met} {
			if got := w.stateOn(report.DutyID, day(asOf)); got != want {
				t.Errorf("on %s it is %s, want %s", asOf, got, want)
			}
			w.wantBoardOfDuties(jinan, 2017, day(asOf))
		}
		if after := w.wantBoardOfDuties(jinan, 2017, day("2017-06-19")); after.Totals[0] != before.Totals[0] {
			t.Errorf("the board of the 19th has changed: %+v, was %+v", after.Totals[0], before.Totals[0])
		}
		detail, err = w.Duty(t.Context(), rbac.Everywhere, report.DutyID, w.Today())
		w.must(err)
		if len(detail.Reports) != 2 || detail.Reports[1].Status != models.Reopened || detail.Reports[1].EndedName != province.Name || detail.Reports[1].Office.Code != "370000" {
			t.Errorf("reports %+v", detail.Reports)
		}
		w.wantSoundTallies()
	})
}

// Three interpretations a year are demanded: reopening one of three accepted ones
// takes the duty back, and the others still count.
func TestOneOfSeveralReportsIsReopened(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development).at("2018-01-01").activated("jiangsu-2018", 2018).at("2018-10-10")
		duty := w.duty(development, "js2018.principal-interpretation")
		var last *models.Report
		for _, on := range []string{"2018-03-01", "2018-05-01", "2018-07-01"} {
			last = w.verified(w.filed(development, duty, soundFiling(w.rules["js2018.principal-interpretation"], day(on))))
		}
		w.wantState(duty.ID, rules.Met)
		w.at("2018-10-12")
		_, err := w.Reopen(t.Context(), w.root(models.Supervisor), last.ID, last.Version, "不是主要负责同志")
		w.must(err)
		w.wantState(duty.ID, rules.Pending)
		if got := w.stateOn(duty.ID, day("2018-10-11")); got != rules.Met {
			t.Errorf("the day before it is %s", got)
		}
		w.verified(w.filed(development, duty, soundFiling(w.rules["js2018.principal-interpretation"], day("2018-09-01"))))
		w.wantState(duty.ID, rules.Met)
		w.wantBoardOfDuties("320000", 2018, day("2018-10-11"))
		w.wantBoardOfDuties("320000", 2018, w.Today())
		w.wantSoundTallies()
	})
}

// A unit that is closed would have nobody to file anew: its reports stay as they
// are, and no page offers anything else.
func TestReportsOfAUnitThatIsGoneStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-01")
		officer, reporter := w.actor(models.Supervisor, jinan), w.actor(models.Reporter, "370103")
		accepted := w.verified(w.filed("370103", w.duty("370103", "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-05-20"))))
		waits := w.filed("370103", w.duty("370103", "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-05-20")))
		w.at("2017-06-20").changed(compliance.CloseUnit{Code: "370103", On: day("2017-07-01"), Reason: "撤销"})
		wantOffered := func(want bool) {
			t.Helper()
			for _, report := range []*models.Report{accepted, waits} {
				detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, w.Today())
				w.must(err)
				view := detail.Reports[0]
				offered := compliance.MayReopen(w.root(models.Supervisor), detail.DutyView, view, w.Today())
				if report == waits {
					offered = compliance.MayWithdraw(detail.Unit, view, w.Today())
				}
				if offered != want {
					t.Errorf("on %s the %s report may be changed: %v, want %v", w.Today(), view.Status, offered, want)
				}
			}
		}
		wantOffered(true)
		w.at("2017-07-01")
		wantOffered(false)
		w.unchanged(t, func() {
			_, err := w.Reopen(t.Context(), officer, accepted.ID, accepted.Version, "数据有误")
			wantError(t, err, models.Conflict, "duty.unit_closed")
			_, err = w.Withdraw(t.Context(), reporter, waits.ID, waits.Version)
			wantError(t, err, models.Conflict, "duty.unit_closed")
		})
	})
}

// What was settled stays with its edition while it is settled; open again it is
// judged by the latest one, as all others are.
func TestWhatIsOpenAgainFollowsTheLatestEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		met, exempt := w.duty("370300", "sd2017.plan"), w.duty("370600", "sd2017.plan")
		w.amended(w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published"))
		var accepted models.Report
		w.must(s.Read(t.Context()).Where("duty_id = ?", met.ID).Take(&accepted).Error)
		w.at("2017-06-22")
		board, listed := w.wantBoardOfDuties("370000", 2017, day("2017-06-21")), w.shownOn("2017-06-21")
		officer := w.root(models.Supervisor)
		_, err := w.Reopen(t.Context(), officer, accepted.ID, accepted.Version, "数据有误")
		w.must(err)
		w.must(w.RevokeExemption(t.Context(), officer, exempt.ID, "误批"))
		for name, id := range map[string]uint64{"reopened": met.ID, "not exempt any more": exempt.ID} {
			if row := w.dutyAt(id); row.Edition != 2 || row.DueOn != w.duty(jinan, "sd2017.plan").DueOn || row.DueOn != day("2017-06-30") || row.Outcome != models.Open {
				t.Errorf("%s it is %s by edition %d, due on %s", name, row.Outcome, row.Edition, row.DueOn)
			}
			w.wantState(id, rules.Pending)
		}
		if diff := cmp.Diff(board, w.wantBoardOfDuties("370000", 2017, day("2017-06-21"))); diff != "" {
			t.Errorf("yesterday's board changed:\n%s", diff)
		}
		if diff := cmp.Diff(listed, w.shownOn("2017-06-21")); diff != "" {
			t.Errorf("yesterday's list changed:\n%s", diff)
		}
		w.at("2017-06-29")
		w.verified(w.filed("370300", w.dutyAt(met.ID), soundFiling(w.rules["sd2017.plan"], day("2017-06-28"))))
		w.wantState(met.ID, rules.Met)
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()
	})
}
