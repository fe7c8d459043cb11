package assessment_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestDatesOfARound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(plainScheme)
		change := func(version int, title string, until, asOf calendar.Date) error {
			_, err := w.ChangeRound(t.Context(), w.supervisor(shandong), round.ID, version, assessment.RoundDates{Title: title, SelfUntil: until, AsOf: asOf})
			return err
		}
		w.wantCode(change(2, "新", round.SelfUntil, 0), models.Stale, "rounds.stale")
		w.wantCode(change(1, " ", round.SelfUntil, 0), models.Invalid, "filing.required")
		w.wantCode(change(1, "新", 0, 0), models.Invalid, "filing.date_required")
		w.wantCode(change(1, "新", day("2017-11-30"), 0), models.Invalid, "rounds.self_until_past")
		w.wantCode(change(1, "新", round.SelfUntil, day("2016-12-31")), models.Invalid, "rounds.as_of_early")
		_, err := w.ChangeRound(t.Context(), w.reporter(jinan), round.ID, 1, assessment.RoundDates{})
		w.wantCode(err, models.Forbidden, "error.forbidden")
		w.must(change(1, "新", day("2017-12-01"), day("2017-12-31"))) // today is not past
		// The day that was set may stay when it has passed.
		w.at("2017-12-05")
		w.must(change(2, "更新", day("2017-12-01"), 0))
		if now := w.fresh(round); now.Title != "更新" || now.SelfUntil != day("2017-12-01") || !now.AsOf.IsZero() || now.Version != 3 || w.audits(round, "edit") != 2 {
			t.Errorf("the round is %+v", now)
		}
	})
}

func TestAssessorsHaveClasses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(plainScheme)
		assessor, other := w.assessor(shandong), w.assessor(jinan)
		for actor, unit := range map[uint64]string{assessor.ID: shandong, other.ID: jinan} {
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Create(&models.Grant{UserID: actor, Role: models.Assessor, UnitID: w.unit(unit).ID}).Error
			}))
		}
		login := func(name string) string { return strings.ToLower(name) }
		assign := func(name, class string) error {
			return w.AssignAssessor(t.Context(), w.supervisor(shandong), round.ID, login(name), class)
		}
		w.wantCode(assign(assessor.Name, "C"), models.Invalid, "rounds.class_unknown")
		w.wantCode(assign("nobody", "A"), models.Invalid, "rounds.no_assessor")
		// A grant below the office does not cover it.
		w.wantCode(assign(other.Name, "A"), models.Invalid, "rounds.no_assessor")
		w.wantCode(w.AssignAssessor(t.Context(), assessor, round.ID, login(assessor.Name), "A"), models.Forbidden, "error.forbidden")
		w.must(assign(assessor.Name, "A"))
		w.must(assign(assessor.Name, "A"))
		view, err := w.Round(t.Context(), w.supervisor(shandong), round.ID)
		w.must(err)
		if len(view.Assessors) != 1 || view.Assessors[0].User.ID != assessor.ID || fmt.Sprint(view.Assessors[0].Classes) != "[A]" || len(view.Eligible) != 1 {
			t.Errorf("assessors: %+v of %+v", view.Assessors, view.Eligible)
		}
		for range 2 {
			w.must(w.UnassignAssessor(t.Context(), w.supervisor(shandong), round.ID, login(assessor.Name), "A"))
		}
		if w.audits(round, "assign") != 1 || w.audits(round, "unassign") != 1 {
			t.Error("doing it twice is recorded twice")
		}
	})
}

