package assessment

import (
	"context"
	"fmt"
	"io"
	"os"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/evidence"
	"sundial/server/store"
)

// MaxScoreFiles is how many files an indicator or an appeal may have.
const MaxScoreFiles = 10

// FileOwner is what a file belongs to: an indicator of a sheet as evidence of its self
// score, or an appeal about it.
type FileOwner struct {
	SheetID   uint64
	Indicator string
	AppealID  *uint64
}

func ownerOf(row models.ScoreFile) FileOwner {
	return FileOwner{SheetID: row.SheetID, Indicator: row.Indicator, AppealID: row.AppealID}
}

// where selects the files of the owner.
func (o FileOwner) where(query *gorm.DB) *gorm.DB {
	query = query.Where("sheet_id = ? AND indicator = ?", o.SheetID, o.Indicator)
	if o.AppealID == nil {
		return query.Where("appeal_id IS NULL")
	}
	return query.Where("appeal_id = ?", *o.AppealID)
}

// FileView is a file with its size in bytes.
type FileView struct {
	models.ScoreFile
	Size int64
	Type evidence.Type
}

// MaxFile is the most bytes that a file may have.
func (d *Desk) MaxFile() int64 { return d.vault.MaxSize() }

// TakesFile tells whether the actor may attach another file to the owner, before
// anything is read of it: nil, or the refusal.
func (d *Desk) TakesFile(ctx context.Context, actor compliance.Actor, owner FileOwner) error {
	_, err := d.look(ctx, actor).takesFile(owner)
	return err
}

// AttachFile puts a file into the vault and attaches it to the owner. Who may not is
// refused before anything is read of the content.
func (d *Desk) AttachFile(ctx context.Context, actor compliance.Actor, owner FileOwner, name string, content io.Reader) (*FileView, error) {
	if err := d.TakesFile(ctx, actor, owner); err != nil {
		return nil, err
	}
	file, err := d.vault.Put(ctx, name, content)
	if err != nil {
		return nil, err
	}
	var kept *FileView
	err = d.write(ctx, actor, func(w *write) error {
		attachment, err := w.takesFile(owner)
		if err != nil {
			return err
		}
		kept, err = w.keepFile(attachment, file)
		return err
	})
	return kept, err
}

// attachment is an owner whose files the actor may change, with the unit that they are of
// and the permission that it takes.
type attachment struct {
	FileOwner
	unit       models.Unit
	permission rbac.Permission
}

// takesFile returns the owner when the actor may attach another file to it.
func (w *write) takesFile(owner FileOwner) (*attachment, error) {
	a, err := w.attachment(owner)
	if err != nil {
		return nil, err
	}
	var count int64
	if err := owner.where(w.tx.Model(&models.ScoreFile{})).Count(&count).Error; err != nil {
		return nil, fmt.Errorf("count files of sheet %d: %w", owner.SheetID, store.Translate(err))
	}
	if count >= MaxScoreFiles {
		return nil, models.InvalidFields([]models.Field{{Name: "file", Key: "scorefile.many", Args: models.Args("Max", MaxScoreFiles)}})
	}
	return a, nil
}

// attachment returns the owner when the actor may change its files now. The sheet stays
// locked until the write ends, so that no more than the most are attached.
func (w *write) attachment(owner FileOwner) (*attachment, error) {
	p, err := w.paper(owner.SheetID)
	if err != nil {
		return nil, err
	}
	if owner.AppealID != nil {
		return w.appealAttachment(p, owner)
	}
	a := &attachment{owner, p.unit, scoreSelf}
	if err := w.actor.Allow(scoreSelf, p.unit); err != nil {
		return nil, err
	}
	if _, found := p.card.Leaf(owner.Indicator); !found {
		return nil, models.InvalidFields([]models.Field{{Name: "indicator", Key: "marks.unknown_indicator",
			Args: models.Args("Value", owner.Indicator, "Class", p.card.Class.ID)}})
	}
	return a, w.takesSelf(p)
}

