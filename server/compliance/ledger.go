package compliance

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Ledger is the book of duties. It is safe for concurrent use.
type Ledger struct {
	store    *store.Store
	calendar *calendar.Calendar
	now      func() time.Time
	shelf    shelf
}

// New returns the ledger over a store, with the calendar of working days and the
// clock by which facts are in the future or not.
func New(s *store.Store, cal *calendar.Calendar, now func() time.Time) *Ledger {
	return &Ledger{store: s, calendar: cal, now: now}
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

// Calendar returns the calendar of working days that due dates are counted by.
func (l *Ledger) Calendar() *calendar.Calendar { return l.calendar }

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

// record adds the audit entry of the write.
func (w *write) record(action, object string, id uint64, unit *uint64, detail any) error {
	var user *uint64
	if w.actor.ID != 0 {
		user = &w.actor.ID
	}
	return store.Record(w.tx, models.AuditEntry{At: w.moment.at, UserID: user, UserName: w.actor.Name,
		Action: action, Object: object, ObjectID: id, UnitID: unit, Detail: store.Detail(detail)})
}

// one reads the single row of a query into out; absent is NotFound.
func one(query *gorm.DB, out any, noun string) error {
	if err := query.Take(out).Error; err != nil {
		return fmt.Errorf("%s: %w", noun, store.Translate(err))
	}
	return nil
}
