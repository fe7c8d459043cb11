package assessment_test

import (
	"testing"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// richMarks use every method, cap and limit of richScheme.
var richMarks = []assessment.MarkInput{
	{Indicator: "staff", Points: "10.5", Reason: "专职人员不足"}, {Indicator: "training-errors", Points: "4", Reason: "两处培训缺位"},
	{Indicator: "errors", Points: "2", Reason: "两处错漏"}, {Indicator: "data", NA: true, Reason: "没有可开放的数据"},
	{Indicator: "dead-links", Points: "6.5", Reason: "多次不能访问"}, {Indicator: "daily-work", Points: "30", Reason: "台账不全"},
	{Indicator: "reading", Points: "20", Reason: "解读不及时"}, {Indicator: "response", Points: "9", Reason: "回应超时"},
	{Indicator: "reprimand", Points: "9", Reason: "被通报"}, {Indicator: "complaint", Points: "5", Reason: "投诉属实"},
	{Indicator: "praise", Points: "3"}, {Indicator: "pilot", Points: "2"},
}

// By hand: organisation 0 + 10.5 + (3 − 4) = 9.5 of 25, disclosure 13 + 0 of 20 with 1.5
// passed on, the composite 0.4 × 30 + 0.6 × 29 = 29.4 of 40, criticism 8 of 9 asked and
// with 5 of complaints 12 of 13, bonuses 4 of 5: 42.4 of 85.
func TestTheArithmeticOfASheetByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(richScheme)
		sheet := w.sheet(round, jinan)
		appealed := []assessment.MarkInput{{Indicator: "response", Points: "15"}}
		w.must(w.PutResults(t.Context(), w.supervisor(shandong), sheet.ID, richMarks, appealed))

		open := func(of assessment.ScoreOf) *assessment.Computation {
			t.Helper()
			c, err := w.Computation(t.Context(), w.supervisor(shandong), sheet.ID, of)
			w.must(err)
			return c
		}
		verified, final := open(assessment.VerifiedScore), open(assessment.FinalScore)
		if got := verified.Won.String() + " / " + verified.Possible.String() + " = " + verified.Exact; got != "42.4 / 85 = 49.88235294" {
			t.Errorf("verified: %s", got)
		}
		if got := final.Won.String() + " / " + final.Possible.String() + " = " + final.Score.String(); got != "46 / 85 = 54.12" {
			t.Errorf("final: %s", got)
		}
		if !final.Decided("response") || verified.Decided("response") || final.Decided("reading") {
			t.Error("what an appeal decided is not told apart")
		}
		stored := w.again(sheet)
		if *stored.Verified != int64(verified.Score) || *stored.Final != int64(final.Score) {
			t.Errorf("stored are %d and %d", *stored.Verified, *stored.Final)
		}
		var duties int
		for _, part := range final.Parts {
			duties += len(final.Duties(part))
		}
		if duties == 0 {
			t.Error("no duty stands behind the auto indicator")
		}
	})
}

func TestWhoOpensAScore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		w.results(round, map[string]string{jinan: "80"})
		sheet := w.sheet(round, jinan).ID
		open := func(actor compliance.Actor, of assessment.ScoreOf) error {
			_, err := w.Computation(t.Context(), actor, sheet, of)
			return err
		}
		w.wantCode(open(w.reporter(qingdao), assessment.SelfScore), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(open(w.supervisor(qingdao), assessment.FinalScore), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(open(w.supervisor(shandong), "none"), models.NotFound, "results.score_unknown")
		for _, actor := range []compliance.Actor{w.reporter(jinan), w.supervisor(jinan), w.actor(shandong, models.Viewer)} {
			w.wantCode(open(actor, assessment.VerifiedScore), models.Conflict, "results.not_announced")
			w.wantCode(open(actor, assessment.FinalScore), models.Conflict, "results.not_announced")
			w.must(open(actor, assessment.SelfScore))
		}
		w.must(open(w.assessor(shandong), assessment.FinalScore))
		w.resultsAnnounced(round, models.RoundAnnounced)
		w.must(open(w.reporter(jinan), assessment.FinalScore))
		w.wantCode(open(w.reporter(qingdao), assessment.FinalScore), models.NotFound, "assessment.sheet_unknown")
	})
}

func TestIndicatorsByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		put := func(code, points, reason string) {
			t.Helper()
			w.must(w.PutResults(t.Context(), w.supervisor(shandong), w.sheet(round, code).ID, []assessment.MarkInput{{Indicator: "work", Points: points, Reason: reason}}, nil))
		}
		put(jinan, "80", "台账不全")
		put(qingdao, "90.5", "台账不全")
		put("370300", "100", "")
		put("370400", "70", "更新不及时")
		w.resultsAnnounced(round, models.RoundAnnounced)
		if _, err := w.Indicators(t.Context(), w.ranking(w.reporter(jinan), round), ""); !models.IsCode(err, models.NotFound) {
			t.Errorf("a unit of the round asks for the indicators of all: %v", err)
		}
		results, err := w.Indicators(t.Context(), w.ranking(w.supervisor(shandong), round), "A")
		w.must(err)
		if len(results) != 1 {
			t.Fatalf("%d indicators, want the only award", len(results))
		}
		work := results[0]
		// 59.5 of 400 lost: 85.125 % kept, cut off.
		if kept, known := work.Kept(); !known || kept != 851 || work.Lost != 59.5e8 || work.Possible != 400*scoring.Point || work.Units != 4 || work.Losing != 3 {
			t.Errorf("kept %d, lost %s of %s, %d of %d units", kept, work.Lost, work.Possible, work.Losing, work.Units)
		}
		if len(work.Reasons) != 2 || work.Reasons[0].Text != "台账不全" || work.Reasons[0].Units != 2 || work.Reasons[0].Lost != 29.5e8 {
			t.Errorf("reasons are %+v", work.Reasons)
		}
		if of, err := w.Indicators(t.Context(), w.ranking(w.supervisor(shandong), round), "B"); err != nil || len(of) != 0 {
			t.Errorf("class B, without scores, has %d indicators, %v", len(of), err)
		}
	})
}

func TestTheSpreadOfScores(t *testing.T) {
	class := assessment.RankedClass{Class: scoring.Class{ID: "A", Maximum: 10000}, Grades: make([]int, 2),
		Scores: []scoring.Score{10000, 9999, 9500, 9499, 8123}, Places: []int{0, 0, 0, 1, 1}}
	bins := class.Spread()
	want := [][2]int{{0, 1}, {0, 0}, {0, 1}, {3, 0}}
	if len(bins) != len(want) || bins[0].From != 8000 || bins[3].To != 10000 {
		t.Fatalf("bins are %+v", bins)
	}
	for n, bin := range bins {
		if got := [2]int{bin.Grades[0], bin.Grades[1]}; got != want[n] {
			t.Errorf("from %s to %s are %v, want %v", bin.From, bin.To, got, want[n])
		}
	}
	if mean, known := class.Mean(); !known || mean != 9424 {
		t.Errorf("the mean is %s, want 94.24", mean)
	}
	class.Scores, class.Places = []scoring.Score{10000}, []int{0}
	if bins := class.Spread(); len(bins) != 1 || bins[0].From != 9500 || bins[0].Grades[0] != 1 {
		t.Errorf("of a full score alone: %+v", bins)
	}
	class.Maximum, class.Scores = 100000, []scoring.Score{3}
	if bins := class.Spread(); len(bins) > 24 || bins[0].Grades[0] != 1 {
		t.Errorf("%d bins, the first is %+v", len(bins), bins[0])
	}
	class.Scores = nil
	if bins := class.Spread(); bins != nil {
		t.Errorf("without scores there are %+v", bins)
	}
}
