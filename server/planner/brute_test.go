package planner_test

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"sundial/server/calendar"
	"sundial/server/planner"
)

// The slow planner: it tries every session for everybody, and knows nothing of
// lanes, flows or classes. It also says whether a plan keeps the limits.

// brute is the best of all plans.
type brute struct {
	// people are the positions by priority of those seated, count their number.
	people []bool
	count  int
	// placeCost is the least for these people.
	placeCost int
}

// byPriority returns the people, the longest untrained first.
func byPriority(p *planner.Problem) []planner.Person {
	return slices.SortedFunc(slices.Values(p.People), func(a, b planner.Person) int {
		return cmp.Or(cmp.Compare(a.Last, b.Last), cmp.Compare(a.Joined, b.Joined), cmp.Compare(a.ID, b.ID))
	})
}

func minutes(s planner.Span) (from, to int) {
	if s.Start == 0 && s.End == 0 {
		return 0, 24 * 60
	}
	return s.Start, s.End
}

func collide(a, b planner.Span) bool {
	aFrom, aTo := minutes(a)
	bFrom, bTo := minutes(b)
	return a.From <= b.To && b.From <= a.To && aFrom < bTo && bFrom < aTo
}

func busyOn(person planner.Person, day calendar.Date) bool {
	return slices.ContainsFunc(person.Busy, func(s planner.Span) bool { return s.From <= day && day <= s.To })
}

// canAttend tells whether the person could take a seat in the session, were it the
// only one.
func canAttend(p *planner.Problem, person planner.Person, s planner.Session) bool {
	if s.From < p.From || s.To > p.To || s.From < person.From || !person.To.IsZero() && s.To > person.To {
		return false
	}
	return !slices.ContainsFunc(person.Busy, func(b planner.Span) bool { return collide(b, s.Span) })
}

// plan is a session for each person by priority, -1 for none, with what it uses up.
type plan struct {
	problem *planner.Problem
	people  []planner.Person
	units   map[uint64]planner.Unit
	session []int
	seats   []int
	away    map[awayKey]int
	can     [][]bool
	costs   [][]int
}

type awayKey struct {
	unit uint64
	day  calendar.Date
}

func newPlan(p *planner.Problem) *plan {
	pl := &plan{problem: p, people: byPriority(p), seats: make([]int, len(p.Sessions)), away: map[awayKey]int{}, units: map[uint64]planner.Unit{}}
	for _, u := range p.Units {
		pl.units[u.ID] = u
		for day, n := range u.Away {
			pl.away[awayKey{u.ID, day}] += n
		}
	}
	for _, person := range pl.people {
		for day := p.From; day <= p.To && len(person.Busy) > 0; day++ {
			if busyOn(person, day) {
				pl.away[awayKey{person.Unit, day}]++
			}
		}
		can, costs := make([]bool, len(p.Sessions)), make([]int, len(p.Sessions))
		places := pl.units[person.Unit].Places
		for i, s := range p.Sessions {
			can[i] = canAttend(p, person, s)
			if costs[i] = slices.Index(places, s.Place); costs[i] < 0 {
				costs[i] = len(places)
			}
			if s.Place == "" {
				costs[i] = 0
			}
		}
		pl.can, pl.costs = append(pl.can, can), append(pl.costs, costs)
		pl.session = append(pl.session, -1)
	}
	return pl
}

// seat seats a person and tells whether the limits hold; unseat undoes it in any
// case.
func (pl *plan) seat(person, session int) bool {
	s := pl.problem.Sessions[session]
	unit := pl.units[pl.people[person].Unit]
	limit := max(1, unit.Size*pl.problem.Share/10000)
	pl.session[person] = session
	pl.seats[session]++
	ok := pl.can[person][session] && pl.seats[session] <= s.Seats
	for day := s.From; day <= s.To; day++ {
		if !busyOn(pl.people[person], day) {
			pl.away[awayKey{unit.ID, day}]++
			ok = ok && pl.away[awayKey{unit.ID, day}] <= limit
		}
	}
	return ok
}

func (pl *plan) unseat(person int) {
	s := pl.problem.Sessions[pl.session[person]]
	pl.seats[pl.session[person]]--
	pl.session[person] = -1
	for day := s.From; day <= s.To; day++ {
		if !busyOn(pl.people[person], day) {
			pl.away[awayKey{pl.people[person].Unit, day}]--
		}
	}
}

