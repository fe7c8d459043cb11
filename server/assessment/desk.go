package assessment

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/store"
)

// Desk is the desk of those who score: schemes, rounds, sheets, appeals and results. It
// is safe for concurrent use.
type Desk struct {
	store  *store.Store
	ledger *compliance.Ledger
	now    func() time.Time
	vault  *evidence.Vault
	shelf  *shelf
	// within is the transaction of a replay, nil otherwise.
	within *gorm.DB
}

// New returns the desk over a store and the ledger whose duties auto indicators are
// scored by.
func New(s *store.Store, ledger *compliance.Ledger, now func() time.Time) *Desk {
	return &Desk{store: s, ledger: ledger, now: now, shelf: newShelf()}
}

// KeepEvidence names the vault in which files are kept. Without one nothing can be
// attached.
func (d *Desk) KeepEvidence(vault *evidence.Vault) { d.vault = vault }

// Today returns the date in Shanghai.
func (d *Desk) Today() calendar.Date { return dateOf(d.now()) }

func dateOf(at time.Time) calendar.Date { return calendar.DateOf(at.In(rules.Shanghai)) }

// batch is how many rows one statement takes at most, insertBatch how many it
// inserts.
const (
	batch       = 200
	insertBatch = 50
)

// The permissions of package assessment, as rbac/policy.csv has them. What an office
// decides is allowed at the office of the round, never at the unit that is scored: who
// supervises a city does not verify the city's own sheet.
var (
	readScheme   = rbac.Permission{Object: "scheme", Action: "read"}
	manageScheme = rbac.Permission{Object: "scheme", Action: "manage"}
	manageRound  = rbac.Permission{Object: "round", Action: "manage"}
	readScore    = rbac.Permission{Object: "score", Action: "read"}
	scoreSelf    = rbac.Permission{Object: "score", Action: "self"}
	editScore    = rbac.Permission{Object: "score", Action: "edit"}
)

// write is one write under way: the transaction, its moment and who acts.
//
// Rows are locked in one order: schemes, rounds (shared by every write to a sheet of
// theirs), sheets, appeals, rectifications.
type write struct {
	*Desk
	tx    *gorm.DB
	actor compliance.Actor
	// at is the one timestamp of the write and today its date in Shanghai.
	at    time.Time
	today calendar.Date
	// looks tells that nothing will be written, so that nothing is locked.
	looks bool
}

// look returns a write that only looks, on what can be read now: what is shown is found
// by the code that would change it.
func (d *Desk) look(ctx context.Context, actor compliance.Actor) *write {
	at := d.now()
	return &write{Desk: d, tx: d.store.Read(ctx), actor: actor, at: store.Instant(at), today: dateOf(at), looks: true}
}

// write runs f in one transaction at one moment.
func (d *Desk) write(ctx context.Context, actor compliance.Actor, f func(w *write) error) error {
	at := d.now()
	return d.transact(ctx, func(tx *gorm.DB) error {
		return f(&write{Desk: d, tx: tx, actor: actor, at: store.Instant(at), today: dateOf(at)})
	})
}

func (d *Desk) transact(ctx context.Context, f func(tx *gorm.DB) error) error {
	if d.within != nil {
		return f(d.within)
	}
	return d.store.Write(ctx, f)
}

// Replay runs f in one transaction. The desks that on returns write as steps of it, each
// at its moment: the past of a demo. They do not read what the transaction has
// written, except within a write.
func (d *Desk) Replay(ctx context.Context, f func(on func(at time.Time) *Desk) error) error {
	return d.transact(ctx, func(tx *gorm.DB) error {
		return f(func(at time.Time) *Desk { return d.At(tx, at) })
	})
}

// At returns a desk that writes as a step of the transaction, at the moment: see Replay.
func (d *Desk) At(tx *gorm.DB, at time.Time) *Desk {
	past := *d
	past.now, past.within = func() time.Time { return at }, tx
	return &past
}

// locked begins a query whose rows stay locked until the write ends.
func (w *write) locked() *gorm.DB {
	if w.looks {
		return w.tx
	}
	return w.tx.Clauses(clause.Locking{Strength: "UPDATE"})
}

// record adds the audit entry of the write.
func (w *write) record(act compliance.Act) error { return w.actor.Record(w.tx, w.at, act) }

// unit returns the unit with the code. Outside what the actor may read by the first
// permission it is NotFound; where they may not do what is asked, Forbidden.
func (w *write) unit(code string, read, permission rbac.Permission) (models.Unit, error) {
	unit, err := w.actor.Unit(w.tx, read, "code", code, "assessment.unit_unknown")
	if err != nil {
		return unit, err
	}
	return unit, w.actor.Allow(permission, unit)
}

// one reads the row of the query into out; none is NotFound with the message key.
func one(query *gorm.DB, out any, unknown string) error {
	found := query.Limit(1).Find(out)
	switch {
	case found.Error != nil:
		return fmt.Errorf("%s: %w", unknown, store.Translate(found.Error))
	case found.RowsAffected == 0:
		return models.NewError(models.NotFound, unknown)
	}
	return nil
}
