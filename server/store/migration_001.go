package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// migrateInitial makes all tables of the first version.
func migrateInitial(tx *gorm.DB) error {
	tables := []any{
		&unit1{}, &user1{}, &grant1{}, &token1{}, &session1{}, &auditEntry1{},
		&policy1{}, &obligation1{}, &activation1{}, &duty1{}, &dutyChange1{},
		&report1{}, &exemption1{}, &tally1{},
	}
	for _, table := range tables {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	return nil
}

// Text without a size is TEXT of any length. Dates are char(10) in every
// database, instants have milliseconds. A NULL date or instant is none. Who
// filed or decided is no foreign key: imports act for nobody. Tallies have none
// either: they are derived, and a key would lock the province's row.

type unit1 struct {
	ID       uint64  `gorm:"primaryKey"`
	Code     string  `gorm:"size:64;not null;uniqueIndex:idx_units_code"`
	Name     string  `gorm:"size:200;not null"`
	NameEN   string  `gorm:"size:200;not null"`
	Kind     string  `gorm:"size:16;not null"`
	Class    string  `gorm:"size:64;not null"`
	ParentID *uint64 `gorm:"index:idx_units_parent"`
	Parent   *unit1
	Path     string  `gorm:"size:200;not null;index:idx_units_path"`
	Position int     `gorm:"size:32;not null"`
	OpenedOn *string `gorm:"type:char(10)"`
	ClosedOn *string `gorm:"type:char(10)"`
	Demo     bool    `gorm:"not null"`
}

func (unit1) TableName() string { return "units" }

type user1 struct {
	ID           uint64    `gorm:"primaryKey"`
	Login        string    `gorm:"size:64;not null;uniqueIndex:idx_users_login"`
	Name         string    `gorm:"size:200;not null"`
	PasswordHash string    `gorm:"size:200;not null"`
	Locale       string    `gorm:"size:16;not null"`
	Disabled     bool      `gorm:"not null"`
	Demo         bool      `gorm:"not null"`
	CreatedAt    time.Time `gorm:"not null"`
}

func (user1) TableName() string { return "users" }

type grant1 struct {
	ID     uint64 `gorm:"primaryKey"`
	UserID uint64 `gorm:"not null;uniqueIndex:idx_grants_user,priority:1"`
	User   *user1
	Role   string `gorm:"size:32;not null;uniqueIndex:idx_grants_user,priority:2"`
	UnitID uint64 `gorm:"not null;uniqueIndex:idx_grants_user,priority:3;index:idx_grants_unit"`
	Unit   *unit1
}

func (grant1) TableName() string { return "grants" }

type token1 struct {
	ID        uint64 `gorm:"primaryKey"`
	UserID    uint64 `gorm:"not null;index:idx_tokens_user"`
	User      *user1
	Hash      string    `gorm:"size:64;not null;uniqueIndex:idx_tokens_hash"`
	CreatedAt time.Time `gorm:"not null"`
	RevokedAt *time.Time
}

func (token1) TableName() string { return "tokens" }

type session1 struct {
	Token  string    `gorm:"primaryKey;size:64"`
	Data   []byte    `gorm:"not null"`
	Expiry time.Time `gorm:"not null;index:idx_sessions_expiry"`
}

func (session1) TableName() string { return "sessions" }

// The log outlives what it tells of, so it refers to nothing by key.
type auditEntry1 struct {
	ID       uint64    `gorm:"primaryKey;index:idx_audit_unit,priority:2"`
	At       time.Time `gorm:"not null"`
	UserID   *uint64
	UserName string  `gorm:"size:200;not null"`
	Action   string  `gorm:"size:64;not null"`
	Object   string  `gorm:"size:64;not null;index:idx_audit_object,priority:1"`
	ObjectID uint64  `gorm:"not null;index:idx_audit_object,priority:2"`
	UnitID   *uint64 `gorm:"index:idx_audit_unit,priority:1"`
	Detail   string  `gorm:"not null"`
}

func (auditEntry1) TableName() string { return "audit_entries" }

type policy1 struct {
	ID        uint64    `gorm:"primaryKey"`
	Code      string    `gorm:"size:64;not null;uniqueIndex:idx_policies_code"`
	Number    string    `gorm:"size:200;not null"`
	TitleZH   string    `gorm:"size:500;not null"`
	TitleEN   string    `gorm:"size:500;not null"`
	Published *string   `gorm:"type:char(10)"`
	Source    string    `gorm:"not null"`
	LoadedAt  time.Time `gorm:"not null"`
}

func (policy1) TableName() string { return "policies" }

type obligation1 struct {
	ID       uint64 `gorm:"primaryKey"`
	PolicyID uint64 `gorm:"not null;index:idx_obligations_policy"`
	Policy   *policy1
	Code     string `gorm:"size:64;not null;uniqueIndex:idx_obligations_code"`
	Position int    `gorm:"size:32;not null"`
	Clause   string `gorm:"size:200;not null"`
	TitleZH  string `gorm:"size:500;not null"`
	TitleEN  string `gorm:"size:500;not null"`
}

func (obligation1) TableName() string { return "obligations" }

type activation1 struct {
	ID          uint64 `gorm:"primaryKey"`
	PolicyID    uint64 `gorm:"not null;uniqueIndex:idx_activations_year,priority:1"`
	Policy      *policy1
	Year        int       `gorm:"size:32;not null;uniqueIndex:idx_activations_year,priority:2"`
	ActivatedAt time.Time `gorm:"not null"`
}

func (activation1) TableName() string { return "activations" }

type duty1 struct {
	ID           uint64 `gorm:"primaryKey"`
	UnitID       uint64 `gorm:"not null;uniqueIndex:idx_duties_owed,priority:2;index:idx_duties_unit,priority:1"`
	Unit         *unit1
	ObligationID uint64 `gorm:"not null;uniqueIndex:idx_duties_owed,priority:1;index:idx_duties_obligation,priority:1"`
	Obligation   *obligation1
	Period       string  `gorm:"size:32;not null;uniqueIndex:idx_duties_owed,priority:3"`
	Subject      string  `gorm:"size:64;not null;uniqueIndex:idx_duties_owed,priority:4"`
	SubjectTitle string  `gorm:"size:500;not null"`
	Year         int     `gorm:"size:32;not null;index:idx_duties_unit,priority:2;index:idx_duties_obligation,priority:2"`
	UntilYear    int     `gorm:"size:32;not null"`
	Since        string  `gorm:"type:char(10);not null"`
	TriggerOn    *string `gorm:"type:char(10)"`
	TriggerAt    *time.Time
	DueOn        *string `gorm:"type:char(10)"`
	DueAt        *time.Time
	Provisional  bool    `gorm:"not null"`
	Outcome      string  `gorm:"size:16;not null"`
	DoneOn       *string `gorm:"type:char(10)"`
	Value        string  `gorm:"size:200;not null"`
	Version      int     `gorm:"size:32;not null"`
}

func (duty1) TableName() string { return "duties" }

type dutyChange1 struct {
	DutyID      uint64 `gorm:"primaryKey;autoIncrement:false"`
	Duty        *duty1
	KnownOn     string  `gorm:"primaryKey;type:char(10);not null"`
	Outcome     string  `gorm:"size:16;not null"`
	DueOn       *string `gorm:"type:char(10)"`
	Provisional bool    `gorm:"not null"`
	DoneOn      *string `gorm:"type:char(10)"`
}

func (dutyChange1) TableName() string { return "duty_changes" }

type report1 struct {
	ID             uint64 `gorm:"primaryKey;index:idx_reports_status,priority:2"`
	DutyID         uint64 `gorm:"not null;index:idx_reports_duty"`
	Duty           *duty1
	UnitID         uint64 `gorm:"not null;index:idx_reports_unit"`
	Unit           *unit1
	Status         string    `gorm:"size:16;not null;index:idx_reports_status,priority:1"`
	Filing         string    `gorm:"not null"`
	FactOn         *string   `gorm:"type:char(10)"`
	FiledBy        uint64    `gorm:"not null;uniqueIndex:idx_reports_request,priority:1"`
	FiledAt        time.Time `gorm:"not null"`
	FiledOn        string    `gorm:"type:char(10);not null"`
	DecidedBy      *uint64
	DecidedAt      *time.Time
	DecidedOn      *string `gorm:"type:char(10)"`
	Reason         string  `gorm:"not null"`
	Version        int     `gorm:"size:32;not null"`
	IdempotencyKey *string `gorm:"size:128;uniqueIndex:idx_reports_request,priority:2"`
}

func (report1) TableName() string { return "reports" }

type exemption1 struct {
	ID        uint64 `gorm:"primaryKey"`
	DutyID    uint64 `gorm:"not null;uniqueIndex:idx_exemptions_duty"`
	Duty      *duty1
	Reason    string    `gorm:"not null"`
	Document  string    `gorm:"size:500;not null"`
	GrantedBy uint64    `gorm:"not null"`
	GrantedAt time.Time `gorm:"not null"`
	GrantedOn string    `gorm:"type:char(10);not null"`
}

func (exemption1) TableName() string { return "exemptions" }

type counts1 struct {
	Open        int `gorm:"size:32;not null;default:0"`
	Provisional int `gorm:"size:32;not null;default:0"`
	Reported    int `gorm:"size:32;not null;default:0"`
	Met         int `gorm:"size:32;not null;default:0"`
	Late        int `gorm:"size:32;not null;default:0"`
	Exempt      int `gorm:"size:32;not null;default:0"`
	Unscheduled int `gorm:"size:32;not null;default:0"`
}

type tally1 struct {
	UnitID       uint64  `gorm:"primaryKey;autoIncrement:false"`
	Year         int     `gorm:"primaryKey;autoIncrement:false;size:32"`
	ObligationID uint64  `gorm:"primaryKey;autoIncrement:false"`
	KnownDay     int     `gorm:"primaryKey;autoIncrement:false;size:32"`
	Counts       counts1 `gorm:"embedded"`
	OpenDue      string  `gorm:"type:text;not null"`
}

func (tally1) TableName() string { return "tallies" }
