package models

import (
	"strconv"
	"time"

	"sundial/server/calendar"
)

// Person (政务公开工作人员) is somebody who works, or has worked, on openness. The
// full number of an ID card is never stored: IDHash is its keyed hash and IDTail
// its last four characters, by which people tell two of one name apart.
type Person struct {
	ID   uint64 `gorm:"primaryKey"`
	Name string
	// Number (工号) is the staff number, unique; nil without one.
	Number *string
	IDHash *string
	IDTail string
	// MergedInto is the person whom this one turned out to be: nothing refers to a
	// merged one any more but the log.
	MergedInto *uint64
	Version    int
	CreatedAt  time.Time
}

// Posting (在岗记录) is a person's work on openness in one unit from StartOn to
// EndOn, both included; a zero EndOn means still. A person has at most one at a
// time. What was known of it holds from KnownOn until the day before KnownUntil;
// Forever for what is known now.
type Posting struct {
	ID       uint64 `gorm:"primaryKey"`
	PersonID uint64
	UnitID   uint64
	Post     string
	// PartTime (兼职) marks who does it beside other work.
	PartTime   bool
	StartOn    calendar.Date
	EndOn      calendar.Date
	KnownOn    calendar.Date
	KnownUntil calendar.Date
	RecordedBy *uint64
	RecordedAt time.Time
}

// HoldsOn tells whether the person is on the unit's roster on the day.
func (p *Posting) HoldsOn(day calendar.Date) bool {
	return p.StartOn <= day && (p.EndOn.IsZero() || day <= p.EndOn)
}

// Course (课程) is what is taught, by an office, as often as it is held. Minutes
// is its length; one with a test counts for who has passed.
type Course struct {
	ID       uint64 `gorm:"primaryKey"`
	UnitID   uint64
	Code     string
	Title    string
	Subject  string
	Audience string
	Minutes  int
	Tested   bool
	// PassMark is the least score that passes, a decimal text; empty without a test
	// or when the result is only passed or failed.
	PassMark string
	// RetiredOn is the first day on which no session of it can be added.
	RetiredOn calendar.Date
	Version   int
}

// TrainingPlan (年度培训计划) is what an office means to hold in a year.
type TrainingPlan struct {
	ID       uint64 `gorm:"primaryKey"`
	UnitID   uint64
	Year     int
	Title    string
	Goal     string
	Document string
	// AdoptedOn is the day the plan was adopted, URL where it was published.
	AdoptedOn calendar.Date
	URL       string
	Version   int
}

// PlanItem is one course of a training plan: how many sessions with how many
// seats in which month.
type PlanItem struct {
	ID       uint64 `gorm:"primaryKey"`
	PlanID   uint64
	CourseID uint64
	Month    int
	Sessions int
	Seats    int
	Note     string
}

// SessionKind says how a course is held.
type SessionKind string

// The kinds of sessions.
const (
	ClassSession    SessionKind = "class"    // 集中授课
	WorkshopSession SessionKind = "workshop" // 研讨
	OnlineSession   SessionKind = "online"   // 网络培训
)

// SessionStatus is where a session stands.
type SessionStatus string

// The statuses of a session.
const (
	SessionOpen      SessionStatus = "open"      // takes nominations and attendance
	SessionHeld      SessionStatus = "held"      // over: who was confirmed and has no attendance was absent
	SessionCancelled SessionStatus = "cancelled" // will not be held
)

// TrainingSession (培训班次) is a course held on the days from StartOn to EndOn,
// each day from StartMinute to EndMinute after midnight; an EndMinute of 0 is any
// time of the day, for online courses. Seated and Waiting count its nominations.
type TrainingSession struct {
	ID       uint64 `gorm:"primaryKey"`
	CourseID uint64
	// UnitID is the office that holds it, that of its course.
	UnitID uint64
	Code   string
	Kind   SessionKind
	Place  string
	// RegionID is the unit in whose region the place lies, nil for none: who works
	// there is nominated first.
	RegionID     *uint64
	StartOn      calendar.Date
	EndOn        calendar.Date
	StartMinute  int
	EndMinute    int
	Capacity     int
	Seated       int
	Waiting      int
	Lecturer     string
	Status       SessionStatus
	CancelReason string
	Version      int
}

// Overlaps tells whether nobody can be at both sessions: they have a day in
// common, and times of it.
func (s *TrainingSession) Overlaps(other *TrainingSession) bool {
	days := s.StartOn <= other.EndOn && other.StartOn <= s.EndOn
	timed := s.EndMinute != 0 && other.EndMinute != 0
	return days && timed && s.StartMinute < other.EndMinute && other.StartMinute < s.EndMinute
}

// NominationStatus is where a nomination stands.
type NominationStatus string

