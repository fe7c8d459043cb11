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
	var grants []rbac.Grant
	err := d.store.Read(ctx).Table("grants").Select("grants.role, units.path, units.name AS unit").
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
	var rows []struct {
		GrantID   uint64
		GrantRole models.Role
		models.Unit
	}
	query := d.store.Read(ctx).Table("grants").Select("grants.id AS grant_id, grants.role AS grant_role, units.*").
		Joins("JOIN units ON units.id = grants.unit_id").Where("grants.user_id = ?", userID)
	if err := scope.Where(query, "units.path").Order("grants.id").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list grants of user %d: %w", userID, store.Translate(err))
	}
	grants := make([]Grant, len(rows))
	for i, row := range rows {
		grants[i] = Grant{ID: row.GrantID, Role: row.GrantRole, Unit: row.Unit}
	}
	return grants, nil
}

// AddGrant gives the user the role over the subtree of the unit. A unit outside
// the scope, in which the actor may manage users, is NotFound; a grant that the
// user has is a Conflict.
func (d *Directory) AddGrant(ctx context.Context, actor *models.User, scope rbac.Scope, login string, role models.Role, unitCode string) error {
	if !slices.Contains(rbac.Roles, role) {
		return models.InvalidFields([]models.Field{{
			Name: "role", Key: "organization.role", Args: models.Args("Role", string(role)),
		}})
	}
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		unit, err := unitIn(tx, scope, unitCode)
		if err != nil {
			return err
		}
		user, err := userByLogin(tx, login)
		if err != nil {
			return err
		}
		grant := models.Grant{UserID: user.ID, Role: role, UnitID: unit.ID}
		if err := tx.Create(&grant).Error; errors.Is(err, gorm.ErrDuplicatedKey) {
			return models.NewError(models.Conflict, "organization.grant_exists", "Login", login, "Unit", unit.Name)
		} else if err != nil {
			return err
		}
		return d.record(tx, actor, grantEvent("create", grant, user, unit))
	})
	if err != nil {
		return fmt.Errorf("grant %s of %s to %s: %w", role, unitCode, login, err)
	}
	return nil
}

// RemoveGrant takes a grant of a unit in the scope away; others are NotFound.
func (d *Directory) RemoveGrant(ctx context.Context, actor *models.User, scope rbac.Scope, grantID uint64) error {
	err := d.store.Write(ctx, func(tx *gorm.DB) error {
		var grant models.Grant
		var unit models.Unit
		var user models.User
		if err := tx.Take(&grant, grantID).Error; err != nil {
			return err
		}
		if err := scope.Where(tx, "path").Take(&unit, grant.UnitID).Error; err != nil {
			return err
		}
		if err := tx.Take(&user, grant.UserID).Error; err != nil {
			return err
		}
		if err := tx.Delete(&grant).Error; err != nil {
			return err
		}
		return d.record(tx, actor, grantEvent("delete", grant, user, unit))
	})
	if err != nil {
		return fmt.Errorf("remove grant %d: %w", grantID, err)
	}
	return nil
}

func grantEvent(action string, grant models.Grant, user models.User, unit models.Unit) event {
	return event{
		action: action, object: "grant", objectID: grant.ID, unitID: &unit.ID,
		detail: map[string]any{"login": user.Login, "role": grant.Role, "unit": unit.Code},
	}
}
