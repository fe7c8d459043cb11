package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDaysOfAMonthAreWrittenAsRanges(t *testing.T) {
	for _, c := range []struct {
		days DayNumbers
		want []string
	}{
		{nil, nil},
		{DayNumbers{9}, []string{"9"}},
		{DayNumbers{1, 2, 3, 8, 30, 31}, []string{"1\u20133", "8", "30\u201331"}},
	} {
		if diff := cmp.Diff(c.want, c.days.Ranges()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.days, diff)
		}
	}
}

// A holiday that two notices arrange is one line, and days in the neighbouring
// year belong to it.
func TestHolidaysOfAYear(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	for _, c := range []struct {
		year         int
		name, from   string
		to           string
		days, makeup int
	}{
		{2020, "春节", "2020-01-24", "2020-02-02", 10, 1},
		{2019, "元旦", "2018-12-30", "2019-01-01", 3, 1},
	} {
		lines := holidaysOf(s.calendar, c.year)
		found := false
		for _, line := range lines {
			found = found || line.Name == c.name
			if line.Name == c.name && (line.From.String() != c.from || line.To.String() != c.to || line.Days != c.days || len(line.Makeup) != c.makeup) {
				t.Errorf("%d: %+v, want %+v", c.year, line, c)
			}
		}
		if !found || len(lines) < 6 {
			t.Errorf("%d has the holidays %+v", c.year, lines)
		}
	}
}
