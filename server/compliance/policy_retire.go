package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
)

// Retirement tells what retiring a policy does to its duties: before it is done
// the preview, afterwards what happened.
type Retirement struct {
	Code string
	// On is the first day on which the policy demands nothing more.
	On calendar.Date
	// Withdrawn are the open duties due from that day on, Waiting those of them that
	// stay until their report is decided on, Kept those due before.
	Withdrawn, Waiting, Kept int
	// Drafts cannot be submitted any more.
	Drafts int
	// Moves lists the first MoveLimit duties that are withdrawn.
	Moves []DutyMove
	// Seen marks this very outcome, for Retire.
	Seen string
}

// PreviewRetirement tells what Retire would do now, and is refused like it.
func (l *Ledger) PreviewRetirement(ctx context.Context, actor Actor, code string, on calendar.Date) (*Retirement, error) {
	r, err := l.look(ctx, actor).retiring(code, on)
	if err != nil {
		return nil, err
	}
	return r.run()
}

// Retire ends a policy: from the day on nothing more is owed under it. Open
// duties due on the day or later are withdrawn, unless a report waits for its
// decision; no term starts and no year is activated that begins then. Refusals
// are those of Amend; a policy already retired is a Conflict, a day before the
// policy took effect Invalid. Seen is the mark of the preview: when the outcome
// would be another one by now it is Stale.
func (l *Ledger) Retire(ctx context.Context, actor Actor, code string, on calendar.Date, reason, seen string) (*Retirement, error) {
	reason = strings.TrimSpace(reason)
	if err := reasonRequired(reason); err != nil {
		return nil, err
	}
	var done *Retirement
	err := l.write(ctx, actor, func(w *write) error {
		if err := w.holdDueDates(); err != nil {
			return err
		}
		r, err := w.retiring(code, on)
		if err != nil {
			return err
		}
		before := policyFacts(r.book.row)
		if err := r.store(); err != nil {
			return err
		}
		if done, err = r.run(); err != nil {
			return err
		}
		if done.Seen != seen {
			return models.NewError(models.Stale, "policy.preview_stale")
		}
		return w.record(event{action: "retire", object: "policy", id: r.book.row.ID, before: before, now: policyFacts(r.book.row),
			detail: map[string]any{"code": code, "on": on, "reason": reason, "withdrawn": done.Withdrawn, "waiting": done.Waiting}})
	})
	return done, err
}

// retiring is a retirement under way, or looked at.
type retiring struct {
	*write
	lib     *library
	book    *book
	storing bool
	plan    *Retirement
	seen    mark
}

func (w *write) retiring(code string, on calendar.Date) (*retiring, error) {
	lib, b, err := w.bindable(code)
	if err != nil {
		return nil, err
	}
	switch from := b.policy.Effective.From; {
	case !b.row.RetiredOn.IsZero():
		return nil, models.NewError(models.Conflict, "policy.retired", "On", b.row.RetiredOn)
	case on.IsZero():
		return nil, models.InvalidFields([]models.Field{{Name: "on", Key: "filing.date_required"}})
	case on < from:
		return nil, models.InvalidFields([]models.Field{{Name: "on", Key: "policy.retire_early", Args: models.Args("From", from)}})
	}
	return &retiring{write: w, lib: lib, book: b, plan: &Retirement{Code: code, On: on}, seen: newMark(code, b.row.Edition, on)}, nil
}

// store keeps the day on the policy.
func (r *retiring) store() error {
	if _, err := r.lockPolicy(r.book); err != nil {
		return err
	}
	r.storing = true
	r.book.row.RetiredOn = r.plan.On
	if err := r.tx.Model(&models.Policy{}).Where("id = ?", r.book.row.ID).Update("retired_on", r.plan.On).Error; err != nil {
		return fmt.Errorf("store policy: %w", err)
	}
	return nil
}

// run finds the duties that are withdrawn, and withdraws them when it is stored.
func (r *retiring) run() (*Retirement, error) {
	query := r.tx.Table("duties d").Where("d.obligation_id IN ?", r.book.ids()).
		Where(outcomeNow+" IN ?", r.lib.rotations(), r.today, []models.Outcome{models.Open, models.Reported, models.Unscheduled}).Order("d.id")
	if r.storing {
		query = query.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	var ids []uint64
	if err := query.Pluck("d.id", &ids).Error; err != nil {
		return nil, fmt.Errorf("open duties of %s: %w", r.plan.Code, err)
	}
	for chunk := range slices.Chunk(ids, amendChunk) {
		if err := r.withdrawChunk(chunk); err != nil {
			return nil, err
		}
	}
	r.seen.add(r.plan.Withdrawn, r.plan.Waiting, r.plan.Kept, r.plan.Drafts)
	r.plan.Seen = r.seen.String()
	return r.plan, nil
}

func (r *retiring) withdrawChunk(ids []uint64) error {
	var rows []models.Duty
	if err := r.tx.Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return fmt.Errorf("duties of %s: %w", r.plan.Code, err)
	}
	if err := stand(r.tx, r.lib, rows, r.today); err != nil {
		return err
	}
	list, err := dossiers(r.tx, r.lib, rows)
	if err != nil {
		return err
	}
	units, err := unitsOf(r.tx, rows)
	if err != nil {
		return err
	}
	var ended []settling
	var withdrawn []uint64
	for _, d := range list {
		switch {
		case !endsBefore(ruleDuty(d.entry, d.row), r.plan.On, r.today):
			r.plan.Kept++
			continue
		case waiting(d.reports):
			r.plan.Waiting++
			continue
		}
		next := d.row
		end(&next)
		unit := units[d.row.UnitID]
		r.tell(d, unit)
		ended, withdrawn = append(ended, settling{row: next, path: unit.Path}), append(withdrawn, d.row.ID)
	}
	drafts, err := r.draftsOf(withdrawn)
	if err != nil {
		return err
	}
	r.plan.Drafts += drafts
	if !r.storing {
		return nil
	}
	return r.settleAll(ended)
}

func (r *retiring) tell(d dossier, unit models.Unit) {
	move := DutyMove{Duty: d.row.ID, Unit: unit, Obligation: d.entry.row.Code, Title: d.rule.Title, Period: d.row.Period, Subject: d.row.Subject,
		Before: standingOf(d.row, r.today)}
	r.plan.Withdrawn++
	if len(r.plan.Moves) < MoveLimit {
		r.plan.Moves = append(r.plan.Moves, move)
	}
	r.seen.add(unit.Code, move.Obligation, move.Period, move.Subject, move.Before)
}
