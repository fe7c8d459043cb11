package rules

import (
	"time"

	"sundial/server/strictyaml"
)

// Words for what is done, shared by packs, facts files and reports.
const (
	WhatBriefing        = "briefing"
	WhatFirstWord       = "first-word"
	WhatPressConference = "press-conference"
	WhatInterpretation  = "interpretation"
	WhatGazette         = "gazette"
	WhatPlan            = "plan"
	OfficeDeputy        = "deputy"
	PresidedByPrincipal = "principal"
)

// Verification is embedded in facts that the office verifies. A fact without a
// word on it counts as verified.
type Verification struct {
	Verified *bool `yaml:"verified"`
}

// IsVerified tells whether the fact counts as verified.
func (v Verification) IsVerified() bool { return v.Verified == nil || *v.Verified }

// Facts is all that is known of one unit: the facts file of the judge command,
// and what compliance composes from reports.
type Facts struct {
	Unit Unit `yaml:"unit"`
	// Principal is the name of the unit's principal; presided_by may name them.
	Principal    string          `yaml:"principal"`
	Briefings    []Briefing      `yaml:"briefings"`
	Deputies     []Deputy        `yaml:"deputies"`
	Performance  []Performance   `yaml:"performance"`
	Publications []Publication   `yaml:"publications"`
	Documents    []Document      `yaml:"documents"`
	Events       []Event         `yaml:"events"`
	Incidents    []Incident      `yaml:"incidents"`
	Deliverables []Deliverable   `yaml:"deliverables"`
	Staff        []StaffMember   `yaml:"staff"`
	Attendances  []Attendance    `yaml:"attendances"`
	Exemptions   []ExemptionFact `yaml:"exemptions"`
	// Nothing are the reports that there is nothing to report for the one duty that
	// the facts were composed for; a facts file, which is about a unit, has none.
	Nothing []NothingFact `yaml:"-"`
}

// Briefing (听取汇报) is one openness report heard, and who presided: the word
// principal, the principal's name, or somebody else.
type Briefing struct {
	On           Date   `yaml:"on"`
	PresidedBy   string `yaml:"presided_by"`
	Topic        string `yaml:"topic"`
	URL          string `yaml:"url"`
	Verification `yaml:",inline"`
}

// Deputy (分管负责同志) is a leader in charge of openness, from From to To,
// both included; a zero To means still. Office is the word of the pack, any
// when left out. AnnouncedOn and URL are those of the
// public notice.
type Deputy struct {
	Name             string `yaml:"name"`
	Post             string `yaml:"post"`
	Office           string `yaml:"office"`
	From             Date   `yaml:"from"`
	To               Date   `yaml:"to"`
	InDivisionOfWork bool   `yaml:"in_division_of_work"`
	AnnouncedOn      Date   `yaml:"announced_on"`
	URL              string `yaml:"url"`
	Verification     `yaml:",inline"`
}

// Performance (绩效考核方案) is a unit's performance scheme of a year. On is the
// day it was adopted, where known. Points are decimal texts.
type Performance struct {
	Year         int    `yaml:"year"`
	On           Date   `yaml:"on"`
	Total        string `yaml:"total"`
	Items        []Item `yaml:"items"`
	URL          string `yaml:"url"`
	Verification `yaml:",inline"`
}

// Item is one item of a performance scheme; Openness is core, related or empty,
// and Reason says why it is marked so: required in a Filing, optional in a facts
// file.
type Item struct {
	Name     string   `yaml:"name" json:"name"`
	Points   string   `yaml:"points" json:"points"`
	Openness Openness `yaml:"openness" json:"openness"`
	Reason   string   `yaml:"reason,omitempty" json:"reason,omitempty"`
}

// Openness marks what an item of a performance scheme has to do with openness.
type Openness string

// The marks: openness itself, something near it, or nothing of it.
const (
	OpennessCore    Openness = "core"
	OpennessRelated Openness = "related"
	OpennessNone    Openness = ""
)

// UnmarshalText refuses any other mark.
func (o *Openness) UnmarshalText(text []byte) error {
	switch mark := Openness(text); mark {
	case OpennessCore, OpennessRelated, OpennessNone:
		*o = mark
		return nil
	default:
		return &strictyaml.ParseError{Key: "facts.bad_openness"}
	}
}

// Publication is something published: a plan, or the interpretation of the
// document it names.
type Publication struct {
	Of           string `yaml:"of"`
	Document     string `yaml:"document"`
	On           Date   `yaml:"on"`
	URL          string `yaml:"url"`
	Title        string `yaml:"title"`
	Verification `yaml:",inline"`
}

// Document is a document of the unit that starts a term: a policy document that
// must be interpreted from PublishedOn, or a normative one (IssuedOn) that must
// reach the gazette.
type Document struct {
	ID            string `yaml:"id"`
	Title         string `yaml:"title"`
	PublishedOn   Date   `yaml:"published_on"`
	InterpretedOn Date   `yaml:"interpreted_on"`
	IssuedOn      Date   `yaml:"issued_on"`
	GazettedOn    Date   `yaml:"gazetted_on"`
	URL           string `yaml:"url"`
	Verification  `yaml:",inline"`
}

// Event is something that happened on a day: an open day, a training course,
// the close of the local congress.
type Event struct {
	ID           string `yaml:"id"`
	What         string `yaml:"what"`
	On           Date   `yaml:"on"`
	Title        string `yaml:"title"`
	PresidedBy   string `yaml:"presided_by"`
	URL          string `yaml:"url"`
	Verification `yaml:",inline"`
}

// Incident (突发事件) is a grave incident and when it was answered; instants
// carry their zone.
type Incident struct {
	ID                string    `yaml:"id"`
	Title             string    `yaml:"title"`
	At                time.Time `yaml:"at"`
	FirstWordAt       time.Time `yaml:"first_word_at"`
	PressConferenceAt time.Time `yaml:"press_conference_at"`
	URL               string    `yaml:"url"`
	Verification      `yaml:",inline"`
}

// Deliverable is a dated deliverable recorded on a day.
type Deliverable struct {
	What         string `yaml:"what"`
	On           Date   `yaml:"on"`
	Title        string `yaml:"title"`
	URL          string `yaml:"url"`
	Verification `yaml:",inline"`
}

// StaffMember is one posting of an openness worker, on the roster of the unit
// from From to To, both included; a zero To means still. Who moved or came back
// has several, with the same ID and never two on one day.
type StaffMember struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	Unit string `yaml:"unit"`
	From Date   `yaml:"from"`
	To   Date   `yaml:"to"`
}

// Attendance is one person's presence at a course; Passed is left out where the
// course has no test.
type Attendance struct {
	Staff        string `yaml:"staff"`
	Course       string `yaml:"course"`
	On           Date   `yaml:"on"`
	Present      bool   `yaml:"present"`
	Passed       *bool  `yaml:"passed"`
	Verification `yaml:",inline"`
}

// ExemptionFact frees the unit from an obligation, in one period when Period is
// given.
type ExemptionFact struct {
	Obligation string `yaml:"obligation"`
	Period     string `yaml:"period"`
	On         Date   `yaml:"on"`
	Reason     string `yaml:"reason"`
	Document   string `yaml:"document"`
}
