package web

import (
	"errors"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/scoring"
	"sundial/server/supervision"
)

// HelpScore is a score with its parts, the same with nothing left out, and a ranking.
type HelpScore struct {
	scoring.Arithmetic
	// Counted is what it would be if the indicator that does not apply counted as lost.
	Counted scoring.Score
	Ranks   []HelpRank
}

// HelpRank is the rank of a score.
type HelpRank struct {
	Rank  int
	Score scoring.Score
}

// newHelpScore marks three indicators, of which the last does not apply.
func newHelpScore(scheme *scoring.Scheme) (HelpScore, error) {
	card, found := scheme.Card("A")
	if !found || len(card.Leaves) != 3 {
		return HelpScore{}, errors.New("the scheme of the help has no class A of three indicators")
	}
	marks := []scoring.Mark{{Given: true, Points: 36 * scoring.Point}, {Given: true, Points: 24 * scoring.Point}, {NA: true}}
	s := HelpScore{Arithmetic: card.Explain(marks)}
	marks[2] = scoring.Mark{Given: true}
	s.Counted = card.Score(marks).Score
	scores := []scoring.Score{9500, 9050, 9050, 8800}
	for n, rank := range scoring.Ranks(scores) {
		s.Ranks = append(s.Ranks, HelpRank{rank, scores[n]})
	}
	return s, nil
}

// HelpUrge is the course of an urge for the plan: the days on which its level changes.
type HelpUrge struct {
	Key   string
	Turns []HelpTurn
}

// HelpTurn is a level of an urge from a day on.
type HelpTurn struct {
	On calendar.Date
	supervision.Escalation
}

// urges are two, sent nine working days before the due date: one is answered, one is not.
func (h helpTrial) urges(rule models.UrgeRule) []HelpUrge {
	due := h.duty(helpPlan).DueOn
	facts := supervision.EscalationFacts{SentOn: inJune(5), RepliedOn: inJune(7)}
	facts.Items = []supervision.ItemFacts{{Turns: []supervision.ItemTurn{{From: facts.SentOn, DueOn: due}}}}
	answered := h.course(rule, "help.urge.answered", facts, due)
	facts.RepliedOn = 0
	return []HelpUrge{answered, h.course(rule, "help.urge.unanswered", facts, due)}
}

// course follows an urge by the rule up to the day after the due date.
func (h helpTrial) course(rule models.UrgeRule, key string, facts supervision.EscalationFacts, due calendar.Date) HelpUrge {
	obligation, _ := h.policy.Find(helpPlan)
	facts.ReplyTerm, facts.Items[0].Title = rule.ReplyTerm, obligation.Title
	urge := HelpUrge{Key: key}
	var level models.UrgeLevel
	for day := facts.SentOn; day <= due+1; day++ {
		if on := supervision.LevelOn(rule, facts, h.cal, day); on.Level != level {
			level = on.Level
			urge.Turns = append(urge.Turns, HelpTurn{day, on})
		}
	}
	return urge
}
