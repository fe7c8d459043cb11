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

// managed locks and returns the user with all grants, provided that the scope
// reaches them; others are NotFound.
func managed(tx *gorm.DB, scope rbac.Scope, login string) (models.User, []Grant, error) {
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
	if !reaches(scope, grants[user.ID]) {
		return models.User{}, nil, hidden
	}
	return user, grants[user.ID], nil
}

// managedByOther is managed for what nobody does to their own account: giving
// themselves roles, or shutting themselves out.
func managedByOther(tx *gorm.DB, actor *models.User, scope rbac.Scope, login string) (models.User, []Grant, error) {
	user, grants, err := managed(tx, scope, login)
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
