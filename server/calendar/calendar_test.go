package calendar_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/seeds"
	"sundial/server/calendar"
)

func date(text string) calendar.Date { return calendar.MustParseDate(text) }

func seeded(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// without returns the shipped calendar less the notices of some years.
func without(t *testing.T, years ...int) *calendar.Calendar {
	t.Helper()
	notices := slices.DeleteFunc(seeded(t).Notices(), func(n calendar.Notice) bool { return slices.Contains(years, n.Year) })
	c, err := calendar.New(notices)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFaultyNoticesAreRefused(t *testing.T) {
	good := func() []calendar.Notice { return seeded(t).Notices()[16:] } // that for 2026
	amend := func(holidays ...calendar.Holiday) func([]calendar.Notice) []calendar.Notice {
		return func(n []calendar.Notice) []calendar.Notice {
			return append(n, calendar.Notice{Number: "国办发明电〔2026〕1号", Issued: date("2026-01-20"), Year: 2026, Holidays: holidays})
		}
	}
	tests := []struct {
		name, key, notice string
		change            func([]calendar.Notice) []calendar.Notice
	}{
		{"no number", "notice.no_number", "", func(n []calendar.Notice) []calendar.Notice { n[0].Number = ""; return n }},
		{"no date of issue", "notice.no_issued", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Issued = 0; return n }},
		{"issued years before", "notice.issued", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Issued = date("2023-11-04"); return n }},
		{"year mistyped", "notice.year", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Year = 20266; return n }},
		{"no holidays", "notice.no_holidays", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays = nil; return n }},
		{"cut off before 国庆节", "notice.incomplete", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays = n[0].Holidays[:6]; return n }},
		{"no name", "notice.no_name", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays[0].Name = " "; return n }},
		{"no last day", "notice.no_end", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays[0].To = 0; return n }},
		{"ends before it begins", "notice.reversed", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays[1].To = date("2026-02-14"); return n }},
		{"a day of another year", "notice.far", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { n[0].Holidays[0].From = date("2025-11-30"); return n }},
		{"make-up day on a Friday", "notice.makeup_weekday", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice {
			n[0].Holidays[0].Makeup[0] = date("2026-01-09")
			return n
		}},
		{"make-up day off as well", "notice.day_twice", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice {
			n[0].Holidays[0].Makeup[0] = date("2026-04-04")
			return n
		}},
		{"make-up day twice", "notice.day_twice", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice {
			n[0].Holidays[0].Makeup[0] = date("2026-05-09")
			return n
		}},
		{"holidays overlap", "notice.day_twice", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice {
			n[0].Holidays[5].To = date("2026-10-01")
			return n
		}},
		{"a holiday twice", "notice.day_twice", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice {
			n[0].Holidays = append(n[0].Holidays, n[0].Holidays[0])
			return n
		}},
		{"a notice twice", "notice.twice", "国办发明电〔2025〕7号", func(n []calendar.Notice) []calendar.Notice { return append(n, n[0]) }},
		{"extends what nobody set", "notice.extends_nothing", "国办发明电〔2026〕1号", amend(calendar.Holiday{Name: "元宵节", To: date("2026-03-03")})},
		{"extends to an earlier day", "notice.extends_back", "国办发明电〔2026〕1号", amend(calendar.Holiday{Name: "春节", To: date("2026-02-23")})},
		{"an added holiday overlaps", "notice.day_twice", "国办发明电〔2026〕1号", amend(calendar.Holiday{Name: "纪念日", From: date("2026-05-05"), To: date("2026-05-06")})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := calendar.New(test.change(good()))
			var fault *calendar.NoticeError
			if !errors.As(err, &fault) || fault.Key != test.key || fault.Notice != test.notice {
				t.Errorf("error = %v, want %s of notice %q", err, test.key, test.notice)
			}
		})
	}
}

