package throttle

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottleIsBounded(t *testing.T) {
	throttle := New(time.Hour, 1)
	now := time.Date(2017, 6, 16, 1, 0, 0, 0, time.UTC)
	throttle.Take("li", now)
	for i := range maxKeys - 1 {
		throttle.Take(strconv.Itoa(i), now)
	}
	if throttle.Take("li", now) == 0 {
		t.Error("a key was forgotten before the bound")
	}
	// li was used last of all, so two more keys push out others.
	throttle.Take("one more", now)
	throttle.Take("and one", now)
	if throttle.recent.Len() != maxKeys || len(throttle.byKey) != maxKeys {
		t.Errorf("%d keys in %d entries, want %d", throttle.recent.Len(), len(throttle.byKey), maxKeys)
	}
	if throttle.Take("li", now) == 0 {
		t.Error("the key used last was forgotten")
	}
	if throttle.Take("0", now) != 0 {
		t.Error("the key unused for longest was kept")
	}
}
