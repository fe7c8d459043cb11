package training

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
)

// EditSession changes an open session that has the version. Its days and times
// stay once somebody's attendance is recorded, and where somebody who is
// nominated could not come any more; its capacity does not fall below the seats
// taken, and more seats go to who waits, who are returned.
func (d *Desk) EditSession(ctx context.Context, actor compliance.Actor, id uint64, version int, input SessionInput) (*models.TrainingSession, []models.Person, error) {
	var edited models.TrainingSession
	var up []models.Person
	err := d.write(ctx, actor, func(w *write) error {
		row, _, office, err := w.openSession(id, version)
		if err != nil {
			return err
		}
		if edited, err = w.edited(row, input); err != nil {
			return err
		}
		if err := w.mayEdit(row, edited, office); err != nil {
			return err
		}
		if err := w.saveSession("edit", office, row, &edited, nil); err != nil {
			return err
		}
		up, err = w.moveUp(&edited)
		return err
	})
	return &edited, up, err
}

// openSession locks an open session that the actor manages and that has the
// version.
func (w *write) openSession(id uint64, version int) (models.TrainingSession, models.Course, models.Unit, error) {
	row, course, office, err := w.managedSession(id, version)
	if err == nil && row.Status != models.SessionOpen {
		err = notOpen(row)
	}
	return row, course, office, err
}

// managedSession locks a session that the actor manages and that has the version.
func (w *write) managedSession(id uint64, version int) (models.TrainingSession, models.Course, models.Unit, error) {
	row, course, err := w.lockSession(id)
	if err != nil {
		return row, course, models.Unit{}, err
	}
	office, err := w.office(row.UnitID, manageCourse, sessionUnknown)
	if err == nil && row.Version != version {
		err = models.NewError(models.Stale, "session.stale", "Session", row.Code)
	}
	return row, course, office, err
}

// edited returns the session as the input has it.
func (w *write) edited(row models.TrainingSession, input SessionInput) (models.TrainingSession, error) {
	edited, err := input.session(w.today)
	if err != nil {
		return edited, err
	}
	if edited.RegionID, err = w.region(input.Region); err != nil {
		return edited, err
	}
	if edited.Code == "" {
		edited.Code = row.Code
	}
	edited.ID, edited.CourseID, edited.UnitID, edited.Status = row.ID, row.CourseID, row.UnitID, row.Status
	edited.Seated, edited.Waiting = row.Seated, row.Waiting
	return edited, w.freeCode(&models.TrainingSession{}, edited.Code, row.ID)
}

func (w *write) mayEdit(before, now models.TrainingSession, office models.Unit) error {
	var f faults
	taken, err := w.takenSeats(before)
	if err != nil {
		return err
	}
	if now.Capacity < taken {
		f.add("capacity", "session.seats_taken", "Value", now.Capacity, "Seated", taken)
		return f.err()
	}
	same := before.StartOn == now.StartOn && before.EndOn == now.EndOn && before.StartMinute == now.StartMinute && before.EndMinute == now.EndMinute
	if same {
		return nil
	}
	attended, err := w.attendedCount(before.ID, false)
	if err != nil {
		return err
	}
	if attended > 0 {
		f.add("start_on", "session.days_settled", "Count", attended)
		return f.err()
	}
	return w.allCanCome(now, office)
}

// allCanCome refuses new days of a session on which somebody who is nominated is
// not on a roster or is expected elsewhere.
func (w *write) allCanCome(session models.TrainingSession, office models.Unit) error {
	rows, err := w.standing(session, nil)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := personIDs(rows)
	if _, err := w.lockPeople(ids); err != nil {
		return err
	}
	c, err := w.candidacyOf(w.tx, w.actor, session, office, ids, session.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, id := range ids {
		if c.refusal(id) != nil {
			names = append(names, c.people[id].Name)
		}
	}
	var f faults
	if len(names) > 0 {
		f.add("start_on", "session.people_cannot", "Count", len(names), "Names", names[:min(len(names), namesAtMost)])
	}
	return f.err()
}

// attendedCount returns how many people have an attendance of the session, as
// known now; of those who were there, when present.
func (w *write) attendedCount(session uint64, present bool) (int, error) {
	query := knownNow(w.tx.Model(&models.Attendance{}), "attendances").Where("session_id = ?", session)
	if present {
		query = query.Where("present = ?", true)
	}
	var count int64
	if err := query.Count(&count).Error; err != nil {
		return 0, fmt.Errorf("attendances of session: %w", err)
	}
	return int(count), nil
}

// saveSession stores a changed session with its audit entry.
func (w *write) saveSession(action string, office models.Unit, before models.TrainingSession, now *models.TrainingSession, detail map[string]any) error {
	now.Version = before.Version + 1
	if err := w.tx.Save(now).Error; err != nil {
		return fmt.Errorf("store session: %w", err)
	}
	was, err := w.sessionFacts(before)
	if err != nil {
		return err
	}
	is, err := w.sessionFacts(*now)
	if err != nil {
		return err
	}
	e := event{action: action, object: "session", id: now.ID, unit: &office, permission: manageCourse, before: was, now: is}
	if detail != nil {
		e.detail = detail
	}
	return w.record(e)
}
