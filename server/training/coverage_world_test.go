package training_test

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Facts laid down as they are stored, for tests of what is counted from them.

// lay changes postings and attendances in one write, and has the rotations of the
// units judged anew.
func (w *world) lay(change func(tx *gorm.DB) (units []uint64)) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		if err := w.ledger.HoldRotations(tx); err != nil {
			return err
		}
		return w.ledger.JudgeRotations(tx, w.now(), change(tx))
	}))
}

// layPerson adds a person without a posting.
func (w *world) layPerson(name, number string) models.Person {
	w.Helper()
	person := models.Person{Name: name, CreatedAt: store.Instant(w.now())}
	if number != "" {
		person.Number = &number
	}
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&person).Error }))
	return person
}

// layPosting adds a posting from a day, to another unless that is empty.
func (w *world) layPosting(person models.Person, unit, from, to string) models.Posting {
	w.Helper()
	p := models.Posting{PersonID: person.ID, UnitID: w.unit(unit).ID, Post: "科员", StartOn: day(from), KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.now())}
	if to != "" {
		p.EndOn = day(to)
	}
	w.lay(func(tx *gorm.DB) []uint64 {
		w.must(tx.Create(&p).Error)
		return []uint64{p.UnitID}
	})
	return p
}

// layStaff adds a person with a posting.
func (w *world) layStaff(name, unit, from, to string) models.Person {
	w.Helper()
	person := w.layPerson(name, "")
	w.layPosting(person, unit, from, to)
	return person
}

// layEnd ends what is known of the posting today: it is known with the last day
// from today on.
func (w *world) layEnd(p models.Posting, last calendar.Date) {
	w.Helper()
	w.lay(func(tx *gorm.DB) []uint64 {
		after := p
		after.EndOn = last
		w.supersede(tx, p.KnownOn, &p, &after)
		return []uint64{p.UnitID}
	})
}

// supersede has the row known as the next one from today on; one that became
// known today is changed in place.
func (w *world) supersede(tx *gorm.DB, knownOn calendar.Date, row, next any) {
	w.Helper()
	if knownOn == w.Today() {
		w.must(tx.Save(next).Error)
		return
	}
	w.must(tx.Model(row).UpdateColumn("known_until", w.Today()).Error)
	switch next := next.(type) {
	case *models.Posting:
		next.ID, next.KnownOn = 0, w.Today()
	case *models.Attendance:
		next.ID, next.KnownOn = 0, w.Today()
	}
	w.must(tx.Create(next).Error)
}

// layCourse adds a course of the unit.
func (w *world) layCourse(unit, code string, minutes int, tested bool) models.Course {
	w.Helper()
	course := models.Course{UnitID: w.unit(unit).ID, Code: code, Title: "课程" + code, Subject: "政务公开", Minutes: minutes, Tested: tested}
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&course).Error }))
	return course
}

// laySession adds a session of the course on a day.
func (w *world) laySession(course models.Course, on string, capacity int) models.TrainingSession {
	w.Helper()
	s := models.TrainingSession{CourseID: course.ID, UnitID: course.UnitID, Kind: models.ClassSession, Place: "会议室", StartOn: day(on), EndOn: day(on),
		Capacity: capacity, Status: models.SessionOpen}
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		var n int64
		w.must(tx.Model(&models.TrainingSession{}).Count(&n).Error)
		s.Code = fmt.Sprintf("T%04d", n+1)
		return tx.Create(&s).Error
	}))
	return s
}

// layAttendance adds an attendance of a person at a session, on its day; a nil passed
// is one without a test.
func (w *world) layAttendance(person models.Person, s models.TrainingSession, present bool, passed *bool) models.Attendance {
	w.Helper()
	var units []uint64
	w.must(w.store.Read(w.Context()).Model(&models.Posting{}).Where("person_id = ?", person.ID).Distinct().Pluck("unit_id", &units).Error)
	a := models.Attendance{SessionID: s.ID, PersonID: person.ID, UnitID: w.layUnit(person, s.EndOn), On: s.EndOn, Present: present, Tested: passed != nil, Passed: passed,
		Source: models.AttendanceByList, KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.now())}
	w.lay(func(tx *gorm.DB) []uint64 {
		w.must(tx.Create(&a).Error)
		return units
	})
	return a
}

// layCorrection has the attendance known as present or not from today on.
func (w *world) layCorrection(a models.Attendance, present bool) {
	w.Helper()
	var units []uint64
	w.must(w.store.Read(w.Context()).Model(&models.Posting{}).Where("person_id = ?", a.PersonID).Distinct().Pluck("unit_id", &units).Error)
	w.lay(func(tx *gorm.DB) []uint64 {
		after := a
		after.Present = present
		w.supersede(tx, a.KnownOn, &a, &after)
		return units
	})
}

// layUnit is the unit of the posting on the day, else of any of the person's.
func (w *world) layUnit(person models.Person, on calendar.Date) uint64 {
	w.Helper()
	var postings []models.Posting
	w.must(w.store.Read(w.Context()).Where("person_id = ?", person.ID).Order("id").Find(&postings).Error)
	if i := slices.IndexFunc(postings, func(p models.Posting) bool { return p.KnownUntil == models.Forever && p.HoldsOn(on) }); i >= 0 {
		return postings[i].UnitID
	}
	return postings[0].UnitID
}

// coverageOf returns how far the rotation of Shandong has come, as known on the day.
func (w *world) coverageOf(unit string, asOf calendar.Date) *compliance.RotationTable {
	w.Helper()
	table, err := w.Coverage(w.Context(), compliance.RotationQuery{Unit: w.unit(unit), Policy: "shandong-2017", AsOf: asOf})
	w.must(err)
	return table
}
