package compliance

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// RotationWindows returns, per unit, the windows of its rotation duties that
// contain the day; duties that are withdrawn or exempt ask nobody. Units without
// one are missing in the result.
func (l *Ledger) RotationWindows(db *gorm.DB, units []uint64, day calendar.Date) (map[uint64][]rules.Span, error) {
	windows := map[uint64][]rules.Span{}
	if len(units) == 0 {
		return windows, nil
	}
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	rotations := lib.rotations()
	for chunk := range slices.Chunk(units, batch) {
		var rows []models.Duty
		err := db.Where("unit_id IN ? AND obligation_id IN ? AND outcome NOT IN ?", chunk, rotations, []models.Outcome{models.Withdrawn, models.Exempt}).
			Order("id").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("rotation duties: %w", store.Translate(err))
		}
		for _, row := range rows {
			e, err := lib.of(row)
			if err != nil {
				return nil, err
			}
			if span := ruleDuty(e, row).Period.Span; e.rule.Rotation != nil && span.Contains(day) && !slices.Contains(windows[row.UnitID], span) {
				windows[row.UnitID] = append(windows[row.UnitID], span)
			}
		}
	}
	return windows, nil
}
