package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// OwedSheet is a sheet that its unit has to hand in.
type OwedSheet struct {
	models.Sheet
	Round  models.Round
	Office models.Unit
}

// OwedSheets returns the sheets that a unit, whose scores the actor reads, has to hand in
// and still can, the first to be handed in before the others.
func (d *Desk) OwedSheets(ctx context.Context, actor compliance.Actor, code string) ([]OwedSheet, error) {
	w := d.look(ctx, actor)
	unit, err := w.unit(code, readScore, readScore)
	if err != nil {
		return nil, err
	}
	var rounds []models.Round
	err = w.tx.Where("status = ? AND self_until >= ? AND id IN (?)", models.RoundScoring, w.today,
		w.tx.Model(&models.Sheet{}).Select("round_id").Where("unit_id = ? AND status = ?", unit.ID, models.SheetSelf)).Order("self_until, id").Find(&rounds).Error
	if err != nil {
		return nil, fmt.Errorf("rounds that wait for %s: %w", code, store.Translate(err))
	}
	list := make([]OwedSheet, len(rounds))
	for i, round := range rounds {
		list[i].Round = round
		if err := one(w.tx.Where("round_id = ? AND unit_id = ?", round.ID, unit.ID), &list[i].Sheet, "assessment.sheet_unknown"); err != nil {
			return nil, err
		}
		if err := one(w.tx.Where("id = ?", round.UnitID), &list[i].Office, "assessment.unit_unknown"); err != nil {
			return nil, err
		}
	}
	return list, nil
}
