package assessment_test

import (
	"testing"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestARoundGivesEachUnitOfItsClassesASheet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(plainScheme)

		sheet := w.sheet(round, jinan)
		if sheet.Class != "A" || sheet.Status != models.SheetSelf || sheet.Final != nil || sheet.Entries != 2 || sheet.Missing != 2 {
			t.Errorf("the sheet begins as %+v", sheet)
		}
		var sheets, cities int64
		w.must(s.Read(t.Context()).Model(&models.Sheet{}).Where("round_id = ? AND class = ?", round.ID, "A").Count(&sheets).Error)
		w.must(s.Read(t.Context()).Model(&models.Unit{}).Where("parent_id = ? AND class = ?", w.unit(shandong).ID, "A").Count(&cities).Error)
		if sheets == 0 || sheets != cities {
			t.Errorf("%d sheets of class A for %d cities", sheets, cities)
		}
	})
}

func TestWhoOpensRounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		row, err := w.AddScheme(t.Context(), w.supervisor(shandong), []byte(plainScheme))
		w.must(err)
		input := assessment.RoundInput{Scheme: row.ID, Title: "2017年度考核", SelfUntil: day("2017-12-31")}
		open := func(actor models.Role, unit string) error {
			_, err := w.OpenRound(t.Context(), w.actor(unit, actor), input)
			return err
		}
		w.wantCode(open(models.Supervisor, qingdao), models.NotFound, "assessment.scheme_unknown")
		w.wantCode(open(models.Reporter, shandong), models.Forbidden, "error.forbidden")
		w.wantCode(open(models.Supervisor, shandong), models.Conflict, "rounds.scheme_not_frozen")
		w.wantCode(w.FreezeScheme(t.Context(), w.supervisor(shandong), row.ID, row.Version+1), models.Stale, "schemes.stale")
		w.must(w.FreezeScheme(t.Context(), w.supervisor(shandong), row.ID, row.Version))
		w.wantCode(w.FreezeScheme(t.Context(), w.supervisor(shandong), row.ID, row.Version+1), models.Conflict, "schemes.frozen")
		input.SelfUntil = day("2017-11-30")
		w.wantCode(open(models.Supervisor, shandong), models.Invalid, "rounds.self_until_past")
		input.SelfUntil = day("2017-12-31")
		w.must(open(models.Supervisor, shandong))
		w.wantCode(open(models.Supervisor, shandong), models.Conflict, "rounds.there")
	})
}
