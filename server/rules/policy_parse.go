package rules

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"

	"sundial/server/calendar"
	"sundial/server/strictyaml"
)

// rawPolicy and rawObligation are the pack as written; Require has the
// parameters of the obligation's kind.
type rawPolicy struct {
	ID          string      `yaml:"id"`
	Short       string      `yaml:"short"`
	Number      string      `yaml:"number"`
	Title       Text        `yaml:"title"`
	Issuer      string      `yaml:"issuer"`
	Region      string      `yaml:"region"`
	Issued      Date        `yaml:"issued"`
	Published   Date        `yaml:"published"`
	Basis       Text        `yaml:"basis"`
	Effective   Span        `yaml:"effective"`
	Obligations []yaml.Node `yaml:"obligations"`

	TasksDue Date                 `yaml:"tasks_due"`
	Parties  map[string]yaml.Node `yaml:"parties"`
	Tasks    []yaml.Node          `yaml:"tasks"`
}

type rawObligation struct {
	ID       string     `yaml:"id"`
	Clause   string     `yaml:"clause"`
	Title    Text       `yaml:"title"`
	Counts   Text       `yaml:"counts"`
	Kind     Kind       `yaml:"kind"`
	Who      Who        `yaml:"who"`
	Years    YearSpan   `yaml:"years"`
	Require  yaml.Node  `yaml:"require"`
	Evidence []Evidence `yaml:"evidence"`
	Points   string     `yaml:"points"`
}

// Date shortens the type's name in this package.
type Date = calendar.Date

// ParsePolicy reads a policy pack. Every fault is reported with its line as
// strictyaml.Problems: an unknown field, kind or unit kind, a clause without a
// citation, a parameter out of range.
func ParsePolicy(data []byte) (*Policy, error) {
	var raw rawPolicy
	root, err := strictyaml.Unmarshal(data, &raw)
	if root == nil {
		return nil, err
	}
	p := &parser{lines: root}
	p.add(err)
	policy := p.policy(raw)
	if err := p.problems.Err(); err != nil {
		return nil, err
	}
	return policy, nil
}

type parser struct {
	problems strictyaml.Problems
	lines    *yaml.Node
}

// lineOf returns the line of a field of the mapping, or the mapping's own.
func lineOf(mapping *yaml.Node, field string) int {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == field {
			return mapping.Content[i].Line
		}
	}
	return mapping.Line
}

// require reports a problem at the field's line unless ok.
func (p *parser) require(ok bool, mapping *yaml.Node, field, key string, pairs ...any) {
	if !ok {
		p.problems.Add(lineOf(mapping, field), key, append([]any{"Field", field}, pairs...)...)
	}
}

// Limits of a pack: texts are in characters, as the columns that keep them; terms
// and numbers are far above what any document asks for, so that a slip of the
// keyboard does not count working days into the next millennium.
const (
	maxCode        = 64
	maxLine        = 200
	maxHeading     = 500
	maxObligations = 300
	maxDays        = 1000
	maxTimes       = 1000
	maxCycle       = 50
)

// fits reports a text that is too long at the field's line.
func (p *parser) fits(text string, limit int, mapping *yaml.Node, field string) {
	length := utf8.RuneCountInString(text)
	p.require(length <= limit, mapping, field, "pack.too_long", "Length", length, "Max", limit)
}

// atMost reports a number that is too large at the field's line.
func (p *parser) atMost(value, limit int, mapping *yaml.Node, field string) {
	p.require(value <= limit, mapping, field, "pack.at_most", "Value", value, "Max", limit)
}

var (
	policyID   = regexp.MustCompile(`^[a-z]+-\d{4}$`)
	shortName  = regexp.MustCompile(`^[a-z]{2,4}\d{4}$`)
	regionCode = regexp.MustCompile(`^\d{6}$`)
	word       = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
)

func (p *parser) policy(raw rawPolicy) *Policy {
	root := p.lines
	p.require(policyID.MatchString(raw.ID), root, "id", "pack.bad_id", "Value", raw.ID)
	p.require(shortName.MatchString(raw.Short), root, "short", "pack.bad_short", "Value", raw.Short)
	p.require(regionCode.MatchString(raw.Region), root, "region", "pack.bad_region", "Value", raw.Region)
	p.text(raw.Title, root, "title")
	p.fits(raw.ID, maxCode, root, "id")
	p.fits(raw.Number, maxLine, root, "number")
	p.fits(raw.Issuer, maxLine, root, "issuer")
	p.require(raw.Issuer != "", root, "issuer", "pack.missing")
	p.require(!raw.Effective.From.IsZero(), root, "effective", "pack.effective_from")
	p.require(raw.Effective.To.IsZero() || raw.Effective.From <= raw.Effective.To, root, "effective", "pack.span_reversed")
	p.require(len(raw.Obligations) > 0, root, "obligations", "pack.missing")
	if len(raw.Obligations) > maxObligations {
		p.require(false, root, "obligations", "pack.too_many_obligations", "Count", len(raw.Obligations), "Max", maxObligations)
		raw.Obligations = raw.Obligations[:maxObligations]
	}
	policy := &Policy{ID: raw.ID, Short: raw.Short, Number: raw.Number, Title: raw.Title, Issuer: raw.Issuer,
		Region: raw.Region, Issued: raw.Issued, Published: raw.Published, Basis: raw.Basis, Effective: raw.Effective}
	for i := range raw.Obligations {
		policy.Obligations = append(policy.Obligations, p.obligation(&raw.Obligations[i], policy))
	}
	p.tasks(raw, policy)
	return policy
}

