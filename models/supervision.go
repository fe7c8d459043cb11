package models

import (
	"time"

	"sundial/server/calendar"
)

// Task (任务分工) is a task of a policy with the units that lead it and those that
// cooperate. Code is its id in the policy pack, or "office." and a number for one that
// the office has added.
type Task struct {
	ID       uint64 `gorm:"primaryKey"`
	PolicyID uint64
	// UnitID is the office that divides the tasks: the region of the policy.
	UnitID   uint64
	Code     string
	Position int
	Clause   string
	TitleZH  string
	TitleEN  string
	// DueOn is the day by which it is to be done.
	DueOn    calendar.Date
	OpenedBy *uint64
	OpenedAt time.Time
	OpenedOn calendar.Date
	Version  int
}

// TaskRole is the part that a unit has in a task.
type TaskRole string

// The parts.
const (
	TaskLead      TaskRole = "lead"      // 牵头单位: reports progress
	TaskCooperate TaskRole = "cooperate" // 配合单位
)

// TaskStatus is how far a unit is with a task.
type TaskStatus string

// The statuses of a task.
const (
	TaskNotStarted TaskStatus = "not_started"
	TaskUnderWay   TaskStatus = "under_way"
	TaskDone       TaskStatus = "done"
)

// TaskShare is the part of one unit in a task, as its last step left it. MovedOn is the
// last day on which it was given, came along or was sent back.
type TaskShare struct {
	ID     uint64 `gorm:"primaryKey"`
	TaskID uint64
	UnitID uint64
	Role   TaskRole
	// Assigned tells that the office gave it, not the policy.
	Assigned bool
	Status   TaskStatus
	GivenOn  calendar.Date
	MovedOn  calendar.Date
	// EndedOn is the first day on which the unit has no part in it any more.
	EndedOn calendar.Date
	Version int
}

// TaskAct says what a step of a share was.
type TaskAct string

// The acts.
const (
	TaskGive   TaskAct = "give"   // the unit has its part from that day on
	TaskReport TaskAct = "report" // the unit reported progress
	TaskReturn TaskAct = "return" // the office: it is not done
	TaskRedate TaskAct = "redate" // the office changed the due date
	TaskEnd    TaskAct = "end"    // the unit has no part any more
)

// TaskStep is one act on a share, with all that the share was after it: a ledger of a
// past day is made of the last steps of that day. Steps are never changed.
type TaskStep struct {
	ID      uint64 `gorm:"primaryKey"`
	ShareID uint64
	Act     TaskAct
	Role    TaskRole
	Status  TaskStatus
	DueOn   calendar.Date
	MovedOn calendar.Date
	Note    string
	// Reason says why it is behind, when it is.
	Reason string
	URL    string
	// ByUser is 0 for the program.
	ByUser uint64
	DoneAt time.Time
	DoneOn calendar.Date
}

// UrgeLevel is how urgent an urge is.
type UrgeLevel string

// The levels, in the order in which they rise.
const (
	UrgeBlue   UrgeLevel = "blue"
	UrgeYellow UrgeLevel = "yellow"
	UrgeRed    UrgeLevel = "red"
)

// UrgeStatus is where an urge stands.
type UrgeStatus string

// The statuses of an urge.
const (
	UrgeSent         UrgeStatus = "sent"         // waits for the receipt
	UrgeAcknowledged UrgeStatus = "acknowledged" // 已签收; waits for the reply
	UrgeReplied      UrgeStatus = "replied"
	UrgeEnded        UrgeStatus = "ended" // taken back by the office, or all of it done
)

// Urge (催办) reminds one unit of what it owes. Level is that of its last step.
type Urge struct {
	ID     uint64 `gorm:"primaryKey"`
	UnitID uint64
	// OfficeID is the office that urges.
	OfficeID uint64
	Level    UrgeLevel
	Status   UrgeStatus
	Text     string
	// ReplyTerm is how many working days there are for the reply. ReplyBy is the last of
	// them as it was counted when the urge was stored last: it follows from the calendar
	// known on the day that is asked about.
	ReplyTerm int
	ReplyBy   calendar.Date
	// Floor is the level of the urge that this one has taken the place of: without a reply
	// it does not fall below it. It is empty when there was none.
	Floor UrgeLevel `gorm:"column:floor_level"`
	// Again says why the unit was urged within the cool-down, empty outside of it.
	Again          string
	SentBy         *uint64
	SentAt         time.Time
	SentOn         calendar.Date
	AcknowledgedOn calendar.Date
	RepliedOn      calendar.Date
	EndedOn        calendar.Date
	Version        int
}

// UrgeObject is what an urge may be about.
type UrgeObject string

// What units are urged for.
const (
	UrgeDuty          UrgeObject = "duty"
	UrgeTask          UrgeObject = "task-share"
	UrgeRectification UrgeObject = "rectification"
)

// UrgeItem is one thing that an urge is about.
type UrgeItem struct {
	ID       uint64 `gorm:"primaryKey"`
	UrgeID   uint64
	Object   UrgeObject
	ObjectID uint64
}

// UrgeAct says what a step of an urge was.
type UrgeAct string

