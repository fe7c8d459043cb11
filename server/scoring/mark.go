package scoring

import (
	"slices"

	"sundial/server/rules"
)

// Mark is what is entered for one leaf. The zero Mark is one where nothing was
// entered.
type Mark struct {
	// Given tells that Points was entered: what is awarded, or for a deduction what is
	// taken off. An auto indicator has States instead, or the points that they gave.
	Given  bool
	Points Amount
	// NA (不适用) tells that the indicator does not apply to the unit.
	NA bool
	// Raised tells that a veto is raised.
	Raised bool
	// States are those of the duties of an auto indicator.
	States []rules.State
}

// Check returns what is wrong with a mark for a leaf, nil when nothing is. Score
// takes only marks that nothing is wrong with.
func (c *Card) Check(leaf int, m Mark) *Problem {
	l := &c.Leaves[leaf]
	unknown := slices.IndexFunc(m.States, func(s rules.State) bool { return !slices.Contains(rules.States, s) })
	switch {
	case m.Raised && l.Method != MethodVeto:
		return problem("scoring.raised_elsewhere", "Indicator", l.Title)
	case m.Given && l.Method == MethodVeto:
		return problem("scoring.points_of_veto", "Indicator", l.Title)
	case m.NA && l.Method == MethodVeto:
		return problem("scoring.na_of_veto", "Indicator", l.Title)
	case len(m.States) > 0 && l.Method != MethodAuto:
		return problem("scoring.duties_elsewhere", "Indicator", l.Title)
	case unknown >= 0:
		return problem("scoring.unknown_state", "Indicator", l.Title, "Value", string(m.States[unknown]), "Known", rules.States)
	case m.Given && m.NA:
		return problem("scoring.na_and_points", "Indicator", l.Title)
	case len(m.States) > 0 && m.NA:
		return problem("scoring.na_and_duties", "Indicator", l.Title)
	case len(m.States) > 0 && m.Given:
		return problem("scoring.points_and_duties", "Indicator", l.Title)
	case m.Points < 0:
		return problem("scoring.points_negative", "Value", m.Points)
	case m.Given && l.Method != MethodDeduct && m.Points > l.Points:
		return problem("scoring.above_points", "Indicator", l.Title, "Value", m.Points, "Max", l.Points)
	case m.Points > MaxPoints*Point:
		return problem("scoring.points_large", "Value", m.Points, "Max", MaxPoints)
	default:
		return nil
	}
}

// share returns what the duties win of an auto indicator's points; applies is false
// when none of them is met, late or overdue.
func (i *Indicator) share(points Amount, states []rules.State) (won Amount, applies bool) {
	part, count := Amount(0), 0
	for _, state := range states {
		switch state {
		case rules.Met:
			part += Point
		case rules.Late:
			part += i.LateShare
		case rules.Overdue:
		default:
			continue
		}
		count++
	}
	if count == 0 {
		return 0, false
	}
	return points.shareOf(uint64(part), uint64(count)*uint64(Point)), true
}
