package training

import (
	"context"

	"sundial/server/compliance"
)

// RecordAttendances is recordAttendances as a write of its own.
func (d *Desk) RecordAttendances(ctx context.Context, actor compliance.Actor, entries []AttendanceEntry) ([]EntryOutcome, error) {
	var outcomes []EntryOutcome
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		outcomes, err = w.recordAttendances(entries)
		return err
	})
	return outcomes, err
}

// PreviewAttendances is what a preview says of the entries in one part.
func (d *Desk) PreviewAttendances(ctx context.Context, actor compliance.Actor, entries []AttendanceEntry) ([]EntryOutcome, error) {
	return d.previewAttendances(ctx, actor).look(entries)
}
