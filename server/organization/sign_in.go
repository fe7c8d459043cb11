package organization

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
)

// Authenticate returns the user with the login and password. Anything else is
// Unauthorized and does not say which of the two was wrong, nor by the time it
// takes; a disabled user is told so only with the right password. After some
// attempts of the login, or from the client's address, it is TooMany with the
// seconds to wait.
func (d *Directory) Authenticate(ctx context.Context, login, password, address string) (models.User, error) {
	user, err := d.verify(ctx, login, password, address)
	if err != nil {
		return models.User{}, err
	}
	if user.Disabled {
		return models.User{}, models.NewError(models.Unauthorized, "organization.user_disabled")
	}
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		return d.record(tx, &user, event{action: "sign_in", object: "user", objectID: user.ID})
	})
	if err != nil {
		return models.User{}, fmt.Errorf("sign in %s: %w", login, err)
	}
	return user, nil
}

// verify compares the password, throttled.
func (d *Directory) verify(ctx context.Context, login, password, address string) (models.User, error) {
	refused := models.NewError(models.Unauthorized, "organization.sign_in_refused")
	if !userLogin.MatchString(login) || len(password) > 4*maxPassword {
		// Neither can be anybody's; the throttle need not remember them.
		login, password = "-", "-"
	}
	if err := d.signIns.attempt(login, address, d.now()); err != nil {
		return models.User{}, err
	}
	user, err := d.UserByLogin(ctx, login)
	hash := user.PasswordHash
	if unknown := models.IsCode(err, models.NotFound); unknown {
		hash = d.passwords.nobody
	} else if err != nil {
		return models.User{}, err
	}
	match, matchErr := d.passwords.match(ctx, password, hash)
	if matchErr != nil {
		return models.User{}, matchErr
	}
	if !match || err != nil {
		return models.User{}, refused
	}
	d.signIns.logins.forget(login)
	return user, nil
}

// ChangePassword gives the user the new password, when the old one is right.
// Faults are Invalid with the fields old and new.
func (d *Directory) ChangePassword(ctx context.Context, user models.User, old, password string) error {
	if err := models.InvalidFields(checkPassword("new", password, user.Login)); err != nil {
		return err
	}
	if _, err := d.verify(ctx, user.Login, old, ""); models.IsCode(err, models.Unauthorized) {
		return models.InvalidFields([]models.Field{{Name: "old", Key: "organization.password_old"}})
	} else if err != nil {
		return err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		if err := tx.Model(&models.User{}).Where("id = ?", user.ID).Update("password_hash", hash).Error; err != nil {
			return err
		}
		return d.record(tx, &user, event{action: "change_password", object: "user", objectID: user.ID})
	})
	if err != nil {
		return fmt.Errorf("change password of %s: %w", user.Login, err)
	}
	return nil
}