// keepFile attaches a file that is in the vault.
func (w *write) keepFile(a *attachment, file evidence.File) (*FileView, error) {
	kept := models.EvidenceFile{Hash: file.Hash, Size: file.Size, Type: string(file.Type), AddedAt: w.at}
	if err := w.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&kept).Error; err != nil {
		return nil, fmt.Errorf("store evidence file: %w", err)
	}
	row := models.ScoreFile{SheetID: a.SheetID, UnitID: a.unit.ID, Indicator: a.Indicator, AppealID: a.AppealID,
		Hash: file.Hash, Name: file.Name, AddedBy: w.actor.ID, AddedAt: w.at}
	if err := w.tx.Create(&row).Error; err != nil {
		return nil, fmt.Errorf("store score file: %w", err)
	}
	view := &FileView{ScoreFile: row, Size: file.Size, Type: file.Type}
	return view, w.record(compliance.Act{Action: "attach", Object: "score-file", ID: row.ID, Unit: &a.unit, Permission: a.permission,
		Now: fileFacts(row), Detail: map[string]any{"sheet": row.SheetID, "indicator": row.Indicator, "size": file.Size}})
}

// DetachFile takes a file off while its owner may still be changed, and returns what it
// was.
func (d *Desk) DetachFile(ctx context.Context, actor compliance.Actor, id uint64) (*models.ScoreFile, error) {
	var row *models.ScoreFile
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		if row, err = w.scoreFile(id); err != nil {
			return err
		}
		a, err := w.attachment(ownerOf(*row))
		if err != nil {
			return err
		}
		gone := w.tx.Delete(&models.ScoreFile{}, row.ID)
		switch {
		case gone.Error != nil:
			return fmt.Errorf("delete score file: %w", gone.Error)
		case gone.RowsAffected == 0: // somebody else was first
			return models.NewError(models.NotFound, "scorefile.unknown")
		}
		return w.record(compliance.Act{Action: "detach", Object: "score-file", ID: row.ID, Unit: &a.unit, Permission: a.permission,
			Before: fileFacts(*row), Detail: map[string]any{"sheet": row.SheetID, "indicator": row.Indicator}})
	})
	return row, err
}

// ScoreFile opens a file for who may read the sheet that it is of; for everybody else it
// is NotFound. The caller closes it.
func (d *Desk) ScoreFile(ctx context.Context, actor compliance.Actor, id uint64) (*FileView, *os.File, error) {
	w := d.look(ctx, actor)
	row, err := w.scoreFile(id)
	if err != nil {
		return nil, nil, err
	}
	views, err := w.fileViews([]models.ScoreFile{*row})
	if err != nil {
		return nil, nil, err
	}
	content, err := d.vault.Open(row.Hash)
	if err != nil {
		return nil, nil, err
	}
	return &views[0], content, nil
}

// scoreFile returns a file of a unit whose scores the actor may read.
func (w *write) scoreFile(id uint64) (*models.ScoreFile, error) {
	var row models.ScoreFile
	if err := one(w.tx.Where("id = ?", id), &row, "scorefile.unknown"); err != nil {
		return nil, err
	}
	_, err := w.actor.Unit(w.tx, readScore, "id", row.UnitID, "scorefile.unknown")
	return &row, err
}

// filesOfSheet returns the evidence of the self scores, by indicator, in the order of
// attaching.
func (w *write) filesOfSheet(sheet uint64) (map[string][]FileView, error) {
	var rows []models.ScoreFile
	err := w.tx.Where("sheet_id = ? AND appeal_id IS NULL", sheet).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("files of sheet %d: %w", sheet, store.Translate(err))
	}
	views, err := w.fileViews(rows)
	if err != nil {
		return nil, err
	}
	byIndicator := map[string][]FileView{}
	for _, view := range views {
		byIndicator[view.Indicator] = append(byIndicator[view.Indicator], view)
	}
	return byIndicator, nil
}

// fileViews brings size and type of the files.
func (w *write) fileViews(rows []models.ScoreFile) ([]FileView, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	hashes := make([]string, len(rows))
	for i, row := range rows {
		hashes[i] = row.Hash
	}
	var files []models.EvidenceFile
	if err := w.tx.Where("hash IN ?", hashes).Find(&files).Error; err != nil {
		return nil, fmt.Errorf("evidence files: %w", store.Translate(err))
	}
	byHash := make(map[string]models.EvidenceFile, len(files))
	for _, file := range files {
		byHash[file.Hash] = file
	}
	views := make([]FileView, len(rows))
	for i, row := range rows {
		views[i] = FileView{ScoreFile: row, Size: byHash[row.Hash].Size, Type: evidence.Type(byHash[row.Hash].Type)}
	}
	return views, nil
}

// fileFacts are what the audit log tells of a file.
func fileFacts(row models.ScoreFile) map[string]any {
	return map[string]any{"name": row.Name, "hash": row.Hash}
}
