package organization

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// NewUser is a user as entered.
type NewUser struct {
	Login    string
	Name     string
	Password string
	// Locale is zh-CN or en; empty follows the browser.
	Locale string
	Demo   bool
}

var userLogin = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$`)

var userLocales = map[string]bool{"": true, "zh-CN": true, "en": true}

// CreateUser adds a user, who may do nothing until granted. Faults of the input
// are Invalid with fields, a login in use is a Conflict.
func (d *Directory) CreateUser(ctx context.Context, actor *models.User, input NewUser) (models.User, error) {
	if err := models.InvalidFields(checkUser(input)); err != nil {
		return models.User{}, err
	}
	hash, err := d.passwords.hash(ctx, input.Password)
	if err != nil {
		return models.User{}, err
	}
	var user models.User
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		user = models.User{
			Login: input.Login, Name: input.Name, PasswordHash: hash, Locale: input.Locale,
			Demo: input.Demo, CreatedAt: store.Instant(d.now()),
		}
		if err := tx.Create(&user).Error; errors.Is(err, gorm.ErrDuplicatedKey) {
			return models.NewError(models.Conflict, "organization.login_taken", "Login", input.Login)
		} else if err != nil {
			return err
		}
		return d.record(tx, actor, event{
			action: "create", object: "user", objectID: user.ID, detail: map[string]any{"login": user.Login},
		})
	})
	if err != nil {
		return models.User{}, fmt.Errorf("create user %s: %w", input.Login, err)
	}
	return user, nil
}

func checkUser(input NewUser) []models.Field {
	var fields []models.Field
	if !userLogin.MatchString(input.Login) {
		fields = append(fields, models.Field{Name: "login", Key: "organization.login"})
	}
	if length := utf8.RuneCountInString(input.Name); strings.TrimSpace(input.Name) == "" || length > maxName {
		fields = append(fields, models.Field{Name: "name", Key: "organization.name_length", Args: models.Args("Max", maxName)})
	}
	if !userLocales[input.Locale] {
		fields = append(fields, models.Field{Name: "locale", Key: "organization.locale"})
	}
	return append(fields, checkPassword("password", input.Password, input.Login)...)
}

// User returns the user with the id, disabled or not.
func (d *Directory) User(ctx context.Context, id uint64) (models.User, error) {
	var user models.User
	if err := d.store.Read(ctx).Take(&user, id).Error; err != nil {
		return models.User{}, fmt.Errorf("find user %d: %w", id, store.Translate(err))
	}
	return user, nil
}

// UserByLogin returns the user with the login, disabled or not.
func (d *Directory) UserByLogin(ctx context.Context, login string) (models.User, error) {
	return userByLogin(d.store.Read(ctx), login)
}

func userByLogin(db *gorm.DB, login string) (models.User, error) {
	var user models.User
	err := db.Where("login = ?", login).Take(&user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.User{}, models.NewError(models.NotFound, "organization.user_not_found", "Login", login)
	}
	if err != nil {
		return models.User{}, fmt.Errorf("find user %s: %w", login, store.Translate(err))
	}
	return user, nil
}

// SetPassword gives a user a new password, for an administrator whose scope has
// all of the user's grants.
func (d *Directory) SetPassword(ctx context.Context, actor *models.User, scope rbac.Scope, login, password string) error {
	if err := models.InvalidFields(checkPassword("password", password, login)); err != nil {
		return err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return d.change(ctx, actor, scope, login, "set_password", "password_hash", hash)
}

// SetDisabled keeps a user from signing in and from using tokens, or lets the
// user again; for an administrator whose scope has all of the user's grants.
func (d *Directory) SetDisabled(ctx context.Context, actor *models.User, scope rbac.Scope, login string, disabled bool) error {
	action := "enable"
	if disabled {
		action = "disable"
	}
	return d.change(ctx, actor, scope, login, action, "disabled", disabled)
}

// change sets one column of a user whom the scope may manage.
func (d *Directory) change(ctx context.Context, actor *models.User, scope rbac.Scope, login, action, column string, value any) error {
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, err := managed(tx, scope, login)
		if err != nil {
			return err
		}
		if err := tx.Model(&user).Update(column, value).Error; err != nil {
			return err
		}
		return d.record(tx, actor, event{
			action: action, object: "user", objectID: user.ID, detail: map[string]any{"login": user.Login},
		})
	})
	if err != nil {
		return fmt.Errorf("%s of user %s: %w", action, login, err)
	}
	return nil
}

// managed returns the user, provided that all the user's grants lie in the
// scope: who could reset the password of somebody with wider grants would have
// them too. Others are NotFound.
func managed(tx *gorm.DB, scope rbac.Scope, login string) (models.User, error) {
	hidden := models.NewError(models.NotFound, "organization.user_not_found", "Login", login)
	if len(scope) == 0 {
		return models.User{}, hidden
	}
	user, err := userByLogin(tx.Clauses(clause.Locking{Strength: "UPDATE"}), login)
	if err != nil {
		return user, err
	}
	var paths []string
	err = tx.Table("grants").Joins("JOIN units ON units.id = grants.unit_id").
		Where("grants.user_id = ?", user.ID).Pluck("units.path", &paths).Error
	if err != nil {
		return user, err
	}
	for _, path := range paths {
		if !scope.Contains(path) {
			return user, hidden
		}
	}
	return user, nil
}
