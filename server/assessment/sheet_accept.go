package assessment

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// Accept takes over what the unit entered wherever the office has entered nothing yet,
// as one act. The unit's note becomes the reason of points lost; where it wrote none,
// reason does: without one it is refused. It returns how many marks were taken over.
func (d *Desk) Accept(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) (int, error) {
	taken := 0
	err := d.act(ctx, actor, id, version, func(w *write, p *paper) error {
		if err := w.mustVerify(p); err != nil {
			return err
		}
		if err := w.takesMarks(p); err != nil {
			return err
		}
		rows, notes := p.acceptable()
		reason = strings.TrimSpace(reason)
		faults := tooLong(nil, "reason", reason, maxReason)
		if reason == "" && notes > 0 {
			faults = append(faults, models.Field{Name: "reason", Key: "sheets.accept_reason", Args: models.Args("Count", notes)})
		}
		if err := models.InvalidFields(faults); err != nil {
			return err
		}
		if taken = len(rows); taken == 0 {
			return models.NewError(models.Conflict, "sheets.nothing_to_accept")
		}
		return w.accept(p, rows, reason)
	})
	return taken, err
}

// acceptable returns the marks that only the unit has entered, as the office would take
// them over, and how many of them need a reason that the unit did not write.
func (p *paper) acceptable() (rows []models.SheetMark, notes int) {
	for _, leaf := range p.card.Leaves {
		row := p.marks[leaf.ID]
		entered := row.Points != nil || row.NA
		if leaf.Method == scoring.MethodAuto || entered || row.SelfPoints == nil && !row.SelfNA {
			continue
		}
		row.Points, row.NA = row.SelfPoints, row.SelfNA
		if row.Reason == "" {
			row.Reason = row.SelfNote
		}
		if row.Reason == "" && p.reasonNeeded(leaf, markOf(row.Points, row.NA, false)) != nil {
			notes++
		}
		rows = append(rows, row)
	}
	return rows, notes
}

func (w *write) accept(p *paper, rows []models.SheetMark, reason string) error {
	before := p.officeFacts()
	var marks []map[string]any
	for _, row := range rows {
		place, _ := p.card.Leaf(row.Indicator)
		if row.Reason == "" && p.reasonNeeded(p.card.Leaves[place], markOf(row.Points, row.NA, false)) != nil {
			row.Reason = reason
		}
		row.MarkedBy, row.MarkedAt = w.by(), &w.at
		if err := w.putMark(p, row); err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		facts := markFacts(row)
		facts["indicator"] = row.Indicator
		marks = append(marks, facts)
	}
	return w.saveForOffice(p, "accept", before, map[string]any{"marks": marks})
}
