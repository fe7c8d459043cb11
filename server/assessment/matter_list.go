package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// RoundAppeals counts the appeals of a unit in a round that are not withdrawn.
type RoundAppeals struct {
	Round models.Round
	// Outcomes are counts by status, or AppealInPart.
	Outcomes map[string]int
}

// Of counts the appeals.
func (a RoundAppeals) Of() int {
	of := 0
	for _, count := range a.Outcomes {
		of += count
	}
	return of
}

// RoundAppeals returns what has become of the appeals of a unit whose scores the actor
// reads, by round, the latest first: of one round, or for 0 of all that are not frozen.
func (d *Desk) RoundAppeals(ctx context.Context, actor compliance.Actor, code string, round uint64) ([]RoundAppeals, error) {
	w := d.look(ctx, actor)
	unit, err := w.unit(code, readScore, readScore)
	if err != nil {
		return nil, err
	}
	return w.roundAppeals(unit, round)
}

func (w *write) roundAppeals(unit models.Unit, round uint64) ([]RoundAppeals, error) {
	query := w.tx.Where("id IN (?)", w.tx.Model(&models.Appeal{}).Select("round_id").Where("unit_id = ? AND ended = 0", unit.ID))
	if round != 0 {
		query = query.Where("id = ?", round)
	} else {
		query = query.Where("status = ?", models.RoundAnnounced)
	}
	var rounds []models.Round
	if err := query.Order("year DESC, id DESC").Find(&rounds).Error; err != nil {
		return nil, fmt.Errorf("rounds with appeals of %s: %w", unit.Code, store.Translate(err))
	}
	var list []RoundAppeals
	for _, of := range rounds {
		var rows []models.Appeal
		if err := w.tx.Where("round_id = ? AND unit_id = ? AND ended = 0", of.ID, unit.ID).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("appeals of %s: %w", unit.Code, store.Translate(err))
		}
		appeals := RoundAppeals{Round: of, Outcomes: map[string]int{}}
		for _, row := range rows {
			// Without a mark nothing was decided on it.
			var marks []models.SheetMark
			if err := w.tx.Where("sheet_id = ? AND indicator = ?", row.SheetID, row.Indicator).Find(&marks).Error; err != nil {
				return nil, fmt.Errorf("mark of appeal %d: %w", row.ID, store.Translate(err))
			}
			appeals.Outcomes[appealOutcome(row, append(marks, models.SheetMark{})[0])]++
		}
		list = append(list, appeals)
	}
	return list, nil
}
