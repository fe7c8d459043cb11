package assessment_test

import (
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
)

// selfScored has the unit's reporter enter points for the indicators, pairs of id and
// points, as the marks stand now.
func (w *world) selfScored(sheet models.Sheet, unit string, pairs ...string) {
	w.Helper()
	for i := 0; i < len(pairs); i += 2 {
		_, err := w.PutSelf(w.Context(), w.reporter(unit), sheet.ID, w.mark(sheet, pairs[i]).Version, assessment.SelfInput{Indicator: pairs[i], Points: pairs[i+1]})
		w.must(err)
	}
}

// submitted has the unit score both awards of the plain scheme and hand in.
func (w *world) submitted(sheet models.Sheet, unit string) {
	w.Helper()
	w.selfScored(sheet, unit, "staff", "20", "data", "25")
	w.must(w.Submit(w.Context(), w.reporter(unit), sheet.ID, w.again(sheet).Version))
}

// scored has the office enter points with a reason.
func (w *world) scored(sheet models.Sheet, pairs ...string) {
	w.Helper()
	for i := 0; i < len(pairs); i += 2 {
		w.must(w.putMark(w.supervisor(shandong), sheet, assessment.MarkInput{Indicator: pairs[i], Points: pairs[i+1], Reason: "核查发现问题"}))
	}
}

// putMark enters a mark as it stands now.
func (w *world) putMark(actor compliance.Actor, sheet models.Sheet, in assessment.MarkInput) error {
	_, err := w.PutMark(w.Context(), actor, sheet.ID, w.mark(sheet, in.Indicator).Version, in)
	return err
}

// mark is what is stored for an indicator, the zero mark when nothing is.
func (w *world) mark(sheet models.Sheet, indicator string) models.SheetMark {
	w.Helper()
	var row models.SheetMark
	w.must(w.store.Read(w.Context()).Where("sheet_id = ? AND indicator = ?", sheet.ID, indicator).Limit(1).Find(&row).Error)
	return row
}

// again is the sheet as it is stored now.
func (w *world) again(sheet models.Sheet) models.Sheet {
	w.Helper()
	var row models.Sheet
	w.must(w.store.Read(w.Context()).Take(&row, sheet.ID).Error)
	return row
}

// view is the sheet as the actor sees it.
func (w *world) view(actor compliance.Actor, sheet models.Sheet) *assessment.SheetView {
	w.Helper()
	v, err := w.Sheet(w.Context(), actor, sheet.ID)
	w.must(err)
	return v
}

// assigned gives an assessor of Shandong a class of the round.
func (w *world) assigned(round models.Round, class string) compliance.Actor {
	w.Helper()
	actor := w.assessor(shandong)
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		return tx.Create(&models.RoundAssessor{RoundID: round.ID, UserID: actor.ID, Class: class}).Error
	}))
	return actor
}

// setRound sets columns of a round, whatever they were.
func (w *world) setRound(round models.Round, columns map[string]any) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Model(&round).Updates(columns).Error }))
}
