package assessment

import (
	"context"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// ScoreOf names one of the three scores of a sheet.
type ScoreOf string

// The three scores.
const (
	SelfScore     ScoreOf = "self"
	VerifiedScore ScoreOf = "verified"
	FinalScore    ScoreOf = "final"
)

// Computation is one of the three scores of a sheet opened into its arithmetic.
type Computation struct {
	scoring.Arithmetic
	Of     ScoreOf
	Sheet  models.Sheet
	Round  models.Round
	Office models.Unit
	// Unit has the names as they were when the result was announced.
	Unit   models.Unit
	Scheme *scoring.Scheme
	Card   *scoring.Card
	// Others are the scores that the actor may open too, this one among them.
	Others []ScoreOf

	marks map[string]models.SheetMark
	autos autoDuties
}

// Computation opens a score of a sheet: NotFound where the actor may not read the sheet.
// The verified and the final score are a Conflict before the announcement for all but
// those who score.
func (d *Desk) Computation(ctx context.Context, actor compliance.Actor, sheet uint64, of ScoreOf) (*Computation, error) {
	w := d.look(ctx, actor)
	p, err := w.paper(sheet)
	if err != nil {
		return nil, err
	}
	seen := w.scoresSeen(p)
	v, known := map[ScoreOf]view{SelfScore: selfView, VerifiedScore: verifiedView, FinalScore: finalView}[of]
	switch {
	case !known:
		return nil, models.NewError(models.NotFound, "results.score_unknown", "Value", string(of))
	case of != SelfScore && len(seen) == 1:
		return nil, models.NewError(models.Conflict, "results.not_announced", "Round", p.round.Title)
	}
	// Duties may have changed since the sheet was scored last.
	if err := p.rescore(); err != nil {
		return nil, err
	}
	unit := p.unit
	unit.Name, unit.NameEN = p.sheet.UnitName, p.sheet.UnitNameEN
	return &Computation{Arithmetic: p.card.Explain(p.entries(v)), Of: of, Sheet: p.sheet, Round: p.round, Office: p.office, Unit: unit,
		Scheme: p.scheme, Card: p.card, Others: seen, marks: p.marks, autos: p.autos}, nil
}

// scoresSeen are the scores of the sheet that the actor may see.
func (w *write) scoresSeen(p *paper) []ScoreOf {
	if p.round.Status == models.RoundScoring && !w.assesses(p.office) {
		return []ScoreOf{SelfScore}
	}
	return []ScoreOf{SelfScore, VerifiedScore, FinalScore}
}

// Mark is what is entered for an indicator.
func (c *Computation) Mark(indicator string) models.SheetMark { return c.marks[indicator] }

// Decided tells that the indicator counts as an appeal was decided.
func (c *Computation) Decided(indicator string) bool {
	return c.Of == FinalScore && c.marks[indicator].Decided
}

// Duties are those that an auto indicator is scored by; none where an appeal was decided.
func (c *Computation) Duties(part scoring.Part) []AutoDuty {
	if part.Node.Leaf < 0 || c.Decided(part.Node.ID) {
		return nil
	}
	return c.autos.of(c.Card.Leaves[part.Node.Leaf])
}