func (p *parser) text(text Text, mapping *yaml.Node, field string) {
	p.require(text.ZH != "" && text.EN != "", mapping, field, "pack.both_languages")
	p.fits(text.ZH, maxHeading, mapping, field)
	p.fits(text.EN, maxHeading, mapping, field)
}

func (p *parser) obligation(node *yaml.Node, policy *Policy) Obligation {
	var raw rawObligation
	p.add(strictyaml.Decode(node, &raw))
	short, suffix, _ := strings.Cut(raw.ID, ".")
	p.require(short == policy.Short && word.MatchString(suffix), node, "id", "pack.bad_obligation_id", "Value", raw.ID, "Short", policy.Short)
	_, twice := policy.Find(raw.ID)
	p.require(!twice, node, "id", "pack.id_twice", "Value", raw.ID)
	p.require(strings.TrimSpace(raw.Clause) != "", node, "clause", "pack.no_clause", "ID", raw.ID)
	p.fits(raw.ID, maxCode, node, "id")
	p.fits(raw.Clause, maxLine, node, "clause")
	p.text(raw.Title, node, "title")
	p.text(raw.Counts, node, "counts")
	p.who(raw.Who, node, policy.Region)
	p.require(raw.Years.To == 0 || raw.Years.From <= raw.Years.To, node, "years", "pack.span_reversed")
	for _, evidence := range raw.Evidence {
		p.require(evidence == EvidenceURL || evidence == EvidenceFile, node, "evidence", "pack.unknown_evidence", "Value", evidence)
	}
	points, err := decimal.NewFromString(raw.Points)
	p.require(err == nil && points.IsPositive(), node, "points", "pack.bad_points", "Value", raw.Points)
	o := Obligation{ID: raw.ID, Clause: raw.Clause, Title: raw.Title, Counts: raw.Counts, Kind: raw.Kind, Who: raw.Who,
		Years: raw.Years, Evidence: raw.Evidence, Points: points, Line: node.Line}
	p.parameters(&o, node, &raw.Require, policy)
	return o
}

// add takes over the problems of a Decode.
func (p *parser) add(err error) {
	var problems strictyaml.Problems
	switch {
	case err == nil:
		return
	case errors.As(err, &problems):
		p.problems = append(p.problems, problems...)
		return
	}
	p.problems.Add(p.lines.Line, "yaml.syntax", "Message", err.Error())
}

var (
	unitKinds = []UnitKind{"province", "city", "county", "department", "township"}
	levels    = []Level{LevelProvince, LevelCity, LevelCounty, LevelTownship}
)

func knownUnitKind(kind UnitKind) bool { return slices.Contains(unitKinds, kind) }

// unitCode is the form of a unit's code; what begins with a digit is meant as one.
var unitCode = regexp.MustCompile(`^\d{6}(-[a-z0-9]+)*$`)

func (p *parser) who(who Who, node *yaml.Node, region string) {
	for _, unit := range slices.Concat(who.Units, who.Except) {
		if unit == "" || '0' <= unit[0] && unit[0] <= '9' {
			p.require(inRegion(unit, region), node, "who", "pack.bad_unit", "Value", unit, "Region", region)
		}
	}
	p.require(len(who.Kinds) > 0 || len(who.Units) > 0, node, "who", "pack.binds_nobody")
	for _, kind := range who.Kinds {
		p.require(knownUnitKind(kind), node, "who", "pack.unknown_unit_kind", "Value", kind, "Known", unitKinds)
	}
	for _, level := range who.Levels {
		p.require(slices.Contains(levels, level), node, "who", "pack.unknown_level", "Value", level, "Known", levels)
	}
}

