package models

import (
	"time"

	"sundial/server/calendar"
)

// ReportStatus is where a report stands with the supervising office.
type ReportStatus string

// The statuses of a report.
const (
	Filed     ReportStatus = "filed"     // waits for the office
	Checked   ReportStatus = "checked"   // accepted by the unit's office, waits for the one above
	Verified  ReportStatus = "verified"  // accepted: its facts count, and it is locked
	Returned  ReportStatus = "returned"  // sent back with a reason; the unit files anew
	TakenBack ReportStatus = "withdrawn" // taken back by the unit before a decision
	Reopened  ReportStatus = "reopened"  // accepted once, and unlocked again with a reason
)

// Waits tells whether an office still has to decide on the report.
func (s ReportStatus) Waits() bool { return s == Filed || s == Checked }

// Report (填报) is what a unit files for a duty. Filing is the JSON of a
// rules.Filing. A report is never changed or deleted: the unit files a new one,
// and both stay.
type Report struct {
	ID      uint64 `gorm:"primaryKey"`
	DutyID  uint64
	UnitID  uint64
	Status  ReportStatus
	Filing  string
	FactOn  calendar.Date
	FiledBy uint64
	FiledAt time.Time
	// FiledOn is the date of FiledAt in Asia/Shanghai.
	FiledOn calendar.Date
	// Checked… tell who accepted it at the first of two levels.
	CheckedBy *uint64
	CheckedAt *time.Time
	CheckedOn calendar.Date
	// Decided… tell who verified or returned it, when, and why it was returned.
	DecidedBy *uint64
	DecidedAt *time.Time
	DecidedOn calendar.Date
	Reason    string
	// OfficeID is the unit in whose name it was verified or returned; nil for an
	// office over all units.
	OfficeID *uint64
	// Ended… tell who withdrew or reopened it, when and why.
	EndedBy   *uint64
	EndedAt   *time.Time
	EndedOn   calendar.Date
	EndReason string
	// Version counts what happened to it, for optimistic locking.
	Version int
	// IdempotencyKey is the client's key of the request, unique per user.
	IdempotencyKey *string
	// Request is the SHA-256 of the request that the key came with.
	Request string
}

// Draft (草稿) is what a user has typed for a duty and not yet filed: the JSON of
// a rules.Filing that may be incomplete or wrong.
type Draft struct {
	ID      uint64 `gorm:"primaryKey"`
	DutyID  uint64
	UserID  uint64
	Filing  string
	Version int
	SavedAt time.Time
}

// EvidenceFile (佐证材料) is a file in the vault, stored once whatever the number
// of reports that it proves.
type EvidenceFile struct {
	Hash    string `gorm:"primaryKey"`
	Size    int64
	Type    string
	AddedAt time.Time
}

// Attachment is a file as it was attached to a report, with its name; while the
// report is a draft, ReportID is nil.
type Attachment struct {
	ID       uint64 `gorm:"primaryKey"`
	DutyID   uint64
	UnitID   uint64
	ReportID *uint64
	Hash     string
	Name     string
	AddedBy  uint64
	AddedAt  time.Time
}

// LinkCheck is the dated record of what a link of a report showed. Failure is
// the key of a message, empty when the page answered; Host is the one it speaks
// of.
type LinkCheck struct {
	ID        uint64 `gorm:"primaryKey"`
	ReportID  uint64
	URL       string
	FinalURL  string
	Status    int
	Title     string
	Failure   string
	Host      string
	CheckedBy uint64
	CheckedAt time.Time
}
