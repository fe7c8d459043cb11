package training_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/training"
)

// Units of the tests: Shandong with the cities that ship with the program.
const (
	shandong = "370000"
	jinan    = "370100"
	qingdao  = "370200"
)

// testKey hashes the ID numbers of tests.
var testKey = training.Key("0123456789abcdef0123456789abcdef")

// world is a desk over the real units, packs and notices, with a clock that the
// test sets.
type world struct {
	*testing.T
	*training.Desk
	ledger *compliance.Ledger
	store  *store.Store
	clock  atomic.Int64
	table  *rbac.Table
	users  map[string]uint64
}

// newWorld has all units and policies of the seeds and activates nothing.
func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{T: t, store: s, users: map[string]uint64{}}
	w.at("2016-01-04")
	now := func() time.Time { return time.UnixMilli(w.clock.Load()) }
	var err error
	if w.table, err = rbac.Load(); err != nil {
		t.Fatal(err)
	}
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := organization.New(s, w.table, now)
	if err != nil {
		t.Fatal(err)
	}
	w.ledger = compliance.New(s, cal, now)
	w.Desk = training.New(s, w.ledger, testKey, now)
	w.must(seeds.Load(t.Context(), s, directory, w.ledger))
	return w
}

// at sets the clock to a day at noon, or to an instant in Shanghai.
func (w *world) at(text string) *world {
	w.Helper()
	if len(text) == len(calendar.DateLayout) {
		text += " 12:00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rules.Shanghai)
	w.must(err)
	w.clock.Store(at.UnixMilli())
	return w
}

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// activated activates a policy of the seeds for the years.
func (w *world) activated(policy string, years ...int) *world {
	w.Helper()
	for _, year := range years {
		_, err := w.ledger.Activate(w.Context(), w.actor(policyRoot(policy), models.Administrator), policy, year)
		w.must(err)
	}
	return w
}

func policyRoot(policy string) string {
	return map[string]string{"shandong-2017": shandong, "liaoning-2016": "210000", "jiangsu-2018": "320000"}[policy]
}

// unit returns the unit with the code.
func (w *world) unit(code string) models.Unit {
	w.Helper()
	var unit models.Unit
	w.must(w.store.Read(w.Context()).Where("code = ?", code).Take(&unit).Error)
	return unit
}

// actor returns somebody with the roles over the unit's subtree; the same one for
// the same roles and unit.
func (w *world) actor(code string, roles ...models.Role) compliance.Actor {
	w.Helper()
	unit := w.unit(code)
	var grants []rbac.Grant
	name := code
	for _, role := range roles {
		grants = append(grants, rbac.Grant{Role: role, Path: unit.Path, Unit: unit.Name})
		name += "-" + string(role)
	}
	if w.users[name] == 0 {
		user := models.User{Login: strings.ToLower(name), Name: name, CreatedAt: store.Instant(w.now())}
		w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&user).Error }))
		w.users[name] = user.ID
	}
	return compliance.Actor{ID: w.users[name], Name: name, Access: w.table.Access(grants...)}
}

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()) }

// coordinator returns the training coordinator of the unit's subtree.
func (w *world) coordinator(code string) compliance.Actor {
	w.Helper()
	return w.actor(code, models.Coordinator)
}

// reporter returns the reporter of the unit.
func (w *world) reporter(code string) compliance.Actor {
	w.Helper()
	return w.actor(code, models.Reporter)
}

// rotation returns the rotation duty of the unit as it was known on the day.
func (w *world) rotation(code, obligation string, asOf calendar.Date) compliance.DutyView {
	w.Helper()
	page, err := w.ledger.Duties(w.Context(), compliance.DutyQuery{Unit: w.unit(code), Own: true, Obligation: obligation, AsOf: asOf})
	w.must(err)
	if len(page.Items) != 1 {
		w.Fatalf("%s has %d duties of %s", code, len(page.Items), obligation)
	}
	return page.Items[0]
}

// wantCode fails unless err is a models.Error of the code with the key, or with a
// field of that key.
func (w *world) wantCode(err error, code models.Code, key string) {
	w.Helper()
	var refusal *models.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.Fatalf("got %v, want %s %s", err, code, key)
	}
	if refusal.Key == key {
		return
	}
	for _, field := range refusal.Fields {
		if field.Key == key {
			return
		}
	}
	w.Fatalf("got %v, want %s", err, key)
}
