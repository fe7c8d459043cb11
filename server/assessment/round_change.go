package assessment

import (
	"context"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// RoundDates are what can be changed of a round while it is being scored. SelfUntil and
// AsOf are as in RoundInput.
type RoundDates struct {
	Title     string
	SelfUntil calendar.Date
	AsOf      calendar.Date
}

// ChangeRound sets the title and the dates of a round of the version that was read, while
// it is being scored.
func (d *Desk) ChangeRound(ctx context.Context, actor compliance.Actor, round uint64, version int, dates RoundDates) (*models.Round, error) {
	var changed models.Round
	err := d.write(ctx, actor, func(w *write) error {
		row, office, _, err := w.lockRound(round, version)
		if err == nil {
			err = whileScoring(row)
		}
		if err != nil {
			return err
		}
		if err := models.InvalidFields(dates.faults(row, w.today)); err != nil {
			return err
		}
		changed = row
		changed.Title, changed.SelfUntil, changed.AsOf = strings.TrimSpace(dates.Title), dates.SelfUntil, dates.AsOf
		if err := w.saveRound(&changed); err != nil {
			return err
		}
		return w.record(compliance.Act{Action: "edit", Object: "round", ID: row.ID, Unit: &office, Permission: manageRound, Before: roundFacts(row), Now: roundFacts(changed)})
	})
	return &changed, err
}

// faults tells what is wrong with the dates. A last day of self scoring that has passed
// may stay, but not be set.
func (d RoundDates) faults(round models.Round, today calendar.Date) []models.Field {
	if d.SelfUntil == round.SelfUntil && !d.SelfUntil.IsZero() {
		today = min(today, d.SelfUntil)
	}
	return RoundInput{Title: d.Title, SelfUntil: d.SelfUntil, AsOf: d.AsOf}.faults(round.Year, today)
}
