package training

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/planner"
	"sundial/server/rules"
)

// Proposal is who should go to which session, and what cannot be had.
type Proposal struct {
	Request PlanRequest
	Unit    models.Unit
	// Table is how far the rotation has come today.
	Table *compliance.RotationTable
	At    time.Time
	// Mark stands for all that the proposal is made of.
	Mark string
	// Sessions are those that could be filled, the earliest first; also those to
	// which nobody is proposed.
	Sessions []PlannedSession
	// Proposed counts those who are proposed, Planned those who are left but have a
	// seat in a session to come already.
	Proposed, Planned int
	// Unrecorded counts those who are left and had a seat in a session that is over
	// and not marked as held: their attendance may be missing.
	Unrecorded int
	// Left are those who are left over, by unit.
	Left []Unplaced
	// Bound is how many nobody could exceed; Best tells that no proposal is better.
	Bound int
	Best  bool
	// Extra is what would have to be added; nil when nobody is left over.
	Extra *ExtraSessions
	// standing are the sessions whose nominations take part in the mark.
	standing []uint64
}

// PlannedSession is a session with who is proposed to it.
type PlannedSession struct {
	SessionView
	Units    []PlannedUnit
	Proposed int
}

// PlannedUnit is the people of a unit who are proposed to one session.
type PlannedUnit struct {
	Unit   models.Unit
	People []PlannedPerson
}

// PlannedPerson is somebody to be trained; LastTrained is zero for never.
type PlannedPerson struct {
	Person      models.Person
	Post        string
	LastTrained calendar.Date
}

// Unplaced is somebody without a seat, and why.
type Unplaced struct {
	PlannedPerson
	Unit   models.Unit
	Reason planner.Reason
}

// Why says why the person has no seat.
func (u Unplaced) Why() rules.Reason { return rules.Reason{Key: "planner.reason." + string(u.Reason)} }

// Free counts the free seats of all sessions that could be filled.
func (p *Proposal) Free() int {
	free := 0
	for _, s := range p.Sessions {
		free += s.Free()
	}
	return free
}

// ToPlan counts the people who are left and have no seat yet.
func (p *Proposal) ToPlan() int { return p.Proposed + len(p.Left) }

// Greatest tells whether it is proven that nobody further can be seated.
func (p *Proposal) Greatest() bool { return p.Proposed == p.Bound }

// Missing is how many free seats there are fewer than people who need one.
func (p *Proposal) Missing() int { return max(0, p.ToPlan()-p.Free()) }

// AtEnd is how far the rotation will have come by its end when all sessions are
// held, everybody comes, and the roster stays as it is.
func (p *Proposal) AtEnd() compliance.RotationCount {
	count := p.Table.Total
	count.Trained += p.Planned + p.Proposed
	return count
}

// PlanGround is what can be planned for before anything is proposed.
type PlanGround struct {
	// Table is how far the rotation has come today.
	Table *compliance.RotationTable
	// Sessions have free seats and lie in what is left of the window.
	Sessions []SessionView
}

// Free counts the free seats.
func (g *PlanGround) Free() int {
	free := 0
	for _, s := range g.Sessions {
		free += s.Free()
	}
	return free
}

// PlanGround tells what a proposal for the unit could be made of. It asks of the
// actor what Propose asks.
func (d *Desk) PlanGround(ctx context.Context, actor compliance.Actor, unit models.Unit, request PlanRequest) (*PlanGround, error) {
	if err := d.mayPlan(ctx, actor, unit); err != nil {
		return nil, err
	}
	table, err := d.Coverage(ctx, request.rotation(unit, d.Today()))
	if err != nil {
		return nil, err
	}
	db := d.store.Read(ctx)
	rows, err := sessionsToFill(db, unit, table)
	if err != nil {
		return nil, err
	}
	lines, err := sessionLines(db, rows)
	ground := &PlanGround{Table: table}
	for _, line := range lines {
		ground.Sessions = append(ground.Sessions, line.SessionView)
	}
	return ground, err
}

func (d *Desk) mayPlan(ctx context.Context, actor compliance.Actor, unit models.Unit) error {
	found, err := readUnit(d.store.Read(ctx), actor, "id", unit.ID)
	if err != nil {
		return err
	}
	return actor.Allow(decideNomination, found)
}

