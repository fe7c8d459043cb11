package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := instant
		sessions := store.NewSessions(s, func() time.Time { return now })
		want := func(token string, data []byte) {
			t.Helper()
			got, found, err := sessions.Find(token)
			if err != nil || found != (data != nil) {
				t.Fatalf("%s found %v, error %v", token, found, err)
			}
			if diff := cmp.Diff(data, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", token, diff)
			}
		}
		commit := func(token, data string, expiry time.Time) {
			t.Helper()
			if err := sessions.Commit(token, []byte(data), expiry); err != nil {
				t.Fatal(err)
			}
		}
		want("unknown", nil)
		shanghai := time.FixedZone("UTC+8", 8*60*60)
		commit("short", "a", now.Add(time.Minute).In(shanghai))
		commit("long", "b", now.Add(time.Hour))
		commit("long", "c", now.Add(2*time.Hour))
		want("short", []byte("a"))
		want("long", []byte("c"))

		now = now.Add(time.Minute)
		want("short", nil)
		if err := sessions.DeleteExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left []string
		if err := s.Read(t.Context()).Model(&models.Session{}).Pluck("token", &left).Error; err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"long"}, left); diff != "" {
			t.Errorf("after the clean-up: -want +got:\n%s", diff)
		}
		for range 2 {
			if err := sessions.Delete("long"); err != nil {
				t.Fatal(err)
			}
		}
		want("long", nil)
	})
}

func TestRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		user, unit := uint64(3), uint64(4)
		entry := models.AuditEntry{
			At: instant, UserID: &user, UserName: "李某", Action: "verify", Object: "report", ObjectID: 5,
			UnitID: &unit, Behalf: "济南市", Via: "browser", Address: "127.0.0.1",
			Changes: store.Changes(map[string]any{"status": "filed"}, map[string]any{"status": "verified"}), Detail: store.Detail(map[string]string{"reason": "<b>"}),
		}
		for name, broken := range map[string]models.AuditEntry{
			"no instant": {Action: "verify", Object: "report"},
			"no action":  {At: instant, Object: "report"},
			"no object":  {At: instant, Action: "verify"},
		} {
			if err := s.Write(t.Context(), func(tx *gorm.DB) error { return store.Record(tx, broken) }); err == nil {
				t.Errorf("%s: recorded", name)
			}
		}
		if err := s.Write(t.Context(), func(tx *gorm.DB) error { return store.Record(tx, entry) }); err != nil {
			t.Fatal(err)
		}
		var got models.AuditEntry
		if err := s.Read(t.Context()).First(&got).Error; err != nil {
			t.Fatal(err)
		}
		entry.Strand, entry.Seq, entry.Hash = got.Strand, got.Seq, got.Hash
		if diff := cmp.Diff(entry, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
