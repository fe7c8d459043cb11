package organization

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Access returns what the user may do. A user who is unknown or disabled may do
// nothing.
func (d *Directory) Access(ctx context.Context, userID uint64) (rbac.Access, error) {
	return d.accessOf(d.store.Read(ctx), userID)
}

func (d *Directory) accessOf(db *gorm.DB, userID uint64) (rbac.Access, error) {
	var grants []rbac.Grant
	err := db.Table("grants").Select("grants.role, units.path, units.name AS unit").
		Joins("JOIN units ON units.id = grants.unit_id").
		Joins("JOIN users ON users.id = grants.user_id").
		Where("grants.user_id = ? AND users.disabled = ?", userID, false).
		Order("grants.id").Scan(&grants).Error
	if err != nil {
		return rbac.Access{}, fmt.Errorf("read grants of user %d: %w", userID, store.Translate(err))
	}
	return d.table.Access(grants...), nil
}

// Grant is a role of a user over the subtree of a unit.
type Grant struct {
	ID   uint64
	Role models.Role
	Unit models.Unit
}

// Grants returns the grants of the user that lie in the scope.
func (d *Directory) Grants(ctx context.Context, scope rbac.Scope, userID uint64) ([]Grant, error) {
	grants, err := grantsOf(d.store.Read(ctx), scope, userID)
	return grants[userID], err
}

// grantsOf returns the grants that lie in the scope, by the user who has them.
func grantsOf(db *gorm.DB, scope rbac.Scope, userIDs ...uint64) (map[uint64][]Grant, error) {
	var rows []struct {
		GrantID   uint64
		GrantRole models.Role
		UserID    uint64
		models.Unit
	}
	query := db.Table("grants").Select("grants.id AS grant_id, grants.role AS grant_role, grants.user_id, units.*").
		Joins("JOIN units ON units.id = grants.unit_id").Where("grants.user_id IN ?", userIDs)
	if err := scope.Where(query, "units.path").Order("grants.id").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list grants of users %v: %w", userIDs, store.Translate(err))
	}
	grants := make(map[uint64][]Grant, len(userIDs))
	for _, row := range rows {
		grants[row.UserID] = append(grants[row.UserID], Grant{ID: row.GrantID, Role: row.GrantRole, Unit: row.Unit})
	}
	return grants, nil
}

// AddGrant gives a user the role over the subtree of the unit, for an
// administrator whose scope has the unit and all of the user's grants; what lies
// outside is NotFound, the own account Forbidden, a grant that the user has a
// Conflict.
func (d *Directory) AddGrant(ctx context.Context, actor *models.User, scope rbac.Scope, login string, role models.Role, unitCode string) error {
	if err := models.InvalidFields(checkRole(role)); err != nil {
		return err
	}
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, _, err := managedByOther(tx, actor, scope, login)
		if err != nil {
			return err
		}
		unit, err := unitIn(tx, scope, unitCode)
		if err != nil {
			return err
		}
		return d.addGrant(tx, actor, user, Grant{Role: role, Unit: unit})
	})
	if err != nil {
		return fmt.Errorf("grant %s of %s to %s: %w", role, unitCode, login, err)
	}
	return nil
}

func (d *Directory) addGrant(tx *gorm.DB, actor *models.User, user models.User, grant Grant) error {
	row := models.Grant{UserID: user.ID, Role: grant.Role, UnitID: grant.Unit.ID}
	if err := tx.Create(&row).Error; errors.Is(err, gorm.ErrDuplicatedKey) {
		return models.NewError(models.Conflict, "organization.grant_exists", "Login", user.Login, "Unit", grant.Unit.Name)
	} else if err != nil {
		return err
	}
	grant.ID = row.ID
	e := grantEvent("create", user, grant)
	e.now = grantFacts(grant)
	return d.record(tx, actor, e)
}

func checkRole(role models.Role) []models.Field {
	if slices.Contains(rbac.Roles, role) {
		return nil
	}
	return []models.Field{{Name: "role", Key: "organization.role", Args: models.Args("Role", string(role))}}
}

// RemoveGrant takes a grant away from a user, for an administrator whose scope
// has all of the user's grants; others are NotFound. The own account is
// Forbidden, the last administrator of a root a Conflict.
func (d *Directory) RemoveGrant(ctx context.Context, actor *models.User, scope rbac.Scope, login string, grantID uint64) error {
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		user, grants, err := managedByOther(tx, actor, scope, login)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(grants, func(g Grant) bool { return g.ID == grantID })
		if i < 0 {
			return models.NewError(models.NotFound, "people.grant_not_found")
		}
		if err := keepAdministrator(tx, user, grants[i:i+1]); err != nil {
			return err
		}
		if err := tx.Delete(&models.Grant{}, grantID).Error; err != nil {
			return err
		}
		e := grantEvent("delete", user, grants[i])
		e.before = grantFacts(grants[i])
		return d.record(tx, actor, e)
	})
	if err != nil {
		return fmt.Errorf("remove grant %d of %s: %w", grantID, login, err)
	}
	return nil
}

func grantEvent(action string, user models.User, grant Grant) event {
	return event{
		action: action, object: "grant", objectID: grant.ID, unitID: &grant.Unit.ID,
		detail: map[string]any{"login": user.Login, "role": grant.Role, "unit": grant.Unit.Code},
	}
}

// grantFacts is what the audit log compares of a grant.
func grantFacts(grant Grant) map[string]any {
	return map[string]any{"role": grant.Role, "unit": grant.Unit.Code}
}
