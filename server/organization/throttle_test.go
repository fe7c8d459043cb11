package organization

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottleIsBounded(t *testing.T) {
	throttle := newThrottle(time.Hour, 1)
	now := time.Date(2017, 6, 16, 1, 0, 0, 0, time.UTC)
	throttle.take("li", now)
	for i := range maxThrottled - 1 {
		throttle.take(strconv.Itoa(i), now)
	}
	if throttle.take("li", now) == 0 {
		t.Error("a key was forgotten before the bound")
	}
	// li was used last of all, so two more keys push out others.
	throttle.take("one more", now)
	throttle.take("and one", now)
	if throttle.recent.Len() != maxThrottled || len(throttle.byKey) != maxThrottled {
		t.Errorf("%d keys in %d entries, want %d", throttle.recent.Len(), len(throttle.byKey), maxThrottled)
	}
	if throttle.take("li", now) == 0 {
		t.Error("the key used last was forgotten")
	}
	if throttle.take("0", now) != 0 {
		t.Error("the key unused for longest was kept")
	}
}
