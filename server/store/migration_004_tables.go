package store

import "time"

type scoringScheme4 struct {
	ID        uint64 `gorm:"primaryKey"`
	Code      string `gorm:"size:64;not null;uniqueIndex:idx_scoring_schemes_edition,priority:1"`
	Edition   int    `gorm:"size:32;not null;uniqueIndex:idx_scoring_schemes_edition,priority:2"`
	UnitID    uint64 `gorm:"not null;index:idx_scoring_schemes_unit"`
	Unit      *unit1
	Year      int    `gorm:"size:32;not null"`
	TitleZH   string `gorm:"size:500;not null"`
	TitleEN   string `gorm:"size:500;not null"`
	Source    string `gorm:"not null"`
	Status    string `gorm:"size:16;not null"`
	BasedOn   *uint64
	CreatedBy *uint64
	CreatedAt time.Time `gorm:"not null"`
	FrozenBy  *uint64
	FrozenAt  *time.Time
	Version   int `gorm:"size:32;not null"`
}

func (scoringScheme4) TableName() string { return "scoring_schemes" }

type round4 struct {
	ID          uint64 `gorm:"primaryKey"`
	SchemeID    uint64 `gorm:"not null;uniqueIndex:idx_rounds_scheme"`
	Scheme      *scoringScheme4
	UnitID      uint64 `gorm:"not null;index:idx_rounds_unit"`
	Unit        *unit1
	Year        int     `gorm:"size:32;not null"`
	Title       string  `gorm:"size:200;not null"`
	Status      string  `gorm:"size:16;not null"`
	SelfUntil   *string `gorm:"type:char(10)"`
	AsOf        *string `gorm:"type:char(10)"`
	OpenedBy    *uint64
	OpenedAt    time.Time `gorm:"not null"`
	AnnouncedBy *uint64
	AnnouncedAt *time.Time
	AnnouncedOn *string `gorm:"type:char(10)"`
	FrozenBy    *uint64
	FrozenAt    *time.Time
	FrozenOn    *string `gorm:"type:char(10)"`
	Version     int     `gorm:"size:32;not null"`
}

func (round4) TableName() string { return "rounds" }

type roundAssessor4 struct {
	ID      uint64 `gorm:"primaryKey"`
	RoundID uint64 `gorm:"not null;uniqueIndex:idx_round_assessors_class,priority:1"`
	Round   *round4
	UserID  uint64 `gorm:"not null;uniqueIndex:idx_round_assessors_class,priority:2"`
	Class   string `gorm:"size:32;not null;uniqueIndex:idx_round_assessors_class,priority:3"`
}

func (roundAssessor4) TableName() string { return "round_assessors" }

type sheet4 struct {
	ID           uint64 `gorm:"primaryKey"`
	RoundID      uint64 `gorm:"not null;uniqueIndex:idx_sheets_unit,priority:1;index:idx_sheets_final,priority:1"`
	Round        *round4
	UnitID       uint64 `gorm:"not null;uniqueIndex:idx_sheets_unit,priority:2;index:idx_sheets_of_unit"`
	Unit         *unit1
	UnitName     string `gorm:"size:200;not null"`
	UnitNameEN   string `gorm:"size:200;not null"`
	Class        string `gorm:"size:32;not null;index:idx_sheets_final,priority:2"`
	Status       string `gorm:"size:16;not null"`
	Self         *int64
	Verified     *int64
	Final        *int64 `gorm:"index:idx_sheets_final,priority:3"`
	Grade        int    `gorm:"size:32;not null"`
	ByVeto       bool   `gorm:"not null"`
	Entries      int    `gorm:"size:32;not null"`
	SelfMissing  int    `gorm:"size:32;not null"`
	Missing      int    `gorm:"size:32;not null"`
	Autos        string `gorm:"not null"`
	SubmittedBy  *uint64
	SubmittedAt  *time.Time
	VerifiedBy   *uint64
	VerifiedAt   *time.Time
	ReturnReason string `gorm:"size:2000;not null"`
	Version      int    `gorm:"size:32;not null"`
}

func (sheet4) TableName() string { return "sheets" }

type sheetMark4 struct {
	ID          uint64 `gorm:"primaryKey"`
	SheetID     uint64 `gorm:"not null;uniqueIndex:idx_sheet_marks_indicator,priority:1"`
	Sheet       *sheet4
	Indicator   string `gorm:"size:64;not null;uniqueIndex:idx_sheet_marks_indicator,priority:2"`
	SelfPoints  *int64
	SelfNA      bool   `gorm:"not null"`
	SelfNote    string `gorm:"size:2000;not null"`
	SelfURL     string `gorm:"size:1000;not null"`
	SelfBy      *uint64
	SelfAt      *time.Time
	Points      *int64
	NA          bool   `gorm:"not null"`
	Raised      bool   `gorm:"not null"`
	Reason      string `gorm:"size:2000;not null"`
	MarkedBy    *uint64
	MarkedAt    *time.Time
	Decided     bool `gorm:"not null"`
	FinalPoints *int64
	FinalNA     bool `gorm:"not null"`
	FinalRaised bool `gorm:"not null"`
	Version     int  `gorm:"size:32;not null"`
}

