package assessment

import (
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/scoring"
	"sundial/server/store"
)

// readInspection lets findings of inspections be read.
var readInspection = rbac.Permission{Object: "inspection", Action: "read"}

// linkable brings the findings about the unit itself in inspections of the round's year
// that stand: points may be lost for one of them, where the actor reads it.
func (w *write) linkable(p *paper) error {
	if !w.may(readInspection, p.unit) {
		return nil
	}
	var ids []uint64
	err := w.tx.Table("findings f").Joins("JOIN inspections i ON i.id = f.inspection_id").
		Where("f.unit_id = ? AND i.year = ? AND f.withdrawn_on IS NULL", p.unit.ID, p.round.Year).Pluck("f.id", &ids).Error
	if err != nil {
		return fmt.Errorf("findings about unit %d: %w", p.unit.ID, store.Translate(err))
	}
	p.findings = map[uint64]bool{}
	for _, id := range ids {
		p.findings[id] = true
	}
	return nil
}

// link lets the row name the finding for which it loses points; 0 is none, and nil leaves
// the one that it names, which a row that loses nothing any more lets go.
func (p *paper) link(row *models.SheetMark, leaf scoring.Leaf, finding *uint64) []models.Field {
	loses := p.reasonNeeded(leaf, markOf(row.Points, row.NA, row.Raised)) != nil
	was := row.FindingID
	switch {
	case finding == nil && loses:
		return nil
	case finding == nil || *finding == 0:
		row.FindingID = nil
		return nil
	case !loses:
		return []models.Field{{Name: "finding", Key: "marks.finding_nothing_lost"}}
	case !p.findings[*finding] && (was == nil || *was != *finding):
		return []models.Field{{Name: "finding", Key: "marks.finding_unknown", Args: models.Args("Unit", p.unit.Name, "Year", p.round.Year)}}
	}
	row.FindingID = finding
	return nil
}

// findingOf is the finding that a mark names, 0 for none.
func findingOf(row models.SheetMark) uint64 {
	if row.FindingID == nil {
		return 0
	}
	return *row.FindingID
}
