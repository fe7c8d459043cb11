package assessment_test

import (
	"testing"

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
