package assessment

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/scoring"
	"sundial/server/store"
)

// seenRound returns a round with its office and scheme. It is there for those who read
// scores at its office, and for those who read the score of a unit in it; for others it is
// NotFound. Whole tells that the actor sees all sheets of it.
func (w *write) seenRound(id uint64) (round models.Round, office models.Unit, scheme *scoring.Scheme, whole bool, err error) {
	if round, office, scheme, err = w.roundOf(id); err != nil {
		return
	}
	if whole = w.may(readScore, office); whole {
		return
	}
	var mine int64
	if err = w.seenSheets(round, false).Count(&mine).Error; err != nil {
		err = fmt.Errorf("sheets of round %d: %w", id, store.Translate(err))
	} else if mine == 0 {
		err = models.NewError(models.NotFound, "assessment.round_unknown")
	}
	return
}

// seenSheets begins a query on the sheets s of a round, with their units u, that the actor
// sees: all of them, or those of units whose scores they read.
func (w *write) seenSheets(round models.Round, whole bool) *gorm.DB {
	query := w.tx.Table("sheets s").Joins("JOIN units u ON u.id = s.unit_id").Where("s.round_id = ?", round.ID)
	if whole {
		return query
	}
	return w.actor.Access.Scope(readScore.Object, readScore.Action).Where(query, "u.path")
}

// lockRound returns a round that the actor manages, of the version that was read, and
// keeps all writes to its sheets waiting until this one ends. A round that is frozen is a
// Conflict, another version Stale.
func (w *write) lockRound(id uint64, version int) (models.Round, models.Unit, *scoring.Scheme, error) {
	round, office, scheme, err := w.managedRound(id)
	if err == nil && round.Version != version {
		err = models.NewError(models.Stale, "rounds.stale")
	}
	return round, office, scheme, err
}

// managedRound is lockRound of whatever version.
func (w *write) managedRound(id uint64) (models.Round, models.Unit, *scoring.Scheme, error) {
	round, office, scheme, _, err := w.seenRound(id)
	if err != nil {
		return round, office, nil, err
	}
	if err := w.actor.Allow(manageRound, office); err != nil {
		return round, office, nil, err
	}
	// Again, now that nobody else changes it.
	if err := one(w.locked().Where("id = ?", id), &round, "assessment.round_unknown"); err != nil {
		return round, office, nil, err
	}
	if round.Status == models.RoundFrozen {
		err = models.NewError(models.Conflict, "rounds.frozen", "Round", round.Title, "On", round.FrozenOn)
	}
	return round, office, scheme, err
}

// whileScoring refuses, as a Conflict, what is no longer possible once the result is
// announced.
func whileScoring(round models.Round) error {
	if round.Status == models.RoundScoring {
		return nil
	}
	return models.NewError(models.Conflict, "rounds.announced", "Round", round.Title, "On", round.AnnouncedOn)
}

// saveRound stores what the caller has changed of the round: a version more.
func (w *write) saveRound(round *models.Round) error {
	round.Version++
	if err := w.tx.Save(round).Error; err != nil {
		return fmt.Errorf("round %d: %w", round.ID, err)
	}
	return nil
}
