// Package throttle lets each key, such as the address of a caller, do something
// only so often. It knows no clock: whoever asks says when.
package throttle

import (
	"container/list"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds the memory; the key unused for longest goes first.
const maxKeys = 10_000

// Throttle has a limiter per key. It is safe for concurrent use.
type Throttle struct {
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

// New returns a throttle that gives each key burst attempts at once, and one more
// each time that every has passed.
func New(every time.Duration, burst int) *Throttle {
	return &Throttle{every: rate.Every(every), burst: burst, byKey: make(map[string]*list.Element), recent: list.New()}
}

// Take uses one attempt of the key, or returns how long it must wait for one.
func (t *Throttle) Take(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.limiter(key)
	reservation := limiter.ReserveN(now, 1)
	if wait = reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// Wait returns how long the key must wait for an attempt, and uses none.
func (t *Throttle) Wait(key string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	element, found := t.byKey[key]
	if !found {
		return 0
	}
	reservation := element.Value.(*throttled).limiter.ReserveN(now, 1)
	defer reservation.CancelAt(now)
	return reservation.DelayFrom(now)
}

func (t *Throttle) limiter(key string) *rate.Limiter {
	if element, found := t.byKey[key]; found {
		t.recent.MoveToFront(element)
		return element.Value.(*throttled).limiter
	}
	if t.recent.Len() >= maxKeys {
		oldest := t.recent.Remove(t.recent.Back()).(*throttled)
		delete(t.byKey, oldest.key)
	}
	entry := &throttled{key: key, limiter: rate.NewLimiter(t.every, t.burst)}
	t.byKey[key] = t.recent.PushFront(entry)
	return entry.limiter
}

// Forget gives the key all its attempts back.
func (t *Throttle) Forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if element, found := t.byKey[key]; found {
		t.recent.Remove(element)
		delete(t.byKey, key)
	}
}

// Seconds is a wait in whole seconds, as it is told to whoever has to.
func Seconds(wait time.Duration) int { return int(math.Ceil(wait.Seconds())) }
