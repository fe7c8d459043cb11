package training

import (
	"context"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// NominationOutcome is what became of one person of a batch: a refused one leaves
// the others as they are.
type NominationOutcome struct {
	// Person has only the id where the actor is not told of the person.
	Person     models.Person
	Unit       models.Unit
	Nomination models.Nomination
	// Place is the place on the waiting list, from 1; 0 for who has a seat.
	Place int
	// Refusal says why the person was not nominated; nil for who was.
	Refusal *models.Error
	// Warning says what speaks against it all the same; without a key for nothing.
	Warning rules.Reason
}

// Nominate nominates people to a session, in the order given: who finds a seat
// free gets it, others wait. Each is decided on its own; a session that takes no
// nominations refuses them all as a Conflict. The actor nominates people of units
// below the office that holds the session.
func (d *Desk) Nominate(ctx context.Context, actor compliance.Actor, session uint64, people []uint64) ([]NominationOutcome, error) {
	var outcomes []NominationOutcome
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		if outcomes, err = w.nominate(session, people); err != nil {
			return err
		}
		return w.recordPeople("nominate", makeNomination, nominated(outcomes), nil)
	})
	return outcomes, err
}

// nominated returns the nominations that were made.
func nominated(outcomes []NominationOutcome) []models.Nomination {
	var rows []models.Nomination
	for _, o := range outcomes {
		if o.Refusal == nil {
			rows = append(rows, o.Nomination)
		}
	}
	return rows
}

// nominate is Nominate inside a write, without its audit entries. It locks the
// session and the people; a write that nominates to several sessions locks them
// all first, with [write.lockSessions], and then all people.
func (w *write) nominate(session uint64, people []uint64) ([]NominationOutcome, error) {
	row, _, err := w.lockSession(session)
	if err != nil {
		return nil, err
	}
	office, err := readOffice(w.tx, w.actor, row.UnitID, sessionUnknown)
	if err != nil {
		return nil, err
	}
	if err := w.takesNominations(row); err != nil {
		return nil, err
	}
	return w.seat(&row, office, people, 0)
}

// takesNominations refuses a session that is cancelled, held or past.
func (w *write) takesNominations(session models.TrainingSession) error {
	switch {
	case session.Status != models.SessionOpen:
		return notOpen(session)
	case session.EndOn < w.today:
		return models.NewError(models.Conflict, "session.past", "Session", session.Code, "On", session.EndOn)
	}
	return nil
}

func notOpen(session models.TrainingSession) error {
	return models.NewError(models.Conflict, "session."+string(session.Status)+"_already", "Session", session.Code)
}

// seat nominates people to a locked session. Except is the session that they
// leave for it, 0 for none.
func (w *write) seat(session *models.TrainingSession, office models.Unit, people []uint64, except uint64) ([]NominationOutcome, error) {
	if len(people) == 0 {
		return nil, models.InvalidFields([]models.Field{{Name: "person", Key: "nomination.nobody"}})
	}
	if _, err := w.lockPeople(people); err != nil {
		return nil, err
	}
	c, err := w.candidacyOf(w.tx, w.actor, *session, office, people, except)
	if err != nil {
		return nil, err
	}
	free, err := w.freeSeats(*session)
	if err != nil {
		return nil, err
	}
	outcomes := make([]NominationOutcome, len(people))
	var rows []models.Nomination
	for i, id := range people {
		if refusal := c.refusal(id); refusal != nil {
			outcomes[i] = NominationOutcome{Person: models.Person{ID: id}, Refusal: refusal}
			if refusal.Code != models.NotFound {
				outcomes[i].Person = c.people[id]
			}
			continue
		}
		row := w.nomination(session, c.first[id], free > 0)
		outcomes[i] = NominationOutcome{Person: c.people[id], Unit: c.units[row.UnitID], Nomination: row, Warning: c.warning(id)}
		if row.Status == models.NominationWaiting {
			outcomes[i].Place = session.Waiting
		}
		free--
		rows = append(rows, row)
		c.engaged[id] = append(c.engaged[id], engagement{TrainingSession: *session, PersonID: id})
	}
	return outcomes, w.storeNominations(session, rows, outcomes)
}

// freeSeats is how many people can still be given a seat of a locked session:
// neither those with a seat nor those in the room may be more than it has. Who is
// absent leaves the seat to whoever is there, and not to who waits.
func (w *write) freeSeats(session models.TrainingSession) (int, error) {
	taken, err := w.takenSeats(session)
	return session.Capacity - taken, err
}

// takenSeats is how many seats of a locked session are spoken for: by people with
// a seat, or by those who are there or still expected.
func (w *write) takenSeats(session models.TrainingSession) (int, error) {
	taken, err := seatsTaken(w.tx, []uint64{session.ID})
	return max(session.Seated, taken[session.ID]), err
}

// nomination takes a seat of the session for the person of the posting, or the
// next place on the waiting list.
func (w *write) nomination(session *models.TrainingSession, posting models.Posting, free bool) models.Nomination {
	row := models.Nomination{SessionID: session.ID, PersonID: posting.PersonID, UnitID: posting.UnitID, Status: models.NominationWaiting,
		NominatedBy: w.actor.ID, NominatedAt: w.at, Version: 1}
	if free {
		row.Status = models.NominationSeated
		session.Seated++
	} else {
		session.Waiting++
	}
	return row
}

// storeNominations stores new nominations in their order, gives their ids to the
// outcomes, and stores the session's counts.
func (w *write) storeNominations(session *models.TrainingSession, rows []models.Nomination, outcomes []NominationOutcome) error {
	if len(rows) == 0 {
		return nil
	}
	if err := w.tx.CreateInBatches(rows, batch).Error; err != nil {
		return fmt.Errorf("store nominations: %w", err)
	}
	// Read again: ids of a batch are not dense in a cluster.
	var stored []models.Nomination
	if err := w.tx.Where("session_id = ? AND ended = 0", session.ID).Find(&stored).Error; err != nil {
		return fmt.Errorf("nominations of session: %w", err)
	}
	for i := range outcomes {
		at := slices.IndexFunc(stored, func(n models.Nomination) bool { return n.PersonID == outcomes[i].Person.ID })
		if outcomes[i].Refusal == nil && at >= 0 {
			outcomes[i].Nomination = stored[at]
		}
	}
	return w.saveCounts(session)
}

// saveCounts stores how many seats of a locked session are taken and how many
// people wait, as its nominations have it.
func (w *write) saveCounts(session *models.TrainingSession) error {
	var counts []struct {
		Status models.NominationStatus
		Count  int
	}
	err := w.tx.Model(&models.Nomination{}).Select("status, COUNT(*) AS count").Where("session_id = ? AND ended = 0", session.ID).Group("status").Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("count nominations: %w", err)
	}
	session.Seated, session.Waiting = 0, 0
	for _, c := range counts {
		if c.Status == models.NominationWaiting {
			session.Waiting += c.Count
		} else {
			session.Seated += c.Count
		}
	}
	err = w.tx.Model(&models.TrainingSession{}).Where("id = ?", session.ID).Updates(map[string]any{"seated": session.Seated, "waiting": session.Waiting}).Error
	if err != nil {
		return fmt.Errorf("store counts of session: %w", err)
	}
	return nil
}
