package web

import "sundial/models"

// InvitationPage is where the invited choose a password. Invited is nil when the
// link leads nowhere (any more), and Error says so.
type InvitationPage struct {
	Page
	Refused
	Invited *models.User
}
