package planner

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"sundial/server/calendar"
)

// Need is how many sessions a rotation takes.
type Need struct {
	// Sessions is the number needed, the greater of the two that follow.
	Sessions int
	// BySeats is how many hold everybody, ByUnit how many the unit with the id Unit
	// takes, which can send only a share of its people to each.
	BySeats, ByUnit int
	Unit            uint64
}

// SessionsNeeded returns how many sessions with so many seats seat all people of
// the problem, at one session a day on days on which everybody is there; the
// problem's sessions, rosters and absences do not count.
//
// The number is exact. Fewer do not do, for seats or for the unit. As many do: if
// each unit sends the n-th part of its people to each of n sessions, no session is
// over its seats and no unit over its limit; that is a flow, and where a flow in
// parts exists within whole limits there is one in whole people.
func SessionsNeeded(p *Problem, seats int) (Need, error) {
	if err := p.check(); err != nil {
		return Need{}, fmt.Errorf("count sessions: %w", err)
	}
	if seats < 1 {
		return Need{}, fmt.Errorf("count sessions: %d seats seat nobody", seats)
	}
	need := Need{BySeats: ratioUp(len(p.People), seats)}
	people := map[uint64]int{}
	for _, person := range p.People {
		people[person.Unit]++
	}
	for i := range p.Units {
		u := &p.Units[i]
		if n := ratioUp(people[u.ID], u.limit(p.Share)); n > need.ByUnit {
			need.ByUnit, need.Unit = n, u.ID
		}
	}
	need.Sessions = max(need.BySeats, need.ByUnit)
	return need, nil
}

// ratioUp divides and rounds up.
func ratioUp(n, by int) int { return (n + by - 1) / by }

// Fit tells how far days go.
type Fit struct {
	// Days is how many of the days, from the first on, are enough; -1 when all of
	// them are not.
	Days int
	// Short is how many people are left over when all days are used, and Bound how
	// many no plan can exceed then.
	Short, Bound int
}

// FitDays tells whether a session of so many seats on each of the days, besides the
// sessions of the problem, seats everybody, and how many of the days do. Rosters
// and absences count. A day may be given more than once; one outside of the window
// is of no use.
func FitDays(ctx context.Context, p *Problem, seats int, days []calendar.Date) (Fit, error) {
	if err := p.check(); err != nil {
		return Fit{}, fmt.Errorf("try days: %w", err)
	}
	if seats < 1 {
		return Fit{}, fmt.Errorf("try days: %d seats seat nobody", seats)
	}
	cover := func(n int) (*found, error) {
		return newLayout(p.with(seats, days[:n])).search(ctx, usual.search, func(int) {})
	}
	all, err := cover(len(days))
	if err != nil {
		return Fit{}, fmt.Errorf("try days: %w", err)
	}
	fit := Fit{Days: -1, Short: len(p.People) - all.count, Bound: all.bound}
	if fit.Short > 0 {
		return fit, nil
	}
	fit.Days = sort.Search(len(days), func(n int) bool {
		var some *found
		if err == nil {
			some, err = cover(n)
		}
		return err != nil || some.count == len(p.People)
	})
	if err != nil {
		return Fit{}, fmt.Errorf("try days: %w", err)
	}
	return fit, nil
}

// with returns the problem with a session on each of the days.
func (p *Problem) with(seats int, days []calendar.Date) *Problem {
	next := *p
	next.Sessions = slices.Clone(p.Sessions)
	id := uint64(0)
	for _, s := range p.Sessions {
		id = max(id, s.ID)
	}
	for i, day := range days {
		next.Sessions = append(next.Sessions, Session{ID: id + uint64(i) + 1, Span: Span{From: day, To: day}, Seats: seats})
	}
	return &next
}
