package compliance

import (
	"context"
	"fmt"
	"time"

	"sundial/models"
	"sundial/server/store"
)

// MaxLevels is how many offices at most accept a report before it counts.
const MaxLevels = 2

// SetLevels sets how many offices accept a report of the policy before it counts:
// 1, or 2 where the unit's office is not the topmost one. Reports that wait go on
// by what is set when they are decided on. Any other number is Invalid; an actor
// who may not activate policies for all units of the region is Forbidden.
func (l *Ledger) SetLevels(ctx context.Context, actor Actor, code string, levels int) error {
	if levels < 1 || levels > MaxLevels {
		return models.InvalidFields([]models.Field{{Name: "levels", Key: "policy.bad_levels", Args: models.Args("Max", MaxLevels)}})
	}
	return l.write(ctx, actor, func(w *write) error {
		_, b, err := w.bindable(code)
		if err != nil {
			return err
		}
		row, err := w.lockPolicy(b)
		if err != nil || row.Levels == levels {
			return err
		}
		before := policyFacts(*row)
		row.Levels = levels
		if err := w.tx.Model(row).Update("levels", levels).Error; err != nil {
			return fmt.Errorf("store policy: %w", err)
		}
		return w.record(event{action: "set_levels", object: "policy", id: row.ID, before: before, now: policyFacts(*row), detail: map[string]any{"code": code}})
	})
}

// EditionView is an edition of a policy: when, by whom and why it was loaded.
type EditionView struct {
	Number   int
	LoadedAt time.Time
	// LoadedBy is empty for what the program loaded itself.
	LoadedBy string
	// Reason is empty for the first edition.
	Reason string
}

// Editions returns the editions of the policy, the latest first. An unknown
// policy is NotFound.
func (l *Ledger) Editions(ctx context.Context, code string) ([]EditionView, error) {
	db := l.store.Read(ctx)
	var rows []struct {
		models.PolicyEdition
		Name string
	}
	err := db.Table("policy_editions e").Select("e.policy_id, e.edition, e.reason, e.loaded_at, u.name").
		Joins("JOIN policies p ON p.id = e.policy_id AND p.code = ?", code).Joins("LEFT JOIN users u ON u.id = e.loaded_by").
		Order("e.edition DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", code, store.Translate(err))
	}
	if len(rows) == 0 {
		return nil, models.NewError(models.NotFound, "policy.unknown", "Policy", code)
	}
	views := make([]EditionView, len(rows))
	for i, row := range rows {
		views[i] = EditionView{row.Edition, row.LoadedAt, row.Name, row.Reason}
	}
	return views, nil
}

// Source returns the pack of an edition of the policy as it was loaded; 0 is the
// latest. An unknown one is NotFound.
func (l *Ledger) Source(ctx context.Context, code string, edition int) (string, error) {
	query := l.store.Read(ctx).Joins("JOIN policies p ON p.id = policy_editions.policy_id AND p.code = ?", code)
	if edition != 0 {
		query = query.Where("policy_editions.edition = ?", edition)
	}
	var row models.PolicyEdition
	if err := one(query.Order("policy_editions.edition DESC"), &row, "edition"); models.IsCode(err, models.NotFound) {
		return "", models.NewError(models.NotFound, "policy.unknown", "Policy", code)
	} else if err != nil {
		return "", err
	}
	return row.Source, nil
}
