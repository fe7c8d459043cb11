package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/rules"
)

func TestCoverageTurnsOnlyWhenPeopleComeAndGo(t *testing.T) {
	window := rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}
	staff := []rules.StaffMember{
		{ID: "stays", From: day("2010-01-01")},
		{ID: "leaves", From: day("2010-01-01"), To: day("2018-05-31")},
		{ID: "joins", From: day("2018-06-01")},
		{ID: "one day", From: day("2018-03-05"), To: day("2018-03-05")},
		{ID: "leaves with the window", From: day("2010-01-01"), To: day("2018-12-31")},
		{ID: "joins on the last day", From: day("2018-12-31")},
		{ID: "joins after it", From: day("2019-01-01")},
		{ID: "left before", From: day("2010-01-01"), To: day("2018-01-31")},
	}
	for _, c := range []struct {
		after string
		want  []calendar.Date
	}{
		{"2018-01-30", []calendar.Date{day("2018-02-01"), day("2018-03-05"), day("2018-03-06"), day("2018-06-01"), day("2018-12-31")}},
		{"2018-02-01", []calendar.Date{day("2018-03-05"), day("2018-03-06"), day("2018-06-01"), day("2018-12-31")}},
		{"2018-06-01", []calendar.Date{day("2018-12-31")}},
		{"2018-12-31", nil},
	} {
		if diff := cmp.Diff(c.want, rules.TurningDays(staff, day(c.after), window)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", c.after, diff)
		}
	}
}
