package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

const (
	randomSteps = 640
	randomSeed  = 20170505
)

// TestRandomWorkKeepsItsBooks lets people file, decide, exempt, register and
// reorganize units at random for two years and demands that boards, lists and the judge agree day by
// day, that the past stays as it was, and that a rebuild changes nothing.
func TestRandomWorkKeepsItsBooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "210000", "210100", "210200", "210000-xwb", "370000", jinan, qingdao, "371200", "370000-bgt").at("2016-06-01")
		w.addUnit(lixia, models.County, jinan, "2000-01-01", "")
		w.activated("liaoning-2016", 2016, 2017).activated("shandong-2017", 2017)
		worker := &randomWorker{world: w, r: rand.New(rand.NewPCG(randomSeed, 1)), reporter: w.root(models.Reporter), officer: w.root(models.Supervisor),
			admin: w.root(models.Administrator), city: w.withLevels("shandong-2017", 2).actor(models.Supervisor, jinan)}
		var shown []*compliance.Board
		for range randomSteps {
			if worker.r.IntN(5) == 0 {
				province, year := pick(worker.r, []string{"210000", "370000", jinan, qingdao}), 2016+worker.r.IntN(3)
				shown = append(shown, w.wantBoardOfDuties(province, year, w.Today()))
				// A board is final at the end of its day.
				w.clock.Add(int64(24*60+worker.r.IntN(24*24*60)) * 60_000)
				continue
			}
			if err := worker.step(); err != nil && codeOf(err) != models.Conflict && codeOf(err) != models.Invalid && codeOf(err) != models.Stale {
				t.Fatalf("%s: %v", worker.doing, err)
			}
		}
		for _, province := range []string{"210000", "370000", jinan} {
			w.wantTrend(province, 2017)
		}
		for _, then := range shown {
			now := w.wantBoardOfDuties(then.Unit.Code, then.Year, then.AsOf)
			if diff := cmp.Diff(then, now); diff != "" {
				t.Errorf("board of %s for %d as of %s (-then +now):\n%s", then.Unit.Code, then.Year, then.AsOf, diff)
			}
		}
		worker.wantAllSorts()
		worker.wantPeopleCounted(shown)
		worker.wantOfficeWork()
		worker.wantTurns()
		w.wantSoundTallies()
	})
}

type randomWorker struct {
	*world
	r                 *rand.Rand
	reporter, officer compliance.Actor
	admin             compliance.Actor
	// city accepts for the district at the first of two levels.
	city  compliance.Actor
	doing string
}

// wantAllSorts demands that chance has brought about every outcome.
func (w *randomWorker) wantAllSorts() {
	w.Helper()
	var outcomes []models.Outcome
	w.must(w.store.Read(w.Context()).Model(&models.DutyChange{}).Distinct().Pluck("outcome", &outcomes).Error)
	if len(outcomes) != 7 {
		w.Errorf("outcomes seen: %v, want all seven", outcomes)
	}
}

func (w *randomWorker) step() error {
	duty, rule := w.anyDuty()
	w.doing = fmt.Sprintf("duty %d of %s on %s", duty.ID, rule.ID, w.Today())
	switch choice := w.r.IntN(30); {
	case choice < 9:
		_, err := w.File(w.Context(), w.reporter, duty.ID, compliance.Submission{Filing: soundFiling(rule, w.dayFor(duty))})
		return err
	case choice < 15:
		return w.decide()
	case choice < 20:
		return w.office(duty)
	case choice < 21:
		return w.register()
	case choice < 24:
		return w.reorganize()
	default:
		return w.staff()
	}
}

// anyDuty is a duty of any unit, rather one that is owed by now.
func (w *randomWorker) anyDuty() (models.Duty, *rules.Obligation) {
	var duties []models.Duty
	w.must(w.store.Read(w.Context()).Where("since <= ? AND outcome IN ?", w.Today(), []models.Outcome{models.Open, models.Exempt}).Order("id").Find(&duties).Error)
	duty := pick(w.r, duties)
	var obligation models.Obligation
	w.must(w.store.Read(w.Context()).Where("id = ?", duty.ObligationID).Take(&obligation).Error)
	return duty, w.rules[obligation.Code]
}

// dayFor is a day for the fact: mostly inside the period, up to today.
func (w *randomWorker) dayFor(duty models.Duty) calendar.Date {
	from, until := max(duty.Since, duty.TriggerOn), min(w.Today(), max(duty.DueOn, duty.Since)+10)
	return from + calendar.Date(w.r.IntN(max(1, int(until-from)+2)))
}

func (w *randomWorker) decide() error {
	var waiting []models.Report
	w.must(w.store.Read(w.Context()).Where("status IN ?", []models.ReportStatus{models.Filed, models.Checked}).Order("id").Find(&waiting).Error)
	if len(waiting) == 0 {
		return nil
	}
	report := pick(w.r, waiting)
	w.doing = fmt.Sprintf("report %d", report.ID)
	var err error
	switch choice := w.r.IntN(10); {
	case choice < 6:
		_, err = w.Verify(w.Context(), w.officer, report.ID, report.Version)
	case choice < 9:
		_, err = w.Return(w.Context(), w.officer, report.ID, report.Version, "附件看不清")
	default:
		_, err = w.Verify(w.Context(), w.officer, report.ID, report.Version+1)
	}
	return err
}

// register enters an event for a unit of Shandong.
func (w *randomWorker) register() error {
	unit := pick(w.r, []string{jinan, "371200", "370000-bgt"})
	code := pick(w.r, []string{"sd2017.first-word", "sd2017.press-conference", "sd2017.poverty-funds"})
	duties := w.duties(unit, code)
	if len(duties) == 0 {
		return nil
	}
	on := w.Today() - calendar.Date(w.r.IntN(20))
	return w.RegisterStart(w.Context(), w.reporter, pick(w.r, duties).ID,
		compliance.StartInput{Subject: fmt.Sprint(w.r.IntN(30)), Title: "事件", On: on, At: on.Time()})
}
