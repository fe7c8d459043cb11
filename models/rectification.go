package models

import (
	"time"

	"sundial/server/calendar"
)

// RectificationStatus is where a rectification stands.
type RectificationStatus string

// The statuses of a rectification.
const (
	RectificationOpen      RectificationStatus = "open"      // the unit has to put it right
	RectificationAnswered  RectificationStatus = "answered"  // the unit says it has; the office checks
	RectificationClosed    RectificationStatus = "closed"    // 销号
	RectificationWithdrawn RectificationStatus = "withdrawn" // 撤销: the office no longer demands it
)

// Rectification (整改) asks a unit to put right what cost it points in a round, or what
// an inspection found: either RoundID and SheetID are set, or FindingID. Lost is in
// hundred-millionths of a point, 0 for a finding; Reason is the deduction reason then.
type Rectification struct {
	ID     uint64 `gorm:"primaryKey"`
	UnitID uint64
	// OfficeID is the office that demands it and decides on it.
	OfficeID  uint64
	RoundID   *uint64
	SheetID   *uint64
	FindingID *uint64
	// Indicator is the one of the sheet that lost points, empty for a finding.
	Indicator string
	Lost      int64
	Reason    string
	Demand    string
	DueOn     calendar.Date
	Status    RectificationStatus
	OpenedBy  uint64
	OpenedAt  time.Time
	ClosedOn  calendar.Date
	Version   int
}

// RectificationAct says what a step of a rectification was.
type RectificationAct string

// The acts.
const (
	RectificationDemand   RectificationAct = "demand"   // the office asked for it
	RectificationAnswer   RectificationAct = "answer"   // the unit says what it did
	RectificationReturn   RectificationAct = "return"   // not enough: sent back
	RectificationClose    RectificationAct = "close"    // put right
	RectificationWithdraw RectificationAct = "withdraw" // the office takes it back
)

// RectificationStep is one act in a rectification, with who, when and what they
// wrote. Steps are never changed.
type RectificationStep struct {
	ID              uint64 `gorm:"primaryKey"`
	RectificationID uint64
	Act             RectificationAct
	Note            string
	URL             string
	// DueOn is the due date after the step.
	DueOn  calendar.Date
	ByUser uint64
	DoneAt time.Time
	DoneOn calendar.Date
}
