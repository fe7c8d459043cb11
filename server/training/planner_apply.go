package training

import (
	"context"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
)

// SessionOutcome is what became of the people of a proposal who go to one session.
type SessionOutcome struct {
	Session SessionView
	People  []NominationOutcome
}

// Apply nominates the people of a proposal to their sessions, in one transaction:
// those who are chosen by session, or all when chosen is nil. Each person is
// decided on as in [Desk.Nominate]. When the proposal would be made of anything
// else by now it is Stale, and nothing is done.
func (d *Desk) Apply(ctx context.Context, actor compliance.Actor, p *Proposal, chosen map[uint64][]uint64) ([]SessionOutcome, error) {
	going, err := p.going(chosen)
	if err != nil {
		return nil, err
	}
	table, err := d.Coverage(ctx, p.Request.rotation(p.Unit, d.Today()))
	if err != nil {
		return nil, err
	}
	var outcomes []SessionOutcome
	err = d.write(ctx, actor, func(w *write) error {
		unit, err := w.unitByID(p.Unit.ID, decideNomination)
		if err != nil {
			return err
		}
		if err := w.holdRota(p, table, unit, going); err != nil {
			return err
		}
		if outcomes, err = w.nominateAll(p, going); err != nil {
			return err
		}
		return w.recordRota(unit, outcomes)
	})
	return outcomes, err
}

// going returns the people who are chosen, by session. Who is not proposed to the
// session is NotFound, nobody at all Invalid.
func (p *Proposal) going(chosen map[uint64][]uint64) (map[uint64][]uint64, error) {
	going := map[uint64][]uint64{}
	unknown := maps.Clone(chosen)
	for _, s := range p.Sessions {
		wanted := map[uint64]bool{}
		for _, id := range chosen[s.ID] {
			wanted[id] = true
		}
		delete(unknown, s.ID)
		for _, unit := range s.Units {
			for _, person := range unit.People {
				if chosen == nil || wanted[person.Person.ID] {
					going[s.ID] = append(going[s.ID], person.Person.ID)
					delete(wanted, person.Person.ID)
				}
			}
		}
		if len(wanted) > 0 {
			return nil, models.NewError(models.NotFound, "planner.unknown_person")
		}
	}
	switch {
	case len(unknown) > 0:
		return nil, models.NewError(models.NotFound, "planner.unknown_person")
	case len(going) == 0:
		return nil, models.InvalidFields([]models.Field{{Name: "person", Key: "nomination.nobody"}})
	}
	return going, nil
}

// holdRota locks the sessions that take part in the proposal and the people who
// go, and tells whether the proposal would be made of the same.
func (w *write) holdRota(p *Proposal, table *compliance.RotationTable, unit models.Unit, going map[uint64][]uint64) error {
	var people []uint64
	for _, ids := range going {
		people = append(people, ids...)
	}
	if _, err := w.lockSessions(slices.Concat(p.standing, slices.Collect(maps.Keys(going)))); err != nil {
		return err
	}
	if _, err := w.lockPeople(people); err != nil {
		return err
	}
	r, err := w.rotaOf(w.tx, table, unit, p.Request)
	if err != nil {
		return err
	}
	if r.mark() != p.Mark {
		return models.NewError(models.Stale, "planner.changed")
	}
	return nil
}

// nominateAll nominates session by session, the earliest first.
func (w *write) nominateAll(p *Proposal, going map[uint64][]uint64) ([]SessionOutcome, error) {
	var outcomes []SessionOutcome
	for _, s := range p.Sessions {
		if len(going[s.ID]) == 0 {
			continue
		}
		people, err := w.nominate(s.ID, going[s.ID])
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, SessionOutcome{s.SessionView, people})
		if err := w.recordPeople("nominate", makeNomination, nominated(people), nil); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// recordRota records the whole in the log of the unit whose plan it is.
func (w *write) recordRota(unit models.Unit, outcomes []SessionOutcome) error {
	sum := Sum(outcomes)
	detail := map[string]any{"sessions": len(outcomes), "people": sum.Seated + sum.Waiting, "on_waiting_list": sum.Waiting, "refused": sum.Refused}
	return w.record(event{action: "apply-rota", object: "unit", id: unit.ID, unit: &unit, permission: decideNomination, detail: detail})
}

// RotaSum counts what became of people: who has a seat, who waits, who was not
// nominated.
type RotaSum struct{ Seated, Waiting, Refused int }

// Sum counts outcomes.
func Sum(outcomes []SessionOutcome) RotaSum {
	var sum RotaSum
	for _, session := range outcomes {
		for _, o := range session.People {
			switch {
			case o.Refusal != nil:
				sum.Refused++
			case o.Place > 0:
				sum.Waiting++
			default:
				sum.Seated++
			}
		}
	}
	return sum
}
