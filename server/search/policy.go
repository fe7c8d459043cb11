package search

import (
	"cmp"
	"slices"

	"sundial/server/compliance"
	"sundial/server/rules"
)

// ranked is something with how well it was found.
type ranked[T any] struct {
	item T
	rank int
}

// best returns the items, those that were found best first, else in their order.
func best[T any](list []ranked[T]) []T {
	slices.SortStableFunc(list, func(a, b ranked[T]) int { return cmp.Compare(a.rank, b.rank) })
	items := make([]T, len(list))
	for i, one := range list {
		items[i] = one.item
	}
	return items
}

// policies finds policies by title, number, issuer and code, the latest first. Whoever
// reads policies reads all of them.
func (f finder) policies(found *Found) error {
	if len(f.scope(readPolicy)) == 0 {
		return nil
	}
	all, err := f.ledger.Policies(f.ctx)
	if err != nil {
		return err
	}
	var list []ranked[compliance.PolicyView]
	for _, p := range slices.Backward(all) {
		if rank, ok := f.terms.in(p.Policy.Title.ZH, p.Policy.Title.EN, p.Policy.Number, p.Policy.Issuer, p.Row.Code); ok {
			list = append(list, ranked[compliance.PolicyView]{p, rank})
		}
	}
	found.Policies = first(best(list), f.query.Limit)
	return nil
}

// obligations finds what active policies demand of the caller's units, by title, clause,
// what counts, and the policy's number and name.
func (f finder) obligations(found *Found) error {
	if len(f.scope(readPolicy)) == 0 {
		return nil
	}
	roots, err := f.directory.Roots(f.ctx, f.scope(readDuty))
	if err != nil {
		return err
	}
	binding, err := f.ledger.Bindings(f.ctx, roots)
	if err != nil {
		return err
	}
	var list []ranked[Obligation]
	for _, b := range slices.Backward(binding) {
		if on := b.Row.RetiredOn; !on.IsZero() && on <= f.today() {
			continue
		}
		for i := range b.Policy.Obligations {
			o := &b.Policy.Obligations[i]
			rank, ok := f.terms.in(o.Title.ZH, o.Title.EN, o.Clause, o.ID, o.Counts.ZH, o.Counts.EN, b.Policy.Number, b.Policy.Title.ZH, b.Policy.Title.EN)
			if ok {
				list = append(list, ranked[Obligation]{Obligation{Obligation: o, Policy: b.PolicyView, Unit: b.Unit, Year: f.yearOf(b.PolicyView, o)}, rank})
			}
		}
	}
	found.Obligations = first(best(list), f.query.Limit)
	return nil
}

// yearOf returns the latest active year by this one in which the obligation is owed, else
// the first active one.
func (f finder) yearOf(p compliance.PolicyView, o *rules.Obligation) int {
	year := p.ActiveYears[0]
	for _, active := range p.ActiveYears {
		if active <= f.today().Year() && o.Years.Contains(active) {
			year = active
		}
	}
	return year
}
