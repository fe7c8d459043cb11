package web

import (
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// HelpCase is something that is known on a day, and what the judge makes of it.
type HelpCase struct {
	// Sign is the state or mark that the case is for, as its messages are named.
	Sign string
	// Given says what is known.
	Given   rules.Reason
	Verdict rules.Verdict
	// Extended and Provisional are the marks beside the state.
	Extended, Provisional bool
}

// helpTrial judges the examples.
type helpTrial struct {
	policy *rules.Policy
	cal    *calendar.Calendar
	locale *frontend.Locale
}

// helpUnit is whose duties the examples are.
var helpUnit = rules.Unit{Code: "370100", Kind: "city"}

var waiting = false

// inJune is a day around the due date of the example.
func inJune(day int) calendar.Date { return calendar.NewDate(2017, time.June, day) }

// published is the plan of the example, published on the day.
func published(on calendar.Date, verified bool) *rules.Facts {
	plan := rules.Publication{Of: rules.WhatPlan, On: on}
	if !verified {
		plan.Verified = &waiting
	}
	return &rules.Facts{Unit: helpUnit, Publications: []rules.Publication{plan}}
}

// nothing is what is known while nothing has been filed.
func nothing() *rules.Facts { return &rules.Facts{Unit: helpUnit} }

// duty is what the unit owes by the obligation in 2017; of one that has not begun to run,
// without its due date.
func (h helpTrial) duty(obligation string) rules.Duty {
	for _, duty := range rules.Schedule(h.policy, helpUnit, nil, h.cal, 2017) {
		if duty.Obligation.ID == obligation {
			return duty
		}
	}
	return rules.Duty{}
}

const (
	helpPlan  = "sd2017.plan"
	helpFunds = "sd2017.poverty-funds"
)

// try judges what is known of the duty at the end of the day.
func (h helpTrial) try(sign string, duty rules.Duty, facts *rules.Facts, asOf calendar.Date, pairs ...any) HelpCase {
	c := HelpCase{Sign: sign, Verdict: duty.Judge(facts, h.cal, asOf), Extended: duty.Extended, Provisional: duty.Provisional}
	c.Given = rules.Reason{Key: "help.case." + sign, Args: models.Args(append(pairs, "AsOf", asOf)...)}
	return c
}

// states has an example of each state, in the order in which they are shown, and of each
// mark.
func (h helpTrial) states() []HelpCase {
	plan := h.duty(helpPlan)
	due := plan.DueOn
	freed := nothing()
	freed.Exemptions = []rules.ExemptionFact{{Obligation: helpPlan, On: inJune(1), Reason: h.locale.Text("help.exemption_reason", nil), Document: h.locale.Text("help.exemption_document", nil)}}
	later, funds := plan, h.duty(helpFunds)
	later.DueOn, later.Extended = inJune(30), true
	return []HelpCase{
		h.try("overdue", plan, nothing(), due+1),
		h.try("pending", plan, nothing(), calendar.NewDate(2017, time.May, 31)),
		h.try("reported", plan, published(due-1, false), due+4, "On", due-1),
		h.try("late", plan, published(due+3, true), due+4, "On", due+3),
		h.try("met", plan, published(due, true), due+4, "On", due),
		h.try("exempt", plan, freed, due+4),
		h.try("unscheduled", funds, nothing(), due+4, "Title", funds.Obligation.Title),
		h.try("due_soon", plan, nothing(), inJune(2)),
		h.try("extended", later, published(inJune(26), true), later.DueOn, "On", inJune(26), "DueOn", later.DueOn),
		h.unpublished(),
	}
}

// unpublished is the same term begun so late in the last year with a notice that it ends in
// a year without one.
func (h helpTrial) unpublished() HelpCase {
	policy := *h.policy
	policy.Published = calendar.NewDate(h.cal.LastNoticeYear(), time.December, 1)
	obligation, _ := policy.Find(helpPlan)
	period := rules.Period{Name: text(policy.Published.Year()), Year: policy.Published.Year()}
	duty := rules.NewDuty(&policy, obligation, period, rules.Start{}, h.cal)
	return h.try("provisional", duty, nothing(), duty.DueOn+1, "Published", policy.Published, "Year", policy.Published.Year()+1)
}

// known is the plan as boards show it: published in time, filed and verified afterwards.
func (h helpTrial) known() []HelpCase {
	plan := h.duty(helpPlan)
	return []HelpCase{
		h.try("known_nothing", plan, nothing(), plan.DueOn+1),
		h.try("known_filed", plan, published(plan.DueOn, false), plan.DueOn+4, "On", plan.DueOn),
		h.try("known_verified", plan, published(plan.DueOn, true), plan.DueOn+6, "On", plan.DueOn),
	}
}

// term is how the due date of the plan was counted.
func (h helpTrial) term() *DueTerm {
	plan := h.duty(helpPlan)
	return newDueTerm(plan.Explain(h.cal))
}
