package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/compliance"
)

// recordAttendances takes over the entries, each decided on its own: a refused one
// says what would be right and leaves the others as they are, and the same again
// changes nothing. It locks the sessions and then the people; the units whose
// rotations may turn are touched. The audit entry is the caller's.
//
// The actor needs the permission to record attendances of the unit that holds the
// session, but not for entries by code, whose caller has checked the code.
func (w *write) recordAttendances(entries []AttendanceEntry) ([]EntryOutcome, error) {
	book := w.attendanceBook()
	if err := book.learn(entries); err != nil {
		return nil, err
	}
	outcomes, _, err := w.takeOver(book, entries)
	return outcomes, err
}

// attendanceBook is an empty book of the write, which locks what it learns of.
func (w *write) attendanceBook() *attendanceBook {
	return newAttendanceBook(w.tx, w.locked, w.holdCourses, w.actor, w.at)
}

// takeOver decides on entries that the book knows of, and stores what they change.
func (w *write) takeOver(book *attendanceBook, entries []AttendanceEntry) ([]EntryOutcome, []attendanceChange, error) {
	outcomes, changes := book.decide(entries)
	if err := w.reviseAttendances(changes); err != nil {
		return nil, nil, err
	}
	for _, change := range changes {
		outcomes[change.entry].ID = change.now.ID
		w.touch(book.unitsOf(change)...)
	}
	return outcomes, changes, nil
}

// attendancePreview says what recording entries would do, part by part of a file:
// what one part would change holds for the next. It writes and locks nothing.
type attendancePreview struct{ book *attendanceBook }

// previewAttendances begins a preview of what the actor would record now.
func (d *Desk) previewAttendances(ctx context.Context, actor compliance.Actor) *attendancePreview {
	db := d.store.Read(ctx)
	hold := func([]uint64) error { return nil }
	return &attendancePreview{newAttendanceBook(db, func() *gorm.DB { return db }, hold, actor, d.now())}
}

// look returns what recordAttendances would return for the entries, but for the
// ids of what would be added.
func (p *attendancePreview) look(entries []AttendanceEntry) ([]EntryOutcome, error) {
	if err := p.book.learn(entries); err != nil {
		return nil, err
	}
	outcomes, _ := p.book.decide(entries)
	return outcomes, nil
}

// unitsOf are the units whose rotations a change may turn: those in which the
// person works or will, and the one of the attendance.
func (b *attendanceBook) unitsOf(change attendanceChange) []uint64 {
	var units []uint64
	for _, a := range []*models.Attendance{change.before, change.now} {
		if a == nil {
			continue
		}
		units = append(units, a.UnitID)
		for _, posting := range b.people[a.PersonID].postings {
			units = append(units, posting.UnitID)
		}
	}
	return units
}

// reviseAttendances stores changes of what is known: what became known today is
// edited in place, and what was known before is kept as known until today.
func (w *write) reviseAttendances(changes []attendanceChange) error {
	var ended, removed []uint64
	var fresh, edited []*models.Attendance
	for _, change := range changes {
		before, now := change.before, change.now
		if now != nil {
			now.ID, now.KnownOn, now.KnownUntil, now.RecordedAt = 0, w.today, models.Forever, w.at
		}
		switch {
		case before == nil:
			fresh = append(fresh, now)
		case before.KnownOn < w.today:
			ended = append(ended, before.ID)
			if now != nil {
				fresh = append(fresh, now)
			}
		case now == nil:
			removed = append(removed, before.ID)
		default:
			now.ID, now.KnownOn = before.ID, before.KnownOn
			edited = append(edited, now)
		}
	}
	return w.storeAttendances(ended, removed, edited, fresh)
}

// storeAttendances ends what is known before it adds what is: a person has one
// attendance of a session that is known now.
func (w *write) storeAttendances(ended, removed []uint64, edited, fresh []*models.Attendance) error {
	for chunk := range slices.Chunk(ended, batch) {
		if err := w.tx.Model(&models.Attendance{}).Where("id IN ?", chunk).Update("known_until", w.today).Error; err != nil {
			return fmt.Errorf("end attendances: %w", err)
		}
	}
	for chunk := range slices.Chunk(removed, batch) {
		if err := w.tx.Where("id IN ?", chunk).Delete(&models.Attendance{}).Error; err != nil {
			return fmt.Errorf("remove attendances: %w", err)
		}
	}
	if len(edited) > 0 {
		if err := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(edited, insertBatch).Error; err != nil {
			return fmt.Errorf("edit attendances: %w", err)
		}
	}
	if len(fresh) > 0 {
		if err := w.tx.CreateInBatches(fresh, insertBatch).Error; err != nil {
			return fmt.Errorf("store attendances: %w", err)
		}
	}
	return nil
}