func TestUnitsOfARound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(plainScheme)
		add := func(code string) error { return w.AddUnit(t.Context(), w.supervisor(shandong), round.ID, code) }
		out := func(code, reason string) error {
			return w.TakeOut(t.Context(), w.supervisor(shandong), round.ID, code, reason)
		}
		w.wantCode(add("210100"), models.Invalid, "rounds.unit_unknown")
		w.wantCode(add(shandong), models.Invalid, "rounds.unit_unknown")
		w.wantCode(out(jinan, " "), models.Invalid, "filing.required")
		w.wantCode(out("210100", "撤并"), models.Invalid, "rounds.unit_without_sheet")
		w.wantCode(w.TakeOut(t.Context(), w.supervisor(jinan), round.ID, jinan, "撤并"), models.Forbidden, "error.forbidden")

		w.must(s.Write(t.Context(), func(tx *gorm.DB) error { w.fullMarks(tx, w.sheet(round, jinan)); return nil }))
		w.must(out(jinan, "撤并"))
		var left, told int64
		w.must(s.Read(t.Context()).Model(&models.SheetMark{}).Count(&left).Error)
		// The log tells it of the sheet: what it came to is for those alone who score.
		w.must(s.Read(t.Context()).Model(&models.AuditEntry{}).Where("object = ? AND action = ?", "sheet", "take-out").Count(&told).Error)
		if left != 0 || told != 1 {
			t.Errorf("%d marks of a sheet that is gone, told %d times", left, told)
		}
		for range 2 {
			w.must(add(jinan))
		}
		if sheet := w.sheet(round, jinan); sheet.Entries != 2 || sheet.Class != "A" || w.audits(round, "add-unit") != 1 {
			t.Errorf("the sheet is %+v", sheet)
		}
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Unit{}).Where("code = ?", qingdao).Updates(map[string]any{"class": "C"}).Error
		}))
		w.must(out(qingdao, "类别调整"))
		w.wantCode(add(qingdao), models.Invalid, "rounds.unit_class")
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Unit{}).Where("code = ?", qingdao).Updates(map[string]any{"class": "A", "closed_on": "2017-12-01"}).Error
		}))
		w.wantCode(add(qingdao), models.Invalid, "rounds.unit_closed")
	})
}

// What the office has found is seen by those who score for it, until it is announced; a
// unit never sees other units' sheets.
func TestWhoSeesWhatOfARound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		viewer := w.actor(shandong, models.Viewer)
		if _, err := w.Round(t.Context(), w.reporter("210100"), round.ID); !models.IsCode(err, models.NotFound) {
			t.Errorf("somebody in Liaoning: %v", err)
		}
		sees := func(actor string, page *assessment.SheetPage, err error, sheets int, verified bool) {
			t.Helper()
			w.must(err)
			if page.Total != sheets || len(page.Items) == 0 {
				t.Fatalf("%s sees %d sheets, want %d", actor, page.Total, sheets)
			}
			for _, sheet := range page.Items {
				if (sheet.Verified != nil || sheet.Final != nil || sheet.Missing < sheet.Entries) != verified {
					t.Fatalf("%s sees %+v", actor, sheet.Sheet)
				}
			}
		}
		all := int(w.roundTotal(round))
		list := func(actor string) func() (*assessment.SheetPage, error) {
			by := map[string]func() (*assessment.SheetPage, error){
				"office": func() (*assessment.SheetPage, error) {
					return w.RoundSheets(t.Context(), w.supervisor(shandong), round.ID, assessment.SheetQuery{Limit: 100})
				},
				"assessor": func() (*assessment.SheetPage, error) {
					return w.RoundSheets(t.Context(), w.assessor(shandong), round.ID, assessment.SheetQuery{Limit: 100})
				},
				"viewer": func() (*assessment.SheetPage, error) {
					return w.RoundSheets(t.Context(), viewer, round.ID, assessment.SheetQuery{Limit: 100})
				},
				"unit": func() (*assessment.SheetPage, error) {
					return w.RoundSheets(t.Context(), w.supervisor(jinan), round.ID, assessment.SheetQuery{Limit: 100})
				},
			}
			return by[actor]
		}
		for _, announced := range []bool{false, true} {
			for actor, sheets := range map[string]int{"office": all, "assessor": all, "viewer": all, "unit": 1} {
				page, err := list(actor)()
				sees(actor, page, err, sheets, announced || actor == "office" || actor == "assessor")
			}
			view, err := w.Round(t.Context(), w.supervisor(jinan), round.ID)
			w.must(err)
			if view.Whole || view.Manages || view.Total.Sheets != 0 || len(view.Classes) != 0 {
				t.Errorf("a unit sees %+v", view)
			}
			if !announced {
				_, err := w.Announce(t.Context(), w.supervisor(shandong), round.ID, round.Version)
				w.must(err)
			}
		}
	})
}

func (w *world) roundTotal(round models.Round) int64 {
	w.Helper()
	var count int64
	w.must(w.store.Read(w.Context()).Model(&models.Sheet{}).Where("round_id = ?", round.ID).Count(&count).Error)
	return count
}

func TestSheetsOfARoundByPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(plainScheme)
		seen := map[uint64]bool{}
		q := assessment.SheetQuery{Class: "A", Limit: 5}
		pages := 0
		for ; pages == 0 || q.Cursor != ""; pages++ {
			page, err := w.RoundSheets(t.Context(), w.supervisor(shandong), round.ID, q)
			w.must(err)
			for _, sheet := range page.Items {
				seen[sheet.ID] = true
			}
			if q.Cursor = page.Next; len(page.Items) > 5 || page.Total != 17 {
				t.Fatalf("a page of %d, %d in all", len(page.Items), page.Total)
			}
		}
		if len(seen) != 17 || pages != 4 {
			t.Errorf("%d sheets on %d pages", len(seen), pages)
		}
		var order []string
		total := 0
		for q := (assessment.SheetQuery{Limit: 6}); len(order) == 0 || q.Cursor != ""; {
			page, err := w.RoundSheets(t.Context(), w.supervisor(shandong), round.ID, q)
			w.must(err)
			for _, sheet := range page.Items {
				order = append(order, sheet.Class+" "+sheet.Unit.Code)
			}
			q.Cursor, total = page.Next, page.Total
		}
		if len(order) != total || total < 18 || !slices.IsSorted(order) {
			t.Errorf("the sheets are not by class and code: %v", order)
		}
		for text, want := range map[string]int{"济南": 1, "370200": 1, "100%": 0, "_": 0, "Jinan": 1} {
			page, err := w.RoundSheets(t.Context(), w.supervisor(shandong), round.ID, assessment.SheetQuery{Class: "A", Text: text, Limit: 5})
			w.must(err)
			if page.Total != want {
				t.Errorf("%q finds %d, want %d", text, page.Total, want)
			}
		}
	})
}

// Of two who announce at once, one does; the other is told so.
func TestARoundIsAnnouncedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		actor := w.supervisor(shandong)
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = w.Announce(t.Context(), actor, round.ID, round.Version) })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			w.wantCode(err, models.Conflict, "rounds.announced")
		}
		if done != 1 || w.audits(round, "announce") != 1 {
			t.Errorf("%d have announced, %d entries tell of it", done, w.audits(round, "announce"))
		}
	})
}

// A mark that is written while the result is announced is in the result, or refused.
func TestMarksWhileTheResultIsAnnounced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		sheet := w.sheet(round, jinan)
		actor := w.supervisor(shandong)
		// The sheet is taken up again and back between: whatever wins, the result fits the marks.
		var all sync.WaitGroup
		var marked, announced error
		all.Go(func() {
			marked = w.Resume(t.Context(), actor, sheet.ID, sheet.Version)
		})
		all.Go(func() { _, announced = w.Announce(t.Context(), actor, round.ID, round.Version) })
		all.Wait()
		now := w.fresh(round)
		switch status := w.sheet(round, jinan).Status; {
		case announced == nil && (marked == nil || now.Status != models.RoundAnnounced || status != models.SheetVerified):
			t.Errorf("announced with a sheet that is %s (%v)", status, marked)
		case announced != nil && (marked != nil || now.Status != models.RoundScoring || status == models.SheetVerified):
			t.Errorf("neither: %v, %v, the sheet is %s", announced, marked, status)
		}
	})
}

func TestPreviewOfARound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		scheme := w.scheme(plainScheme)
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			for code, columns := range map[string]map[string]any{jinan: {"class": ""}, qingdao: {"class": "C"}, "370300": {"closed_on": "2017-11-01"}, "370400": {"closed_on": "2016-11-01"}} {
				if err := tx.Model(&models.Unit{}).Where("code = ?", code).Updates(columns).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		_, err := w.PreviewRound(t.Context(), w.reporter(shandong), scheme.ID, false)
		w.wantCode(err, models.Forbidden, "error.forbidden")
		schemes, err := w.OpenableSchemes(t.Context(), w.supervisor(shandong), shandong)
		w.must(err)
		if len(schemes) != 1 || schemes[0].Source != "" {
			t.Errorf("schemes to open a round of: %+v", schemes)
		}
		p, err := w.PreviewRound(t.Context(), w.supervisor(shandong), scheme.ID, false)
		w.must(err)
		why := map[string]assessment.WhyLeft{}
		for _, unit := range p.Named {
			why[unit.Code] = unit.Why
		}
		if why[jinan] != assessment.LeftNoClass || why[qingdao] != assessment.LeftOutside || why["370300"] != assessment.LeftClosed || why["370400"] != "" {
			t.Errorf("left out: %v", why)
		}
		round, err := w.OpenRound(t.Context(), w.supervisor(shandong), w.openInput(scheme.ID))
		w.must(err)
		if sheets := int(w.roundTotal(*round)); sheets != p.Units || p.Classes[0].Units+p.Classes[1].Units != p.Units {
			t.Errorf("%d sheets, %d foreseen in %+v", sheets, p.Units, p.Classes)
		}
	})
}
