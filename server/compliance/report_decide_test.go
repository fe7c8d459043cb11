package compliance_test

import (
	"strings"
	"sync"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestTheDateOfTheFactDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017)
		// The plan is due on 16 June 2017.
		for _, c := range []struct {
			unit, on string
			want     rules.State
		}{{jinan, "2017-06-16", rules.Met}, {qingdao, "2017-06-17", rules.Late}} {
			duty := w.duty(c.unit, "sd2017.plan")
			w.at("2017-06-30").wantState(duty.ID, rules.Overdue)
			report := w.filed(c.unit, duty, soundFiling(w.rules["sd2017.plan"], day(c.on)))
			w.wantState(duty.ID, rules.Reported)
			w.at("2017-07-10").verified(report)
			w.wantState(duty.ID, c.want)
			if stored := w.duty(c.unit, "sd2017.plan"); stored.DoneOn != day(c.on) {
				t.Errorf("done on %s, want %s", stored.DoneOn, c.on)
			}
		}
	})
}

func TestAReturnedReportIsFiledAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		duty := w.duty(jinan, "sd2017.plan")
		filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))
		w.returned(w.filed(jinan, duty, filing))
		w.wantState(duty.ID, rules.Pending)
		second := w.filed(jinan, duty, filing)
		w.wantState(duty.ID, rules.Reported)
		w.at("2017-06-20").wantState(duty.ID, rules.Reported)
		w.returned(second)
		w.wantState(duty.ID, rules.Overdue)
		w.verified(w.filed(jinan, duty, filing))
		w.wantState(duty.ID, rules.Met)
		detail, err := w.Duty(t.Context(), rbac.Everywhere, duty.ID, w.Today())
		w.must(err)
		var history []models.ReportStatus
		for _, report := range detail.Reports {
			history = append(history, report.Status)
			if report.FiledName == "" || report.DecidedName == "" {
				t.Errorf("report %d without names: %q, %q", report.ID, report.FiledName, report.DecidedName)
			}
		}
		if len(history) != 3 || history[0] != models.Verified || history[1] != models.Returned || history[2] != models.Returned {
			t.Errorf("history %v, want the newest first", history)
		}
		w.wantSoundTallies()
	})
}

func TestADutysPageOfThePastShowsWhatWasKnown(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
	duty := w.duty(jinan, "sd2017.plan")
	report := w.filed(jinan, duty, soundFiling(w.rules["sd2017.plan"], day("2017-06-09")))
	w.at("2017-06-12").returned(report)
	for _, c := range []struct {
		asOf   string
		want   []models.ReportStatus
		reason string
	}{{"2017-06-09", nil, ""}, {"2017-06-11", []models.ReportStatus{models.Filed}, ""}, {"2017-06-12", []models.ReportStatus{models.Returned}, "附件看不清"}} {
		detail, err := w.Duty(t.Context(), rbac.Everywhere, duty.ID, day(c.asOf))
		w.must(err)
		if len(detail.Reports) != len(c.want) {
			t.Fatalf("as of %s: %d reports, want %d", c.asOf, len(detail.Reports), len(c.want))
		}
		for i, shown := range detail.Reports {
			if shown.Status != c.want[i] || shown.Reason != c.reason || (shown.DecidedName == "") != (c.reason == "") {
				t.Errorf("as of %s: %s for %q by %q", c.asOf, shown.Status, shown.Reason, shown.DecidedName)
			}
		}
	}
}

func TestDecisionsAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		report := w.filed(jinan, w.duty(jinan, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-09")))
		officer := w.root(models.Supervisor)
		w.unchanged(t, func() {
			for reason, key := range map[string]string{"": "report.reason_required", " \n": "report.reason_required", strings.Repeat("长", 501): "filing.too_long"} {
				_, err := w.Return(t.Context(), officer, report.ID, report.Version, reason)
				wantFields(t, err, map[string]string{"reason": key})
			}
			_, err := w.Verify(t.Context(), officer, report.ID, report.Version+1)
			wantError(t, err, models.Stale, "report.version_unknown")
		})
		decided := w.verified(report)
		w.unchanged(t, func() {
			_, err := w.Verify(t.Context(), officer, report.ID, report.Version)
			wantError(t, err, models.Stale, "report.stale")
			_, err = w.Return(t.Context(), officer, report.ID, decided.Version, "再看")
			wantError(t, err, models.Conflict, "report.decided")
		})
	})
}

func TestAShortWeightIsVerifiedAndStillOwed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		duty := w.duty(jinan, "sd2017.weight")
		w.verified(w.filed(jinan, duty, scheme(day("2017-06-01"), "1000", "39.99")))
		w.wantState(duty.ID, rules.Pending)
		w.verified(w.filed(jinan, duty, scheme(day("2017-06-09"), "1000", "40")))
		w.wantState(duty.ID, rules.Met)
	})
}

func TestLastYearsWeightVerifiedLaterMovesThisYears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "210000", "210100").at("2016-06-01").activated("liaoning-2016", 2016, 2017).at("2017-02-01")
		before, after := w.dutyIn("210100", "ln2016.weight", "2016"), w.dutyIn("210100", "ln2016.weight", "2017")
		w.verified(w.filed("210100", after, scheme(day("2017-01-20"), "100", "3")))
		w.wantState(after.ID, rules.Met)
		w.at("2017-03-01")
		w.verified(w.filed("210100", before, scheme(day("2016-12-20"), "100", "5")))
		w.wantState(before.ID, rules.Met)
		w.wantState(after.ID, rules.Pending)
		w.wantBoardOfDuties("210000", 2017, day("2017-02-28"))
		w.wantBoardOfDuties("210000", 2017, day("2017-03-01"))
		w.wantSoundTallies()
	})
}

