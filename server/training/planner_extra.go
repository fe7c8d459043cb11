package training

import (
	"context"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/planner"
)

// ExtraSessions is what would have to be added for those who are left over: so
// many sessions, on the last working days of the window.
type ExtraSessions struct {
	Sessions, Seats int
	// By is the last day on which the first of them can be held, each of the others
	// on a working day after it; zero when there is none left. PerDay is how many are
	// held on one day: one, unless there are fewer days than sessions.
	By     calendar.Date
	PerDay int
	// Leaving counts the people who leave their roster too soon for these days, and
	// Beyond those whom no number of sessions seats in the window.
	Leaving, Beyond int
	// Unit is the one that can send so few people at a time that it needs so many
	// days; without an ID it is the seats that count.
	Unit models.Unit
}

// Seated counts the people whom the sessions seat, of so many.
func (e *ExtraSessions) Seated(people int) int { return people - e.Leaving - e.Beyond }

// trials bounds how often more sessions are tried when the least number of them
// does not do.
const trials = 8

// extraSessions returns what would have to be added to what was found. With every
// unit complete on the days there is one trial: the least number of sessions does.
func (d *Desk) extraSessions(ctx context.Context, r *rota, found *planner.Proposal) (*ExtraSessions, error) {
	cal, err := d.ledger.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	var days []calendar.Date
	for day := r.table.LastDay(); day > r.today && day >= r.table.Period.From; day-- {
		if cal.Day(day).Working {
			days = append(days, day)
		}
	}
	rest := r.rest(found)
	seats := r.request.Seats
	need, err := planner.SessionsNeeded(rest, seats)
	if err != nil {
		return nil, err
	}
	extra := &ExtraSessions{Sessions: need.Sessions, Seats: seats}
	if len(days) == 0 {
		extra.Beyond = len(rest.People)
		return extra, nil
	}
	if need.ByUnit > need.BySeats {
		units, err := unitsByID(d.store.Read(ctx), []uint64{need.Unit})
		if err != nil {
			return nil, err
		}
		extra.Unit = units[need.Unit]
	}
	for trial := range trials {
		if trial > 0 {
			extra.Sessions += (extra.Beyond + seats - 1) / seats
		}
		tried, err := planner.Propose(ctx, with(rest, extra.Sessions, seats, days), nil)
		if err != nil {
			return nil, fmt.Errorf("try %d more sessions: %w", extra.Sessions, err)
		}
		short := tried.Short()
		extra.Leaving = short[planner.OffRoster]
		extra.Beyond = len(tried.Left) - extra.Leaving
		full := extra.Sessions >= len(days) && short[planner.NoSeats] == 0
		if extra.Beyond == 0 || full {
			break
		}
	}
	extra.By = days[min(extra.Sessions, len(days))-1]
	extra.PerDay = (extra.Sessions + len(days) - 1) / len(days)
	return extra, nil
}

// rest is the problem of those who are left over, with their units without those
// who go where it was found.
func (r *rota) rest(found *planner.Proposal) *planner.Problem {
	rest := r.problem
	rest.Sessions, rest.People, rest.Units = nil, nil, nil
	away := map[uint64]map[calendar.Date]int{}
	people := make(map[uint64]planner.Person, len(r.problem.People))
	for _, person := range r.problem.People {
		people[person.ID] = person
	}
	sessions := map[uint64]models.TrainingSession{}
	for _, s := range r.sessions {
		sessions[s.ID] = s
	}
	for _, n := range found.Nominations {
		s := sessions[n.Session]
		for day := s.StartOn; day <= s.EndOn && !anyTime(s); day++ {
			miss(away, people[n.Person].Unit, slot(day))
		}
	}
	units := map[uint64]bool{}
	for _, left := range found.Left {
		rest.People = append(rest.People, people[left.Person])
		units[people[left.Person].Unit] = true
	}
	for _, u := range r.problem.Units {
		if !units[u.ID] {
			continue
		}
		for day, n := range u.Away {
			if n > 0 {
				if away[u.ID] == nil {
					away[u.ID] = map[calendar.Date]int{}
				}
				away[u.ID][day] += n
			}
		}
		u.Places, u.Away = nil, away[u.ID]
		rest.Units = append(rest.Units, u)
	}
	return &rest
}

// with returns the problem with so many sessions on the days: one on each of the
// first ones, or more on each of all of them.
func with(p *planner.Problem, sessions, seats int, days []calendar.Date) *planner.Problem {
	next := *p
	next.Sessions = slices.Clone(p.Sessions)
	for i := range sessions {
		at := slot(days[i%len(days)])
		next.Sessions = append(next.Sessions, planner.Session{ID: uint64(i) + 1, Span: planner.Span{From: at, To: at}, Seats: seats})
	}
	return &next
}
