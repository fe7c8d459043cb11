package compliance

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/rules"
)

// Settle computes the due dates that were provisional anew, with the notices
// that the calendar has now, and returns how many moved or became final. It is
// run whenever the calendar may have changed.
func (l *Ledger) Settle(ctx context.Context, actor Actor) (int, error) {
	settled := 0
	err := l.write(ctx, actor, func(w *write) error {
		settled = 0
		var rows []models.Duty
		if err := w.tx.Where("provisional = ?", true).Order("id").Find(&rows).Error; err != nil {
			return fmt.Errorf("provisional duties: %w", err)
		}
		for i := range rows {
			moved, err := w.settleDue(&rows[i])
			if err != nil {
				return err
			}
			if moved {
				settled++
			}
		}
		if settled == 0 {
			return nil
		}
		return w.record("settle", "calendar", 0, nil, map[string]any{"duties": settled, "lastYear": w.calendar.LastNoticeYear()})
	})
	return settled, err
}

// settleDue brings the due date of a duty up to date with the calendar.
func (w *write) settleDue(row *models.Duty) (bool, error) {
	lib, err := w.lib()
	if err != nil {
		return false, err
	}
	e, ok := lib.byID[row.ObligationID]
	if !ok {
		return false, fmt.Errorf("duty %d: obligation %d is in no policy", row.ID, row.ObligationID)
	}
	stored := ruleDuty(e, *row)
	now := rules.NewDuty(e.book.policy, e.rule, stored.Period, stored.Start, w.calendar)
	if now.DueOn == row.DueOn && now.Provisional == row.Provisional {
		return false, nil
	}
	row.DueOn, row.Provisional = now.DueOn, now.Provisional
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return false, err
	}
	return true, w.rejudge(lib, row, unit.Path)
}
