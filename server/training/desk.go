package training

import (
	"context"
	"fmt"
	"maps"
	"slices"
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

// Desk is the desk of the training coordinator: rosters, courses, sessions,
// attendances and coverage. It is safe for concurrent use.
type Desk struct {
	store  *store.Store
	ledger *compliance.Ledger
	key    Key
	now    func() time.Time
	// checkIns throttles who checks in by a code, without a sign-in.
	checkIns *checkIns
	// planning holds whoever makes a proposal: one at a time.
	planning chan struct{}
	// within is the transaction of a replay, nil otherwise.
	within *gorm.DB
}

// New returns the desk over a store and the ledger whose rotations it feeds, with
// the key by which numbers of ID cards are hashed.
func New(s *store.Store, ledger *compliance.Ledger, key Key, now func() time.Time) *Desk {
	return &Desk{store: s, ledger: ledger, key: key, now: now, checkIns: newCheckIns(), planning: make(chan struct{}, 1)}
}

// Today returns the date in Shanghai.
func (d *Desk) Today() calendar.Date { return dateOf(d.now()) }

func dateOf(at time.Time) calendar.Date { return calendar.DateOf(at.In(rules.Shanghai)) }

// batch is how many rows one statement takes at most, insertBatch how many it
// inserts: the driver of SQLite looks for each parameter among all of a statement,
// which costs the square of their number.
const (
	batch       = 200
	insertBatch = 50
)

// write is one write under way: the transaction, its moment and who acts.
//
// Rows are locked in one order: policies (held by every write), sessions, their
// courses, people,
// then what compliance locks.
type write struct {
	*Desk
	tx    *gorm.DB
	actor compliance.Actor
	// at is the one timestamp of the write and today its date in Shanghai.
	at    time.Time
	today calendar.Date
	// touched are the units whose rosters, or the attendances of people on them,
	// have changed.
	touched map[uint64]bool
	// looks tells that nothing will be written, so that nothing is locked.
	looks bool
}

// look returns a write that only looks, on what can be read now: a preview is made
// by the code that would do it.
func (d *Desk) look(ctx context.Context, actor compliance.Actor) *write {
	at := d.now()
	return &write{Desk: d, tx: d.store.Read(ctx), actor: actor, at: store.Instant(at), today: dateOf(at), touched: map[uint64]bool{}, looks: true}
}

// write runs f in one transaction at one moment, and then has the rotations of
// the units that it touched judged anew.
func (d *Desk) write(ctx context.Context, actor compliance.Actor, f func(w *write) error) error {
	at := d.now()
	return d.transact(ctx, func(tx *gorm.DB) error {
		w := &write{Desk: d, tx: tx, actor: actor, at: store.Instant(at), today: dateOf(at), touched: map[uint64]bool{}}
		if err := f(w); err != nil {
			return err
		}
		return d.ledger.JudgeRotations(tx, at, slices.Collect(maps.Keys(w.touched)))
	})
}

// transact runs f in one transaction that holds the rotations.
func (d *Desk) transact(ctx context.Context, f func(tx *gorm.DB) error) error {
	if d.within != nil {
		return f(d.within)
	}
	return d.store.Write(ctx, func(tx *gorm.DB) error {
		if err := d.ledger.HoldRotations(tx); err != nil {
			return err
		}
		return f(tx)
	})
}

// Replay runs f in one transaction. The desks that on returns write as steps of
// it, each at its moment: the past of a demo. They do not read what the
// transaction has written, except within a write.
func (d *Desk) Replay(ctx context.Context, f func(on func(at time.Time) *Desk) error) error {
	return d.transact(ctx, func(tx *gorm.DB) error {
		return f(func(at time.Time) *Desk {
			past := *d
			past.now, past.within = func() time.Time { return at }, tx
			return &past
		})
	})
}

// touch remembers units whose rotations have to be judged anew.
func (w *write) touch(units ...uint64) {
	for _, id := range units {
		w.touched[id] = true
	}
}

// locked begins a query whose rows stay locked until the write ends.
func (w *write) locked() *gorm.DB {
	if w.looks {
		return w.tx
	}
	return w.tx.Clauses(clause.Locking{Strength: "UPDATE"})
}

// lockPeople locks people in the order of their ids and returns them: nobody
// changes their postings, nominations or attendances until the write ends. One
// that is not there, or was merged into another, is missing in the result.
func (w *write) lockPeople(ids []uint64) (map[uint64]models.Person, error) {
	people := map[uint64]models.Person{}
	for chunk := range slices.Chunk(slices.Sorted(slices.Values(ids)), batch) {
		var some []models.Person
		if err := w.locked().Where("id IN ?", chunk).Order("id").Find(&some).Error; err != nil {
			return nil, fmt.Errorf("lock people: %w", err)
		}
		for _, person := range some {
			// Not in the query: SQLite would take the index on merged_into for it.
			if person.MergedInto == nil {
				people[person.ID] = person
			}
		}
	}
	return people, nil
}

// The permissions of package training, as rbac/policy.csv has them.
var (
	readRotation     = rbac.Permission{Object: "rotation", Action: "read"}
	keepRoster       = rbac.Permission{Object: "roster", Action: "keep"}
	manageRoster     = rbac.Permission{Object: "roster", Action: "manage"}
	makeNomination   = rbac.Permission{Object: "nomination", Action: "make"}
	decideNomination = rbac.Permission{Object: "nomination", Action: "decide"}
	manageCourse     = rbac.Permission{Object: "course", Action: "manage"}
	recordAttendance = rbac.Permission{Object: "attendance", Action: "record"}
)

// unit returns the unit with the code. Outside what the actor may read it is
// NotFound; where they may read but not do what is asked, Forbidden.
func (w *write) unit(code string, permission rbac.Permission) (models.Unit, error) {
	unit, err := readUnit(w.tx, w.actor, "code", code)
	if err != nil {
		return unit, err
	}
	return unit, w.actor.Allow(permission, unit)
}

// unitByID is unit by the id of its row.
func (w *write) unitByID(id uint64, permission rbac.Permission) (models.Unit, error) {
	unit, err := readUnit(w.tx, w.actor, "id", id)
	if err != nil {
		return unit, err
	}
	return unit, w.actor.Allow(permission, unit)
}

// readUnit returns a unit that the actor may read, else NotFound.
func readUnit(db *gorm.DB, actor compliance.Actor, column string, value any) (models.Unit, error) {
	return actor.Unit(db, readRotation, column, value, "training.unit_unknown")
}

// event is what the audit log says of one write, as in package compliance.
type event struct {
	action, object string
	id             uint64
	unit           *models.Unit
	// permission is that by which it was done: the entry is in the name of the unit
	// whose grant it comes from.
	permission rbac.Permission
	before     any
	now        any
	detail     any
}

// record adds the audit entry of the write.
func (w *write) record(e event) error {
	return w.actor.Record(w.tx, w.at, compliance.Act{Action: e.action, Object: e.object, ID: e.id, Unit: e.unit, Permission: e.permission,
		Before: e.before, Now: e.now, Detail: e.detail})
}
