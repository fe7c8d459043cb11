package supervision

import (
	"context"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
)

// WithdrawFinding takes a finding back, for a reason, together with the rectification that
// it demanded. Points that it has cost stay as they are: their deduction has a reason of
// its own.
func (d *Desk) WithdrawFinding(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		f, err := findingOf(w, id)
		if err != nil {
			return err
		}
		if err := w.Actor.Allow(manageInspection, f.office); err != nil {
			return err
		}
		switch {
		case !f.row.WithdrawnOn.IsZero():
			return models.NewError(models.Conflict, "findings.is_withdrawn", "On", f.row.WithdrawnOn)
		case f.row.Version != version:
			return models.NewError(models.Stale, "findings.stale")
		}
		reason := strings.TrimSpace(reason)
		var found complaints
		found.text("reason", reason, maxFindingText, true)
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		return f.withdraw(w, reason)
	})
}
