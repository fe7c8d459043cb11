// Package desktest gives tests of desks a world: the real units, policies and notices in
// a real database, people with roles, and a clock that the test sets.
package desktest

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
)

// Codes of units that the tests speak of.
const (
	Shandong = "370000"
	Jinan    = "370100"
	Qingdao  = "370200"
	Office   = "370000-bgt" // the general office of Shandong
)

// World is a database with the units and policies of the seeds; nothing is activated.
type World struct {
	*testing.T
	Store     *store.Store
	Directory *organization.Directory
	Ledger    *compliance.Ledger
	Table     *rbac.Table
	clock     atomic.Int64
	users     map[string]uint64
}

// New returns a world in which it is noon of 2017-12-01.
func New(t *testing.T, s *store.Store) *World {
	t.Helper()
	w := &World{T: t, Store: s, users: map[string]uint64{}}
	w.At("2017-12-01")
	var err error
	w.Table, err = rbac.Load()
	w.Must(err)
	cal, err := seeds.Calendar()
	w.Must(err)
	w.Directory, err = organization.New(s, w.Table, w.Now)
	w.Must(err)
	w.Ledger = compliance.New(s, cal, w.Now)
	w.Must(seeds.Load(t.Context(), s, w.Directory, w.Ledger))
	return w
}

// Now is the clock.
func (w *World) Now() time.Time { return time.UnixMilli(w.clock.Load()) }

// At sets the clock to a day at noon, or to an instant in Shanghai such as
// "2017-12-01 09:30".
func (w *World) At(text string) {
	w.Helper()
	if len(text) == len(calendar.DateLayout) {
		text += " 12:00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rules.Shanghai)
	w.Must(err)
	w.clock.Store(at.UnixMilli())
}

// Day returns a date.
func Day(text string) calendar.Date { return calendar.MustParseDate(text) }

// Must fails the test on an error.
func (w *World) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Activate activates a policy for the years.
func (w *World) Activate(policy string, years ...int) {
	w.Helper()
	for _, year := range years {
		_, err := w.Ledger.Activate(w.Context(), w.root(models.Administrator), policy, year)
		w.Must(err)
	}
}

// Unit returns the unit with the code.
func (w *World) Unit(code string) models.Unit {
	w.Helper()
	var unit models.Unit
	w.Must(w.Store.Read(w.Context()).Where("code = ?", code).Take(&unit).Error)
	return unit
}

// Duty returns the first duty of the unit under the obligation.
func (w *World) Duty(unit, obligation string) models.Duty {
	w.Helper()
	var duty models.Duty
	query := w.Store.Read(w.Context()).Joins("JOIN obligations o ON o.id = duties.obligation_id")
	w.Must(query.Where("duties.unit_id = ? AND o.code = ?", w.Unit(unit).ID, obligation).Order("duties.due_on, duties.id").Take(&duty).Error)
	return duty
}

// File has the unit report on a duty.
func (w *World) File(unit string, duty uint64, filing rules.Filing) *models.Report {
	w.Helper()
	receipt, err := w.Ledger.File(w.Context(), w.Actor(unit, models.Reporter), duty, compliance.Submission{Filing: filing})
	w.Must(err)
	return receipt.Report
}

// Verify has the topmost office accept a report.
func (w *World) Verify(report *models.Report) {
	w.Helper()
	_, err := w.Ledger.Verify(w.Context(), w.root(models.Supervisor), report.ID, report.Version)
	w.Must(err)
}

// Actor returns somebody with the roles over the unit's subtree; the same user, with
// grants in the database, for the same roles and unit.
func (w *World) Actor(code string, roles ...models.Role) compliance.Actor {
	w.Helper()
	unit := w.Unit(code)
	var grants []rbac.Grant
	var rows []models.Grant
	name := code
	for _, role := range roles {
		grants = append(grants, rbac.Grant{Role: role, Path: unit.Path, Unit: unit.Name})
		rows = append(rows, models.Grant{Role: role, UnitID: unit.ID})
		name += "-" + string(role)
	}
	if w.users[name] == 0 {
		user := models.User{Login: strings.ToLower(name), Name: name, CreatedAt: store.Instant(w.Now())}
		w.Must(w.Store.Write(w.Context(), func(tx *gorm.DB) error {
			if err := tx.Create(&user).Error; err != nil {
				return err
			}
			for i := range rows {
				rows[i].UserID = user.ID
			}
			return tx.Create(&rows).Error
		}))
		w.users[name] = user.ID
	}
	return compliance.Actor{ID: w.users[name], Name: name, Access: w.Table.Access(grants...)}
}

// root returns the program in a role everywhere.
func (w *World) root(role models.Role) compliance.Actor {
	return compliance.Actor{Access: w.Table.Access(rbac.Grant{Role: role, Path: "/"})}
}

// Supervisor and Reporter return somebody with the role over the unit's subtree.
func (w *World) Supervisor(code string) compliance.Actor {
	w.Helper()
	return w.Actor(code, models.Supervisor)
}

// Reporter is Supervisor for the other role.
func (w *World) Reporter(code string) compliance.Actor {
	w.Helper()
	return w.Actor(code, models.Reporter)
}

// WantCode fails unless err is a models.Error of the code with the key, or with a field of
// that key.
func (w *World) WantCode(err error, code models.Code, key string) {
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
