package web

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// PackPage is where a policy pack is uploaded and looked at before it is loaded.
type PackPage struct {
	Page
	Form    PackForm
	Preview *PackView
}

// PackForm takes the text of a policy pack, as a file or typed.
type PackForm struct {
	Action string
	Source string
	Error  *models.Error
	// Faults are those of the pack, each with its line; Scheme tells that it is a scoring
	// scheme.
	Faults Faults
	Scheme bool
}

// Faults are what is wrong with a policy pack, in the order of its lines; More
// counts those that are not listed.
type Faults struct {
	Lines []Fault
	More  int
}

// Total returns the number of all faults.
func (f Faults) Total() int { return len(f.Lines) + f.More }

// Fault is one fault with the line that it is on.
type Fault struct {
	Line    int
	Text    string
	Problem models.Field
}

const (
	// maxFaults is how many faults are listed.
	maxFaults = 100
	// maxFaultText is how much of a line is shown, in characters.
	maxFaultText = 160
)

// newFaults finds the lines of a refused pack that its fields name.
func newFaults(source string, err *models.Error) Faults {
	lines := strings.Split(source, "\n")
	var faults Faults
	for _, field := range err.Fields {
		var number int
		if _, scanErr := fmt.Sscanf(field.Name, "line %d", &number); scanErr != nil {
			continue
		}
		if len(faults.Lines) == maxFaults {
			faults.More++
			continue
		}
		fault := Fault{Line: number, Problem: field}
		if 0 < number && number <= len(lines) {
			fault.Text = shortened(strings.TrimSpace(lines[number-1]))
		}
		faults.Lines = append(faults.Lines, fault)
	}
	return faults
}

// shortened cuts a line that is too long to be shown.
func shortened(text string) string {
	if utf8.RuneCountInString(text) <= maxFaultText {
		return text
	}
	return string([]rune(text)[:maxFaultText]) + "…"
}

// PackView is a sound pack: its document, its obligations, and what they would
// give the units.
type PackView struct {
	*compliance.PackPreview
	Obligations []WhatCounts
	Tasks       TaskDivision
	// AmendURL is where a pack goes whose policy is loaded already.
	AmendURL string
}

func newPackView(p *compliance.PackPreview) *PackView {
	return &PackView{PackPreview: p, Obligations: allCounts(p.Policy), Tasks: newTaskDivision(p.Policy),
		AmendURL: policyURL(p.Policy.ID) + "/amendment/preview"}
}

// AmendmentPage is where a policy is amended.
type AmendmentPage struct {
	Page
	Policy    *rules.Policy
	PolicyURL string
	Form      PackForm
	Reason    string
	Preview   *AmendmentView
}

// Problem returns what is wrong with a field, nil when nothing is.
func (p AmendmentPage) Problem(name string) *models.Field { return fieldOf(p.Form.Error, name) }

// AmendmentView is an amendment in words.
type AmendmentView struct {
	*compliance.Amendment
	// Document is what changes of the document itself.
	Document []Difference
	// Lines are the obligations that change, or whose duties do.
	Lines []AmendedLine
	// Fates are the duties that change, by what becomes of them.
	Fates []FateView
}

// FateView lists the duties of one fate; More counts those that are not listed.
type FateView struct {
	Fate  compliance.Fate
	Total int
	Moves []compliance.DutyMove
	More  int
}

// shortList is how many duties are shown without being asked for.
const shortList = 30

func newFateView(fate compliance.Fate, total int, moves []compliance.DutyMove) FateView {
	return FateView{fate, total, moves, total - len(moves)}
}

// Short tells that the list is short enough to be shown at once.
func (f FateView) Short() bool { return f.Total <= shortList }

// Both tells that the duties stand before as well as after.
func (f FateView) Both() bool { return f.Fate == compliance.Moves }

// AmendedLine is an obligation that changes; Fate is created for one that is
// added and withdrawn for one that is removed.
type AmendedLine struct {
	Clause string
	Title  rules.Text
	Fate   compliance.Fate
	compliance.Changes
	Differences []Difference
	// Other tells that something changes that has no line of its own.
	Other bool
}

// Difference is one thing that an amendment changes, before and after; Key names
// it.
type Difference struct {
	Key      string
	Was, Now string
}

