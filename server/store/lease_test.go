package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestLeaseIsHeldByOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		held, err := s.TryHold(t.Context(), "digest", time.Minute, func(ctx context.Context) error {
			if again, err := s.TryHold(ctx, "digest", time.Minute, failWhenRun(t)); again || err != nil {
				t.Errorf("held twice: %v, error %v", again, err)
			}
			other, err := s.TryHold(ctx, "other", time.Minute, func(context.Context) error { return nil })
			if !other || err != nil {
				t.Errorf("another lease: %v, error %v", other, err)
			}
			return nil
		})
		if !held || err != nil {
			t.Fatalf("not held: %v", err)
		}
		held, err = s.TryHold(t.Context(), "digest", time.Minute, func(context.Context) error { return nil })
		if !held || err != nil {
			t.Errorf("not free afterwards: %v", err)
		}
	})
}

func failWhenRun(t *testing.T) func(context.Context) error {
	return func(context.Context) error {
		t.Error("ran without the lease")
		return nil
	}
}

func TestLeaseOfADeadProcessRunsOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		putLease(t, s, models.Lease{Name: "digest", Holder: "dead", ExpiresAt: store.Instant(time.Now().Add(time.Minute))})
		if held, err := s.TryHold(t.Context(), "digest", time.Minute, failWhenRun(t)); held || err != nil {
			t.Fatalf("taken from a living one: %v, error %v", held, err)
		}
		putLease(t, s, models.Lease{Name: "digest", Holder: "dead", ExpiresAt: store.Instant(time.Now().Add(-time.Millisecond))})
		held, err := s.TryHold(t.Context(), "digest", time.Minute, func(context.Context) error { return nil })
		if !held || err != nil {
			t.Errorf("not taken from a dead one: %v", err)
		}
	})
}

func TestLeaseIsRenewedWhileTheJobRuns(t *testing.T) {
	s := storetest.SQLite(t)
	const ttl = 150 * time.Millisecond
	held, err := s.TryHold(t.Context(), "digest", ttl, func(ctx context.Context) error {
		time.Sleep(2 * ttl)
		if again, err := s.TryHold(ctx, "digest", ttl, failWhenRun(t)); again || err != nil {
			t.Errorf("the lease ran out: %v", err)
		}
		return ctx.Err()
	})
	if !held || err != nil {
		t.Error(err)
	}
}

func TestLeaseLostEndsTheJob(t *testing.T) {
	s := storetest.SQLite(t)
	_, err := s.TryHold(t.Context(), "digest", 60*time.Millisecond, func(ctx context.Context) error {
		putLease(t, s, models.Lease{Name: "digest", Holder: "thief", ExpiresAt: store.Instant(time.Now().Add(time.Hour))})
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Second):
			return errors.New("the job went on")
		}
	})
	if !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("error %v, want ErrLeaseLost", err)
	}
}

func putLease(t *testing.T, s *store.Store, lease models.Lease) {
	t.Helper()
	if err := s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Save(&lease).Error }); err != nil {
		t.Fatal(err)
	}
}
