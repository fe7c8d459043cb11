package rbac

import "sundial/models"

// Grant gives a role over the subtree of a unit, whose root has the path. Unit
// is the unit's name.
type Grant struct {
	Role models.Role
	Path string
	Unit string
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

// Behalf returns the name of the unit in whose name the user does the action for
// the unit with the path: that of the narrowest grant that allows it; empty when
// none does, and for the program itself.
func (a Access) Behalf(object, action, unitPath string) string {
	return a.narrowest(object, action, unitPath).Unit
}

// Narrowest returns the path of the narrowest grant that allows what the permission is
// for, for the unit with the path; empty when none does.
func (a Access) Narrowest(p Permission, unitPath string) string {
	return a.narrowest(p.Object, p.Action, unitPath).Path
}

func (a Access) narrowest(object, action, unitPath string) Grant {
	narrowest := Grant{}
	for _, grant := range a.grants {
		allowed := a.table.Allows(grant.Role, Permission{Object: object, Action: action})
		if allowed && NewScope(grant.Path).Contains(unitPath) && len(grant.Path) > len(narrowest.Path) {
			narrowest = grant
		}
	}
	return narrowest
}

// BehalfWidest is Behalf by the widest grant instead of the narrowest.
func (a Access) BehalfWidest(object, action, unitPath string) string {
	root := a.Scope(object, action).RootOf(unitPath)
	for _, grant := range a.grants {
		if grant.Path == root && a.table.Allows(grant.Role, Permission{Object: object, Action: action}) {
			return grant.Unit
		}
	}
	return ""
}

// Grants returns the user's grants.
func (a Access) Grants() []Grant { return a.grants }
