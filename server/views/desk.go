// Package views keeps the pages that users come back to, with their filters, under names
// that they choose (常用视图). A view is its user's alone: nobody else reads it, and like
// drafts it is not in the audit log.
package views

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/store"
)

// MostViews is how many views a user keeps, LongestName how long their names are and
// LongestAddress their addresses, in characters.
const (
	MostViews      = 50
	LongestName    = 100
	LongestAddress = 1000
)

// Desk keeps and returns views. It is safe for concurrent use.
type Desk struct {
	store *store.Store
	now   func() time.Time
}

// New returns the desk over a store.
func New(s *store.Store, now func() time.Time) *Desk { return &Desk{store: s, now: now} }

// Views returns the views of the user, by name.
func (d *Desk) Views(ctx context.Context, user uint64) ([]models.SavedView, error) {
	var list []models.SavedView
	if err := d.store.Read(ctx).Where("user_id = ?", user).Order("name").Find(&list).Error; err != nil {
		return nil, fmt.Errorf("saved views: %w", store.Translate(err))
	}
	return list, nil
}

// View is what is to be saved. Replace tells that a view of the name may be replaced.
type View struct {
	Name    string
	Address string
	Replace bool
}

// Save keeps a page of this server under a name. Invalid is a name that is empty or too
// long, an address that is no local path or too long, and one view too many; Conflict a
// name that the user has given already, unless it may be replaced.
func (d *Desk) Save(ctx context.Context, user uint64, view View) error {
	view.Name = strings.Join(strings.Fields(view.Name), " ")
	if err := view.check(); err != nil {
		return err
	}
	return d.store.Write(ctx, func(tx *gorm.DB) error {
		// Two saves of one user wait for each other: both count.
		var owner models.User
		if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Select("id").Take(&owner, user).Error; err != nil {
			return fmt.Errorf("user of a view: %w", err)
		}
		row := models.SavedView{UserID: user, Name: view.Name, Address: view.Address, SavedAt: store.Instant(d.now())}
		var before models.SavedView
		switch err := tx.Where("user_id = ? AND name = ?", user, view.Name).Take(&before).Error; {
		case err == nil && !view.Replace:
			return models.NewError(models.Conflict, "views.name_taken", "Name", before.Name)
		case err == nil:
			row.ID = before.ID
		case !errors.Is(err, gorm.ErrRecordNotFound):
			return fmt.Errorf("view of the name: %w", err)
		default:
			var count int64
			if err := tx.Model(&models.SavedView{}).Where("user_id = ?", user).Count(&count).Error; err != nil {
				return fmt.Errorf("count views: %w", err)
			}
			if count >= MostViews {
				return models.InvalidFields([]models.Field{{Name: "name", Key: "views.too_many", Args: models.Args("Most", MostViews)}})
			}
		}
		if err := tx.Save(&row).Error; err != nil {
			return fmt.Errorf("save view: %w", err)
		}
		return nil
	})
}

// Remove removes a view of the user's; any other is NotFound.
func (d *Desk) Remove(ctx context.Context, user, id uint64) error {
	return d.store.Write(ctx, func(tx *gorm.DB) error {
		gone := tx.Where("id = ? AND user_id = ?", id, user).Delete(&models.SavedView{})
		if gone.Error != nil {
			return fmt.Errorf("remove view: %w", gone.Error)
		}
		if gone.RowsAffected == 0 {
			return models.NewError(models.NotFound, "views.unknown")
		}
		return nil
	})
}

// check refuses what cannot be kept.
func (v View) check() error {
	var wrong []models.Field
	switch length := utf8.RuneCountInString(v.Name); {
	case length == 0:
		wrong = append(wrong, models.Field{Name: "name", Key: "views.name_missing"})
	case length > LongestName:
		wrong = append(wrong, models.Field{Name: "name", Key: "views.name_long", Args: models.Args("Most", LongestName)})
	case strings.ContainsFunc(v.Name, unicode.IsControl):
		wrong = append(wrong, models.Field{Name: "name", Key: "views.name_control"})
	}
	if !IsLocal(v.Address) {
		wrong = append(wrong, models.Field{Name: "address", Key: "views.address_foreign"})
	} else if utf8.RuneCountInString(v.Address) > LongestAddress {
		wrong = append(wrong, models.Field{Name: "address", Key: "views.address_long", Args: models.Args("Most", LongestAddress)})
	}
	return models.InvalidFields(wrong)
}

// IsLocal tells whether the address is a path of this server, with or without a query: a
// browser follows it nowhere else.
func IsLocal(address string) bool {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.Contains(address, `\`) || strings.ContainsFunc(address, unicode.IsControl) {
		return false
	}
	parsed, err := url.ParseRequestURI(address)
	return err == nil && parsed.Host == "" && parsed.Scheme == "" && parsed.Fragment == ""
}
