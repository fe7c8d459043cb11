package rbac

import "sundial/models"

// RolesWith returns the roles that the policy gives the permission, in the order of
// Roles.
func RolesWith(permission Permission) ([]models.Role, error) {
	table, err := Load()
	if err != nil {
		return nil, err
	}
	var roles []models.Role
	for _, role := range Roles {
		if table.Allows(role, permission) {
			roles = append(roles, role)
		}
	}
	return roles, nil
}
