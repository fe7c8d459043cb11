package assessment_test

import (
	"errors"
	"fmt"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestWhoAnnouncesAndFreezes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		for _, step := range map[string]func(compliance.Actor) error{
			"announce": func(a compliance.Actor) error {
				_, err := w.Announce(t.Context(), a, round.ID, round.Version)
				return err
			},
			"freeze": func(a compliance.Actor) error {
				_, err := w.Freeze(t.Context(), a, round.ID, round.Version)
				return err
			},
		} {
			// Qingdao has a sheet in the round, Liaoning has nothing to do with it.
			w.wantCode(step(w.supervisor(qingdao)), models.Forbidden, "error.forbidden")
			w.wantCode(step(w.assessor(shandong)), models.Forbidden, "error.forbidden")
			w.wantCode(step(w.reporter(jinan)), models.Forbidden, "error.forbidden")
			w.wantCode(step(w.supervisor("210000")), models.NotFound, "assessment.round_unknown")
		}
		if _, err := w.Announce(t.Context(), w.supervisor(shandong), round.ID, round.Version+1); !models.IsCode(err, models.Stale) {
			t.Errorf("another version: %v", err)
		}
		if now := w.fresh(round); now.Status != round.Status || now.Version != round.Version {
			t.Errorf("a refusal has changed the round to %+v", now)
		}
	})
}

func TestASheetThatIsNotReadyStopsTheAnnouncement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		sheet := w.sheet(round, jinan)
		for name, columns := range map[string]map[string]any{
			"rounds.unready_self":      {"status": models.SheetSelf, "missing": 0},
			"rounds.unready_submitted": {"status": models.SheetSubmitted, "missing": 0},
			"rounds.unready_missing":   {"status": models.SheetVerified, "missing": 1},
		} {
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Model(&models.Sheet{ID: sheet.ID}).Updates(columns).Error }))
			_, err := w.Announce(t.Context(), w.supervisor(shandong), round.ID, round.Version)
			w.wantCode(err, models.Conflict, "rounds.unready")
			var refusal *models.Error
			if errors.As(err, &refusal); refusal.Args["Count"] != int64(1) || len(refusal.Fields) != 1 || refusal.Fields[0].Key != name || refusal.Fields[0].Name != fmt.Sprintf("sheets[%d]", sheet.ID) {
				t.Errorf("%s: %+v", name, refusal)
			}
		}
		if now := w.fresh(round); now.Status != models.RoundScoring {
			t.Errorf("the round is %s", now.Status)
		}
	})
}

// A duty that is verified after the sheets were opened changes totals at the next read, and
// never after the announcement.
func TestTotalsFollowDutiesUntilTheAnnouncement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.roundVerified(w.round(plainScheme))
		before := w.sheet(round, jinan)
		// 20 of 20 for staff, 30 of 30 each for errors and data, nothing of 20 for the plan.
		w.wantFinal(before, 8000)

		w.verified(jinan, "sd2017.plan", "2017-06-10")
		w.must(w.Freshen(t.Context(), round.ID))
		met := w.sheet(round, jinan)
		w.wantFinal(met, 10000)
		if met.Version != before.Version {
			t.Errorf("nobody has written to the sheet, but its version went from %d to %d", before.Version, met.Version)
		}
		w.wantFinal(w.sheet(round, qingdao), 8000)

		w.verified(qingdao, "sd2017.plan", "2017-07-10") // late: half of the points
		// Not read again before the announcement.
		_, err := w.Announce(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.must(err)
		w.wantFinal(w.sheet(round, qingdao), 9000)
		w.verified("370300", "sd2017.plan", "2017-06-10")
		w.must(w.Freshen(t.Context(), round.ID))
		w.wantFinal(w.sheet(round, "370300"), 8000)
	})
}

// What is shown of a sheet agrees with its arithmetic though nothing was stored since a
// duty was verified.
func TestTotalsShownFollowDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.roundVerified(w.round(plainScheme))
		w.verified(jinan, "sd2017.plan", "2017-06-10")
		stored := w.sheet(round, jinan)
		w.wantFinal(stored, 8000)

		c, err := w.Computation(t.Context(), w.supervisor(shandong), stored.ID, assessment.FinalScore)
		w.must(err)
		w.wantFinal(c.Sheet, 10000)
		if *c.Sheet.Final != int64(c.Score) {
			t.Errorf("the sheet has %d, its arithmetic %s", *c.Sheet.Final, c.Score)
		}
		list, err := w.Rounds(t.Context(), w.supervisor(shandong), jinan)
		w.must(err)
		w.wantFinal(list.Sheets[0].Sheet, 10000)
		list, err = w.Rounds(t.Context(), w.reporter(jinan), jinan)
		w.must(err)
		if own := list.Sheets[0].Sheet; own.Final != nil || own.Verified != nil {
			t.Errorf("the unit sees %+v before the announcement", own)
		}
	})
}

func (w *world) wantFinal(sheet models.Sheet, want int64) {
	w.Helper()
	if sheet.Final == nil || *sheet.Final != want {
		w.Fatalf("%s has %v, want %d; duties: %s", sheet.UnitName, sheet.Final, want, sheet.Autos)
	}
}

// verified files what a unit did for an obligation and has it accepted.
func (w *world) verified(unit, obligation, on string) {
	w.Helper()
	page, err := w.ledger.Duties(w.Context(), compliance.DutyQuery{Unit: w.unit(unit), Own: true, Year: 2017, AsOf: w.ledger.Today(), Limit: compliance.MaxLimit})
	w.must(err)
	for _, duty := range page.Items {
		if duty.Obligation.Code != obligation {
			continue
		}
		report, err := w.ledger.File(w.Context(), w.reporter(unit), duty.Duty.ID, compliance.Submission{Filing: rules.Filing{On: day(on), Title: "实施方案", URL: "https://www.example.gov.cn/plan", LateReason: "审签较晚"}})
		w.must(err)
		_, err = w.ledger.Verify(w.Context(), w.supervisor(shandong), report.ID, report.Version)
		w.must(err)
		return
	}
	w.Fatalf("%s owes nothing under %s", unit, obligation)
}
