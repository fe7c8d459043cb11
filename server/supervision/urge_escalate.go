package supervision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
)

// escalateBatch is how many urges one transaction looks at.
const escalateBatch = 100

// Escalate records of all open urges what has come about since it was called last: each
// change of the level by the rule of the office and the end of those for which all is
// done, dated by the day of its cause, with messages to the unit and the office. It
// returns how many steps it wrote. It may come late, be called twice or by two processes.
// An urge that fails does not keep the others: its error is returned after them.
func (d *Desk) Escalate(ctx context.Context) (steps int, err error) {
	var failed []error
	for last := uint64(0); ; {
		var ids []uint64
		err := d.Look(ctx, compliance.Actor{}).TX.Model(&models.Urge{}).Where("status <> ? AND id > ?", models.UrgeEnded, last).
			Order("id").Limit(escalateBatch).Pluck("id", &ids).Error
		if err != nil {
			return steps, fmt.Errorf("open urges: %w", store.Translate(err))
		}
		if len(ids) == 0 {
			return steps, errors.Join(failed...)
		}
		last = ids[len(ids)-1]
		written, faults := d.escalateSome(ctx, ids)
		steps, failed = steps+written, append(failed, faults...)
		if ctx.Err() != nil {
			return steps, ctx.Err()
		}
	}
}

// escalateSome brings the urges up to today in one transaction, or each in its own when
// one of them fails.
func (d *Desk) escalateSome(ctx context.Context, ids []uint64) (steps int, failed []error) {
	write := func(ids []uint64) (written int, err error) {
		err = d.writeUrges(ctx, compliance.Actor{}, func(w *urging) error {
			written, err = w.escalate(ids)
			return err
		})
		return written, err
	}
	steps, err := write(ids)
	if err == nil {
		return steps, nil
	}
	steps = 0
	for _, id := range ids {
		written, err := write([]uint64{id})
		if err != nil {
			failed = append(failed, fmt.Errorf("urge %d: %w", id, err))
			continue
		}
		steps += written
	}
	return steps, failed
}

// escalate locks the open ones of the urges and brings them up to today.
func (w *urging) escalate(ids []uint64) (int, error) {
	open, err := w.open(w.Locked().Where("id IN ?", ids))
	if err != nil {
		return 0, err
	}
	return w.turn(open)
}

// escalateOffice brings the open urges of an office up to today.
func (w *urging) escalateOffice(office uint64) error {
	var ids []uint64
	err := w.TX.Model(&models.Urge{}).Where("office_id = ? AND status <> ?", office, models.UrgeEnded).Order("id").Pluck("id", &ids).Error
	if err != nil {
		return fmt.Errorf("open urges of an office: %w", store.Translate(err))
	}
	for some := range slices.Chunk(ids, escalateBatch) {
		if _, err := w.escalate(some); err != nil {
			return err
		}
	}
	return nil
}

// catchUp brings an urge up to today, before and after somebody acts.
func (w *urging) catchUp(u *urged) error {
	_, err := w.turn([]*urged{u})
	return err
}

// turn records the turns of the urges up to today, each from the day of its last step, or
// from that on which its office changed the rule. It returns how many steps it wrote.
func (w *urging) turn(open []*urged) (int, error) {
	if len(open) == 0 {
		return 0, nil
	}
	var offices []uint64
	rows := make([]models.Urge, len(open))
	for i, u := range open {
		offices, rows[i] = append(offices, u.OfficeID), u.Urge
	}
	byOffice, err := w.rulesOf(offices)
	if err != nil {
		return 0, err
	}
	paces, err := w.paces(rows, byOffice)
	if err != nil {
		return 0, err
	}
	program := *w.Write
	program.Actor = compliance.Actor{}
	w, steps := &urging{&program, w.known, w.ledger}, 0
	for _, u := range open {
		for _, turn := range Course(byOffice[u.OfficeID], factsOf(u.Urge, u.about), w.known, paces[u.ID], w.Today) {
			if err := w.take(u, turn); err != nil {
				return 0, err
			}
			steps++
		}
	}
	return steps, nil
}

// paces returns where the course of each urge is taken up by the rule of its office: on
// the day of its last step, or on that on which the office changed its rule.
func (w *urging) paces(urges []models.Urge, byOffice map[uint64]models.UrgeRule) (map[uint64]UrgePace, error) {
	paces := make(map[uint64]UrgePace, len(urges))
	for some := range slices.Chunk(urges, thingBatch) {
		ids := make([]uint64, len(some))
		for i, urge := range some {
			ids[i] = urge.ID
		}
		var rows []struct {
			UrgeID  uint64
			Last    calendar.Date
			Changed calendar.Date
		}
		err := w.TX.Model(&models.UrgeStep{}).Select("urge_id, MAX(done_on) AS last, MAX(CASE WHEN act = ? THEN done_on END) AS changed", models.UrgeEscalate).
			Where("urge_id IN ?", ids).Group("urge_id").Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("last steps of urges: %w", store.Translate(err))
		}
		for _, row := range rows {
			paces[row.UrgeID] = UrgePace{From: row.Last, Changed: row.Changed}
		}
		for _, urge := range some {
			pace := paces[urge.ID]
			pace.Level, pace.From = urge.Level, max(pace.From, changedOn(byOffice[urge.OfficeID]))
			paces[urge.ID] = pace
		}
	}
	return paces, nil
}

// take records one turn of an urge.
func (w *urging) take(u *urged, turn UrgeTurn) error {
	before := u.Urge
	step := models.UrgeStep{Act: models.UrgeEscalate, DoneOn: turn.On, WhyKey: turn.Why.Key, WhyArgs: causeText(turn.Why)}
	action, key, rises := "escalate", "urges.message.level_"+string(turn.Level), false
	if turn.Done {
		step.Act, action, key = models.UrgeFinish, "finish", "urges.message.finished"
		if turn.Why.Key != "urges.why.all_done" {
			key = "urges.message.lapsed"
		}
		u.Status, u.EndedOn = models.UrgeEnded, turn.On
	} else {
		rises = slices.Index(urgeLevels, turn.Level) < slices.Index(urgeLevels, u.Level)
		u.Level = turn.Level
	}
	if _, err := w.step(u, step); err != nil {
		return err
	}
	if err := w.record(u, action, readUrge, before, map[string]any{"on": turn.On}); err != nil {
		return err
	}
	for _, to := range []struct {
		unit models.Unit
		by   rbac.Permission
	}{{u.unit, answerUrge}, {u.office, sendUrge}} {
		if err := w.tell(u, to.unit, to.by, key, rises, "On", turn.On); err != nil {
			return err
		}
	}
	return nil
}

// changedOn is the day on which the office changed its rule last, zero when it never did.
func changedOn(rule models.UrgeRule) calendar.Date {
	if rule.ChangedAt.IsZero() {
		return 0
	}
	return calendar.DateOf(rule.ChangedAt.In(rules.Shanghai))
}
