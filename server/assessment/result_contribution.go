package assessment

import (
	"context"

	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// Contribution is what openness brings a unit in its overall performance: the score
// times the share of openness in the unit's own performance scheme.
type Contribution struct {
	compliance.Weight
	Score scoring.Score
}

// Contributions returns what the units' openness brings them, by unit: of those with a
// score and a performance scheme that their office has verified, of the round's year. Of
// a frozen round it is as was known at the end of the day of freezing.
func (d *Desk) Contributions(ctx context.Context, actor compliance.Actor, round models.Round, sheets []RankedSheet) (map[uint64]Contribution, error) {
	found := map[uint64]Contribution{}
	var units []uint64
	for _, s := range sheets {
		if s.Final != nil {
			units = append(units, s.UnitID)
		}
	}
	if len(units) == 0 {
		return found, nil
	}
	asOf := d.Today()
	if round.Status == models.RoundFrozen {
		asOf = min(asOf, round.FrozenOn)
	}
	weights, err := d.ledger.WeightsAsOf(ctx, actor, units, round.Year, asOf)
	if err != nil {
		return nil, err
	}
	for _, s := range sheets {
		if weight, filed := weights[s.UnitID]; filed && weight.Verified && s.Final != nil {
			found[s.UnitID] = Contribution{Weight: weight, Score: scoring.Score(*s.Final)}
		}
	}
	return found, nil
}

// Worth is what openness may bring at most, in points of a hundred: its share in per
// cent, half up to two decimals.
func (c Contribution) Worth() decimal.Decimal { return c.share(decimal.NewFromInt(100)) }

// Brings is what the score brings of Worth: score × points / total, half up to two
// decimals and divided once.
func (c Contribution) Brings() decimal.Decimal { return c.share(decimal.New(int64(c.Score), -2)) }

// share is part of an amount, as the points of openness are part of the scheme's total.
func (c Contribution) share(of decimal.Decimal) decimal.Decimal {
	return of.Mul(c.Share.Points(c.Related)).DivRound(c.Share.Total, 2)
}
