package models

import (
	"time"

	"sundial/server/calendar"
)

// SchemeStatus is where a scoring scheme stands.
type SchemeStatus string

// The statuses of a scoring scheme.
const (
	SchemeDraft  SchemeStatus = "draft"  // can be changed and discarded; nothing is scored by it
	SchemeFrozen SchemeStatus = "frozen" // never changes again
)

// ScoringScheme (考核方案) is one edition of a scheme of an office, for a year.
// Source is its YAML; scoring.ParseScheme gives its content. A frozen one never
// changes: what comes later is another edition.
type ScoringScheme struct {
	ID uint64 `gorm:"primaryKey"`
	// Code is the id in the scheme; with Edition, which counts from 1, it is unique.
	Code    string
	Edition int
	// UnitID is the office that scores by it.
	UnitID  uint64
	Year    int
	TitleZH string
	TitleEN string
	Source  string
	Status  SchemeStatus
	// BasedOn is the scheme that it was copied from.
	BasedOn   *uint64
	CreatedBy *uint64
	CreatedAt time.Time
	FrozenBy  *uint64
	FrozenAt  *time.Time
	Version   int
}

// RoundStatus is where a round stands.
type RoundStatus string

// The statuses of a round.
const (
	RoundScoring   RoundStatus = "scoring"   // units score themselves, the office verifies
	RoundAnnounced RoundStatus = "announced" // units see the result and may appeal
	RoundFrozen    RoundStatus = "frozen"    // nothing changes any more
)

// Round (考核轮次) scores the units of an office by a frozen scheme. SelfUntil is
// the last day on which units score themselves, AsOf the day as of which auto
// indicators see duties; zero, or in the future, is today. What was announced keeps
// the states of the day.
type Round struct {
	ID       uint64 `gorm:"primaryKey"`
	SchemeID uint64
	// UnitID is the office whose round it is.
	UnitID      uint64
	Year        int
	Title       string
	Status      RoundStatus
	SelfUntil   calendar.Date
	AsOf        calendar.Date
	OpenedBy    *uint64
	OpenedAt    time.Time
	AnnouncedBy *uint64
	AnnouncedAt *time.Time
	AnnouncedOn calendar.Date
	FrozenBy    *uint64
	FrozenAt    *time.Time
	FrozenOn    calendar.Date
	Version     int
}

// RoundAssessor lets an assessor verify the sheets of a class in a round.
type RoundAssessor struct {
	ID      uint64 `gorm:"primaryKey"`
	RoundID uint64
	UserID  uint64
	Class   string
}

// SheetStatus is where a sheet stands before the result is announced.
type SheetStatus string

// The statuses of a sheet.
const (
	SheetSelf      SheetStatus = "self"      // the unit scores itself
	SheetSubmitted SheetStatus = "submitted" // the unit has handed it in
	SheetVerified  SheetStatus = "verified"  // the assessor has done with it
)

// Sheet (评分表) is one unit's score in a round: three totals in hundredths of a
// point, nil while nothing can be said: the unit's own, the office's, and the final
// one after appeals (the office's until an appeal is upheld). Class and the unit's names
// are as the round was opened and, once announced, as of then.
type Sheet struct {
	ID       uint64 `gorm:"primaryKey"`
	RoundID  uint64
	UnitID   uint64
	UnitName string
	// UnitNameEN is empty for units without an English name.
	UnitNameEN string
	Class      string
	Status     SheetStatus
	Self       *int64
	Verified   *int64
	Final      *int64
	// Grade is the place of the final score among the scheme's grades, ByVeto that a
	// veto led to it.
	Grade  int
	ByVeto bool
	// Entries is how many awards the sheet asks for; SelfMissing and Missing how many
	// of them have no self or verified score yet.
	Entries     int
	SelfMissing int
	Missing     int
	// Autos are the duties of auto indicators as they were scored last, as JSON.
	Autos        string
	SubmittedBy  *uint64
	SubmittedAt  *time.Time
	VerifiedBy   *uint64
	VerifiedAt   *time.Time
	ReturnReason string
	Version      int
}

