package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// RecordWalkIn records somebody as present who is not on the list of a session:
// the actor names them by staff number, or by name where nobody else is called so.
// There must be a free seat.
func (d *Desk) RecordWalkIn(ctx context.Context, actor compliance.Actor, session uint64, who string) (*models.Person, error) {
	var person models.Person
	err := d.write(ctx, actor, func(w *write) error {
		row, course, err := w.lockSession(session)
		if err != nil {
			return err
		}
		office, err := w.office(row.UnitID, recordAttendance, sessionUnknown)
		if err != nil {
			return err
		}
		if person, err = w.findAttendee(row, who); err != nil {
			return err
		}
		list := &markedList{book: w.attendanceBook(), session: row, course: course, office: office}
		entry := AttendanceEntry{Session: session, Person: person.ID, Present: true, Source: models.AttendanceByList}
		if err := list.book.learn([]AttendanceEntry{entry}); err != nil {
			return err
		}
		outcomes, changes, err := w.takeOver(list.book, []AttendanceEntry{entry})
		if err != nil {
			return err
		}
		if faults := outcomes[0].Faults; len(faults) > 0 {
			return models.InvalidFields([]models.Field{{Name: "who", Key: faults[0].Key, Args: faults[0].Args}})
		}
		return w.recordChanges(list, changes)
	})
	return &person, err
}

// findAttendee returns the one person whom the text names among those whom the
// actor sees on rosters on the days of the session.
func (w *write) findAttendee(session models.TrainingSession, who string) (models.Person, error) {
	number, name := cleanNumber(who), cleanName(who)
	on := min(session.EndOn, w.today)
	var found []models.Person
	err := w.tx.Where("merged_into IS NULL AND (number = ? OR name = ?) AND id IN (?)", number, name, w.onRosters(on)).
		Order("id").Limit(namesAtMost).Find(&found).Error
	if err != nil {
		return models.Person{}, fmt.Errorf("find attendee: %w", err)
	}
	if i := slices.IndexFunc(found, func(p models.Person) bool { return p.Number != nil && *p.Number == number }); i >= 0 {
		return found[i], nil
	}
	var f faults
	switch {
	case name == "":
		f.add("who", "filing.required")
	case len(found) == 0:
		f.add("who", "attendance.nobody", "Value", who, "On", on)
	case len(found) > 1:
		f.add("who", "attendance.namesakes", "Value", who, "Count", len(found))
	default:
		return found[0], nil
	}
	return models.Person{}, f.err()
}

// onRosters are the ids of those whom the actor sees on rosters on the day.
func (w *write) onRosters(day calendar.Date) *gorm.DB {
	units := w.actor.Access.Scope(readRotation.Object, readRotation.Action).Where(w.tx.Model(&models.Unit{}).Select("id"), "path")
	return knownNow(w.tx.Model(&models.Posting{}), "postings").Select("person_id").
		Where("unit_id IN (?) AND start_on <= ? AND (end_on IS NULL OR end_on >= ?)", units, day, day)
}
