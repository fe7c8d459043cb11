package rules

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
)

// findWithinWorkingDays: done by the N-th working day after the trigger; the
// first publication counts. What was done before the trigger is in time.
func (d *Duty) findWithinWorkingDays(facts *Facts, cal *calendar.Calendar) finding {
	rule := d.Obligation.WorkingDays
	f := finding{required: strconv.Itoa(rule.N), args: map[string]any{"After": d.termStart()}}
	for _, p := range facts.publicationsOf(rule.What, d.Start.Subject) {
		f.counted++
		f.cite(p.URL)
		if !f.satisfied || p.On < f.doneOn {
			f.satisfied, f.doneOn = true, p.On
		}
	}
	if f.satisfied && !d.DueOn.IsZero() {
		f.late = f.doneOn > d.DueOn
		f.value = strconv.Itoa(max(0, cal.WorkingDaysBetween(d.termStart(), f.doneOn)))
		if f.late && f.value == f.required {
			f.note("rules.note.after_last_working_day", "DoneOn", f.doneOn, "DueOn", d.DueOn)
		}
	}
	return f
}

// publicationsOf returns the publications of the word, for the subject where
// there is one: those that name it, and what its document says of itself.
func (f *Facts) publicationsOf(what, subject string) []Publication {
	list := keep(f.Publications, func(p *Publication) bool {
		return p.Of == what && (p.Document == subject || p.Document == "")
	})
	for _, doc := range f.Documents {
		on := map[string]Date{WhatInterpretation: doc.InterpretedOn, WhatGazette: doc.GazettedOn}[what]
		if doc.ID == subject && subject != "" && !on.IsZero() {
			list = append(list, Publication{Of: what, Document: doc.ID, On: on, URL: doc.URL, Verification: doc.Verification})
		}
	}
	return list
}

// findWithinHours: done at most N elapsed hours after the incident.
func (d *Duty) findWithinHours(facts *Facts) finding {
	rule := d.Obligation.Hours
	f := finding{required: strconv.Itoa(rule.N), args: map[string]any{"DueAt": d.DueAt, "Target": rule.Target}}
	var doneAt time.Time
	for _, incident := range facts.Incidents {
		at := incident.doneAt(rule.What)
		if incident.ID != d.Start.Subject || at.IsZero() {
			continue
		}
		f.counted++
		f.cite(incident.URL)
		if doneAt.IsZero() || at.Before(doneAt) {
			doneAt = at
		}
	}
	if !doneAt.IsZero() && !d.Start.At.IsZero() {
		elapsed := doneAt.Sub(d.Start.At)
		f.satisfied, f.doneOn, f.late = true, dateOf(doneAt), doneAt.After(d.DueAt)
		f.value = hours(elapsed, rule.N)
		f.args["DoneAt"] = doneAt
		if rule.Target > 0 && !f.late && elapsed > time.Duration(rule.Target)*time.Hour {
			f.note("rules.note.past_target", "Target", rule.Target, "Value", f.value)
		}
	}
	return f
}

// hours shows a span in hours with two decimals, half up; past the limit it is
// rounded up, so that it never shows as the limit.
func hours(span time.Duration, limit int) string {
	exact := decimal.NewFromInt(max(0, int64(span))).DivRound(decimal.NewFromInt(int64(time.Hour)), 12)
	if span > time.Duration(limit)*time.Hour {
		return exact.RoundUp(2).StringFixed(2)
	}
	return exact.StringFixed(2)
}

// doneAt returns when the incident got what the word names.
func (i *Incident) doneAt(what string) time.Time {
	if what == WhatPressConference {
		return i.PressConferenceAt
	}
	return i.FirstWordAt
}

// findByDate: the deliverable is recorded by the day; the first one counts. For
// a date of each year only what is recorded within the year counts.
func (d *Duty) findByDate(facts *Facts) finding {
	rule := d.Obligation.ByDate
	f := finding{required: "1", value: "0"}
	for _, delivered := range facts.Deliverables {
		yearly := !rule.Each.IsZero()
		if delivered.What != rule.What || yearly && !d.Period.Contains(delivered.On) {
			continue
		}
		f.counted++
		f.cite(delivered.URL)
		if !f.satisfied || delivered.On < f.doneOn {
			f.satisfied, f.doneOn = true, delivered.On
		}
	}
	if f.satisfied {
		f.value, f.late = "1", f.doneOn > d.DueOn
	}
	return f
}
