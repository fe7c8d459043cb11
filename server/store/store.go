package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sundial/models"
)

// The dialects, as [Store.Dialect] names them.
const (
	SQLite = "sqlite"
	MySQL  = "mysql"
)

// Config says which database to open.
type Config struct {
	// URL is mysql://user:password@host:3306/name, optionally with ?tls=true,
	// skip-verify or preferred. Empty means the embedded SQLite.
	URL string
	// Dir is the directory of the SQLite file sundial.db; it is created for the
	// owner alone when absent.
	Dir string
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect string
	read    *gorm.DB
	write   *gorm.DB
	// queue holds one place per writer that may run at a time; nil means that
	// the database itself keeps writers apart.
	queue chan struct{}
	now   func() time.Time
	// strands is how many strands of the audit log writes choose from.
	strands int
}

// Open opens the database and makes sure that it answers. It changes nothing in
// it but the journal mode of SQLite; see [Store.Migrate]. An error never holds
// the password; it is a models.Error of code Unavailable when the server cannot
// be reached.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.URL == "" {
		return openSQLite(ctx, config.Dir)
	}
	return openMySQL(ctx, config.URL)
}

// Dialect returns "sqlite" or "mysql".
func (s *Store) Dialect() string { return s.dialect }

// Read returns the database for queries outside a write. On SQLite it refuses
// to write. Errors are the driver's or GORM's; pass them through [Translate].
func (s *Store) Read(ctx context.Context) *gorm.DB { return s.read.WithContext(ctx) }

// Ping asks the database for a sign of life; the error is Unavailable when
// there is none.
func (s *Store) Ping(ctx context.Context) error {
	if err := Translate(s.Read(ctx).Exec("SELECT 1").Error); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Close closes all connections. Transactions under way fail.
func (s *Store) Close() error {
	err := closePool(s.write)
	if s.read != s.write {
		if readErr := closePool(s.read); err == nil {
			err = readErr
		}
	}
	return err
}

func closePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	if err := pool.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// gormOn puts GORM on a pool. GORM's own transaction around every write is off,
// since Write has one, and statements are not kept prepared: the drivers gain
// nothing from it, and batches of any size would fill the cache.
func gormOn(ctx context.Context, pool *sql.DB, dialector gorm.Dialector) (*gorm.DB, error) {
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger:                 slowQueryLogger{},
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		NowFunc:                func() time.Time { return Instant(time.Now()) },
	})
	if err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	return db, nil
}

// Instant returns t as every database keeps it: UTC, whole milliseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func unavailable(cause error) error {
	return models.NewError(models.Unavailable, "store.unavailable").Because(cause)
}
