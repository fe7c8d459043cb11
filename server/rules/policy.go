package rules

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
)

// Text is a text in both languages of the product.
type Text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Policy (政策文件) is a policy document as data: what it is, for how long it
// binds, and its obligations.
type Policy struct {
	ID     string `yaml:"id"`
	Short  string `yaml:"short"`
	Number string `yaml:"number"`
	Title  Text   `yaml:"title"`
	Issuer string `yaml:"issuer"`
	// Region is the code of the region whose units the policy binds.
	Region string `yaml:"region"`
	// Issued is the date on the document, Published the day it was made public,
	// the trigger of terms that run from publication. Basis says where Published
	// comes from when it is not the document's own date.
	Issued    calendar.Date `yaml:"issued"`
	Published calendar.Date `yaml:"published"`
	Basis     Text          `yaml:"basis"`
	// Effective bounds the periods that are owed: those that end on or after
	// From and begin by To. A zero To means until revoked.
	Effective Span `yaml:"effective"`
	// Obligations stand in the order of the document.
	Obligations []Obligation `yaml:"obligations"`
	// Tasks are the passages that name a lead unit, in the order of the document;
	// none in a policy, or an edition of it, that divides no tasks. TasksDue is the
	// day for those without a day of their own, where it is not the end of Effective.
	Tasks    []Task        `yaml:"tasks"`
	TasksDue calendar.Date `yaml:"tasks_due"`
}

// Span is a range of dates, both ends included; a zero To is open.
type Span struct {
	From calendar.Date `yaml:"from" json:"from"`
	To   calendar.Date `yaml:"to" json:"to"`
}

// Contains tells whether the day lies in the span.
func (s Span) Contains(day calendar.Date) bool {
	return s.From <= day && (s.To.IsZero() || day <= s.To)
}

// Kind is one of the closed set of kinds of obligations.
type Kind string

// The kinds; each has its own parameters.
const (
	KindCount             Kind = "count"
	KindAppointment       Kind = "appointment"
	KindWeight            Kind = "weight"
	KindWithinWorkingDays Kind = "within_working_days"
	KindWithinHours       Kind = "within_hours"
	KindByDate            Kind = "by_date"
	KindRotation          Kind = "rotation"
)

// Obligation (要求) is one measurable demand of a policy. Exactly one of the
// parameter pointers is set, the one of its kind.
type Obligation struct {
	// ID is the pack's short name, a dot and a word of the glossary: sd2017.plan.
	ID string
	// Clause cites the place in the document.
	Clause string
	Title  Text
	// Counts says what counts towards it, in our own words.
	Counts Text
	Kind   Kind
	Who    Who
	// Years bounds the obligation inside the policy's effective span, by year;
	// a zero end is open.
	Years YearSpan
	// Evidence names what must accompany a report.
	Evidence []Evidence
	// Points are the default points in a scoring scheme.
	Points decimal.Decimal
	// Line is the line in the pack.
	Line int

	Count       *Count
	Appointment *Appointment
	Weight      *Weight
	WorkingDays *WithinWorkingDays
	Hours       *WithinHours
	ByDate      *ByDate
	Rotation    *Rotation
}

// What returns the pack's word for what is demanded, of an appointment the office
// that is to be held. Weights and rotations have none.
func (o *Obligation) What() string {
	switch {
	case o.Count != nil:
		return o.Count.What
	case o.Appointment != nil:
		return o.Appointment.Office
	case o.WorkingDays != nil:
		return o.WorkingDays.What
	case o.Hours != nil:
		return o.Hours.What
	case o.ByDate != nil:
		return o.ByDate.What
	default:
		return ""
	}
}

// YearSpan is a range of calendar years, both included; a zero To is open.
type YearSpan struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// Contains tells whether the year lies in the span.
func (y YearSpan) Contains(year int) bool {
	return y.From <= year && (y.To == 0 || year <= y.To)
}

// Evidence is a kind of proof that a report carries.
type Evidence string

// The kinds of evidence.
const (
	EvidenceURL  Evidence = "url"  // a public page
	EvidenceFile Evidence = "file" // a document: minutes, the scheme, a roster
)

// UnitKind mirrors the kinds of units: province, city, county, department,
// township.
type UnitKind string

// Level is the level of government that a unit belongs to; for a department it
// is that of its region.
type Level string

// The levels of government.
const (
	LevelProvince Level = "province"
	LevelCity     Level = "city"
	LevelCounty   Level = "county"
	LevelTownship Level = "township"
)

// Unit is as much of a unit as the judge needs.
type Unit struct {
	Code     string        `yaml:"code"`
	Name     string        `yaml:"name"`
	Kind     UnitKind      `yaml:"kind"`
	OpenedOn calendar.Date `yaml:"opened_on"`
	// ClosedOn is the first day on which the unit no longer exists.
	ClosedOn calendar.Date `yaml:"closed_on"`
	// FormerNames are those before Name: who is listed under one of them stays
	// listed.
	FormerNames []string `yaml:"-"`
}

