package main

import (
	"context"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// addUrges gives each place an urge of its own that waits for its receipt, with a file at
// the first step.
func addUrges(ctx context.Context, a *app) error {
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for _, code := range []string{"370100", "370200", "370000", "210100"} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			var duty models.Duty
			if err := tx.Where("unit_id = ?", unit.ID).Order("CASE outcome WHEN 'open' THEN 0 ELSE 1 END, id").Take(&duty).Error; err != nil {
				return err
			}
			urge := models.Urge{UnitID: unit.ID, OfficeID: unit.ID, Level: models.UrgeBlue, Status: models.UrgeSent, Text: "请抓紧办理。", ReplyTerm: 3, ReplyBy: calendar.MustParseDate("2017-06-14"),
				SentAt: a.now(), SentOn: calendar.MustParseDate("2017-06-09"), Version: 1}
			if err := tx.Create(&urge).Error; err != nil {
				return err
			}
			if err := tx.Create(&models.UrgeItem{UrgeID: urge.ID, Object: models.UrgeDuty, ObjectID: duty.ID}).Error; err != nil {
				return err
			}
			step := models.UrgeStep{UrgeID: urge.ID, Act: models.UrgeSend, Level: models.UrgeBlue, DoneAt: a.now(), DoneOn: urge.SentOn}
			if err := tx.Create(&step).Error; err != nil {
				return err
			}
			var kept models.EvidenceFile
			if err := tx.Take(&kept).Error; err != nil {
				return err
			}
			file := models.CaseFile{Object: "urge-step", ObjectID: step.ID, UnitID: unit.ID, OfficeID: unit.ID, Hash: kept.Hash, Name: "清单.pdf", AddedAt: a.now()}
			if err := tx.Create(&file).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// placeUrge names the place's urge and its file.
func (w *world) placeUrge(p *place, unit models.Unit) {
	w.t.Helper()
	var urge models.Urge
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Take(&urge).Error; err != nil {
		w.t.Fatal(err)
	}
	p.urge = urge.ID
	var file models.CaseFile
	if err := w.store.Read(w.t.Context()).Where("object = ? AND unit_id = ?", "urge-step", unit.ID).Take(&file).Error; err != nil {
		w.t.Fatal(err)
	}
	p.caseFile = file.ID
}

func urge(p place) string { return number(p.urge) }
