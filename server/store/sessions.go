package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
)

// Sessions keeps browsers' sessions for scs. It writes when scs commits a
// changed session and not otherwise.
type Sessions struct {
	store *Store
	now   func() time.Time
}

var _ scs.CtxStore = (*Sessions)(nil)

// NewSessions returns the sessions of a store.
func NewSessions(store *Store, now func() time.Time) *Sessions {
	return &Sessions{store: store, now: now}
}

// FindCtx returns the data of a session; an expired one is not found.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	var session models.Session
	err = s.store.Read(ctx).Where("token = ? AND expiry > ?", token, Instant(s.now())).Take(&session).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("find session: %w", Translate(err))
	}
	return session.Data, true, nil
}

// CommitCtx stores a session, new or changed.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	session := models.Session{Token: token, Data: data, Expiry: Instant(expiry)}
	err := s.store.Write(ctx, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "token"}},
			DoUpdates: clause.AssignmentColumns([]string{"data", "expiry"}),
		}).Create(&session).Error
	})
	if err != nil {
		return fmt.Errorf("commit session: %w", err)
	}
	return nil
}

// DeleteCtx removes a session; one that does not exist is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	err := s.store.Write(ctx, func(tx *gorm.DB) error {
		return tx.Delete(&models.Session{Token: token}).Error
	})
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// DeleteExpired removes the sessions that have expired.
func (s *Sessions) DeleteExpired(ctx context.Context) error {
	err := s.store.Write(ctx, func(tx *gorm.DB) error {
		return tx.Where("expiry <= ?", Instant(s.now())).Delete(&models.Session{}).Error
	})
	if err != nil {
		return fmt.Errorf("delete expired sessions: %w", err)
	}
	return nil
}

// Find is FindCtx without a context; scs prefers that one.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error {
	return s.DeleteCtx(context.Background(), token)
}
