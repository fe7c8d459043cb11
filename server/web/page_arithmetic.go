package web

import (
	"fmt"
	"strings"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/charts"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// ArithmeticPage shows how a score of a sheet was computed: every part with what it won
// and could win, and the one division at the end.
type ArithmeticPage struct {
	Page
	*assessment.Computation
	Tabs UnitTabs
	// Views are the scores that can be opened.
	Views []ScoreTab
	// Blocks are the indicators of the first level with others below them, Singles those
	// without.
	Blocks  []ArithmeticBlock
	Singles []ArithmeticLine
	// Steps add up to the points won.
	Steps []ArithmeticStep
	Grade *ReachedGrade
	// SheetURL and ResultsURL are empty where there is nothing to see yet.
	SheetURL, ResultsURL string
}

// ScoreTab leads to one of the three scores.
type ScoreTab struct {
	Of      assessment.ScoreOf
	URL     string
	Current bool
	Score   string
}

// ArithmeticBlock is an indicator of the first level with all below it.
type ArithmeticBlock struct {
	ArithmeticLine
	Lines []ArithmeticLine
}

// ArithmeticLine is an indicator with what it comes to, and how.
type ArithmeticLine struct {
	scoring.Part
	// Parent is the id of the indicator above, empty at the first level.
	Parent string
	// How says in a sentence how the points come about, Weighted what a source counts.
	How      rules.Reason
	Weighted string
	// Reason is what the office wrote: why points were lost, why it does not apply, or why
	// the veto is raised.
	Reason string
	// FindingURL leads to the finding for which points were lost, empty for none.
	FindingURL string
	Decided    bool
	Duties     []assessment.AutoDuty
}

// ArithmeticStep is a term of the sum of the points won.
type ArithmeticStep struct {
	// Label names the term, Key what kind it is, to tell terms apart.
	Key    string
	Label  rules.Reason
	Amount scoring.Amount
}

// ReachedGrade is the grade with how it was reached.
type ReachedGrade struct {
	scoring.Grade
	Tone charts.GradeTone
	// Earned is the grade of the score alone when a veto made it worse.
	Earned *scoring.Grade
}

func newArithmeticPage(page Page, c *assessment.Computation) ArithmeticPage {
	p := ArithmeticPage{Page: page, Computation: c}
	for n, part := range c.Parts {
		line := p.line(n, part)
		switch {
		case part.Node.Parent >= 0:
			block := &p.Blocks[len(p.Blocks)-1]
			block.Lines = append(block.Lines, line)
		case part.Node.Leaf >= 0:
			p.Singles = append(p.Singles, line)
		default:
			p.Blocks = append(p.Blocks, ArithmeticBlock{ArithmeticLine: line})
		}
	}
	p.addSteps()
	p.Grade = reachedGrade(c)
	for _, of := range c.Others {
		p.Views = append(p.Views, ScoreTab{Of: of, URL: arithmeticURL(c.Sheet.ID, of), Current: of == c.Of, Score: scoreText(scoreOf(c.Sheet, of))})
	}
	return p
}

func arithmeticURL(sheet uint64, of assessment.ScoreOf) string {
	return fmt.Sprintf("/sheets/%d/arithmetic?view=%s", sheet, of)
}

// scoreOf is one of the three totals of a sheet.
func scoreOf(sheet models.Sheet, of assessment.ScoreOf) *int64 {
	switch of {
	case assessment.SelfScore:
		return sheet.Self
	case assessment.VerifiedScore:
		return sheet.Verified
	default:
		return sheet.Final
	}
}

// line explains a part of the arithmetic.
func (p *ArithmeticPage) line(place int, part scoring.Part) ArithmeticLine {
	line := ArithmeticLine{Part: part, How: p.how(place, part), Duties: p.Duties(part), Decided: p.Computation.Decided(part.Node.ID)}
	if part.Node.Parent >= 0 {
		above := p.Parts[part.Node.Parent]
		line.Parent = above.Node.ID
		if above.Node.Method == scoring.MethodComposite {
			line.Weighted = part.Node.Weight.String()
		}
	}
	if p.Of != assessment.SelfScore && (part.Lost > 0 || part.Mark.NA || part.Mark.Raised) {
		mark := p.Mark(part.Node.ID)
		line.Reason = mark.Reason
		if mark.FindingID != nil {
			line.FindingURL = findingURL(*mark.FindingID)
		}
	}
	return line
}

// how says how the points of a part come about.
func (p *ArithmeticPage) how(place int, part scoring.Part) rules.Reason {
	points, entered := part.Node.Points, part.Mark.Points
	say := func(key string, args ...any) rules.Reason {
		return rules.Reason{Key: "results.how." + key, Args: models.Args(append(args, "Won", pointsText(part.Won), "Points", points, "Entered", entered)...)}
	}
	switch method := part.Node.Method; {
	case method == scoring.MethodVeto && part.Mark.Raised:
		grade := p.gradeOf(part.Node.Grade)
		return say("veto_raised", "Grade", grade.Title)
	case method == scoring.MethodVeto:
		return say("veto")
	case !part.Applicable && method == scoring.MethodAuto && !part.Mark.NA:
		return say("auto_none")
	case !part.Applicable:
		return say("not_applicable")
	case method == scoring.MethodAward && !part.Mark.Given:
		return say("award_missing")
	case method == scoring.MethodAward:
		return say("award")
	case method == scoring.MethodAuto && part.Mark.Given:
		return say("auto_decided")
	case method == scoring.MethodAuto:
		met, late, overdue := part.Shares[rules.Met], part.Shares[rules.Late], part.Shares[rules.Overdue]
		return say("auto", "Met", met, "Late", late, "Overdue", overdue, "Share", part.Node.LateShare, "Duties", met+late+overdue)
	case method == scoring.MethodBonus:
		return p.howBonus(part, say)
	case method == scoring.MethodDeduct:
		return p.howDeduct(part, say)
	default:
		return p.howGroup(place, part, say)
	}
}

// sentence makes the sentence with the key.
type sentence func(key string, args ...any) rules.Reason

func (p *ArithmeticPage) howBonus(part scoring.Part, say sentence) rules.Reason {
	switch limit, limited := p.limit(part); {
	case part.Mark.Points == 0:
		return say("bonus_none")
	case limited:
		return say("bonus_limited", "Limit", limit.Title)
	default:
		return say("bonus")
	}
}

func (p *ArithmeticPage) howDeduct(part scoring.Part, say sentence) rules.Reason {
	limit, limited := p.limit(part)
	switch {
	case part.Mark.Points == 0:
		return say("deduct_none")
	case limited:
		return say("deduct_limited", "Limit", limit.Title)
	case part.Node.Cap == scoring.CapParent:
		return say("deduct_parent")
	case part.Passed < 0:
		return say("deduct_passed", "Passed", -part.Passed)
	case part.Mark.Points > part.Node.Points:
		return say("deduct_capped")
	default:
		return say("deduct")
	}
}

// howGroup writes out the sum of what is below; nothing where that is one part alone.
func (p *ArithmeticPage) howGroup(place int, part scoring.Part, say sentence) rules.Reason {
	composite := part.Node.Method == scoring.MethodComposite
	var won, possible []string
	for _, below := range p.Parts {
		if below.Node.Parent != place || !below.Applicable || below.Node.Method == scoring.MethodVeto {
			continue
		}
		if composite {
			won = append(won, below.Node.Weight.String()+" × "+bracketed(below.Won))
			possible = append(possible, below.Node.Weight.String()+" × "+below.Possible.String())
			continue
		}
		won = append(won, bracketed(below.Won))
	}
	sum := strings.Join(won, " + ")
	switch {
	case composite:
		return say("composite", "Sum", sum, "PossibleSum", strings.Join(possible, " + "), "Possible", part.Possible)
	case part.Floor > 0:
		return say("group_floor", "Sum", sum, "Floor", part.Floor)
	case len(won) < 2:
		return rules.Reason{} // a sum of one says nothing
	default:
		return say("group", "Sum", sum)
	}
}

// bracketed puts an amount below zero into brackets, to stand in a sum.
func bracketed(amount scoring.Amount) string {
	if amount < 0 {
		return "(" + pointsText(amount) + ")"
	}
	return pointsText(amount)
}

// pointsText writes points as people read them, with a minus sign and no hyphen.
func pointsText(amount scoring.Amount) string {
	return strings.Replace(amount.String(), "-", "\u2212", 1)
}

// limit is that of a deduction or a bonus.
func (p *ArithmeticPage) limit(part scoring.Part) (*scoring.Limit, bool) {
	if part.Limited == 0 {
		return nil, false
	}
	return p.Scheme.Limit(part.Node.Cap)
}

func (p *ArithmeticPage) gradeOf(id string) scoring.Grade {
	for _, grade := range p.Scheme.Grades {
		if grade.ID == id {
			return grade
		}
	}
	return scoring.Grade{}
}

// addSteps lists the terms whose sum is what was won.
func (p *ArithmeticPage) addSteps() {
	add := func(key string, amount scoring.Amount, title any) {
		p.Steps = append(p.Steps, ArithmeticStep{Key: key, Amount: amount, Label: rules.Reason{Key: "results.step." + key, Args: models.Args("Title", title)}})
	}
	for _, part := range p.Parts {
		if part.Node.Parent < 0 && part.Applicable && (part.Won != 0 || part.Possible > 0) {
			add("part", part.Won, part.Node.Title)
		}
	}
	for _, limit := range p.Limits {
		if limit.Limit.Within == "" && limit.Amount != 0 {
			add("limit", limit.Amount, limit.Limit.Title)
		}
	}
	if p.Passed != 0 {
		add("passed", p.Passed, nil)
	}
	if p.Floor != 0 {
		add("floor", p.Floor, nil)
	}
}

func reachedGrade(c *assessment.Computation) *ReachedGrade {
	if !c.Scored || c.Missing > 0 {
		return nil
	}
	grades := c.Scheme.Grades
	reached := &ReachedGrade{Grade: grades[c.Arithmetic.Grade], Tone: charts.ToneOf(c.Arithmetic.Grade, len(grades))}
	if c.ByVeto {
		reached.Earned = &grades[c.Scheme.GradeOf(c.Score)]
	}
	return reached
}

// Complete tells that the score is one: nothing is missing, and something applies.
func (p ArithmeticPage) Complete() bool { return p.Scored && p.Missing == 0 }

// Maximum is the class's.
func (p ArithmeticPage) Maximum() scoring.Score { return p.Card.Class.Maximum }

// Indent is how deep the indicator stands below its block.
func (l ArithmeticLine) Indent() int { return min(l.Node.Depth, 3) }

// Counts tells whether the indicator has points to show.
func (l ArithmeticLine) Counts() bool { return l.Applicable && l.Node.Method != scoring.MethodVeto }
