package planner

import "context"

// budget is how many arcs may be looked at: by the search before it is left
// unproven, and for places before those who still wait for theirs are seated
// anywhere. It is counted in arcs, so that it does not depend on the machine.
type budget struct{ search, places int }

// usual is some seconds of work.
var usual = budget{search: 30_000_000, places: 80_000_000}

// found is the best plan that a search came upon, within the limits of the problem
// itself.
type found struct {
	*filled
	// bound is how many people no plan can exceed; proven tells that no plan is
	// better at all.
	bound  int
	proven bool
}

// part of a problem is still to be looked at; no plan in it has more than bound
// people.
type part struct {
	terms *terms
	bound int
}

// search looks for the best plan by branch and bound. A part of the problem is
// done when its relaxation is no better than the best plan so far: relaxations
// are flows, hence their sets the best by number and by priority, position by
// position. Otherwise a pair of class and session is chosen in a tangled unit, and
// the part divided: one more person of the class sits there for good, or nobody
// further does. Each step settles a person or bars a pair, so the search ends.
//
// In the first part the people settled are the first of their class, which loses
// nothing: people of a class can change places.
func (l *layout) search(ctx context.Context, budget int, progress func(int)) (*found, error) {
	var best *found
	stack := []part{{l.terms(), len(l.people)}}
	for len(stack) > 0 && (budget > 0 || best == nil) {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if best != nil && next.bound < best.count {
			continue
		}
		a, err := l.attempt(ctx, next.terms, progress)
		if err != nil {
			return nil, err
		}
		progress = func(int) {}
		budget -= a.work
		switch {
		case best == nil:
			best = &found{filled: a.best}
		case l.better(&a.best.coverage, &best.coverage):
			if best.filled, err = l.adopt(ctx, best.filled, a, next.terms); err != nil {
				return nil, err
			}
		}
		if !a.whole && l.better(a.bound, &best.coverage) {
			stack = append(stack, l.divide(next.terms, a)...)
		}
	}
	best.bound, best.proven = best.count, true
	for _, left := range stack {
		if left.bound >= best.count {
			best.bound, best.proven = max(best.bound, left.bound), false
		}
	}
	return best, nil
}

// adopt returns a plan within the limits of the problem itself that is as good as
// one of a part: each lane gets what it has there.
func (l *layout) adopt(ctx context.Context, whole *filled, a *attempt, narrower *terms) (*filled, error) {
	seatings := append(narrower.seatings(), a.best.network.seatings(a.best.lanes)...)
	t := l.terms()
	return l.fill(ctx, t, whole.lanes, l.widths(t, whole.lanes, 0, l.usage(whole.lanes, seatings)), func(int) {})
}

// seatings are of those settled.
func (t *terms) seatings() []seating {
	var settled []seating
	for p, people := range t.settledIn {
		settled = append(settled, seating{p, people})
	}
	return settled
}

// divide returns the two parts that a pair makes, the one in which it is seated
// last, so that it is looked at first.
func (l *layout) divide(t *terms, a *attempt) []part {
	p := l.knot(a)
	parts := []part{{t.bar(p), a.bound.count}}
	if seated := t.settle(l, p); seated != nil {
		parts = append(parts, part{seated, a.bound.count})
	}
	return parts
}

// knot returns the pair to divide by: in the lanes of a tangled unit, one that the
// relaxation wants more often than the plan has it, or else any.
func (l *layout) knot(a *attempt) pair {
	all := a.best.lanes
	have := map[pair]int32{}
	for _, s := range a.best.network.seatings(all) {
		have[s.pair] += s.people
	}
	for _, s := range a.hint {
		if all.tangled[l.classes[s.class].unit] && s.people > have[s.pair] {
			return s.pair
		}
	}
	for i := range all.all {
		if a := &all.all[i]; all.tangled[a.unit] {
			return pair{a.classes[0], a.sessions[0]}
		}
	}
	panic("planner: a plan without tangled units fell short of its bound")
}
