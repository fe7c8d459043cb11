package assessment

import (
	"strings"

	"sundial/models"
	"sundial/server/scoring"
)

// contest is an indicator that is, or may be, appealed against: its leaf, and the mark
// that was verified. Of an auto indicator Points are what its duties won.
type contest struct {
	leaf     scoring.Leaf
	place    int
	verified scoring.Mark
}

// contested returns an indicator of the sheet that lost something: points, that it does
// not apply, or a veto that was raised.
func (p *paper) contested(indicator string) (contest, []models.Field) {
	place, found := p.card.Leaf(indicator)
	if !found {
		return contest{}, []models.Field{{Name: "indicator", Key: "marks.unknown_indicator", Args: models.Args("Value", indicator, "Class", p.card.Class.ID)}}
	}
	c := contest{leaf: p.card.Leaves[place], place: place, verified: p.entries(verifiedView)[place]}
	if c.leaf.Method == scoring.MethodAuto {
		part := p.card.Explain(p.entries(verifiedView)).Parts[c.leaf.Node]
		c.verified = scoring.Mark{Given: part.Applicable, Points: part.Won, NA: !part.Applicable}
	}
	if !c.open() {
		return c, []models.Field{{Name: "indicator", Key: "appeals.nothing_lost", Args: models.Args("Indicator", c.leaf.Title)}}
	}
	return c, nil
}

// open tells whether something can become better for the unit.
func (c contest) open() bool {
	switch {
	case c.leaf.Method == scoring.MethodVeto:
		return c.verified.Raised
	case c.verified.NA:
		return true
	case c.leaf.Method == scoring.MethodDeduct:
		return c.verified.Points > 0
	default:
		return c.verified.Points < c.leaf.Points
	}
}

// better reads points, or what stands for them, that are better for the unit than what
// was verified. Points are compared with points; where one of both is that the indicator
// does not apply, the score of the sheet must not fall.
func (p *paper) better(c contest, text string, na, lifted bool) (*int64, []models.Field) {
	fault := func(name, key string, args ...any) []models.Field {
		return []models.Field{{Name: name, Key: key, Args: models.Args(args...)}}
	}
	if c.leaf.Method == scoring.MethodVeto {
		if !lifted || strings.TrimSpace(text) != "" || na {
			return nil, fault("lifted", "appeals.veto_only")
		}
		return nil, nil
	}
	if lifted {
		return nil, fault("lifted", "appeals.no_veto")
	}
	points, faults := p.points(c.leaf, text, na, false)
	switch {
	case len(faults) > 0:
		return nil, faults
	case na && c.verified.NA:
		return nil, fault("na", "appeals.same_na")
	case !na && points == nil:
		return nil, fault("points", "appeals.points_required")
	case !na && !c.verified.NA && !c.above(scoring.Amount(*points), c.verified.Points):
		return nil, fault("points", c.notBetter(), "Verified", c.verified.Points.String())
	case na != c.verified.NA && p.worse(c, markOf(points, na, false)):
		return nil, fault(map[bool]string{true: "na", false: "points"}[na], "appeals.worse")
	}
	return points, nil
}

// above tells whether points a are better for the unit than b.
func (c contest) above(a, b scoring.Amount) bool {
	if c.leaf.Method == scoring.MethodDeduct {
		return a < b
	}
	return a > b
}

// notBetter is the message that points are no better than what was verified.
func (c contest) notBetter() string {
	if c.leaf.Method == scoring.MethodDeduct {
		return "appeals.not_less"
	}
	return "appeals.not_more"
}

// worse tells whether the sheet would come to less with the mark than with the verified
// one; all other indicators as they are now.
func (p *paper) worse(c contest, mark scoring.Mark) bool {
	return below(p.with(c, mark), p.card.Score(p.entries(finalView)))
}

// with is what the sheet would come to with the mark; all other indicators as they are now.
func (p *paper) with(c contest, mark scoring.Mark) scoring.Result {
	marks := p.entries(finalView)
	marks[c.place] = mark
	return p.card.Score(marks)
}

// below tells whether a is a lower score than b, or none.
func below(a, b scoring.Result) bool { return b.Scored && (!a.Scored || a.Score < b.Score) }

// beyond refuses what is better for the unit than what it asked for: points are compared
// with points, and where one of both is that the indicator does not apply, the scores that
// the sheet would come to.
func (p *paper) beyond(c contest, row models.Appeal, mark scoring.Mark) []models.Field {
	claim := markOf(row.Claimed, row.ClaimNA, false)
	switch {
	case claim.NA && mark.NA, row.ClaimLifted:
		return nil
	case claim.NA || mark.NA:
		if !below(p.with(c, claim), p.with(c, mark)) {
			return nil
		}
	case !c.above(mark.Points, claim.Points):
		return nil
	}
	if claim.NA {
		return []models.Field{{Name: "points", Key: "appeals.beyond_na"}}
	}
	return []models.Field{{Name: map[bool]string{true: "na", false: "points"}[mark.NA], Key: "appeals.beyond", Args: models.Args("Claimed", claim.Points.String())}}
}
