package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// rectificationWide5 and rectificationStepWide5 are the tables under the names that they
// have while they are filled, without indexes: the names of indexes are taken while the
// old tables stand.
type rectificationWide5 struct {
	ID        uint64 `gorm:"primaryKey"`
	UnitID    uint64 `gorm:"not null"`
	Unit      *unit1
	OfficeID  uint64 `gorm:"not null"`
	Office    *unit1
	RoundID   *uint64
	Round     *round4
	SheetID   *uint64
	Sheet     *sheet4
	FindingID *uint64
	Finding   *finding5
	Indicator string    `gorm:"size:64;not null"`
	Lost      int64     `gorm:"not null"`
	Reason    string    `gorm:"size:2000;not null"`
	Demand    string    `gorm:"size:2000;not null"`
	DueOn     string    `gorm:"type:char(10);not null"`
	Status    string    `gorm:"size:16;not null"`
	OpenedBy  uint64    `gorm:"not null"`
	OpenedAt  time.Time `gorm:"not null"`
	ClosedOn  *string   `gorm:"type:char(10)"`
	Version   int       `gorm:"size:32;not null"`
}

func (rectificationWide5) TableName() string { return "rectifications_wide" }

type rectificationStepWide5 struct {
	ID              uint64 `gorm:"primaryKey"`
	RectificationID uint64 `gorm:"not null"`
	Rectification   *rectificationWide5
	Act             string    `gorm:"size:16;not null"`
	Note            string    `gorm:"size:2000;not null"`
	URL             string    `gorm:"size:1000;not null"`
	DueOn           string    `gorm:"type:char(10);not null"`
	ByUser          uint64    `gorm:"not null"`
	DoneAt          time.Time `gorm:"not null"`
	DoneOn          string    `gorm:"type:char(10);not null"`
}

func (rectificationStepWide5) TableName() string { return "rectification_steps_wide" }

// rectification5 and rectificationStep5 have the indexes of the tables under their own
// names.
type rectification5 struct {
	ID        uint64  `gorm:"primaryKey"`
	UnitID    uint64  `gorm:"not null;index:idx_rectifications_unit,priority:1"`
	OfficeID  uint64  `gorm:"not null;index:idx_rectifications_office,priority:1"`
	RoundID   *uint64 `gorm:"index:idx_rectifications_round"`
	SheetID   *uint64 `gorm:"uniqueIndex:idx_rectifications_indicator,priority:1"`
	FindingID *uint64 `gorm:"uniqueIndex:idx_rectifications_finding"`
	Indicator string  `gorm:"size:64;not null;uniqueIndex:idx_rectifications_indicator,priority:2"`
	Status    string  `gorm:"size:16;not null;index:idx_rectifications_unit,priority:2;index:idx_rectifications_office,priority:2"`
}

func (rectification5) TableName() string { return "rectifications" }

type rectificationStep5 struct {
	ID              uint64 `gorm:"primaryKey"`
	RectificationID uint64 `gorm:"not null;index:idx_rectification_steps_of"`
}

func (rectificationStep5) TableName() string { return "rectification_steps" }

