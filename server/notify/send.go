package notify

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// Note is a message to be sent.
type Note struct {
	Kind models.MessageKind
	// Unit is whom it concerns. Its people are told who hold the permission To by the
	// grant that lies nearest: those of the unit itself or else of the first one above it
	// that has any.
	Unit models.Unit
	To   rbac.Permission
	// Units are told instead of Unit, each like that, where it concerns several.
	Units []models.Unit
	// Below tells also whoever holds the permission in the subtree of Unit.
	Below bool
	// Users are told instead of the people of any unit, when there are any.
	Users []uint64
	// Object and ObjectID are what it leads to, by the names of the audit log.
	Object   string
	ObjectID uint64
	// Text is a message of the locales with its arguments, which are texts, whole numbers,
	// dates (calendar.Date), texts in both languages (rules.Text), and lists of these.
	Text   rules.Reason
	Urgent bool
	// Except is who did it: they know.
	Except uint64
}

// Send writes the message in the transaction, at its moment. Nobody to tell is no error:
// a unit without people has nobody to read it, and nothing is written.
func Send(tx *gorm.DB, at time.Time, today calendar.Date, note Note) error {
	if _, known := objects[note.Object]; !known {
		return fmt.Errorf("message %s: no message can lead to a %s", note.Text.Key, note.Object)
	}
	args, err := packArgs(note.Text.Args)
	if err != nil {
		return fmt.Errorf("message %s: %w", note.Text.Key, err)
	}
	users, err := recipients(tx, note)
	if err != nil || len(users) == 0 {
		return err
	}
	row := models.Message{UnitID: note.Unit.ID, Kind: note.Kind, Object: note.Object, ObjectID: note.ObjectID,
		Key: note.Text.Key, Args: args, Urgent: note.Urgent, SentAt: at, SentOn: today}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store message %s: %w", note.Text.Key, err)
	}
	entries := make([]models.InboxEntry, len(users))
	for i, user := range users {
		entries[i] = models.InboxEntry{MessageID: row.ID, UserID: user, ArrivedAt: at}
	}
	if err := tx.CreateInBatches(entries, batch).Error; err != nil {
		return fmt.Errorf("store entries of message %s: %w", note.Text.Key, err)
	}
	return nil
}

// batch is how many rows one statement takes at most.
const batch = 200
