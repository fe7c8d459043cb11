package organization

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// invitationLife is how long the link of an invitation works.
const invitationLife = 72 * time.Hour

// Invitee is a user whom an administrator invites. Role and Unit, a unit's code,
// are the first grant; both or none.
type Invitee struct {
	Login string
	Name  string
	// Locale is zh-CN, zh-TW or en; empty follows the browser.
	Locale string
	Role   models.Role
	Unit   string
}

// Link is what the administrator hands over to the invited: the secret, which is
// shown this once, and until when it works.
type Link struct {
	Secret    string
	ExpiresAt time.Time
}

// Invite adds a user who has no password yet, with the first grant, and returns
// the link by which they choose one. Faults of the input are Invalid with fields,
// a login in use is a Conflict, a unit outside the scope NotFound.
func (d *Directory) Invite(ctx context.Context, actor *models.User, scope rbac.Scope, input Invitee) (Link, error) {
	if len(scope) == 0 {
		return Link{}, models.NewError(models.Forbidden, "error.forbidden")
	}
	if err := models.InvalidFields(checkInvitee(input)); err != nil {
		return Link{}, err
	}
	var link Link
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, err := d.addUser(tx, actor, models.User{Login: input.Login, Name: input.Name, Locale: input.Locale})
		if err != nil {
			return err
		}
		if input.Unit != "" {
			unit, err := unitIn(tx, scope, input.Unit)
			if err != nil {
				return err
			}
			if err := d.addGrant(tx, actor, user, Grant{Role: input.Role, Unit: unit}); err != nil {
				return err
			}
		}
		link, err = d.issue(tx, actor, user)
		return err
	})
	if err != nil {
		return Link{}, fmt.Errorf("invite %s: %w", input.Login, err)
	}
	return link, nil
}

func checkInvitee(input Invitee) []models.Field {
	fields := checkUser(input.Login, input.Name, input.Locale)
	switch {
	case input.Role == "" && input.Unit == "":
		return fields
	case input.Role == "":
		return append(fields, models.Field{Name: "role", Key: "people.role_missing"})
	case strings.TrimSpace(input.Unit) == "":
		return append(fields, models.Field{Name: "unit", Key: "people.unit_missing"})
	default:
		return append(fields, checkRole(input.Role)...)
	}
}

// issue makes an invitation, and all earlier ones of the user invalid.
func (d *Directory) issue(tx *gorm.DB, actor *models.User, user models.User) (Link, error) {
	now := store.Instant(d.now())
	err := tx.Model(&models.Invitation{}).Where("user_id = ? AND used_at IS NULL AND expires_at > ?", user.ID, now).Update("expires_at", now).Error
	if err != nil {
		return Link{}, fmt.Errorf("end earlier invitations: %w", err)
	}
	secret := newSecret()
	invitation := models.Invitation{UserID: user.ID, Hash: hashSecret(secret), CreatedAt: now, ExpiresAt: now.Add(invitationLife)}
	if actor != nil {
		invitation.InvitedBy = &actor.ID
	}
	if err := tx.Create(&invitation).Error; err != nil {
		return Link{}, fmt.Errorf("store invitation: %w", err)
	}
	return Link{Secret: secret, ExpiresAt: invitation.ExpiresAt}, d.record(tx, actor, event{
		action: "create", object: "invitation", objectID: invitation.ID,
		detail: map[string]any{"login": user.Login, "expires_at": invitation.ExpiresAt},
	})
}

// Invited returns the user whom the invitation with the secret is for. One that
// is unknown, used, expired or overtaken by a newer one, of a disabled user, or of
// an inviter who could not invite the user today, is NotFound; too many attempts
// from the address are TooMany.
func (d *Directory) Invited(ctx context.Context, secret, address string) (models.User, error) {
	if err := d.signIns.attemptInvitation(address, d.now()); err != nil {
		return models.User{}, err
	}
	_, user, err := d.openInvitation(d.store.Read(ctx), secret)
	return user, err
}

// AcceptInvitation gives the invited user the password and signs them in, once.
// Faults of the password are Invalid with the field password; otherwise see
// Invited.
func (d *Directory) AcceptInvitation(ctx context.Context, secret, password, address string) (models.User, error) {
	user, err := d.Invited(ctx, secret, address)
	if err != nil {
		return models.User{}, err
	}
	if err := models.InvalidFields(checkPassword("password", password, user.Login)); err != nil {
		return models.User{}, err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return models.User{}, err
	}
	err = d.store.Write(ctx, func(tx *gorm.DB) error {
		// Who comes second with the same link waits here, and then finds it used.
		if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&models.User{}, user.ID).Error; err != nil {
			return err
		}
		var invitation models.Invitation
		if invitation, user, err = d.openInvitation(tx, secret); err != nil {
			return err
		}
		return d.accept(tx, invitation, &user, hash)
	})
	if err != nil {
		return models.User{}, fmt.Errorf("accept invitation: %w", err)
	}
	return user, nil
}

func (d *Directory) accept(tx *gorm.DB, invitation models.Invitation, user *models.User, hash string) error {
	if err := tx.Model(&invitation).Update("used_at", store.Instant(d.now())).Error; err != nil {
		return err
	}
	before := factsOf(*user)
	if err := tx.Model(user).Update("password_hash", hash).Error; err != nil {
		return err
	}
	err := d.record(tx, user, event{action: "accept", object: "invitation", objectID: invitation.ID,
		before: before, now: factsOf(*user), detail: map[string]any{"login": user.Login}})
	if err != nil {
		return err
	}
	return d.signIn(tx, user)
}

// openInvitation returns the invitation with the secret, provided that it can be
// accepted now, and whom it is for.
func (d *Directory) openInvitation(db *gorm.DB, secret string) (models.Invitation, models.User, error) {
	refused := models.NewError(models.NotFound, "people.invitation_refused")
	var invitation models.Invitation
	var user models.User
	err := db.Where("hash = ? AND used_at IS NULL AND expires_at > ?", hashSecret(secret), store.Instant(d.now())).Take(&invitation).Error
	if err == nil {
		err = db.Where("disabled = ? AND password_hash = ''", false).Take(&user, invitation.UserID).Error
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return invitation, models.User{}, refused
	}
	if err != nil {
		return invitation, models.User{}, fmt.Errorf("find invitation: %w", store.Translate(err))
	}
	if reached, err := d.stillReached(db, invitation); err != nil {
		return invitation, models.User{}, err
	} else if !reached {
		return invitation, models.User{}, refused
	}
	return invitation, user, nil
}

// stillReached tells whether the inviter may manage the invited user today: a
// link made by somebody must not open what the user was granted beyond that
// person's reach since.
func (d *Directory) stillReached(db *gorm.DB, invitation models.Invitation) (bool, error) {
	if invitation.InvitedBy == nil {
		return true, nil
	}
	inviter, err := d.accessOf(db, *invitation.InvitedBy)
	if err != nil {
		return false, err
	}
	grants, err := grantsOf(db, rbac.Everywhere, invitation.UserID)
	return reaches(inviter.Scope("user", "manage"), grants[invitation.UserID]), err
}
