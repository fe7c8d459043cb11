package assessment_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// Whatever is entered, refused, taken back, handed in, returned, taken over and
// completed in whatever order: the stored totals are always those of the stored marks.
func TestTotalsAreAlwaysThoseOfTheMarks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		sheet := w.sheet(w.round(plainScheme), jinan)
		const seed = 20171201
		random := rand.New(rand.NewPCG(seed, seed))
		unit, office := w.reporter(jinan), w.supervisor(shandong)
		indicators := []string{"staff", "errors", "data", "praise", "leak", "plan"}
		done, refused := map[string]int{}, 0
		for step := range 150 {
			indicator := indicators[random.IntN(len(indicators))]
			points := []string{"", "0", "5", "12.25", "20", "30", "31"}[random.IntN(7)]
			version := w.again(sheet).Version
			var err error
			act := []string{"self", "self", "self", "mark", "mark", "mark", "submit", "return", "accept", "complete", "resume"}[random.IntN(11)]
			switch act {
			case "self":
				_, err = w.PutSelf(t.Context(), unit, sheet.ID, w.mark(sheet, indicator).Version, assessment.SelfInput{Indicator: indicator, Points: points, NA: random.IntN(8) == 0})
			case "mark":
				err = w.putMark(office, sheet, assessment.MarkInput{Indicator: indicator, Points: points, NA: random.IntN(8) == 0, Raised: random.IntN(5) == 0, Reason: "核查"})
			case "submit":
				err = w.Submit(t.Context(), unit, sheet.ID, version)
			case "return":
				err = w.Return(t.Context(), office, sheet.ID, version, "请补正")
			case "accept":
				_, err = w.Accept(t.Context(), office, sheet.ID, version, "与自评一致")
			case "complete":
				err = w.Complete(t.Context(), office, sheet.ID, version)
			case "resume":
				err = w.Resume(t.Context(), office, sheet.ID, version)
			}
			switch {
			case err == nil:
				done[act]++
			case models.IsCode(err, models.Invalid), models.IsCode(err, models.Conflict):
				refused++
			default:
				t.Fatalf("step %d, %s of %s: %v", step, act, indicator, err)
			}
			w.recount(sheet)
		}
		for _, act := range []string{"self", "mark", "submit", "return", "accept"} {
			if done[act] == 0 {
				t.Errorf("seed %d: %s never succeeded", seed, act)
			}
		}
		if refused == 0 {
			t.Error("nothing was refused")
		}
		t.Log(fmt.Sprint(done), refused)
	})
}

func TestTakingOverWhatTheUnitEntered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		sheet := w.sheet(w.round(plainScheme), jinan)
		_, err := w.PutSelf(t.Context(), w.reporter(jinan), sheet.ID, 0, assessment.SelfInput{Indicator: "errors", Points: "2", Note: "两处错漏已更正"})
		w.must(err)
		w.submitted(sheet, jinan)
		w.must(w.putMark(w.supervisor(shandong), sheet, assessment.MarkInput{Indicator: "staff", Points: "11", Reason: "人员不足"}))
		accept := func(reason string) (int, error) {
			return w.Accept(t.Context(), w.supervisor(shandong), sheet.ID, w.again(sheet).Version, reason)
		}
		if v := w.view(w.supervisor(shandong), sheet); v.Accepts != 2 || v.AcceptNotes != 1 {
			t.Errorf("%d to take over, %d without a note", v.Accepts, v.AcceptNotes)
		}
		_, err = accept("")
		w.wantCode(err, models.Invalid, "sheets.accept_reason")
		taken, err := accept("按自评扣分")
		w.must(err)
		if taken != 2 {
			t.Errorf("%d were taken over", taken)
		}
		for indicator, reason := range map[string]string{"staff": "人员不足", "data": "按自评扣分", "errors": "两处错漏已更正"} {
			if got := w.mark(sheet, indicator); got.Points == nil || got.Reason != reason {
				t.Errorf("%s: %+v", indicator, got)
			}
		}
		if got := w.mark(sheet, "staff"); *got.Points != 11e8 {
			t.Errorf("what the office had entered was overwritten: %d", *got.Points)
		}
		_, err = accept("再来一次")
		w.wantCode(err, models.Conflict, "sheets.nothing_to_accept")
		w.must(w.Complete(t.Context(), w.supervisor(shandong), sheet.ID, w.again(sheet).Version))
	})
}
