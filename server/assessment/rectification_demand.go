package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rectification"
	"sundial/server/scoring"
	"sundial/server/store"
)

// demandRectification is the permission of the office to have points lost put right; all
// that follows is package rectification.
var demandRectification = rbac.Permission{Object: "rectification", Action: "demand"}

// rectificationTerm is how many working days a demand suggests to put something right.
const rectificationTerm = 20

// DemandInput asks a unit to put right what cost it points. Indicators are those of its
// sheet, or with All every one that lost points and has no rectification yet.
type DemandInput struct {
	Indicators []string
	All        bool
	Demand     string
	DueOn      calendar.Date
}

// DemandRectifications opens a rectification for each indicator of an announced sheet,
// all of them or none. It keeps what was lost by the final score, and why. A rectification
// is no part of the result: a frozen round takes them too.
func (d *Desk) DemandRectifications(ctx context.Context, actor compliance.Actor, sheet uint64, in DemandInput) ([]models.Rectification, error) {
	var rows []models.Rectification
	err := d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(sheet)
		if err != nil {
			return err
		}
		if err := w.takesDemands(p); err != nil {
			return err
		}
		if rows, err = w.demanded(p, in); err != nil {
			return err
		}
		for i := range rows {
			place, _ := p.card.Leaf(rows[i].Indicator)
			if err := rectification.Open(w.desk(), p.unit, p.office, &rows[i], p.card.Leaves[place].Title); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, err
}

func (w *write) takesDemands(p *paper) error {
	if err := w.actor.Allow(demandRectification, p.office); err != nil {
		return err
	}
	if p.round.Status == models.RoundScoring {
		return models.NewError(models.Conflict, "rectifications.not_announced")
	}
	return nil
}

// demanded checks what is asked for and returns the rows to be stored.
func (w *write) demanded(p *paper, in DemandInput) ([]models.Rectification, error) {
	losses, err := w.losses(p)
	if err != nil {
		return nil, err
	}
	faults := in.faults(w.today)
	var rows []models.Rectification
	chosen := map[string]bool{}
	for _, loss := range losses {
		asked := slices.Contains(in.Indicators, loss.Leaf.ID)
		chosen[loss.Leaf.ID] = asked
		switch {
		case asked && loss.Rectification != 0:
			faults = append(faults, models.Field{Name: "indicators", Key: loss.there(), Args: models.Args("Indicator", loss.Leaf.Title)})
		case asked || in.All && loss.Rectification == 0:
			rows = append(rows, models.Rectification{RoundID: &p.round.ID, SheetID: &p.sheet.ID, Indicator: loss.Leaf.ID,
				Lost: int64(loss.Lost), Reason: loss.Reason, Demand: in.Demand, DueOn: in.DueOn})
		}
	}
	for _, id := range in.Indicators {
		if !chosen[id] {
			faults = append(faults, models.Field{Name: "indicators", Key: "rectifications.nothing_lost", Args: models.Args("Value", id)})
		}
	}
	if len(rows) == 0 && len(faults) == 0 {
		faults = append(faults, models.Field{Name: "indicators", Key: "rectifications.none_chosen"})
	}
	return rows, models.InvalidFields(faults)
}

func (in DemandInput) faults(today calendar.Date) []models.Field {
	var faults []models.Field
	if strings.TrimSpace(in.Demand) == "" {
		faults = append(faults, models.Field{Name: "demand", Key: "filing.required"})
	}
	return rectification.CheckDemand(faults, in.Demand, in.DueOn, today)
}

// Loss is an indicator that lost points in the final score, or a veto that is raised.
type Loss struct {
	Leaf   scoring.Leaf
	Lost   scoring.Amount
	Raised bool
	Reason string
	// Rectification is the one that is demanded already and not withdrawn, 0 for none; it
	// is that of the finding for which the points are lost when Found tells so.
	Rectification uint64
	Found         bool
}

// there is why no second rectification is demanded for one thing.
func (l Loss) there() string {
	if l.Found {
		return "rectifications.there_finding"
	}
	return "rectifications.there"
}

// demandedForFindings are the rectifications, by finding, that are demanded for findings
// which marks of the sheet name.
func (w *write) demandedForFindings(p *paper) (map[uint64]uint64, error) {
	var named []uint64
	for _, row := range p.marks {
		if row.FindingID != nil {
			named = append(named, *row.FindingID)
		}
	}
	found := map[uint64]uint64{}
	if len(named) == 0 {
		return found, nil
	}
	var rows []models.Rectification
	if err := w.tx.Where("finding_id IN ? AND status <> ?", named, models.RectificationWithdrawn).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("rectifications of findings: %w", store.Translate(err))
	}
	for _, row := range rows {
		found[*row.FindingID] = row.ID
	}
	return found, nil
}

// losses lists what a sheet lost, in the order of the scheme.
func (w *write) losses(p *paper) ([]Loss, error) {
	var rows []models.Rectification
	if err := w.tx.Where("sheet_id = ? AND status <> ?", p.sheet.ID, models.RectificationWithdrawn).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("rectifications of sheet %d: %w", p.sheet.ID, store.Translate(err))
	}
	there := map[string]uint64{}
	for _, row := range rows {
		there[row.Indicator] = row.ID
	}
	found, err := w.demandedForFindings(p)
	if err != nil {
		return nil, err
	}
	var losses []Loss
	for _, part := range p.card.Explain(p.entries(finalView)).Parts {
		if part.Node.Leaf < 0 || part.Lost <= 0 && !part.Mark.Raised {
			continue
		}
		leaf := p.card.Leaves[part.Node.Leaf]
		loss := Loss{Leaf: leaf, Lost: part.Lost, Raised: part.Mark.Raised, Reason: p.marks[leaf.ID].Reason, Rectification: there[leaf.ID]}
		if id := found[findingOf(p.marks[leaf.ID])]; loss.Rectification == 0 && id != 0 {
			loss.Rectification, loss.Found = id, true
		}
		losses = append(losses, loss)
	}
	return losses, nil
}

// DemandView is what the form of a demand shows.
type DemandView struct {
	Sheet  models.Sheet
	Round  models.Round
	Unit   models.Unit
	Office models.Unit
	Losses []Loss
	// DueOn is the suggested due date, some working days ahead.
	DueOn calendar.Date
	Days  int
}

// NewDemand returns what the form of a demand shows; it is refused like the demand itself
// to who may not.
func (d *Desk) NewDemand(ctx context.Context, actor compliance.Actor, sheet uint64) (*DemandView, error) {
	w := d.look(ctx, actor)
	p, err := w.paper(sheet)
	if err != nil {
		return nil, err
	}
	if err := w.takesDemands(p); err != nil {
		return nil, err
	}
	v := &DemandView{Sheet: p.sheet, Round: p.round, Unit: p.unit, Office: p.office, Days: rectificationTerm}
	if v.Losses, err = w.losses(p); err != nil {
		return nil, err
	}
	days, err := d.ledger.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	v.DueOn, _ = days.AddWorkingDays(w.today, rectificationTerm)
	return v, nil
}
