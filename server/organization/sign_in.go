package organization

import (
	"context"
	"fmt"
	"log/slog"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// Authenticate returns the user with the login and password. Anything else is
// Unauthorized and does not say which of the two was wrong, nor by the time it
// takes; a disabled user is told so only with the right password. After some
// attempts of the login, or from the client's address, it is TooMany with the
// seconds to wait. A refusal of a login that exists is noted, so that its owner
// sees it.
func (d *Directory) Authenticate(ctx context.Context, login, password, address string) (models.User, error) {
	user, err := d.verify(ctx, login, password, address)
	if models.IsCode(err, models.Unauthorized) {
		d.noteRefusal(ctx, user)
	}
	if err != nil {
		return models.User{}, err
	}
	if user.Disabled {
		d.noteRefusal(ctx, user)
		return models.User{}, models.NewError(models.Unauthorized, "organization.user_disabled")
	}
	err = d.store.Write(ctx, func(tx *gorm.DB) error { return d.signIn(tx, &user) })
	if err != nil {
		return models.User{}, fmt.Errorf("sign in %s: %w", login, err)
	}
	return user, nil
}

// signIn records that the user has signed in.
func (d *Directory) signIn(tx *gorm.DB, user *models.User) error {
	if err := tx.Model(user).Update("last_sign_in_at", store.Instant(d.now())).Error; err != nil {
		return err
	}
	return d.record(tx, user, event{action: "sign_in", object: "user", objectID: user.ID})
}

// noteRefusal records a refused sign-in of an existing user, by nobody known: it
// is done after the answer, whose time would tell that there is such a login.
func (d *Directory) noteRefusal(ctx context.Context, user models.User) {
	if user.ID == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	d.afterwards.Go(func() {
		err := d.store.Write(ctx, func(tx *gorm.DB) error {
			return d.record(tx, nil, event{action: "sign_in_refused", object: "user", objectID: user.ID,
				detail: map[string]any{"login": user.Login, "state": stateOf(user)}})
		})
		if err != nil {
			slog.ErrorContext(ctx, "refused sign-in not noted", "error", err)
		}
	})
}

// verify compares the password, throttled. With the refusal of a login that
// exists comes its user.
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
	if err != nil && !models.IsCode(err, models.NotFound) {
		return models.User{}, err
	}
	hash := user.PasswordHash
	if hash == "" {
		hash = d.passwords.nobody
	}
	match, matchErr := d.passwords.match(ctx, password, hash)
	if matchErr != nil {
		return models.User{}, matchErr
	}
	if !match || user.PasswordHash == "" {
		return user, refused
	}
	d.signIns.logins.Forget(login)
	return user, nil
}

// ChangePassword gives the user the new password, when the old one is right.
// Faults are Invalid with the fields old and new.
func (d *Directory) ChangePassword(ctx context.Context, user models.User, old, password string) error {
	if err := models.InvalidFields(checkPassword("new", password, user.Login)); err != nil {
		return err
	}
	wrong := models.InvalidFields([]models.Field{{Name: "old", Key: "organization.password_old"}})
	verified, err := d.verify(ctx, user.Login, old, "")
	if models.IsCode(err, models.Unauthorized) {
		return wrong
	}
	if err != nil {
		return err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		// The old one may have been reset since it was compared.
		changed := tx.Model(&models.User{}).Where("id = ? AND password_hash = ?", user.ID, verified.PasswordHash).Update("password_hash", hash)
		if changed.Error == nil && changed.RowsAffected == 0 {
			return wrong
		}
		if changed.Error != nil {
			return changed.Error
		}
		return d.record(tx, &user, event{action: "change_password", object: "user", objectID: user.ID})
	})
	if err != nil {
		return fmt.Errorf("change password of %s: %w", user.Login, err)
	}
	return nil
}