// solve tries everything.
func solve(p *planner.Problem) brute {
	best := brute{count: -1}
	pl := newPlan(p)
	var try func(person, count, cost int)
	try = func(person, count, cost int) {
		if count+len(pl.people)-person < best.count {
			return
		}
		if person == len(pl.people) {
			best = best.orElse(pl, count, cost)
			return
		}
		for s := range p.Sessions {
			if pl.seat(person, s) {
				try(person+1, count+1, cost+pl.costs[person][s])
			}
			pl.unseat(person)
		}
		try(person+1, count, cost)
	}
	try(0, 0, 0)
	return best
}

// orElse returns the plan if it is better than the best so far.
func (b brute) orElse(pl *plan, count, cost int) brute {
	seated := make([]bool, len(pl.people))
	for i, s := range pl.session {
		seated[i] = s >= 0
	}
	order := cmp.Compare(count, b.count)
	for i := 0; order == 0 && i < len(seated); i++ {
		if seated[i] != b.people[i] {
			order = -1
			if seated[i] {
				order = 1
			}
		}
	}
	if order > 0 || order == 0 && cost < b.placeCost {
		return brute{people: seated, count: count, placeCost: cost}
	}
	return b
}

// firstDay is the first day of the random problems' window.
var firstDay = calendar.MustParseDate("2026-03-02")

// randomProblem is small enough for solve. Kind 0 has sessions of a day and people
// who are free, kind 1 adds rosters and busy days, kind 2 sessions of several days
// that overlap as they like, and half days; in kind 3 many people of small units
// want into them.
func randomProblem(r *rand.Rand, kind int) *planner.Problem {
	p := &planner.Problem{From: firstDay, To: firstDay + 5, Share: []int{0, 2000, 3400, 5000, 10000}[r.IntN(5)]}
	places := []string{"jinan", "qingdao", ""}
	for i := range 1 + r.IntN(3) {
		u := planner.Unit{ID: uint64(100 + i), Size: r.IntN(7), Away: map[calendar.Date]int{}}
		u.Places = [][]string{nil, {"jinan"}, {"qingdao", "jinan"}}[r.IntN(3)]
		if kind > 0 && r.IntN(3) == 0 {
			u.Away[firstDay+calendar.Date(r.IntN(6))] = 1 + r.IntN(2)
		}
		p.Units = append(p.Units, u)
	}
	for i := range 1 + r.IntN(5) {
		s := planner.Session{ID: uint64(i + 1), Seats: r.IntN(4), Place: places[r.IntN(3)]}
		s.From = firstDay + calendar.Date(r.IntN(5))
		s.To = s.From
		if kind >= 2 {
			s.To += calendar.Date(r.IntN(3))
			s.Start, s.End = halfDay(r)
		}
		if kind > 0 && r.IntN(12) == 0 {
			s.To = firstDay + 6
		}
		p.Sessions = append(p.Sessions, s)
	}
	people := 1 + r.IntN(6)
	if kind == 3 {
		people = 7
		p.Share = 2000 + 1000*r.IntN(3)
	}
	for i := range people {
		person := planner.Person{ID: uint64(r.IntN(100)*10 + i), Unit: p.Units[r.IntN(len(p.Units))].ID}
		person.Joined = firstDay - calendar.Date(r.IntN(3))
		if r.IntN(3) > 0 {
			person.Last = firstDay - 100 - calendar.Date(r.IntN(4))
		}
		if kind > 0 {
			troubleAttendance(r, &person, kind)
		}
		p.People = append(p.People, person)
	}
	return p
}

func halfDay(r *rand.Rand) (start, end int) {
	half := [][2]int{{0, 0}, {0, 0}, {540, 720}, {840, 1020}}[r.IntN(4)]
	return half[0], half[1]
}

// troubleAttendance gives some people dates on the roster and other nominations.
func troubleAttendance(r *rand.Rand, person *planner.Person, kind int) {
	if r.IntN(3) == 0 {
		person.From = firstDay + calendar.Date(r.IntN(4))
	}
	if r.IntN(3) == 0 {
		person.To = firstDay + calendar.Date(r.IntN(7))
	}
	if r.IntN(3) == 0 {
		from := firstDay - 1 + calendar.Date(r.IntN(6))
		span := planner.Span{From: from, To: from + calendar.Date(r.IntN(2))}
		if kind >= 2 {
			span.Start, span.End = halfDay(r)
		}
		person.Busy = append(person.Busy, span)
	}
}
