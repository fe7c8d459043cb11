package bulletin

import (
	"sundial/models"
	"sundial/server/rules"
)

// Reason says by which rule and numbers a unit is praised or criticised.
func (n Named) Reason() rules.Reason {
	var grade rules.Text
	if n.Grade != nil {
		grade = rules.Text(*n.Grade)
	}
	reason := rules.Reason{Key: "bulletins.rule." + string(n.Rule)}
	switch n.Rule {
	case PraiseInTime, CriticismOverdue:
		reason.Args = models.Args("Count", n.Count, "Of", n.Of)
	case PraiseRank, PraiseGrade:
		reason.Args = models.Args("Class", n.Class, "Rank", n.Rank, "Score", n.Score, "Grade", grade)
	case CriticismCompletion:
		reason.Args = models.Args("Count", n.Count, "Of", n.Of, "Completion", rateText(n.Completion), "Below", rateText(n.Below))
	default:
		reason.Args = models.Args("Count", n.Count)
	}
	return reason
}
