package seeds

import (
	"testing"
)

// checkUrges checks that the demo's offices have urged in the years of every policy, with
// every level and answer; some of it is open today, and no step goes back in time or is of
// a day to come.
func (s *stage) checkUrges(t *testing.T) {
	for _, where := range []string{
		"level = 'blue' AND status <> 'ended'", "status = 'sent'", "level = 'yellow' AND status <> 'ended'", "level = 'red' AND status = 'replied'", "status = 'acknowledged'", "status = 'ended'",
		"office_id IN (SELECT id FROM units WHERE code = '210000')", "office_id IN (SELECT id FROM units WHERE code = '370000')", "office_id IN (SELECT id FROM units WHERE code = '620100')",
		"office_id IN (SELECT id FROM units WHERE code = '421303')", "office_id IN (SELECT id FROM units WHERE code = '320000') AND status <> 'ended'",
	} {
		if s.count(t, "urges", where) == 0 {
			t.Errorf("no urge where %s", where)
		}
	}
	for _, act := range []string{"send", "acknowledge", "reply", "escalate", "withdraw", "finish"} {
		if s.count(t, "urge_steps", "act = '"+act+"'") == 0 {
			t.Errorf("no urge has a step %q", act)
		}
	}
	back := "EXISTS (SELECT 1 FROM urge_steps e WHERE e.urge_id = urge_steps.urge_id AND e.id < urge_steps.id AND e.done_on > urge_steps.done_on)"
	if n := s.count(t, "urge_steps", back); n > 0 {
		t.Errorf("%d steps go back in time", n)
	}
	if n := s.count(t, "urge_steps", "done_on >= '"+demoToday.String()+"'"); n > 0 {
		t.Errorf("%d steps are of today or later", n)
	}
	if steps, err := s.house.Supervision.Escalate(t.Context()); err != nil || steps > 6 {
		t.Errorf("today's turn writes %d steps, %v: the days before were not turned", steps, err)
	}
}
