package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"sundial/server/store"
)

// Each runs the test body on SQLite and on MariaDB.
func Each(t *testing.T, body func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) { body(t, SQLite(t)) })
	t.Run(store.MySQL, func(t *testing.T) { body(t, MySQL(t)) })
}

// SQLite returns a migrated SQLite of the test's own, closed with the test.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	dir := t.TempDir()
	file, err := migratedFile()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, store.FileName), file, 0o600)
	}
	if err != nil {
		t.Fatalf("prepare SQLite: %v", err)
	}
	return Open(t, store.Config{Dir: dir})
}

// MySQL returns a migrated database of the test's own on the private MariaDB,
// closed and dropped with the test.
func MySQL(t testing.TB) *store.Store {
	t.Helper()
	url := MySQLURL(t)
	script, err := migratedTables()
	if err == nil {
		err = runScript(t.Context(), url, script)
	}
	if err != nil {
		t.Fatalf("prepare MariaDB: %v", err)
	}
	return Open(t, store.Config{URL: url})
}

// Open opens a store, closed with the test.
func Open(t testing.TB, config store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// migratedFile returns the content of a migrated SQLite file, made once: a copy
// costs less than the migrations.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sundial-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrateFile(dir); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

func migrateFile(dir string) error {
	s, err := store.Open(context.Background(), store.Config{Dir: dir})
	if err != nil {
		return err
	}
	// Closing moves the journal into the file.
	return errors.Join(s.Migrate(context.Background()), s.Close())
}