func (sheetMark4) TableName() string { return "sheet_marks" }

type appeal4 struct {
	ID          uint64 `gorm:"primaryKey"`
	RoundID     uint64 `gorm:"not null;index:idx_appeals_round,priority:1"`
	Round       *round4
	SheetID     uint64 `gorm:"not null;uniqueIndex:idx_appeals_indicator,priority:1"`
	Sheet       *sheet4
	UnitID      uint64 `gorm:"not null;index:idx_appeals_unit"`
	Indicator   string `gorm:"size:64;not null;uniqueIndex:idx_appeals_indicator,priority:2"`
	Claimed     *int64
	ClaimNA     bool      `gorm:"not null"`
	ClaimLifted bool      `gorm:"not null"`
	Reason      string    `gorm:"size:2000;not null"`
	URL         string    `gorm:"size:1000;not null"`
	Status      string    `gorm:"size:16;not null;index:idx_appeals_round,priority:2"`
	Ended       uint64    `gorm:"not null;uniqueIndex:idx_appeals_indicator,priority:3"`
	FiledBy     uint64    `gorm:"not null"`
	FiledAt     time.Time `gorm:"not null"`
	FiledOn     string    `gorm:"type:char(10);not null"`
	Decision    string    `gorm:"size:2000;not null"`
	ScoreBefore *int64
	ScoreAfter  *int64
	DecidedBy   *uint64
	DecidedAt   *time.Time
	DecidedOn   *string `gorm:"type:char(10)"`
	Version     int     `gorm:"size:32;not null"`
}

func (appeal4) TableName() string { return "appeals" }

type rectification4 struct {
	ID        uint64 `gorm:"primaryKey"`
	UnitID    uint64 `gorm:"not null;index:idx_rectifications_unit,priority:1"`
	Unit      *unit1
	RoundID   uint64 `gorm:"not null;index:idx_rectifications_round"`
	Round     *round4
	SheetID   uint64 `gorm:"not null;uniqueIndex:idx_rectifications_indicator,priority:1"`
	Sheet     *sheet4
	Indicator string    `gorm:"size:64;not null;uniqueIndex:idx_rectifications_indicator,priority:2"`
	Lost      int64     `gorm:"not null"`
	Reason    string    `gorm:"size:2000;not null"`
	Demand    string    `gorm:"size:2000;not null"`
	DueOn     string    `gorm:"type:char(10);not null"`
	Status    string    `gorm:"size:16;not null;index:idx_rectifications_unit,priority:2"`
	OpenedBy  uint64    `gorm:"not null"`
	OpenedAt  time.Time `gorm:"not null"`
	ClosedOn  *string   `gorm:"type:char(10)"`
	Version   int       `gorm:"size:32;not null"`
}

func (rectification4) TableName() string { return "rectifications" }

type rectificationStep4 struct {
	ID              uint64 `gorm:"primaryKey"`
	RectificationID uint64 `gorm:"not null;index:idx_rectification_steps_of"`
	Rectification   *rectification4
	Act             string    `gorm:"size:16;not null"`
	Note            string    `gorm:"size:2000;not null"`
	URL             string    `gorm:"size:1000;not null"`
	ByUser          uint64    `gorm:"not null"`
	DoneAt          time.Time `gorm:"not null"`
	DoneOn          string    `gorm:"type:char(10);not null"`
}

func (rectificationStep4) TableName() string { return "rectification_steps" }

type scoreFile4 struct {
	ID        uint64 `gorm:"primaryKey"`
	SheetID   uint64 `gorm:"not null;index:idx_score_files_sheet"`
	Sheet     *sheet4
	UnitID    uint64    `gorm:"not null"`
	Indicator string    `gorm:"size:64;not null"`
	AppealID  *uint64   `gorm:"index:idx_score_files_appeal"`
	StepID    *uint64   `gorm:"index:idx_score_files_step"`
	Hash      string    `gorm:"size:64;not null;index:idx_score_files_hash"`
	Name      string    `gorm:"size:255;not null"`
	AddedBy   uint64    `gorm:"not null"`
	AddedAt   time.Time `gorm:"not null"`
}

func (scoreFile4) TableName() string { return "score_files" }

type scoreImport4 struct {
	ID      uint64 `gorm:"primaryKey"`
	RoundID uint64 `gorm:"not null;index:idx_score_imports_round"`
	Round   *round4
	UserID  uint64    `gorm:"not null;index:idx_score_imports_user"`
	Side    string    `gorm:"size:16;not null"`
	Name    string    `gorm:"size:255;not null"`
	Hash    string    `gorm:"size:64;not null"`
	Content []byte    `gorm:"not null"`
	SentAt  time.Time `gorm:"not null;index:idx_score_imports_sent"`
}

func (scoreImport4) TableName() string { return "score_imports" }
