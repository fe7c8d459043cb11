package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
)

// ErrLeaseLost is the cause of the end of a context whose lease another process
// took over, because it could not be renewed in time.
var ErrLeaseLost = errors.New("the lease was lost")

const leasePoll = 50 * time.Millisecond

// TryHold runs f while this process alone holds the lease of the name, and
// tells whether it did: it returns false at once when another one holds it.
// The lease lasts ttl and is renewed until f returns; when that fails, the
// context of f ends. Locks inside the database would not do: in a cluster they
// are local to a node.
func (s *Store) TryHold(ctx context.Context, name string, ttl time.Duration, f func(ctx context.Context) error) (held bool, err error) {
	holder := rand.Text()
	if held, err = s.takeLease(ctx, name, holder, ttl); err != nil || !held {
		return false, err
	}
	defer s.dropLease(ctx, name, holder)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		s.renewLease(ctx, cancel, name, holder, ttl)
	}()
	err = f(ctx)
	cancel(nil)
	<-renewed
	return true, err
}

// Hold is TryHold that waits for its turn until ctx ends.
func (s *Store) Hold(ctx context.Context, name string, ttl time.Duration, f func(ctx context.Context) error) error {
	for {
		held, err := s.TryHold(ctx, name, ttl, f)
		if held || err != nil {
			return err
		}
		select {
		case <-time.After(leasePoll):
		case <-ctx.Done():
			return fmt.Errorf("wait for lease %s: %w", name, ctx.Err())
		}
	}
}

// takeLease takes a free lease or prolongs the holder's own one.
func (s *Store) takeLease(ctx context.Context, name, holder string, ttl time.Duration) (taken bool, err error) {
	err = s.Write(ctx, func(tx *gorm.DB) error {
		now := Instant(s.now())
		free := models.Lease{Name: name, ExpiresAt: now.Add(-time.Second)}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&free).Error; err != nil {
			return err
		}
		update := tx.Model(&models.Lease{}).
			Where("name = ? AND (holder = ? OR expires_at < ?)", name, holder, now).
			Updates(map[string]any{"holder": holder, "expires_at": now.Add(ttl)})
		taken = update.RowsAffected == 1
		return update.Error
	})
	if err != nil {
		return false, fmt.Errorf("take lease %s: %w", name, err)
	}
	return taken, nil
}

// renewLease prolongs the lease until ctx ends; a failure is tried again as
// long as the lease lasts.
func (s *Store) renewLease(ctx context.Context, lost context.CancelCauseFunc, name, holder string, ttl time.Duration) {
	ticker := time.NewTicker(ttl / 3)
	defer ticker.Stop()
	until := s.now().Add(ttl)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := s.now()
		held, err := s.takeLease(ctx, name, holder, ttl)
		switch {
		case err == nil && held:
			until = asked.Add(ttl)
		case err == nil || s.now().After(until):
			lost(ErrLeaseLost)
			return
		}
	}
}

// dropLease frees the lease for the next one. It must work when ctx has ended;
// when it does not, the lease runs out by itself.
func (s *Store) dropLease(ctx context.Context, name, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.Write(ctx, func(tx *gorm.DB) error {
		return tx.Model(&models.Lease{}).Where("name = ? AND holder = ?", name, holder).
			Updates(map[string]any{"holder": "", "expires_at": Instant(s.now()).Add(-time.Second)}).Error
	})
	if err != nil {
		slog.WarnContext(ctx, "lease not dropped", "lease", name, "error", err)
	}
}
