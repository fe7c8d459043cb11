package web

import (
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// HelpPage says what every state and rate means, each by an example that the program itself
// judges: no number on the page is typed.
type HelpPage struct {
	Page
	// Sections are the anchors of the page, in its order.
	Sections []string
	States   []HelpCase
	// DueSoonDays is from how many working days before the due date on a duty is due soon.
	DueSoonDays int
	Rates       HelpRates
	// Term is the term of the example, counted day by day.
	Term *DueTerm
	// Known is one duty as boards of three days show it.
	Known    []HelpCase
	Weights  []HelpWeight
	Rotation HelpRotation
	Score    HelpScore
	// Urging is the rule that the urges follow.
	Urging models.UrgeRule
	Urges  []HelpUrge
	Terms  []HelpTerm
}

var helpSections = []string{"states", "rates", "days", "known", "weight", "rotation", "scores", "urges", "tour", "terms"}

// newHelpPage judges the examples by the calendar in force.
func newHelpPage(page Page, cal *calendar.Calendar) (HelpPage, error) {
	p := HelpPage{Page: page, Sections: helpSections, DueSoonDays: rules.DueSoonDays, Urging: supervision.DefaultUrgeRule(0), Rates: newHelpRates()}
	samples, err := helpSamples()
	if err != nil {
		return p, fmt.Errorf("examples of the help: %w", err)
	}
	trial := helpTrial{samples.policy, cal, page.Locale}
	p.States, p.Known, p.Term = trial.states(), trial.known(), trial.term()
	p.Weights, p.Rotation = trial.weights(), trial.rotation()
	if p.Score, err = newHelpScore(samples.scheme); err != nil {
		return p, err
	}
	p.Urges, p.Terms = trial.urges(p.Urging), samples.terms
	return p, nil
}
