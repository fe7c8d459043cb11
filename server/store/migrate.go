package store

import (
	"context"
	"fmt"
	"time"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"sundial/models"
)

const (
	migrationTable = "migrations"
	migrationLease = "migrate"
	// migrationTTL outlasts a pause of the process that migrates, and is what the
	// next start waits for when that process was killed.
	migrationTTL = time.Minute
)

// migrations lists what made the schema what it is, oldest first. Each works on
// structs frozen in its own file, never on package models, and can run again
// after it failed half-way: DDL of MySQL does not roll back. An applied one is
// never edited; the next change is a new one.
var migrations = []*gormigrate.Migration{
	{ID: "001_initial", Migrate: migrateInitial},
	{ID: "002_year_of_work", Migrate: migrateYearOfWork},
	{ID: "003_training", Migrate: migrateTraining},
	{ID: "004_assessment", Migrate: migrateAssessment},
	{ID: "005_supervision", Migrate: migrateSupervision},
	{ID: "006_views", Migrate: migrateViews},
}

// Migrate applies the migrations that are missing. Several processes may start
// at once: one migrates, the others wait for it. A database that a newer
// program has migrated is refused.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.createLeases(ctx); err != nil {
		return err
	}
	return s.Hold(ctx, migrationLease, migrationTTL, func(ctx context.Context) error {
		if err := s.migrator(ctx).Migrate(); err != nil {
			return fmt.Errorf("migrate database: %w", Translate(err))
		}
		return nil
	})
}

// migrator applies the migrations: on SQLite each in a transaction, on MySQL
// outside of any, which DDL would end.
func (s *Store) migrator(ctx context.Context) *gormigrate.Gormigrate {
	db := s.write.WithContext(ctx)
	if s.dialect == MySQL {
		db = db.Set("gorm:table_options", tableOptions).Session(&gorm.Session{})
	}
	return gormigrate.New(db, &gormigrate.Options{
		TableName:                 migrationTable,
		IDColumnName:              "id",
		IDColumnSize:              100,
		UseTransaction:            s.dialect == SQLite,
		ValidateUnknownMigrations: true,
	}, migrations)
}

// tableOptions make MySQL compare text as SQLite does, byte by byte: codes and
// logins that differ in case are different.
const tableOptions = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"

// createLeases makes the table by which concurrent migrations find their turn,
// hence outside of them.
func (s *Store) createLeases(ctx context.Context) error {
	statement := "CREATE TABLE IF NOT EXISTS leases (name varchar(64) NOT NULL PRIMARY KEY, " +
		"holder varchar(64) NOT NULL, expires_at "
	if s.dialect == MySQL {
		statement += "datetime(3) NOT NULL)" + tableOptions
	} else {
		statement += "datetime NOT NULL)"
	}
	if err := s.write.WithContext(ctx).Exec(statement).Error; err != nil {
		return fmt.Errorf("create table leases: %w", Translate(err))
	}
	return nil
}

// Ready tells whether the database answers and has all migrations: nil when it
// does, a models.Error of code Unavailable when it does not.
func (s *Store) Ready(ctx context.Context) error {
	var applied []string
	if err := s.Read(ctx).Table(migrationTable).Pluck("id", &applied).Error; err != nil {
		return unavailable(fmt.Errorf("read migrations: %w", err))
	}
	known := make(map[string]bool, len(applied))
	for _, id := range applied {
		known[id] = true
	}
	for _, migration := range migrations {
		if !known[migration.ID] {
			return models.NewError(models.Unavailable, "store.not_migrated", "Migration", migration.ID)
		}
	}
	return nil
}

// createTable makes the table of a frozen struct with its columns, foreign keys
// and indexes, or what an interrupted run has left out of it.
func createTable(tx *gorm.DB, frozen any) error {
	schema := tx.Migrator()
	if !schema.HasTable(frozen) {
		return schema.CreateTable(frozen)
	}
	statement := &gorm.Statement{DB: tx}
	if err := statement.Parse(frozen); err != nil {
		return err
	}
	for _, index := range statement.Schema.ParseIndexes() {
		if schema.HasIndex(frozen, index.Name) {
			continue
		}
		if err := schema.CreateIndex(frozen, index.Name); err != nil {
			return err
		}
	}
	return nil
}
