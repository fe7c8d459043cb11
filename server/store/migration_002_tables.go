package store

import "time"

// The tables that are new.

type policyEdition2 struct {
	PolicyID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Policy   *policy1
	Edition  int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	Source   string `gorm:"not null"`
	Reason   string `gorm:"not null"`
	LoadedBy *uint64
	LoadedAt time.Time `gorm:"not null"`
	KnownOn  string    `gorm:"type:char(10);not null"`
}

func (policyEdition2) TableName() string { return "policy_editions" }

type unitChange2 struct {
	UnitID     uint64 `gorm:"primaryKey;autoIncrement:false"`
	Unit       *unit1
	KnownOn    string  `gorm:"primaryKey;type:char(10);not null"`
	KnownUntil string  `gorm:"type:char(10);not null"`
	Name       string  `gorm:"size:200;not null"`
	NameEN     string  `gorm:"size:200;not null"`
	Kind       string  `gorm:"size:16;not null"`
	Class      string  `gorm:"size:64;not null"`
	ParentID   *uint64 `gorm:"index:idx_unit_changes_parent"`
	Path       string  `gorm:"size:200;not null;index:idx_unit_changes_path"`
	Position   int     `gorm:"size:32;not null"`
	OpenedOn   *string `gorm:"type:char(10)"`
	ClosedOn   *string `gorm:"type:char(10)"`
}

func (unitChange2) TableName() string { return "unit_changes" }

type draft2 struct {
	ID      uint64 `gorm:"primaryKey"`
	DutyID  uint64 `gorm:"not null;uniqueIndex:idx_drafts_duty,priority:1"`
	Duty    *duty1
	UserID  uint64    `gorm:"not null;uniqueIndex:idx_drafts_duty,priority:2;index:idx_drafts_user"`
	Filing  string    `gorm:"not null"`
	Version int       `gorm:"size:32;not null"`
	SavedAt time.Time `gorm:"not null"`
}

func (draft2) TableName() string { return "drafts" }

type evidenceFile2 struct {
	Hash    string    `gorm:"primaryKey;size:64"`
	Size    int64     `gorm:"not null"`
	Type    string    `gorm:"size:16;not null"`
	AddedAt time.Time `gorm:"not null"`
}

func (evidenceFile2) TableName() string { return "evidence_files" }

type attachment2 struct {
	ID       uint64 `gorm:"primaryKey"`
	DutyID   uint64 `gorm:"not null;index:idx_attachments_duty"`
	Duty     *duty1
	UnitID   uint64    `gorm:"not null"`
	ReportID *uint64   `gorm:"index:idx_attachments_report"`
	Hash     string    `gorm:"size:64;not null;index:idx_attachments_hash"`
	Name     string    `gorm:"size:255;not null"`
	AddedBy  uint64    `gorm:"not null"`
	AddedAt  time.Time `gorm:"not null"`
}

func (attachment2) TableName() string { return "attachments" }

type linkCheck2 struct {
	ID        uint64 `gorm:"primaryKey"`
	ReportID  uint64 `gorm:"not null;index:idx_link_checks_report"`
	Report    *report1
	URL       string    `gorm:"not null"`
	FinalURL  string    `gorm:"not null"`
	Status    int       `gorm:"size:32;not null"`
	Title     string    `gorm:"size:500;not null"`
	Failure   string    `gorm:"size:64;not null"`
	Host      string    `gorm:"size:255;not null"`
	CheckedBy uint64    `gorm:"not null"`
	CheckedAt time.Time `gorm:"not null"`
}

func (linkCheck2) TableName() string { return "link_checks" }

