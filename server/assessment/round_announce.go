package assessment

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// unreadyShown is how many of the sheets that are not ready a refusal names.
const unreadyShown = 20

// Announce makes the result of a round known: totals become final, the duties that auto
// indicators were scored by and the names of units are kept as they are today, and units
// may appeal from then on. While a sheet is not verified, or misses a mark, it is a
// Conflict whose fields name those sheets, the first ones of many.
func (d *Desk) Announce(ctx context.Context, actor compliance.Actor, round uint64, version int) (*models.Round, error) {
	var announced models.Round
	err := d.write(ctx, actor, func(w *write) error {
		row, office, scheme, err := w.managedRound(round)
		if err != nil {
			return err
		}
		// Before the version: a second click is told what the first one did.
		if err := whileScoring(row); err != nil {
			return err
		}
		if row.Version != version {
			return models.NewError(models.Stale, "rounds.stale")
		}
		announced = row
		return w.announce(&announced, office, scheme)
	})
	return &announced, err
}

func (w *write) announce(round *models.Round, office models.Unit, scheme *scoring.Scheme) error {
	if err := w.refuseUnready(*round); err != nil {
		return err
	}
	sheets, err := w.finish(*round, scheme)
	if err != nil {
		return err
	}
	if sheets == 0 {
		return models.NewError(models.Conflict, "rounds.empty")
	}
	before := roundFacts(*round)
	round.Status, round.AnnouncedBy, round.AnnouncedAt, round.AnnouncedOn = models.RoundAnnounced, w.by(), &w.at, w.today
	if err := w.saveRound(round); err != nil {
		return err
	}
	err = w.record(compliance.Act{Action: "announce", Object: "round", ID: round.ID, Unit: &office, Permission: manageRound, Before: before, Now: roundFacts(*round),
		Detail: map[string]any{"units": sheets}})
	if err != nil {
		return err
	}
	return w.tellAnnounced(*round, office, scheme)
}

// unready are the sheets s of the round that cannot be announced yet.
func (w *write) unready(round models.Round) *gorm.DB {
	return w.tx.Model(&models.Sheet{}).Where("round_id = ? AND (status <> ? OR missing > 0)", round.ID, models.SheetVerified)
}

func (w *write) refuseUnready(round models.Round) error {
	var count int64
	if err := w.unready(round).Count(&count).Error; err != nil || count == 0 {
		return store.Translate(err)
	}
	var sheets []models.Sheet
	if err := w.unready(round).Order("class, id").Limit(unreadyShown).Find(&sheets).Error; err != nil {
		return fmt.Errorf("sheets of round %d: %w", round.ID, store.Translate(err))
	}
	refusal := models.NewError(models.Conflict, "rounds.unready", "Count", count)
	for _, sheet := range sheets {
		key := "rounds.unready_" + string(sheet.Status)
		if sheet.Status == models.SheetVerified {
			key = "rounds.unready_missing"
		}
		refusal.Fields = append(refusal.Fields, models.Field{Name: fmt.Sprintf("sheets[%d]", sheet.ID), Key: key,
			Args: models.Args("Unit", sheet.UnitName, "Class", sheet.Class, "Missing", sheet.Missing)})
	}
	return refusal
}

// finish keeps the sheets as they are today, and counts them.
func (w *write) finish(round models.Round, scheme *scoring.Scheme) (int, error) {
	autos, err := w.autosOf(round, scheme, w.tx.Model(&models.Sheet{}).Where("round_id = ?", round.ID).Select("unit_id"))
	if err != nil {
		return 0, err
	}
	count := 0
	err = w.eachBatch(round, func(sheets []models.Sheet) error {
		count += len(sheets)
		if err := w.nameUnits(sheets); err != nil {
			return err
		}
		return w.rescoreAll(round, scheme, sheets, autos)
	})
	return count, err
}

// nameUnits stores with sheets the names that their units have today.
func (w *write) nameUnits(sheets []models.Sheet) error {
	units, err := w.unitsByID(unitsOf(sheets))
	if err != nil {
		return err
	}
	for i := range sheets {
		sheet, unit := &sheets[i], units[sheets[i].UnitID]
		if sheet.UnitName == unit.Name && sheet.UnitNameEN == unit.NameEN {
			continue
		}
		sheet.UnitName, sheet.UnitNameEN = unit.Name, unit.NameEN
		if err := w.tx.Model(&models.Sheet{ID: sheet.ID}).Updates(map[string]any{"unit_name": unit.Name, "unit_name_en": unit.NameEN}).Error; err != nil {
			return fmt.Errorf("name of sheet %d: %w", sheet.ID, err)
		}
	}
	return nil
}
