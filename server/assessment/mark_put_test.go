package assessment_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestMarksThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		sheet := w.sheet(w.round(plainScheme), jinan)
		long := strings.Repeat("长", 2001)
		for name, c := range map[string]struct {
			in         assessment.SelfInput
			field, key string
		}{
			"unknown":      {assessment.SelfInput{Indicator: "nothing", Points: "1"}, "indicator", "marks.unknown_indicator"},
			"group":        {assessment.SelfInput{Indicator: "organisation", Points: "1"}, "indicator", "marks.unknown_indicator"},
			"auto":         {assessment.SelfInput{Indicator: "plan", Points: "1"}, "points", "marks.auto"},
			"veto":         {assessment.SelfInput{Indicator: "leak"}, "indicator", "marks.veto_by_office"},
			"above":        {assessment.SelfInput{Indicator: "staff", Points: "20.01"}, "points", "scoring.above_points"},
			"negative":     {assessment.SelfInput{Indicator: "staff", Points: "-1"}, "points", "scoring.points_negative"},
			"no number":    {assessment.SelfInput{Indicator: "staff", Points: "20分"}, "points", "scoring.points_bad"},
			"na and won":   {assessment.SelfInput{Indicator: "staff", Points: "20", NA: true}, "points", "scoring.na_and_points"},
			"long note":    {assessment.SelfInput{Indicator: "staff", Points: "20", Note: long}, "note", "filing.too_long"},
			"bad address":  {assessment.SelfInput{Indicator: "staff", Points: "20", URL: "javascript:alert(1)"}, "url", "filing.bad_url"},
			"bonus beyond": {assessment.SelfInput{Indicator: "praise", Points: "5.5"}, "points", "scoring.above_points"},
		} {
			_, err := w.PutSelf(t.Context(), w.reporter(jinan), sheet.ID, 0, c.in)
			wantField(t, "self "+name, err, c.field, c.key)
		}
		w.submitted(sheet, jinan)
		for name, c := range map[string]struct {
			in         assessment.MarkInput
			field, key string
		}{
			"auto":           {assessment.MarkInput{Indicator: "plan", Points: "20"}, "points", "marks.auto"},
			"above":          {assessment.MarkInput{Indicator: "data", Points: "31"}, "points", "scoring.above_points"},
			"points lost":    {assessment.MarkInput{Indicator: "data", Points: "29.5"}, "reason", "marks.reason_lost"},
			"taken off":      {assessment.MarkInput{Indicator: "errors", Points: "1", Reason: " "}, "reason", "marks.reason_lost"},
			"not applicable": {assessment.MarkInput{Indicator: "data", NA: true}, "reason", "marks.reason_na"},
			"veto":           {assessment.MarkInput{Indicator: "leak", Raised: true}, "reason", "marks.reason_veto"},
			"veto elsewhere": {assessment.MarkInput{Indicator: "data", Raised: true, Reason: "泄密"}, "points", "scoring.raised_elsewhere"},
			"long reason":    {assessment.MarkInput{Indicator: "data", Points: "1", Reason: long}, "reason", "filing.too_long"},
		} {
			wantField(t, "office "+name, w.putMark(w.supervisor(shandong), sheet, c.in), c.field, c.key)
		}
		before := w.again(sheet)
		twice := assessment.MarkCell{Version: w.mark(sheet, "staff").Version, MarkInput: assessment.MarkInput{Indicator: "staff", Points: "20"}}
		_, err := w.PutMarks(t.Context(), w.supervisor(shandong), sheet.ID, []assessment.MarkCell{twice, twice})
		w.wantCode(err, models.Invalid, "marks.twice")
		_, err = w.PutMarks(t.Context(), w.supervisor(shandong), sheet.ID, []assessment.MarkCell{{Version: w.mark(sheet, "staff").Version, MarkInput: assessment.MarkInput{Indicator: "staff", Points: "20"}},
			{Version: w.mark(sheet, "data").Version, MarkInput: assessment.MarkInput{Indicator: "data", Points: "1"}}})
		wantField(t, "one of several", err, "marks[data].reason", "marks.reason_lost")
		if got := w.mark(sheet, "staff"); got.Points != nil {
			t.Error("the sound one of several marks is stored although another was refused")
		}
		if diff := cmp.Diff(before, w.again(sheet)); diff != "" {
			t.Errorf("refused marks have changed the sheet: %s", diff)
		}
		// A bonus, a deduction of nothing and a full award need no reason.
		for indicator, points := range map[string]string{"praise": "1.5", "errors": "0", "staff": "20"} {
			w.must(w.putMark(w.supervisor(shandong), sheet, assessment.MarkInput{Indicator: indicator, Points: points}))
		}
	})
}

func wantField(t *testing.T, name string, err error, field, key string) {
	t.Helper()
	var refusal *models.Error
	if !errors.As(err, &refusal) || refusal.Code != models.Invalid || len(refusal.Fields) == 0 {
		t.Errorf("%s: got %v, want %s %s", name, err, field, key)
		return
	}
	if got := refusal.Fields[0]; got.Name != field || got.Key != key {
		t.Errorf("%s: got %s %s, want %s %s", name, got.Name, got.Key, field, key)
	}
}

