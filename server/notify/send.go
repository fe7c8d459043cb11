package notify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Note is a message to be sent.
type Note struct {
	Kind models.MessageKind
	// Unit is whom it concerns. Its people are told who hold the permission To by the
	// grant that lies nearest: those of the unit itself or else of the first one above it
	// that has any.
	Unit models.Unit
	To   rbac.Permission
	// Users are told instead of the people of the unit, when there are any.
	Users []uint64
	// Object and ObjectID are what it leads to, by the names of the audit log.
	Object   string
	ObjectID uint64
	// Text is a message of the locales with its arguments, which are texts, whole numbers,
	// dates (calendar.Date) and texts in both languages (rules.Text).
	Text   rules.Reason
	Urgent bool
	// Except is who did it: they know.
	Except uint64
}

// Send writes the message in the transaction, at its moment. Nobody to tell is no error:
// a unit without people has nobody to read it.
func Send(tx *gorm.DB, at time.Time, today calendar.Date, note Note) error {
	users, err := recipients(tx, note)
	if err != nil {
		return err
	}
	args, err := json.Marshal(note.Text.Args)
	if err != nil {
		return fmt.Errorf("arguments of message %s: %w", note.Text.Key, err)
	}
	row := models.Message{UnitID: note.Unit.ID, Kind: note.Kind, Object: note.Object, ObjectID: note.ObjectID,
		Key: note.Text.Key, Args: string(args), Urgent: note.Urgent, SentAt: at, SentOn: today}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store message %s: %w", note.Text.Key, err)
	}
	var entries []models.InboxEntry
	for _, user := range users {
		if user != note.Except {
			entries = append(entries, models.InboxEntry{MessageID: row.ID, UserID: user})
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := tx.CreateInBatches(entries, insertBatch).Error; err != nil {
		return fmt.Errorf("store entries of message %s: %w", note.Text.Key, err)
	}
	return nil
}

// insertBatch is how many rows one statement inserts.
const insertBatch = 50

// recipients returns the users to be told.
func recipients(tx *gorm.DB, note Note) ([]uint64, error) {
	if len(note.Users) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(note.Users))), nil
	}
	roles, err := rbac.RolesWith(note.To)
	if err != nil {
		return nil, err
	}
	var grants []models.Grant
	err = tx.Joins("JOIN users ON users.id = grants.user_id AND users.disabled = ?", false).
		Where("grants.unit_id IN ? AND grants.role IN ?", ancestry(note.Unit.Path), roles).Find(&grants).Error
	if err != nil {
		return nil, fmt.Errorf("people of unit %s: %w", note.Unit.Code, store.Translate(err))
	}
	return nearest(note.Unit.Path, grants), nil
}

// ancestry returns the ids on a path, the root first.
func ancestry(path string) []uint64 {
	var ids []uint64
	for _, text := range strings.Split(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseUint(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// nearest returns the users of the grants that lie deepest on the path.
func nearest(path string, grants []models.Grant) []uint64 {
	for _, unit := range slices.Backward(ancestry(path)) {
		var users []uint64
		for _, grant := range grants {
			if grant.UnitID == unit && !slices.Contains(users, grant.UserID) {
				users = append(users, grant.UserID)
			}
		}
		if len(users) > 0 {
			slices.Sort(users)
			return users
		}
	}
	return nil
}
