package notify

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Open marks a message of the user as read and returns it. A message of somebody else is
// NotFound, as one that is not there. That something was read is in the entry alone, not
// in the audit log: it changes nothing for anybody else.
func (d *Desk) Open(ctx context.Context, user uint64, access rbac.Access, id uint64) (*Item, error) {
	var opened *Item
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		found, err := read(tx, tx.Table("inbox_entries e").Where("e.id = ? AND e.user_id = ?", id, user))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return models.NewError(models.NotFound, "inbox.unknown")
		}
		if err := lead(tx, access, found); err != nil {
			return err
		}
		opened = &found[0]
		return d.markRead(tx.Where("id = ?", id))
	})
	return opened, err
}

// MarkAllRead marks everything as read that had arrived for the user when the entry was
// the newest: what came since stays unread.
func (d *Desk) MarkAllRead(ctx context.Context, user, newest uint64) error {
	return d.store.Write(ctx, func(tx *gorm.DB) error { return d.markRead(tx.Where("user_id = ? AND id <= ?", user, newest)) })
}

// markRead marks those of the entries that are unread.
func (d *Desk) markRead(entries *gorm.DB) error {
	err := entries.Model(&models.InboxEntry{}).Where("read_at IS NULL").Update("read_at", store.Instant(d.now())).Error
	if err != nil {
		return fmt.Errorf("mark as read: %w", store.Translate(err))
	}
	return nil
}
