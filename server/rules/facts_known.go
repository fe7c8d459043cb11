package rules

import (
	"slices"
	"time"

	"sundial/server/calendar"
)

// knownOn returns the facts as they were on the day: those dated later are gone,
// and of those that began earlier what happened later is.
func (f *Facts) knownOn(day calendar.Date) *Facts {
	known := *f
	known.Briefings = keep(f.Briefings, func(b *Briefing) bool { return b.On <= day })
	known.Events = keep(f.Events, func(e *Event) bool { return e.On <= day })
	known.Publications = keep(f.Publications, func(p *Publication) bool { return p.On <= day })
	known.Deliverables = keep(f.Deliverables, func(d *Deliverable) bool { return d.On <= day })
	known.Attendances = keep(f.Attendances, func(a *Attendance) bool { return a.On <= day })
	known.Exemptions = keep(f.Exemptions, func(e *ExemptionFact) bool { return e.On <= day })
	known.Performance = keep(f.Performance, func(p *Performance) bool { return p.On <= day })
	known.Deputies = keep(f.Deputies, func(d *Deputy) bool {
		d.forget(day)
		return d.From <= day
	})
	known.Documents = keep(f.Documents, func(d *Document) bool {
		forgetDate(&d.InterpretedOn, day)
		forgetDate(&d.GazettedOn, day)
		return d.PublishedOn <= day && d.IssuedOn <= day
	})
	known.Incidents = keep(f.Incidents, func(i *Incident) bool {
		forgetInstant(&i.FirstWordAt, day)
		forgetInstant(&i.PressConferenceAt, day)
		return dateOf(i.At) <= day
	})
	return &known
}

// forget drops what became true of the deputy after the day.
func (d *Deputy) forget(day calendar.Date) {
	forgetDate(&d.To, day)
	if d.AnnouncedOn > day {
		d.AnnouncedOn, d.URL = 0, ""
	}
}

func forgetDate(date *calendar.Date, day calendar.Date) {
	if *date > day {
		*date = 0
	}
}

func forgetInstant(at *time.Time, day calendar.Date) {
	if dateOf(*at) > day {
		*at = time.Time{}
	}
}

// dateOf returns the date of an instant in Shanghai; none for the zero instant.
func dateOf(at time.Time) calendar.Date {
	if at.IsZero() {
		return 0
	}
	return calendar.DateOf(at.In(Shanghai))
}

// verified returns the facts that the office has verified.
func (f *Facts) verified() *Facts {
	v := *f
	v.Briefings = keep(f.Briefings, func(b *Briefing) bool { return b.IsVerified() })
	v.Deputies = keep(f.Deputies, func(d *Deputy) bool { return d.IsVerified() })
	v.Performance = keep(f.Performance, func(p *Performance) bool { return p.IsVerified() })
	v.Publications = keep(f.Publications, func(p *Publication) bool { return p.IsVerified() })
	v.Documents = keep(f.Documents, func(d *Document) bool { return d.IsVerified() })
	v.Events = keep(f.Events, func(e *Event) bool { return e.IsVerified() })
	v.Incidents = keep(f.Incidents, func(i *Incident) bool { return i.IsVerified() })
	v.Deliverables = keep(f.Deliverables, func(d *Deliverable) bool { return d.IsVerified() })
	v.Attendances = keep(f.Attendances, func(a *Attendance) bool { return a.IsVerified() })
	return &v
}

// keep returns copies of the facts that ok accepts; ok may change its copy.
func keep[T any](facts []T, ok func(*T) bool) []T {
	kept := make([]T, 0, len(facts))
	for _, fact := range facts {
		if ok(&fact) {
			kept = append(kept, fact)
		}
	}
	return kept
}

// starts returns the unit's events that start terms, by trigger and date.
func (f *Facts) starts() map[Trigger][]Start {
	starts := map[Trigger][]Start{}
	for _, d := range f.Documents {
		if !d.PublishedOn.IsZero() {
			starts[AfterDocument] = append(starts[AfterDocument], Start{Subject: d.ID, Title: d.Title, On: d.PublishedOn})
		}
		if !d.IssuedOn.IsZero() {
			starts[AfterNormative] = append(starts[AfterNormative], Start{Subject: d.ID, Title: d.Title, On: d.IssuedOn})
		}
	}
	for _, e := range f.Events {
		if Trigger(e.What) == AfterCongress {
			starts[AfterCongress] = append(starts[AfterCongress], Start{Subject: e.subject(), Title: e.Title, On: e.On})
		}
	}
	for _, i := range f.Incidents {
		starts[AfterIncident] = append(starts[AfterIncident], Start{Subject: i.ID, Title: i.Title, On: dateOf(i.At), At: i.At})
	}
	for _, list := range starts {
		slices.SortStableFunc(list, func(a, b Start) int { return int(a.On - b.On) })
	}
	return starts
}

// subject identifies the event among the unit's.
func (e *Event) subject() string {
	if e.ID != "" {
		return e.ID
	}
	return e.On.String()
}

// exemption returns the exemption from the duty, if there is one.
func (f *Facts) exemption(d *Duty) (ExemptionFact, bool) {
	for _, e := range f.Exemptions {
		if e.Obligation == d.Obligation.ID && (e.Period == "" || e.Period == d.Period.Name) {
			return e, true
		}
	}
	return ExemptionFact{}, false
}
