package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/store"
)

// oldEntries is more than one batch of the copy.
const oldEntries = 230

// oldLog brings the database to the first migration, with an audit log in which
// the numbers have gaps.
func oldLog(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.MigrateTo(t.Context(), "001_initial"); err != nil {
		t.Fatal(err)
	}
	for n := range oldEntries {
		var user, unit any
		if n%3 > 0 {
			user, unit = n%7, n%5
		}
		at := instant.Add(time.Duration(oldEntries-n) * time.Second) // the order is that of the numbers
		err := s.Exec(t.Context(), "INSERT INTO audit_entries (id, at, user_id, user_name, action, object, object_id, unit_id, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			10+3*n, at, user, "王某", "verify", "report", n+1, unit, fmt.Sprintf(`{"n":%d}`, n))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// checkOldLog demands that the old log is the first strand of the new one.
func checkOldLog(t *testing.T, s *store.Store) {
	t.Helper()
	state, err := s.VerifyAudit(t.Context(), store.Fingerprint{})
	if err != nil || len(state.Breaks) != 0 || state.Entries != oldEntries {
		t.Fatalf("%+v, error %v; want %d sound entries", state, err, oldEntries)
	}
	var entries []models.AuditEntry
	if err := s.Read(t.Context()).Order("strand, seq").Find(&entries).Error; err != nil {
		t.Fatal(err)
	}
	for n, entry := range entries {
		want := models.AuditEntry{Seq: uint64(n + 1), At: instant.Add(time.Duration(oldEntries-n) * time.Second), UserName: "王某", Action: "verify",
			Object: "report", ObjectID: uint64(n + 1), Changes: "{}", Detail: fmt.Sprintf(`{"n":%d}`, n), Hash: entry.Hash}
		if n%3 > 0 {
			user, unit := uint64(n%7), uint64(n%5)
			want.UserID, want.UnitID = &user, &unit
		}
		if diff := cmp.Diff(want, entry); diff != "" {
			t.Fatalf("entry %d: -want +got:\n%s", n, diff)
		}
	}
}

func TestMigrateChainsTheOldLog(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		s := again()
		oldLog(t, s)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkOldLog(t, s)
		for _, index := range []string{"idx_audit_entries_at", "idx_audit_entries_unit", "idx_audit_entries_user", "idx_audit_entries_action", "idx_audit_entries_object"} {
			if !s.Read(t.Context()).Migrator().HasIndex("audit_entries", index) {
				t.Errorf("the index %s is missing", index)
			}
		}
		record(t, s, 1)
		if state, err := s.VerifyAudit(t.Context(), store.Fingerprint{}); err != nil || len(state.Breaks) != 0 || state.Entries != oldEntries+1 {
			t.Errorf("with one more entry: %+v, error %v", state, err)
		}
	})
}

// The move of the log is interrupted before each of its statements in turn, and
// is taken up again each time from where the one before has left the tables.
func TestMovingTheLogCanBeInterruptedAnywhere(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		s := again()
		oldLog(t, s)
		interruptions := 0
		for {
			s.Interrupt(interruptions)
			err := s.ChainLog(t.Context())
			s.Interrupt(-1)
			if err == nil {
				break
			}
			if !errors.Is(err, store.ErrInterrupted) {
				t.Fatalf("after %d statements: %v", interruptions, err)
			}
			interruptions++
		}
		if interruptions < 20 {
			t.Errorf("%d interruptions: fewer than there are strands and steps", interruptions)
		}
		checkOldLog(t, s)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkOldLog(t, s)
	})
}
