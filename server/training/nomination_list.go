package training

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
)

// cancelNominations ends nominations to a locked session and moves the waiting
// list up.
func (w *write) cancelNominations(session *models.TrainingSession, rows []models.Nomination, reason string) ([]models.Person, error) {
	if err := w.end(rows, reason); err != nil {
		return nil, err
	}
	if err := w.saveCounts(session); err != nil {
		return nil, err
	}
	if err := w.recordPeople("withdraw-nomination", makeNomination, rows, map[string]any{"reason": reason}); err != nil {
		return nil, err
	}
	return w.moveUp(session)
}

// end ends nominations.
func (w *write) end(rows []models.Nomination, reason string) error {
	return w.decide(rows, map[string]any{"status": models.NominationCancelled, "ended": gorm.Expr("id"), "reason": reason})
}

// moveUp gives the free seats of a locked session to who waits and can come, first
// come first served, and returns them.
func (w *write) moveUp(session *models.TrainingSession) ([]models.Person, error) {
	if session.Waiting == 0 || session.Status != models.SessionOpen {
		return nil, nil
	}
	free, err := w.freeSeats(*session)
	if err != nil || free <= 0 {
		return nil, err
	}
	rows, err := w.nextInLine(*session)
	if err != nil {
		return nil, err
	}
	rows = rows[:min(len(rows), free)]
	if len(rows) == 0 {
		return nil, nil
	}
	if err := w.change(rows, map[string]any{"status": models.NominationSeated}); err != nil {
		return nil, err
	}
	if err := w.saveCounts(session); err != nil {
		return nil, err
	}
	people, err := w.peopleOf(rows)
	if err != nil {
		return nil, err
	}
	return people, w.recordPeople("move-up", decideNomination, rows, nil)
}

// nextInLine returns who waits for a seat of a locked session and is on a roster
// on its days, in their order. The others keep their places, and so does who came
// unasked and has the place in the room.
func (w *write) nextInLine(session models.TrainingSession) ([]models.Nomination, error) {
	var rows []models.Nomination
	err := w.tx.Where("session_id = ? AND status = ?", session.ID, models.NominationWaiting).
		Where("NOT EXISTS (SELECT 1 FROM attendances a WHERE a.session_id = nominations.session_id AND a.person_id = nominations.person_id AND a.known_until = ? AND a.present)", models.Forever).
		Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("waiting list: %w", err)
	}
	posted, err := w.postedThroughout(session, personIDs(rows))
	return slices.DeleteFunc(rows, func(row models.Nomination) bool { return !posted[row.PersonID] }), err
}

// postedThroughout tells who of the people is on a roster on the first and the
// last day on which they have to be there.
func (w *write) postedThroughout(session models.TrainingSession, people []uint64) (map[uint64]bool, error) {
	from, to := attendableDays(session, w.today)
	first, err := postingsOn(w.tx, distinct(people), from)
	if err != nil {
		return nil, err
	}
	last, err := postingsOn(w.tx, distinct(people), to)
	posted := map[uint64]bool{}
	for id := range first {
		_, posted[id] = last[id]
	}
	return posted, err
}

// peopleOf returns the people of nominations, in their order.
func (w *write) peopleOf(rows []models.Nomination) ([]models.Person, error) {
	byID, err := peopleByID(w.tx, personIDs(rows))
	if err != nil {
		return nil, err
	}
	people := make([]models.Person, 0, len(rows))
	for _, row := range rows {
		if person, ok := byID[row.PersonID]; ok {
			people = append(people, person)
		}
	}
	return people, nil
}

// recordPeople records what was done to nominations to a session: one entry per
// unit whose people they are, so that each sees its own in the log.
func (w *write) recordPeople(action string, permission rbac.Permission, rows []models.Nomination, detail map[string]any) error {
	units, err := unitsByID(w.tx, unitIDs(rows))
	if err != nil {
		return err
	}
	byUnit, order := map[uint64][]models.Nomination{}, []uint64{}
	for _, row := range rows {
		if byUnit[row.UnitID] == nil {
			order = append(order, row.UnitID)
		}
		byUnit[row.UnitID] = append(byUnit[row.UnitID], row)
	}
	for _, id := range order {
		told, err := w.told(byUnit[id], detail)
		if err != nil {
			return err
		}
		unit := units[id]
		if err := w.record(event{action: action, object: "session", id: rows[0].SessionID, unit: &unit, permission: permission, detail: told}); err != nil {
			return err
		}
	}
	return nil
}

// namesAtMost bounds the names that an audit entry lists.
const namesAtMost = 10

// told is what an audit entry tells of nominations: how many there are, how many
// of them wait, and the first names.
func (w *write) told(rows []models.Nomination, detail map[string]any) (map[string]any, error) {
	people, err := w.peopleOf(rows)
	if err != nil {
		return nil, err
	}
	waiting, names := 0, []string{}
	for _, row := range rows {
		if row.Status == models.NominationWaiting {
			waiting++
		}
	}
	for _, person := range people[:min(len(people), namesAtMost)] {
		names = append(names, person.Name)
	}
	told := map[string]any{"people": len(rows), "on_waiting_list": waiting, "names": names}
	maps.Copy(told, detail)
	return told, nil
}
