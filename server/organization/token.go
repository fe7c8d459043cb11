package organization

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// tokenPrefix lets people and scanners of leaked secrets know what they see.
const tokenPrefix = "sundial_"

// CreateToken returns a new token, 256 random bits, with which a program acts as
// the user. It is shown this once: only its SHA-256 is stored. The scope must
// have all of the user's grants.
func (d *Directory) CreateToken(ctx context.Context, actor *models.User, scope rbac.Scope, login string) (string, error) {
	plain := tokenPrefix + newSecret()
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, _, err := managed(tx, actor, scope, login)
		if err != nil {
			return err
		}
		token := models.Token{UserID: user.ID, Hash: hashSecret(plain), CreatedAt: store.Instant(d.now())}
		if err := tx.Create(&token).Error; err != nil {
			return err
		}
		return d.record(tx, actor, event{
			action: "create", object: "token", objectID: token.ID, detail: map[string]any{"login": login},
		})
	})
	if err != nil {
		return "", fmt.Errorf("create token for %s: %w", login, err)
	}
	return plain, nil
}

// RevokeTokens makes all tokens of the user invalid; a user who has none stays as
// they are.
func (d *Directory) RevokeTokens(ctx context.Context, actor *models.User, scope rbac.Scope, login string) error {
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, _, err := managed(tx, actor, scope, login)
		if err != nil {
			return err
		}
		return d.revokeTokens(tx, actor, user)
	})
	if err != nil {
		return fmt.Errorf("revoke tokens of %s: %w", login, err)
	}
	return nil
}

func (d *Directory) revokeTokens(tx *gorm.DB, actor *models.User, user models.User) error {
	revoked := tx.Model(&models.Token{}).Where("user_id = ? AND revoked_at IS NULL", user.ID).Update("revoked_at", store.Instant(d.now()))
	if revoked.Error != nil || revoked.RowsAffected == 0 {
		return revoked.Error
	}
	return d.record(tx, actor, event{
		action: "revoke_tokens", object: "user", objectID: user.ID,
		before: map[string]any{"tokens": revoked.RowsAffected}, now: map[string]any{"tokens": 0}, detail: map[string]any{"login": user.Login},
	})
}

// UserByToken returns the user of a token. An unknown or revoked token, and one
// of a disabled user, is Unauthorized.
func (d *Directory) UserByToken(ctx context.Context, plain string) (models.User, error) {
	var user models.User
	err := d.store.Read(ctx).Joins("JOIN tokens ON tokens.user_id = users.id").
		Where("tokens.hash = ? AND tokens.revoked_at IS NULL AND users.disabled = ?", hashSecret(plain), false).
		Take(&user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.User{}, models.NewError(models.Unauthorized, "organization.token_refused")
	}
	if err != nil {
		return models.User{}, fmt.Errorf("find user of token: %w", store.Translate(err))
	}
	return user, nil
}

// newSecret returns 256 random bits as a text that fits into a URL.
func newSecret() string {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// hashSecret is what the database keeps of a secret.
func hashSecret(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}
