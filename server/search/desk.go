// Package search finds what a caller may see by a few words that they type: units,
// people of the rosters, users, obligations and policies. It reads only. What the caller
// may not see is left out by the queries themselves, so that a count tells nothing of it
// either.
package search

import (
	"context"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
)

// Desk finds. It is safe for concurrent use.
type Desk struct {
	store     *store.Store
	ledger    *compliance.Ledger
	directory *organization.Directory
}

// New returns the desk over a store, with the ledger that knows the policies and the
// directory of the users.
func New(s *store.Store, ledger *compliance.Ledger, directory *organization.Directory) *Desk {
	return &Desk{store: s, ledger: ledger, directory: directory}
}

// Kind is a kind of what is found.
type Kind string

// The kinds, in the order in which pages show them.
const (
	Units       Kind = "units"
	Obligations Kind = "obligations"
	Policies    Kind = "policies"
	People      Kind = "people"
	Users       Kind = "users"
)

// Query asks for what has all words of the text in its names, at their beginning or
// inside. An empty text finds nothing.
type Query struct {
	Actor compliance.Actor
	// User is who asks, for the users whom they have invited.
	User *models.User
	Text string
	// Only is the one kind that is asked for; empty for all.
	Only Kind
	// Limit bounds each kind.
	Limit int
	// Counted asks for how many there are where there are more than the limit, which
	// costs a second look at all of them.
	Counted bool
}

// Hits are the first of what was found of one kind. More tells that there are others, and
// Total counts all; zero where there are more and nobody asked for the count.
type Hits[T any] struct {
	Items []T
	Total int
	More  bool
}

// Found is what was found, by kind.
type Found struct {
	Units       Hits[Unit]
	Obligations Hits[Obligation]
	Policies    Hits[compliance.PolicyView]
	People      Hits[Person]
	Users       Hits[organization.UserView]
}

// Unit is a unit that was found.
type Unit struct {
	models.Unit
	// Above are the units over it that the caller may see, the topmost first.
	Above []models.Unit
	// HasChildren tells whether there are units below it that are not closed.
	HasChildren bool
}

// Person is somebody who is, or was, on a roster that the caller may read; Posting is the
// last one there, in the unit.
type Person struct {
	models.Person
	Posting models.Posting
	Unit    models.Unit
}

// Obligation is an obligation of an active policy. Unit is the caller's unit that the
// policy binds, the topmost where there are several, and Year the latest active year, by
// this one, in which it is owed.
type Obligation struct {
	*rules.Obligation
	Policy compliance.PolicyView
	Unit   models.Unit
	Year   int
}

// The permissions by which things are seen, as rbac/policy.csv has them.
var (
	readDuty     = rbac.Permission{Object: "duty", Action: "read"}
	readPolicy   = rbac.Permission{Object: "policy", Action: "read"}
	readRotation = rbac.Permission{Object: "rotation", Action: "read"}
	manageUser   = rbac.Permission{Object: "user", Action: "manage"}
)

// Find answers a query; a text that is no UTF-8 is Invalid.
func (d *Desk) Find(ctx context.Context, q Query) (*Found, error) {
	t, err := termsOf(q.Text)
	found := &Found{}
	if err != nil || len(t.words) == 0 {
		return found, err
	}
	f := finder{Desk: d, ctx: ctx, query: q, terms: t}
	for _, step := range []struct {
		kind Kind
		find func(*Found) error
	}{{Units, f.units}, {Obligations, f.obligations}, {Policies, f.policies}, {People, f.people}, {Users, f.users}} {
		if q.Only != "" && q.Only != step.kind {
			continue
		}
		if err := step.find(found); err != nil {
			return found, err
		}
	}
	return found, nil
}

// finder answers one query.
type finder struct {
	*Desk
	ctx   context.Context
	query Query
	terms terms
}

func (f finder) scope(p rbac.Permission) rbac.Scope {
	return f.query.Actor.Access.Scope(p.Object, p.Action)
}

func (f finder) today() calendar.Date { return f.ledger.Today() }

// users finds users as their list does, for who may manage them.
func (f finder) users(found *Found) error {
	scope := f.scope(manageUser)
	if len(scope) == 0 {
		return nil
	}
	page, err := f.directory.Users(f.ctx, organization.UserQuery{Scope: scope, Actor: f.query.User, Text: f.terms.text, Limit: f.query.Limit})
	found.Users = Hits[organization.UserView]{Items: page.Items, Total: page.Total, More: page.Total > len(page.Items)}
	return err
}

// first returns the first of a list that was found whole.
func first[T any](list []T, limit int) Hits[T] {
	return Hits[T]{Items: list[:min(limit, len(list))], Total: len(list), More: len(list) > limit}
}
