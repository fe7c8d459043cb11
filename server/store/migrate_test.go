package store_test

import (
	"sync"
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// eachEmpty runs the body on a database without any table; again opens the same
// one once more.
func eachEmpty(t *testing.T, body func(t *testing.T, again func() *store.Store)) {
	for dialect, config := range map[string]func(t *testing.T) store.Config{
		store.SQLite: func(t *testing.T) store.Config { return store.Config{Dir: t.TempDir()} },
		store.MySQL:  func(t *testing.T) store.Config { return store.Config{URL: storetest.MySQLURL(t)} },
	} {
		t.Run(dialect, func(t *testing.T) {
			c := config(t)
			body(t, func() *store.Store { return storetest.Open(t, c) })
		})
	}
}

func TestReadyOnlyAfterMigrate(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		s := again()
		if err := s.Ready(t.Context()); !models.IsCode(err, models.Unavailable) {
			t.Errorf("an empty database: %v, want Unavailable", err)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("a migrated database: %v", err)
		}
		exec(t, s, "DELETE FROM migrations")
		if err := s.Ready(t.Context()); !models.IsCode(err, models.Unavailable) {
			t.Errorf("a missing migration: %v, want Unavailable", err)
		}
	})
}

func TestMigrateRefusesADatabaseOfANewerProgram(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO migrations (id) VALUES ('999_later')")
		if err := s.Migrate(t.Context()); err == nil {
			t.Error("migrated")
		}
	})
}

func TestMigrateMendsAnInterruptedRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "DELETE FROM migrations WHERE id = '002_year_of_work'")
		exec(t, s, "DROP TABLE extensions")
		drop := "DROP INDEX idx_unit_changes_path"
		if s.Dialect() == store.MySQL {
			drop += " ON unit_changes"
		}
		exec(t, s, drop)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !s.Read(t.Context()).Migrator().HasTable("extensions") {
			t.Error("the table is missing")
		}
		if !s.Read(t.Context()).Migrator().HasIndex("unit_changes", "idx_unit_changes_path") {
			t.Error("the index is missing")
		}
	})
}

func TestMigrateOnceWhenFourStartTogether(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		var group sync.WaitGroup
		for range 4 {
			s := again()
			group.Go(func() {
				if err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if err := again().Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func exec(t *testing.T, s *store.Store, statement string) {
	t.Helper()
	if err := s.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
