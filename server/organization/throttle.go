package organization

import (
	"container/list"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"sundial/models"
)

// Attempts to sign in: a login has five at once and one more every twelve
// seconds; an address, behind which a whole office may sit, sixty at once and
// one more every second.
const (
	loginAttempts   = 5
	loginEvery      = 12 * time.Second
	addressAttempts = 60
	addressEvery    = time.Second
	// maxThrottled bounds the memory; the key unused for longest goes first.
	maxThrottled = 10_000
)

// signIns throttles attempts to sign in, and apart from them those to use an
// invitation, by the address alone: guesses of links keep nobody from signing in.
type signIns struct {
	logins      *throttle
	addresses   *throttle
	invitations *throttle
}

func newSignIns() *signIns {
	return &signIns{
		logins:      newThrottle(loginEvery, loginAttempts),
		addresses:   newThrottle(addressEvery, addressAttempts),
		invitations: newThrottle(addressEvery, addressAttempts),
	}
}

// attempt takes one attempt to sign in, or returns the models.Error of code
// TooMany that says how many seconds to wait. An empty address is not throttled.
func (s *signIns) attempt(login, address string, now time.Time) error {
	var wait time.Duration
	if address != "" {
		wait = s.addresses.take(address, now)
	}
	if wait == 0 {
		wait = s.logins.take(login, now)
	}
	return tooMany(wait)
}

// attemptInvitation is attempt for the link of an invitation.
func (s *signIns) attemptInvitation(address string, now time.Time) error {
	if address == "" {
		return nil
	}
	return tooMany(s.invitations.take(address, now))
}

func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	return models.NewError(models.TooMany, "organization.too_many_sign_ins", "Seconds", seconds)
}

// throttle has a limiter per key.
type throttle struct {
	every rate.Limit
	burst int

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *throttled, the last used in front
}

type throttled struct {
	key     string
	limiter *rate.Limiter
}

func newThrottle(every time.Duration, burst int) *throttle {
	return &throttle{every: rate.Every(every), burst: burst, byKey: make(map[string]*list.Element), recent: list.New()}
}

// take uses one attempt of the key, or returns how long it must wait for one.
func (t *throttle) take(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.limiter(key)
	reservation := limiter.ReserveN(now, 1)
	if wait = reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

func (t *throttle) limiter(key string) *rate.Limiter {
	if element, found := t.byKey[key]; found {
		t.recent.MoveToFront(element)
		return element.Value.(*throttled).limiter
	}
	if t.recent.Len() >= maxThrottled {
		oldest := t.recent.Remove(t.recent.Back()).(*throttled)
		delete(t.byKey, oldest.key)
	}
	entry := &throttled{key: key, limiter: rate.NewLimiter(t.every, t.burst)}
	t.byKey[key] = t.recent.PushFront(entry)
	return entry.limiter
}

// forget gives the key all its attempts back.
func (t *throttle) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if element, found := t.byKey[key]; found {
		t.recent.Remove(element)
		delete(t.byKey, key)
	}
}