// Who comes second is told who was first, when, and what stands there now; what says
// what stands there already is no second one.
func TestAMarkThatSomebodyElseHasChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		sheet := w.sheet(w.round(plainScheme), jinan)
		w.submitted(sheet, jinan)
		office := w.at("2017-12-02").supervisor(shandong)
		read := w.mark(sheet, "data").Version
		put := func(version int, in assessment.MarkInput) error {
			in.Indicator = "data"
			_, err := w.PutMark(t.Context(), office, sheet.ID, version, in)
			return err
		}
		w.must(put(read, assessment.MarkInput{Points: "12.5", Reason: "开放不足"}))
		first := w.mark(sheet, "data")
		err := put(read, assessment.MarkInput{Points: "20", Reason: "开放不足"})
		w.wantCode(err, models.Stale, "marks.stale_points")
		var refusal *models.Error
		errors.As(err, &refusal)
		if diff := cmp.Diff(map[string]any{"Who": office.Name, "Points": "12.5", "On": *first.MarkedAt}, refusal.Args); diff != "" {
			t.Errorf("the refusal tells %s", diff)
		}
		w.must(put(read, assessment.MarkInput{Points: "12.50", Reason: "开放不足"}))
		if again := w.mark(sheet, "data"); again.Version != first.Version {
			t.Error("what stands there already was stored again")
		}
		w.must(put(first.Version, assessment.MarkInput{NA: true, Reason: "无此职能"}))
		w.wantCode(put(first.Version, assessment.MarkInput{Points: "20", Reason: "x"}), models.Stale, "marks.stale_na")
		w.must(put(first.Version+1, assessment.MarkInput{}))
		w.wantCode(put(first.Version, assessment.MarkInput{Points: "20", Reason: "x"}), models.Stale, "marks.stale_cleared")
		w.must(w.putMark(office, sheet, assessment.MarkInput{Indicator: "leak", Raised: true, Reason: "泄密"}))
		_, err = w.PutMark(t.Context(), office, sheet.ID, 0, assessment.MarkInput{Indicator: "leak", Reason: "查无此事"})
		w.wantCode(err, models.Stale, "marks.stale_raised")

		// The unit is not told what the office did meanwhile.
		w.must(w.Return(t.Context(), office, sheet.ID, w.again(sheet).Version, "请补正"))
		_, err = w.PutSelf(t.Context(), w.reporter(jinan), sheet.ID, read, assessment.SelfInput{Indicator: "data", Points: "30"})
		w.wantCode(err, models.Stale, "marks.stale")
		w.at("2017-12-03").selfScored(sheet, jinan, "data", "28")
		_, err = w.PutSelf(t.Context(), w.reporter(jinan), sheet.ID, read, assessment.SelfInput{Indicator: "data", Points: "30"})
		w.wantCode(err, models.Stale, "marks.stale_points")
	})
}

// Two people work on one sheet, each in their own cells: none is refused, and the totals
// are those of all marks together.
func TestTwoPeopleOnOneSheet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(plainScheme)
		sheet := w.sheet(round, jinan)
		w.submitted(sheet, jinan)
		first, second := w.supervisor(shandong), w.assigned(round, "A")
		var wait sync.WaitGroup
		failures := make(chan error, 40)
		wait.Go(func() {
			for n := range 20 {
				failures <- w.putMark(first, sheet, assessment.MarkInput{Indicator: "staff", Points: fmt.Sprint(n), Reason: "核查"})
			}
		})
		wait.Go(func() {
			for n := range 20 {
				failures <- w.putMark(second, sheet, assessment.MarkInput{Indicator: []string{"data", "errors"}[n%2], Points: fmt.Sprint(n), Reason: "核查"})
			}
		})
		wait.Wait()
		close(failures)
		for err := range failures {
			w.must(err)
		}
		w.recount(sheet)
		if got := w.again(sheet); got.Verified == nil || got.Missing != 0 {
			t.Errorf("the sheet ends as %+v", got)
		}
	})
}

// recount fails unless the stored totals are those of the stored marks.
func (w *world) recount(sheet models.Sheet) {
	w.Helper()
	stored := w.again(sheet)
	v := w.view(w.supervisor(shandong), sheet)
	check := func(name string, total *int64, missing int, of func(models.SheetMark) scoring.Mark) {
		w.Helper()
		marks := make([]scoring.Mark, len(v.Card.Leaves))
		for i, leaf := range v.Card.Leaves {
			if leaf.Method == scoring.MethodAuto {
				for _, duty := range v.Lines[leaf.Node].Duties {
					marks[i].States = append(marks[i].States, duty.State)
				}
				continue
			}
			marks[i] = of(w.mark(sheet, leaf.ID))
		}
		result := v.Card.Score(marks)
		switch {
		case result.Missing != missing:
			w.Fatalf("%s: %d missing are stored, %d are", name, missing, result.Missing)
		case missing > 0 && total != nil, missing == 0 && (total == nil || *total != int64(result.Score)):
			w.Fatalf("%s: %v is stored, the marks give %s", name, total, result.Score)
		}
	}
	given := func(points *int64, na, raised bool) scoring.Mark {
		mark := scoring.Mark{NA: na, Raised: raised}
		if points != nil {
			mark.Given, mark.Points = true, scoring.Amount(*points)
		}
		return mark
	}
	check("self", stored.Self, stored.SelfMissing, func(m models.SheetMark) scoring.Mark { return given(m.SelfPoints, m.SelfNA, false) })
	check("verified", stored.Verified, stored.Missing, func(m models.SheetMark) scoring.Mark { return given(m.Points, m.NA, m.Raised) })
}
