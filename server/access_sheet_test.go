package main

import (
	"maps"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
)

// The visits of sheets and of the evidence of self scores.

func init() { maps.Copy(pageVisits, sheetPageVisits) }

func scoreFile(p place) string { return number(p.scoreFile) }

// firstVersion names the version that the place's sheet has at first.
var firstVersion = url.Values{"version": {"1"}, "reason": {"核查"}}

// workScored enters a score for the one award of the place's sheet.
var workScored = url.Values{"cell": {"work"}, "version-work": {"0"}, "points-work": {"80"}, "text-work": {"更新不及时"}}

var sheetPageVisits = map[string]visit{
	"GET /sheets/:id":              {path: at("/sheets/*", sheet)},
	"POST /sheets/:id/self":        {path: at("/sheets/*/self", sheet), works: workScored, harmless: url.Values{}},
	"POST /sheets/:id/marks":       {path: at("/sheets/*/marks", sheet), works: workScored, harmless: url.Values{}, first: sheetIs(models.SheetSubmitted)},
	"POST /sheets/:id/submit":      {path: at("/sheets/*/submit", sheet), works: firstVersion, harmless: url.Values{}, first: sheetScored(nil)},
	"POST /sheets/:id/return":      {path: at("/sheets/*/return", sheet), works: firstVersion, harmless: url.Values{}, first: sheetIs(models.SheetSubmitted)},
	"POST /sheets/:id/accept":      {path: at("/sheets/*/accept", sheet), works: firstVersion, harmless: url.Values{}, first: both(sheetScored(nil), sheetIs(models.SheetSubmitted))},
	"POST /sheets/:id/complete":    {path: at("/sheets/*/complete", sheet), works: firstVersion, harmless: url.Values{}, first: both(sheetScored(&full), sheetIs(models.SheetSubmitted))},
	"POST /sheets/:id/resume":      {path: at("/sheets/*/resume", sheet), works: firstVersion, harmless: url.Values{}, first: sheetIs(models.SheetVerified)},
	"POST /sheets/:id/files":       {path: at("/sheets/*/files?indicator=work", sheet), works: fileForm(pdf), harmless: url.Values{}},
	"GET /score-files/:id":         {path: at("/score-files/*", scoreFile)},
	"POST /score-files/:id/remove": {path: at("/score-files/*/remove", scoreFile), works: url.Values{"remove": {"1"}}, harmless: url.Values{}},
}

// both does one after the other.
func both(one, other func(w *world, p place)) func(w *world, p place) {
	return func(w *world, p place) {
		one(w, p)
		other(w, p)
	}
}

// sheetIs sets the status of the place's sheet.
func sheetIs(status models.SheetStatus) func(w *world, p place) {
	return func(w *world, p place) {
		w.write(func(tx *gorm.DB) error {
			return tx.Model(&models.Sheet{}).Where("id = ?", p.sheet).Update("status", status).Error
		})
	}
}

var full = int64(100e8)

// sheetScored enters a self score for the place's award, and a verified one if there is
// one.
func sheetScored(verified *int64) func(w *world, p place) {
	return func(w *world, p place) {
		points := int64(90e8)
		mark := models.SheetMark{SheetID: p.sheet, Indicator: "work", SelfPoints: &points, Points: verified, Version: 1}
		w.write(func(tx *gorm.DB) error { return tx.Create(&mark).Error })
	}
}

func (w *world) write(f func(tx *gorm.DB) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// equipSheet attaches the evidence of the world's reports to the award of a sheet too,
// and gives the assessor of the tests the sheet's class.
func equipSheet(tx *gorm.DB, sheet models.Sheet) error {
	var assessor models.User
	if err := tx.Where("login = ?", string(models.Assessor)).Take(&assessor).Error; err != nil {
		return err
	}
	if err := tx.Create(&models.RoundAssessor{RoundID: sheet.RoundID, UserID: assessor.ID, Class: sheet.Class}).Error; err != nil {
		return err
	}
	var file models.EvidenceFile
	if err := tx.Take(&file).Error; err != nil {
		return err
	}
	return tx.Create(&models.ScoreFile{SheetID: sheet.ID, UnitID: sheet.UnitID, Indicator: "work", Hash: file.Hash, Name: "清单.pdf", AddedBy: 1, AddedAt: file.AddedAt}).Error
}
