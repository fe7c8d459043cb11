package calendar_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sundial/server/calendar"
)

// TestEveryDayAgreesWithChineseDays holds our table against an independent one.
// They agree on every day; should a later version of the package differ, the
// State Council's text decides, and the day is listed here with the reason.
func TestEveryDayAgreesWithChineseDays(t *testing.T) {
	c := seeded(t)
	first, last := date("2013-01-01"), date("2026-12-31")
	lines := strings.Split(strings.TrimSpace(chineseDays(t, first, last)), "\n")
	if want := int(last-first) + 1; len(lines) != want {
		t.Fatalf("%d days compared, want %d", len(lines), want)
	}
	for i, line := range lines {
		day := c.Day(first + calendar.Date(i))
		want := day.Date.String() + " 0"
		if day.Working {
			want = day.Date.String() + " 1"
		}
		if line != want {
			t.Errorf("chinese-days has %q, we have %q (%s %s %s)", line, want, day.Kind, day.Holiday, day.Notice)
		}
	}
}

// chineseDays runs the package; SUNDIAL_NODE_MODULES names another folder than
// the front end's for it.
func chineseDays(t *testing.T, first, last calendar.Date) string {
	t.Helper()
	folder := cmp.Or(os.Getenv("SUNDIAL_NODE_MODULES"), filepath.Join("..", "..", "frontend", "node_modules"))
	out, err := exec.CommandContext(t.Context(), "node", "testdata/chinese-days.mjs", folder, first.String(), last.String()).Output()
	if err != nil {
		t.Fatalf("run chinese-days from %s: %v (run make test, which installs it)", folder, err)
	}
	return string(out)
}