// Level returns the unit's level of government, read off its code: GB/T 2260
// codes of provinces end in 0000, those of cities in 00.
func (u Unit) Level() Level {
	if u.Kind == "township" {
		return LevelTownship
	}
	region, _, _ := strings.Cut(u.Code, "-")
	switch {
	case strings.HasSuffix(region, "0000"):
		return LevelProvince
	case strings.HasSuffix(region, "00"):
		return LevelCity
	default:
		return LevelCounty
	}
}

// within tells whether the unit lies in the region.
func (u Unit) within(region string) bool {
	return strings.HasPrefix(u.Code, RegionPrefix(region))
}

// Who tells which units of the policy's region an obligation binds.
type Who struct {
	// Kinds are the kinds of units; Levels narrows them by level of government.
	Kinds  []UnitKind `yaml:"kinds"`
	Levels []Level    `yaml:"levels"`
	// Units, when given, lists the only units bound, by code or by name; Except
	// those left out.
	Units  []string `yaml:"units"`
	Except []string `yaml:"except"`
}

// Binds tells whether the obligation of a policy of the region binds the unit.
func (w Who) Binds(region string, u Unit) bool {
	switch {
	case !u.within(region):
		return false
	case listed(w.Except, u):
		return false
	case len(w.Units) > 0:
		return listed(w.Units, u)
	case !slices.Contains(w.Kinds, u.Kind):
		return false
	default:
		return len(w.Levels) == 0 || slices.Contains(w.Levels, u.Level())
	}
}

func listed(units []string, u Unit) bool {
	return slices.Contains(units, u.Code) || slices.ContainsFunc(append(u.FormerNames, u.Name), func(name string) bool {
		return name != "" && slices.Contains(units, name)
	})
}

// Count demands at least Min events What inside each Window.
type Count struct {
	What   string `yaml:"what"`
	Min    int    `yaml:"min"`
	Window Window `yaml:"window"`
	// PresidedBy is "principal" where the principal must have presided.
	PresidedBy string `yaml:"presided_by"`
}

// Appointment demands that somebody holds the office on the due date.
type Appointment struct {
	Office               string `yaml:"office"`
	MustBePublic         bool   `yaml:"must_be_public"`
	MustBeInDivisionWork bool   `yaml:"must_be_in_division_of_work"`
	// Due is the due date within the year as MM-DD; the year's end without it.
	Due MonthDay `yaml:"due"`
}

// Weight demands a share for openness in the unit's performance scheme of the
// year: exactly one of AtLeast (a percentage), Included or NotBelowLastYear.
type Weight struct {
	AtLeast          Percent `yaml:"at_least"`
	Included         bool    `yaml:"included"`
	NotBelowLastYear bool    `yaml:"not_below_last_year"`
	// Related lets items marked related count as openness too.
	Related bool `yaml:"related"`
	// Due is the due date within the year as MM-DD; the year's end without it.
	Due MonthDay `yaml:"due"`
}

// WithinWorkingDays demands What by the N-th working day after the trigger.
type WithinWorkingDays struct {
	N     int     `yaml:"n"`
	After Trigger `yaml:"after"`
	What  string  `yaml:"what"`
}

// WithinHours demands What at most N elapsed hours after the trigger; Target,
// where set, is what the policy asks to strive for.
type WithinHours struct {
	N      int     `yaml:"n"`
	Target int     `yaml:"target"`
	After  Trigger `yaml:"after"`
	What   string  `yaml:"what"`
}

// ByDate demands the deliverable What by a date: one day (2018-03-31), or a day
// of each year (06-30).
type ByDate struct {
	What string        `yaml:"what"`
	On   calendar.Date `yaml:"on"`
	Each MonthDay      `yaml:"each"`
}

// Rotation demands that every openness worker has a valid attendance inside the
// window: Until a date from From, or windows of Years years from From on.
type Rotation struct {
	From  calendar.Date `yaml:"from"`
	Until calendar.Date `yaml:"until"`
	Years int           `yaml:"years"`
}

// Trigger is the event from which a term runs.
type Trigger string

// The triggers. AfterPolicy needs no fact: the policy's own publication.
const (
	AfterPolicy    Trigger = "policy-published"
	AfterDocument  Trigger = "document-published"
	AfterNormative Trigger = "normative-document-issued"
	AfterCongress  Trigger = "congress-closed"
	AfterIncident  Trigger = "incident"
)

// Find returns the obligation with the id.
func (p *Policy) Find(id string) (*Obligation, bool) {
	for i := range p.Obligations {
		if p.Obligations[i].ID == id {
			return &p.Obligations[i], true
		}
	}
	return nil, false
}

// In returns the text in a language of the product: the English for en, else the
// Chinese as it was written, in simplified characters.
func (t Text) In(language string) string {
	if language == "en" {
		return t.EN
	}
	return t.ZH
}

// RegionPrefix returns what the codes of all units of a region begin with:
// GB/T 2260 codes nest by prefix once the trailing pairs of zeros are gone.
func RegionPrefix(region string) string {
	for strings.HasSuffix(region, "00") {
		region = strings.TrimSuffix(region, "00")
	}
	return region
}
