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

// Whoever holds due dates takes policies and topmost units in one order, so that
// nobody loses a deadlock: units that change, notices and policies each wait for
// the others.
func TestUnitsNoticesAndPoliciesWaitForOneAnother(t *testing.T) {
	const rounds = 10
	s := storetest.MySQL(t)
	w := newWorld(t, s, shandongCities...)
	w.withCalendar(noticesUntil(t, 2016))
	w.at("2017-05-04").activated("shandong-2017", 2017).at("2017-05-20")
	admin, before := w.root(models.Administrator), w.deadlocks()
	source := w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published")
	deeds := map[string]func() error{
		"units": func() error {
			_, err := w.PreviewUnits(t.Context(), admin, compliance.CloseUnit{Code: "370300", On: w.Today(), Reason: "x"})
			return err
		},
		"notice": func() error {
			if _, err := w.EnterNotice(t.Context(), admin, notice2017, ""); err != nil {
				return err
			}
			_, err := w.RemoveNotice(t.Context(), admin, w.enteredInForce(), "")
			return err
		},
		// Everything is done, and undone for a preview that nobody saw.
		"policy": func() error {
			_, err := w.Amend(t.Context(), admin, "shandong-2017", source, "x", "another preview")
			if models.IsCode(err, models.Stale) {
				return nil
			}
			return err
		},
	}
	var group sync.WaitGroup
	for name, deed := range deeds {
		group.Go(func() {
			for range rounds {
				if err := deed(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	group.Wait()
	if n := w.deadlocks() - before; n != 0 {
		t.Errorf("%d deadlocks", n)
	}
	w.wantSoundTallies()
}

// deadlocks is how many the database server has broken so far.
func (w *world) deadlocks() int {
	w.Helper()
	var status struct{ Value int }
	w.must(w.store.Read(w.Context()).Raw("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'").Scan(&status).Error)
	return status.Value
}

// enteredInForce is the entered notice that nobody has removed.
func (w *world) enteredInForce() uint64 {
	w.Helper()
	var notice models.CalendarNotice
	w.must(w.store.Read(w.Context()).Where("removed = 0").Take(&notice).Error)
	return notice.ID
}
