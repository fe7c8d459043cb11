package seeds

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/assessment"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rectification"
	"sundial/server/store"
	"sundial/server/supervision"
	"sundial/server/training"
)

// Load loads the units and policies that ship with the program and activates
// nothing. Units and policies that are there stay as they are: somebody may have
// changed them. LoadedDifferently names those policies.
func Load(ctx context.Context, s *store.Store, directory *organization.Directory, ledger *compliance.Ledger) error {
	if err := putUnits(ctx, s, directory, ledger.Today(), false); err != nil {
		return err
	}
	sources, err := PolicySources()
	if err != nil {
		return err
	}
	kept, err := LoadedDifferently(ctx, s)
	if err != nil {
		return err
	}
	for _, source := range sources {
		if slices.Contains(kept, source.ID) {
			continue
		}
		if err := ledger.LoadPolicy(ctx, compliance.Actor{}, source.Source); err != nil {
			return fmt.Errorf("load policy %s: %w", source.ID, err)
		}
	}
	return nil
}

// putUnits adds the units that ship with the program; for the demo those that
// are there become demo too.
func putUnits(ctx context.Context, s *store.Store, directory *organization.Directory, today calendar.Date, demo bool) error {
	units, err := Units()
	if err != nil {
		return err
	}
	return s.Write(ctx, func(tx *gorm.DB) error {
		var stored []string
		if !demo {
			if err := tx.Model(&models.Unit{}).Pluck("code", &stored).Error; err != nil {
				return fmt.Errorf("list units: %w", err)
			}
		}
		var rows []organization.NewUnit
		for _, u := range units {
			if slices.Contains(stored, u.Code) {
				continue
			}
			rows = append(rows, organization.NewUnit{Code: u.Code, Name: u.Name, NameEN: u.NameEN, Kind: models.UnitKind(u.Kind),
				Class: u.Class, Parent: u.Parent, OpenedOn: u.OpenedOn, ClosedOn: u.ClosedOn, Demo: demo})
		}
		if len(rows) == 0 {
			return nil
		}
		// Units of a later version of the program were not known before: boards of
		// earlier days stay as they were.
		known := models.Always
		if len(stored) > 0 {
			known = today
		}
		return directory.PutUnits(tx, nil, rbac.Everywhere, known, rows)
	})
}

// House is the product over one database, as the demo plays in it.
type House struct {
	Store          *store.Store
	Table          *rbac.Table
	Directory      *organization.Directory
	Ledger         *compliance.Ledger
	Training       *training.Desk
	Scores         *assessment.Desk
	Supervision    *supervision.Desk
	Bulletins      *bulletin.Desk
	Rectifications *rectification.Desk
}

// Demonstration tells who may sign in to the demo, in the order in which they
// are best introduced, and whether it was loaded just now.
type Demonstration struct {
	Fresh    bool
	Password string
	Logins   []DemoLogin
}

// DemoLogin is a user of the demo; Name says the unit and the role.
type DemoLogin struct {
	Login string
	Name  string
	Role  models.Role
	// Units are the codes of the units granted.
	Units []string
}

// Demo fills the database with the five policies, their units, people of every
// role and made-up facts of several years, up to the day before today. The facts
// follow from the units and duties alone, so they are the same on every machine.
// Units and people are marked as demo, and with them all that they report.
//
// Rosters and sessions are one transaction, the facts, which come after them, another
// one, the scores a third, and what offices do with all of it a fourth; a demo that is loaded is left as it is. A database with users,
// people or duties of its own is a Conflict.
func Demo(ctx context.Context, h House, today calendar.Date) (*Demonstration, error) {
	people, err := readPeople()
	if err != nil {
		return nil, err
	}
	shown := people.demonstration()
	loaded, err := demoLoaded(ctx, h.Store)
	if loaded || err != nil {
		return shown, err
	}
	shown.Fresh = true
	return shown, people.perform(ctx, h, activations(today), today-1)
}

// perform enters units and people, then the training, the facts and the scores of the
// activations up to the last day.
func (p people) perform(ctx context.Context, h House, list []activation, last calendar.Date) error {
	words, err := readWords()
	if err != nil {
		return err
	}
	if err := putUnits(ctx, h.Store, h.Directory, h.Ledger.Today(), true); err != nil {
		return fmt.Errorf("demo units: %w", err)
	}
	units, err := unitsStored(ctx, h.Store)
	if err != nil {
		return err
	}
	cast, err := p.enter(ctx, h.Directory, h.Table, units)
	if err != nil {
		return fmt.Errorf("demo people: %w", err)
	}
	cal, err := h.Ledger.Calendar(ctx)
	if err != nil {
		return err
	}
	// The transactions may run again, so all that they build begins in them.
	begin := func() *demo { return newDemo(words, cal, units, cast, last) }
	if err := train(ctx, h.Store, h.Training, list, begin); err != nil {
		return fmt.Errorf("demo training: %w", err)
	}
	err = h.Ledger.Replay(ctx, func(past *compliance.History) error { return begin().play(past, list) })
	if err != nil {
		return fmt.Errorf("demo facts: %w", err)
	}
	if err := score(ctx, h.Store, h.Scores, list, begin); err != nil {
		return fmt.Errorf("demo scores: %w", err)
	}
	if err := supervise(ctx, h, begin); err != nil {
		return fmt.Errorf("demo supervision: %w", err)
	}
	return nil
}

// demoLoaded tells whether the demo's facts are there. A database that has
// anything real is a Conflict.
func demoLoaded(ctx context.Context, s *store.Store) (bool, error) {
	var demoUnits, activations, postings, realUsers int64
	db := s.Read(ctx)
	for _, count := range []struct {
		query *gorm.DB
		into  *int64
	}{
		{db.Model(&models.Unit{}).Where("demo = ?", true), &demoUnits},
		{db.Model(&models.Activation{}), &activations},
		{db.Model(&models.Posting{}), &postings},
		{db.Model(&models.User{}).Where("demo = ?", false), &realUsers},
	} {
		if err := count.query.Count(count.into).Error; err != nil {
			return false, fmt.Errorf("look for the demo: %w", store.Translate(err))
		}
	}
	if activations > 0 && demoUnits > 0 {
		return true, nil
	}
	if activations > 0 || realUsers > 0 || postings > 0 && demoUnits == 0 {
		return false, models.NewError(models.Conflict, "demo.not_empty")
	}
	return false, nil
}

func unitsStored(ctx context.Context, s *store.Store) (map[uint64]models.Unit, error) {
	var rows []models.Unit
	if err := s.Read(ctx).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list units: %w", store.Translate(err))
	}
	units := make(map[uint64]models.Unit, len(rows))
	for _, row := range rows {
		units[row.ID] = row
	}
	return units, nil
}
