package training

import (
	"context"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
)

// MoveNominations moves people from one open session to another one: each leaves
// the first only when the other takes them, on a seat or on its waiting list, and
// stays where it refuses them. Without a reason the nominations that end tell the
// code of the other session. It asks of the actor what withdrawing from the one
// and nominating to the other ask.
func (d *Desk) MoveNominations(ctx context.Context, actor compliance.Actor, from, to uint64, nominations []uint64, reason string) ([]NominationOutcome, error) {
	reason = strings.TrimSpace(reason)
	if reason != "" {
		if err := checkReason(reason); err != nil {
			return nil, err
		}
	}
	var outcomes []NominationOutcome
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		outcomes, err = w.move(from, to, nominations, reason)
		return err
	})
	return outcomes, err
}

func (w *write) move(from, to uint64, nominations []uint64, reason string) ([]NominationOutcome, error) {
	if from == to {
		return nil, models.InvalidFields([]models.Field{{Name: "to", Key: "nomination.same_session"}})
	}
	sessions, err := w.lockSessions([]uint64{from, to})
	if err != nil {
		return nil, err
	}
	source, target := sessions[from], sessions[to]
	rows, err := w.leavingFor(source, target, nominations)
	if err != nil {
		return nil, err
	}
	office, err := readOffice(w.tx, w.actor, target.UnitID, sessionUnknown)
	if err != nil {
		return nil, err
	}
	outcomes, err := w.seat(&target, office, personIDs(rows), from)
	if err != nil {
		return nil, err
	}
	taken := nominated(outcomes)
	if len(taken) == 0 {
		return outcomes, nil
	}
	rows = slices.DeleteFunc(rows, func(row models.Nomination) bool {
		return !slices.ContainsFunc(taken, func(n models.Nomination) bool { return n.PersonID == row.PersonID })
	})
	if reason == "" {
		reason = target.Code
	}
	if err := w.end(rows, reason); err != nil {
		return nil, err
	}
	if err := w.recordPeople("reassign", makeNomination, taken, map[string]any{"from_session": source.Code, "reason": reason}); err != nil {
		return nil, err
	}
	if err := w.saveCounts(&source); err != nil {
		return nil, err
	}
	_, err = w.moveUp(&source)
	return outcomes, err
}

// leavingFor returns the nominations of a locked session that go to another one
// which takes them.
func (w *write) leavingFor(source, target models.TrainingSession, named []uint64) ([]models.Nomination, error) {
	office, err := readOffice(w.tx, w.actor, source.UnitID, sessionUnknown)
	if err != nil {
		return nil, err
	}
	if source.Status != models.SessionOpen {
		return nil, notOpen(source)
	}
	if _, err := readOffice(w.tx, w.actor, target.UnitID, sessionUnknown); err != nil {
		return nil, err
	}
	if err := w.takesNominations(target); err != nil {
		return nil, err
	}
	return w.leaving(source, office, named)
}

// lockSessions locks sessions in the order of their ids; one that is not there is
// NotFound.
func (w *write) lockSessions(ids []uint64) (map[uint64]models.TrainingSession, error) {
	sessions := make(map[uint64]models.TrainingSession, len(ids))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		row, _, err := w.lockSession(id)
		if err != nil {
			return nil, err
		}
		sessions[id] = row
	}
	return sessions, nil
}