const crowd = 8

// together runs f at once by many, and counts what came of it by code; success
// is the empty one.
func together(f func(i int) error) map[models.Code]int {
	var mu sync.Mutex
	var done sync.WaitGroup
	outcomes := map[models.Code]int{}
	for i := range crowd {
		done.Go(func() {
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			outcomes[codeOf(err)]++
		})
	}
	done.Wait()
	return outcomes
}

func codeOf(err error) models.Code {
	if err == nil {
		return ""
	}
	for _, code := range []models.Code{models.Invalid, models.Conflict, models.Stale, models.NotFound, models.Forbidden, models.Unavailable} {
		if models.IsCode(err, code) {
			return code
		}
	}
	return models.Code(err.Error())
}

func TestOneOfManyDecisionsWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		report := w.filed(jinan, w.duty(jinan, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-09")))
		officers := w.crowd(models.Supervisor, "370000")
		got := together(func(i int) (err error) {
			if i%2 == 0 {
				_, err = w.Verify(t.Context(), officers[i], report.ID, report.Version)
			} else {
				_, err = w.Return(t.Context(), officers[i], report.ID, report.Version, "附件看不清")
			}
			return err
		})
		if got[""] != 1 || got[models.Stale] != crowd-1 {
			t.Errorf("%v, want one decision and %d stale", got, crowd-1)
		}
		w.wantAudit("report", report.ID, 2)
		w.wantSoundTallies()
	})
}

// crowd are as many people with the role.
func (w *world) crowd(role models.Role, unit string) []compliance.Actor {
	w.Helper()
	people := make([]compliance.Actor, crowd)
	for i := range people {
		people[i] = w.actor(role, unit)
	}
	return people
}

func TestOneOfManyFilingsWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		duty, reporters := w.duty(jinan, "sd2017.plan"), w.crowd(models.Reporter, jinan)
		got := together(func(i int) error {
			_, err := w.File(t.Context(), reporters[i], duty.ID, compliance.Submission{Filing: soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))})
			return err
		})
		if got[""] != 1 || got[models.Conflict] != crowd-1 {
			t.Errorf("%v, want one report and %d conflicts", got, crowd-1)
		}
		if n := len(w.content("reports")["reports"]); n != 1 {
			t.Errorf("%d reports, want 1", n)
		}
		w.wantSoundTallies()
	})
}

func TestManyFileInOneProvinceWhileTalliesAreRebuilt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		reporters := w.crowd(models.Reporter, "370000")
		obligations := []string{"sd2017.plan", "sd2017.briefing", "sd2017.deputy", "sd2017.weight"}
		var duties [crowd][]models.Duty
		for i := range crowd {
			unit := []string{"370100", "370200", "370300", "370400", "370500", "370600", "370700", "370800"}[i]
			for _, code := range obligations {
				duties[i] = append(duties[i], w.duty(unit, code))
			}
		}
		var once sync.Once
		underWay := make(chan struct{})
		got := together(func(i int) error {
			if i == 0 {
				<-underWay
				return w.Rebuild(t.Context(), compliance.Actor{})
			}
			for n, code := range obligations {
				if _, err := w.File(t.Context(), reporters[i], duties[i][n].ID, compliance.Submission{Filing: soundFiling(w.rules[code], day("2017-06-09"))}); err != nil {
					return err
				}
				once.Do(func() { close(underWay) })
			}
			return nil
		})
		if got[""] != crowd {
			t.Errorf("%v, want all to succeed", got)
		}
		w.wantSoundTallies()
	})
}

func TestManyRegisterDifferentIncidentsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-08-20")
		// 青岛 registers half of its incidents by a duty from which it is exempt.
		w.exempted(w.duty(qingdao, "sd2017.first-word"))
		for unit, words := range map[string]int{jinan: crowd, qingdao: 1} {
			reporters := w.crowd(models.Reporter, unit)
			doors := []models.Duty{w.duty(unit, "sd2017.first-word"), w.duty(unit, "sd2017.press-conference")}
			got := together(func(i int) error {
				return w.RegisterStart(t.Context(), reporters[i], doors[i%2].ID, incident(string(rune('a'+i)), "2017-08-10 10:00"))
			})
			if got[""] != crowd {
				t.Errorf("%v, want all to succeed", got)
			}
			for code, want := range map[string]int{"sd2017.first-word": words, "sd2017.press-conference": crowd} {
				if n := len(w.duties(unit, code)); n != want {
					t.Errorf("%s has %d duties of %s after %d incidents, want %d", unit, n, code, crowd, want)
				}
			}
		}
		w.wantSoundTallies()
	})
}

func TestNobodyDecidesOnTheirOwnReport(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
	both := compliance.Actor{ID: 77, Name: "both", Access: w.table.Access(
		rbac.Grant{Role: models.Reporter, Path: w.unit(jinan).Path}, rbac.Grant{Role: models.Supervisor, Path: w.unit(jinan).Path})}
	report, err := w.File(t.Context(), both, w.duty(jinan, "sd2017.plan").ID, compliance.Submission{Filing: soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))})
	w.must(err)
	w.unchanged(t, func() {
		_, err := w.Verify(t.Context(), both, report.ID, 0)
		wantError(t, err, models.Forbidden, "report.own")
		_, err = w.Return(t.Context(), both, report.ID, 0, "reason")
		wantError(t, err, models.Forbidden, "report.own")
	})
	if decided := w.verified(report.Report); decided.Status != models.Verified {
		t.Errorf("somebody else's decision left it %s", decided.Status)
	}
}
