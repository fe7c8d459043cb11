package seeds

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/strictyaml"
)

//go:embed demo/*.yaml
var demoFiles embed.FS

// readDemo reads one of the demo's files.
func readDemo(name string, out any) error {
	data, err := demoFiles.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read demo: %w", err)
	}
	if _, err := strictyaml.Unmarshal(data, out); err != nil {
		return atLines(name, err)
	}
	return nil
}

// people are the users of the demo, as in demo/users.yaml.
type people struct {
	Password string   `yaml:"password"`
	Users    []person `yaml:"users"`
}

type person struct {
	Login string   `yaml:"login"`
	Name  string   `yaml:"name"`
	Role  string   `yaml:"role"`
	Units []string `yaml:"units"`
}

func readPeople() (people, error) {
	var p people
	err := readDemo("demo/users.yaml", &p)
	return p, err
}

func (p people) demonstration() *Demonstration {
	d := &Demonstration{Password: p.Password}
	for _, u := range p.Users {
		d.Logins = append(d.Logins, DemoLogin{Login: u.Login, Name: u.Name, Role: models.Role(u.Role), Units: u.Units})
	}
	return d
}

// cast is who acts in the demo's past.
type cast struct {
	admin compliance.Actor
	// supervisors, coordinators and assessors are by the path of their region, reporters
	// by that of the unit or region they file for.
	supervisors  map[string]compliance.Actor
	coordinators map[string]compliance.Actor
	assessors    map[string]compliance.Actor
	reporters    map[string]compliance.Actor
}

// enter adds the users that are not there yet, with their grants.
func (p people) enter(ctx context.Context, directory *organization.Directory, table *rbac.Table, units map[uint64]models.Unit) (*cast, error) {
	c := &cast{supervisors: map[string]compliance.Actor{}, coordinators: map[string]compliance.Actor{}, assessors: map[string]compliance.Actor{},
		reporters: map[string]compliance.Actor{}}
	paths, names := map[string]string{}, map[string]string{}
	for _, unit := range units {
		paths[unit.Code], names[unit.Code] = unit.Path, unit.Name
	}
	for _, u := range p.Users {
		user, err := u.enter(ctx, directory, p.Password)
		if err != nil {
			return nil, err
		}
		actor := compliance.Actor{ID: user.ID, Name: user.Name}
		role, path := models.Role(u.Role), paths[u.Units[0]]
		actor.Access = table.Access(rbac.Grant{Role: role, Path: path, Unit: names[u.Units[0]]})
		switch role {
		case models.Administrator:
			c.admin = actor
		case models.Supervisor:
			c.supervisors[path] = actor
		case models.Coordinator:
			c.coordinators[path] = actor
		case models.Assessor:
			c.assessors[path] = actor
		case models.Reporter:
			c.reporters[path] = actor
		}
	}
	return c, nil
}

func (u person) enter(ctx context.Context, directory *organization.Directory, password string) (models.User, error) {
	user, err := directory.UserByLogin(ctx, u.Login)
	if models.IsCode(err, models.NotFound) {
		user, err = directory.CreateUser(ctx, nil, organization.NewUser{Login: u.Login, Name: u.Name, Password: password, Demo: true})
	}
	if err != nil {
		return user, err
	}
	granted, err := directory.Grants(ctx, rbac.Everywhere, user.ID)
	if err != nil {
		return user, err
	}
	for _, code := range u.Units {
		if slices.ContainsFunc(granted, func(g organization.Grant) bool { return g.Unit.Code == code }) {
			continue
		}
		if err := directory.AddGrant(ctx, nil, rbac.Everywhere, u.Login, models.Role(u.Role), code); err != nil {
			return user, err
		}
	}
	return user, nil
}

// supervisor returns who decides on the reports of the unit.
func (c *cast) supervisor(unit models.Unit) compliance.Actor { return c.supervisors[region(unit.Path)] }

// reporter returns who files for the unit: its own reporter, or its region's.
func (c *cast) reporter(unit models.Unit) compliance.Actor {
	if own, ok := c.reporters[unit.Path]; ok && unit.Path != region(unit.Path) {
		return own
	}
	return c.reporters[region(unit.Path)]
}
