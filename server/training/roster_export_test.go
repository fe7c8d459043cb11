package training

import (
	"context"

	"sundial/server/compliance"
)

// EnterStaff is enterStaff in a write of its own.
func (d *Desk) EnterStaff(ctx context.Context, actor compliance.Actor, entries []StaffEntry) (outcomes []EntryOutcome, err error) {
	err = d.write(ctx, actor, func(w *write) error {
		outcomes, err = w.enterStaff(entries)
		return err
	})
	return outcomes, err
}

// PreviewStaff is what EnterStaff would make of the batches, one after the other.
func (d *Desk) PreviewStaff(ctx context.Context, actor compliance.Actor, batches ...[]StaffEntry) ([]EntryOutcome, error) {
	plan, err := d.look(ctx, actor).newStaffPlan()
	if err != nil {
		return nil, err
	}
	var all []EntryOutcome
	for _, entries := range batches {
		outcomes, err := plan.previewStaff(entries)
		if err != nil {
			return nil, err
		}
		all = append(all, outcomes...)
	}
	return all, nil
}