func newAmendmentView(locale *frontend.Locale, a *compliance.Amendment) *AmendmentView {
	w := words{locale}
	view := &AmendmentView{Amendment: a, Document: append(w.documentChanges(a.Before, a.After), w.taskChanges(a.Before, a.After)...)}
	for _, o := range a.Obligations {
		line := AmendedLine{Changes: o.Changes}
		switch {
		case o.Before == nil:
			line.Clause, line.Title, line.Fate = o.After.Clause, o.After.Title, compliance.Creates
		case o.After == nil:
			line.Clause, line.Title, line.Fate = o.Before.Clause, o.Before.Title, compliance.Withdraws
		default:
			line.Clause, line.Title = o.After.Clause, o.After.Title
			line.Differences = w.obligationChanges(o.Before, o.After)
			line.Other = len(line.Differences) == 0 && !sameDemand(*o.Before, *o.After)
		}
		if line.Fate != "" || line.Other || len(line.Differences) > 0 || o.Moved+o.Created+o.Withdrawn > 0 {
			view.Lines = append(view.Lines, line)
		}
	}
	for _, fate := range []struct {
		name  compliance.Fate
		total int
	}{{compliance.Moves, a.Moved}, {compliance.Creates, a.Created}, {compliance.Withdraws, a.Withdrawn}} {
		if fate.total > 0 {
			view.Fates = append(view.Fates, newFateView(fate.name, fate.total, a.Moves[fate.name]))
		}
	}
	return view
}

// sameDemand tells whether two obligations differ at most in where they stand.
func sameDemand(a, b rules.Obligation) bool {
	a.Line, b.Line = 0, 0
	return reflect.DeepEqual(a, b)
}

// differing keeps the lines whose sides differ.
func differing(lines []Difference) []Difference {
	var kept []Difference
	for _, line := range lines {
		if line.Was != line.Now {
			kept = append(kept, line)
		}
	}
	return kept
}

func (w words) documentChanges(was, now *rules.Policy) []Difference {
	return differing([]Difference{
		{"policy_amend.document_title", w.locale.In(was.Title), w.locale.In(now.Title)},
		{"policy_amend.number", w.locale.Chinese(was.Number), w.locale.Chinese(now.Number)},
		{"policy_amend.issuer", w.locale.Chinese(was.Issuer), w.locale.Chinese(now.Issuer)},
		{"policy.issued", w.locale.Date(was.Issued), w.locale.Date(now.Issued)},
		{"policy.published", w.locale.Date(was.Published), w.locale.Date(now.Published)},
		{"policy.effective", w.effective(was), w.effective(now)},
	})
}

// effective writes for how long a policy binds.
func (w words) effective(p *rules.Policy) string {
	if p.Effective.To.IsZero() {
		return w.locale.Text("policy.from", models.Args("From", p.Effective.From))
	}
	return w.locale.Text("policy.from_to", models.Args("From", p.Effective.From, "To", p.Effective.To))
}

func (w words) obligationChanges(was, now *rules.Obligation) []Difference {
	return differing([]Difference{
		{"policy_amend.obligation_title", w.locale.In(was.Title), w.locale.In(now.Title)},
		{"policy_amend.clause", w.locale.Chinese(was.Clause), w.locale.Chinese(now.Clause)},
		{"policy_amend.kind", w.locale.Text("kind."+string(was.Kind), nil), w.locale.Text("kind."+string(now.Kind), nil)},
		{"duty.required", w.reason(demandOf(was)), w.reason(demandOf(now))},
		{"duties.due", w.reason(dueOf(was)), w.reason(dueOf(now))},
		{"policy.who", w.who(was.Who), w.who(now.Who)},
		{"policy_amend.years", w.yearSpan(was.Years), w.yearSpan(now.Years)},
		{"policy_amend.counts", w.locale.In(was.Counts), w.locale.In(now.Counts)},
		{"policy_amend.evidence", w.evidence(was.Evidence), w.evidence(now.Evidence)},
		{"policy_amend.points", was.Points.String(), now.Points.String()},
	})
}

// yearSpan writes the years that bound an obligation.
func (w words) yearSpan(y rules.YearSpan) string {
	switch {
	case y.From == 0 && y.To == 0:
		return w.locale.Text("policy_amend.all_years", nil)
	case y.To == 0:
		return w.locale.Text("policy_amend.years_from", models.Args("From", y.From))
	default:
		return w.locale.Text("policy_amend.years_span", models.Args("From", y.From, "To", y.To))
	}
}
