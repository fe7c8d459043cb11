package assessment_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// demanded has the office demand rectification of all that a sheet lost, by 2018-02-07.
func (w *world) demanded(sheet models.Sheet, indicators ...string) []models.Rectification {
	w.Helper()
	rows, err := w.DemandRectifications(w.Context(), w.supervisor(shandong), sheet.ID,
		assessment.DemandInput{Indicators: indicators, All: len(indicators) == 0, Demand: "请限期整改", DueOn: day("2018-02-07")})
	w.must(err)
	return rows
}

func TestWhoMayDemandRectification(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		open := w.round(plainScheme)
		in := assessment.DemandInput{Indicators: []string{"staff"}, Demand: "请限期整改", DueOn: day("2018-02-07")}
		_, err := w.DemandRectifications(t.Context(), w.supervisor(shandong), w.sheet(open, jinan).ID, in)
		w.wantCode(err, models.Conflict, "rectifications.not_announced")
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, _ := w.appealsRound()
		demand := func(actor compliance.Actor, in assessment.DemandInput) error {
			_, err := w.DemandRectifications(t.Context(), actor, first.ID, in)
			return err
		}
		in := assessment.DemandInput{Indicators: []string{"staff"}, Demand: "请限期整改", DueOn: day("2018-02-07")}
		w.wantCode(demand(w.supervisor(jinan), in), models.Forbidden, "error.forbidden")
		w.wantCode(demand(w.supervisor(qingdao), in), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(demand(w.reporter(jinan), in), models.Forbidden, "error.forbidden")
		office := w.supervisor(shandong)
		w.wantCode(demand(office, assessment.DemandInput{Demand: "整改", DueOn: in.DueOn}), models.Invalid, "rectifications.none_chosen")
		w.wantCode(demand(office, assessment.DemandInput{Indicators: []string{"leak"}, Demand: "整改", DueOn: in.DueOn}), models.Invalid, "rectifications.nothing_lost")
		w.wantCode(demand(office, assessment.DemandInput{All: true, DueOn: in.DueOn}), models.Invalid, "filing.required")
		w.wantCode(demand(office, assessment.DemandInput{All: true, Demand: "整改"}), models.Invalid, "filing.date_required")
		w.wantCode(demand(office, assessment.DemandInput{All: true, Demand: "整改", DueOn: day("2018-01-10")}), models.Invalid, "rectifications.due_past")
		w.must(demand(office, in))
		w.wantCode(demand(office, in), models.Invalid, "rectifications.there")
	})
}

// TestRectifications goes from the demand to its end, in a round that is frozen meanwhile.
func TestRectifications(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, second := w.appealsRound()
		office, unit := w.supervisor(shandong), w.reporter(jinan)
		one := w.demanded(first, "errors")[0]
		if one.Lost != 10e8 || one.Reason != "核查发现问题" {
			t.Errorf("lost %d for %q", one.Lost, one.Reason)
		}
		var all []string
		for _, row := range w.demanded(first) {
			all = append(all, row.Indicator)
		}
		if diff := cmp.Diff([]string{"staff", "data"}, all); diff != "" {
			t.Errorf("all others (-want +got):\n%s", diff)
		}
		if raised := w.demanded(second, "leak"); raised[0].Lost != 0 || raised[0].Reason != "发生泄密" {
			t.Errorf("the veto: %+v", raised)
		}
		w.at("2018-01-20")
		_, err := w.Freeze(t.Context(), office, round.ID, round.Version)
		w.must(err)

		answer := func(actor compliance.Actor, version int) error {
			_, err := w.AnswerRectification(t.Context(), actor, one.ID, version, assessment.StepInput{Note: "已更正", URL: "https://www.jinan.gov.cn/1"})
			return err
		}
		w.wantCode(answer(w.reporter(qingdao), 1), models.NotFound, "rectifications.unknown")
		w.wantCode(answer(office, 1), models.Forbidden, "error.forbidden")
		w.wantCode(w.CloseRectification(t.Context(), office, one.ID, 1, assessment.StepInput{}), models.Conflict, "rectifications.is_open")
		_, err = w.AnswerRectification(t.Context(), unit, one.ID, 1, assessment.StepInput{URL: "x"})
		w.wantCode(err, models.Invalid, "filing.required")
		w.wantCode(answer(unit, 2), models.Stale, "rectifications.stale")
		w.must(answer(unit, 1))
		w.wantCode(answer(unit, 2), models.Conflict, "rectifications.is_answered")
		w.wantCode(w.CloseRectification(t.Context(), w.supervisor(jinan), one.ID, 2, assessment.StepInput{}), models.Forbidden, "error.forbidden")
		w.wantCode(w.ReturnRectification(t.Context(), office, one.ID, 2, assessment.StepInput{}), models.Invalid, "filing.required")
		w.must(w.ReturnRectification(t.Context(), office, one.ID, 2, assessment.StepInput{Note: "尚有两处"}))
		w.at("2018-02-10").must(answer(unit, 3))
		w.must(w.CloseRectification(t.Context(), office, one.ID, 4, assessment.StepInput{Note: "同意销号"}))
		w.wantCode(answer(unit, 5), models.Conflict, "rectifications.is_closed")

		v, err := w.Rectification(t.Context(), unit, one.ID)
		w.must(err)
		var steps []string
		for _, step := range v.Steps {
			steps = append(steps, fmt.Sprint(step.Act, " ", step.DoneOn, " ", step.Who, " ", step.Note))
		}
		want := []string{"demand 2018-01-10 370000-supervisor 请限期整改", "answer 2018-01-20 370100-reporter 已更正", "return 2018-01-20 370000-supervisor 尚有两处",
			"answer 2018-02-10 370100-reporter 已更正", "close 2018-02-10 370000-supervisor 同意销号"}
		if diff := cmp.Diff(want, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if v.ClosedOn != day("2018-02-10") || v.CanAnswer || v.CanDecide {
			t.Errorf("closed: %+v", v)
		}
	})
}

