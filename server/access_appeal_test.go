package main

import (
	"maps"
	"net/url"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// The visits of appeals and rectifications. The rounds of the places are not announced:
// who may do something is told so, with 409, unless something works first.

func init() {
	asked := url.Values{"indicator": {"work"}, "points": {"95"}, "reason": {"材料已补充"}}
	demanded := url.Values{"indicators": {"work"}, "demand": {"请整改"}, "due_on": {"2017-07-10"}}
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
		"GET /units/:code/rectifications":     {path: at("/units/*/rectifications", code)},
		"GET /units/:code/rectifications.csv": {path: at("/units/*/rectifications.csv", code)},
		"GET /sheets/:id/rectifications/new":  {path: at("/sheets/*/rectifications/new", sheet)},
		"POST /sheets/:id/rectifications":     {path: at("/sheets/*/rectifications", sheet), works: demanded, harmless: url.Values{}, first: (*world).announceLoss},
		"GET /rectifications/:id":             {path: at("/rectifications/*", rectification)},
		"POST /rectifications/:id/answer":     {path: at("/rectifications/*/answer", rectification), works: first, harmless: staleVersion},
		"POST /rectifications/:id/files":      {path: at("/rectifications/*/files", rectification), works: fileForm(pdf), harmless: url.Values{}, first: (*world).answerDemand},
		"POST /rectifications/:id/return":     {path: at("/rectifications/*/return", rectification), works: first, harmless: staleVersion, first: (*world).answerDemand},
		"POST /rectifications/:id/close":      {path: at("/rectifications/*/close", rectification), works: first, harmless: staleVersion, first: (*world).answerDemand},
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

// answerDemand has the place answer its rectification.
func (w *world) answerDemand(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		if err := tx.Model(&models.Rectification{ID: p.rectification}).Update("status", models.RectificationAnswered).Error; err != nil {
			return err
		}
		return tx.Create(&models.RectificationStep{RectificationID: p.rectification, Act: models.RectificationAnswer, Note: "已整改", ByUser: 1,
			DoneAt: w.clock.now(), DoneOn: calendar.MustParseDate("2017-06-10")}).Error
	})
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
	row := models.Rectification{UnitID: sheet.UnitID, RoundID: sheet.RoundID, SheetID: sheet.ID, Indicator: "leak", Reason: "发生泄密", Demand: "请整改",
		DueOn: on + 30, Status: models.RectificationOpen, OpenedBy: 1, OpenedAt: at, Version: 1}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	return tx.Create(&models.RectificationStep{RectificationID: row.ID, Act: models.RectificationDemand, Note: row.Demand, ByUser: 1, DoneAt: at, DoneOn: on}).Error
}

func appeal(p place) string        { return number(p.appeal) }
func rectification(p place) string { return number(p.rectification) }
