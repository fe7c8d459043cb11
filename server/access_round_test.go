package main

import (
	"maps"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
)

// The visits of rounds. What changes a round for good is asked for with a version that it
// does not have.

var staleVersion = url.Values{"version": {"99"}}

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /assessment":                 {path: at("/assessment", none), nowhere: true},
		"GET /supervision":                {path: at("/supervision", none), nowhere: true},
		"GET /units/:code/assessment":     {path: at("/units/*/assessment", code)},
		"GET /units/:code/assessment/new": {path: at("/units/*/assessment/new", code)},
		"POST /units/:code/assessment":    {path: at("/units/*/assessment", code), harmless: url.Values{}},
		"GET /rounds/:id":                 {path: at("/rounds/*", round)},
		"POST /rounds/:id/dates": {path: at("/rounds/*/dates", round), harmless: staleVersion,
			works: url.Values{"version": {"1"}, "title": {"考核"}, "self_until": {"2017-12-31"}}},
		"POST /rounds/:id/assessors":        {path: at("/rounds/*/assessors", round), works: assigned, harmless: url.Values{}, first: (*world).hireAssessor},
		"POST /rounds/:id/assessors/remove": {path: at("/rounds/*/assessors/remove", round), works: assigned, harmless: url.Values{}, first: (*world).hireAssessor},
		"POST /rounds/:id/units":            {path: at("/rounds/*/units", round), harmless: url.Values{}},
		"POST /rounds/:id/units/remove":     {path: at("/rounds/*/units/remove", round), works: func(p place) any { return url.Values{"unit": {p.code}, "reason": {"机构撤并"}} }, harmless: url.Values{}, first: (*world).dropAppeals},
		"GET /rounds/:id/announce":          {path: at("/rounds/*/announce", round)},
		"POST /rounds/:id/announce":         {path: at("/rounds/*/announce", round), works: url.Values{"version": {"1"}}, harmless: staleVersion, first: (*world).verifySheet},
		"GET /rounds/:id/freeze":            {path: at("/rounds/*/freeze", round)},
		"POST /rounds/:id/freeze":           {path: at("/rounds/*/freeze", round), works: url.Values{"version": {"1"}}, harmless: staleVersion, first: (*world).announceRound},
	})
}

var assigned = url.Values{"login": {"hired"}, "class": {"A"}}

// hireAssessor makes an assessor of the place.
func (w *world) hireAssessor(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		var unit models.Unit
		if err := tx.Where("code = ?", p.code).Take(&unit).Error; err != nil {
			return err
		}
		user := models.User{Login: "hired", Name: "考评员", CreatedAt: w.clock.now()}
		if err := tx.Where("login = ?", user.Login).FirstOrCreate(&user).Error; err != nil {
			return err
		}
		return tx.Create(&models.Grant{UserID: user.ID, Role: models.Assessor, UnitID: unit.ID}).Error
	})
}

// verifySheet has the sheet of the place's round verified.
func (w *world) verifySheet(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		points := int64(90e8)
		if err := tx.Create(&models.SheetMark{SheetID: p.sheet, Indicator: "work", Points: &points, Reason: "材料不全", Version: 1}).Error; err != nil {
			return err
		}
		return tx.Model(&models.Sheet{ID: p.sheet}).Updates(map[string]any{"status": models.SheetVerified, "missing": 0}).Error
	})
}

// dropAppeals leaves the place's round as it is before it was announced, and with nobody
// who has appealed.
func (w *world) dropAppeals(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		if err := tx.Where("rectification_id IN (SELECT id FROM rectifications WHERE round_id = ?)", p.round).Delete(&models.RectificationStep{}).Error; err != nil {
			return err
		}
		if err := tx.Where("round_id = ?", p.round).Delete(&models.Rectification{}).Error; err != nil {
			return err
		}
		return tx.Where("round_id = ?", p.round).Delete(&models.Appeal{}).Error
	})
}

// announceRound has the place's round announced so long ago that nobody may appeal.
func (w *world) announceRound(p place) {
	w.t.Helper()
	w.dropAppeals(p)
	w.mustWrite(func(tx *gorm.DB) error {
		return tx.Model(&models.Round{ID: p.round}).Updates(map[string]any{"status": models.RoundAnnounced, "announced_on": "2017-05-02"}).Error
	})
}

func (w *world) mustWrite(f func(tx *gorm.DB) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}
