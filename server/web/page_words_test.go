package web

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// A term that the office put off is told with the policy's term and the later
// day, never as if the policy had set that day.
func TestAnExtendedTermIsToldAsExtended(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	after, _ := calendar.ParseDate("2017-05-02")
	due, _ := calendar.ParseDate("2017-07-10")
	wants := map[string]string{"zh-CN": "2017年5月2日之后第 30 个工作日，经批准延至2017年7月10日", "en": "working day 30 after 2 May 2017, extended to 10 Jul 2017"}
	for lang, want := range wants {
		for _, state := range []rules.State{rules.Pending, rules.Reported, rules.Overdue, rules.Met, rules.Late} {
			text := catalog.Locale(lang).Text("rules.extended."+string(state), models.Args("After", after, "Required", "30", "DueOn", due, "DoneOn", due, "AsOf", after, "Clause", "x"))
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s, want %s in it", state, text, want)
			}
		}
	}
}
