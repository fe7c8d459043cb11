package planner

import (
	"context"
	"fmt"
)

// Proposal is who should go where, and what cannot be had.
type Proposal struct {
	// Nominations are in the order of priority, the longest untrained first.
	Nominations []Nomination
	// Left are the people without a seat, in the same order: by their number the
	// sessions fall short.
	Left []Left
	// Bound is how many people no plan can exceed. The proposal is of the greatest
	// number when it equals the number of nominations.
	Bound int
	// Best tells that no plan is better: none has more people, and of those with as
	// many none has somebody longer untrained in place of somebody less so.
	Best bool
	// PlaceCost is what the places cost the units together (Unit.Places), and
	// PlaceBound what they cost at least when these people go.
	PlaceCost, PlaceBound int
}

// Nomination (报名) is a person's seat in a session, by their ids.
type Nomination struct{ Person, Session uint64 }

// Left (未能排班) is a person without a seat.
type Left struct {
	Person uint64
	Reason Reason
}

// Greatest tells whether it is proven that no plan seats more people.
func (p *Proposal) Greatest() bool { return len(p.Nominations) == p.Bound }

// Short counts the people left over, by reason.
func (p *Proposal) Short() map[Reason]int {
	short := map[Reason]int{}
	for _, left := range p.Left {
		short[left.Reason]++
	}
	return short
}

// Propose seats the people of the problem. The number of people and who they are
// is exact where Best says so, which is always when sessions last one day and
// people are busy for whole days, and in all small problems; the number when
// Greatest says so. Everything else holds in any case: nobody sits in two sessions,
// off the roster or while busy, no session is over its seats, and no unit over its
// share on any day.
//
// Progress may be nil; otherwise it is told now and then how much is done. The
// error is the context's, or says what in the problem makes no sense.
func Propose(ctx context.Context, p *Problem, progress func(done, total int)) (*Proposal, error) {
	return propose(ctx, p, usual, progress)
}

// propose is Propose within a budget.
func propose(ctx context.Context, p *Problem, limit budget, progress func(done, total int)) (*Proposal, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	tell := func(done int) {
		if progress != nil {
			progress(done, 2*len(p.People))
		}
	}
	l := newLayout(p)
	best, err := l.search(ctx, limit.search, tell)
	if err != nil {
		return nil, fmt.Errorf("plan: seat %d people: %w", len(p.People), err)
	}
	proposal := &Proposal{Bound: best.bound, Best: best.proven}
	seatings, bound, err := l.settlePlaces(ctx, best.filled, limit.places, func(done int) { tell(len(p.People) + done) })
	if err != nil {
		return nil, fmt.Errorf("plan: choose places: %w", err)
	}
	r := newRota(l, seatings)
	if err := r.advance(ctx); err != nil {
		return nil, fmt.Errorf("plan: choose dates: %w", err)
	}
	r.order()
	proposal.PlaceBound = bound
	r.report(proposal, l.reasons(best.filled))
	tell(2 * len(p.People))
	return proposal, nil
}

// report writes down who sits where.
func (r *rota) report(proposal *Proposal, reasons []Reason) {
	for position, s := range r.session {
		id := r.problem.People[r.people[position]].ID
		k := r.classOf[position]
		if s == nowhere {
			proposal.Left = append(proposal.Left, Left{id, reasons[k]})
			continue
		}
		proposal.Nominations = append(proposal.Nominations, Nomination{id, r.sessions[s].ID})
		proposal.PlaceCost += int(r.costOf(r.classes[k].unit, s))
	}
}
