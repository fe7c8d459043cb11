package compliance

import (
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/rules"
)

// counted are the statuses of reports whose evidence is in use.
var counted = []models.ReportStatus{models.Filed, models.Checked, models.Verified, models.Reopened}

// warnings tells what is allowed and yet worth a second look before it is filed:
// evidence that the policy asks for and is not there, a file that proves another
// duty already, a link that stands in a report for another obligation. Of other
// units only those are named that the actor may read.
func (w *write) warnings(p *prepared) ([]models.Field, error) {
	var fields []models.Field
	if slices.Contains(p.main.rule.Evidence, rules.EvidenceFile) && len(p.files) == 0 && !p.filing.Nothing {
		fields = append(fields, models.Field{Name: "evidence", Key: "filing.warn.no_file"})
	}
	files, err := w.filesInUse(p)
	if err != nil {
		return nil, err
	}
	link, err := w.linkInUse(p)
	return append(append(fields, files...), link...), err
}

// use is where a file proves another duty.
type use struct {
	models.Duty
	Hash string
	Unit string
}

// filesInUse warns of files that prove duties outside of the submission.
func (w *write) filesInUse(p *prepared) ([]models.Field, error) {
	hashes := make([]string, len(p.files))
	for i, file := range p.files {
		hashes[i] = file.Hash
	}
	query := w.tx.Table("attachments a").Select("d.*, a.hash, u.name AS unit").Joins("JOIN reports r ON r.id = a.report_id").
		Joins("JOIN duties d ON d.id = a.duty_id").Joins("JOIN units u ON u.id = a.unit_id").
		Where("a.hash IN ? AND a.duty_id NOT IN ? AND r.status IN ?", hashes, append(p.also(), p.main.row.ID), counted)
	var uses []use
	if err := w.actor.Access.Scope("report", "read").Where(query, "u.path").Order("a.id").Find(&uses).Error; err != nil {
		return nil, fmt.Errorf("files in use: %w", err)
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	var fields []models.Field
	for i, file := range p.files {
		at := slices.IndexFunc(uses, func(u use) bool { return u.Hash == file.Hash })
		if at < 0 {
			continue
		}
		e, err := lib.of(uses[at].Duty)
		if err != nil {
			return nil, err
		}
		fields = append(fields, models.Field{Name: fmt.Sprintf("evidence[%d]", i), Key: "filing.warn.file_used",
			Args: models.Args("Name", file.Name, "Unit", uses[at].Unit, "Obligation", e.rule.Title, "Period", uses[at].Period)})
	}
	return fields, nil
}

// linkInUse warns of a link that stands in a report of the unit for another
// obligation.
func (w *write) linkInUse(p *prepared) ([]models.Field, error) {
	if p.filing.URL == "" {
		return nil, nil
	}
	var reports []models.Report
	err := w.tx.Where("unit_id = ? AND duty_id NOT IN ? AND status IN ?", p.main.unit.ID, append(p.also(), p.main.row.ID), counted).
		Order("id").Find(&reports).Error
	if err != nil {
		return nil, fmt.Errorf("links in use: %w", err)
	}
	for _, report := range reports {
		content, err := filingOf(report)
		if err != nil {
			return nil, err
		}
		if content.URL != p.filing.URL {
			continue
		}
		var other models.Duty
		if err := one(w.tx.Where("id = ?", report.DutyID), &other, "duty"); err != nil {
			return nil, err
		}
		if other.ObligationID == p.main.row.ObligationID {
			continue
		}
		return w.linkWarning(other)
	}
	return nil, nil
}

func (w *write) linkWarning(other models.Duty) ([]models.Field, error) {
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	e, err := lib.of(other)
	if err != nil {
		return nil, err
	}
	return []models.Field{{Name: "url", Key: "filing.warn.link_used", Args: models.Args("Obligation", e.rule.Title, "Period", other.Period)}}, nil
}
