package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// Freeze closes an announced round for good: nothing of it changes any more. It is a
// Conflict while units may still appeal, naming the last day, or while appeals wait for a
// decision, naming their number.
func (d *Desk) Freeze(ctx context.Context, actor compliance.Actor, round uint64, version int) (*models.Round, error) {
	var frozen models.Round
	err := d.write(ctx, actor, func(w *write) error {
		row, office, scheme, err := w.lockRound(round, version)
		if err != nil {
			return err
		}
		frozen = row
		return w.freeze(&frozen, office, scheme)
	})
	return &frozen, err
}

func (w *write) freeze(round *models.Round, office models.Unit, scheme *scoring.Scheme) error {
	if round.Status == models.RoundScoring {
		return models.NewError(models.Conflict, "rounds.not_announced")
	}
	if err := w.refuseOpenAppeals(*round, scheme); err != nil {
		return err
	}
	before := roundFacts(*round)
	round.Status, round.FrozenBy, round.FrozenAt, round.FrozenOn = models.RoundFrozen, w.by(), &w.at, w.today
	if err := w.saveRound(round); err != nil {
		return err
	}
	return w.record(compliance.Act{Action: "freeze", Object: "round", ID: round.ID, Unit: &office, Permission: manageRound, Before: before, Now: roundFacts(*round)})
}

// refuseOpenAppeals tells why an announced round cannot be frozen yet.
func (w *write) refuseOpenAppeals(round models.Round, scheme *scoring.Scheme) error {
	until, provisional, over, err := w.appealsOver(round, scheme)
	switch {
	case err != nil:
		return err
	case provisional:
		return models.NewError(models.Conflict, "rounds.appeals_provisional", "Until", until, "Year", until.Year())
	case !over:
		return models.NewError(models.Conflict, "rounds.appeals_open", "Until", until)
	}
	waiting, err := w.appealsWaiting(round)
	if err == nil && waiting > 0 {
		err = models.NewError(models.Conflict, "rounds.appeals_waiting", "Count", waiting)
	}
	return err
}

// appealsOver tells the last day on which units may appeal against an announced round: so
// many working days after the announcement, by the calendar as it is now. It is
// provisional while a day of the term lies in a year without a notice; the term is not
// over then.
func (w *write) appealsOver(round models.Round, scheme *scoring.Scheme) (until calendar.Date, provisional, over bool, err error) {
	days, err := w.ledger.Calendar(w.tx.Statement.Context)
	if err != nil {
		return 0, false, false, err
	}
	until, provisional = days.AddWorkingDays(round.AnnouncedOn, scheme.AppealDays)
	return until, provisional, !provisional && w.today > until, nil
}

// appealsWaiting counts the appeals of a round that wait for a decision.
func (w *write) appealsWaiting(round models.Round) (int, error) {
	var count int64
	if err := w.tx.Model(&models.Appeal{}).Where("round_id = ? AND status = ?", round.ID, models.AppealFiled).Count(&count).Error; err != nil {
		return 0, fmt.Errorf("appeals of round %d: %w", round.ID, store.Translate(err))
	}
	return int(count), nil
}