type extension2 struct {
	ID        uint64 `gorm:"primaryKey"`
	DutyID    uint64 `gorm:"not null;index:idx_extensions_duty"`
	Duty      *duty1
	FromDue   *string   `gorm:"type:char(10)"`
	ToDue     *string   `gorm:"type:char(10)"`
	Reason    string    `gorm:"not null"`
	Document  string    `gorm:"size:500;not null"`
	GrantedBy uint64    `gorm:"not null"`
	GrantedAt time.Time `gorm:"not null"`
	GrantedOn string    `gorm:"type:char(10);not null"`
}

func (extension2) TableName() string { return "extensions" }

type closing2 struct {
	ID       uint64 `gorm:"primaryKey"`
	UnitID   uint64 `gorm:"not null;index:idx_closings_unit"`
	Unit     *unit1
	Year     int       `gorm:"size:32;not null;index:idx_closings_year"`
	Reason   string    `gorm:"not null"`
	ClosedBy uint64    `gorm:"not null"`
	ClosedAt time.Time `gorm:"not null"`
	LiftedBy *uint64
	LiftedAt *time.Time
}

func (closing2) TableName() string { return "closings" }

type closingException2 struct {
	ID        uint64 `gorm:"primaryKey"`
	ClosingID uint64 `gorm:"not null;index:idx_closing_exceptions_closing"`
	Closing   *closing2
	UnitID    uint64 `gorm:"not null"`
	Unit      *unit1
	Until     string    `gorm:"type:char(10);not null"`
	Reason    string    `gorm:"not null"`
	GrantedBy uint64    `gorm:"not null"`
	GrantedAt time.Time `gorm:"not null"`
}

func (closingException2) TableName() string { return "closing_exceptions" }

type calendarNotice2 struct {
	ID        uint64  `gorm:"primaryKey"`
	Number    string  `gorm:"size:100;not null;uniqueIndex:idx_calendar_notices_number,priority:1"`
	Year      int     `gorm:"size:32;not null"`
	Issued    *string `gorm:"type:char(10)"`
	Content   string  `gorm:"not null"`
	Source    string  `gorm:"not null"`
	EnteredBy *uint64
	EnteredAt time.Time `gorm:"not null"`
	Removed   uint64    `gorm:"not null;uniqueIndex:idx_calendar_notices_number,priority:2"`
	RemovedBy *uint64
	RemovedAt *time.Time
}

func (calendarNotice2) TableName() string { return "calendar_notices" }

type invitation2 struct {
	ID        uint64 `gorm:"primaryKey"`
	UserID    uint64 `gorm:"not null;index:idx_invitations_user"`
	User      *user1
	InvitedBy *uint64
	Hash      string    `gorm:"size:64;not null;uniqueIndex:idx_invitations_hash"`
	CreatedAt time.Time `gorm:"not null"`
	ExpiresAt time.Time `gorm:"not null"`
	UsedAt    *time.Time
}

func (invitation2) TableName() string { return "invitations" }

// Every index but that of objects ends in the order of the log, so that a page of
// it is read from the index alone, whatever it is filtered by.
type auditEntry2 struct {
	Strand   int       `gorm:"primaryKey;autoIncrement:false;size:32;index:idx_audit_entries_at,priority:2;index:idx_audit_entries_unit,priority:3;index:idx_audit_entries_user,priority:3;index:idx_audit_entries_action,priority:3"`
	Seq      uint64    `gorm:"primaryKey;autoIncrement:false;index:idx_audit_entries_at,priority:3;index:idx_audit_entries_unit,priority:4;index:idx_audit_entries_user,priority:4;index:idx_audit_entries_action,priority:4"`
	At       time.Time `gorm:"not null;index:idx_audit_entries_at,priority:1;index:idx_audit_entries_unit,priority:2;index:idx_audit_entries_user,priority:2;index:idx_audit_entries_action,priority:2"`
	UserID   *uint64   `gorm:"index:idx_audit_entries_user,priority:1"`
	UserName string    `gorm:"size:200;not null"`
	Behalf   string    `gorm:"size:200;not null"`
	Via      string    `gorm:"size:16;not null"`
	Address  string    `gorm:"size:64;not null"`
	Action   string    `gorm:"size:64;not null;index:idx_audit_entries_action,priority:1"`
	Object   string    `gorm:"size:64;not null;index:idx_audit_entries_object,priority:1"`
	ObjectID uint64    `gorm:"not null;index:idx_audit_entries_object,priority:2"`
	UnitID   *uint64   `gorm:"index:idx_audit_entries_unit,priority:1"`
	Changes  string    `gorm:"not null"`
	Detail   string    `gorm:"not null"`
	Hash     string    `gorm:"size:64;not null"`
}

