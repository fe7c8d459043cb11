package rules

import (
	"cmp"
	"strings"

	"github.com/shopspring/decimal"
)

// Share is the weight of openness in a performance scheme, as an exact
// fraction of points.
type Share struct {
	Core, Related, Total decimal.Decimal
}

// Points returns the openness points: core only, or core and related.
func (s Share) Points(related bool) decimal.Decimal {
	if related {
		return s.Core.Add(s.Related)
	}
	return s.Core
}

// AtLeast compares points / total with percent / 100 without dividing.
func (s Share) AtLeast(percent decimal.Decimal, related bool) bool {
	return s.Points(related).Mul(decimal.NewFromInt(100)).GreaterThanOrEqual(percent.Mul(s.Total))
}

// Percentage returns the share in percent with at least two decimals, cut off
// after the fourth so that nothing below a limit ever shows as the limit.
func (s Share) Percentage(related bool) string {
	quotient, _ := s.Points(related).Mul(decimal.NewFromInt(100)).QuoRem(s.Total, 4)
	return showPercentage(quotient)
}

// showPercentage writes at least two decimals and no further zeros at the end.
func showPercentage(value decimal.Decimal) string {
	text := value.StringFixed(max(2, -value.Exponent()))
	for strings.HasSuffix(text, "0") && len(text)-strings.IndexByte(text, '.') > len(".00") {
		text = strings.TrimSuffix(text, "0")
	}
	return text
}

// Share reads the scheme's points. The items must add up to the total;
// a scheme that lists only items of openness leaves the rest implied. The
// problems name the fields.
func (p *Performance) Share() (Share, []FieldProblem) {
	return shareOf(p.Total, p.Items, true)
}

// shareOf sums the items; listsPart allows items of openness alone.
func shareOf(total string, items []Item, listsPart bool) (Share, []FieldProblem) {
	var problems []FieldProblem
	share := Share{Total: points(total, "total", &problems)}
	if len(problems) == 0 && !share.Total.IsPositive() {
		problems = append(problems, FieldProblem{"total", "filing.total_positive", nil})
	}
	if len(items) == 0 {
		problems = append(problems, FieldProblem{"items", "filing.no_items", nil})
	}
	sum := decimal.Zero
	for i, item := range items {
		value := points(item.Points, itemField(i, "points"), &problems)
		if item.Name == "" {
			problems = append(problems, FieldProblem{itemField(i, "name"), "filing.required", nil})
		}
		sum = sum.Add(value)
		switch item.Openness {
		case OpennessCore:
			share.Core = share.Core.Add(value)
		case OpennessRelated:
			share.Related = share.Related.Add(value)
		default:
			listsPart = false
		}
	}
	if len(problems) > 0 {
		return share, problems
	}
	if difference := sum.Sub(share.Total); difference.IsPositive() || !difference.IsZero() && !listsPart {
		problems = append(problems, FieldProblem{"items", "filing.does_not_add_up", map[string]any{
			"Sum": sum.String(), "Total": share.Total.String(), "Difference": difference.Abs().String(), "Over": difference.IsPositive()}})
	}
	return share, problems
}

// points reads a number of points: a decimal, not negative.
func points(text, field string, problems *[]FieldProblem) decimal.Decimal {
	value, err := decimal.NewFromString(text)
	if err != nil || value.IsNegative() || value.Exponent() > 6 || value.Exponent() < -6 || len(text) > 20 {
		*problems = append(*problems, FieldProblem{field, "filing.bad_points", map[string]any{"Value": text}})
		return decimal.Zero
	}
	return value
}

// SchemeFinding is the performance scheme that the verdict on a weight rests on,
// with its share.
type SchemeFinding struct {
	Scheme Performance
	Share  Share
	// Last is last year's share, where the weight must not fall below it; nil when it
	// is not known.
	Last *Share
}

// findWeight: the performance scheme of the year gives openness the share that
// the policy asks for. The last scheme filed stands.
func (d *Duty) findWeight(facts *Facts) finding {
	rule := d.Obligation.Weight
	f := finding{value: "0.00"}
	var last *Share
	if rule.NotBelowLastYear {
		if _, share, found := facts.performance(d.Period.Year - 1); found {
			last = &share
		}
	}
	f.required = rule.Required(nil)
	scheme, share, found := facts.performance(d.Period.Year)
	if !found {
		return f
	}
	f.scheme = &SchemeFinding{scheme, share, last}
	f.counted = facts.schemes(d.Period.Year)
	f.value, f.required = share.Percentage(rule.Related), rule.Required(last)
	f.args = map[string]any{"Points": share.Points(rule.Related).String(), "Total": share.Total.String(),
		"Strict": share.Percentage(false), "Inclusive": share.Percentage(true)}
	f.cite(scheme.URL)
	f.satisfied = rule.Holds(share, last, rule.Related)
	d.noteLastYear(&f)
	if !f.satisfied {
		f.note("rules.note.weight_short", "Value", f.value, "Required", f.required,
			"Points", f.args["Points"], "Total", f.args["Total"])
	}
	f.doneOn = scheme.On
	f.late = scheme.On > d.DueOn
	if !share.Related.IsZero() && !rule.Related {
		f.note("rules.note.related_left_out", "Strict", f.args["Strict"], "Inclusive", f.args["Inclusive"])
	}
	return f
}

