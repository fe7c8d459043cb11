package training

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
)

// ConfirmNominations tells that the office expects people: those of the
// nominations, or everybody with a seat where none are named. It returns how many
// were confirmed by it. Who waits has no seat to be confirmed, which is a
// Conflict.
func (d *Desk) ConfirmNominations(ctx context.Context, actor compliance.Actor, session uint64, nominations []uint64) (int, error) {
	confirmed := 0
	err := d.write(ctx, actor, func(w *write) error {
		row, _, err := w.sessionToDecide(session)
		if err != nil {
			return err
		}
		rows, err := w.standing(row, nominations)
		if err != nil {
			return err
		}
		confirmed, err = w.confirm(row, rows, len(nominations) > 0)
		return err
	})
	return confirmed, err
}

func (w *write) confirm(session models.TrainingSession, rows []models.Nomination, named bool) (int, error) {
	var chosen []models.Nomination
	for _, row := range rows {
		switch {
		case row.Status == models.NominationSeated:
			chosen = append(chosen, row)
		case row.Status == models.NominationWaiting && named:
			return 0, models.NewError(models.Conflict, "nomination.no_seat", "Session", session.Code)
		}
	}
	if len(chosen) == 0 {
		return 0, nil
	}
	if err := w.decide(chosen, map[string]any{"status": models.NominationConfirmed}); err != nil {
		return 0, err
	}
	return len(chosen), w.recordPeople("confirm", decideNomination, chosen, nil)
}

// decide changes nominations in the name of the actor.
func (w *write) decide(rows []models.Nomination, change map[string]any) error {
	change["decided_by"], change["decided_at"] = w.actor.ID, w.at
	return w.change(rows, change)
}

// change changes nominations to a locked session.
func (w *write) change(rows []models.Nomination, change map[string]any) error {
	change["version"] = gorm.Expr("version + 1")
	for chunk := range slices.Chunk(rows, batch) {
		if err := w.tx.Model(&models.Nomination{}).Where("id IN ?", nominationIDs(chunk)).UpdateColumns(change).Error; err != nil {
			return fmt.Errorf("store nominations: %w", err)
		}
	}
	return nil
}

func nominationIDs(rows []models.Nomination) []uint64 {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids
}

// sessionToDecide locks an open session whose nominations the actor decides on.
func (w *write) sessionToDecide(id uint64) (models.TrainingSession, models.Unit, error) {
	row, _, err := w.lockSession(id)
	if err != nil {
		return row, models.Unit{}, err
	}
	office, err := w.office(row.UnitID, decideNomination, sessionUnknown)
	if err == nil && row.Status != models.SessionOpen {
		err = notOpen(row)
	}
	return row, office, err
}

// standing returns nominations to a locked session, in the order of the waiting
// list: all that stand where none are named. One that is not there is NotFound,
// one that was cancelled a Conflict.
func (w *write) standing(session models.TrainingSession, named []uint64) ([]models.Nomination, error) {
	query := w.tx.Where("session_id = ?", session.ID).Order("id")
	named = slices.Compact(slices.Sorted(slices.Values(named)))
	if len(named) > 0 {
		query = query.Where("id IN ?", named)
	} else {
		query = query.Where("ended = 0")
	}
	var rows []models.Nomination
	if err := query.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("nominations: %w", err)
	}
	if len(named) > 0 && len(rows) != len(named) {
		return nil, models.NewError(models.NotFound, "nomination.unknown")
	}
	if slices.ContainsFunc(rows, func(n models.Nomination) bool { return n.Ended != 0 }) {
		return nil, models.NewError(models.Conflict, "nomination.cancelled_already")
	}
	return rows, nil
}

// CancelNominations withdraws people from an open session, with the reason: by
// their unit until the session begins, by the office that holds it at any time.
// As many as now find a seat move up from the waiting list; they are returned. A
// nomination of a unit outside the actor's is NotFound.
func (d *Desk) CancelNominations(ctx context.Context, actor compliance.Actor, session uint64, nominations []uint64, reason string) ([]models.Person, error) {
	var up []models.Person
	err := d.write(ctx, actor, func(w *write) error {
		row, office, err := w.sessionToLeave(session)
		if err != nil {
			return err
		}
		reason := strings.TrimSpace(reason)
		if err := checkReason(reason); err != nil {
			return err
		}
		rows, err := w.leaving(row, office, nominations)
		if err != nil {
			return err
		}
		up, err = w.cancelNominations(&row, rows, reason)
		return err
	})
	return up, err
}

// sessionToLeave locks an open session that the actor sees.
func (w *write) sessionToLeave(id uint64) (models.TrainingSession, models.Unit, error) {
	row, _, err := w.lockSession(id)
	if err != nil {
		return row, models.Unit{}, err
	}
	office, err := readOffice(w.tx, w.actor, row.UnitID, sessionUnknown)
	if err == nil && row.Status != models.SessionOpen {
		err = notOpen(row)
	}
	return row, office, err
}

// leaving returns the named nominations to a locked session, which the actor may
// withdraw and whose people have not attended.
func (w *write) leaving(session models.TrainingSession, office models.Unit, named []uint64) ([]models.Nomination, error) {
	if len(named) == 0 {
		return nil, models.InvalidFields([]models.Field{{Name: "nomination", Key: "nomination.nobody"}})
	}
	rows, err := w.standing(session, named)
	if err != nil {
		return nil, err
	}
	if err := w.mayWithdraw(session, office, rows); err != nil {
		return nil, err
	}
	var attended int64
	err = knownNow(w.tx.Model(&models.Attendance{}), "attendances").
		Where("session_id = ? AND present = ? AND person_id IN ?", session.ID, true, personIDs(rows)).Count(&attended).Error
	if err != nil {
		return nil, fmt.Errorf("attendances of nominated: %w", err)
	}
	if attended > 0 {
		return nil, models.NewError(models.Conflict, "nomination.attended")
	}
	return rows, nil
}

func (w *write) mayWithdraw(session models.TrainingSession, office models.Unit, rows []models.Nomination) error {
	if w.actor.Access.AllowsAt(decideNomination.Object, decideNomination.Action, office.Path) {
		return nil
	}
	units, err := unitsByID(w.tx, unitIDs(rows))
	if err != nil {
		return err
	}
	for _, row := range rows {
		path := units[row.UnitID].Path
		if !w.actor.Access.AllowsAt(readRotation.Object, readRotation.Action, path) {
			return models.NewError(models.NotFound, "nomination.unknown")
		}
		if !w.actor.Access.AllowsAt(makeNomination.Object, makeNomination.Action, path) {
			return models.NewError(models.Forbidden, "error.forbidden")
		}
	}
	if !w.at.Before(begins(session)) {
		return models.NewError(models.Conflict, "nomination.begun", "Session", session.Code)
	}
	return nil
}

func unitIDs(rows []models.Nomination) []uint64 {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.UnitID
	}
	return ids
}

func personIDs(rows []models.Nomination) []uint64 {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.PersonID
	}
	return ids
}
