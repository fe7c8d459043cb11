// Package desk is what every desk of the house works at: one transaction for one write,
// at one moment, by one actor, with its audit entry; and the same to look, without a
// lock.
package desk

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
	"sundial/server/rules"
	"sundial/server/store"
)

// Desk opens writes over a store by a clock. It is safe for concurrent use.
type Desk struct {
	store *store.Store
	now   func() time.Time
	// within is the transaction of a replay, nil otherwise.
	within *gorm.DB
}

// New returns a desk over the store with the clock.
func New(s *store.Store, now func() time.Time) Desk { return Desk{store: s, now: now} }

// Today returns the date in Shanghai.
func (d *Desk) Today() calendar.Date { return dateOf(d.now()) }

func dateOf(at time.Time) calendar.Date { return calendar.DateOf(at.In(rules.Shanghai)) }

// Write is one write under way: the transaction, its moment and who acts.
type Write struct {
	TX    *gorm.DB
	Actor compliance.Actor
	// At is the one timestamp of the write and Today its date in Shanghai.
	At    time.Time
	Today calendar.Date
	// Looks tells that nothing will be written, so that nothing is locked.
	Looks bool
}

// Look returns a write that only looks, on what can be read now: what is shown is found
// by the code that would change it.
func (d *Desk) Look(ctx context.Context, actor compliance.Actor) *Write {
	at, tx := d.now(), d.within
	if tx == nil {
		tx = d.store.Read(ctx)
	}
	return &Write{TX: tx, Actor: actor, At: store.Instant(at), Today: dateOf(at), Looks: true}
}

// Write runs f in one transaction at one moment. f may run more than once: see
// store.Store.Write.
func (d *Desk) Write(ctx context.Context, actor compliance.Actor, f func(w *Write) error) error {
	at := d.now()
	return d.transact(ctx, func(tx *gorm.DB) error {
		return f(&Write{TX: tx, Actor: actor, At: store.Instant(at), Today: dateOf(at)})
	})
}

func (d *Desk) transact(ctx context.Context, f func(tx *gorm.DB) error) error {
	if d.within != nil {
		return f(d.within)
	}
	return d.store.Write(ctx, f)
}

// At returns a desk that reads and writes as a step of the transaction, at the moment:
// the past of a demo.
func (d Desk) At(tx *gorm.DB, at time.Time) Desk {
	d.now, d.within = func() time.Time { return at }, tx
	return d
}

// Locked begins a query whose rows stay locked until the write ends.
func (w *Write) Locked() *gorm.DB {
	if w.Looks {
		return w.TX
	}
	return w.TX.Clauses(clause.Locking{Strength: "UPDATE"})
}

// Record adds the audit entry of the write.
func (w *Write) Record(act compliance.Act) error { return w.Actor.Record(w.TX, w.At, act) }

// Unit returns the unit with the code. Outside what the actor may read by the first
// permission it is NotFound with the message key; where they may not do what is asked,
// Forbidden.
func (w *Write) Unit(code string, read, permission rbac.Permission, unknown string) (models.Unit, error) {
	unit, err := w.Actor.Unit(w.TX, read, "code", code, unknown)
	if err != nil {
		return unit, err
	}
	return unit, w.Actor.Allow(permission, unit)
}

// UnitByID is Unit by the id instead of the code.
func (w *Write) UnitByID(id uint64, read, permission rbac.Permission, unknown string) (models.Unit, error) {
	unit, err := w.Actor.Unit(w.TX, read, "id", id, unknown)
	if err != nil {
		return unit, err
	}
	return unit, w.Actor.Allow(permission, unit)
}

// One reads the row of the query into out; none is NotFound with the message key.
func One(query *gorm.DB, out any, unknown string) error {
	found := query.Limit(1).Find(out)
	switch {
	case found.Error != nil:
		return fmt.Errorf("%s: %w", unknown, store.Translate(found.Error))
	case found.RowsAffected == 0:
		return models.NewError(models.NotFound, unknown)
	}
	return nil
}

// Units returns the units with the ids, by id.
func (w *Write) Units(ids ...uint64) (map[uint64]models.Unit, error) {
	units := make(map[uint64]models.Unit, len(ids))
	for start := 0; start < len(ids); start += batch {
		var rows []models.Unit
		if err := w.TX.Where("id IN ?", ids[start:min(start+batch, len(ids))]).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("units: %w", store.Translate(err))
		}
		for _, row := range rows {
			units[row.ID] = row
		}
	}
	return units, nil
}

// batch is how many rows one statement takes at most.
const batch = 200
