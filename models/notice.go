package models

import (
	"time"

	"sundial/server/calendar"
)

// CalendarNotice is a State Council notice that an administrator entered, beside
// those that ship with the program. Content is the JSON of a calendar.Notice,
// Source the text that was pasted. A removed notice is kept: boards of the days
// on which it was in force count by it.
type CalendarNotice struct {
	ID        uint64 `gorm:"primaryKey"`
	Number    string
	Year      int
	Issued    calendar.Date
	Content   string
	Source    string
	EnteredBy *uint64
	EnteredAt time.Time
	// Removed is 0 while the notice is in force and its own ID once it was removed,
	// so that a number can be entered again.
	Removed   uint64
	RemovedBy *uint64
	RemovedAt *time.Time
}
