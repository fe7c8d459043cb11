package assessment_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/evidence"
)

// roundVerified has all sheets of the round verified, with full marks.
func (w *world) roundVerified(round models.Round) models.Round {
	w.Helper()
	var sheets []models.Sheet
	w.must(w.store.Read(w.Context()).Where("round_id = ?", round.ID).Find(&sheets).Error)
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		for _, sheet := range sheets {
			w.fullMarks(tx, sheet)
		}
		return tx.Model(&models.Sheet{}).Where("round_id = ?", round.ID).Updates(map[string]any{"status": models.SheetVerified, "autos": "{}"}).Error
	}))
	// Scored by other duties than now, they are scored again.
	w.must(w.Freshen(w.Context(), round.ID))
	return w.fresh(round)
}

// fullMarks gives the sheet full marks for what is awarded.
func (w *world) fullMarks(tx *gorm.DB, sheet models.Sheet) {
	w.Helper()
	for indicator, points := range map[string]int64{"staff": 20e8, "data": 30e8} {
		w.must(tx.Create(&models.SheetMark{SheetID: sheet.ID, Indicator: indicator, Points: &points, Version: 1}).Error)
	}
}

// fresh returns the round as it is now.
func (w *world) fresh(round models.Round) models.Round {
	w.Helper()
	var row models.Round
	w.must(w.store.Read(w.Context()).Take(&row, round.ID).Error)
	return row
}

// roundAnnounced opens a round, has it verified and announced.
func (w *world) roundAnnounced(source string) models.Round {
	w.Helper()
	round := w.roundVerified(w.round(source))
	_, err := w.Announce(w.Context(), w.supervisor(shandong), round.ID, round.Version)
	w.must(err)
	return w.fresh(round)
}

// roundFrozen is roundAnnounced, frozen after the term of appeals.
func (w *world) roundFrozen(source string) models.Round {
	w.Helper()
	round := w.roundAnnounced(source)
	w.at("2017-12-12")
	_, err := w.Freeze(w.Context(), w.supervisor(shandong), round.ID, round.Version)
	w.must(err)
	return w.fresh(round)
}

// audits counts the entries of the audit log on the round with the action.
func (w *world) audits(round models.Round, action string) int {
	w.Helper()
	var count int64
	w.must(w.store.Read(w.Context()).Model(&models.AuditEntry{}).Where("object = ? AND object_id = ? AND action = ?", "round", round.ID, action).Count(&count).Error)
	return int(count)
}

func (w *world) openInput(scheme uint64) assessment.RoundInput {
	return assessment.RoundInput{Scheme: scheme, Title: "2017年度考核", SelfUntil: day("2017-12-31")}
}

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()) }

// newVault is an empty vault for the evidence of a test.
func (w *world) newVault() *evidence.Vault {
	w.Helper()
	vault, err := evidence.Open(w.TempDir(), evidence.Limits{}, time.Now())
	w.must(err)
	w.Cleanup(func() { _ = vault.Close() })
	return vault
}

// roundRows prints all that is stored of a round.
func (w *world) roundRows(round models.Round) string {
	w.Helper()
	var all strings.Builder
	db := w.store.Read(w.Context())
	for table, where := range map[string]string{"rounds": "id", "round_assessors": "round_id", "sheets": "round_id", "appeals": "round_id"} {
		var rows []map[string]any
		w.must(db.Table(table).Where(where+" = ?", round.ID).Order("id").Find(&rows).Error)
		fmt.Fprintln(&all, table, rows)
	}
	var marks []map[string]any
	w.must(db.Table("sheet_marks").Where("sheet_id IN (SELECT id FROM sheets WHERE round_id = ?)", round.ID).Order("id").Find(&marks).Error)
	fmt.Fprintln(&all, marks)
	lines := strings.Split(all.String(), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// wordsOf writes the arguments of a refusal.
func wordsOf(err error) string {
	var refusal *models.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return fmt.Sprint(refusal.Args)
}
