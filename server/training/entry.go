package training

import (
	"sundial/models"
	"sundial/server/calendar"
)

// StaffEntry is a person with a posting as it is entered in a form or stands in a
// row of a file. Forms, moves and imports all go through write.enterStaff.
type StaffEntry struct {
	Unit     string // code
	Name     string
	Number   string // staff number; empty for none
	IDNumber string // in full, hashed at once; or else the two below
	IDHash   string
	IDTail   string
	Post     string
	PartTime bool
	StartOn  calendar.Date
	// EndOn is the last day; zero for still.
	EndOn calendar.Date
}

// AttendanceEntry is an attendance as it is ticked on a list, given by a code or
// stands in a row of a file. All go through write.recordAttendances.
type AttendanceEntry struct {
	Session uint64
	Person  uint64
	// On is zero for the day that is known already, or else the session's last day,
	// or today where that is still to come.
	On      calendar.Date
	Present bool
	// Passed is nil while the result of a test is awaited, and for a course without
	// one; a Score, a decimal text, decides it where the course has a pass mark.
	Passed *bool
	Score  string
	Source models.AttendanceSource
}

// EntryChange says what became of an entry.
type EntryChange string

// The changes.
const (
	EntryAdded   EntryChange = "added"
	EntryChanged EntryChange = "changed"
	EntrySame    EntryChange = "same"    // it is known already
	EntryRefused EntryChange = "refused" // Faults say why; nothing of it is stored
)

// EntryOutcome is what became of one entry of many: a refused one leaves the
// others as they are.
type EntryOutcome struct {
	Change EntryChange
	// ID is the person's, or the attendance's.
	ID     uint64
	Faults []models.Field
}
