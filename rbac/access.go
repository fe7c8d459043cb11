package rbac

import "sundial/models"

// Grant gives a role over the subtree whose root has the path.
type Grant struct {
	Role models.Role
	Path string
}

// Access is what a user may do: the user's grants and the decisions on roles.
// The zero Access denies.
type Access struct {
	table  *Table
	grants []Grant
}

// Access returns the access of a user with the grants.
func (t *Table) Access(grants ...Grant) Access { return Access{table: t, grants: grants} }

// Allows tells whether the action on the object is granted anywhere.
func (a Access) Allows(object, action string) bool { return len(a.Scope(object, action)) > 0 }

// AllowsAt tells whether the action on the object is granted for the unit with
// the path.
func (a Access) AllowsAt(object, action, unitPath string) bool {
	return a.Scope(object, action).Contains(unitPath)
}

// Scope returns the subtrees in which the action on the object is granted;
// empty means nowhere.
func (a Access) Scope(object, action string) Scope {
	var prefixes []string
	for _, grant := range a.grants {
		if a.table.Allows(grant.Role, Permission{Object: object, Action: action}) {
			prefixes = append(prefixes, grant.Path)
		}
	}
	return NewScope(prefixes...)
}

// Grants returns the user's grants.
func (a Access) Grants() []Grant { return a.grants }
