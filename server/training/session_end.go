package training

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
)

// CancelSession calls an open session off, with the reason, and its nominations
// with it. One at which somebody was present is a Conflict.
func (d *Desk) CancelSession(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) (*models.TrainingSession, error) {
	var cancelled models.TrainingSession
	err := d.write(ctx, actor, func(w *write) error {
		row, _, office, err := w.openSession(id, version)
		if err != nil {
			return err
		}
		reason := strings.TrimSpace(reason)
		if err := checkReason(reason); err != nil {
			return err
		}
		attended, err := w.attendedCount(id, true)
		if err != nil {
			return err
		}
		if attended > 0 {
			return models.NewError(models.Conflict, "session.attended", "Session", row.Code, "Count", attended)
		}
		cancelled = row
		cancelled.Status, cancelled.CancelReason = models.SessionCancelled, reason
		return w.callOff(office, row, &cancelled)
	})
	return &cancelled, err
}

// callOff stores a cancelled session, whose nominations end.
func (w *write) callOff(office models.Unit, before models.TrainingSession, now *models.TrainingSession) error {
	rows, err := w.standing(before, nil)
	if err != nil {
		return err
	}
	if err := w.end(rows, now.CancelReason); err != nil {
		return err
	}
	now.Seated, now.Waiting = 0, 0
	return w.saveSession("cancel", office, before, now, map[string]any{"reason": now.CancelReason, "people": len(rows)})
}

// MarkHeld closes an open session that is over: not before its last day, which is
// a Conflict. Who was confirmed and has no attendance is recorded as absent.
func (d *Desk) MarkHeld(ctx context.Context, actor compliance.Actor, id uint64, version int) (*models.TrainingSession, error) {
	var held models.TrainingSession
	err := d.write(ctx, actor, func(w *write) error {
		row, _, office, err := w.openSession(id, version)
		if err != nil {
			return err
		}
		if w.today < row.EndOn || w.at.Before(begins(row)) {
			return models.NewError(models.Conflict, "session.not_over", "Session", row.Code, "On", row.EndOn)
		}
		absent, err := w.recordAbsent(row)
		if err != nil {
			return err
		}
		held = row
		held.Status = models.SessionHeld
		return w.saveSession("hold", office, row, &held, map[string]any{"absent": absent})
	})
	return &held, err
}

// recordAbsent records who was confirmed for a locked session and has no
// attendance as absent, and returns how many they are. Who was on no roster that
// day is not expected any more.
func (w *write) recordAbsent(session models.TrainingSession) (int, error) {
	people, err := w.unattended(session)
	if err != nil {
		return 0, err
	}
	entries := make([]AttendanceEntry, len(people))
	for i, id := range people {
		entries[i] = AttendanceEntry{Session: session.ID, Person: id, Source: models.AttendanceByList}
	}
	outcomes, err := w.recordAttendances(entries)
	absent := 0
	for _, o := range outcomes {
		if o.Change == EntryAdded {
			absent++
		}
	}
	return absent, err
}

// unattended returns who was confirmed for a locked session and has no attendance.
func (w *write) unattended(session models.TrainingSession) ([]uint64, error) {
	var people []uint64
	err := w.tx.Model(&models.Nomination{}).Where("session_id = ? AND status = ?", session.ID, models.NominationConfirmed).Order("id").Pluck("person_id", &people).Error
	if err != nil {
		return nil, fmt.Errorf("confirmed nominations: %w", err)
	}
	var attended []uint64
	err = knownNow(w.tx.Model(&models.Attendance{}), "attendances").Where("session_id = ?", session.ID).Pluck("person_id", &attended).Error
	if err != nil {
		return nil, fmt.Errorf("attendances of session: %w", err)
	}
	return slices.DeleteFunc(people, func(id uint64) bool { return slices.Contains(attended, id) }), nil
}

// ReopenSession opens a held session again, with the reason. What was recorded of
// it stays.
func (d *Desk) ReopenSession(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) (*models.TrainingSession, error) {
	var reopened models.TrainingSession
	err := d.write(ctx, actor, func(w *write) error {
		row, _, office, err := w.managedSession(id, version)
		if err != nil {
			return err
		}
		if row.Status != models.SessionHeld {
			return models.NewError(models.Conflict, "session.not_held", "Session", row.Code)
		}
		reason := strings.TrimSpace(reason)
		if err := checkReason(reason); err != nil {
			return err
		}
		reopened = row
		reopened.Status = models.SessionOpen
		return w.saveSession("reopen-session", office, row, &reopened, map[string]any{"reason": reason})
	})
	return &reopened, err
}
