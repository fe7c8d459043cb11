package store

import "time"

type message5 struct {
	ID       uint64 `gorm:"primaryKey"`
	UnitID   uint64 `gorm:"not null;index:idx_messages_unit"`
	Unit     *unit1
	Kind     string    `gorm:"size:16;not null"`
	Object   string    `gorm:"size:32;not null;index:idx_messages_object,priority:1"`
	ObjectID uint64    `gorm:"not null;index:idx_messages_object,priority:2"`
	Key      string    `gorm:"size:100;not null;column:message_key"`
	Args     string    `gorm:"not null"`
	Urgent   bool      `gorm:"not null"`
	SentAt   time.Time `gorm:"not null"`
	SentOn   string    `gorm:"type:char(10);not null"`
}

func (message5) TableName() string { return "messages" }

type inboxEntry5 struct {
	ID        uint64 `gorm:"primaryKey"`
	MessageID uint64 `gorm:"not null;uniqueIndex:idx_inbox_entries_user,priority:2"`
	Message   *message5
	UserID    uint64 `gorm:"not null;uniqueIndex:idx_inbox_entries_user,priority:1;index:idx_inbox_entries_arrived,priority:1;index:idx_inbox_entries_unread,priority:1"`
	User      *user1
	ArrivedAt time.Time  `gorm:"not null;index:idx_inbox_entries_arrived,priority:2"`
	ReadAt    *time.Time `gorm:"index:idx_inbox_entries_unread,priority:2"`
	SentAt    *time.Time `gorm:"index:idx_inbox_entries_sent"`
}

func (inboxEntry5) TableName() string { return "inbox_entries" }

type task5 struct {
	ID       uint64 `gorm:"primaryKey"`
	PolicyID uint64 `gorm:"not null;uniqueIndex:idx_tasks_code,priority:1"`
	Policy   *policy1
	UnitID   uint64 `gorm:"not null;index:idx_tasks_unit"`
	Unit     *unit1
	Code     string `gorm:"size:64;not null;uniqueIndex:idx_tasks_code,priority:2"`
	Position int    `gorm:"size:32;not null"`
	Clause   string `gorm:"size:100;not null"`
	TitleZH  string `gorm:"size:500;not null"`
	TitleEN  string `gorm:"size:500;not null"`
	DueOn    string `gorm:"type:char(10);not null"`
	OpenedBy *uint64
	OpenedAt time.Time `gorm:"not null"`
	OpenedOn string    `gorm:"type:char(10);not null"`
	Version  int       `gorm:"size:32;not null"`
}

func (task5) TableName() string { return "tasks" }

type taskShare5 struct {
	ID       uint64 `gorm:"primaryKey"`
	TaskID   uint64 `gorm:"not null;uniqueIndex:idx_task_shares_unit,priority:1"`
	Task     *task5
	UnitID   uint64 `gorm:"not null;uniqueIndex:idx_task_shares_unit,priority:2;index:idx_task_shares_of"`
	Unit     *unit1
	Role     string  `gorm:"size:16;not null"`
	Assigned bool    `gorm:"not null"`
	Status   string  `gorm:"size:16;not null"`
	GivenOn  string  `gorm:"type:char(10);not null"`
	MovedOn  string  `gorm:"type:char(10);not null"`
	EndedOn  *string `gorm:"type:char(10)"`
	Version  int     `gorm:"size:32;not null"`
}

func (taskShare5) TableName() string { return "task_shares" }

type taskStep5 struct {
	ID      uint64 `gorm:"primaryKey"`
	ShareID uint64 `gorm:"not null;index:idx_task_steps_share"`
	Share   *taskShare5
	Act     string    `gorm:"size:16;not null"`
	Role    string    `gorm:"size:16;not null"`
	Status  string    `gorm:"size:16;not null"`
	DueOn   string    `gorm:"type:char(10);not null"`
	MovedOn string    `gorm:"type:char(10);not null"`
	Note    string    `gorm:"size:2000;not null"`
	Reason  string    `gorm:"size:2000;not null"`
	URL     string    `gorm:"size:1000;not null"`
	ByUser  uint64    `gorm:"not null"`
	DoneAt  time.Time `gorm:"not null"`
	DoneOn  string    `gorm:"type:char(10);not null"`
}

func (taskStep5) TableName() string { return "task_steps" }

