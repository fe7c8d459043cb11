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
	// Edition counts the amendments: Source is that of the latest edition, and
	// PolicyEdition keeps all of them.
	Edition int
	// Levels is how many offices accept a report before it counts: 1, or 2 where the
	// unit's office is not the topmost one.
	Levels int
	// RetiredOn is the first day on which the policy demands nothing more.
	RetiredOn calendar.Date
}

// PolicyEdition is a policy pack as it was loaded or amended. Duties keep the
// edition by which they are judged: an amendment moves open ones only.
type PolicyEdition struct {
	PolicyID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Edition  int    `gorm:"primaryKey;autoIncrement:false"`
	Source   string
	// Reason says why it was amended; empty for the first edition.
	Reason   string
	LoadedBy *uint64
	LoadedAt time.Time
	KnownOn  calendar.Date
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
// Outcome, DueOn, DoneOn and Provisional are as the last write found them;
// DutyChange keeps what was known on any day before. A rotation may have turned
// since, on a day that was foreseen: for how it stands today ask its changes.
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
	// Edition is that of the policy by which the duty is judged.
	Edition int
	// ExtendedTo is the due date that the office granted instead of the policy's.
	ExtendedTo calendar.Date
	// People are those on the unit's roster and Trained those of them with a valid
	// attendance in the period, for a rotation; else 0.
	People  int
	Trained int
}

// DutyChange is what was known of a duty at the end of the day KnownOn, until
// the next change. The first one is known on the day the duty was created, or on
// its Since when that is later. Those of days to come are foreseen: a rotation
// turns by itself when somebody joins or leaves on a date that is known already.
type DutyChange struct {
	DutyID      uint64        `gorm:"primaryKey;autoIncrement:false"`
	KnownOn     calendar.Date `gorm:"primaryKey"`
	Outcome     Outcome
	DueOn       calendar.Date
	Provisional bool
	DoneOn      calendar.Date
	Edition     int
	// Extended tells that the due date is one granted by the office.
	Extended bool
	// People and Trained are those of the duty.
	People  int
	Trained int
}

// Exemption frees a unit from a duty, by the office, with reason and document,
// until it is revoked.
type Exemption struct {
	ID        uint64 `gorm:"primaryKey"`
	DutyID    uint64
	Reason    string
	Document  string
	GrantedBy uint64
	GrantedAt time.Time
	GrantedOn calendar.Date
	// Revoked… tell who ended it and why; it counts up to the day before RevokedOn.
	RevokedBy    *uint64
	RevokedAt    *time.Time
	RevokedOn    calendar.Date
	RevokeReason string
}

// HoldsOn tells whether the exemption was known and not revoked at the end of
// the day.
func (e *Exemption) HoldsOn(day calendar.Date) bool {
	return e.GrantedOn <= day && (e.RevokedOn.IsZero() || day < e.RevokedOn)
}

// Extension (延期) gives a unit a later due date for a duty, by the office, with
// reason and document.
type Extension struct {
	ID        uint64 `gorm:"primaryKey"`
	DutyID    uint64
	FromDue   calendar.Date
	ToDue     calendar.Date
	Reason    string
	Document  string
	GrantedBy uint64
	GrantedAt time.Time
	GrantedOn calendar.Date
}

// Closing (关闭填报) ends filing for the duties of a year in a unit's subtree.
// Reports that wait may still be decided on.
type Closing struct {
	ID       uint64 `gorm:"primaryKey"`
	UnitID   uint64
	Year     int
	Reason   string
	ClosedBy uint64
	ClosedAt time.Time
	// Lifted… are set once filing is open again.
	LiftedBy *uint64
	LiftedAt *time.Time
}

// ClosingException (例外) lets the subtree of a unit file in spite of a closing,
// up to and including the day Until.
type ClosingException struct {
	ID        uint64 `gorm:"primaryKey"`
	ClosingID uint64
	UnitID    uint64
	Until     calendar.Date
	Reason    string
	GrantedBy uint64
	GrantedAt time.Time
}
