package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Exec runs a statement outside of a transaction.
func (s *Store) Exec(ctx context.Context, statement string, args ...any) error {
	return s.write.WithContext(ctx).Exec(statement, args...).Error
}

// SetStrands makes writes choose from so many strands of the audit log.
func (s *Store) SetStrands(strands int) { s.strands = strands }

// MigrateTo applies the migrations up to the one with the id.
func (s *Store) MigrateTo(ctx context.Context, id string) error {
	if err := s.createLeases(ctx); err != nil {
		return err
	}
	return s.migrator(ctx).MigrateTo(id)
}

// ErrInterrupted is what a statement fails with that ChainLog does not come to.
var ErrInterrupted = errors.New("interrupted")

// Interrupt lets so many statements through and fails all others, until it is
// called again; a negative number fails none.
func (s *Store) Interrupt(after int) {
	count := 0
	stop := func(tx *gorm.DB) {
		if count++; after >= 0 && count > after {
			_ = tx.AddError(ErrInterrupted)
		}
	}
	callbacks := s.write.Callback()
	for _, err := range []error{
		callbacks.Raw().Before("gorm:raw").Replace("interrupt", stop),
		callbacks.Create().Before("gorm:create").Replace("interrupt", stop),
		callbacks.Query().Before("gorm:query").Replace("interrupt", stop),
	} {
		if err != nil {
			panic(err)
		}
	}
}

// ChainLog is the step of the second migration that moves the audit log into
// strands.
func (s *Store) ChainLog(ctx context.Context) error {
	db := s.write.WithContext(ctx)
	if s.dialect == MySQL {
		db = db.Set("gorm:table_options", tableOptions).Session(&gorm.Session{})
	}
	if err := createTable(db, &auditStrand2{}); err != nil {
		return err
	}
	return chainLog(db)
}

// WidenRectifications is the step of the fifth migration that fills the tables of
// rectifications anew.
func (s *Store) WidenRectifications(ctx context.Context) error {
	db := s.write.WithContext(ctx)
	if s.dialect == MySQL {
		db = db.Set("gorm:table_options", tableOptions).Session(&gorm.Session{})
	}
	for _, table := range []any{&inspection5{}, &finding5{}, &caseFile5{}} {
		if err := createTable(db, table); err != nil {
			return err
		}
	}
	return widenRectifications(db)
}