type urge5 struct {
	ID             uint64 `gorm:"primaryKey"`
	UnitID         uint64 `gorm:"not null;index:idx_urges_unit,priority:1"`
	Unit           *unit1
	OfficeID       uint64 `gorm:"not null;index:idx_urges_office,priority:1"`
	Office         *unit1
	Level          string `gorm:"size:16;not null"`
	Status         string `gorm:"size:16;not null;index:idx_urges_unit,priority:2;index:idx_urges_office,priority:2;index:idx_urges_status"`
	Text           string `gorm:"size:2000;not null"`
	ReplyTerm      int    `gorm:"size:32;not null"`
	ReplyBy        string `gorm:"type:char(10);not null"`
	Floor          string `gorm:"size:16;not null;column:floor_level"`
	Again          string `gorm:"size:500;not null"`
	SentBy         *uint64
	SentAt         time.Time `gorm:"not null"`
	SentOn         string    `gorm:"type:char(10);not null"`
	AcknowledgedOn *string   `gorm:"type:char(10)"`
	RepliedOn      *string   `gorm:"type:char(10)"`
	EndedOn        *string   `gorm:"type:char(10)"`
	Version        int       `gorm:"size:32;not null"`
}

func (urge5) TableName() string { return "urges" }

type urgeItem5 struct {
	ID       uint64 `gorm:"primaryKey"`
	UrgeID   uint64 `gorm:"not null;uniqueIndex:idx_urge_items_urge,priority:1"`
	Urge     *urge5
	Object   string `gorm:"size:32;not null;uniqueIndex:idx_urge_items_urge,priority:2;index:idx_urge_items_object,priority:1"`
	ObjectID uint64 `gorm:"not null;uniqueIndex:idx_urge_items_urge,priority:3;index:idx_urge_items_object,priority:2"`
}

func (urgeItem5) TableName() string { return "urge_items" }

type urgeStep5 struct {
	ID       uint64 `gorm:"primaryKey"`
	UrgeID   uint64 `gorm:"not null;index:idx_urge_steps_urge"`
	Urge     *urge5
	Act      string `gorm:"size:16;not null"`
	Level    string `gorm:"size:16;not null"`
	Note     string `gorm:"size:2000;not null"`
	URL      string `gorm:"size:1000;not null"`
	WhyKey   string `gorm:"size:100;not null"`
	WhyArgs  string `gorm:"not null"`
	ByUser   *uint64
	OnBehalf bool      `gorm:"not null"`
	DoneAt   time.Time `gorm:"not null"`
	DoneOn   string    `gorm:"type:char(10);not null"`
}

func (urgeStep5) TableName() string { return "urge_steps" }

type urgeRule5 struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Unit         *unit1
	YellowBefore int    `gorm:"size:32;not null"`
	RedAfter     int    `gorm:"size:32;not null"`
	Unanswered   bool   `gorm:"not null"`
	ReplyTerm    int    `gorm:"size:32;not null"`
	CoolDown     int    `gorm:"size:32;not null"`
	Template     string `gorm:"size:2000;not null"`
	ChangedBy    *uint64
	ChangedAt    time.Time `gorm:"not null"`
	Version      int       `gorm:"size:32;not null"`
}

func (urgeRule5) TableName() string { return "urge_rules" }

type inspection5 struct {
	ID          uint64 `gorm:"primaryKey"`
	UnitID      uint64 `gorm:"not null;index:idx_inspections_unit"`
	Unit        *unit1
	Year        int       `gorm:"size:32;not null"`
	Title       string    `gorm:"size:200;not null"`
	Basis       string    `gorm:"size:500;not null"`
	Status      string    `gorm:"size:16;not null"`
	Obligations string    `gorm:"not null"`
	Seed        string    `gorm:"size:64;not null"`
	SeedSource  string    `gorm:"size:200;not null"`
	Population  string    `gorm:"not null"`
	PerClass    bool      `gorm:"not null"`
	SampleSize  int       `gorm:"size:32;not null"`
	Unannounced bool      `gorm:"not null"`
	StartOn     string    `gorm:"type:char(10);not null"`
	EndOn       string    `gorm:"type:char(10);not null"`
	RectifyTerm int       `gorm:"size:32;not null"`
	OpenedBy    uint64    `gorm:"not null"`
	OpenedAt    time.Time `gorm:"not null"`
	ClosedBy    *uint64
	ClosedOn    *string `gorm:"type:char(10)"`
	Version     int     `gorm:"size:32;not null"`
}

func (inspection5) TableName() string { return "inspections" }

