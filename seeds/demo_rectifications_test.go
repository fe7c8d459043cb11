package seeds

import (
	"testing"
)

// checkRectifications checks that what was lost long ago is put right, in time or late; of
// the last round some waits, some is overdue, and some was given back on appeal.
func (s *stage) checkRectifications(t *testing.T) {
	of := func(status string) string {
		return " AND round_id IN (SELECT id FROM rounds WHERE status = '" + status + "')"
	}
	if n := s.count(t, "rectifications", "status <> 'closed'"+of("frozen")); n != 0 {
		t.Errorf("%d of the frozen round are still to be put right", n)
	}
	for _, where := range []string{"status = 'closed'" + of("frozen"), "status = 'answered'" + of("announced"), "status = 'open'" + of("announced"),
		"status = 'open' AND due_on < '" + demoToday.String() + "'" + of("announced"),
		"EXISTS (SELECT 1 FROM sheet_marks m WHERE m.sheet_id = rectifications.sheet_id AND m.indicator = rectifications.indicator AND m.decided)"} {
		if s.count(t, "rectifications", where) == 0 {
			t.Errorf("no rectification where %s", where)
		}
	}
	if n := s.count(t, "rectification_steps", "act = 'return' AND due_on > done_on"); n == 0 {
		t.Error("nothing was sent back with more time")
	}
}
