package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// migrateViews adds what a user keeps of the pages: the views saved under a name, and
// since when the tour of the first day is over.
func migrateViews(tx *gorm.DB) error {
	if err := createTable(tx, &savedView6{}); err != nil {
		return fmt.Errorf("create table of %T: %w", &savedView6{}, err)
	}
	if err := addColumns(tx, &user6{}); err != nil {
		return fmt.Errorf("add columns of %T: %w", &user6{}, err)
	}
	return nil
}

type savedView6 struct {
	ID     uint64 `gorm:"primaryKey"`
	UserID uint64 `gorm:"not null;uniqueIndex:idx_saved_views_user,priority:1"`
	User   *user1
	// Address is a path of ours with its query.
	Name    string    `gorm:"size:100;not null;uniqueIndex:idx_saved_views_user,priority:2"`
	Address string    `gorm:"size:1000;not null"`
	SavedAt time.Time `gorm:"not null"`
}

func (savedView6) TableName() string { return "saved_views" }

type user6 struct {
	ID       uint64 `gorm:"primaryKey"`
	TouredAt *time.Time
}

func (user6) TableName() string { return "users" }
