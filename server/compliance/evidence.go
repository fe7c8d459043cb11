package compliance

import (
	"context"
	"fmt"
	"io"
	"os"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/evidence"
	"sundial/server/store"
)

// MaxEvidence is how many files a report, or a user's draft of one, may have.
const MaxEvidence = 20

// KeepEvidence names the vault in which files are kept. Without one nothing can
// be attached.
func (l *Ledger) KeepEvidence(vault *evidence.Vault) { l.vault = vault }

// MaxFile is the most bytes that a file may have.
func (l *Ledger) MaxFile() int64 { return l.vault.MaxSize() }

// AttachmentView is a file of a report or a draft, with its size in bytes.
type AttachmentView struct {
	models.Attachment
	Size int64
	Type evidence.Type
}

// TakesEvidence tells whether the actor may attach another file to their draft
// for the duty, before anything is read of the file: nil, or the refusal.
func (l *Ledger) TakesEvidence(ctx context.Context, actor Actor, duty uint64) error {
	w := l.look(ctx, actor)
	_, err := w.takesEvidence(duty)
	return err
}

// Attach puts a file into the vault and attaches it to the actor's draft for the
// duty. Who may not file for the unit is refused before anything is read of the
// content. A file that is refused or breaks off leaves nothing behind; of one
// that lost the race for the last place only its content stays in the vault.
func (l *Ledger) Attach(ctx context.Context, actor Actor, duty uint64, name string, content io.Reader) (*AttachmentView, error) {
	if err := l.TakesEvidence(ctx, actor, duty); err != nil {
		return nil, err
	}
	file, err := l.vault.Put(ctx, name, content)
	if err != nil {
		return nil, err
	}
	var attached *AttachmentView
	err = l.write(ctx, actor, func(w *write) error {
		c, err := w.takesEvidence(duty)
		if err != nil {
			return err
		}
		attached, err = w.attach(c, file)
		return err
	})
	return attached, err
}

// takesEvidence returns the duty when the actor may attach another file to their
// draft for it.
func (w *write) takesEvidence(duty uint64) (*candidate, error) {
	c, err := w.candidate(duty)
	if err != nil {
		return nil, err
	}
	refusal, err := w.closed(w.tx, c.dossier, c.unit)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	var count int64
	if err := w.ownFiles(duty).Model(&models.Attachment{}).Count(&count).Error; err != nil {
		return nil, fmt.Errorf("count evidence: %w", store.Translate(err))
	}
	if count >= MaxEvidence {
		return nil, models.InvalidFields([]models.Field{{Name: "file", Key: "filing.evidence_many", Args: models.Args("Max", MaxEvidence)}})
	}
	return c, nil
}

// ownFiles are those attached to the actor's draft for the duty.
func (w *write) ownFiles(duty uint64) *gorm.DB {
	return w.tx.Where("duty_id = ? AND added_by = ? AND report_id IS NULL", duty, w.actor.ID)
}

func (w *write) attach(c *candidate, file evidence.File) (*AttachmentView, error) {
	kept := models.EvidenceFile{Hash: file.Hash, Size: file.Size, Type: string(file.Type), AddedAt: w.moment.at}
	if err := w.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&kept).Error; err != nil {
		return nil, fmt.Errorf("store evidence file: %w", err)
	}
	row := models.Attachment{DutyID: c.row.ID, UnitID: c.unit.ID, Hash: file.Hash, Name: file.Name, AddedBy: w.actor.ID, AddedAt: w.moment.at}
	if err := w.tx.Create(&row).Error; err != nil {
		return nil, fmt.Errorf("store attachment: %w", err)
	}
	view := &AttachmentView{Attachment: row, Size: file.Size, Type: file.Type}
	return view, w.record(event{action: "attach", object: "evidence", id: row.ID, unit: c.unit,
		now: fileFacts(row), detail: map[string]any{"duty": row.DutyID, "size": file.Size}})
}

// Detach takes a file off the actor's draft and returns what it was. A file of a
// report stays for good: it is a Conflict. One of somebody else's draft is
// NotFound.
func (l *Ledger) Detach(ctx context.Context, actor Actor, id uint64) (*models.Attachment, error) {
	var row *models.Attachment
	err := l.write(ctx, actor, func(w *write) error {
		var unit *models.Unit
		var err error
		if row, unit, err = w.attachment(id); err != nil {
			return err
		}
		switch {
		case row.ReportID != nil:
			return models.NewError(models.Conflict, "filing.evidence_filed")
		case row.AddedBy != w.actor.ID:
			return models.NewError(models.NotFound, "evidence.not_found")
		}
		return w.detach(*row, unit)
	})
	return row, err
}

