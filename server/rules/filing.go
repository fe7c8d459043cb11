package rules

import (
	"time"

	"sundial/server/calendar"
)

// Form names the shape of what is filed for an obligation: which fields of a
// Filing are asked for.
type Form string

// The forms.
const (
	FormBriefing    Form = "briefing"    // On, PresidedBy, Title, URL
	FormEvent       Form = "event"       // On, Title, URL
	FormDeputy      Form = "deputy"      // Name, Post, From, InDivisionOfWork, AnnouncedOn, URL
	FormPerformance Form = "performance" // On, Total, Items, URL
	FormPublication Form = "publication" // On, Title, URL
	FormIncident    Form = "incident"    // At, Title, URL
	FormDeliverable Form = "deliverable" // On, Title, URL
	FormRotation    Form = "rotation"    // nothing: judged from the roster
)

// Form returns the form of the obligation.
func (o *Obligation) Form() Form {
	switch o.Kind {
	case KindCount:
		if o.Count.What == WhatBriefing {
			return FormBriefing
		}
		return FormEvent
	case KindAppointment:
		return FormDeputy
	case KindWeight:
		return FormPerformance
	case KindWithinWorkingDays:
		return FormPublication
	case KindWithinHours:
		return FormIncident
	case KindByDate:
		return FormDeliverable
	default:
		return FormRotation
	}
}

// Filing is what a unit files for one duty: the fields that the obligation's
// Form asks for. It is stored as JSON with the report.
type Filing struct {
	// On is the day of the fact: the briefing's day, the day of publication.
	On calendar.Date `json:"on,omitzero"`
	// At is the instant of the fact, for terms in hours.
	At time.Time `json:"at,omitzero"`
	// Title is the topic, or what was published.
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
	// PresidedBy is the word principal, or the name of who presided instead.
	PresidedBy string `json:"presided_by,omitempty"`
	// The deputy in charge.
	Name             string        `json:"name,omitempty"`
	Post             string        `json:"post,omitempty"`
	From             calendar.Date `json:"from,omitzero"`
	InDivisionOfWork bool          `json:"in_division_of_work,omitempty"`
	AnnouncedOn      calendar.Date `json:"announced_on,omitzero"`
	// The performance scheme.
	Total string `json:"total,omitempty"`
	Items []Item `json:"items,omitempty"`
	// Note is the reporter's remark; with Nothing it says why there is nothing.
	Note string `json:"note,omitempty"`
	// LateReason says why the unit reports late.
	LateReason string `json:"late_reason,omitempty"`
	// Nothing (零报告) tells that there is nothing to report: no fact is filed.
	Nothing bool `json:"nothing,omitempty"`
}

// Asked returns the filing with the fields that the obligation's form asks for;
// whatever else was sent is no part of the report.
func (o *Obligation) Asked(f Filing) Filing {
	if f.Nothing {
		return Filing{Nothing: true, Note: f.Note}
	}
	asked := Filing{Title: f.Title, URL: f.URL, Note: f.Note, LateReason: f.LateReason}
	switch o.Form() {
	case FormBriefing, FormEvent:
		asked.On, asked.PresidedBy = f.On, f.PresidedBy
	case FormDeputy:
		asked.Title = ""
		asked.Name, asked.Post, asked.From = f.Name, f.Post, f.From
		asked.InDivisionOfWork, asked.AnnouncedOn = f.InDivisionOfWork, f.AnnouncedOn
	case FormPerformance:
		asked.On, asked.Total, asked.Items = f.On, f.Total, f.Items
	case FormIncident:
		asked.At = f.At
	default:
		asked.On = f.On
	}
	return asked
}

// FieldProblem is what is wrong with one field of a Filing; Key and Args name
// the message, which says what would be right.
type FieldProblem struct {
	Field string
	Key   string
	Args  map[string]any
}
