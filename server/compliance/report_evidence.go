package compliance

import (
	"fmt"

	"sundial/models"
)

// evidence returns the files that a submission for the duty names, each once,
// and what is wrong with the names.
func (w *write) evidence(duty uint64, ids []uint64) ([]models.Attachment, []models.Field, error) {
	if len(ids) > MaxEvidence {
		return nil, []models.Field{{Name: "evidence", Key: "filing.evidence_many", Args: models.Args("Max", MaxEvidence)}}, nil
	}
	var rows []models.Attachment
	err := w.tx.Where("id IN ? AND duty_id = ? AND (report_id IS NOT NULL OR added_by = ?)", ids, duty, w.actor.ID).
		Order("id").Find(&rows).Error
	if err != nil {
		return nil, nil, fmt.Errorf("evidence: %w", err)
	}
	found := map[uint64]bool{}
	for _, row := range rows {
		found[row.ID] = true
	}
	var faults []models.Field
	for i, id := range ids {
		if !found[id] {
			faults = append(faults, models.Field{Name: fmt.Sprintf("evidence[%d]", i), Key: "filing.evidence_unknown"})
		}
	}
	return rows, faults, nil
}

// attachTo gives the files to a report: those of the draft themselves, of those
// that stay with another report or duty another row.
func (w *write) attachTo(report *models.Report, files []models.Attachment) error {
	for _, file := range files {
		if file.ReportID == nil && file.DutyID == report.DutyID {
			moved := w.tx.Model(&models.Attachment{}).Where("id = ? AND report_id IS NULL", file.ID).Update("report_id", report.ID)
			if moved.Error != nil {
				return fmt.Errorf("attach to report: %w", moved.Error)
			}
			if moved.RowsAffected == 0 { // taken off in another window a moment ago
				return models.InvalidFields([]models.Field{{Name: "evidence", Key: "filing.evidence_unknown"}})
			}
			continue
		}
		again := models.Attachment{DutyID: report.DutyID, UnitID: report.UnitID, ReportID: &report.ID, Hash: file.Hash, Name: file.Name,
			AddedBy: w.actor.ID, AddedAt: w.moment.at}
		if err := w.tx.Create(&again).Error; err != nil {
			return fmt.Errorf("attach to report: %w", err)
		}
	}
	return nil
}