// The statuses of a nomination.
const (
	NominationWaiting   NominationStatus = "waiting"   // no seat was free
	NominationSeated    NominationStatus = "seated"    // has a seat, to be confirmed
	NominationConfirmed NominationStatus = "confirmed" // the office expects the person
	NominationCancelled NominationStatus = "cancelled" // withdrawn or refused
)

// Seated tells whether the person has a seat.
func (s NominationStatus) Seated() bool { return s == NominationSeated || s == NominationConfirmed }

// Nomination (报名) sends a person of a unit to a session. Who is nominated when
// no seat is free waits, in the order of ids.
type Nomination struct {
	ID        uint64 `gorm:"primaryKey"`
	SessionID uint64
	PersonID  uint64
	// UnitID is the unit that the person worked in when nominated.
	UnitID uint64
	Status NominationStatus
	// Ended is the nomination's id once it is cancelled, else 0: a person has one
	// that stands per session.
	Ended       uint64
	Reason      string
	NominatedBy uint64
	NominatedAt time.Time
	DecidedBy   *uint64
	DecidedAt   *time.Time
	Version     int
}

// AttendanceSource says how an attendance came to be known.
type AttendanceSource string

// The sources of attendances.
const (
	AttendanceByList   AttendanceSource = "list"   // ticked by the office
	AttendanceByCode   AttendanceSource = "code"   // by the code shown in the room
	AttendanceByImport AttendanceSource = "import" // from a file
)

// Attendance (考勤) is whether a person was at a session, and what the test said.
// It counts on the day On, which is the session's last one unless it can be taken
// at any time. KnownOn and KnownUntil are as for postings.
type Attendance struct {
	ID        uint64 `gorm:"primaryKey"`
	SessionID uint64
	PersonID  uint64
	// UnitID is the unit that the person worked in on the day.
	UnitID  uint64
	On      calendar.Date `gorm:"column:held_on"`
	Present bool
	// Tested tells that the course has a test; Passed is nil while its result is
	// awaited, Score a decimal text where there is one.
	Tested     bool
	Passed     *bool
	Score      string
	Source     AttendanceSource
	KnownOn    calendar.Date
	KnownUntil calendar.Date
	RecordedBy *uint64
	RecordedAt time.Time
}

// Valid tells whether the attendance counts in a rotation: present, and passed
// where the course has a test.
func (a *Attendance) Valid() bool {
	return a.Present && (!a.Tested || a.Passed != nil && *a.Passed)
}

// ImportKind says what the rows of an imported file are.
type ImportKind string

// The kinds of imports.
const (
	ImportStaff      ImportKind = "staff"
	ImportAttendance ImportKind = "attendance"
)

// ImportStatus is where an import stands.
type ImportStatus string

// The statuses of an import.
const (
	ImportReading ImportStatus = "reading" // rows are being read and checked
	ImportChecked ImportStatus = "checked" // waits to be confirmed
	ImportRunning ImportStatus = "running" // rows are being taken over
	ImportDone    ImportStatus = "done"    // all good rows are taken over
	ImportRefused ImportStatus = "refused" // the file cannot be read
	ImportDropped ImportStatus = "dropped" // given up by the user
)

// Import is a file whose rows are taken over in chunks: each chunk commits with
// DoneRow, so that an interrupted import goes on where it stopped. The file
// itself is not kept, since it may hold full ID numbers: its rows are, without.
type Import struct {
	ID       uint64 `gorm:"primaryKey"`
	Kind     ImportKind
	UnitID   uint64
	FileName string
	// FileHash is the SHA-256 of the file.
	FileHash string
	Status   ImportStatus
	// Failure is the message of a refused file, of what made the program give up, or of
	// what keeps a running import from going on, as JSON; else empty.
	Failure string
	// Options are those of the import as JSON.
	Options string
	Rows    int
	Bad     int
	// DoneRow is the line of the last row taken over; Added, Changed and Same count what
	// became of the rows or, until the import is confirmed, what would.
	DoneRow    int
	Added      int
	Changed    int
	Same       int
	StartedBy  uint64
	StartedAt  time.Time
	FinishedAt *time.Time
	Version    int
}

// ImportRow is the row of an import in one line of its file: Content its cells as
// JSON, without full ID numbers, and Faults why it is refused, as JSON, empty for a
// good one. Good ones are deleted as they are taken over; bad ones stay, to be given
// back.
type ImportRow struct {
	ImportID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Line     int    `gorm:"primaryKey;autoIncrement:false"`
	Content  string
	Faults   string
}

// Setting is a fact about the installation, such as the fingerprint of the key by
// which ID numbers are hashed.
type Setting struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

// RosterSetting is the setting whose row is locked by who adds people or gives
// them numbers: one at a time, so that nobody is added twice.
const RosterSetting = "roster_lock"

// Code names the person outside: the staff number, or else the id behind a number
// sign.
func (p *Person) Code() string {
	if p.Number != nil {
		return *p.Number
	}
	return "#" + strconv.FormatUint(p.ID, 10)
}
