package models

import (
	"time"

	"sundial/server/calendar"
)

// Policy (政策文件) is a policy document as data. Source is the policy pack's
// YAML as it was loaded; rules.ParsePolicy gives its content.
type Policy struct {
	ID        uint64 `gorm:"primaryKey"`
	Code      string
	Number    string
	TitleZH   string
	TitleEN   string
	Published calendar.Date
	Source    string
	LoadedAt  time.Time
}

// Obligation (条款/要求) is one measurable demand of a policy. Code is its id in
// the pack, such as sd2017.plan; all else stands in the pack.
type Obligation struct {
	ID       uint64 `gorm:"primaryKey"`
	PolicyID uint64
	Code     string
	Position int
	Clause   string
	TitleZH  string
	TitleEN  string
}

// Activation records that a policy's duties of a year have been created.
type Activation struct {
	ID          uint64 `gorm:"primaryKey"`
	PolicyID    uint64
	Year        int
	ActivatedAt time.Time
}

// Outcome is what is settled of a duty regardless of the day it is looked at;
// the state follows from it, the due date and the as-of date (rules.StateOn).
type Outcome string

// The outcomes.
const (
	Open        Outcome = "open"        // nothing that satisfies it is known
	Reported    Outcome = "reported"    // filed, waiting for verification
	Met         Outcome = "met"         // done in time, verified
	Late        Outcome = "late"        // done after the due date, verified
	Exempt      Outcome = "exempt"      // granted by the office
	Unscheduled Outcome = "unscheduled" // no trigger yet, or no settled date
	Withdrawn   Outcome = "withdrawn"   // not owed: the unit no longer exists; on no board
)

// Duty (应办事项) is an obligation as owed by one unit for one period, and for
// one subject (a document, an incident) where the obligation has a trigger.
// Outcome, DueOn, DoneOn and Provisional are as known now; DutyChange keeps what
// was known on any day before.
type Duty struct {
	ID           uint64 `gorm:"primaryKey"`
	UnitID       uint64
	ObligationID uint64
	// Period is the year ("2017"), the window inside it ("2017-05") or the cycle
	// ("2018-2019"); rules.Period names it.
	Period string
	// Subject is the id of the triggering document or incident, else empty.
	Subject      string
	SubjectTitle string
	// Year to UntilYear are the years on whose boards the duty stands: more than
	// one for a cycle of years.
	Year      int
	UntilYear int
	// Since is the first day the duty is owed: the start of its period, or the
	// unit's opening.
	Since calendar.Date
	// TriggerOn and TriggerAt are the day and instant from which the term runs.
	TriggerOn   calendar.Date
	TriggerAt   *time.Time
	DueOn       calendar.Date
	DueAt       *time.Time
	Provisional bool
	Outcome     Outcome
	DoneOn      calendar.Date
	// Value is what was reached, in the obligation's unit.
	Value   string
	Version int
}

// DutyChange is what was known of a duty at the end of the day KnownOn, until
// the next change. The first one is known on the day the duty was created, or on
// its Since when that is later.
type DutyChange struct {
	DutyID      uint64        `gorm:"primaryKey;autoIncrement:false"`
	KnownOn     calendar.Date `gorm:"primaryKey"`
	Outcome     Outcome
	DueOn       calendar.Date
	Provisional bool
	DoneOn      calendar.Date
}

// ReportStatus is where a report stands with the supervising office.
type ReportStatus string

// The statuses of a report.
const (
	Filed    ReportStatus = "filed"
	Verified ReportStatus = "verified"
	Returned ReportStatus = "returned"
)

// Report (填报) is what a unit files for a duty. Filing is the JSON of a
// rules.Filing. A returned report stays; the unit files a new one.
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
	// Decided… tell who verified or returned it, when, and why it was returned.
	DecidedBy *uint64
	DecidedAt *time.Time
	DecidedOn calendar.Date
	Reason    string
	// Version counts decisions, for optimistic locking.
	Version int
	// IdempotencyKey is the client's key of the request, unique per user.
	IdempotencyKey *string
}

// Exemption frees a unit from a duty, by the office, with reason and document.
type Exemption struct {
	ID        uint64 `gorm:"primaryKey"`
	DutyID    uint64
	Reason    string
	Document  string
	GrantedBy uint64
	GrantedAt time.Time
	GrantedOn calendar.Date
}
