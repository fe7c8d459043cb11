package organization

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
)

// reaches tells whether all of the grants lie in the scope: who could reset the
// password of somebody with wider grants would have them too. A scope without
// units reaches nobody, not even a user without grants.
func reaches(scope rbac.Scope, grants []Grant) bool {
	return len(scope) > 0 && !slices.ContainsFunc(grants, func(g Grant) bool { return !scope.Contains(g.Unit.Path) })
}

// mayHaveFree tells whether a user without grants is the actor's to manage: who
// administers every root of the tree may, and who invited the user. To anybody
// else the account may be given to somebody of another unit tomorrow, with the
// password that was chosen today.
func mayHaveFree(db *gorm.DB, actor *models.User, scope rbac.Scope, user uint64) (bool, error) {
	if all, err := coversRoots(db, scope); err != nil || all {
		return all, err
	}
	var invited int64
	if err := db.Model(&models.Invitation{}).Where("user_id = ? AND invited_by = ?", user, idOf(actor)).Count(&invited).Error; err != nil {
		return false, fmt.Errorf("invitations: %w", err)
	}
	return invited > 0, nil
}

// coversRoots tells whether the scope has the whole tree.
func coversRoots(db *gorm.DB, scope rbac.Scope) (bool, error) {
	var paths []string
	if err := db.Model(&models.Unit{}).Where("parent_id IS NULL").Pluck("path", &paths).Error; err != nil {
		return false, fmt.Errorf("roots: %w", err)
	}
	return len(scope) > 0 && !slices.ContainsFunc(paths, func(path string) bool { return !scope.Contains(path) }), nil
}

// idOf returns the id of the user, 0 for the program itself.
func idOf(user *models.User) uint64 {
	if user == nil {
		return 0
	}
	return user.ID
}

// managed locks and returns the user with all grants, provided that the scope
// reaches them; others are NotFound.
func managed(tx *gorm.DB, actor *models.User, scope rbac.Scope, login string) (models.User, []Grant, error) {
	hidden := models.NewError(models.NotFound, "organization.user_not_found", "Login", login)
	if !userLogin.MatchString(login) {
		return models.User{}, nil, hidden
	}
	user, err := userByLogin(tx.Clauses(clause.Locking{Strength: "UPDATE"}), login)
	if err != nil {
		return user, nil, err
	}
	grants, err := grantsOf(tx, rbac.Everywhere, user.ID)
	if err != nil {
		return user, nil, err
	}
	reached := reaches(scope, grants[user.ID])
	if reached && len(grants[user.ID]) == 0 {
		if reached, err = mayHaveFree(tx, actor, scope, user.ID); err != nil {
			return user, nil, err
		}
	}
	if !reached {
		return models.User{}, nil, hidden
	}
	return user, grants[user.ID], nil
}

// managedByOther is managed for what nobody does to their own account: giving
// themselves roles, or shutting themselves out.
func managedByOther(tx *gorm.DB, actor *models.User, scope rbac.Scope, login string) (models.User, []Grant, error) {
	user, grants, err := managed(tx, actor, scope, login)
	if err == nil && actor != nil && actor.ID == user.ID {
		err = models.NewError(models.Forbidden, "people.own_account")
	}
	return user, grants, err
}

// keepAdministrator refuses, as a Conflict, to take the grants from a user who is
// the last one that administers a root of the tree and can sign in. Of two who do
// it to each other at once, the locks make the second see what the first did.
func keepAdministrator(tx *gorm.DB, user models.User, grants []Grant) error {
	if stateOf(user) != UserActive {
		return nil
	}
	for _, grant := range grants {
		if grant.Role != models.Administrator || grant.Unit.ParentID != nil {
			continue
		}
		var administrators []uint64
		err := tx.Model(&models.Grant{}).Clauses(clause.Locking{Strength: "UPDATE"}).
			Where("unit_id = ? AND role = ?", grant.Unit.ID, models.Administrator).Pluck("user_id", &administrators).Error
		if err != nil {
			return fmt.Errorf("administrators of %s: %w", grant.Unit.Code, err)
		}
		var others int64
		err = tx.Model(&models.User{}).Where("id IN ? AND id <> ? AND disabled = ? AND password_hash <> ''", administrators, user.ID, false).Count(&others).Error
		if err != nil {
			return fmt.Errorf("administrators of %s: %w", grant.Unit.Code, err)
		}
		if others == 0 {
			return models.NewError(models.Conflict, "people.last_administrator", "Name", user.Name, "Unit", grant.Unit.Name)
		}
	}
	return nil
}
