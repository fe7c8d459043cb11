package compliance_test

import (
	"fmt"
	"sync"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

const (
	raceFilers = 6
	raceRounds = 12
)

// Reports are filed and decided on while their unit is moved about, renamed,
// closed and opened again: every write counts once, where the unit then stands.
func TestReportsWhileUnitsMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-05")
		reporter, officer, admin := w.root(models.Reporter), w.root(models.Supervisor), w.root(models.Administrator)
		var duties []models.Duty
		for _, unit := range []string{"370102", "370102-jyj", "370103", jinan} {
			for _, o := range []string{"sd2017.plan", "sd2017.briefing", "sd2017.deputy"} {
				duties = append(duties, w.owing(unit, o)...)
			}
		}
		rule := map[uint64]*rules.Obligation{}
		for _, duty := range duties {
			var o models.Obligation
			w.must(s.Read(t.Context()).Where("id = ?", duty.ObligationID).Take(&o).Error)
			rule[duty.ObligationID] = w.rules[o.Code]
		}
		work := func(i, round int) error {
			duty := duties[(i+round*raceFilers)%len(duties)]
			filed, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: soundFiling(rule[duty.ObligationID], day("2017-05-20"))})
			if err != nil {
				return err
			}
			_, err = w.Return(t.Context(), officer, filed.ID, filed.Version, "附件看不清")
			return err
		}
		deeds := []compliance.UnitDeed{
			compliance.MoveUnit{Code: "370102", Parent: qingdao, On: w.Today(), Reason: "x"},
			compliance.CloseUnit{Code: "370103", On: w.Today(), Reason: "x"},
			compliance.MoveUnit{Code: "370102", Parent: "370300", On: w.Today(), Reason: "x"},
			compliance.ReopenUnit{Code: "370103", Reason: "x"},
			compliance.MoveUnit{Code: "370102", Parent: jinan, On: w.Today(), Reason: "x"},
			compliance.OpenUnit{Unit: newCounty("370199", "370300", "2017-06-01")},
		}
		var group sync.WaitGroup
		for i := range raceFilers {
			group.Go(func() {
				for round := range raceRounds {
					if err := work(i, round); err != nil && !models.IsCode(err, models.Conflict) && !models.IsCode(err, models.Stale) {
						t.Errorf("report: %v", err)
					}
				}
			})
		}
		group.Go(func() {
			for round := range raceRounds {
				if _, err := w.ChangeUnits(t.Context(), admin, deeds[round%len(deeds)], ""); err != nil && !models.IsCode(err, models.Invalid) {
					t.Errorf("%T: %v", deeds[round%len(deeds)], err)
				}
			}
		})
		group.Go(func() {
			for range raceRounds {
				board, err := w.Board(t.Context(), compliance.BoardQuery{Unit: w.unit(jinan), Year: 2017, AsOf: w.Today()})
				if err != nil {
					t.Error(err)
					continue
				}
				for _, row := range board.Rows {
					for _, cell := range row.Cells {
						if min(cell.Pending, cell.Overdue, cell.Met, cell.Reported, cell.Unscheduled) < 0 || cell.Done() > cell.Owed() {
							t.Errorf("%s: %+v", row.Unit.Code, cell)
						}
					}
				}
			}
		})
		group.Wait()
		w.reread()
		for _, unit := range []string{"370000", jinan, qingdao, "370300"} {
			w.wantBoardOfDuties(unit, 2017, w.Today())
		}
		w.wantSoundTallies()
	})
}

// Of several administrators who change the same unit at once each sees what the
// one before has done.
func TestSeveralAdministratorsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-05")
		admins := w.crowd(models.Administrator, "370000")
		got := together(func(i int) error {
			_, err := w.ChangeUnits(t.Context(), admins[i], compliance.CloseUnit{Code: "370103", On: w.Today() + calendar.Date(i), Reason: "x"}, "")
			return err
		})
		if got[""] != 1 || got[models.Conflict] != crowd-1 {
			t.Errorf("%v, want one closing and %d conflicts", got, crowd-1)
		}
		got = together(func(i int) error {
			_, err := w.ChangeUnits(t.Context(), admins[i], compliance.OpenUnit{Unit: newCounty(fmt.Sprint("37019", i%2), jinan, "2017-06-01")}, "")
			return err
		})
		if got[""] != 2 || got[models.Invalid]+got[models.Conflict] != crowd-2 {
			t.Errorf("%v, want two openings", got)
		}
		w.reread()
		w.wantBoardOfDuties(jinan, 2017, w.Today())
		w.wantSoundTallies()
	})
}
