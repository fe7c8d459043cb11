package storetest_test

import (
	"testing"

	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestEachIsReadyAndEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Ready(t.Context()); err != nil {
			t.Fatalf("not ready: %v", err)
		}
		var units int64
		if err := s.Read(t.Context()).Table("units").Count(&units).Error; err != nil || units != 0 {
			t.Fatalf("%d units, error %v; want an empty table", units, err)
		}
	})
}

func BenchmarkSQLite(b *testing.B) {
	for b.Loop() {
		storetest.SQLite(b)
	}
}

func BenchmarkMySQL(b *testing.B) {
	for b.Loop() {
		storetest.MySQL(b)
	}
}
