package compliance

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// MoveLimit is how many duties of each fate a preview lists; it counts them all.
const MoveLimit = 200

// Amendment tells what an amended policy pack does to the duties of its policy.
// Before it is done it is the preview, afterwards what happened: the same code
// finds both.
type Amendment struct {
	Code string
	// Edition is the number of the new edition, Text its pack as stored.
	Edition       int
	Text          string
	Before, After *rules.Policy
	// Years are those that the policy is active in.
	Years       []int
	Obligations []ObligationAmendment
	Changes
	// Moves lists the first MoveLimit duties of each fate, by fate.
	Moves map[Fate][]DutyMove
	// Seen marks this very outcome, for Amend.
	Seen string
}

// Changes counts duties by what an amendment does to them.
type Changes struct {
	// Moved get another due date or state, Kept go on by the new edition as they
	// are; Created are new or owed again, Withdrawn no longer owed.
	Moved, Kept, Created, Withdrawn int
	// Settled were judged by an earlier edition and stay as they are.
	Settled int
	// Drafts cannot be submitted any more, since their duties are withdrawn.
	Drafts int
}

// ObligationAmendment is one obligation before and after, with its duties;
// Before is nil for one that is added, After for one that is removed.
type ObligationAmendment struct {
	Before, After *rules.Obligation
	Changes
}

// Fate is what becomes of a duty.
type Fate string

// The fates. Duties that go on as they are have none.
const (
	Moves     Fate = "moved"
	Creates   Fate = "created"
	Withdraws Fate = "withdrawn"
)

// DutyMove is a duty before and after. Duty is 0 for one that is created; what
// did not exist or no longer does has no date and no state.
type DutyMove struct {
	Duty       uint64
	Unit       models.Unit
	Obligation string
	Title      rules.Text
	Period     string
	Subject    string
	Before     Standing
	After      Standing
}

// Standing is how a duty stands today.
type Standing struct {
	DueOn calendar.Date
	// DueAt is the instant at which a term in hours ends.
	DueAt       time.Time
	Provisional bool
	State       rules.State
}

func standingOf(row models.Duty, today calendar.Date) Standing {
	if row.Outcome == models.Withdrawn {
		return Standing{}
	}
	s := Standing{DueOn: row.DueOn, Provisional: row.Provisional,
		State: rules.StateOn(rules.Outcome(row.Outcome), row.DueOn, row.Provisional, today)}
	if row.DueAt != nil {
		s.DueAt = store.Instant(*row.DueAt)
	}
	return s
}

// PreviewAmendment tells what Amend would do now, and is refused like it.
func (l *Ledger) PreviewAmendment(ctx context.Context, actor Actor, code string, source []byte) (*Amendment, error) {
	p, err := packOf(source)
	if err != nil {
		return nil, err
	}
	a, err := l.look(ctx, actor).amending(code, p)
	if err != nil {
		return nil, err
	}
	return a.run()
}

// Amend makes the pack the next edition of the policy. Open duties, those that
// wait for a decision among them, move to it: their due dates are counted anew,
// a date that the office granted goes before, and they are judged again. Duties
// missing under it are created, open ones no longer owed withdrawn. What is done
// in time or late, exempt or withdrawn keeps its edition, and boards of earlier
// days stay as they were.
//
// An actor who may not activate policies for all units of the region is
// Forbidden, an unknown policy NotFound, a pack with faults or without a reason
// Invalid. A pack of another policy or region, one whose reports would no longer
// fit and one for a retired policy are Conflicts; Fields name each obligation.
// Seen is the mark of the preview: when the outcome would be another one by now,
// or somebody else has amended the policy, it is Stale.
func (l *Ledger) Amend(ctx context.Context, actor Actor, code string, source []byte, reason, seen string) (*Amendment, error) {
	p, err := packOf(source)
	if err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	if err := reasonRequired(reason); err != nil {
		return nil, err
	}
	var done *Amendment
	err = l.write(ctx, actor, func(w *write) error {
		if err := w.holdDueDates(); err != nil {
			return err
		}
		a, err := w.amending(code, p)
		if err != nil {
			return err
		}
		if err := a.store(reason); err != nil {
			return err
		}
		if done, err = a.run(); err != nil {
			return err
		}
		if done.Seen != seen {
			return models.NewError(models.Stale, "policy.preview_stale")
		}
		return w.record(event{action: "amend", object: "policy", id: a.book.row.ID, before: policyFacts(a.was), now: policyFacts(a.book.row),
			detail: map[string]any{"code": code, "reason": reason, "moved": done.Moved, "kept": done.Kept, "created": done.Created,
				"withdrawn": done.Withdrawn}})
	})
	return done, err
}

// reasonRequired refuses a missing reason and one that is too long.
func reasonRequired(reason string) error {
	switch length := utf8.RuneCountInString(reason); {
	case length == 0:
		return models.InvalidFields([]models.Field{{Name: "reason", Key: "filing.required"}})
	case length > maxReason:
		return models.InvalidFields([]models.Field{{Name: "reason", Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxReason)}})
	default:
		return nil
	}
}

// policyFacts are what the audit log tells of a policy before and after a write.
func policyFacts(row models.Policy) map[string]any {
	return map[string]any{"edition": row.Edition, "number": row.Number, "title_zh": row.TitleZH, "title_en": row.TitleEN,
		"published": row.Published, "levels": row.Levels, "retired_on": row.RetiredOn}
}

