package store

import (
	"fmt"

	"gorm.io/gorm"
)

// migrateTraining adds what rotation training needs: people and where they work,
// courses, sessions, nominations and attendances, imports, and the counts of
// people in what is known of duties.
func migrateTraining(tx *gorm.DB) error {
	for _, table := range []any{
		&setting3{}, &person3{}, &posting3{}, &course3{}, &trainingPlan3{}, &planItem3{}, &trainingSession3{}, &nomination3{},
		&attendance3{}, &import3{}, &importRow3{},
	} {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	for _, table := range []any{&duty3{}, &dutyChange3{}, &tally3{}} {
		if err := addColumns(tx, table); err != nil {
			return fmt.Errorf("add columns of %T: %w", table, err)
		}
	}
	// The row that is locked by who adds people.
	if err := tx.Create(&setting3{Name: "roster_lock"}).Error; err != nil {
		return fmt.Errorf("add the lock of rosters: %w", err)
	}
	return nil
}