func TestDay(t *testing.T) {
	tests := []struct {
		name string
		want calendar.Day
	}{
		{"a Thursday", calendar.Day{Date: date("2017-05-04"), Working: true, Kind: calendar.Workday, Published: true}},
		{"a Saturday", calendar.Day{Date: date("2017-05-06"), Kind: calendar.Weekend, Published: true}},
		{"a make-up Saturday", calendar.Day{Date: date("2017-05-27"), Working: true, Kind: calendar.Makeup, Holiday: "端午节", Notice: "国办发明电〔2016〕17号", Published: true}},
		{"a Sunday inside a holiday", calendar.Day{Date: date("2017-05-28"), Kind: calendar.Off, Holiday: "端午节", Notice: "国办发明电〔2016〕17号", Published: true}},
		{"a Monday inside a holiday", calendar.Day{Date: date("2017-05-29"), Kind: calendar.Off, Holiday: "端午节", Notice: "国办发明电〔2016〕17号", Published: true}},
		{"the weekend a one-day holiday joins", calendar.Day{Date: date("2016-01-02"), Kind: calendar.Weekend, Published: true}},
		{"a day off by the next year's notice", calendar.Day{Date: date("2018-12-31"), Kind: calendar.Off, Holiday: "元旦", Notice: "国办发明电〔2018〕15号", Published: true}},
		{"a make-up day by the next year's notice", calendar.Day{Date: date("2018-12-29"), Working: true, Kind: calendar.Makeup, Holiday: "元旦", Notice: "国办发明电〔2018〕15号", Published: true}},
		{"a day of the replaced Labour Day", calendar.Day{Date: date("2019-05-02"), Kind: calendar.Off, Holiday: "劳动节", Notice: "国办发明电〔2019〕3号", Published: true}},
		{"a Spring Festival day before its extension", calendar.Day{Date: date("2020-01-30"), Kind: calendar.Off, Holiday: "春节", Notice: "国办发明电〔2019〕16号", Published: true}},
		{"the first day of the extension", calendar.Day{Date: date("2020-01-31"), Kind: calendar.Off, Holiday: "春节", Notice: "国办发明电〔2020〕1号", Published: true}},
		{"a make-up day that the extension made a day off", calendar.Day{Date: date("2020-02-01"), Kind: calendar.Off, Holiday: "春节", Notice: "国办发明电〔2020〕1号", Published: true}},
		{"the make-up day that stayed", calendar.Day{Date: date("2020-01-19"), Working: true, Kind: calendar.Makeup, Holiday: "春节", Notice: "国办发明电〔2019〕16号", Published: true}},
		{"the first day after the extension", calendar.Day{Date: date("2020-02-03"), Working: true, Kind: calendar.Workday, Published: true}},
		{"a Thursday before the first notice", calendar.Day{Date: date("2012-12-27"), Working: true, Kind: calendar.Workday}},
		{"a Friday after the last notice", calendar.Day{Date: date("2027-01-01"), Working: true, Kind: calendar.Workday}},
		{"a Saturday long after it", calendar.Day{Date: date("2050-01-01"), Kind: calendar.Weekend}},
	}
	c := seeded(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, c.Day(test.want.Date)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAddWorkingDays(t *testing.T) {
	tests := []struct {
		name        string
		after       string
		n           int
		due         string
		provisional bool
	}{
		{"no trigger", "", 30, "", false},
		{"a term of no days", "2017-05-04", 0, "", false},
		{"a negative term", "2017-05-04", -1, "", false},
		{"a term longer than any", "2017-05-04", calendar.MaxTerm + 1, "", false},
		{"thirty days over Dragon Boat, with a make-up day", "2017-05-04", 30, "2017-06-16", false},
		{"the next day", "2017-05-03", 1, "2017-05-04", false},
		{"over a weekend", "2017-05-05", 1, "2017-05-08", false},
		{"triggered on a Sunday", "2017-05-07", 1, "2017-05-08", false},
		{"onto a make-up Saturday", "2017-05-26", 1, "2017-05-27", false},
		{"triggered on a make-up day", "2017-05-27", 1, "2017-05-31", false},
		{"triggered inside a holiday", "2017-10-03", 1, "2017-10-09", false},
		{"over the new year into a noticed year", "2025-12-31", 1, "2026-01-04", false},
		{"to the last noticed day", "2026-12-30", 1, "2026-12-31", false},
		{"into a year without notice", "2026-12-31", 1, "2027-01-01", true},
		{"wholly in a year without notice", "2028-06-01", 3, "2028-06-06", true},
		{"from a year without notice", "2012-12-31", 1, "2013-01-04", false},
		{"before all notices", "2012-12-27", 2, "2012-12-31", true},
	}
	c := seeded(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			due, provisional := c.AddWorkingDays(date(test.after), test.n)
			if due != date(test.due) || provisional != test.provisional {
				t.Errorf("due %s, provisional %v; want %s, %v", due, provisional, test.due, test.provisional)
			}
		})
	}
}