// TestRectificationsAsOf lists what was known on a day.
func TestRectificationsAsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, second := w.appealsRound()
		one := w.demanded(first, "errors")[0]
		w.demanded(second)
		w.at("2018-02-10")
		_, err := w.AnswerRectification(t.Context(), w.reporter(jinan), one.ID, 1, assessment.StepInput{Note: "已更正"})
		w.must(err)
		w.at("2018-02-20")
		w.must(w.CloseRectification(t.Context(), w.supervisor(shandong), one.ID, 2, assessment.StepInput{}))
		w.at("2018-03-01")
		type counts = map[string]int
		for _, c := range []struct {
			asOf   string
			counts counts
			first  string
		}{
			{"2018-01-09", counts{}, ""},
			{"2018-02-07", counts{"open": 5}, "open false"},
			{"2018-02-08", counts{"open": 5, "overdue": 5}, "open true"},
			{"2018-02-10", counts{"open": 4, "overdue": 4, "answered": 1}, "answered false"},
			{"2018-02-20", counts{"open": 4, "overdue": 4, "closed": 1}, "closed false"},
		} {
			list, err := w.Rectifications(t.Context(), w.supervisor(shandong), shandong, assessment.RectificationQuery{AsOf: day(c.asOf), Round: round.ID, Limit: 2})
			w.must(err)
			if diff := cmp.Diff(c.counts, list.Counts); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.asOf, diff)
			}
			got := ""
			if len(list.Items) > 0 {
				got = fmt.Sprint(list.Items[0].Status, " ", list.Items[0].Overdue)
			}
			if got != c.first {
				t.Errorf("%s: the first is %q, want %q", c.asOf, got, c.first)
			}
		}
		pages, cursor := 0, ""
		for seen := 0; pages == 0 || cursor != ""; pages++ {
			list, err := w.Rectifications(t.Context(), w.supervisor(shandong), shandong, assessment.RectificationQuery{State: assessment.RectificationOverdue, Cursor: cursor, Limit: 3})
			w.must(err)
			if seen += len(list.Items); list.Next == "" && seen != 4 {
				t.Errorf("%d overdue ones on all pages, want 4", seen)
			}
			cursor = list.Next
		}
		if pages != 2 {
			t.Errorf("%d pages, want 2", pages)
		}
		list, err := w.Rectifications(t.Context(), w.reporter(jinan), jinan, assessment.RectificationQuery{})
		w.must(err)
		if len(list.Items) != 1 || list.Items[0].Indicator.ID != "errors" || len(list.Rounds) != 1 {
			t.Errorf("Jinan sees %+v", list)
		}
		_, err = w.Rectifications(t.Context(), w.reporter(jinan), qingdao, assessment.RectificationQuery{})
		w.wantCode(err, models.NotFound, "assessment.unit_unknown")
		none, err := w.Rectifications(t.Context(), w.supervisor(shandong), shandong, assessment.RectificationQuery{Text: "没有"})
		w.must(err)
		if none.Total != 0 {
			t.Errorf("found %d for a unit that is not there", none.Total)
		}
	})
}
