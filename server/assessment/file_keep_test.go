package assessment_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/evidence"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// pdf is the least that passes for one.
const pdf = "%PDF-1.7\nbudget\n%%EOF\n"

// withVault gives the desk a vault.
func (w *world) withVault() *world {
	w.Helper()
	vault, err := evidence.Open(w.TempDir(), evidence.Limits{}, time.Now())
	w.must(err)
	w.Cleanup(func() { _ = vault.Close() })
	w.KeepEvidence(vault)
	return w
}

// attached attaches a file to an indicator of the sheet.
func (w *world) attached(by compliance.Actor, sheet models.Sheet, indicator, name string) (uint64, error) {
	file, err := w.AttachFile(w.Context(), by, assessment.FileOwner{SheetID: sheet.ID, Indicator: indicator}, name, strings.NewReader(pdf))
	if err != nil {
		return 0, err
	}
	return file.ID, nil
}

func TestEvidenceOfASelfScore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).withVault().activated("shandong-2017", 2017)
		sheet := w.sheet(w.round(plainScheme), jinan)
		for name, c := range map[string]struct {
			actor     compliance.Actor
			indicator string
			code      models.Code
			key       string
		}{
			"another unit": {w.reporter(qingdao), "staff", models.NotFound, "assessment.sheet_unknown"},
			"the office":   {w.supervisor(shandong), "staff", models.Forbidden, "error.forbidden"},
			"a group":      {w.reporter(jinan), "organisation", models.Invalid, "marks.unknown_indicator"},
			"no such":      {w.reporter(jinan), "nothing", models.Invalid, "marks.unknown_indicator"},
		} {
			t.Run(name, func(*testing.T) {
				_, err := w.attached(c.actor, sheet, c.indicator, "预算.pdf")
				w.wantCode(err, c.code, c.key)
			})
		}
		_, err := w.attached(w.reporter(jinan), sheet, "staff", "程序.exe")
		if !models.IsCode(err, models.Invalid) {
			t.Errorf("a program is taken: %v", err)
		}

		id, err := w.attached(w.reporter(jinan), sheet, "staff", "预算.pdf")
		w.must(err)
		for n := range assessment.MaxScoreFiles - 1 {
			_, err := w.attached(w.reporter(jinan), sheet, "staff", fmt.Sprintf("%d.pdf", n))
			w.must(err)
		}
		_, err = w.attached(w.reporter(jinan), sheet, "staff", "再来.pdf")
		w.wantCode(err, models.Invalid, "scorefile.many")
		_, err = w.attached(w.reporter(jinan), sheet, "data", "再来.pdf")
		w.must(err)

		_, _, err = w.ScoreFile(t.Context(), w.reporter(qingdao), id)
		w.wantCode(err, models.NotFound, "scorefile.unknown")
		view, content, err := w.ScoreFile(t.Context(), w.supervisor(shandong), id)
		w.must(err)
		defer content.Close()
		if text, err := io.ReadAll(content); err != nil || string(text) != pdf || view.Name != "预算.pdf" || view.Size != int64(len(pdf)) {
			t.Errorf("the file reads %q (%v): %+v", text, err, view)
		}
		if files := w.view(w.supervisor(shandong), sheet).Lines[2].Files; len(files) != assessment.MaxScoreFiles {
			t.Errorf("the office sees %d files", len(files))
		}

		_, err = w.DetachFile(t.Context(), w.reporter(qingdao), id)
		w.wantCode(err, models.NotFound, "scorefile.unknown")
		_, err = w.DetachFile(t.Context(), w.supervisor(shandong), id)
		w.wantCode(err, models.Forbidden, "error.forbidden")
		_, err = w.DetachFile(t.Context(), w.reporter(jinan), id)
		w.must(err)
		_, err = w.DetachFile(t.Context(), w.reporter(jinan), id)
		w.wantCode(err, models.NotFound, "scorefile.unknown")
		id, err = w.attached(w.reporter(jinan), sheet, "staff", "新预算.pdf")
		w.must(err)

		w.submitted(sheet, jinan)
		_, err = w.attached(w.reporter(jinan), sheet, "data", "补交.pdf")
		w.wantCode(err, models.Conflict, "sheets.handed_in")
		_, err = w.DetachFile(t.Context(), w.reporter(jinan), id)
		w.wantCode(err, models.Conflict, "sheets.handed_in")
	})
}
