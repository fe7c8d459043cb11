package rules

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sundial/server/calendar"
)

// Limits of the texts of a filing, in characters.
const (
	maxTitle = 200
	maxURL   = 1000
	maxNote  = 2000
	// maxLateReason is as long as the reason of a decision may be.
	maxLateReason = 500
)

// The most items of a performance scheme, and characters of their names and of
// the reasons for their marks.
const (
	MaxItems      = 500
	MaxItemName   = maxTitle
	MaxItemReason = 300
)

func itemField(i int, name string) string { return fmt.Sprintf("items[%d].%s", i, name) }

// Check tells what is wrong with a filing for the duty when filed at now: a fact
// in the future or outside the period, a field that the form needs and lacks, a
// briefing not presided by the principal, an announcement without a link, a
// performance scheme that does not add up, a late report or one of nothing
// without the reason. No problem means it can be filed.
func (d *Duty) Check(filing Filing, now time.Time) []FieldProblem {
	c := checker{duty: d, filing: filing, today: calendar.DateOf(now.In(Shanghai)), now: now}
	if filing.Nothing {
		c.nothing()
		return c.problems
	}
	switch d.Obligation.Form() {
	case FormBriefing:
		c.event()
		c.presidedBy()
		c.text("title", filing.Title, maxTitle, true)
	case FormEvent:
		c.event()
		c.presidedBy()
		c.text("presided_by", filing.PresidedBy, maxTitle, false)
		c.text("title", filing.Title, maxTitle, true)
	case FormDeputy:
		c.deputy()
	case FormPerformance:
		c.performance()
	case FormPublication, FormDeliverable:
		c.done()
		c.text("title", filing.Title, maxTitle, true)
	case FormIncident:
		c.instant()
		c.text("title", filing.Title, maxTitle, false)
	}
	c.link()
	c.text("note", filing.Note, maxNote, false)
	c.lateReason()
	return c.problems
}

// FiledLate tells whether what is filed at now is late: after the settled due
// date, or, for terms in hours, about an answer given after the term. A fact
// after the due date is never filed by it.
func (d *Duty) FiledLate(filing Filing, now time.Time) bool {
	if d.Provisional || d.DueOn.IsZero() {
		return false
	}
	return dateOf(now) > d.DueOn || !d.DueAt.IsZero() && filing.At.After(d.DueAt)
}

type checker struct {
	duty     *Duty
	filing   Filing
	today    calendar.Date
	now      time.Time
	problems []FieldProblem
}

func (c *checker) problem(field, key string, pairs ...any) {
	c.problems = append(c.problems, FieldProblem{field, key, reason("", pairs...).Args})
}

// day requires a date that is not in the future.
func (c *checker) day(field string, day calendar.Date) bool {
	switch {
	case day.IsZero():
		c.problem(field, "filing.date_required")
	case day > c.today:
		c.problem(field, "filing.future", "Value", day, "Today", c.today)
	default:
		return true
	}
	return false
}

// event requires a day inside the duty's window.
func (c *checker) event() {
	if c.day("on", c.filing.On) && !c.duty.Period.Contains(c.filing.On) {
		c.problem("on", "filing.outside_period", "Value", c.filing.On, "From", c.duty.Period.From, "To", c.duty.Period.To)
	}
}

// done requires the day of a deed, for a date of each year one of that year.
func (c *checker) done() {
	if !c.day("on", c.filing.On) {
		return
	}
	rule, on := c.duty.Obligation.ByDate, c.filing.On
	year := c.duty.Period
	if rule != nil && !rule.Each.IsZero() && !year.Contains(on) {
		c.problem("on", "filing.outside_period", "Value", on, "From", year.From, "To", year.To)
	}
	if start := c.duty.Start.On; on < start {
		c.problem("on", "filing.before_start", "Value", on, "Start", start)
	}
}

func (c *checker) presidedBy() {
	if c.duty.Obligation.Count.PresidedBy != "" && c.filing.PresidedBy != PresidedByPrincipal {
		c.problem("presided_by", "filing.not_presided_by_principal", "Clause", CitedClause(c.duty.Obligation.Clause))
	}
}

func (c *checker) deputy() {
	rule, f := c.duty.Obligation.Appointment, c.filing
	c.text("name", f.Name, 60, true)
	c.text("post", f.Post, maxTitle, false)
	c.day("from", f.From)
	if rule.MustBeInDivisionWork && !f.InDivisionOfWork {
		c.problem("in_division_of_work", "filing.not_in_division_of_work", "Clause", CitedClause(c.duty.Obligation.Clause))
	}
	if rule.MustBePublic {
		c.day("announced_on", f.AnnouncedOn)
		if f.URL == "" {
			c.problem("url", "filing.announcement_url", "Clause", CitedClause(c.duty.Obligation.Clause))
		}
	} else if !f.AnnouncedOn.IsZero() {
		c.day("announced_on", f.AnnouncedOn)
	}
}