type inspectionUnit5 struct {
	ID           uint64 `gorm:"primaryKey"`
	InspectionID uint64 `gorm:"not null;uniqueIndex:idx_inspection_units_unit,priority:1"`
	Inspection   *inspection5
	UnitID       uint64 `gorm:"not null;uniqueIndex:idx_inspection_units_unit,priority:2;index:idx_inspection_units_of"`
	Unit         *unit1
	Drawn        bool    `gorm:"not null"`
	AddedOn      string  `gorm:"type:char(10);not null"`
	AddReason    string  `gorm:"size:500;not null"`
	RemovedOn    *string `gorm:"type:char(10)"`
	RemoveReason string  `gorm:"size:500;not null"`
	CheckedOn    *string `gorm:"type:char(10)"`
	CheckedBy    *uint64
	Note         string `gorm:"size:2000;not null"`
	Version      int    `gorm:"size:32;not null"`
}

func (inspectionUnit5) TableName() string { return "inspection_units" }

type finding5 struct {
	ID             uint64 `gorm:"primaryKey"`
	InspectionID   uint64 `gorm:"not null;index:idx_findings_inspection"`
	Inspection     *inspection5
	UnitID         uint64 `gorm:"not null;index:idx_findings_unit"`
	Unit           *unit1
	DutyID         *uint64 `gorm:"index:idx_findings_duty"`
	Duty           *duty1
	Clause         string    `gorm:"size:100;not null"`
	Severity       string    `gorm:"size:16;not null"`
	Noted          bool      `gorm:"not null"`
	Text           string    `gorm:"size:2000;not null"`
	URL            string    `gorm:"size:1000;not null"`
	FoundBy        uint64    `gorm:"not null"`
	FoundAt        time.Time `gorm:"not null"`
	FoundOn        string    `gorm:"type:char(10);not null"`
	WithdrawnOn    *string   `gorm:"type:char(10)"`
	WithdrawReason string    `gorm:"size:2000;not null"`
	Version        int       `gorm:"size:32;not null"`
}

func (finding5) TableName() string { return "findings" }

type caseFile5 struct {
	ID       uint64 `gorm:"primaryKey"`
	Object   string `gorm:"size:32;not null;index:idx_case_files_object,priority:1"`
	ObjectID uint64 `gorm:"not null;index:idx_case_files_object,priority:2"`
	UnitID   uint64 `gorm:"not null"`
	Unit     *unit1
	OfficeID uint64 `gorm:"not null"`
	Office   *unit1
	Hash     string    `gorm:"size:64;not null;index:idx_case_files_hash"`
	Name     string    `gorm:"size:255;not null"`
	AddedBy  uint64    `gorm:"not null"`
	AddedAt  time.Time `gorm:"not null"`
}

func (caseFile5) TableName() string { return "case_files" }

type bulletin5 struct {
	ID          uint64 `gorm:"primaryKey"`
	Series      string `gorm:"size:32;not null;uniqueIndex:idx_bulletins_series,priority:1"`
	Edition     int    `gorm:"size:32;not null;uniqueIndex:idx_bulletins_series,priority:2"`
	UnitID      uint64 `gorm:"not null;index:idx_bulletins_unit"`
	Unit        *unit1
	Year        int     `gorm:"size:32;not null"`
	AsOf        string  `gorm:"type:char(10);not null"`
	Policy      string  `gorm:"size:64;not null"`
	RoundID     *uint64 `gorm:"index:idx_bulletins_round"`
	Round       *round4
	Title       string    `gorm:"size:200;not null"`
	Number      string    `gorm:"size:100;not null"`
	Status      string    `gorm:"size:16;not null"`
	Settings    string    `gorm:"not null"`
	Words       string    `gorm:"not null"`
	Data        string    `gorm:"not null"`
	Hash        string    `gorm:"size:64;not null"`
	Change      string    `gorm:"size:2000;not null;column:change_note"`
	ComposedAt  time.Time `gorm:"not null"`
	CreatedBy   uint64    `gorm:"not null"`
	CreatedAt   time.Time `gorm:"not null"`
	PublishedBy *uint64
	PublishedAt *time.Time
	PublishedOn *string `gorm:"type:char(10)"`
	Version     int     `gorm:"size:32;not null"`
}

func (bulletin5) TableName() string { return "bulletins" }

type sheetMark5 struct {
	ID        uint64 `gorm:"primaryKey"`
	FindingID *uint64
}

func (sheetMark5) TableName() string { return "sheet_marks" }
