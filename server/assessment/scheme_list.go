package assessment

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// SchemeLine is an edition of a scheme in a list: whose it is, and the round that was
// opened with it, if any. Manages tells that the reader may copy it, and change it while
// it is a draft.
type SchemeLine struct {
	models.ScoringScheme
	Office  models.Unit
	Round   *models.Round
	Manages bool
}

// Schemes lists the schemes of the unit and those of the offices above it that score it,
// the latest year first and of each scheme the latest edition first. Drafts are only for
// who may manage them. A unit whose schemes the actor may not read is NotFound.
func (d *Desk) Schemes(ctx context.Context, actor compliance.Actor, unit models.Unit) ([]SchemeLine, error) {
	w := d.look(ctx, actor)
	unit, err := w.unit(unit.Code, readScheme, readScheme)
	if err != nil {
		return nil, err
	}
	offices, err := w.lineage(unit)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, 0, len(offices))
	for id := range offices {
		ids = append(ids, id)
	}
	var rows []models.ScoringScheme
	if err := w.tx.Omit("source").Where("unit_id IN ?", ids).Order("year DESC, code, edition DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("schemes of unit %s: %w", unit.Code, store.Translate(err))
	}
	var lines []SchemeLine
	for _, row := range rows {
		line := SchemeLine{ScoringScheme: row, Office: offices[row.UnitID], Manages: w.may(manageScheme, offices[row.UnitID])}
		if row.Status == models.SchemeFrozen || line.Manages {
			lines = append(lines, line)
		}
	}
	return lines, w.addRounds(lines)
}

// lineage returns the unit and all above it by their ids.
func (w *write) lineage(unit models.Unit) (map[uint64]models.Unit, error) {
	var units []models.Unit
	if err := w.tx.Where("path IN ?", pathsTo(unit.Path)).Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units above %s: %w", unit.Code, store.Translate(err))
	}
	byID := make(map[uint64]models.Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	return byID, nil
}

// pathsTo lists the path and those of all units above: /1/12/ lies below /1/.
func pathsTo(path string) []string {
	var paths []string
	for end := range path {
		if end > 0 && path[end] == '/' {
			paths = append(paths, path[:end+1])
		}
	}
	return paths
}

func (w *write) addRounds(lines []SchemeLine) error {
	ids := make([]uint64, len(lines))
	for i, line := range lines {
		ids[i] = line.ID
	}
	var rounds []models.Round
	if err := w.tx.Where("scheme_id IN ?", ids).Find(&rounds).Error; err != nil {
		return fmt.Errorf("rounds of schemes: %w", store.Translate(err))
	}
	byScheme := make(map[uint64]*models.Round, len(rounds))
	for n := range rounds {
		byScheme[rounds[n].SchemeID] = &rounds[n]
	}
	for n := range lines {
		lines[n].Round = byScheme[lines[n].ID]
	}
	return nil
}

// readableScheme returns a scheme that the actor may read with its office, found by the
// query: frozen ones are for all who may read schemes in the office's subtree or above it,
// drafts for who may manage them. Others are NotFound.
func (w *write) readableScheme(query *gorm.DB) (models.ScoringScheme, models.Unit, error) {
	var row models.ScoringScheme
	var office models.Unit
	if err := one(query, &row, "assessment.scheme_unknown"); err != nil {
		return row, office, err
	}
	if err := one(w.tx.Where("id = ?", row.UnitID), &office, "assessment.scheme_unknown"); err != nil {
		return row, office, err
	}
	if w.may(manageScheme, office) || row.Status == models.SchemeFrozen && w.reads(office) {
		return row, office, nil
	}
	return models.ScoringScheme{}, models.Unit{}, models.NewError(models.NotFound, "assessment.scheme_unknown")
}

// reads tells whether the actor may read the frozen schemes of the office: by a grant
// there or above, or to a unit that it may score.
func (w *write) reads(office models.Unit) bool {
	for _, path := range w.actor.Access.Scope(readScheme.Object, readScheme.Action) {
		if strings.HasPrefix(path, office.Path) || strings.HasPrefix(office.Path, path) {
			return true
		}
	}
	return false
}
