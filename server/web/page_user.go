package web

import (
	"time"

	"sundial/models"
	"sundial/server/organization"
)

// UserPage is one user as administrators manage them.
type UserPage struct {
	Page
	// Refused says why what was tried last was not done; a grant form has its own.
	Refused
	Account organization.UserView
	URL     string
	// Own tells that it is the caller's own account, which others manage.
	Own     bool
	Link    *InvitationLink
	Grant   GrantFields
	SignIns []organization.SignIn
}

// InvitationLink is the link to hand over to the user, which is shown once.
type InvitationLink struct {
	URL       string
	ExpiresAt time.Time
}

// Waits tells whether the user has yet to choose a password.
func (p UserPage) Waits() bool { return p.Account.State == organization.UserInvited }

// Disabled tells whether the user was disabled.
func (p UserPage) Disabled() bool { return p.Account.State == organization.UserDisabled }

func newUserPage(page Page, account organization.UserView, history []organization.SignIn) UserPage {
	page.Breadcrumb = []Crumb{{Text: page.Locale.Text("users.title", nil), URL: "/users"}, {Text: account.Name}}
	page.Demo = page.Demo || account.Demo
	return UserPage{Page: page, Account: account, URL: userURL(account.Login), Own: page.User != nil && page.User.ID == account.ID,
		SignIns: history, Grant: GrantFields{Prefix: "grant-", Role: models.Reporter}}
}
