package compliance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// ActivationPreview tells what activating a policy for a year would create.
type ActivationPreview struct {
	Activation
	Policy *rules.Policy
	Year   int
	// Idle is the number of units of the region that would owe nothing.
	Idle        int
	Obligations []ObligationPlan
	// Seen marks this very outcome, for ActivateSeen.
	Seen string
}

// ObligationPlan tells what of a year's duties is owed under one obligation.
// First and Last are the earliest and latest due date, zero when none is settled;
// Provisional and Unscheduled count the duties without a final one.
type ObligationPlan struct {
	Rule        *rules.Obligation
	Units       int
	Duties      int
	First, Last calendar.Date
	Provisional int
	Unscheduled int
}

// PreviewActivation tells what Activate would do now, and is refused like it.
func (l *Ledger) PreviewActivation(ctx context.Context, actor Actor, code string, year int) (*ActivationPreview, error) {
	w := l.look(ctx, actor)
	_, b, err := w.bindable(code)
	if err != nil {
		return nil, err
	}
	if err := w.inactive(b, year); err != nil {
		return nil, err
	}
	return w.planActivation(b, year, func(claim) {})
}

// planActivation visits the duties of a year that are to be created and counts
// them; a year without any is Invalid.
func (w *write) planActivation(b *book, year int, visit func(claim)) (*ActivationPreview, error) {
	units, err := w.unitsOf(b.policy.Region)
	if err != nil {
		return nil, err
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	given, err := w.given(b)
	if err != nil {
		return nil, err
	}
	plan := &ActivationPreview{Policy: b.policy, Year: year, Obligations: make([]ObligationPlan, len(b.policy.Obligations))}
	for i := range plan.Obligations {
		plan.Obligations[i].Rule = &b.policy.Obligations[i]
	}
	seen := newMark(b.row.Code, b.row.Edition, year)
	var last claim
	names, err := readFormerNames(w.tx)
	if err != nil {
		return nil, err
	}
	for c := range w.missing(lib, b, units, names, year, given) {
		plan.count(c, last)
		seen.add(c.unit.Code, c.duty.Obligation.ID, c.duty.Period.Name, c.duty.DueOn, c.duty.Provisional)
		visit(c)
		last = c
	}
	if plan.Duties == 0 {
		return nil, models.InvalidFields([]models.Field{{Name: "year", Key: "policy.nothing_in_year", Args: models.Args("Policy", b.row.Code, "Year", year)}})
	}
	plan.Idle = len(units) - plan.Units
	plan.Seen = seen.String()
	return plan, nil
}

// count counts the claim; claims come unit by unit, obligation by obligation.
func (p *ActivationPreview) count(c, last claim) {
	i := slices.IndexFunc(p.Policy.Obligations, func(o rules.Obligation) bool { return o.ID == c.duty.Obligation.ID })
	line := &p.Obligations[i]
	newUnit := c.unit.ID != last.unit.ID
	if newUnit {
		p.Units++
	}
	if newUnit || last.duty.Obligation.ID != c.duty.Obligation.ID {
		line.Units++
	}
	p.Duties++
	line.add(c.duty)
}

func (p *ObligationPlan) add(d rules.Duty) {
	p.Duties++
	switch {
	case d.DueOn.IsZero():
		p.Unscheduled++
		return
	case d.Provisional:
		p.Provisional++
	}
	if p.First.IsZero() || d.DueOn < p.First {
		p.First = d.DueOn
	}
	p.Last = max(p.Last, d.DueOn)
}

// PackPreview tells what a policy pack is that is not loaded yet, and what it
// would give the units of its region in the years around today.
type PackPreview struct {
	Policy *rules.Policy
	// Text is the pack as it would be stored.
	Text string
	// Units is the number of units in the region.
	Units int
	Years []*ActivationPreview
	// Known tells that a policy with the id is loaded, with another content unless
	// Same: it can be amended.
	Known bool
	Same  bool
}

// previewYears is how many years a preview of a pack looks at.
const previewYears = 3

// PreviewPack reads a policy pack and tells what it would do. Faults in it are
// returned as rules.ParsePolicy has them; an actor who may not activate policies
// for all units of its region is Forbidden.
func (l *Ledger) PreviewPack(ctx context.Context, actor Actor, source []byte) (*PackPreview, error) {
	p, err := packOf(source)
	if err != nil {
		return nil, err
	}
	w := l.look(ctx, actor)
	if err := w.mayBind(p.policy.Region); err != nil {
		return nil, err
	}
	preview := &PackPreview{Policy: p.policy, Text: p.text}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	if known, err := lib.find(p.policy.ID); err == nil {
		text, err := w.sourceOf(known)
		preview.Known, preview.Same = true, text == p.text
		return preview, err
	}
	if err := w.obligationsFree(p.policy, 0); err != nil {
		return nil, err
	}
	units, err := w.unitsOf(p.policy.Region)
	if err != nil {
		return nil, err
	}
	preview.Units = len(units)
	b := &book{row: models.Policy{Code: p.policy.ID, Edition: 1}, policy: p.policy}
	for _, year := range b.yearsAround(w.today.Year()) {
		plan, err := w.planActivation(b, year, func(claim) {})
		if models.IsCode(err, models.Invalid) {
			continue
		}
		if err != nil {
			return nil, err
		}
		preview.Years = append(preview.Years, plan)
	}
	return preview, nil
}

// sourceOf reads the text of the policy's latest edition.
func (w *write) sourceOf(b *book) (string, error) {
	var row models.Policy
	if err := one(w.tx.Select("source").Where("id = ?", b.row.ID), &row, "policy"); err != nil {
		return "", err
	}
	return row.Source, nil
}

// yearsAround returns the years that a preview looks at: the latest in which a
// period begins, up to next year.
func (b *book) yearsAround(year int) []int {
	years := BeginningYears(b.policy, year+1)
	return years[max(0, len(years)-previewYears):]
}

// BeginningYears returns the years up to the last in which a period of the
// policy begins: a year that only goes on with a cycle has nothing to create.
func BeginningYears(policy *rules.Policy, last int) []int {
	if to := policy.Effective.To; !to.IsZero() {
		last = min(last, to.Year())
	}
	var years []int
	for year := policy.Effective.From.Year(); year <= last; year++ {
		begins := func(o rules.Obligation) bool {
			return slices.ContainsFunc(policy.Periods(&o, year), func(p rules.Period) bool { return p.Year == year })
		}
		if slices.ContainsFunc(policy.Obligations, begins) {
			years = append(years, year)
		}
	}
	return years
}

// mark is a fingerprint of an outcome: who confirms a preview sends it along, so
// that nobody confirms what they did not see.
type mark struct{ sum hash.Hash }

func newMark(parts ...any) mark {
	m := mark{sha256.New()}
	m.add(parts...)
	return m
}

func (m mark) add(parts ...any) { fmt.Fprintf(m.sum, "%q\n", fmt.Sprintf("%v", parts)) }

// String returns the fingerprint of all that was added.
func (m mark) String() string { return hex.EncodeToString(m.sum.Sum(nil)) }
