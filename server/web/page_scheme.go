package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// SchemePage shows a scheme as a tree, as it is for one class.
type SchemePage struct {
	Page
	Tabs UnitTabs
	View *assessment.SchemeView
	URL  string
	// Classes is the switch of the class, Class the one that is shown.
	Classes []SchemeClass
	Class   SchemeClass
	Tree    []SchemeNode
	Limits  []SchemeLimit
	Grades  GradeScale
	// Acts is what the caller may do, nil for who only reads.
	Acts *SchemeActs
	// Refusal says why what was asked was not done.
	Refusal *models.Error
}

// SchemeActs are the forms of who manages a scheme.
type SchemeActs struct {
	Copy    *OfficeForm
	Discard *OfficeForm
}

// SchemeClass is a class of a scheme with what it comes to.
type SchemeClass struct {
	scoring.Class
	URL     string
	Points  scoring.Amount
	Entries int
	Current bool
}

// Most is the most that the class can reach.
func (c SchemeClass) Most() string { return plainScore(c.Maximum) }

// plainScore writes a score with the decimals that it has.
func plainScore(s scoring.Score) string { return (scoring.Amount(s) * (scoring.Point / 100)).String() }

// SchemeNode is an indicator in the tree. Share of Whole is its part of the class's
// points, or of a source its weight.
type SchemeNode struct {
	*scoring.Indicator
	Number string
	Points scoring.Amount
	Share  scoring.Amount
	Whole  scoring.Amount
	// Means says in a sentence how it is scored.
	Means       rules.Reason
	Others      []ClassPoints
	Obligations []ObligationLink
	Source      bool
	Children    []SchemeNode
}

// Bar tells that the indicator's share is worth a bar.
func (n SchemeNode) Bar() bool { return n.Share > 0 && n.Whole > 0 }

// Percent is the weight of a source.
func (n SchemeNode) Percent() string { return n.Weight.Decimal().Shift(2).String() }

// ClassPoints are the points for another class; none where it is not for it.
type ClassPoints struct {
	Class  string
	Points scoring.Amount
	Not    bool
}

// ObligationLink leads to the policy of an obligation; Known is false where no policy has
// it.
type ObligationLink struct {
	ID    string
	Known bool
	assessment.SchemeObligation
}

// SchemeLimit is a limit with the indicators that it bounds.
type SchemeLimit struct {
	scoring.Limit
	Outer      rules.Text
	Indicators []rules.Text
}

// GradeScale shows the grades on the line of scores, the lowest first.
type GradeScale struct {
	Top   scoring.Score
	Bands []GradeBand
}

// GradeBand is one grade from where it begins; Place counts from the best, which is 0.
type GradeBand struct {
	scoring.Grade
	Place int
	Width scoring.Score
}

// Begins is where the grade begins.
func (g GradeBand) Begins() string { return plainScore(g.From) }

// newSchemePage lays out a scheme for the class, the first one when it has no such.
func newSchemePage(page Page, view *assessment.SchemeView, class string) *SchemePage {
	p := &SchemePage{Page: page, View: view, URL: schemeURL(view.ID)}
	if _, found := view.Scheme.Card(class); !found {
		class = view.Scheme.Classes[0].ID
	}
	for _, c := range view.Scheme.Classes {
		card, _ := view.Scheme.Card(c.ID)
		line := SchemeClass{Class: c, URL: p.URL + "?class=" + c.ID, Points: pointsOf(card), Entries: len(card.Leaves), Current: c.ID == class}
		if line.Current {
			p.Class = line
		}
		p.Classes = append(p.Classes, line)
	}
	card, _ := view.Scheme.Card(class)
	t := schemeTree{view: view, card: card, whole: p.Class.Points}
	p.Tree = t.below(-1, "")
	p.Limits, p.Grades = schemeLimits(card), newGradeScale(view.Scheme)
	return p
}

// pointsOf is what a unit of the class can score without bonuses.
func pointsOf(card *scoring.Card) scoring.Amount {
	sum := scoring.Amount(0)
	for _, node := range card.Nodes {
		if node.Parent < 0 && node.Method != scoring.MethodBonus {
			sum += node.Points
		}
	}
	return sum
}

// schemeLimits lists the limits that bound something of the card.
func schemeLimits(card *scoring.Card) []SchemeLimit {
	var limits []SchemeLimit
	for _, limit := range card.Scheme.Limits {
		line := SchemeLimit{Limit: limit}
		if outer, found := card.Scheme.Limit(limit.Within); found {
			line.Outer = outer.Title
		}
		for _, leaf := range card.Leaves {
			if leaf.Cap == limit.ID {
				line.Indicators = append(line.Indicators, leaf.Title)
			}
		}
		limits = append(limits, line)
	}
	return limits
}

func newGradeScale(scheme *scoring.Scheme) GradeScale {
	scale := GradeScale{}
	for _, class := range scheme.Classes {
		scale.Top = max(scale.Top, class.Maximum)
	}
	scale.Top = max(scale.Top, scheme.Grades[0].From+1)
	above := scale.Top
	for place, grade := range scheme.Grades {
		scale.Bands = append([]GradeBand{{grade, place, above - grade.From}}, scale.Bands...)
		above = grade.From
	}
	return scale
}

// offerActs adds the forms of who manages the scheme.
func (p *SchemePage) offerActs(year int) {
	p.Acts = &SchemeActs{Copy: newSchemeCopy(p.View.ScoringScheme, max(year, p.View.Year+1))}
	if p.View.Status == models.SchemeDraft {
		p.Acts.Discard = newOfficeForm("scheme_discard", "", p.URL+"/discard")
		p.Acts.Discard.Version = p.View.Version
	}
}