// SheetMark is what is entered for one indicator of a sheet: by the unit, by the
// office, and by the decision on an appeal. Points are in hundred-millionths of a
// point (scoring.Amount), nil while nothing is entered: what is awarded, or for a
// deduction what is taken off.
type SheetMark struct {
	ID        uint64 `gorm:"primaryKey"`
	SheetID   uint64
	Indicator string

	SelfPoints *int64
	SelfNA     bool
	SelfNote   string
	SelfURL    string
	SelfBy     *uint64
	SelfAt     *time.Time

	Points *int64
	NA     bool
	// Raised tells that the veto is raised.
	Raised bool
	// Reason (失分原因) says why points are lost, why it does not apply, or why the
	// veto is raised.
	Reason string
	// FindingID is the finding of an inspection for which points are lost.
	FindingID *uint64
	MarkedBy  *uint64
	MarkedAt  *time.Time

	// Decided tells that an appeal was upheld: the Final ones count instead.
	Decided     bool
	FinalPoints *int64
	FinalNA     bool
	FinalRaised bool
	Version     int
}

// AppealStatus is where an appeal stands.
type AppealStatus string

// The statuses of an appeal.
const (
	AppealFiled     AppealStatus = "filed"     // waits for the office
	AppealUpheld    AppealStatus = "upheld"    // decided as the unit asked, or in part
	AppealRejected  AppealStatus = "rejected"  // the verified score stands
	AppealWithdrawn AppealStatus = "withdrawn" // taken back by the unit
)

// Appeal (复核申请) asks the office to look again at one indicator of an announced
// sheet. A sheet has at most one per indicator that is not withdrawn.
type Appeal struct {
	ID        uint64 `gorm:"primaryKey"`
	RoundID   uint64
	SheetID   uint64
	UnitID    uint64
	Indicator string
	// Claimed is what the unit asks for, in hundred-millionths of a point; ClaimNA that
	// the indicator does not apply, ClaimLifted that the veto be lifted.
	Claimed     *int64
	ClaimNA     bool
	ClaimLifted bool
	Reason      string
	URL         string
	Status      AppealStatus
	// Ended is the appeal's id once it is withdrawn, else 0.
	Ended    uint64
	FiledBy  uint64
	FiledAt  time.Time
	FiledOn  calendar.Date
	Decision string
	// ScoreBefore and ScoreAfter are the sheet's final score around the decision, in
	// hundredths of a point.
	ScoreBefore *int64
	ScoreAfter  *int64
	DecidedBy   *uint64
	DecidedAt   *time.Time
	DecidedOn   calendar.Date
	Version     int
}

// ScoreSide tells whose points a file of scores has.
type ScoreSide string

// The sides.
const (
	SelfSide   ScoreSide = "self"   // the units' own
	OfficeSide ScoreSide = "office" // the office's and its assessors'
)

// ScoreImport is a file of scores that was checked and waits until who sent it imports
// it or sends another one; nothing of it counts before.
type ScoreImport struct {
	ID      uint64 `gorm:"primaryKey"`
	RoundID uint64
	UserID  uint64
	Side    ScoreSide
	Name    string
	// Hash is the SHA-256 of the content, in hexadecimal digits.
	Hash    string
	Content []byte
	SentAt  time.Time
}

// ScoreFile is a file in the vault that proves what is entered for an indicator, or
// belongs to an appeal.
type ScoreFile struct {
	ID        uint64 `gorm:"primaryKey"`
	SheetID   uint64
	UnitID    uint64
	Indicator string
	// AppealID is nil for evidence of the self score.
	AppealID *uint64
	Hash     string
	Name     string
	AddedBy  uint64
	AddedAt  time.Time
}
