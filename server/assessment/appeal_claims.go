package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// SheetClaim is what has become, or may be made, of an indicator of an announced sheet.
type SheetClaim struct {
	SheetID   uint64
	Indicator string
	// Appeal is the one that is not withdrawn, if any; CanAppeal that one may be filed.
	Appeal    *models.Appeal
	CanAppeal bool
	// Rectification is the one that was demanded, 0 for none; CanDemand that the actor may
	// demand one.
	Rectification uint64
	CanDemand     bool
}

// Claims returns what there is to say of the indicators of an announced sheet, by their
// ids; nothing before the announcement. Left counts what the actor may demand to be put
// right.
func (d *Desk) Claims(ctx context.Context, actor compliance.Actor, sheet uint64) (claims map[string]*SheetClaim, left int, err error) {
	w := d.look(ctx, actor)
	p, err := w.paper(sheet)
	if err != nil || p.round.Status == models.RoundScoring {
		return nil, 0, err
	}
	claims = map[string]*SheetClaim{}
	of := func(indicator string) *SheetClaim {
		if claims[indicator] == nil {
			claims[indicator] = &SheetClaim{SheetID: sheet, Indicator: indicator}
		}
		return claims[indicator]
	}
	var appeals []models.Appeal
	if err := w.tx.Where("sheet_id = ? AND ended = 0", sheet).Find(&appeals).Error; err != nil {
		return nil, 0, fmt.Errorf("appeals of sheet %d: %w", sheet, store.Translate(err))
	}
	for i := range appeals {
		of(appeals[i].Indicator).Appeal = &appeals[i]
	}
	losses, err := w.losses(p)
	if err != nil {
		return nil, 0, err
	}
	demands := w.takesDemands(p) == nil
	for _, loss := range losses {
		claim := of(loss.Leaf.ID)
		claim.Rectification, claim.CanDemand = loss.Rectification, demands && loss.Rectification == 0
		if claim.CanDemand {
			left++
		}
	}
	files := w.takesAppeals(p) == nil
	for _, leaf := range p.card.Leaves {
		if _, faults := p.contested(leaf.ID); files && len(faults) == 0 {
			of(leaf.ID).CanAppeal = of(leaf.ID).Appeal == nil
		}
	}
	return claims, left, nil
}