// amending is an amendment under way, or looked at.
type amending struct {
	*write
	pack pack
	// was is the policy before, old its edition then.
	was models.Policy
	old *rules.Policy
	// book is the policy with the new edition, lib the library with it.
	book  *book
	lib   *library
	names formerNames
	// storing tells that it is done, not only looked at.
	storing bool
	plan    *Amendment
	seen    mark
	// orphaned counts, by obligation, the reports of duties that would be
	// withdrawn; refused is what must not be done.
	orphaned map[string]int
	refused  []models.Field
}

// amending prepares the amendment of the policy with the code.
func (w *write) amending(code string, p pack) (*amending, error) {
	lib, b, err := w.bindable(code)
	if err != nil {
		return nil, err
	}
	a := &amending{write: w, pack: p, was: b.row, old: b.policy, orphaned: map[string]int{}}
	if err := a.check(b); err != nil {
		return nil, err
	}
	a.book = b.amended(p, w.moment)
	a.lib = lib.with(a.book)
	a.plan = &Amendment{Code: code, Edition: a.book.row.Edition, Text: p.text, Before: a.old, After: p.policy, Years: b.years, Moves: map[Fate][]DutyMove{}}
	a.seen = newMark(code, a.book.row.Edition, p.text)
	a.plan.list()
	return a, nil
}

// check refuses a pack that is no amendment of the policy.
func (a *amending) check(b *book) error {
	text, err := a.sourceOf(b)
	if err != nil {
		return err
	}
	switch now := a.pack.policy; {
	case !b.row.RetiredOn.IsZero():
		return models.NewError(models.Conflict, "policy.retired", "On", b.row.RetiredOn)
	case now.ID != b.row.Code:
		return models.NewError(models.Conflict, "policy.amend_other", "Policy", b.row.Code, "Value", now.ID)
	case now.Region != b.policy.Region:
		return models.NewError(models.Conflict, "policy.amend_region", "Region", b.policy.Region, "Value", now.Region)
	case text == a.pack.text:
		return models.NewError(models.Conflict, "policy.amend_unchanged")
	}
	return a.obligationsFree(a.pack.policy, b.row.ID)
}

// amended returns the book with the pack as its next edition. Obligations that
// are new have no row yet.
func (b *book) amended(p pack, now moment) *book {
	next := *b
	next.policy = p.policy
	next.row.Edition++
	next.row.LoadedAt = now.at
	describe(&next.row, p)
	next.editions = append(append([]edition{}, b.editions...), edition{next.row.Edition, p.policy, now.today})
	rows := map[string]models.Obligation{}
	for _, row := range b.obligations {
		rows[row.Code] = row
	}
	next.obligations = nil
	for i := range p.policy.Obligations {
		row := obligationRow(&p.policy.Obligations[i], b.row.ID, i)
		row.ID = rows[row.Code].ID
		delete(rows, row.Code)
		next.obligations = append(next.obligations, row)
	}
	for _, row := range b.obligations {
		if _, removed := rows[row.Code]; removed {
			row.Position = len(next.obligations)
			next.obligations = append(next.obligations, row)
		}
	}
	return &next
}

// with returns the library with another state of one of its books.
func (lib *library) with(b *book) *library {
	next := &library{calendar: lib.calendar, almanac: lib.almanac, byID: map[uint64]entry{}}
	for _, known := range lib.books {
		if known.row.ID == b.row.ID {
			known = b
		}
		next.put(known)
	}
	return next
}

// list lists the obligations, those of the new edition first.
func (a *Amendment) list() {
	for i := range a.After.Obligations {
		now := &a.After.Obligations[i]
		was, _ := a.Before.Find(now.ID)
		a.Obligations = append(a.Obligations, ObligationAmendment{Before: was, After: now})
	}
	for i := range a.Before.Obligations {
		was := &a.Before.Obligations[i]
		if _, kept := a.After.Find(was.ID); !kept {
			a.Obligations = append(a.Obligations, ObligationAmendment{Before: was})
		}
	}
}

// of returns the line of the obligation. One that an earlier edition removed has
// none.
func (a *Amendment) of(code string) *ObligationAmendment {
	for i := range a.Obligations {
		o := &a.Obligations[i]
		if o.After != nil && o.After.ID == code || o.Before != nil && o.Before.ID == code {
			return o
		}
	}
	return &ObligationAmendment{}
}

// store keeps the new edition, its document and its obligations.
func (a *amending) store(reason string) error {
	locked, err := a.lockPolicy(&book{row: a.was})
	if err != nil {
		return err
	}
	a.storing = true
	a.book.row.Levels = locked.Levels
	if err := a.tx.Save(&a.book.row).Error; err != nil {
		return fmt.Errorf("store policy: %w", err)
	}
	if err := a.storeEdition(a.book.row, reason, a.today); err != nil {
		return err
	}
	for i := range a.book.obligations {
		if err := a.tx.Save(&a.book.obligations[i]).Error; err != nil {
			return fmt.Errorf("store obligation: %w", err)
		}
	}
	// The rows that are new have their ids now. What else is done reads this
	// library: nobody else may see the edition before it is committed.
	a.lib = a.lib.with(a.book)
	*a.policies = a.lib
	return nil
}
