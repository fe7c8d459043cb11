package organization

import (
	"time"

	"sundial/models"
	"sundial/server/throttle"
)

// Attempts to sign in: a login has five at once and one more every twelve
// seconds; an address, behind which a whole office may sit, sixty at once and
// one more every second.
const (
	loginAttempts   = 5
	loginEvery      = 12 * time.Second
	addressAttempts = 60
	addressEvery    = time.Second
)

// signIns throttles attempts to sign in, and apart from them those to use an
// invitation, by the address alone: guesses of links keep nobody from signing in.
type signIns struct {
	logins      *throttle.Throttle
	addresses   *throttle.Throttle
	invitations *throttle.Throttle
}

func newSignIns() *signIns {
	return &signIns{
		logins:      throttle.New(loginEvery, loginAttempts),
		addresses:   throttle.New(addressEvery, addressAttempts),
		invitations: throttle.New(addressEvery, addressAttempts),
	}
}

// attempt takes one attempt to sign in, or returns the models.Error of code
// TooMany that says how many seconds to wait. An empty address is not throttled.
func (s *signIns) attempt(login, address string, now time.Time) error {
	var wait time.Duration
	if address != "" {
		wait = s.addresses.Take(address, now)
	}
	if wait == 0 {
		wait = s.logins.Take(login, now)
	}
	return tooMany(wait)
}

// attemptInvitation is attempt for the link of an invitation.
func (s *signIns) attemptInvitation(address string, now time.Time) error {
	if address == "" {
		return nil
	}
	return tooMany(s.invitations.Take(address, now))
}

func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return models.NewError(models.TooMany, "organization.too_many_sign_ins", "Seconds", throttle.Seconds(wait))
}
