package compliance_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestARetirementIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		admin := w.root(models.Administrator)
		on := day("2017-07-01")
		w.unchanged(t, func() {
			for _, by := range []compliance.Actor{{}, w.actor(models.Supervisor, "370000"), w.actor(models.Administrator, jinan)} {
				_, err := w.PreviewRetirement(t.Context(), by, "shandong-2017", on)
				wantError(t, err, models.Forbidden, "policy.not_your_region")
				_, err = w.Retire(t.Context(), by, "shandong-2017", on, "x", "")
				wantError(t, err, models.Forbidden, "policy.not_your_region")
			}
			for _, c := range []struct {
				on   calendar.Date
				want string
			}{{0, "filing.date_required"}, {day("2016-12-31"), "policy.retire_early"}} {
				_, err := w.PreviewRetirement(t.Context(), admin, "shandong-2017", c.on)
				wantFields(t, err, map[string]string{"on": c.want})
			}
			_, err := w.Retire(t.Context(), admin, "shandong-2017", on, " ", "")
			wantFields(t, err, map[string]string{"reason": "filing.required"})
			_, err = w.Retire(t.Context(), admin, "shandong-2017", on, "x", "of another preview")
			wantError(t, err, models.Stale, "policy.preview_stale")
			_, err = w.PreviewRetirement(t.Context(), admin, "shandong-2018", on)
			wantError(t, err, models.NotFound, "policy.unknown")
		})
	})
}

// retired previews a retirement and does it.
func (w *world) retired(on string) *compliance.Retirement {
	w.Helper()
	admin := w.root(models.Administrator)
	preview, err := w.PreviewRetirement(w.Context(), admin, "shandong-2017", day(on))
	w.must(err)
	done, err := w.Retire(w.Context(), admin, "shandong-2017", day(on), "文件废止", preview.Seen)
	w.must(err)
	if diff := cmp.Diff(preview, done); diff != "" {
		w.Errorf("preview and outcome differ (-preview +outcome):\n%s", diff)
	}
	return done
}

func TestARetiredPolicyDemandsNothingMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		waiting := w.filed(qingdao, w.duty(qingdao, "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-03-01")))
		past := w.board("370000", 2017, "2017-06-19")
		before := w.dutyRows()
		done := w.retired("2017-06-20")
		withdrawn := 0
		for id, now := range w.dutyRows() {
			was := before[id]
			switch {
			case now.Outcome == models.Withdrawn:
				withdrawn++
				if was.Outcome != models.Open && was.Outcome != models.Unscheduled || !was.DueOn.IsZero() && was.DueOn < day("2017-06-20") {
					t.Errorf("withdrawn: %+v", was)
				}
			case now.Outcome == models.Open && now.DueOn >= day("2017-06-20"), now.Outcome == models.Unscheduled:
				t.Errorf("still owed: %+v", now)
			case was.Outcome != now.Outcome:
				t.Errorf("%+v became %+v", was, now)
			}
		}
		if withdrawn != done.Withdrawn || len(done.Moves) != withdrawn || done.Waiting != 1 || done.Kept == 0 {
			t.Errorf("%d withdrawn, the preview said %+v", withdrawn, done)
		}
		// What waits is decided on, what was due before stays overdue.
		w.verified(waiting)
		w.wantState(w.duty(qingdao, "sd2017.briefing").ID, rules.Met)
		w.wantState(w.duty(jinan, "sd2017.plan").ID, rules.Overdue)
		if diff := cmp.Diff(past, w.board("370000", 2017, "2017-06-19")); diff != "" {
			t.Errorf("yesterday's board changed:\n%s", diff)
		}
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()

		admin := w.root(models.Administrator)
		w.unchanged(t, func() {
			_, err := w.Activate(t.Context(), admin, "shandong-2017", 2018)
			wantError(t, err, models.Conflict, "policy.retired")
			_, err = w.PreviewActivation(t.Context(), admin, "shandong-2017", 2018)
			wantError(t, err, models.Conflict, "policy.retired")
			_, err = w.PreviewAmendment(t.Context(), admin, "shandong-2017", w.packText("shandong-2017", "n: 30,", "n: 31,"))
			wantError(t, err, models.Conflict, "policy.retired")
			_, err = w.PreviewRetirement(t.Context(), admin, "shandong-2017", day("2017-08-01"))
			wantError(t, err, models.Conflict, "policy.retired")
			// The first word of before has a term, so its duty is there; a new one starts none.
			err = w.RegisterStart(t.Context(), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.first-word").ID, incident("b", "2017-06-20 09:00"))
			wantFields(t, err, map[string]string{"at": "policy.retired_start"})
		})
	})
}