// widenRectifications lets rectifications be of findings as well as of points lost, with
// the office in their row and the due date in their steps. No database can take NOT NULL
// off a column in a way that both know, so the tables are filled anew. Every step can be
// the one that an interrupted run stopped at.
func widenRectifications(tx *gorm.DB) error {
	for _, step := range []func(*gorm.DB) error{copyRectifications, replaceRectifications, moveStepFiles, forgetSteps} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// copyRectifications fills the new tables and drops the old steps, which stand until all
// is copied.
func copyRectifications(tx *gorm.DB) error {
	schema := tx.Migrator()
	if !schema.HasTable(&rectificationStep4{}) || schema.HasColumn(&rectificationStep4{}, "due_on") {
		return nil
	}
	for _, half := range []any{&rectificationStepWide5{}, &rectificationWide5{}} {
		if schema.HasTable(half) {
			if err := schema.DropTable(half); err != nil {
				return fmt.Errorf("drop half a copy of %T: %w", half, err)
			}
		}
	}
	for _, table := range []any{&rectificationWide5{}, &rectificationStepWide5{}} {
		if err := schema.CreateTable(table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	for _, statement := range []string{
		"INSERT INTO rectifications_wide (id, unit_id, office_id, round_id, sheet_id, indicator, lost, reason, demand, due_on, status, opened_by, opened_at, closed_on, version)" +
			" SELECT r.id, r.unit_id, o.unit_id, r.round_id, r.sheet_id, r.indicator, r.lost, r.reason, r.demand, r.due_on, r.status, r.opened_by, r.opened_at, r.closed_on, r.version" +
			" FROM rectifications r JOIN rounds o ON o.id = r.round_id",
		"INSERT INTO rectification_steps_wide (id, rectification_id, act, note, url, due_on, by_user, done_at, done_on)" +
			" SELECT s.id, s.rectification_id, s.act, s.note, s.url, r.due_on, s.by_user, s.done_at, s.done_on" +
			" FROM rectification_steps s JOIN rectifications r ON r.id = s.rectification_id",
	} {
		if err := tx.Exec(statement).Error; err != nil {
			return fmt.Errorf("copy rectifications: %w", err)
		}
	}
	if err := schema.DropTable(&rectificationStep4{}); err != nil {
		return fmt.Errorf("drop old steps of rectifications: %w", err)
	}
	return nil
}

// replaceRectifications gives the new tables their names and indexes.
func replaceRectifications(tx *gorm.DB) error {
	schema := tx.Migrator()
	if schema.HasTable(&rectification4{}) && !schema.HasColumn(&rectification4{}, "office_id") {
		if err := schema.DropTable(&rectification4{}); err != nil {
			return fmt.Errorf("drop old rectifications: %w", err)
		}
	}
	for fresh, name := range map[any]string{&rectificationWide5{}: "rectifications", &rectificationStepWide5{}: "rectification_steps"} {
		if schema.HasTable(fresh) {
			if err := schema.RenameTable(fresh, name); err != nil {
				return fmt.Errorf("rename %s: %w", name, err)
			}
		}
	}
	for _, table := range []any{&rectification5{}, &rectificationStep5{}} {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("index %T: %w", table, err)
		}
	}
	return nil
}

// moveStepFiles lets the files of steps be case files.
func moveStepFiles(tx *gorm.DB) error {
	if !tx.Migrator().HasColumn(&scoreFile4{}, "step_id") {
		return nil
	}
	for _, statement := range []string{
		"INSERT INTO case_files (object, object_id, unit_id, office_id, hash, name, added_by, added_at)" +
			" SELECT 'rectification-step', f.step_id, r.unit_id, r.office_id, f.hash, f.name, f.added_by, f.added_at FROM score_files f" +
			" JOIN rectification_steps s ON s.id = f.step_id JOIN rectifications r ON r.id = s.rectification_id" +
			" WHERE NOT EXISTS (SELECT 1 FROM case_files c WHERE c.object = 'rectification-step' AND c.object_id = f.step_id" +
			" AND c.hash = f.hash AND c.name = f.name) ORDER BY f.id",
		"DELETE FROM score_files WHERE step_id IS NOT NULL",
	} {
		if err := tx.Exec(statement).Error; err != nil {
			return fmt.Errorf("move files of rectifications: %w", err)
		}
	}
	return nil
}

// forgetSteps takes the step off score files.
func forgetSteps(tx *gorm.DB) error {
	schema := tx.Migrator()
	if schema.HasIndex(&scoreFile4{}, "idx_score_files_step") {
		if err := schema.DropIndex(&scoreFile4{}, "idx_score_files_step"); err != nil {
			return fmt.Errorf("drop index of score files: %w", err)
		}
	}
	if schema.HasColumn(&scoreFile4{}, "step_id") {
		// By hand: the driver of SQLite would write the table anew.
		if err := tx.Exec("ALTER TABLE score_files DROP COLUMN step_id").Error; err != nil {
			return fmt.Errorf("drop step of score files: %w", err)
		}
	}
	return nil
}
