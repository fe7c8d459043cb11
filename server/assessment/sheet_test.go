package assessment_test

import (
	"encoding/json"
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestWhoDoesWhatWithASheet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(plainScheme)
		sheet := w.sheet(round, jinan)
		other := w.assigned(round, "B")
		self := func(actor compliance.Actor) error {
			_, err := w.PutSelf(t.Context(), actor, sheet.ID, 0, assessment.SelfInput{Indicator: "staff", Points: "20"})
			return err
		}
		mark := func(actor compliance.Actor) error {
			return w.putMark(actor, sheet, assessment.MarkInput{Indicator: "staff", Points: "20"})
		}

		w.wantCode(self(w.reporter(qingdao)), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(self(w.actor(jinan, models.Viewer)), models.Forbidden, "error.forbidden")
		w.wantCode(self(w.supervisor(shandong)), models.Forbidden, "error.forbidden")
		w.wantCode(mark(w.supervisor(jinan)), models.Forbidden, "error.forbidden")
		w.wantCode(mark(w.assessor(jinan)), models.Forbidden, "error.forbidden")
		w.wantCode(mark(w.reporter(jinan)), models.Forbidden, "error.forbidden")
		w.wantCode(mark(other), models.Forbidden, "sheets.other_class")
		w.wantCode(mark(w.supervisor(shandong)), models.Conflict, "sheets.not_submitted")
		w.wantCode(w.Submit(t.Context(), w.reporter(jinan), sheet.ID, sheet.Version), models.Conflict, "marks.missing")
		w.submitted(sheet, jinan)
		w.wantCode(self(w.reporter(jinan)), models.Conflict, "sheets.handed_in")
		w.wantCode(mark(w.supervisor(jinan)), models.Forbidden, "error.forbidden")
		w.must(mark(w.supervisor(shandong)))

		version := func() int { return w.again(sheet).Version }
		for _, actor := range []compliance.Actor{w.supervisor(jinan), other} {
			for name, err := range map[string]error{
				"return":   w.Return(t.Context(), actor, sheet.ID, version(), "材料不全"),
				"complete": w.Complete(t.Context(), actor, sheet.ID, version()),
				"resume":   w.Resume(t.Context(), actor, sheet.ID, version()),
			} {
				if !models.IsCode(err, models.Forbidden) {
					t.Errorf("%s by %s: %v", name, actor.Name, err)
				}
			}
			if _, err := w.Accept(t.Context(), actor, sheet.ID, version(), ""); !models.IsCode(err, models.Forbidden) {
				t.Errorf("accept by %s: %v", actor.Name, err)
			}
		}
		w.wantCode(w.Complete(t.Context(), w.supervisor(shandong), sheet.ID, version()), models.Conflict, "marks.missing")
		w.wantCode(w.Return(t.Context(), w.supervisor(shandong), sheet.ID, version(), " "), models.Invalid, "filing.required")
		w.wantCode(w.Return(t.Context(), w.supervisor(shandong), sheet.ID, version()-1, "材料不全"), models.Stale, "sheets.stale")
		w.must(w.Return(t.Context(), w.supervisor(shandong), sheet.ID, version(), "材料不全"))
		w.must(w.Submit(t.Context(), w.reporter(jinan), sheet.ID, version()))
		w.scored(sheet, "data", "20")
		w.must(w.Complete(t.Context(), w.supervisor(shandong), sheet.ID, version()))
		w.wantCode(mark(w.supervisor(shandong)), models.Conflict, "sheets.verified")
		w.wantCode(w.Return(t.Context(), w.supervisor(shandong), sheet.ID, version(), "材料不全"), models.Conflict, "sheets.return_not_submitted")
		w.must(w.Resume(t.Context(), w.supervisor(shandong), sheet.ID, version()))
		w.wantCode(w.Resume(t.Context(), w.supervisor(shandong), sheet.ID, version()), models.Conflict, "sheets.not_verified")
		w.must(w.Complete(t.Context(), w.supervisor(shandong), sheet.ID, version()))
	})
}