// noteLastYear tells last year's share and the change, where it is compared with.
func (d *Duty) noteLastYear(f *finding) {
	rule, year := d.Obligation.Weight, d.Period.Year-1
	switch last := f.scheme.Last; {
	case !rule.NotBelowLastYear:
	case last == nil:
		f.note("rules.note.no_last_year", "Year", year)
	default:
		change, sign := f.scheme.Share.Change(*last, rule.Related)
		key := map[int]string{-1: "rules.note.weight_fell", 0: "rules.note.weight_same", 1: "rules.note.weight_rose"}[sign]
		f.note(key, "Year", year, "Last", last.Percentage(rule.Related), "Points", last.Points(rule.Related).String(), "Total", last.Total.String(), "Change", change)
	}
}

// Holds tells whether the share is what the policy asks for; last is last year's,
// nil when it is not known: then being included is enough. Related counts items
// marked related, whatever the policy counts.
func (w *Weight) Holds(share Share, last *Share, related bool) bool {
	mine := share.Points(related)
	switch {
	case !w.AtLeast.IsZero():
		return share.AtLeast(w.AtLeast.Decimal, related)
	case w.NotBelowLastYear && last != nil:
		_, sign := share.Change(*last, related)
		return mine.IsPositive() && sign >= 0
	default:
		return mine.IsPositive()
	}
}

// Required is the least share in percent; "> 0" where being included is all that
// is asked. Last is last year's share, nil when it is not known.
func (w *Weight) Required(last *Share) string {
	switch {
	case !w.AtLeast.IsZero():
		return showPercentage(w.AtLeast.Decimal)
	case w.NotBelowLastYear && last != nil:
		return last.Percentage(w.Related)
	default:
		return "> 0"
	}
}

// Change compares the share with an earlier one: by how many percentage points it
// has changed, and whether it rose (1), fell (-1) or stayed (0). The comparison is
// exact; the points are cut off after the fourth decimal, but a change never shows
// as none.
func (s Share) Change(before Share, related bool) (points string, sign int) {
	hundred := decimal.NewFromInt(100)
	difference := s.Points(related).Mul(before.Total).Sub(before.Points(related).Mul(s.Total))
	quotient, _ := difference.Abs().Mul(hundred).QuoRem(s.Total.Mul(before.Total), 4)
	if quotient.IsZero() && !difference.IsZero() {
		quotient = decimal.New(1, -4)
	}
	return showPercentage(quotient), difference.Sign()
}

// schemes counts the year's schemes: a later one replaces an earlier one, so a
// new one that waits for verification counts as filed.
func (f *Facts) schemes(year int) int {
	return len(keep(f.Performance, func(p *Performance) bool { return p.Year == year }))
}

// performance returns the scheme that stands of those of the year whose points
// are sound, in the order of filing.
func (f *Facts) performance(year int) (scheme Performance, share Share, found bool) {
	for _, candidate := range f.Performance {
		if candidate.Year != year || found && !candidate.Replaces(&scheme) {
			continue
		}
		if s, problems := candidate.Share(); len(problems) == 0 {
			scheme, share, found = candidate, s, true
		}
	}
	return scheme, share, found
}

// Replaces tells whether the scheme stands instead of one that was filed before
// it: unless it was adopted earlier.
func (p *Performance) Replaces(before *Performance) bool { return p.On >= before.On }

// Stricter compares two demands: above 0 when w asks for more than other. A share
// in percent asks for more than one not below last year's, that for more than
// being included, a higher share for more than a lower one; of two alike, the one
// that counts openness itself alone.
func (w *Weight) Stricter(other *Weight) int {
	rank := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	return cmp.Or(w.AtLeast.Cmp(other.AtLeast.Decimal), rank(w.NotBelowLastYear)-rank(other.NotBelowLastYear), rank(other.Related)-rank(w.Related))
}
