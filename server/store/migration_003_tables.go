package store

import "time"

// The tables that are new.

type setting3 struct {
	Name  string `gorm:"primaryKey;size:64"`
	Value string `gorm:"size:500;not null"`
}

func (setting3) TableName() string { return "settings" }

type person3 struct {
	ID         uint64    `gorm:"primaryKey"`
	Name       string    `gorm:"size:100;not null;index:idx_people_name"`
	Number     *string   `gorm:"size:64;uniqueIndex:idx_people_number"`
	IDHash     *string   `gorm:"size:64;uniqueIndex:idx_people_id_hash"`
	IDTail     string    `gorm:"size:8;not null"`
	MergedInto *uint64   `gorm:"index:idx_people_merged"`
	Version    int       `gorm:"size:32;not null"`
	CreatedAt  time.Time `gorm:"not null"`
}

func (person3) TableName() string { return "people" }

type posting3 struct {
	ID         uint64 `gorm:"primaryKey"`
	PersonID   uint64 `gorm:"not null;index:idx_postings_person"`
	Person     *person3
	UnitID     uint64 `gorm:"not null;index:idx_postings_unit,priority:1"`
	Unit       *unit1
	Post       string  `gorm:"size:200;not null"`
	PartTime   bool    `gorm:"not null"`
	StartOn    string  `gorm:"type:char(10);not null"`
	EndOn      *string `gorm:"type:char(10)"`
	KnownOn    string  `gorm:"type:char(10);not null"`
	KnownUntil string  `gorm:"type:char(10);not null;index:idx_postings_unit,priority:2"`
	RecordedBy *uint64
	RecordedAt time.Time `gorm:"not null"`
}

func (posting3) TableName() string { return "postings" }

type course3 struct {
	ID        uint64 `gorm:"primaryKey"`
	UnitID    uint64 `gorm:"not null;index:idx_courses_unit"`
	Unit      *unit1
	Code      string  `gorm:"size:64;not null;uniqueIndex:idx_courses_code"`
	Title     string  `gorm:"size:200;not null"`
	Subject   string  `gorm:"size:200;not null"`
	Audience  string  `gorm:"size:500;not null"`
	Minutes   int     `gorm:"size:32;not null"`
	Tested    bool    `gorm:"not null"`
	PassMark  string  `gorm:"size:16;not null"`
	RetiredOn *string `gorm:"type:char(10)"`
	Version   int     `gorm:"size:32;not null"`
}

func (course3) TableName() string { return "courses" }

type trainingPlan3 struct {
	ID        uint64 `gorm:"primaryKey"`
	UnitID    uint64 `gorm:"not null;uniqueIndex:idx_training_plans_year,priority:1"`
	Unit      *unit1
	Year      int     `gorm:"size:32;not null;uniqueIndex:idx_training_plans_year,priority:2"`
	Title     string  `gorm:"size:200;not null"`
	Goal      string  `gorm:"size:2000;not null"`
	Document  string  `gorm:"size:500;not null"`
	AdoptedOn *string `gorm:"type:char(10)"`
	URL       string  `gorm:"size:2000;not null"`
	Version   int     `gorm:"size:32;not null"`
}

func (trainingPlan3) TableName() string { return "training_plans" }

type planItem3 struct {
	ID       uint64 `gorm:"primaryKey"`
	PlanID   uint64 `gorm:"not null;index:idx_plan_items_plan"`
	Plan     *trainingPlan3
	CourseID uint64 `gorm:"not null;index:idx_plan_items_course"`
	Course   *course3
	Month    int    `gorm:"size:32;not null"`
	Sessions int    `gorm:"size:32;not null"`
	Seats    int    `gorm:"size:32;not null"`
	Note     string `gorm:"size:500;not null"`
}

func (planItem3) TableName() string { return "plan_items" }

type trainingSession3 struct {
	ID           uint64 `gorm:"primaryKey"`
	CourseID     uint64 `gorm:"not null;index:idx_training_sessions_course"`
	Course       *course3
	UnitID       uint64 `gorm:"not null;index:idx_training_sessions_unit,priority:1"`
	Unit         *unit1
	Code         string `gorm:"size:64;not null;uniqueIndex:idx_training_sessions_code"`
	Kind         string `gorm:"size:16;not null"`
	Place        string `gorm:"size:200;not null"`
	RegionID     *uint64
	StartOn      string `gorm:"type:char(10);not null;index:idx_training_sessions_unit,priority:2"`
	EndOn        string `gorm:"type:char(10);not null"`
	StartMinute  int    `gorm:"size:32;not null"`
	EndMinute    int    `gorm:"size:32;not null"`
	Capacity     int    `gorm:"size:32;not null"`
	Seated       int    `gorm:"size:32;not null"`
	Waiting      int    `gorm:"size:32;not null"`
	Lecturer     string `gorm:"size:200;not null"`
	Status       string `gorm:"size:16;not null"`
	CancelReason string `gorm:"size:2000;not null"`
	Version      int    `gorm:"size:32;not null"`
}

