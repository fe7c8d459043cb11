package training

import (
	"maps"

	"sundial/models"
)

// recordStaff records what becomes of a person and of each posting, with what it
// was before: for each unit concerned an entry of its own, so that it sees in the
// log who left and who came.
func (w *write) recordStaff(action string, f *staffFile, detail map[string]any) error {
	units, err := unitsByID(w.tx, append(unitsOfPostings(f.was), unitsOfPostings(f.now)...))
	if err != nil {
		return err
	}
	told := map[string]any{"name": f.person.Name}
	maps.Copy(told, detail)
	e := event{action: action, object: "person", id: f.person.ID, permission: keepRoster, detail: told}
	changes := f.changes()
	if f.isNew() {
		// Somebody is added with their first posting, in one entry.
		first := e.ofPosting(changes[0], units)
		facts := postingFacts(*changes[0].now, units)
		maps.Copy(facts, personFacts(f.person))
		first.now = facts
		return w.record(first)
	}
	if identityOf(f.person) != identityOf(f.stored) {
		if err := w.record(e.ofPerson(f, units[f.home(w.today)])); err != nil {
			return err
		}
	}
	for _, change := range changes {
		if err := w.record(e.ofPosting(change, units)); err != nil {
			return err
		}
	}
	return nil
}

func (e event) ofPerson(f *staffFile, unit models.Unit) event {
	e.unit, e.before, e.now = &unit, personFacts(f.stored), personFacts(f.person)
	return e
}

func (e event) ofPosting(change postingChange, units map[uint64]models.Unit) event {
	var unit models.Unit
	if change.before != nil {
		unit, e.before = units[change.before.UnitID], postingFacts(*change.before, units)
	}
	if change.now != nil {
		unit, e.now = units[change.now.UnitID], postingFacts(*change.now, units)
	}
	e.unit = &unit
	return e
}

// personFacts are what the audit log tells of a person; of the ID number only the
// tail.
func personFacts(p models.Person) map[string]any {
	return map[string]any{"name": p.Name, "staff_number": p.Number, "id_tail": p.IDTail}
}

func postingFacts(p models.Posting, units map[uint64]models.Unit) map[string]any {
	return map[string]any{"unit": units[p.UnitID].Code, "post": p.Post, "part_time": p.PartTime, "start_on": p.StartOn, "end_on": p.EndOn}
}
