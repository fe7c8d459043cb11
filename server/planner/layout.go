package planner

import (
	"cmp"
	"slices"
	"strconv"

	"sundial/server/calendar"
)

// layout is a problem as small numbers: units, classes, sessions and days are
// counted from 0, people by priority.
type layout struct {
	problem *Problem
	// people are indices of Problem.People, the longest untrained first; everywhere
	// else a person is a position in this order.
	people []int32
	// classOf and rank give a person's class and position in it.
	classOf, rank []int32
	// classes are sorted by unit; those of unit u are unitClasses[u] to
	// unitClasses[u+1].
	classes     []class
	unitClasses []int32
	// members counts the people of each unit.
	members []int32
	// sessions are those in the window, the earliest first.
	sessions []Session
	// days are those on which there is a session. A block is the sessions that are
	// held on just the same days; blocks are sorted by these.
	days   []calendar.Date
	blocks []*stretch
	// blockOf and cost give a session's block, and what it costs each unit:
	// cost[unit*len(sessions)+session].
	blockOf, cost []int32
}

// class is people of one unit who are on its roster on the same session days and
// busy at the same times: one is as good as another for every session.
type class struct {
	unit int32
	// first and last are the days on the roster, as positions in layout.days; last
	// is before first when there are none.
	first, last int32
	busy        []Span
	people      []int32
}

// stretch is sessions and the days on which a unit misses those who attend any of
// them.
type stretch struct {
	days     []int32
	sessions []int32
}

// newLayout numbers what the problem names.
func newLayout(p *Problem) *layout {
	l := &layout{problem: p}
	l.arrangeSessions()
	l.arrangePeople()
	l.cost = make([]int32, len(p.Units)*len(l.sessions))
	for u := range p.Units {
		for s := range l.sessions {
			l.cost[u*len(l.sessions)+s] = p.Units[u].placeCost(l.sessions[s].Place)
		}
	}
	return l
}

// arrangeSessions sorts the sessions in the window, their days and their blocks.
func (l *layout) arrangeSessions() {
	for _, s := range l.problem.Sessions {
		if s.From >= l.problem.From && s.To <= l.problem.To {
			l.sessions = append(l.sessions, s)
			for day := s.From; day <= s.To; day++ {
				l.days = append(l.days, day)
			}
		}
	}
	slices.Sort(l.days)
	l.days = slices.Compact(l.days)
	slices.SortFunc(l.sessions, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Start, b.Start), cmp.Compare(a.ID, b.ID))
	})
	l.blockOf = make([]int32, len(l.sessions))
	for i, s := range l.sessions {
		if i == 0 || s.From != l.sessions[i-1].From || s.To != l.sessions[i-1].To {
			first, _ := slices.BinarySearch(l.days, s.From)
			b := &stretch{}
			for day := s.From; day <= s.To; day++ {
				b.days = append(b.days, int32(first)+int32(day-s.From))
			}
			l.blocks = append(l.blocks, b)
		}
		last := len(l.blocks) - 1
		l.blocks[last].sessions = append(l.blocks[last].sessions, int32(i))
		l.blockOf[i] = int32(last)
	}
}

// arrangePeople sorts the people by priority and puts them into classes.
func (l *layout) arrangePeople() {
	people := l.problem.People
	units := make(map[uint64]int32, len(l.problem.Units))
	for i, u := range l.problem.Units {
		units[u.ID] = int32(i)
	}
	l.people = make([]int32, len(people))
	for i := range l.people {
		l.people[i] = int32(i)
	}
	slices.SortFunc(l.people, func(a, b int32) int { return comparePriority(&people[a], &people[b]) })

	type key struct {
		unit, first, last int32
		busy              string
	}
	known := map[key]int32{}
	l.members = make([]int32, len(units))
	l.classOf, l.rank = make([]int32, len(people)), make([]int32, len(people))
	for position, index := range l.people {
		person := &people[index]
		c := class{unit: units[person.Unit], busy: l.busy(person)}
		c.first, c.last = l.onRoster(person)
		k := key{c.unit, c.first, c.last, spanKey(c.busy)}
		id, ok := known[k]
		if !ok {
			id = int32(len(l.classes))
			known[k] = id
			l.classes = append(l.classes, c)
		}
		l.classOf[position] = id
		l.members[c.unit]++
	}
	l.sortClasses()
	for position, k := range l.classOf {
		l.rank[position] = int32(len(l.classes[k].people))
		l.classes[k].people = append(l.classes[k].people, int32(position))
	}
}

// sortClasses orders the classes by unit, and by their first person within it.
func (l *layout) sortClasses() {
	order := make([]int32, len(l.classes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(l.classes[a].unit, l.classes[b].unit) })
	sorted, place := make([]class, len(order)), make([]int32, len(order))
	l.unitClasses = make([]int32, len(l.members)+1)
	for i, old := range order {
		sorted[i], place[old] = l.classes[old], int32(i)
		l.unitClasses[sorted[i].unit+1]++
	}
	for u := range l.members {
		l.unitClasses[u+1] += l.unitClasses[u]
	}
	l.classes = sorted
	for position := range l.classOf {
		l.classOf[position] = place[l.classOf[position]]
	}
}

// comparePriority puts the longest untrained first: never trained before trained,
// then by the day of the training, of joining, and by id.
func comparePriority(a, b *Person) int {
	return cmp.Or(cmp.Compare(a.Last, b.Last), cmp.Compare(a.Joined, b.Joined), cmp.Compare(a.ID, b.ID))
}

// onRoster returns the session days on which the person is on the roster.
func (l *layout) onRoster(person *Person) (first, last int32) {
	from, _ := slices.BinarySearch(l.days, person.From)
	to := len(l.days)
	if !person.To.IsZero() {
		to, _ = slices.BinarySearch(l.days, person.To+1)
	}
	return int32(from), int32(to) - 1
}

// busy returns those busy spans of the person that touch a session day.
func (l *layout) busy(person *Person) []Span {
	var touching []Span
	for _, span := range person.Busy {
		next, _ := slices.BinarySearch(l.days, span.From)
		if next < len(l.days) && l.days[next] <= span.To {
			touching = append(touching, span)
		}
	}
	return touching
}

func spanKey(spans []Span) string {
	var key []byte
	for _, s := range spans {
		for _, n := range []int{int(s.From), int(s.To), s.Start, s.End} {
			key = append(strconv.AppendInt(key, int64(n), 10), ' ')
		}
	}
	return string(key)
}

// rostered tells whether people of the class are on the roster on all days of the
// session.
func (l *layout) rostered(k, s int32) bool {
	days := l.blocks[l.blockOf[s]].days
	return l.classes[k].first <= days[0] && days[len(days)-1] <= l.classes[k].last
}

// free tells whether no busy time of the class falls into the session.
func (l *layout) free(k, s int32) bool {
	return !slices.ContainsFunc(l.classes[k].busy, l.sessions[s].overlaps)
}

// awayAnyway tells whether people of the class are away on the day by what keeps
// them busy.
func (c *class) awayAnyway(day calendar.Date) bool {
	return slices.ContainsFunc(c.busy, func(s Span) bool { return s.From <= day && day <= s.To })
}

// missedOn returns the days of a block on which a unit misses one more person when
// somebody of the class attends it.
func (l *layout) missedOn(k, b int32) []int32 {
	c, days := &l.classes[k], l.blocks[b].days
	if len(c.busy) == 0 {
		return days
	}
	var missed []int32
	for _, d := range days {
		if !c.awayAnyway(l.days[d]) {
			missed = append(missed, d)
		}
	}
	return missed
}
