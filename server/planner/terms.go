package planner

import "maps"

// pair is a class and a session.
type pair struct{ class, session int32 }

// terms are the limits that a plan keeps: those of the problem, or narrower ones
// while the search divides it.
type terms struct {
	// seats are free in each session.
	seats []int32
	// spare is how many people a unit can still do without on a day:
	// spare[unit*days+day].
	spare []int32
	// settled counts the people of each class whose seats are already taken off
	// seats and spare, pair by pair in settledIn.
	settled   []int32
	settledIn map[pair]int32
	// barred pairs get nobody further.
	barred map[pair]bool
}

// terms returns the limits of the problem.
func (l *layout) terms() *terms {
	t := &terms{
		seats:   make([]int32, len(l.sessions)),
		spare:   make([]int32, len(l.problem.Units)*len(l.days)),
		settled: make([]int32, len(l.classes)),
	}
	for i, s := range l.sessions {
		t.seats[i] = int32(min(s.Seats, unlimited))
	}
	for u := range l.problem.Units {
		unit := &l.problem.Units[u]
		limit := unit.limit(l.problem.Share)
		for d, day := range l.days {
			t.spare[u*len(l.days)+d] = int32(min(limit-unit.Away[day], unlimited))
		}
	}
	for i := range l.classes {
		c := &l.classes[i]
		for d := 0; d < len(l.days) && len(c.busy) > 0; d++ {
			if c.awayAnyway(l.days[d]) {
				t.spare[int(c.unit)*len(l.days)+d] -= int32(len(c.people))
			}
		}
	}
	for i := range t.spare {
		t.spare[i] = max(0, t.spare[i])
	}
	return t
}

// settle returns the terms with one more person of the pair's class seated in its
// session for good, or nil when there is no room.
func (t *terms) settle(l *layout, p pair) *terms {
	next := t.copy()
	unit := int(l.classes[p.class].unit)
	next.seats[p.session]--
	if next.seats[p.session] < 0 || int(next.settled[p.class]) == len(l.classes[p.class].people) {
		return nil
	}
	for _, d := range l.missedOn(p.class, l.blockOf[p.session]) {
		at := unit*len(l.days) + int(d)
		if next.spare[at] == 0 {
			return nil
		}
		next.spare[at]--
	}
	next.settled[p.class]++
	next.settledIn[p]++
	return next
}

// bar returns the terms under which nobody further of the pair's class gets into
// its session.
func (t *terms) bar(p pair) *terms {
	next := t.copy()
	next.barred[p] = true
	return next
}

func (t *terms) copy() *terms {
	next := &terms{
		seats: append([]int32(nil), t.seats...), spare: append([]int32(nil), t.spare...),
		settled: append([]int32(nil), t.settled...), settledIn: map[pair]int32{}, barred: map[pair]bool{},
	}
	maps.Copy(next.settledIn, t.settledIn)
	maps.Copy(next.barred, t.barred)
	return next
}
