package compliance

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
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
		if err := w.tx.Where("provisional = ? AND outcome <> ?", true, models.Withdrawn).Order("id").Find(&rows).Error; err != nil {
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
		lib, err := w.lib()
		if err != nil {
			return err
		}
		return w.record(event{action: "settle", object: "calendar", detail: map[string]any{"duties": settled, "last_year": lib.calendar.LastNoticeYear()}})
	})
	return settled, err
}

// dueAgain returns the duty with its due date counted anew, by the edition of e
// and the calendar; a later date that the office granted goes before.
func dueAgain(e entry, row models.Duty, cal *calendar.Calendar) rules.Duty {
	stored := ruleDuty(e, row)
	counted := rules.NewDuty(e.policy, e.rule, stored.Period, stored.Start, cal)
	if row.ExtendedTo > counted.DueOn && !counted.DueOn.IsZero() {
		counted.DueOn, counted.Provisional = row.ExtendedTo, false
	}
	return counted
}

// settleDue brings the due date of a duty up to date with the calendar.
func (w *write) settleDue(row *models.Duty) (bool, error) {
	lib, err := w.lib()
	if err != nil {
		return false, err
	}
	e, err := lib.of(*row)
	if err != nil {
		return false, err
	}
	now := dueAgain(e, *row, lib.calendar)
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
