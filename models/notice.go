package models

import (
	"time"

	"sundial/server/calendar"
)

// CalendarNotice is a State Council notice that an administrator entered, beside
// those that ship with the program. Content is the JSON of a calendar.Notice,
// Source the text that was pasted.
type CalendarNotice struct {
	ID        uint64 `gorm:"primaryKey"`
	Number    string
	Year      int
	Issued    calendar.Date
	Content   string
	Source    string
	EnteredBy *uint64
	EnteredAt time.Time
}
