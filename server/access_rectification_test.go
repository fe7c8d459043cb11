package main

import (
	"maps"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// The visits of rectifications and of the files of their steps.

func init() {
	demanded := url.Values{"indicators": {"work"}, "demand": {"请整改"}, "due_on": {"2017-07-10"}}
	first := url.Values{"version": {"1"}, "note": {"已整改"}}
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/rectifications":     {path: at("/units/*/rectifications", code)},
		"GET /units/:code/rectifications.csv": {path: at("/units/*/rectifications.csv", code)},
		"GET /sheets/:id/rectifications/new":  {path: at("/sheets/*/rectifications/new", sheet)},
		"POST /sheets/:id/rectifications":     {path: at("/sheets/*/rectifications", sheet), works: demanded, harmless: url.Values{}, first: (*world).announceLoss},
		"GET /rectifications/:id":             {path: at("/rectifications/*", rectified)},
		"POST /rectifications/:id/answer":     {path: at("/rectifications/*/answer", rectified), works: first, harmless: staleVersion},
		"POST /rectifications/:id/return":     {path: at("/rectifications/*/return", rectified), works: first, harmless: staleVersion, first: (*world).answerDemand},
		"POST /rectifications/:id/close":      {path: at("/rectifications/*/close", rectified), works: first, harmless: staleVersion, first: (*world).answerDemand},
		"POST /rectifications/:id/withdraw":   {path: at("/rectifications/*/withdraw", rectified), works: first, harmless: staleVersion},
		"GET /files/:id":                      {path: at("/files/*", func(p place) string { return number(p.caseFile) })},
	})
}

// answerDemand has the place answer its rectification.
func (w *world) answerDemand(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		if err := tx.Model(&models.Rectification{ID: p.rectification}).Update("status", models.RectificationAnswered).Error; err != nil {
			return err
		}
		return tx.Create(&models.RectificationStep{RectificationID: p.rectification, Act: models.RectificationAnswer, Note: "已整改", ByUser: 1,
			DueOn: calendar.MustParseDate("2017-07-09"), DoneAt: w.clock.now(), DoneOn: calendar.MustParseDate("2017-06-10")}).Error
	})
}

func rectified(p place) string { return number(p.rectification) }
