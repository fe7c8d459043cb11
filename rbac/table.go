package rbac

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"sundial/models"
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// Roles are all roles, in the order in which pages offer them.
var Roles = []models.Role{
	models.Administrator, models.Supervisor, models.Reporter,
	models.Coordinator, models.Assessor, models.Viewer,
}

// Permission is an action on a kind of object, such as verifying reports.
type Permission struct {
	Object string
	Action string
}

// String returns the permission as object:action.
func (p Permission) String() string { return p.Object + ":" + p.Action }

// Table holds every decision of the policy. The zero Table denies.
type Table struct {
	allowed map[models.Role]map[Permission]bool
	known   map[Permission]bool
}

// Load reads the policy that is built in and has Casbin decide every role and
// permission, once in the process. A policy that gives something to an unknown
// role is an error.
func Load() (*Table, error) { return decided() }

var decided = sync.OnceValues(func() (*Table, error) { return load(modelText, policyText) })

func load(modelText, policyText string) (*Table, error) {
	parsed, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("read access model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(parsed, stringadapter.NewAdapter(policyText))
	if err != nil {
		return nil, fmt.Errorf("read access policy: %w", err)
	}
	permissions, err := permissionsOf(enforcer)
	if err != nil {
		return nil, err
	}
	table := &Table{allowed: make(map[models.Role]map[Permission]bool), known: permissions}
	for _, role := range Roles {
		if table.allowed[role], err = decide(enforcer, role, permissions); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// permissionsOf returns all permissions that the policy mentions.
func permissionsOf(enforcer *casbin.Enforcer) (map[Permission]bool, error) {
	roles := make(map[string]bool, len(Roles))
	for _, role := range Roles {
		roles[string(role)] = true
	}
	rules, err := enforcer.GetPolicy()
	if err != nil {
		return nil, fmt.Errorf("read access policy: %w", err)
	}
	permissions := make(map[Permission]bool)
	for _, rule := range rules {
		if !roles[rule[0]] {
			return nil, fmt.Errorf("read access policy: unknown role %q", rule[0])
		}
		permissions[Permission{Object: rule[1], Action: rule[2]}] = true
	}
	return permissions, nil
}

func decide(enforcer *casbin.Enforcer, role models.Role, permissions map[Permission]bool) (map[Permission]bool, error) {
	allowed := make(map[Permission]bool)
	for p := range permissions {
		ok, err := enforcer.Enforce(string(role), p.Object, p.Action)
		if err != nil {
			return nil, fmt.Errorf("decide whether %s may %s: %w", role, p, err)
		}
		if ok {
			allowed[p] = true
		}
	}
	return allowed, nil
}

// Knows tells whether the policy has the permission at all. A route whose
// permission it does not know would be closed to everybody.
func (t *Table) Knows(p Permission) bool { return t != nil && t.known[p] }

// Allows tells whether the role has the permission, somewhere.
func (t *Table) Allows(role models.Role, p Permission) bool {
	return t != nil && t.allowed[role][p]
}
