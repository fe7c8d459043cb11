package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

// userCommand manages users without the server: the first administrator.
type userCommand struct {
	Create userCreateCommand `cmd:"" help:"Create a user with grants; the password is read from standard input or made up and printed."`
}

type userCreateCommand struct {
	database
	Login         string   `help:"Login of the new user." required:"" placeholder:"LOGIN"`
	Name          string   `help:"Name of the person." required:"" placeholder:"NAME"`
	Grant         []string `help:"A role over a unit's subtree, such as administrator:370000; may be given several times." required:"" placeholder:"ROLE:UNIT"`
	PasswordStdin bool     `help:"Read the password from standard input instead of making one up."`
}

// Run creates the user, or nothing at all when a grant is wrong.
func (c *userCreateCommand) Run(e *environment) error {
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	grants, err := c.grants(e, a)
	if err != nil {
		return err
	}
	password, err := c.password(e)
	if err != nil {
		return err
	}
	if _, err := a.directory.CreateUser(e.ctx, nil, organization.NewUser{Login: c.Login, Name: c.Name, Password: password}); err != nil {
		return err
	}
	for _, grant := range grants {
		if err := a.directory.AddGrant(e.ctx, nil, rbac.Everywhere, c.Login, grant.role, grant.unit); err != nil {
			return err
		}
	}
	if c.PasswordStdin {
		return e.say("cli.user.created", "Login", c.Login)
	}
	return e.say("cli.user.created_password", "Login", c.Login, "Password", password)
}

type roleAt struct {
	role models.Role
	unit string
}

// grants reads the flags and makes sure that roles and units exist before
// anything is written.
func (c *userCreateCommand) grants(e *environment, a *app) ([]roleAt, error) {
	grants := make([]roleAt, len(c.Grant))
	for i, text := range c.Grant {
		role, unit, ok := strings.Cut(text, ":")
		if !ok || !slices.Contains(rbac.Roles, models.Role(role)) {
			return nil, misuse("cli.user.bad_grant", "Value", text, "Roles", rbac.Roles)
		}
		if _, err := a.directory.Unit(e.ctx, rbac.Everywhere, unit); err != nil {
			return nil, err
		}
		grants[i] = roleAt{models.Role(role), unit}
	}
	return grants, nil
}

// madeUpPassword is the number of random bytes of a password that is made up.
const madeUpPassword = 15

// password reads the first line of standard input, or makes one up.
func (c *userCreateCommand) password(e *environment) (string, error) {
	if !c.PasswordStdin {
		secret := make([]byte, madeUpPassword)
		rand.Read(secret) // never fails
		return base64.RawURLEncoding.EncodeToString(secret), nil
	}
	text, err := io.ReadAll(io.LimitReader(e.stdin, 4096))
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimRight(line, "\r"), nil
}
