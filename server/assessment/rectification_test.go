package assessment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/rectification"
	"sundial/server/scoring"
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

// TestRectifiedScores goes on after the demand: an appeal gives points back, the demand is
// withdrawn and made again, in a round that is frozen meanwhile.
func TestRectifiedScores(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, second := w.appealsRound()
		office, unit := w.supervisor(shandong), w.reporter(jinan)
		one := w.demanded(first, "errors")[0]
		if one.Lost != 10e8 || one.Reason != "核查发现问题" || one.OfficeID != w.unit(shandong).ID || one.UnitID != w.unit(jinan).ID {
			t.Errorf("demanded: %+v", one)
		}
		var all []string
		for _, row := range w.demanded(first) {
			all = append(all, row.Indicator)
		}
		if diff := cmp.Diff([]string{"staff", "data"}, all); diff != "" {
			t.Errorf("all others (-want +got):\n%s", diff)
		}
		raised := w.demanded(second, "leak")[0]
		if raised.Lost != 0 || raised.Reason != "发生泄密" {
			t.Errorf("the veto: %+v", raised)
		}

		desk := rectification.New(s, w.Rectified, w.ledger.Calendar, w.now)
		stands := func(id uint64, indicator string, lost int64, restored rectification.Restoration) *rectification.View {
			t.Helper()
			v, err := desk.Rectification(t.Context(), unit, id)
			w.must(err)
			if origin := v.Origin.Score; v.Origin.Title().EN != indicator || origin.Lost != lost || v.Restored != restored || origin.Round.ID != round.ID {
				t.Errorf("%+v is restored %q, want %d, %q", origin, v.Restored, lost, restored)
			}
			return v
		}
		title := stands(one.ID, w.title("errors"), 10e8, rectification.RestoredNothing).Origin.Title()
		if title.ZH == "" || title.ZH == "errors" {
			t.Errorf("the indicator is called %+v", title)
		}
		appeal := w.appealed(first, jinan, assessment.AppealInput{Indicator: "errors", Points: "0"})
		w.upheld(appeal, assessment.DecisionInput{Points: "4"})
		stands(one.ID, w.title("errors"), 4e8, rectification.RestoredPart)
		veto := w.appealed(second, qingdao, assessment.AppealInput{Indicator: "leak", Lifted: true})
		w.upheld(veto, assessment.DecisionInput{Lifted: true})
		list, err := desk.Rectifications(t.Context(), office, shandong, rectification.Query{Round: round.ID, From: rectification.FromScore})
		w.must(err)
		restored := map[string]rectification.Restoration{}
		for _, line := range list.Items {
			restored[line.Indicator] = line.Restored
		}
		if diff := cmp.Diff(map[string]rectification.Restoration{"errors": "part", "staff": "", "data": "", "leak": "all"}, restored); diff != "" {
			t.Errorf("restored (-want +got):\n%s", diff)
		}

		w.at("2018-01-20")
		w.must(desk.Withdraw(t.Context(), office, one.ID, 1, rectification.StepInput{Note: "申诉后不再要求"}))
		_, err = w.Freeze(t.Context(), office, round.ID, round.Version)
		w.must(err)
		if again := w.demanded(first, "errors")[0]; again.ID != one.ID || again.Version != 3 || again.Lost != 4e8 {
			t.Errorf("demanded again: %+v", again)
		}
		w.must(desk.Answer(t.Context(), unit, one.ID, 3, rectification.StepInput{Note: "已更正"}))
		w.must(desk.Close(t.Context(), office, one.ID, 4, rectification.StepInput{}))
		if v := stands(one.ID, w.title("errors"), 4e8, rectification.RestoredNothing); len(v.Steps) != 5 {
			t.Errorf("%d steps", len(v.Steps))
		}
		owed, err := desk.Owed(t.Context(), unit, jinan, round.ID)
		w.must(err)
		if owed.Open != 2 || owed.DueOn != day("2018-02-07") || owed.Overdue {
			t.Errorf("owed: %+v", owed)
		}
	})
}

// title is what the scheme calls an indicator in English.
func (w *world) title(indicator string) string {
	w.Helper()
	scheme, err := scoring.ParseScheme([]byte(plainScheme))
	w.must(err)
	found, _ := scheme.Find(indicator)
	return found.Title.EN
}
