package planner

import (
	"fmt"

	"sundial/server/calendar"
)

// Whole is a share of all people, in basis points.
const Whole = 10_000

const minutesPerDay = 24 * 60

// Problem is what a proposal is made from. Ids are the caller's; each is unique
// among its kind.
type Problem struct {
	// From and To are the first and last day on which training counts. Sessions
	// that do not lie wholly between them are ignored; the caller sets From to the
	// first day for which people can still be nominated.
	From, To calendar.Date
	// Share is the part of a unit's people who may be away on one day, in basis
	// points of Unit.Size: 2000 is a fifth.
	Share    int
	Units    []Unit
	People   []Person
	Sessions []Session
}

// Unit (单位) sends people.
type Unit struct {
	ID uint64
	// Size is how many people are on its roster.
	Size int
	// Away counts, by day, people who are away by standing nominations and are not
	// among Problem.People. Those who are have it in Person.Busy.
	Away map[calendar.Date]int
	// Places are where its people would rather go, the best first. A seat at the
	// n-th costs n-1, a seat elsewhere as much as there are places here. No places:
	// all are alike.
	Places []string
}

// Person (政务公开工作人员) is somebody who is to be trained.
type Person struct {
	ID   uint64
	Unit uint64
	// Last is the day of the last training that counted, zero for never.
	Last calendar.Date
	// Joined decides between people equally long untrained: who joined first goes
	// first, then the smaller ID.
	Joined calendar.Date
	// From and To are the first and last day on the unit's roster; a zero From is
	// always, a zero To still.
	From, To calendar.Date
	// Busy are the times of the person's standing nominations. On their days the
	// unit misses the person already, so that another session on such a day, at
	// another time, takes nobody else away from it.
	Busy []Span
}

// Session (培训班次) has seats to fill.
type Session struct {
	ID uint64
	Span
	// Seats are those still free.
	Seats int
	// Place is where it is held; a session without place, such as one online, suits
	// every unit.
	Place string
}

// Span is a time on each of some days, From to To, both included. Start and End
// are minutes since midnight; both zero mean the whole day.
type Span struct {
	From, To   calendar.Date
	Start, End int
}

// overlaps tells whether two spans share a time.
func (s Span) overlaps(other Span) bool {
	start, end := s.hours()
	otherStart, otherEnd := other.hours()
	return s.From <= other.To && other.From <= s.To && start < otherEnd && otherStart < end
}

func (s Span) hours() (start, end int) {
	if s.Start == 0 && s.End == 0 {
		return 0, minutesPerDay
	}
	return s.Start, s.End
}

func (s Span) check() error {
	start, end := s.hours()
	if s.From.IsZero() || s.To < s.From {
		return fmt.Errorf("days %q to %q are no span", s.From, s.To)
	}
	if start < 0 || start >= end || end > minutesPerDay {
		return fmt.Errorf("minutes %d to %d are no time of a day", s.Start, s.End)
	}
	return nil
}

// limit is how many people of the unit may be away on a day: the share of its
// size, rounded down, but at least one.
func (u *Unit) limit(share int) int { return max(1, u.Size*share/Whole) }

// placeCost is what a seat at the place costs the unit.
func (u *Unit) placeCost(place string) int32 {
	if place == "" {
		return 0
	}
	for i, p := range u.Places {
		if p == place {
			return int32(i)
		}
	}
	return int32(len(u.Places))
}

// check tells the first thing in the problem that makes no sense.
func (p *Problem) check() error {
	if p.From.IsZero() || p.To < p.From {
		return fmt.Errorf("window %q to %q is no span", p.From, p.To)
	}
	if p.Share < 0 || p.Share > Whole {
		return fmt.Errorf("share of %d basis points is not between 0 and %d", p.Share, Whole)
	}
	units := make(map[uint64]bool, len(p.Units))
	for _, u := range p.Units {
		if units[u.ID] || u.Size < 0 {
			return fmt.Errorf("unit %d: given twice, or of size %d", u.ID, u.Size)
		}
		units[u.ID] = true
	}
	if err := p.checkSessions(); err != nil {
		return err
	}
	people := make(map[uint64]bool, len(p.People))
	for _, person := range p.People {
		if people[person.ID] || !units[person.Unit] {
			return fmt.Errorf("person %d: given twice, or of unknown unit %d", person.ID, person.Unit)
		}
		people[person.ID] = true
		for _, span := range person.Busy {
			if err := span.check(); err != nil {
				return fmt.Errorf("person %d: busy: %w", person.ID, err)
			}
		}
	}
	return nil
}

func (p *Problem) checkSessions() error {
	sessions := make(map[uint64]bool, len(p.Sessions))
	for _, s := range p.Sessions {
		if sessions[s.ID] || s.Seats < 0 {
			return fmt.Errorf("session %d: given twice, or with %d seats", s.ID, s.Seats)
		}
		if err := s.check(); err != nil {
			return fmt.Errorf("session %d: %w", s.ID, err)
		}
		sessions[s.ID] = true
	}
	return nil
}