// The acts.
const (
	UrgeSend        UrgeAct = "send"
	UrgeAcknowledge UrgeAct = "acknowledge"
	UrgeReply       UrgeAct = "reply"
	UrgeEscalate    UrgeAct = "escalate"  // the level changed by the rule of the office
	UrgeWithdraw    UrgeAct = "withdraw"  // the office takes it back
	UrgeFinish      UrgeAct = "finish"    // all that it is about is done
	UrgeSupersede   UrgeAct = "supersede" // a later urge of the office is about all that was left of it
)

// UrgeStep is one act in an urge, with the level after it. Why a level changed is a
// message key with arguments as JSON. Steps are never changed.
type UrgeStep struct {
	ID      uint64 `gorm:"primaryKey"`
	UrgeID  uint64
	Act     UrgeAct
	Level   UrgeLevel
	Note    string
	URL     string
	WhyKey  string
	WhyArgs string
	// ByUser is nil for the program. OnBehalf tells that it was done for the unit by a
	// grant over a unit above it.
	ByUser   *uint64
	OnBehalf bool
	DoneAt   time.Time
	// DoneOn is the day on which it happened: a step that the program writes late has
	// the day on which its cause came about.
	DoneOn calendar.Date
}

// UrgeRule is how an office urges: terms in working days, the cool-down in days.
type UrgeRule struct {
	UnitID uint64 `gorm:"primaryKey;autoIncrement:false"`
	// YellowBefore is how many working days before the due date an urge turns yellow,
	// RedAfter how many after it an urge turns red; 0 is the first day after it.
	YellowBefore int
	RedAfter     int
	// Unanswered tells that an urge whose day of reply has passed without one rises by
	// a level.
	Unanswered bool
	ReplyTerm  int
	CoolDown   int
	// Template is the text that urges begin with.
	Template  string
	ChangedBy *uint64
	ChangedAt time.Time
	Version   int
}

// InspectionStatus is where an inspection stands.
type InspectionStatus string

// The statuses of an inspection.
const (
	InspectionOpen   InspectionStatus = "open"   // findings are entered
	InspectionClosed InspectionStatus = "closed" // no more findings; what was found is still put right
)

// Inspection (督查) is a round of an office over chosen or drawn units and obligations.
type Inspection struct {
	ID     uint64 `gorm:"primaryKey"`
	UnitID uint64
	Year   int
	Title  string
	// Basis is the document or clause by which it is held.
	Basis  string
	Status InspectionStatus
	// Obligations are codes, one a line; empty is everything.
	Obligations string
	// Seed is by what units were drawn, empty when they were chosen. SeedSource says where
	// one that the office gave comes from, empty for one that the program made. Population
	// are the codes of those that could be drawn, one a line, each with its class after a
	// space when every class is drawn (PerClass), and SampleSize how many were.
	Seed       string
	SeedSource string
	Population string
	PerClass   bool
	SampleSize int
	// Unannounced (暗访) tells that a unit hears of it by its first finding only.
	Unannounced bool
	StartOn     calendar.Date
	EndOn       calendar.Date
	// RectifyTerm is how many working days a unit has to put a finding right.
	RectifyTerm int
	OpenedBy    uint64
	OpenedAt    time.Time
	ClosedBy    *uint64
	ClosedOn    calendar.Date
	Version     int
}

// InspectionUnit is a unit that an inspection looks at. What was drawn stays to be seen: a
// unit that is put in or taken out by hand says so, with the reason.
type InspectionUnit struct {
	ID           uint64 `gorm:"primaryKey"`
	InspectionID uint64
	UnitID       uint64
	// Drawn tells that the draw put it in. AddReason says why it was put in later by hand,
	// empty for those of the beginning.
	Drawn     bool
	AddedOn   calendar.Date
	AddReason string
	// RemovedOn is the first day on which it is not looked at any more.
	RemovedOn    calendar.Date
	RemoveReason string
	// CheckedOn is zero until it was looked at.
	CheckedOn calendar.Date
	CheckedBy *uint64
	Note      string
	Version   int
}

// Severity is how grave a finding is.
type Severity string

// The severities.
const (
	SeverityMinor    Severity = "minor"    // 轻微
	SeverityOrdinary Severity = "ordinary" // 一般
	SeveritySerious  Severity = "serious"  // 严重
)

// Severities are all, the gravest first.
var Severities = []Severity{SeveritySerious, SeverityOrdinary, SeverityMinor}

// Finding (督查发现的问题) is what an inspection found wrong in a unit. How it is put
// right is its Rectification, which has its id.
type Finding struct {
	ID           uint64 `gorm:"primaryKey"`
	InspectionID uint64
	UnitID       uint64
	// DutyID is the duty that it concerns, in whatever state, nil for none.
	DutyID   *uint64
	Clause   string
	Severity Severity
	// Noted tells that it is noted only: a minor one for which nothing is demanded.
	Noted   bool
	Text    string
	URL     string
	FoundBy uint64
	FoundAt time.Time
	FoundOn calendar.Date
	// WithdrawnOn is set when the office takes it back, with the reason.
	WithdrawnOn    calendar.Date
	WithdrawReason string
	Version        int
}

// CaseFile is a file in the vault that belongs to a step of supervision: Object and
// ObjectID name the step, UnitID the unit that it concerns and OfficeID the office.
type CaseFile struct {
	ID       uint64 `gorm:"primaryKey"`
	Object   string
	ObjectID uint64
	UnitID   uint64
	OfficeID uint64
	Hash     string
	Name     string
	AddedBy  uint64
	AddedAt  time.Time
}
