package assessment

import (
	"context"

	"sundial/models"
	"sundial/server/compliance"
)

// PutResults enters marks of the office and, by appeal, final ones, and tells that the
// sheet is verified: what tests of results begin with.
func (d *Desk) PutResults(ctx context.Context, actor compliance.Actor, sheet uint64, marks, decided []MarkInput) error {
	return d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(sheet)
		if err != nil {
			return err
		}
		for _, in := range marks {
			row, faults := p.checkMark(in)
			if err := models.InvalidFields(faults); err != nil {
				return err
			}
			if err := w.putMark(p, row); err != nil {
				return err
			}
		}
		for _, in := range decided {
			if err := w.putMark(p, p.decided(in)); err != nil {
				return err
			}
		}
		p.sheet.Status = models.SheetVerified
		return w.save(p)
	})
}

// decided is the row of a mark with a decision on an appeal; of auto indicators too.
func (p *paper) decided(in MarkInput) models.SheetMark {
	row, entered := p.marks[in.Indicator]
	if !entered {
		row = models.SheetMark{SheetID: p.sheet.ID, Indicator: in.Indicator}
	}
	place, _ := p.card.Leaf(in.Indicator)
	row.FinalPoints, _ = p.points(p.card.Leaves[place], in.Points, in.NA, in.Raised)
	row.Decided, row.FinalNA, row.FinalRaised = true, in.NA, in.Raised
	return row
}