// What is verified is nobody's to see but the office's until the result is announced:
// neither in the sheet nor in the log of the unit.
func TestWhatIsVerifiedIsHiddenUntilItIsAnnounced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(plainScheme)
		sheet := w.sheet(round, jinan)
		w.submitted(sheet, jinan)
		w.must(w.putMark(w.supervisor(shandong), sheet, assessment.MarkInput{Indicator: "staff", Points: "13.37", Reason: "秘密理由"}))
		w.must(w.putMark(w.supervisor(shandong), sheet, assessment.MarkInput{Indicator: "leak", Raised: true, Reason: "秘密理由"}))

		for _, actor := range []compliance.Actor{w.reporter(jinan), w.supervisor(jinan), w.actor(shandong, models.Viewer)} {
			v := w.view(actor, sheet)
			text, err := json.Marshal(v)
			w.must(err)
			if v.SeesVerified || strings.Contains(string(text), "秘密理由") || strings.Contains(string(text), "1337000000") {
				t.Errorf("%s sees what is verified", actor.Name)
			}
			if v.Sheet.Verified != nil || v.Sheet.Final != nil || v.Sheet.ByVeto || v.Sheet.Missing != 0 || v.Verified != nil || v.Final != nil {
				t.Errorf("%s sees totals: %+v", actor.Name, v.Sheet)
			}
		}
		var entries []models.AuditEntry
		w.must(s.Read(t.Context()).Where("unit_id = ?", w.unit(jinan).ID).Find(&entries).Error)
		for _, entry := range entries {
			if strings.Contains(entry.Changes+entry.Detail, "秘密理由") || strings.Contains(entry.Changes+entry.Detail, "13.37") {
				t.Errorf("the log of the unit tells what is verified: %s %s", entry.Action, entry.Changes)
			}
		}
		if v := w.view(w.supervisor(shandong), sheet); !v.SeesVerified || v.Verified == nil || !v.CanVerify || v.CanSelf {
			t.Errorf("the office sees %+v", v)
		}
		w.setRound(round, map[string]any{"status": models.RoundAnnounced})
		if v := w.view(w.reporter(jinan), sheet); !v.SeesVerified || v.Verified == nil || v.Lines[2].Mark.Points == nil {
			t.Error("the unit does not see its announced result")
		}
		_, err := w.Sheet(t.Context(), w.reporter(qingdao), sheet.ID)
		w.wantCode(err, models.NotFound, "assessment.sheet_unknown")
	})
}

func TestARoundThatIsOverTakesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(plainScheme)
		submitted, forgotten := w.sheet(round, jinan), w.sheet(round, qingdao)
		w.submitted(submitted, jinan)
		w.selfScored(forgotten, qingdao, "staff", "18")

		w.at("2018-01-01")
		_, err := w.PutSelf(t.Context(), w.reporter(qingdao), forgotten.ID, 0, assessment.SelfInput{Indicator: "data", Points: "1"})
		w.wantCode(err, models.Conflict, "sheets.self_over")
		w.wantCode(w.Submit(t.Context(), w.reporter(qingdao), forgotten.ID, w.again(forgotten).Version), models.Conflict, "sheets.self_over")
		w.wantCode(w.Return(t.Context(), w.supervisor(shandong), submitted.ID, w.again(submitted).Version, "材料不全"), models.Conflict, "sheets.return_late")
		w.scored(forgotten, "staff", "10", "data", "10")
		w.must(w.Complete(t.Context(), w.supervisor(shandong), forgotten.ID, w.again(forgotten).Version))
		if got := w.again(forgotten); got.Status != models.SheetVerified || got.SubmittedAt != nil {
			t.Errorf("a sheet that was never submitted ends as %+v", got)
		}
		w.must(w.Resume(t.Context(), w.supervisor(shandong), forgotten.ID, w.again(forgotten).Version))
		if got := w.again(forgotten); got.Status != models.SheetSelf {
			t.Errorf("taken up again it is %s", got.Status)
		}

		for status, key := range map[models.RoundStatus]string{models.RoundAnnounced: "sheets.announced", models.RoundFrozen: "rounds.frozen"} {
			w.setRound(round, map[string]any{"status": status})
			office, version := w.supervisor(shandong), w.again(submitted).Version
			_, selfErr := w.PutSelf(t.Context(), w.reporter(qingdao), forgotten.ID, 0, assessment.SelfInput{Indicator: "data", Points: "1"})
			_, acceptErr := w.Accept(t.Context(), office, submitted.ID, version, "一致")
			for name, err := range map[string]error{
				"self": selfErr, "accept": acceptErr,
				"mark":     w.putMark(office, submitted, assessment.MarkInput{Indicator: "staff", Points: "20"}),
				"submit":   w.Submit(t.Context(), w.reporter(qingdao), forgotten.ID, version),
				"return":   w.Return(t.Context(), office, submitted.ID, version, "材料不全"),
				"complete": w.Complete(t.Context(), office, submitted.ID, version),
				"resume":   w.Resume(t.Context(), office, submitted.ID, version),
			} {
				t.Run(name, func(*testing.T) { w.wantCode(err, models.Conflict, key) })
			}
		}
	})
}
