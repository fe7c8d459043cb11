package main

import (
	"fmt"
	"strings"

	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/compliance"
)

// migrateCommand brings a database up to date.
type migrateCommand struct {
	database
}

// Run migrates; an up-to-date database is left as it is.
func (c *migrateCommand) Run(e *environment) error {
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	return e.say("cli.migrate.done")
}

// seedCommand loads the units, policies and scoring schemes that ship with the program.
type seedCommand struct {
	database
}

// Run loads what is not there yet, and names the policies that stay as they are
// although they ship otherwise; nothing is activated.
func (c *seedCommand) Run(e *environment) error {
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	if err := seeds.Load(e.ctx, a.store, a.directory, a.ledger); err != nil {
		return err
	}
	if err := seeds.LoadSchemes(e.ctx, a.scores); err != nil {
		return err
	}
	if err := a.tellOfPolicies(e); err != nil {
		return err
	}
	return e.say("cli.seed.done")
}

// tellOfPolicies names the policies that are loaded with another content than they
// ship with, if any: nothing but an amendment takes that over.
func (a *app) tellOfPolicies(e *environment) error {
	ids, err := seeds.LoadedDifferently(e.ctx, a.store)
	if err == nil && len(ids) > 0 {
		e.note("cli.seed.policies_kept", "Policies", strings.Join(ids, ", "))
	}
	return err
}

// rebuildCommand computes the tallies of the boards anew.
type rebuildCommand struct {
	database
}

// Run rebuilds; boards show the same as before unless the tallies were damaged.
func (c *rebuildCommand) Run(e *environment) error {
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	if err := a.ledger.Rebuild(e.ctx, compliance.Actor{}); err != nil {
		return err
	}
	return e.say("cli.rebuild.done")
}

// tokenCommand manages the tokens of programs.
type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Create a token with which a program acts as a user; the token alone is printed."`
}

type tokenCreateCommand struct {
	database
	User string `help:"Login of the user." required:"" placeholder:"NAME"`
}

// Run prints the new token, which is shown this once.
func (c *tokenCreateCommand) Run(e *environment) error {
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	token, err := a.directory.CreateToken(e.ctx, nil, rbac.Everywhere, c.User)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, token)
	return nil
}