// Whatever an office decides under a retired policy: what falls due after it is
// owed by nobody, what fell due before is.
func TestARetiredPolicyTakesNothingBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		officer := w.root(models.Supervisor)
		reported := func(unit, code string) *models.Report {
			var report models.Report
			w.must(s.Read(t.Context()).Where("duty_id = ?", w.duty(unit, code).ID).Take(&report).Error)
			return &report
		}
		// The year's end of the briefing lies behind the retirement, the plan's 16 June before.
		briefing := soundFiling(w.rules["sd2017.briefing"], day("2017-03-01"))
		w.filed(qingdao, w.duty(qingdao, "sd2017.briefing"), briefing)
		w.verified(w.filed("370300", w.duty("370300", "sd2017.briefing"), briefing))
		w.exempted(w.duty("370600", "sd2017.briefing"))
		w.at("2017-06-20").retired("2017-06-20")
		w.at("2017-06-21")
		for code, want := range map[string]models.Outcome{"sd2017.briefing": models.Withdrawn, "sd2017.plan": models.Open} {
			w.returned(reported(qingdao, code))
			accepted := reported("370300", code)
			_, err := w.Reopen(t.Context(), officer, accepted.ID, accepted.Version, "数据有误")
			w.must(err)
			w.must(w.RevokeExemption(t.Context(), officer, w.duty("370600", code).ID, "误批"))
			for how, unit := range map[string]string{"returned": qingdao, "reopened": "370300", "not exempt any more": "370600"} {
				if row := w.duty(unit, code); row.Outcome != want {
					t.Errorf("%s, %s is %s, due on %s, want %s", how, code, row.Outcome, row.DueOn, want)
				}
				if want == models.Open {
					w.wantState(w.duty(unit, code).ID, rules.Overdue)
				}
			}
		}
		w.wantBoardOfDuties("370000", 2017, day("2017-06-20"))
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()
	})
}

func TestAYearIsActivatedUpToTheRetirement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-05-10")
		w.loaded("shandong-2017")
		if done := w.retired("2017-07-01"); done.Withdrawn+done.Kept+done.Waiting != 0 {
			t.Errorf("without an active year %+v", done)
		}
		w.activated("shandong-2017", 2017)
		for obligation, want := range map[string]int{"sd2017.plan": 1, "sd2017.briefing": 0, "sd2017.rotation": 0, "sd2017.first-word": 1} {
			// Until July an incident may still start a term.
			if got := len(w.duties(jinan, obligation)); got != want {
				t.Errorf("%s owed %d times, want %d", obligation, got, want)
			}
		}
		w.wantSoundTallies()
	})
}

func TestLevelsAreSetByTheRegionsAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-05-10")
		w.loaded("shandong-2017")
		admin := w.root(models.Administrator)
		w.unchanged(t, func() {
			for _, by := range []compliance.Actor{{}, w.actor(models.Supervisor, "370000"), w.actor(models.Administrator, jinan)} {
				wantError(t, w.SetLevels(t.Context(), by, "shandong-2017", 2), models.Forbidden, "policy.not_your_region")
			}
			for _, levels := range []int{-1, 0, 3} {
				wantFields(t, w.SetLevels(t.Context(), admin, "shandong-2017", levels), map[string]string{"levels": "policy.bad_levels"})
			}
			wantError(t, w.SetLevels(t.Context(), admin, "shandong-2018", 2), models.NotFound, "policy.unknown")
			w.must(w.SetLevels(t.Context(), admin, "shandong-2017", 1)) // as it is
		})
		for _, levels := range []int{2, 1} {
			w.must(w.SetLevels(t.Context(), admin, "shandong-2017", levels))
			if view, err := w.Policy(t.Context(), "shandong-2017"); err != nil || view.Row.Levels != levels {
				t.Errorf("levels %d, %v, want %d", view.Row.Levels, err, levels)
			}
		}
		w.wantAudit("policy", 1, 3)
		// It stays through an amendment.
		w.must(w.SetLevels(t.Context(), admin, "shandong-2017", 2))
		w.amended(w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published"))
		if view, err := w.Policy(t.Context(), "shandong-2017"); err != nil || view.Row.Levels != 2 {
			t.Errorf("after an amendment levels %d, %v", view.Row.Levels, err)
		}
	})
}
