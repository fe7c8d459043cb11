package training

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
)

// Merge is what becomes of two people who are one: the duplicate's records become
// those of the one that is kept.
type Merge struct {
	Keep, Duplicate models.Person
	// KeepUnit and DuplicateUnit are those to which the two belong; zero for somebody
	// on no roster.
	KeepUnit, DuplicateUnit models.Unit
	// Number and IDTail are those that the kept person takes over, empty for none.
	Number, IDTail string
	// Postings are those that the kept one gets: the duplicate's, cut to the days
	// that their own do not cover. Dropped counts those of which nothing is left.
	Postings []models.Posting
	Dropped  int
	// Units are those of the postings.
	Units map[uint64]models.Unit
	// Attendances and Nominations count what is taken over, and those of a session
	// that both have, of which the better one stays.
	Attendances, DoubleAttendances int
	Nominations, DoubleNominations int
}

// PreviewMerge tells what Merge would do, and refuses what it would refuse.
func (d *Desk) PreviewMerge(ctx context.Context, actor compliance.Actor, keep, duplicate uint64) (*Merge, error) {
	m, err := d.look(ctx, actor).planMerge(keep, duplicate)
	if err != nil {
		return nil, err
	}
	return &m.Merge, nil
}

// MergePeople makes the duplicate and the kept person one, with the reason. The
// actor manages the rosters of the units to which both belong, else Forbidden. Two
// ID numbers, or two places at one time, show that they are two people: a
// Conflict.
func (d *Desk) MergePeople(ctx context.Context, actor compliance.Actor, keep, duplicate uint64, versions [2]int, reason string) error {
	return d.write(ctx, actor, func(w *write) error {
		m, err := w.planMerge(keep, duplicate)
		if err != nil {
			return err
		}
		for i, person := range []models.Person{m.Keep, m.Duplicate} {
			if person.Version != versions[i] {
				return w.overtaken(person)
			}
		}
		reason := strings.TrimSpace(reason)
		if err := checkReason(reason); err != nil {
			return err
		}
		return w.merge(m, reason)
	})
}

// mergePlan is a merge with all that it changes.
type mergePlan struct {
	Merge
	keep, duplicate *personChange
	sessions        map[uint64]models.TrainingSession
	attendances     []attendanceChange
	// withdrawn are nominations to sessions that both were nominated to.
	withdrawn []models.Nomination
}

// planMerge locks what a merge concerns, sessions before people, and decides what
// becomes of it.
func (w *write) planMerge(keep, duplicate uint64) (*mergePlan, error) {
	if keep == duplicate {
		return nil, models.NewError(models.Conflict, "person.merge_itself")
	}
	m := &mergePlan{}
	var ids []uint64
	err := w.tx.Model(&models.Nomination{}).Where("person_id IN ? AND ended = 0", []uint64{keep, duplicate}).Distinct().Pluck("session_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("sessions of two people: %w", err)
	}
	if m.sessions, err = w.lockSessions(ids); err != nil {
		return nil, err
	}
	if err := w.holdRoster(); err != nil {
		return nil, err
	}
	if _, err := w.lockPeople([]uint64{keep, duplicate}); err != nil {
		return nil, err
	}
	if m.keep, err = w.openPerson(keep); err != nil {
		return nil, err
	}
	if m.duplicate, err = w.openPerson(duplicate); err != nil {
		return nil, err
	}
	m.Keep, m.Duplicate = m.keep.person, m.duplicate.person
	m.KeepUnit, m.DuplicateUnit = m.keep.units[m.keep.home(w.today)], m.duplicate.units[m.duplicate.home(w.today)]
	for _, step := range []func(*mergePlan) error{w.mayMerge, w.planNumbers, w.planPostings, w.planAttendances, w.planNominations, w.refuseTwoSeats} {
		if err := step(m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (w *write) mayMerge(m *mergePlan) error {
	for _, c := range []*personChange{m.keep, m.duplicate} {
		allowed := mayAt(w, manageRoster, c.units[c.home(w.today)])
		if len(c.was) == 0 { // on no roster any more, and seen by who saw them there
			allowed = w.actor.Access.Allows(manageRoster.Object, manageRoster.Action)
		}
		if !allowed {
			return models.NewError(models.Forbidden, "error.forbidden")
		}
	}
	return nil
}

// merge stores the plan.
func (w *write) merge(m *mergePlan, reason string) error {
	for _, row := range m.withdrawn {
		session := m.sessions[row.SessionID]
		if _, err := w.cancelNominations(&session, []models.Nomination{row}, reason); err != nil {
			return err
		}
	}
	err := w.tx.Model(&models.Nomination{}).Where("person_id = ?", m.Duplicate.ID).Update("person_id", m.Keep.ID).Error
	if err != nil {
		return fmt.Errorf("take over nominations: %w", err)
	}
	if err := w.reviseAttendances(m.attendances); err != nil {
		return err
	}
	err = w.tx.Model(&models.Person{}).Where("merged_into = ?", m.Duplicate.ID).Update("merged_into", m.Keep.ID).Error
	if err != nil {
		return fmt.Errorf("people merged before: %w", err)
	}
	// The duplicate first: it gives its numbers away.
	for _, c := range []*personChange{m.duplicate, m.keep} {
		w.touch(unitsOfPostings(slices.Concat(c.was, c.now))...)
		if err := w.keepFiles([]*staffFile{c.staffFile}); err != nil {
			return err
		}
	}
	return w.recordMerge(m, reason)
}

// recordMerge records the merge for the unit of each of the two.
func (w *write) recordMerge(m *mergePlan, reason string) error {
	told := map[string]any{"name": m.Keep.Name, "duplicate": m.Duplicate.Name, "duplicate_number": m.Duplicate.Number, "reason": reason,
		"postings": len(m.Postings), "attendances": m.Attendances, "nominations": m.Nominations}
	var units []models.Unit
	for _, c := range []*personChange{m.keep, m.duplicate} {
		if len(c.was) > 0 {
			units = append(units, c.units[homeOf(c.was, w.today)])
		}
	}
	for i, unit := range units {
		if i > 0 && unit.ID == units[0].ID {
			continue
		}
		e := event{action: "merge", object: "person", id: m.Keep.ID, unit: &unit, permission: manageRoster, before: personFacts(m.Keep), now: personFacts(m.keep.person), detail: told}
		if err := w.record(e); err != nil {
			return err
		}
	}
	return nil
}
