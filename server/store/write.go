package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

const (
	// writeAttempts is how often a transaction is run that loses against others.
	writeAttempts = 10
	// firstPause is the longest pause before the second attempt; it doubles up to
	// longestPause: a short write must outlast one that moves thousands of duties.
	firstPause   = 10 * time.Millisecond
	longestPause = time.Second
	// queuePatience is how long a writer waits for its turn on SQLite.
	queuePatience = 30 * time.Second
)

var errNested = errors.New("a write was started inside another one: pass its tx down instead")

// writing marks the context of a transaction with the store that it writes to.
type writing struct{}

// Write runs f in a transaction and commits when f returns nil; any error or
// panic of f rolls back. When the transaction loses against another one
// (deadlock, lock wait, serialization), all of f runs again, a few times with a
// random pause: f must have no effect but on tx, and must return the errors it
// gets from it. Errors come out as [Translate] gives them.
//
// There is one write at a time on SQLite, so a Write inside f would wait for
// itself: it is refused when it is called with the context of tx, and ends as
// Unavailable after half a minute otherwise.
func (s *Store) Write(ctx context.Context, f func(tx *gorm.DB) error) error {
	if ctx.Value(writing{}) == s {
		return errNested
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	ctx = context.WithValue(ctx, writing{}, s)
	for attempt := range writeAttempts {
		if attempt > 0 {
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
		err = s.attempt(ctx, f)
		if err == nil || !isConflict(err) {
			break
		}
	}
	return Translate(err)
}

// attempt runs f once in a transaction, with the audit entries that it records.
func (s *Store) attempt(ctx context.Context, f func(tx *gorm.DB) error) error {
	ctx, recorded := withPending(ctx)
	return s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.chain(tx, recorded.entries)
	})
}

// enter waits for the writer's turn.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	if s.queue == nil {
		return func() {}, nil
	}
	patience := time.NewTimer(queuePatience)
	defer patience.Stop()
	select {
	case s.queue <- struct{}{}:
		return func() { <-s.queue }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-patience.C:
		return nil, unavailable(errors.New("no turn to write came up"))
	}
}

// pause waits before an attempt: at random, so that two transactions that met
// once do not meet again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(min(firstPause<<(attempt-1), longestPause)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