// parameters decodes require into the parameters of the kind and checks them.
func (p *parser) parameters(o *Obligation, node, require *yaml.Node, policy *Policy) {
	if require.IsZero() {
		p.require(false, node, "kind", "pack.no_require", "Kind", o.Kind)
		return
	}
	switch o.Kind {
	case KindCount:
		decode(p, require, &o.Count, p.checkCount)
	case KindAppointment:
		decode(p, require, &o.Appointment, p.checkAppointment)
	case KindWeight:
		decode(p, require, &o.Weight, p.checkWeight)
	case KindWithinWorkingDays:
		decode(p, require, &o.WorkingDays, func(w *WithinWorkingDays, at *yaml.Node) { p.checkWorkingDays(w, at, policy) })
	case KindWithinHours:
		decode(p, require, &o.Hours, p.checkHours)
	case KindByDate:
		decode(p, require, &o.ByDate, p.checkByDate)
	case KindRotation:
		decode(p, require, &o.Rotation, p.checkRotation)
	default:
		p.require(false, node, "kind", "pack.unknown_kind", "Value", o.Kind, "Known", Kinds)
	}
}

// Kinds is the closed set of kinds, in the order of docs/design.md.
var Kinds = []Kind{KindCount, KindAppointment, KindWeight, KindWithinWorkingDays, KindWithinHours, KindByDate, KindRotation}

func decode[T any](p *parser, require *yaml.Node, into **T, check func(*T, *yaml.Node)) {
	parameters := new(T)
	if err := strictyaml.Decode(require, parameters); err != nil {
		p.add(err) // what could not be read would only be missed again
		return
	}
	*into = parameters
	check(parameters, require)
}

func (p *parser) checkCount(c *Count, at *yaml.Node) {
	p.require(word.MatchString(c.What), at, "what", "pack.bad_word", "Value", c.What)
	p.require(c.Min >= 1, at, "min", "pack.at_least_one", "Value", c.Min)
	p.atMost(c.Min, maxTimes, at, "min")
	p.require(c.Window.Kind != "", at, "window", "pack.missing")
	p.require(c.PresidedBy == "" || c.PresidedBy == PresidedByPrincipal, at, "presided_by", "pack.presided_by", "Value", c.PresidedBy)
}

func (p *parser) checkAppointment(a *Appointment, at *yaml.Node) {
	p.require(word.MatchString(a.Office), at, "office", "pack.bad_word", "Value", a.Office)
}

func (p *parser) checkWeight(w *Weight, at *yaml.Node) {
	chosen := 0
	for _, set := range []bool{!w.AtLeast.IsZero(), w.Included, w.NotBelowLastYear} {
		if set {
			chosen++
		}
	}
	p.require(chosen == 1, at, "at_least", "pack.one_weight_rule")
}

func (p *parser) checkWorkingDays(w *WithinWorkingDays, at *yaml.Node, policy *Policy) {
	p.require(w.N >= 1, at, "n", "pack.at_least_one", "Value", w.N)
	p.atMost(w.N, maxDays, at, "n")
	p.require(word.MatchString(w.What), at, "what", "pack.bad_word", "Value", w.What)
	known := []Trigger{AfterPolicy, AfterDocument, AfterNormative, AfterCongress}
	p.require(slices.Contains(known, w.After), at, "after", "pack.unknown_trigger", "Value", w.After, "Known", known)
	p.require(w.After != AfterPolicy || !policy.Published.IsZero(), at, "after", "pack.no_published")
}

func (p *parser) checkHours(h *WithinHours, at *yaml.Node) {
	p.require(h.N >= 1, at, "n", "pack.at_least_one", "Value", h.N)
	p.atMost(h.N, maxDays, at, "n")
	p.require(h.Target >= 0 && h.Target <= h.N, at, "target", "pack.target_past_limit", "Value", h.Target, "Limit", h.N)
	known := []string{WhatFirstWord, WhatPressConference}
	p.require(slices.Contains(known, h.What), at, "what", "pack.unknown_hours_what", "Value", h.What, "Known", known)
	p.require(h.After == AfterIncident, at, "after", "pack.unknown_trigger", "Value", h.After, "Known", []Trigger{AfterIncident})
}

func (p *parser) checkByDate(b *ByDate, at *yaml.Node) {
	p.require(word.MatchString(b.What), at, "what", "pack.bad_word", "Value", b.What)
	p.require(b.On.IsZero() != b.Each.IsZero(), at, "on", "pack.one_date")
}

func (p *parser) checkRotation(r *Rotation, at *yaml.Node) {
	p.require(!r.From.IsZero(), at, "from", "pack.missing")
	p.atMost(r.Years, maxCycle, at, "years")
	p.require(r.Until.IsZero() != (r.Years == 0) && r.Years >= 0, at, "until", "pack.one_cycle")
	p.require(r.Until.IsZero() || r.From < r.Until, at, "until", "pack.span_reversed")
}
