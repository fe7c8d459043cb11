// Package dossier keeps the files that prove the steps of supervision: progress on a
// task, the reply to an urge, a finding, what was put right. They come into the vault
// first and belong to a step in the transaction that writes it; like the step they are
// never changed.
package dossier

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/evidence"
	"sundial/server/store"
)

// MaxFiles is how many files a step may have.
const MaxFiles = 10

// Owner is the step that files belong to, by the names of the audit log, with the unit
// and the office whose people may read them: with the permission Read at either.
type Owner struct {
	Object   string
	ID       uint64
	UnitID   uint64
	OfficeID uint64
}

// Check refuses more files than a step may have; the field is "file".
func Check(faults []models.Field, files []evidence.File) []models.Field {
	if len(files) > MaxFiles {
		faults = append(faults, models.Field{Name: "file", Key: "dossier.many", Args: models.Args("Max", MaxFiles, "Count", len(files))})
	}
	return faults
}

// Keep lets files of the vault belong to a step, in the transaction of the step.
func Keep(w *desk.Write, owner Owner, files []evidence.File) error {
	for _, file := range files {
		kept := models.EvidenceFile{Hash: file.Hash, Size: file.Size, Type: string(file.Type), AddedAt: w.At}
		if err := w.TX.Clauses(clause.OnConflict{DoNothing: true}).Create(&kept).Error; err != nil {
			return fmt.Errorf("store evidence file: %w", err)
		}
		row := models.CaseFile{Object: owner.Object, ObjectID: owner.ID, UnitID: owner.UnitID, OfficeID: owner.OfficeID,
			Hash: file.Hash, Name: file.Name, AddedBy: w.Actor.ID, AddedAt: w.At}
		if err := w.TX.Create(&row).Error; err != nil {
			return fmt.Errorf("store file of %s %d: %w", owner.Object, owner.ID, err)
		}
	}
	return nil
}

// Facts are what the audit log tells of files that came with a step.
func Facts(files []evidence.File) []map[string]any {
	facts := make([]map[string]any, len(files))
	for i, file := range files {
		facts[i] = map[string]any{"name": file.Name, "hash": file.Hash, "size": file.Size}
	}
	return facts
}

// FileView is a file with its size in bytes and its type.
type FileView struct {
	models.CaseFile
	Size int64
	Type evidence.Type
}

// Of returns the files of the steps with the ids, by id, in the order in which they came.
func Of(tx *gorm.DB, object string, ids []uint64) (map[uint64][]FileView, error) {
	views := map[uint64][]FileView{}
	if len(ids) == 0 {
		return views, nil
	}
	var rows []FileView
	err := tx.Table("case_files c").Joins("JOIN evidence_files e ON e.hash = c.hash").Select("c.*, e.size, e.type").
		Where("c.object = ? AND c.object_id IN ?", object, ids).Order("c.id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("files of %s: %w", object, store.Translate(err))
	}
	for _, row := range rows {
		views[row.ObjectID] = append(views[row.ObjectID], row)
	}
	return views, nil
}

// Cabinet opens files for who may read them.
type Cabinet struct {
	desk  desk.Desk
	vault *evidence.Vault
}

// New returns the cabinet over a store; without a vault nothing can be opened.
func New(s *store.Store, now func() time.Time) *Cabinet { return &Cabinet{desk: desk.New(s, now)} }

// KeepEvidence names the vault in which files are kept.
func (c *Cabinet) KeepEvidence(vault *evidence.Vault) { c.vault = vault }

// Vault is where the files of a form are put before their step is written.
func (c *Cabinet) Vault() *evidence.Vault { return c.vault }

// readers are the permissions by which the files of a step may be read.
var readers = map[string]rbac.Permission{
	"task-step":          {Object: "task", Action: "read"},
	"urge-step":          {Object: "urge", Action: "read"},
	"finding":            {Object: "inspection", Action: "read"},
	"rectification-step": {Object: "rectification", Action: "read"},
}

// Open opens a file for who may read about the unit or the office; for everybody else it
// is NotFound. The caller closes it.
func (c *Cabinet) Open(ctx context.Context, actor compliance.Actor, id uint64) (*FileView, *os.File, error) {
	w := c.desk.Look(ctx, actor)
	var row models.CaseFile
	if err := desk.One(w.TX.Where("id = ?", id), &row, "dossier.unknown"); err != nil {
		return nil, nil, err
	}
	read := readers[row.Object]
	if _, err := actor.Unit(w.TX, read, "id", row.UnitID, "dossier.unknown"); err != nil {
		if _, err := actor.Unit(w.TX, read, "id", row.OfficeID, "dossier.unknown"); err != nil {
			return nil, nil, err
		}
	}
	views, err := Of(w.TX, row.Object, []uint64{row.ObjectID})
	if err != nil {
		return nil, nil, err
	}
	for _, view := range views[row.ObjectID] {
		if view.ID == id {
			content, err := c.vault.Open(row.Hash)
			return &view, content, err
		}
	}
	return nil, nil, models.NewError(models.NotFound, "dossier.unknown")
}
