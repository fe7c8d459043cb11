package compliance

import (
	"context"
	"errors"

	"sundial/models"
)

// MaxBulk is the largest number of reports that are accepted at once.
const MaxBulk = 100

// Choice is a report that an officer has seen and chosen.
type Choice struct {
	Report  uint64
	Version int
}

// Accepted is what came of one choice: the report, or why it was refused.
type Accepted struct {
	Choice
	// Item is the report with its duty as it is now; nil when the actor may not see
	// it.
	Item    *QueueItem
	Refusal *models.Error
}

// VerifyMany accepts the reports one by one, each in a transaction of its own
// with the version that was seen: one that is refused does not hold up the others.
// More than MaxBulk, and none at all, are Invalid. An error that is not the
// actor's ends it; what was accepted before stays accepted.
func (l *Ledger) VerifyMany(ctx context.Context, actor Actor, choices []Choice) ([]Accepted, error) {
	switch {
	case len(choices) == 0:
		return nil, models.InvalidFields([]models.Field{{Name: "report", Key: "report.none_chosen"}})
	case len(choices) > MaxBulk:
		return nil, models.InvalidFields([]models.Field{{Name: "report", Key: "report.too_many_chosen", Args: models.Args("Count", len(choices), "Max", MaxBulk)}})
	}
	scope := actor.Access.Scope("report", "read")
	results := make([]Accepted, 0, len(choices))
	for _, choice := range choices {
		result := Accepted{Choice: choice}
		_, err := l.Verify(ctx, actor, choice.Report, choice.Version)
		if err != nil && (!errors.As(err, &result.Refusal) || result.Refusal.Code == models.Unavailable) {
			return results, err
		}
		result.Item, err = l.QueueItem(ctx, actor, scope, choice.Report)
		if err != nil && !models.IsCode(err, models.NotFound) {
			return results, err
		}
		results = append(results, result)
	}
	return results, nil
}