func (w *write) detach(row models.Attachment, unit *models.Unit) error {
	if err := w.tx.Where("id = ? AND report_id IS NULL", row.ID).Delete(&models.Attachment{}).Error; err != nil {
		return fmt.Errorf("delete attachment: %w", err)
	}
	return w.record(event{action: "detach", object: "evidence", id: row.ID, unit: unit,
		before: fileFacts(row), detail: map[string]any{"duty": row.DutyID}})
}

// attachment returns a file and its unit: those of reports to who may read them,
// those of drafts to who may file for the unit.
func (w *write) attachment(id uint64) (*models.Attachment, *models.Unit, error) {
	unknown := models.NewError(models.NotFound, "evidence.not_found")
	var row models.Attachment
	if err := one(w.locked().Where("id = ?", id), &row, "attachment"); models.IsCode(err, models.NotFound) {
		return nil, nil, unknown
	} else if err != nil {
		return nil, nil, err
	}
	var unit models.Unit
	if err := one(w.tx.Where("id = ?", row.UnitID), &unit, "unit"); err != nil {
		return nil, nil, err
	}
	action := "read"
	if row.ReportID == nil {
		action = "file"
	}
	if !w.actor.Access.AllowsAt("report", action, unit.Path) {
		return nil, nil, unknown
	}
	return &row, &unit, nil
}

// Evidence opens a file: of a report for who may read it, of a draft for who may
// file for its unit; for everybody else it is NotFound. The caller closes it.
func (l *Ledger) Evidence(ctx context.Context, actor Actor, id uint64) (*AttachmentView, *os.File, error) {
	w := l.look(ctx, actor)
	row, _, err := w.attachment(id)
	if err != nil {
		return nil, nil, err
	}
	views, err := attachmentViews(w.tx, []models.Attachment{*row})
	if err != nil {
		return nil, nil, err
	}
	content, err := l.vault.Open(row.Hash)
	if err != nil {
		return nil, nil, err
	}
	return &views[0], content, nil
}

// attachmentViews brings size and type of the files.
func attachmentViews(db *gorm.DB, rows []models.Attachment) ([]AttachmentView, error) {
	hashes := make([]string, len(rows))
	for i, row := range rows {
		hashes[i] = row.Hash
	}
	var files []models.EvidenceFile
	if err := db.Where("hash IN ?", hashes).Find(&files).Error; err != nil {
		return nil, fmt.Errorf("evidence files: %w", store.Translate(err))
	}
	byHash := make(map[string]models.EvidenceFile, len(files))
	for _, file := range files {
		byHash[file.Hash] = file
	}
	views := make([]AttachmentView, len(rows))
	for i, row := range rows {
		views[i] = AttachmentView{Attachment: row, Size: byHash[row.Hash].Size, Type: evidence.Type(byHash[row.Hash].Type)}
	}
	return views, nil
}

// filesOf returns the files of reports, by report, in the order of attaching.
func filesOf(db *gorm.DB, reports []models.Report) (map[uint64][]AttachmentView, error) {
	ids := make([]uint64, len(reports))
	for i, report := range reports {
		ids[i] = report.ID
	}
	var rows []models.Attachment
	if err := db.Where("report_id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("evidence of reports: %w", store.Translate(err))
	}
	views, err := attachmentViews(db, rows)
	if err != nil {
		return nil, err
	}
	byReport := map[uint64][]AttachmentView{}
	for _, view := range views {
		byReport[*view.ReportID] = append(byReport[*view.ReportID], view)
	}
	return byReport, nil
}

// fileFacts are what the audit log tells of a file.
func fileFacts(row models.Attachment) map[string]any {
	return map[string]any{"name": row.Name, "hash": row.Hash}
}

func evidenceFacts(rows []models.Attachment) []map[string]any {
	facts := make([]map[string]any, len(rows))
	for i, row := range rows {
		facts[i] = fileFacts(row)
	}
	return facts
}
