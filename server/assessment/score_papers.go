package assessment

import (
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/scoring"
	"sundial/server/store"
)

// scoreRound is a round as files of scores see it.
type scoreRound struct {
	round  models.Round
	office models.Unit
	scheme *scoring.Scheme
	// whole tells that the actor reads scores at the office.
	whole bool
}

func (w *write) scoreRound(id uint64) (r scoreRound, err error) {
	r.round, r.office, r.scheme, r.whole, err = w.seenRound(id)
	return r, err
}

// sheetsOf lists the sheets of the round with their units by id: those of units at which
// the actor has the permission, or all.
func (w *write) sheetsOf(r scoreRound, within rbac.Permission, all bool) ([]models.Sheet, map[uint64]models.Unit, error) {
	of := w.tx.Model(&models.Sheet{}).Where("round_id = ?", r.round.ID).Select("unit_id")
	query := w.tx.Where("id IN (?)", of)
	if !all {
		query = w.actor.Access.Scope(within.Object, within.Action).Where(query, "path")
	}
	var units []models.Unit
	if err := query.Order("code").Find(&units).Error; err != nil {
		return nil, nil, fmt.Errorf("units of round %d: %w", r.round.ID, store.Translate(err))
	}
	var stored []models.Sheet
	if err := w.tx.Where("round_id = ?", r.round.ID).Find(&stored).Error; err != nil {
		return nil, nil, fmt.Errorf("sheets of round %d: %w", r.round.ID, store.Translate(err))
	}
	byUnit := make(map[uint64]models.Sheet, len(stored))
	for _, sheet := range stored {
		byUnit[sheet.UnitID] = sheet
	}
	// By the codes of their units, which is the order of the tree.
	sheets, byID := make([]models.Sheet, len(units)), make(map[uint64]models.Unit, len(units))
	for i, unit := range units {
		sheets[i], byID[unit.ID] = byUnit[unit.ID], unit
	}
	return sheets, byID, nil
}

// papersOf returns the papers of sheets of the round, in their order, with one query for
// the marks and one for the duties of each batch.
func (w *write) papersOf(r scoreRound, sheets []models.Sheet, units map[uint64]models.Unit) ([]*paper, error) {
	papers := make([]*paper, 0, len(sheets))
	for start := 0; start < len(sheets); start += batch {
		some, err := w.paperBatch(r, sheets[start:min(start+batch, len(sheets))], units)
		if err != nil {
			return nil, err
		}
		papers = append(papers, some...)
	}
	return papers, nil
}

func (w *write) paperBatch(r scoreRound, sheets []models.Sheet, units map[uint64]models.Unit) ([]*paper, error) {
	ids, unitIDs := make([]uint64, len(sheets)), make([]uint64, len(sheets))
	for i, sheet := range sheets {
		ids[i], unitIDs[i] = sheet.ID, sheet.UnitID
	}
	marks, err := w.marksOf(ids)
	if err != nil {
		return nil, err
	}
	var autos map[uint64]autoDuties
	if r.round.Status == models.RoundScoring {
		if autos, err = w.autosOf(r.round, r.scheme, unitIDs); err != nil {
			return nil, err
		}
	}
	papers := make([]*paper, len(sheets))
	for i, sheet := range sheets {
		p := &paper{sheet: sheet, round: r.round, unit: units[sheet.UnitID], office: r.office, scheme: r.scheme, marks: marks[sheet.ID], autos: autos[sheet.UnitID]}
		if p.card, _ = r.scheme.Card(sheet.Class); p.card == nil {
			return nil, fmt.Errorf("sheet %d: the scheme %s has no class %s", sheet.ID, r.scheme.ID, sheet.Class)
		}
		if r.round.Status != models.RoundScoring {
			if p.autos, err = decodeAutos(sheet); err != nil {
				return nil, err
			}
		}
		papers[i] = p
	}
	return papers, nil
}
