package organization

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
)

// userFacts is what the audit log compares of a user; of the password it knows
// only whether there is one.
type userFacts struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Locale   string `json:"locale"`
	Disabled bool   `json:"disabled"`
	Password bool   `json:"password"`
}

func factsOf(user models.User) userFacts {
	return userFacts{Login: user.Login, Name: user.Name, Locale: user.Locale, Disabled: user.Disabled, Password: user.PasswordHash != ""}
}

// SetDisabled keeps a user from signing in and from using tokens, or lets the
// user again; for an administrator whose scope has all of the user's grants. What
// is so already changes nothing. The own account is Forbidden, the last
// administrator of a root a Conflict.
func (d *Directory) SetDisabled(ctx context.Context, actor *models.User, scope rbac.Scope, login string, disabled bool) error {
	action := "enable"
	if disabled {
		action = "disable"
	}
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, grants, err := managedByOther(tx, actor, scope, login)
		if err != nil || user.Disabled == disabled {
			return err
		}
		if disabled {
			if err := keepAdministrator(tx, user, grants); err != nil {
				return err
			}
		}
		before := factsOf(user)
		if err := tx.Model(&user).Update("disabled", disabled).Error; err != nil {
			return err
		}
		return d.record(tx, actor, event{action: action, object: "user", objectID: user.ID, before: before, now: factsOf(user),
			detail: map[string]any{"login": user.Login}})
	})
	if err != nil {
		return fmt.Errorf("%s user %s: %w", action, login, err)
	}
	return nil
}

// Reset makes the user's password unusable, which ends all sessions begun with
// it, revokes all tokens, and returns an invitation to choose a new one; for an administrator whose
// scope has all of the user's grants. A user who was invited and has no password
// yet gets a new link. The own account is Forbidden, a disabled user and the last
// administrator of a root are a Conflict.
func (d *Directory) Reset(ctx context.Context, actor *models.User, scope rbac.Scope, login string) (Link, error) {
	var link Link
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, grants, err := managedByOther(tx, actor, scope, login)
		if err != nil {
			return err
		}
		if user.Disabled {
			return models.NewError(models.Conflict, "people.reset_disabled", "Name", user.Name)
		}
		if err := keepAdministrator(tx, user, grants); err != nil {
			return err
		}
		if err := d.forgetPassword(tx, actor, user); err != nil {
			return err
		}
		// Whoever had the old password may have made a token with it.
		if err := d.revokeTokens(tx, actor, user); err != nil {
			return err
		}
		link, err = d.issue(tx, actor, user)
		return err
	})
	if err != nil {
		return Link{}, fmt.Errorf("reset user %s: %w", login, err)
	}
	return link, nil
}

// forgetPassword takes the password of a user away who has one.
func (d *Directory) forgetPassword(tx *gorm.DB, actor *models.User, user models.User) error {
	if user.PasswordHash == "" {
		return nil
	}
	before := factsOf(user)
	if err := tx.Model(&user).Update("password_hash", "").Error; err != nil {
		return err
	}
	return d.record(tx, actor, event{action: "reset", object: "user", objectID: user.ID, before: before, now: factsOf(user),
		detail: map[string]any{"login": user.Login}})
}