func TestNoticeSettlesProvisionalDate(t *testing.T) {
	due, provisional := without(t, 2026).AddWorkingDays(date("2025-12-30"), 3)
	if due != date("2026-01-02") || !provisional {
		t.Errorf("before the notice: %s, provisional %v", due, provisional)
	}
	due, provisional = seeded(t).AddWorkingDays(date("2025-12-30"), 3)
	if due != date("2026-01-05") || provisional {
		t.Errorf("after the notice: %s, provisional %v", due, provisional)
	}
}

func TestDecemberFollowsNextYearsNotice(t *testing.T) {
	due, provisional := without(t, 2019).AddWorkingDays(date("2018-12-28"), 1)
	if due != date("2018-12-31") || provisional {
		t.Errorf("before the notice for 2019: %s, provisional %v", due, provisional)
	}
	due, _ = seeded(t).AddWorkingDays(date("2018-12-28"), 1)
	if due != date("2018-12-29") {
		t.Errorf("after it: %s, want the make-up Saturday", due)
	}
}

func TestYearBetweenNoticesIsUnpublished(t *testing.T) {
	c := without(t, 2017)
	if c.HasNotice(2017) || c.Day(date("2017-10-03")).Published || !c.Day(date("2017-10-03")).Working {
		t.Errorf("2017 without its notice: %+v", c.Day(date("2017-10-03")))
	}
}

func TestWorkingDaysBetween(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       int
	}{
		{"the same day", "2017-05-04", "2017-05-04", 0},
		{"the term of thirty days", "2017-05-04", "2017-06-16", 30},
		{"turned round", "2017-06-16", "2017-05-04", -30},
		{"a holiday", "2017-09-30", "2017-10-08", 0},
		{"the make-up day before it", "2017-09-29", "2017-10-08", 1},
		{"all of 2016", "2015-12-31", "2016-12-31", 250},
		{"a year without notice", "2010-12-31", "2011-12-31", 260},
		{"from before to after the notices", "2012-12-31", "2027-01-01", 3493},
	}
	c := seeded(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := c.WorkingDaysBetween(date(test.a), date(test.b)); got != test.want {
				t.Errorf("%d working days, want %d", got, test.want)
			}
		})
	}
}

func TestCountingHasNoSurprises(t *testing.T) {
	c := seeded(t)
	day := rapid.Int32Range(int32(date("2011-01-01")), int32(date("2029-12-31")))
	rapid.Check(t, func(t *rapid.T) {
		after := calendar.Date(day.Draw(t, "after"))
		n := rapid.IntRange(1, 400).Draw(t, "n")
		due, provisional := c.AddWorkingDays(after, n)
		if got := c.WorkingDaysBetween(after, due); got != n {
			t.Fatalf("%d working days in (%s, %s], want %d", got, after, due, n)
		}
		if !c.Day(due).Working {
			t.Fatalf("term ends on %s, a day off", due)
		}
		if later, _ := c.AddWorkingDays(after, n+1); later <= due {
			t.Fatalf("one day more ends on %s, not after %s", later, due)
		}
		if next, _ := c.AddWorkingDays(after+1, n); next < due {
			t.Fatalf("a later trigger ends on %s, before %s", next, due)
		}
		if e := c.Explain(after, n); e.Due != due || e.Provisional != provisional || e.WorkingDays != n {
			t.Fatalf("explained as %+v", e)
		}
		other := calendar.Date(day.Draw(t, "other"))
		if there, back := c.WorkingDaysBetween(after, other), c.WorkingDaysBetween(other, after); there != -back {
			t.Fatalf("%d there, %d back", there, back)
		}
		count := 0
		for d := after + 1; d <= other; d++ {
			if c.Day(d).Working {
				count++
			}
		}
		if other >= after && c.WorkingDaysBetween(after, other) != count {
			t.Fatalf("%d working days in (%s, %s], counted %d", c.WorkingDaysBetween(after, other), after, other, count)
		}
	})
}

