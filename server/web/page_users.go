package web

import (
	"net/url"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

// UsersPage lists the users whom the caller may manage, and invites new ones.
type UsersPage struct {
	Page
	Filter UserFilter
	Total  int
	Users  []UserLine
	Pager  Pager
	Form   InviteForm
}

// UserFilter narrows the list; empty fields do not.
type UserFilter struct {
	Text  string
	Role  models.Role
	State organization.UserState
	Unit  UnitField
}

// Any tells whether the filter narrows at all.
func (f UserFilter) Any() bool {
	return f.Text != "" || f.Role != "" || f.State != "" || f.Unit.Text != ""
}

// URL is the list with the filter, from the cursor on.
func (f UserFilter) URL(cursor string) string {
	query := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "role": string(f.Role), "state": string(f.State), "unit": f.Unit.Text, "cursor": cursor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return address("/users", query)
}

// At is the list with the unit instead of the text that was typed.
func (f UserFilter) At(unit string) string {
	f.Unit.Text = unit
	return f.URL("")
}

// UserLine is a user in the list.
type UserLine struct {
	organization.UserView
	URL string
}

// InviteForm is the form for a new user; Open when it was refused.
type InviteForm struct {
	Refused
	Open  bool
	Login string
	Name  string
	Lang  string
	Grant GrantFields
}

// GrantFields are the fields of a form that grant a role over a unit's subtree.
type GrantFields struct {
	// Prefix keeps the ids of two forms on a page apart.
	Prefix string
	Role   models.Role
	Unit   UnitField
	Refused
	Optional bool
}

// Roles are those that can be chosen.
func (GrantFields) Roles() []models.Role { return rbac.Roles }

// UnitField is a unit as somebody names it, by code or name. Open tells that the
// text settles on no unit; Candidates are those that it may mean, to choose from.
type UnitField struct {
	Text       string
	Open       bool
	Candidates []UnitCandidate
}

// UnitCandidate is a unit with the names of the units above it.
type UnitCandidate struct {
	Unit  models.Unit
	Above string
}

// Roles are those that the filter offers.
func (UserFilter) Roles() []models.Role { return rbac.Roles }

// States are those that the filter offers.
func (UserFilter) States() []organization.UserState { return organization.UserStates }

// userURL is the page of a user.
func userURL(login string) string { return "/users/" + url.PathEscape(login) }

func newUsersPage(page Page, filter UserFilter, cursor string, found organization.UserPage) UsersPage {
	p := UsersPage{Page: page, Filter: filter, Total: found.Total, Form: InviteForm{Grant: GrantFields{Prefix: "new-", Optional: true}}}
	for _, user := range found.Items {
		p.Users = append(p.Users, UserLine{user, userURL(user.Login)})
	}
	if cursor != "" {
		p.Pager.FirstURL = filter.URL("")
	}
	if found.Next != "" {
		p.Pager.NextURL = filter.URL(found.Next)
	}
	return p
}
