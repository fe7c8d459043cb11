package training

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
)

// attendanceUnknown is the refusal of an attendance that is not there, or that
// the actor does not see.
const attendanceUnknown = "attendance.unknown"

// RemoveAttendance takes back an attendance that was recorded by mistake, with the
// reason, and returns the session: nothing is known any more of the person in it.
// One that has been corrected or removed since is Stale.
func (d *Desk) RemoveAttendance(ctx context.Context, actor compliance.Actor, id uint64, reason string) (session uint64, err error) {
	err = d.write(ctx, actor, func(w *write) error {
		row, err := attendanceByID(w.tx, id)
		if err != nil {
			return err
		}
		held, _, err := w.lockSession(row.SessionID)
		if err != nil {
			return err
		}
		office, err := w.office(held.UnitID, recordAttendance, attendanceUnknown)
		if err != nil {
			return err
		}
		reason := strings.TrimSpace(reason)
		if err := checkReason(reason); err != nil {
			return err
		}
		session = held.ID
		return w.removeAttendance(row, held, office, reason)
	})
	return session, err
}

func (w *write) removeAttendance(row models.Attendance, session models.TrainingSession, office models.Unit, reason string) error {
	book := w.attendanceBook()
	if err := book.learn([]AttendanceEntry{{Session: row.SessionID, Person: row.PersonID}}); err != nil {
		return err
	}
	person := book.people[row.PersonID]
	if person == nil || person.attendances[session.ID] == nil || person.attendances[session.ID].ID != row.ID {
		return models.NewError(models.Stale, "attendance.stale")
	}
	change := attendanceChange{before: person.attendances[session.ID]}
	if err := w.reviseAttendances([]attendanceChange{change}); err != nil {
		return err
	}
	w.touch(book.unitsOf(change)...)
	return w.record(event{action: "remove-attendance", object: "attendance", id: row.ID, unit: &office, permission: recordAttendance, before: attendanceFacts(*change.before),
		detail: map[string]any{"session": session.Code, "person": person.Name, "number": person.Code(), "reason": reason}})
}

// attendanceByID returns an attendance; one that is not there is NotFound.
func attendanceByID(db *gorm.DB, id uint64) (models.Attendance, error) {
	var row models.Attendance
	err := db.Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, models.NewError(models.NotFound, attendanceUnknown)
	}
	if err != nil {
		return row, fmt.Errorf("attendance: %w", err)
	}
	return row, nil
}

func attendanceFacts(a models.Attendance) map[string]any {
	facts := map[string]any{"on": a.On, "present": a.Present, "score": a.Score}
	if a.Passed != nil {
		facts["passed"] = *a.Passed
	}
	return facts
}
