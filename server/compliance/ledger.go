package compliance

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/store"
)

// Ledger is the book of duties. It is safe for concurrent use.
type Ledger struct {
	store *store.Store
	now   func() time.Time
	shelf *shelf
	vault *evidence.Vault
	links *linkDesk
}

// New returns the ledger over a store, with the calendar of the notices that ship
// with the program and the clock by which facts are in the future or not.
func New(s *store.Store, cal *calendar.Calendar, now func() time.Time) *Ledger {
	return &Ledger{store: s, now: now, shelf: &shelf{almanac: newAlmanac(cal)}}
}

// Actor is who acts: what they may do and where is checked by every write.
type Actor struct {
	ID     uint64
	Name   string
	Access rbac.Access
}

// moment is the one timestamp of a write, with its date in Shanghai.
type moment struct {
	at    time.Time
	today calendar.Date
}

func (l *Ledger) moment() moment { return momentOf(l.now()) }

func momentOf(at time.Time) moment {
	return moment{at: store.Instant(at), today: calendar.DateOf(at.In(rules.Shanghai))}
}

// Today returns the date in Shanghai.
func (l *Ledger) Today() calendar.Date { return l.moment().today }

// Calendar returns the calendar of working days that due dates are counted by:
// the notices that ship with the program and those that were entered.
func (l *Ledger) Calendar(ctx context.Context) (*calendar.Calendar, error) {
	at, err := l.shelf.almanacOf(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	return at.inForce(), nil
}

// write is one write under way: the transaction, its moment and who acts.
type write struct {
	*Ledger
	tx    *gorm.DB
	actor Actor
	moment
	// policies is what lib has read; shared by all steps of a replay.
	policies **library
	// later, when set, collects what tallies move by, to be applied once at the end
	// of a replay.
	later *tallyMoves
	// silentBefore is the first day on which people are told of what is done; zero
	// outside of a replay.
	silentBefore calendar.Date
	// looks tells that nothing will be written, so that nothing is locked.
	looks bool
}

// look returns a write that only looks, on what can be read now and with no
// lock: reviews and previews are made by the code that would do it.
func (l *Ledger) look(ctx context.Context, actor Actor) *write {
	return &write{Ledger: l, tx: l.store.Read(ctx), actor: actor, moment: l.moment(), policies: new(*library), looks: true}
}

// locked begins a query whose rows stay locked until the write ends.
func (w *write) locked() *gorm.DB {
	if w.looks {
		return w.tx
	}
	return w.tx.Clauses(clause.Locking{Strength: "UPDATE"})
}

// lib returns the policies as the transaction sees them.
func (w *write) lib() (*library, error) {
	if *w.policies == nil {
		lib, err := w.library(w.tx)
		if err != nil {
			return nil, err
		}
		*w.policies = lib
	}
	return *w.policies, nil
}

// write runs f in one transaction at one moment.
func (l *Ledger) write(ctx context.Context, actor Actor, f func(w *write) error) error {
	now := l.moment()
	return l.store.Write(ctx, func(tx *gorm.DB) error {
		return f(&write{Ledger: l, tx: tx, actor: actor, moment: now, policies: new(*library)})
	})
}

// at returns the same write at another moment, for loading what happened then.
func (w *write) at(at time.Time) *write {
	moved := *w
	moved.moment = momentOf(at)
	return &moved
}

// event is what the audit log says of one write: the action on an object, for a
// unit when it concerns one, and what the object was before and is now.
type event struct {
	action, object string
	id             uint64
	unit           *models.Unit
	// office is the permission by which a decision was taken: it is recorded in the
	// name of the office that holds it. What a unit does itself is in its own name.
	office rbac.Permission
	// widest takes the office of the actor's widest grant instead of the narrowest.
	widest bool
	before any
	now    any
	detail any
}

// record adds the audit entry of the write.
func (w *write) record(e event) error {
	entry := models.AuditEntry{At: w.moment.at, UserName: w.actor.Name, Action: e.action, Object: e.object, ObjectID: e.id,
		Changes: store.Changes(e.before, e.now)}
	if w.actor.ID != 0 {
		entry.UserID = &w.actor.ID
	}
	if e.unit != nil {
		entry.UnitID, entry.Behalf = &e.unit.ID, e.unit.Name
	}
	if e.unit != nil && e.office != (rbac.Permission{}) {
		entry.Behalf = w.behalf(e)
	}
	if e.detail != nil {
		entry.Detail = store.Detail(e.detail)
	}
	return store.Record(w.tx, entry)
}

// behalf returns the name of the office in whose name the actor decides.
func (w *write) behalf(e event) string {
	if e.widest {
		return w.actor.Access.BehalfWidest(e.office.Object, e.office.Action, e.unit.Path)
	}
	return w.actor.Access.Behalf(e.office.Object, e.office.Action, e.unit.Path)
}

// dutyFacts are what the audit log tells of a duty before and after a write.
func dutyFacts(row models.Duty) map[string]any {
	return map[string]any{"outcome": row.Outcome, "due_on": row.DueOn, "provisional": row.Provisional, "done_on": row.DoneOn,
		"extended_to": row.ExtendedTo, "edition": row.Edition, "value": row.Value}
}

// reportFacts are what the audit log tells of a report before and after a write.
func reportFacts(row models.Report) map[string]any {
	return map[string]any{"status": row.Status, "version": row.Version}
}

// one reads the single row of a query into out; absent is NotFound.
func one(query *gorm.DB, out any, noun string) error {
	if err := query.Take(out).Error; err != nil {
		return fmt.Errorf("%s: %w", noun, store.Translate(err))
	}
	return nil
}
