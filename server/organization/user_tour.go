package organization

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// EndTour notes that the user has seen the tour of the first day, so that it is shown no
// more. Like all that people keep for themselves it is not in the audit log.
func (d *Directory) EndTour(ctx context.Context, user *models.User) error {
	return d.tour(ctx, user, store.Instant(d.now()))
}

// BeginTour lets the tour be shown to the user again.
func (d *Directory) BeginTour(ctx context.Context, user *models.User) error {
	return d.tour(ctx, user, nil)
}

func (d *Directory) tour(ctx context.Context, user *models.User, seenAt any) error {
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		return tx.Model(&models.User{}).Where("id = ?", user.ID).Update("toured_at", seenAt).Error
	})
	if err != nil {
		return fmt.Errorf("note the tour of %s: %w", user.Login, err)
	}
	return nil
}
