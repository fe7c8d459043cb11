package organization

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// UserState says whether a user can sign in.
type UserState string

// The states of a user.
const (
	// UserActive has a password.
	UserActive UserState = "active"
	// UserInvited has yet to choose a password by an invitation.
	UserInvited UserState = "invited"
	// UserDisabled was disabled.
	UserDisabled UserState = "disabled"
)

// UserStates are all states, in the order in which pages offer them.
var UserStates = []UserState{UserActive, UserInvited, UserDisabled}

func stateOf(user models.User) UserState {
	switch {
	case user.Disabled:
		return UserDisabled
	case user.PasswordHash == "":
		return UserInvited
	default:
		return UserActive
	}
}

// UserView is a user as administrators see them.
type UserView struct {
	models.User
	State  UserState
	Grants []Grant
	// InvitedUntil is when the open invitation expires, zero when there is none.
	InvitedUntil time.Time
	// Tokens counts those that are valid.
	Tokens int
}

// UserQuery asks for the users whose grants all lie in the scope. A user without
// grants is theirs who administer every root, and the actor's who invited them.
// Empty fields do not narrow.
type UserQuery struct {
	Scope rbac.Scope
	Actor *models.User
	// Text is part of a login or a name, whatever its case.
	Text  string
	State UserState
	// Role and Under, the path of a unit, ask for a grant with the role in the
	// unit's subtree.
	Role   models.Role
	Under  string
	Cursor string
	Limit  int
}

// UserPage is one page of a list of users, by login. Next is the cursor of the
// following page, empty on the last one.
type UserPage struct {
	Items []UserView
	Total int
	Next  string
}

// Users answers one page of the users that the query asks for.
func (d *Directory) Users(ctx context.Context, q UserQuery) (UserPage, error) {
	db := d.store.Read(ctx)
	all, err := coversRoots(db, q.Scope)
	if err != nil {
		return UserPage{}, err
	}
	var total int64
	if err := q.where(db, all).Model(&models.User{}).Count(&total).Error; err != nil {
		return UserPage{}, fmt.Errorf("count users: %w", store.Translate(err))
	}
	var users []models.User
	if err := q.where(db, all).Where("users.login > ?", q.Cursor).Order("users.login").Limit(q.Limit + 1).Find(&users).Error; err != nil {
		return UserPage{}, fmt.Errorf("list users: %w", store.Translate(err))
	}
	page := UserPage{Total: int(total)}
	if len(users) > q.Limit {
		users = users[:q.Limit]
		page.Next = users[len(users)-1].Login
	}
	page.Items, err = d.userViews(db, users)
	return page, err
}

// where restricts a query of users to those that are asked for; all tells that
// the scope has the whole tree.
func (q UserQuery) where(db *gorm.DB, all bool) *gorm.DB {
	if len(q.Scope) == 0 {
		return db.Where("1 = 0")
	}
	grants := func() *gorm.DB {
		return db.Table("grants").Select("1").Joins("JOIN units ON units.id = grants.unit_id").Where("grants.user_id = users.id")
	}
	inside := q.Scope.Where(db.Table("units AS granted").Select("1").Where("granted.id = grants.unit_id"), "granted.path")
	query := db.Where("NOT EXISTS (?)", grants().Where("NOT EXISTS (?)", inside))
	if !all {
		invited := db.Table("invitations").Select("1").Where("invitations.user_id = users.id AND invitations.invited_by = ?", idOf(q.Actor))
		query = query.Where("(EXISTS (?) OR EXISTS (?))", grants(), invited)
	}
	if text := strings.ToLower(strings.TrimSpace(q.Text)); text != "" {
		pattern := "%" + likeEscape.Replace(text) + "%"
		query = query.Where("(lower(users.login) LIKE ? ESCAPE '!' OR lower(users.name) LIKE ? ESCAPE '!')", pattern, pattern)
	}
	if q.Role != "" || q.Under != "" {
		with := grants()
		if q.Role != "" {
			with = with.Where("grants.role = ?", q.Role)
		}
		if q.Under != "" {
			with = rbac.NewScope(q.Under).Where(with, "units.path")
		}
		query = query.Where("EXISTS (?)", with)
	}
	switch q.State {
	case UserActive:
		query = query.Where("users.disabled = ? AND users.password_hash <> ''", false)
	case UserInvited:
		query = query.Where("users.disabled = ? AND users.password_hash = ''", false)
	case UserDisabled:
		query = query.Where("users.disabled = ?", true)
	}
	return query
}

// UserView returns a user all of whose grants lie in the scope; others are
// NotFound.
func (d *Directory) UserView(ctx context.Context, actor *models.User, scope rbac.Scope, login string) (UserView, error) {
	db := d.store.Read(ctx)
	all, err := coversRoots(db, scope)
	if err != nil {
		return UserView{}, err
	}
	var user models.User
	err = UserQuery{Scope: scope, Actor: actor}.where(db, all).Where("users.login = ?", login).Take(&user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return UserView{}, models.NewError(models.NotFound, "organization.user_not_found", "Login", login)
	}
	if err != nil {
		return UserView{}, fmt.Errorf("find user %s: %w", login, store.Translate(err))
	}
	views, err := d.userViews(db, []models.User{user})
	if err != nil {
		return UserView{}, err
	}
	return views[0], nil
}

// userViews adds to users what stands in other tables.
func (d *Directory) userViews(db *gorm.DB, users []models.User) ([]UserView, error) {
	ids := make([]uint64, len(users))
	for i, user := range users {
		ids[i] = user.ID
	}
	grants, err := grantsOf(db, rbac.Everywhere, ids...)
	if err != nil {
		return nil, err
	}
	var invitations []models.Invitation
	if err := db.Where("user_id IN ? AND used_at IS NULL AND expires_at > ?", ids, store.Instant(d.now())).Find(&invitations).Error; err != nil {
		return nil, fmt.Errorf("list invitations: %w", store.Translate(err))
	}
	until := make(map[uint64]time.Time, len(invitations))
	for _, invitation := range invitations {
		until[invitation.UserID] = invitation.ExpiresAt
	}
	var tokens []models.Token
	if err := db.Select("user_id").Where("user_id IN ? AND revoked_at IS NULL", ids).Find(&tokens).Error; err != nil {
		return nil, fmt.Errorf("list tokens: %w", store.Translate(err))
	}
	count := make(map[uint64]int, len(tokens))
	for _, token := range tokens {
		count[token.UserID]++
	}
	views := make([]UserView, len(users))
	for i, user := range users {
		views[i] = UserView{User: user, State: stateOf(user), Grants: grants[user.ID], InvitedUntil: until[user.ID], Tokens: count[user.ID]}
	}
	return views, nil
}
