package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
)

// Record adds an entry to the audit log in the transaction of the write that it
// tells of. At, Action and Object are required.
func Record(tx *gorm.DB, entry models.AuditEntry) error {
	if entry.At.IsZero() || entry.Action == "" || entry.Object == "" {
		return errors.New("record audit entry: instant, action and object are required")
	}
	entry.At = Instant(entry.At)
	if err := tx.Create(&entry).Error; err != nil {
		return fmt.Errorf("record audit entry: %w", err)
	}
	return nil
}

// Detail writes what an audit entry tells beyond its columns, as JSON. It
// panics on a value that has no JSON, which is a mistake of the program.
func Detail(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("audit detail: %w", err))
	}
	return string(text)
}
