package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// CoveredPerson is somebody of a unit's own roster with the attendance by which
// they are trained in the window; TrainedOn is zero for who is left.
type CoveredPerson struct {
	Person    models.Person
	Post      string
	PartTime  bool
	Since     calendar.Date
	Newcomer  bool
	TrainedOn calendar.Date
	// Session was held for the Course.
	Session models.TrainingSession
	Course  models.Course
}

// OwnPeople returns the unit's own people who are counted in the rotation: those
// who are left first, then by the day of their training; at most so many.
func (d *Desk) OwnPeople(ctx context.Context, t *compliance.RotationTable, limit int) ([]CoveredPerson, error) {
	db := d.store.Read(ctx)
	var rows []leftRow
	err := counted(db, t).Where("r.unit_id = ?", t.Unit.ID).
		Select("r.unit_id, q.person_id, q.post, q.part_time, q.start_on, r.window_from, (SELECT MIN(a.held_on) "+validThen+inWindow+") AS last_on", t.AsOf, t.AsOf).
		Order("COALESCE(last_on, ''), q.person_id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("people of %s: %w", t.Unit.Code, store.Translate(err))
	}
	left, err := leftPeople(db, t, rows)
	if err != nil {
		return nil, err
	}
	list := make([]CoveredPerson, len(rows))
	for i, person := range left {
		list[i] = CoveredPerson{Person: person.Person, Post: person.Post, PartTime: person.PartTime, Since: person.Since, Newcomer: person.Newcomer,
			TrainedOn: rows[i].LastOn}
	}
	return list, addSessions(db, list, t.AsOf)
}

// addSessions brings to trained people the session that trained them.
func addSessions(db *gorm.DB, list []CoveredPerson, day calendar.Date) error {
	trained := map[uint64]*CoveredPerson{}
	var ids []uint64
	for i := range list {
		if !list[i].TrainedOn.IsZero() {
			trained[list[i].Person.ID] = &list[i]
			ids = append(ids, list[i].Person.ID)
		}
	}
	var held []models.Attendance
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Attendance
		err := db.Where("person_id IN ? AND known_on <= ? AND known_until > ? AND present", chunk, day, day).Order("id DESC").Find(&some).Error
		if err != nil {
			return fmt.Errorf("attendances: %w", store.Translate(err))
		}
		held = append(held, some...)
	}
	sessions, courses, err := attendedSessions(db, held)
	if err != nil {
		return err
	}
	for _, a := range held {
		if person := trained[a.PersonID]; a.On == person.TrainedOn && a.Valid() {
			person.Session = sessions[a.SessionID]
			person.Course = courses[person.Session.CourseID]
		}
	}
	return nil
}

// attendedSessions returns the sessions of the attendances and their courses, by id.
func attendedSessions(db *gorm.DB, held []models.Attendance) (map[uint64]models.TrainingSession, map[uint64]models.Course, error) {
	ids := make([]uint64, len(held))
	for i, a := range held {
		ids[i] = a.SessionID
	}
	return sessionsByID(db, ids)
}
