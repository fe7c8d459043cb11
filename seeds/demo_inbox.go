package seeds

import (
	"fmt"

	"sundial/models"
)

// demoUnread is for how many days before the last of their messages the people of the demo
// have not read what they were sent.
const demoUnread = 30

// readMail has everybody read what had arrived long before the last message that they got:
// nobody finds years of unread messages.
func readMail(o *office) error {
	var users []uint64
	if err := o.tx.Model(&models.InboxEntry{}).Distinct().Order("user_id").Pluck("user_id", &users).Error; err != nil {
		return fmt.Errorf("inboxes of the demo: %w", err)
	}
	for _, user := range users {
		var last models.InboxEntry
		if err := o.tx.Where("user_id = ?", user).Order("arrived_at DESC").Take(&last).Error; err != nil {
			return fmt.Errorf("last message of the demo: %w", err)
		}
		old := o.tx.Model(&models.InboxEntry{}).Where("user_id = ? AND arrived_at < ?", user, last.ArrivedAt.AddDate(0, 0, -demoUnread))
		if err := old.Update("read_at", last.ArrivedAt).Error; err != nil {
			return fmt.Errorf("read messages of the demo: %w", err)
		}
	}
	return nil
}