func TestExplain(t *testing.T) {
	const notice = "国办发明电〔2016〕17号"
	e := seeded(t).Explain(date("2017-05-24"), 4)
	if e.Due != date("2017-05-31") || e.WorkingDays != 4 || e.Provisional || len(e.Steps) != 7 {
		t.Errorf("explained as %+v", e)
	}
	run := func(from, to string, length, count int, day calendar.Day) calendar.Run {
		day.Date, day.Published = date(from), true
		return calendar.Run{Day: day, To: date(to), Length: length, CountTo: count}
	}
	want := []calendar.Run{
		run("2017-05-25", "2017-05-26", 2, 2, calendar.Day{Working: true, Kind: calendar.Workday}),
		run("2017-05-27", "2017-05-27", 1, 3, calendar.Day{Working: true, Kind: calendar.Makeup, Holiday: "端午节", Notice: notice}),
		run("2017-05-28", "2017-05-30", 3, 0, calendar.Day{Kind: calendar.Off, Holiday: "端午节", Notice: notice}),
		run("2017-05-31", "2017-05-31", 1, 4, calendar.Day{Working: true, Kind: calendar.Workday}),
	}
	if diff := cmp.Diff(want, e.Runs()); diff != "" {
		t.Error(diff)
	}
}

func TestExplainOfNoTermIsEmpty(t *testing.T) {
	c := seeded(t)
	for _, e := range []calendar.Explanation{c.Explain(0, 3), c.Explain(date("2017-05-04"), 0)} {
		if !e.Due.IsZero() || e.Steps != nil || e.Runs() != nil {
			t.Errorf("explained as %+v", e)
		}
	}
	backwards := c.ExplainBetween(date("2017-06-16"), date("2017-05-04"))
	if backwards.WorkingDays != -30 || backwards.Steps != nil {
		t.Errorf("backwards explained as %+v", backwards)
	}
	endless := c.ExplainBetween(date("0001-01-01"), date("9999-12-31"))
	if endless.Steps != nil || !endless.Provisional || endless.WorkingDays < 2_600_000 {
		t.Errorf("ten thousand years: %d days, %d steps", endless.WorkingDays, len(endless.Steps))
	}
}

func TestCalendarKeepsItsNotices(t *testing.T) {
	c := seeded(t)
	c.Notices()[0].Holidays[0].Makeup[0] = 0
	if got := c.Notices()[0].Holidays[0].Makeup[0]; got != date("2013-01-05") {
		t.Errorf("a caller changed the calendar's make-up day to %q", got)
	}
	issued := func(a, b calendar.Notice) int { return int(a.Issued - b.Issued) }
	if !slices.IsSortedFunc(c.Notices(), issued) {
		t.Error("notices are not in the order of issue")
	}
}

func TestNoNoticesAtAll(t *testing.T) {
	c, err := calendar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	due, provisional := c.AddWorkingDays(date("2017-05-04"), 30)
	if due != date("2017-06-15") || !provisional || c.LastNoticeYear() != 0 {
		t.Errorf("due %s, provisional %v, last year %d", due, provisional, c.LastNoticeYear())
	}
	if due.Weekday() != time.Thursday || c.WorkingDaysBetween(date("2017-05-04"), due) != 30 {
		t.Errorf("due %s", due.Weekday())
	}
}

func BenchmarkAddWorkingDays(b *testing.B) {
	c := seeded(b)
	after := date("2017-05-04")
	for b.Loop() {
		c.AddWorkingDays(after, 30)
	}
}
