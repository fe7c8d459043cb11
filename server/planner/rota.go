package planner

import (
	"context"
	"slices"
)

// tries is how many people of a session are asked to change places with somebody
// longer untrained.
const tries = 4

// nowhere is the session of somebody left over.
const nowhere = -1

// rota is who sits where, person by person.
type rota struct {
	*layout
	terms *terms
	// session of each person, or nowhere.
	session []int32
	// attending are the people of each session by priority.
	attending [][]int32
	// missed counts, as terms.spare does, whom a unit misses on a day.
	missed []int32
}

// newRota deals the sessions of each class out to its people.
func newRota(l *layout, seatings []seating) *rota {
	r := &rota{
		layout: l, terms: l.terms(), session: make([]int32, len(l.people)),
		attending: make([][]int32, len(l.sessions)),
	}
	r.missed = make([]int32, len(r.terms.spare))
	sessions := make([][]int32, len(l.classes))
	for _, s := range seatings {
		for range s.people {
			sessions[s.class] = append(sessions[s.class], s.session)
		}
	}
	for position := range r.session {
		r.session[position] = nowhere
	}
	for k, own := range sessions {
		for i, s := range own {
			r.enter(l.classes[k].people[i], s)
		}
	}
	return r
}

// enter seats a person.
func (r *rota) enter(position, session int32) {
	r.session[position] = session
	at, _ := slices.BinarySearch(r.attending[session], position)
	r.attending[session] = slices.Insert(r.attending[session], at, position)
	r.miss(position, session, 1)
}

// leave gives the seat back.
func (r *rota) leave(position int32) {
	session := r.session[position]
	at, _ := slices.BinarySearch(r.attending[session], position)
	r.attending[session] = slices.Delete(r.attending[session], at, at+1)
	r.session[position] = nowhere
	r.miss(position, session, -1)
}

func (r *rota) miss(position, session, people int32) {
	k := r.classOf[position]
	for _, d := range r.missedOn(k, r.blockOf[session]) {
		r.missed[int(r.classes[k].unit)*len(r.days)+int(d)] += people
	}
}

// spared tells whether the person's unit can do without them in the session.
func (r *rota) spared(position, session int32) bool {
	k := r.classOf[position]
	for _, d := range r.missedOn(k, r.blockOf[session]) {
		at := int(r.classes[k].unit)*len(r.days) + int(d)
		if r.missed[at] >= r.terms.spare[at] {
			return false
		}
	}
	return true
}

// may tells whether the person can attend the session at all.
func (r *rota) may(position, session int32) bool {
	return r.rostered(r.classOf[position], session) && r.free(r.classOf[position], session)
}

// dearer is how much more a seat costs the person's unit in one session than in
// another.
func (r *rota) dearer(position, session, than int32) int32 {
	unit := r.classes[r.classOf[position]].unit
	return r.costOf(unit, session) - r.costOf(unit, than)
}

// advance lets people take an earlier session, the longest untrained first: a free
// seat, or one of somebody trained later, who takes theirs. Nobody loses a seat, and
// no move makes the places dearer.
func (r *rota) advance(ctx context.Context) error {
	for position := range r.session {
		if position%pulse == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if r.session[position] == nowhere {
			continue
		}
		for s := range r.session[position] {
			if r.may(int32(position), s) && r.moveTo(int32(position), s) {
				break
			}
		}
	}
	return nil
}

// moveTo moves the person to a session, if it can be done.
func (r *rota) moveTo(position, session int32) bool {
	old := r.session[position]
	dearer := r.dearer(position, session, old)
	if len(r.attending[session]) < int(r.terms.seats[session]) {
		return dearer <= 0 && r.exchange(position, session, nowhere)
	}
	others := r.attending[session]
	for i := len(others) - 1; i >= max(0, len(others)-tries) && others[i] > position; i-- {
		other := others[i]
		if r.may(other, old) && dearer+r.dearer(other, old, session) <= 0 && r.exchange(position, session, other) {
			return true
		}
	}
	return false
}

// exchange moves the person to a session and the other one, unless nowhere, to
// theirs; when a unit cannot spare them, all stays as it is.
func (r *rota) exchange(position, session, other int32) bool {
	old := r.session[position]
	r.leave(position)
	if other != nowhere {
		r.leave(other)
	}
	done := r.spared(position, session)
	if done {
		r.enter(position, session)
		if other == nowhere || r.spared(other, old) {
			if other != nowhere {
				r.enter(other, old)
			}
			return true
		}
		r.leave(position)
	}
	r.enter(position, old)
	if other != nowhere {
		r.enter(other, session)
	}
	return false
}

// order gives, within each class, the earlier sessions to the longer untrained.
func (r *rota) order() {
	for k := range r.classes {
		var own []int32
		for _, position := range r.classes[k].people {
			if s := r.session[position]; s != nowhere {
				own = append(own, s)
			}
		}
		slices.Sort(own)
		for i, s := range own {
			r.session[r.classes[k].people[i]] = s
		}
	}
}
