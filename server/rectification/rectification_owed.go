package rectification

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Owed is what a unit itself has to put right: how many rectifications wait for its
// answer, when the first of them is due, and whether that day has passed.
type Owed struct {
	Open    int
	DueOn   calendar.Date
	Overdue bool
}

// Owed returns what a unit has to put right, for one round or for 0 at all.
func (d *Desk) Owed(ctx context.Context, actor compliance.Actor, code string, round uint64) (Owed, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readRectification, readRectification, "supervision.unit_unknown")
	if err != nil {
		return Owed{}, err
	}
	query := w.TX.Model(&models.Rectification{}).Where("unit_id = ? AND status = ?", unit.ID, models.RectificationOpen)
	if round != 0 {
		query = query.Where("round_id = ?", round)
	}
	var dues []calendar.Date
	if err := query.Order("due_on").Pluck("due_on", &dues).Error; err != nil {
		return Owed{}, fmt.Errorf("open rectifications of %s: %w", code, store.Translate(err))
	}
	if len(dues) == 0 {
		return Owed{}, nil
	}
	return Owed{Open: len(dues), DueOn: dues[0], Overdue: w.Today > dues[0]}, nil
}

// OwedLines lists what a unit itself has to put right, those due first before the others.
func (d *Desk) OwedLines(ctx context.Context, actor compliance.Actor, code string) ([]Line, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readRectification, readRectification, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	var rows []models.Rectification
	if err := w.TX.Where("unit_id = ? AND status = ?", unit.ID, models.RectificationOpen).Order("due_on, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("open rectifications of %s: %w", code, store.Translate(err))
	}
	origins, err := d.origins(w, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, row := range rows {
		lines[i] = Line{Rectification: row, Unit: unit, Origin: origins[row.ID], Restored: origins[row.ID].Restored(row), Overdue: overdue(row.Status, row.DueOn, w.Today)}
	}
	return lines, nil
}
