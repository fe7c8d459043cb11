package main

import (
	"maps"
	"net/url"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// The visits of appeals. The rounds of the places are not announced:
// who may do something is told so, with 409, unless something works first.

func init() {
	asked := url.Values{"indicator": {"work"}, "points": {"95"}, "reason": {"材料已补充"}}
	first := url.Values{"version": {"1"}, "note": {"已整改"}}
	maps.Copy(pageVisits, map[string]visit{
		"GET /rounds/:id/appeals":     {path: at("/rounds/*/appeals", round)},
		"GET /sheets/:id/appeals/new": {path: at("/sheets/*/appeals/new?indicator=work", sheet)},
		"POST /sheets/:id/appeals":    {path: at("/sheets/*/appeals", sheet), works: asked, harmless: url.Values{}, first: (*world).announceLately},
		"GET /appeals/:id":            {path: at("/appeals/*", appeal)},
		"POST /appeals/:id/withdraw":  {path: at("/appeals/*/withdraw", appeal), works: first, harmless: staleVersion, first: (*world).announceLately},
		"POST /appeals/:id/files":     {path: at("/appeals/*/files", appeal), works: fileForm(pdf), harmless: url.Values{}, first: (*world).announceLately},
		"POST /appeals/:id/decision": {path: at("/appeals/*/decision", appeal), works: url.Values{"version": {"1"}, "decision": {"rejected"}, "reason": {"不属实"}}, harmless: staleVersion,
			first: (*world).announceLately},
	})
}

// announceLately has the place's round announced the day before, so that units may appeal.
func (w *world) announceLately(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		return tx.Model(&models.Round{ID: p.round}).Updates(map[string]any{"status": models.RoundAnnounced, "announced_on": "2017-06-09"}).Error
	})
}

// announceLoss is announceLately of a sheet that lost points.
func (w *world) announceLoss(p place) {
	w.t.Helper()
	w.verifySheet(p)
	w.announceLately(p)
}

// addAppeal gives a sheet an appeal that waits and a rectification that is open, on
// indicators of the scheme of the places.
func addAppeal(tx *gorm.DB, sheet models.Sheet, at time.Time) error {
	on := calendar.MustParseDate("2017-06-09")
	err := tx.Create(&models.Appeal{RoundID: sheet.RoundID, SheetID: sheet.ID, UnitID: sheet.UnitID, Indicator: "leak", ClaimLifted: true, Reason: "材料已补充",
		Status: models.AppealFiled, FiledBy: 1, FiledAt: at, FiledOn: on, Version: 1}).Error
	if err != nil {
		return err
	}
	row := models.Rectification{UnitID: sheet.UnitID, OfficeID: sheet.UnitID, RoundID: &sheet.RoundID, SheetID: &sheet.ID, Indicator: "leak", Reason: "发生泄密", Demand: "请整改",
		DueOn: on + 30, Status: models.RectificationOpen, OpenedBy: 1, OpenedAt: at, Version: 1}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	step := models.RectificationStep{RectificationID: row.ID, Act: models.RectificationDemand, Note: row.Demand, DueOn: row.DueOn, ByUser: 1, DoneAt: at, DoneOn: on}
	if err := tx.Create(&step).Error; err != nil {
		return err
	}
	var file models.EvidenceFile
	if err := tx.Take(&file).Error; err != nil {
		return err
	}
	return tx.Create(&models.CaseFile{Object: "rectification-step", ObjectID: step.ID, UnitID: row.UnitID, OfficeID: row.OfficeID, Hash: file.Hash, Name: "通知.pdf", AddedBy: 1, AddedAt: at}).Error
}

func appeal(p place) string { return number(p.appeal) }