func (auditEntry2) TableName() string { return "audit_entries_new" }

type auditStrand2 struct {
	Strand int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	Seq    uint64 `gorm:"not null"`
	Hash   string `gorm:"size:64;not null"`
}

func (auditStrand2) TableName() string { return "audit_strands" }

// The columns that are new.

type unit2 struct {
	ID          uint64  `gorm:"primaryKey"`
	SuccessorID *uint64 `gorm:"index:idx_units_successor"`
}

func (unit2) TableName() string { return "units" }

type user2 struct {
	ID           uint64 `gorm:"primaryKey"`
	LastSignInAt *time.Time
}

func (user2) TableName() string { return "users" }

type policy2 struct {
	ID        uint64  `gorm:"primaryKey"`
	Edition   int     `gorm:"size:32;not null;default:1"`
	Levels    int     `gorm:"size:32;not null;default:1"`
	RetiredOn *string `gorm:"type:char(10)"`
}

func (policy2) TableName() string { return "policies" }

type duty2 struct {
	ID         uint64  `gorm:"primaryKey"`
	Edition    int     `gorm:"size:32;not null;default:1"`
	ExtendedTo *string `gorm:"type:char(10)"`
}

func (duty2) TableName() string { return "duties" }

type dutyChange2 struct {
	DutyID   uint64 `gorm:"primaryKey;autoIncrement:false"`
	KnownOn  string `gorm:"primaryKey;type:char(10);not null"`
	Edition  int    `gorm:"size:32;not null;default:1"`
	Extended bool   `gorm:"not null;default:false"`
}

func (dutyChange2) TableName() string { return "duty_changes" }

type report2 struct {
	ID uint64 `gorm:"primaryKey"`
	// What waits for an officer is counted on every page, from this index alone.
	Status    string `gorm:"size:16;not null;index:idx_reports_waiting,priority:1"`
	UnitID    uint64 `gorm:"not null;index:idx_reports_waiting,priority:2"`
	FiledBy   uint64 `gorm:"not null;index:idx_reports_waiting,priority:3"`
	DutyID    uint64 `gorm:"not null;index:idx_reports_waiting,priority:4"`
	OfficeID  *uint64
	CheckedBy *uint64 `gorm:"index:idx_reports_waiting,priority:5"`
	CheckedAt *time.Time
	CheckedOn *string `gorm:"type:char(10)"`
	EndedBy   *uint64
	EndedAt   *time.Time
	EndedOn   *string `gorm:"type:char(10)"`
	EndReason string  `gorm:"size:2000;not null;default:''"`
	Request   string  `gorm:"size:64;not null;default:''"`
}

func (report2) TableName() string { return "reports" }

type exemption2 struct {
	ID           uint64 `gorm:"primaryKey"`
	DutyID       uint64 `gorm:"not null;index:idx_exemptions_of_duty"`
	RevokedBy    *uint64
	RevokedAt    *time.Time
	RevokedOn    *string `gorm:"type:char(10)"`
	RevokeReason string  `gorm:"size:2000;not null;default:''"`
}

func (exemption2) TableName() string { return "exemptions" }

type tally2 struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Year         int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	ObligationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	KnownDay     int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	Extended     int    `gorm:"size:32;not null;default:0"`
}

func (tally2) TableName() string { return "tallies" }
