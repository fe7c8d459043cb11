package organization

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// NewUser is a user as entered.
type NewUser struct {
	Login    string
	Name     string
	Password string
	// Locale is zh-CN, zh-TW or en; empty follows the browser.
	Locale string
	Demo   bool
}

var userLogin = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$`)

var userLocales = map[string]bool{"": true, "zh-CN": true, "zh-TW": true, "en": true}

// CreateUser adds a user, who may do nothing until granted. Faults of the input
// are Invalid with fields, a login in use is a Conflict.
func (d *Directory) CreateUser(ctx context.Context, actor *models.User, input NewUser) (models.User, error) {
	fields := append(checkUser(input.Login, input.Name, input.Locale), checkPassword("password", input.Password, input.Login)...)
	if err := models.InvalidFields(fields); err != nil {
		return models.User{}, err
	}
	hash, err := d.passwords.hash(ctx, input.Password)
	if err != nil {
		return models.User{}, err
	}
	var user models.User
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		user, err = d.addUser(tx, actor, models.User{Login: input.Login, Name: input.Name, PasswordHash: hash, Locale: input.Locale, Demo: input.Demo})
		return err
	})
	if err != nil {
		return models.User{}, fmt.Errorf("create user %s: %w", input.Login, err)
	}
	return user, nil
}

func (d *Directory) addUser(tx *gorm.DB, actor *models.User, user models.User) (models.User, error) {
	user.CreatedAt = store.Instant(d.now())
	if err := tx.Create(&user).Error; errors.Is(err, gorm.ErrDuplicatedKey) {
		return user, models.NewError(models.Conflict, "organization.login_taken", "Login", user.Login)
	} else if err != nil {
		return user, err
	}
	return user, d.record(tx, actor, event{action: "create", object: "user", objectID: user.ID, now: factsOf(user),
		detail: map[string]any{"login": user.Login}})
}

func checkUser(login, name, locale string) []models.Field {
	var fields []models.Field
	if !userLogin.MatchString(login) {
		fields = append(fields, models.Field{Name: "login", Key: "organization.login"})
	}
	if length := utf8.RuneCountInString(name); strings.TrimSpace(name) == "" || length > maxName {
		fields = append(fields, models.Field{Name: "name", Key: "organization.name_length", Args: models.Args("Max", maxName)})
	}
	if !userLocales[locale] {
		fields = append(fields, models.Field{Name: "locale", Key: "organization.locale"})
	}
	return fields
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
