package rules

import (
	"cmp"
	"slices"
	"strconv"
)

// happening is an event or a briefing, as far as counting goes.
type happening struct {
	on         Date
	presidedBy string
	url, title string
}

// findCount: at least Min events dated inside the window, presided by the
// principal where the policy asks for it. An event outside the window never
// counts: one held after it belongs to the next.
func (d *Duty) findCount(facts *Facts) finding {
	rule := d.Obligation.Count
	f := finding{required: strconv.Itoa(rule.Min)}
	for _, h := range facts.happenings(rule.What) {
		switch {
		case !d.Period.Contains(h.on):
		case rule.PresidedBy != "" && !facts.isPrincipal(h.presidedBy):
			f.note("rules.note.not_presided_by_principal", "On", h.on, "PresidedBy", h.presidedBy)
		default:
			f.counted++
			f.cite(h.url)
			if f.counted == rule.Min {
				f.satisfied, f.doneOn = true, h.on
			}
		}
	}
	f.value = strconv.Itoa(f.counted)
	return f
}

// happenings returns what happened of the word, by date.
func (f *Facts) happenings(what string) []happening {
	var list []happening
	if what == WhatBriefing {
		for _, b := range f.Briefings {
			list = append(list, happening{b.On, b.PresidedBy, b.URL, b.Topic})
		}
	}
	for _, e := range f.Events {
		if e.What == what {
			list = append(list, happening{e.On, e.PresidedBy, e.URL, e.Title})
		}
	}
	slices.SortStableFunc(list, func(a, b happening) int { return cmp.Compare(a.on, b.on) })
	return list
}

// isPrincipal tells whether the name is the principal's, or the word for them.
func (f *Facts) isPrincipal(name string) bool {
	return name == PresidedByPrincipal || name != "" && name == f.Principal
}
