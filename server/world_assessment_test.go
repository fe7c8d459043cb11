package main

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// roundScheme has one award and a veto; %[1]s is the code of the region.
const roundScheme = `
id: place-%[1]s
title: {zh: 考核方案, en: Scheme}
year: 2017
region: "%[1]s"
basis: {zh: 六(六), en: Clause 6(6)}
appeal_days: 5
classes:
  - {id: A, title: {zh: 甲类, en: First class}, maximum: "100"}
indicators:
  - id: work
    title: {zh: 工作情况, en: Work}
    clause: 六(六)
    counts: {zh: 酌情赋分, en: By judgement}
    method: award
    points: "100"
  - id: leak
    title: {zh: 泄密, en: Leak}
    clause: 六(六)
    counts: {zh: 发生泄密的不得评为合格以上等次, en: No better grade after a leak}
    method: veto
    grade: fail
grades:
  - {id: good, title: {zh: 良好, en: Good}, from: "70"}
  - {id: fail, title: {zh: 不合格, en: Fail}, from: "0"}
`

// addRounds gives the four places a round each that is being scored, with one sheet: the
// place's own, so that no grant elsewhere has to do with it.
func addRounds(ctx context.Context, a *app) error {
	office := compliance.Actor{Access: a.table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
	for _, code := range []string{"370100", "370200", "370000", "210100"} {
		scheme, err := a.scores.AddScheme(ctx, office, fmt.Appendf(nil, roundScheme, code))
		if err != nil {
			return err
		}
		if err := a.scores.FreezeScheme(ctx, office, scheme.ID, scheme.Version); err != nil {
			return err
		}
		err = a.store.Write(ctx, func(tx *gorm.DB) error {
			round := models.Round{SchemeID: scheme.ID, UnitID: scheme.UnitID, Year: 2017, Title: "2017年度考核", Status: models.RoundScoring,
				SelfUntil: calendar.MustParseDate("2017-12-31"), OpenedAt: a.now(), Version: 1}
			if err := tx.Create(&round).Error; err != nil {
				return err
			}
			sheet := models.Sheet{RoundID: round.ID, UnitID: scheme.UnitID, UnitName: "单位" + code, Class: "A", Status: models.SheetSelf, Grade: 1,
				Entries: 1, SelfMissing: 1, Missing: 1, Version: 1}
			if err := tx.Create(&sheet).Error; err != nil {
				return err
			}
			if err := equipSheet(tx, sheet); err != nil {
				return err
			}
			return addAppeal(tx, sheet, a.now())
		})
		if err != nil {
			return fmt.Errorf("round of %s: %w", code, err)
		}
	}
	return nil
}

// placeRound names the place's round and sheet.
func (w *world) placeRound(p *place, unit models.Unit) {
	w.t.Helper()
	var sheet models.Sheet
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Take(&sheet).Error; err != nil {
		w.t.Fatal(err)
	}
	p.round, p.sheet = sheet.RoundID, sheet.ID
	if err := w.store.Read(w.t.Context()).Table("score_files").Where("sheet_id = ?", sheet.ID).Pluck("id", &p.scoreFile).Error; err != nil {
		w.t.Fatal(err)
	}
	var appeal models.Appeal
	var rectification models.Rectification
	if err := w.store.Read(w.t.Context()).Where("sheet_id = ?", sheet.ID).Take(&appeal).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Read(w.t.Context()).Where("sheet_id = ?", sheet.ID).Take(&rectification).Error; err != nil {
		w.t.Fatal(err)
	}
	p.appeal, p.rectification = appeal.ID, rectification.ID
	if err := w.store.Read(w.t.Context()).Table("case_files").Where("unit_id = ?", unit.ID).Pluck("id", &p.caseFile).Error; err != nil {
		w.t.Fatal(err)
	}
}

func round(p place) string { return number(p.round) }
func sheet(p place) string { return number(p.sheet) }