func (trainingSession3) TableName() string { return "training_sessions" }

type nomination3 struct {
	ID          uint64 `gorm:"primaryKey"`
	SessionID   uint64 `gorm:"not null;uniqueIndex:idx_nominations_person,priority:1"`
	Session     *trainingSession3
	PersonID    uint64 `gorm:"not null;uniqueIndex:idx_nominations_person,priority:2;index:idx_nominations_of_person"`
	Person      *person3
	UnitID      uint64    `gorm:"not null;index:idx_nominations_unit"`
	Status      string    `gorm:"size:16;not null"`
	Ended       uint64    `gorm:"not null;uniqueIndex:idx_nominations_person,priority:3"`
	Reason      string    `gorm:"size:2000;not null"`
	NominatedBy uint64    `gorm:"not null"`
	NominatedAt time.Time `gorm:"not null"`
	DecidedBy   *uint64
	DecidedAt   *time.Time
	Version     int `gorm:"size:32;not null"`
}

func (nomination3) TableName() string { return "nominations" }

type attendance3 struct {
	ID         uint64 `gorm:"primaryKey"`
	SessionID  uint64 `gorm:"not null;uniqueIndex:idx_attendances_session,priority:1"`
	Session    *trainingSession3
	PersonID   uint64 `gorm:"not null;uniqueIndex:idx_attendances_session,priority:2;index:idx_attendances_person,priority:1"`
	Person     *person3
	UnitID     uint64 `gorm:"not null;index:idx_attendances_unit,priority:1"`
	HeldOn     string `gorm:"type:char(10);not null;index:idx_attendances_unit,priority:2"`
	Present    bool   `gorm:"not null"`
	Tested     bool   `gorm:"not null"`
	Passed     *bool
	Score      string `gorm:"size:16;not null"`
	Source     string `gorm:"size:16;not null"`
	KnownOn    string `gorm:"type:char(10);not null"`
	KnownUntil string `gorm:"type:char(10);not null;uniqueIndex:idx_attendances_session,priority:3;index:idx_attendances_person,priority:2"`
	RecordedBy *uint64
	RecordedAt time.Time `gorm:"not null"`
}

func (attendance3) TableName() string { return "attendances" }

type import3 struct {
	ID         uint64 `gorm:"primaryKey"`
	Kind       string `gorm:"size:16;not null"`
	UnitID     uint64 `gorm:"not null;index:idx_imports_unit"`
	Unit       *unit1
	FileName   string    `gorm:"size:255;not null"`
	FileHash   string    `gorm:"size:64;not null;index:idx_imports_file"`
	Status     string    `gorm:"size:16;not null"`
	Failure    string    `gorm:"not null"`
	Options    string    `gorm:"not null"`
	Rows       int       `gorm:"size:32;not null"`
	Bad        int       `gorm:"size:32;not null"`
	DoneRow    int       `gorm:"size:32;not null"`
	Added      int       `gorm:"size:32;not null"`
	Changed    int       `gorm:"size:32;not null"`
	Same       int       `gorm:"size:32;not null"`
	StartedBy  uint64    `gorm:"not null"`
	StartedAt  time.Time `gorm:"not null"`
	FinishedAt *time.Time
	Version    int `gorm:"size:32;not null"`
}

func (import3) TableName() string { return "imports" }

type importRow3 struct {
	ImportID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Import   *import3
	Line     int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	Content  string `gorm:"not null"`
	Faults   string `gorm:"not null"`
}

func (importRow3) TableName() string { return "import_rows" }

// The columns that are new.

type duty3 struct {
	ID      uint64 `gorm:"primaryKey"`
	People  int    `gorm:"size:32;not null;default:0"`
	Trained int    `gorm:"size:32;not null;default:0"`
}

func (duty3) TableName() string { return "duties" }

type dutyChange3 struct {
	DutyID  uint64 `gorm:"primaryKey;autoIncrement:false"`
	KnownOn string `gorm:"primaryKey;type:char(10);not null"`
	People  int    `gorm:"size:32;not null;default:0"`
	Trained int    `gorm:"size:32;not null;default:0"`
}

func (dutyChange3) TableName() string { return "duty_changes" }

type tally3 struct {
	UnitID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Year         int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	ObligationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	KnownDay     int    `gorm:"primaryKey;autoIncrement:false;size:32"`
	People       int    `gorm:"size:32;not null;default:0"`
	Trained      int    `gorm:"size:32;not null;default:0"`
}

func (tally3) TableName() string { return "tallies" }