func (c *checker) performance() {
	if c.day("on", c.filing.On) && c.filing.On < calendar.NewDate(c.duty.Period.Year-1, time.January, 1) {
		c.problem("on", "filing.outside_period", "Value", c.filing.On,
			"From", calendar.NewDate(c.duty.Period.Year-1, time.January, 1), "To", c.today)
	}
	if len(c.filing.Items) > MaxItems {
		c.problem("items", "filing.too_many_items", "Max", MaxItems)
		return
	}
	c.problems = append(c.problems, CheckItems(c.filing.Items)...)
	_, problems := shareOf(c.filing.Total, c.filing.Items, false)
	c.problems = append(c.problems, problems...)
}

func (c *checker) instant() {
	at, start := c.filing.At, c.duty.Start.At
	switch {
	case at.IsZero():
		c.problem("at", "filing.instant_required")
	case at.After(c.now):
		c.problem("at", "filing.future", "Value", at, "Today", c.now)
	case at.Before(start):
		c.problem("at", "filing.before_start", "Value", at, "Start", start)
	}
}

// link requires a web address where the obligation's evidence is one, and a
// sound one wherever one is given.
func (c *checker) link() {
	link := c.filing.URL
	if link == "" {
		already := slices.ContainsFunc(c.problems, func(p FieldProblem) bool { return p.Field == "url" })
		if slices.Contains(c.duty.Obligation.Evidence, EvidenceURL) && !already {
			c.problem("url", "filing.url_required")
		}
		return
	}
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" || len(link) > maxURL {
		c.problem("url", "filing.bad_url", "Value", link)
	}
}

// nothing requires the reason why there is nothing to report.
func (c *checker) nothing() {
	if strings.TrimSpace(c.filing.Note) == "" {
		c.problem("note", "filing.nothing_reason")
		return
	}
	c.text("note", c.filing.Note, maxNote, false)
}

func (c *checker) lateReason() {
	if c.duty.FiledLate(c.filing, c.now) && strings.TrimSpace(c.filing.LateReason) == "" {
		c.problem("late_reason", "filing.late_reason", "DueOn", c.duty.DueOn)
		return
	}
	c.text("late_reason", c.filing.LateReason, maxLateReason, false)
}

func (c *checker) text(field, text string, limit int, required bool) {
	switch length := utf8.RuneCountInString(text); {
	case required && strings.TrimSpace(text) == "":
		c.problem(field, "filing.required")
	case length > limit:
		c.problem(field, "filing.too_long", "Length", length, "Max", limit)
	}
}

// FactOn returns the day of the fact that the filing reports.
func (d *Duty) FactOn(filing Filing) calendar.Date {
	switch d.Obligation.Form() {
	case FormDeputy:
		return max(filing.From, filing.AnnouncedOn)
	case FormIncident:
		return dateOf(filing.At)
	default:
		return filing.On
	}
}

// Filed is a filing with where it stands with the office.
type Filed struct {
	Filing
	Verified bool
	// Year is the year of the duty it was filed for.
	Year int
}

// NothingFact is a report that there is nothing to report for the duty.
type NothingFact struct {
	Reason   string
	Verified bool
}

// FactsOf composes the facts of the duty's unit from what was filed for it, and
// for a weight that must not fall, for the year before.
func (d *Duty) FactsOf(filings []Filed) *Facts {
	facts := &Facts{}
	for _, f := range filings {
		switch {
		case !f.Nothing:
			d.addFact(facts, f)
		case f.Year == d.Period.Year:
			facts.Nothing = append(facts.Nothing, NothingFact{Reason: f.Note, Verified: f.Verified})
		}
	}
	return facts
}

func (d *Duty) addFact(facts *Facts, f Filed) {
	v := Verification{Verified: &f.Verified}
	switch o := d.Obligation; o.Form() {
	case FormBriefing:
		facts.Briefings = append(facts.Briefings, Briefing{On: f.On, PresidedBy: f.PresidedBy, Topic: f.Title, URL: f.URL, Verification: v})
	case FormEvent:
		facts.Events = append(facts.Events, Event{What: o.Count.What, On: f.On, Title: f.Title, PresidedBy: f.PresidedBy, URL: f.URL, Verification: v})
	case FormDeputy:
		facts.Deputies = append(facts.Deputies, Deputy{Name: f.Name, Post: f.Post, From: f.From, InDivisionOfWork: f.InDivisionOfWork,
			AnnouncedOn: f.AnnouncedOn, URL: f.URL, Verification: v})
	case FormPerformance:
		facts.Performance = append(facts.Performance, Performance{Year: f.Year, On: f.On, Total: f.Total, Items: f.Items, URL: f.URL, Verification: v})
	case FormPublication:
		facts.Publications = append(facts.Publications, Publication{Of: o.WorkingDays.What, Document: d.Start.Subject, On: f.On, URL: f.URL, Title: f.Title, Verification: v})
	case FormIncident:
		incident := Incident{ID: d.Start.Subject, At: d.Start.At, URL: f.URL, Verification: v}
		if o.Hours.What == WhatPressConference {
			incident.PressConferenceAt = f.At
		} else {
			incident.FirstWordAt = f.At
		}
		facts.Incidents = append(facts.Incidents, incident)
	case FormDeliverable:
		facts.Deliverables = append(facts.Deliverables, Deliverable{What: o.ByDate.What, On: f.On, Title: f.Title, URL: f.URL, Verification: v})
	}
}
