package main

import (
	"context"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// addInspections gives each place an inspection of its own that looks at the place itself,
// drawn, and has noted one thing.
func addInspections(ctx context.Context, a *app) error {
	day := calendar.MustParseDate("2017-06-09")
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for _, code := range []string{"370100", "370200", "370000", "210100"} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			inspection := models.Inspection{UnitID: unit.ID, Year: 2017, Title: "督查", Basis: "六(六)", Status: models.InspectionOpen, Seed: "2017068", SeedSource: "公开号码",
				Population: code, SampleSize: 1, StartOn: day, EndOn: day + 20, RectifyTerm: 10, OpenedAt: a.now(), Version: 1}
			if err := tx.Create(&inspection).Error; err != nil {
				return err
			}
			member := models.InspectionUnit{InspectionID: inspection.ID, UnitID: unit.ID, Drawn: true, AddedOn: day, Version: 1}
			if err := tx.Create(&member).Error; err != nil {
				return err
			}
			finding := models.Finding{InspectionID: inspection.ID, UnitID: unit.ID, Clause: "六", Severity: models.SeverityMinor, Noted: true, Text: "链接失效", FoundAt: a.now(), FoundOn: day, Version: 1}
			if err := tx.Create(&finding).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// placeInspection names the place's inspection and its finding.
func (w *world) placeInspection(p *place, unit models.Unit) {
	w.t.Helper()
	var finding models.Finding
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Take(&finding).Error; err != nil {
		w.t.Fatal(err)
	}
	p.inspection, p.finding = finding.InspectionID, finding.ID
}

func inspection(p place) string { return number(p.inspection) }
func finding(p place) string    { return number(p.finding) }

// dropFindings leaves the place's inspection without what it found.
func (w *world) dropFindings(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		return tx.Where("inspection_id = ?", p.inspection).Delete(&models.Finding{}).Error
	})
}
