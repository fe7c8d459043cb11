package assessment

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/store"
)

// AddUnit gives a unit of the office's region a sheet in a round that is being scored: one
// that was opened, or got its class, after the round began. That it has one already is no
// error.
func (d *Desk) AddUnit(ctx context.Context, actor compliance.Actor, round uint64, code string) error {
	return d.write(ctx, actor, func(w *write) error {
		of, office, scheme, err := w.managedRound(round)
		if err == nil {
			err = whileScoring(of)
		}
		if err != nil {
			return err
		}
		unit, err := w.candidate(office, code)
		if err != nil {
			return err
		}
		if _, found := scheme.Card(unit.Class); !found {
			return models.InvalidFields([]models.Field{{Name: "unit", Key: "rounds.unit_class", Args: models.Args("Unit", unit.Name, "Class", unit.Class, "Known", classesOf(scheme))}})
		}
		var known int64
		if err := w.tx.Model(&models.Sheet{}).Where("round_id = ? AND unit_id = ?", round, unit.ID).Count(&known).Error; err != nil || known > 0 {
			return store.Translate(err)
		}
		if err := w.addSheets(of, scheme, []models.Unit{unit}); err != nil {
			return err
		}
		return w.record(compliance.Act{Action: "add-unit", Object: "round", ID: round, Unit: &unit, Permission: manageRound, Detail: map[string]any{"class": unit.Class}})
	})
}

// candidate returns the unit below the office that can be scored today.
func (w *write) candidate(office models.Unit, code string) (models.Unit, error) {
	var unit models.Unit
	code = strings.TrimSpace(code)
	err := rbac.Scope{office.Path}.Where(w.tx, "path").Where("code = ? AND id <> ?", code, office.ID).Limit(1).Find(&unit).Error
	switch {
	case err != nil:
		return unit, fmt.Errorf("unit: %w", store.Translate(err))
	case unit.ID == 0:
		return unit, models.InvalidFields([]models.Field{{Name: "unit", Key: "rounds.unit_unknown", Args: models.Args("Value", code, "Office", office.Name)}})
	case !unit.ExistsOn(w.today):
		return unit, models.InvalidFields([]models.Field{{Name: "unit", Key: "rounds.unit_closed", Args: models.Args("Unit", unit.Name)}})
	}
	return unit, nil
}

// TakeOut removes the sheet of a unit from a round that is being scored, with all that was
// entered on it, for a reason: the unit was closed, or is not to be scored. The audit log
// keeps what it came to.
func (d *Desk) TakeOut(ctx context.Context, actor compliance.Actor, round uint64, code, reason string) error {
	return d.write(ctx, actor, func(w *write) error {
		of, office, _, err := w.managedRound(round)
		if err == nil {
			err = whileScoring(of)
		}
		if err != nil {
			return err
		}
		var faults []models.Field
		if reason = strings.TrimSpace(reason); reason == "" {
			faults = append(faults, models.Field{Name: "reason", Key: "filing.required"})
		}
		var sheet models.Sheet
		if err := w.locked().Where("round_id = ? AND unit_id IN (SELECT id FROM units WHERE code = ?)", round, strings.TrimSpace(code)).Limit(1).Find(&sheet).Error; err != nil {
			return fmt.Errorf("sheet of %s: %w", code, err)
		}
		if sheet.ID == 0 {
			faults = append(faults, models.Field{Name: "unit", Key: "rounds.unit_without_sheet", Args: models.Args("Value", code)})
		}
		if err := models.InvalidFields(tooLong(faults, "reason", reason, maxReason)); err != nil {
			return err
		}
		return w.takeOut(of, office, sheet, reason)
	})
}

func (w *write) takeOut(round models.Round, office models.Unit, sheet models.Sheet, reason string) error {
	for _, of := range []any{&models.ScoreFile{}, &models.SheetMark{}} {
		if err := w.tx.Where("sheet_id = ?", sheet.ID).Delete(of).Error; err != nil {
			return fmt.Errorf("what was entered on sheet %d: %w", sheet.ID, err)
		}
	}
	if err := w.tx.Delete(&sheet).Error; err != nil {
		return fmt.Errorf("remove sheet %d: %w", sheet.ID, err)
	}
	// Of the sheet, whose scores only those who score there read in the log.
	return w.record(compliance.Act{Action: "take-out", Object: "sheet", ID: sheet.ID, Unit: &office, Permission: manageRound,
		Before: map[string]any{"unit": sheet.UnitName, "class": sheet.Class, "status": sheet.Status, "self_score": scoreText(sheet.Self), "verified_score": scoreText(sheet.Verified)},
		Detail: map[string]any{"reason": reason, "unit": sheet.UnitName, "round": round.ID}})
}