// Propose proposes who of the unit's subtree, of those who are left of a rotation,
// should go to which of the sessions to come of the unit and of the offices above
// it: see package planner for what is best. Nominations that stand are kept, and
// who has a seat already is not planned again. One proposal is made at a time;
// the end of ctx stops it. Progress may be nil. Nothing is stored.
//
// The actor decides on nominations of the unit. A request that makes no sense is
// Invalid; the other errors are those of [Desk.Coverage].
func (d *Desk) Propose(ctx context.Context, actor compliance.Actor, unit models.Unit, request PlanRequest, progress func(done, total int)) (*Proposal, error) {
	if err := d.mayPlan(ctx, actor, unit); err != nil {
		return nil, err
	}
	if err := request.check(); err != nil {
		return nil, err
	}
	select {
	case d.planning <- struct{}{}:
		defer func() { <-d.planning }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	table, err := d.Coverage(ctx, request.rotation(unit, d.Today()))
	if err != nil {
		return nil, err
	}
	db := d.store.Read(ctx)
	r, err := d.rotaOf(db, table, unit, request)
	if err != nil {
		return nil, fmt.Errorf("read for a proposal: %w", err)
	}
	found, err := planner.Propose(ctx, &r.problem, progress)
	if err != nil {
		return nil, err
	}
	p := &Proposal{Request: request, Unit: table.Unit, Table: table, At: d.now(), Mark: r.mark(), Proposed: len(found.Nominations), Planned: len(r.planned),
		Unrecorded: len(r.unrecorded), Bound: found.Bound, Best: found.Best, standing: r.standing}
	if err := p.name(db, r, found); err != nil {
		return nil, err
	}
	if len(found.Left) > 0 {
		p.Extra, err = d.extraSessions(ctx, r, found)
	}
	return p, err
}

// name brings people, units and sessions to what was found.
func (p *Proposal) name(db *gorm.DB, r *rota, found *planner.Proposal) error {
	var ids, units []uint64
	unitOf := map[uint64]uint64{}
	for _, person := range r.problem.People {
		ids = append(ids, person.ID)
		unitOf[person.ID] = person.Unit
		units = append(units, person.Unit)
	}
	people, err := namesOf(db, ids)
	if err != nil {
		return err
	}
	named, err := unitsByID(db, units)
	if err != nil {
		return err
	}
	lines, err := sessionLines(db, r.sessions)
	if err != nil {
		return err
	}
	planned := func(row leftRow) PlannedPerson {
		return PlannedPerson{Person: people[row.PersonID], Post: row.Post, LastTrained: row.LastOn}
	}
	placed := func(row leftRow) leftRow {
		row.UnitID = unitOf[row.PersonID]
		row.Path = named[row.UnitID].Path
		return row
	}
	going := map[uint64][]leftRow{}
	for _, n := range found.Nominations {
		going[n.Session] = append(going[n.Session], placed(r.left[n.Person]))
	}
	for _, line := range lines {
		session := PlannedSession{SessionView: line.SessionView, Proposed: len(going[line.ID])}
		for _, row := range slices.SortedFunc(slices.Values(going[line.ID]), byUnit) {
			last := len(session.Units) - 1
			if last < 0 || session.Units[last].Unit.ID != row.UnitID {
				session.Units = append(session.Units, PlannedUnit{Unit: named[row.UnitID]})
				last++
			}
			session.Units[last].People = append(session.Units[last].People, planned(row))
		}
		p.Sessions = append(p.Sessions, session)
	}
	reasons, over := map[uint64]planner.Reason{}, []leftRow{}
	for _, left := range found.Left {
		reasons[left.Person] = left.Reason
		over = append(over, placed(r.left[left.Person]))
	}
	slices.SortFunc(over, byUnit)
	for _, row := range over {
		p.Left = append(p.Left, Unplaced{PlannedPerson: planned(row), Unit: named[row.UnitID], Reason: reasons[row.PersonID]})
	}
	return nil
}

// Reasons counts those who are left over by why, in the order of the reasons.
func (p *Proposal) Reasons() []ReasonCount {
	counts := map[planner.Reason]int{}
	for _, left := range p.Left {
		counts[left.Reason]++
	}
	var list []ReasonCount
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, ReasonCount{reason, counts[reason]})
	}
	return list
}

// ReasonCount is how many people are left over for one reason.
type ReasonCount struct {
	Reason planner.Reason
	People int
}
