package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sundial/seeds"
	"sundial/server/calendar"
)

func TestChangesBetweenCalendars(t *testing.T) {
	notices, err := seeds.CalendarNotices()
	if err != nil {
		t.Fatal(err)
	}
	until := func(keep func(calendar.Notice) bool) *calendar.Calendar {
		c, err := calendar.New(slices.DeleteFunc(slices.Clone(notices), func(n calendar.Notice) bool { return !keep(n) }))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	all := until(func(calendar.Notice) bool { return true })
	none := until(func(calendar.Notice) bool { return false })
	first := until(func(n calendar.Notice) bool { return n.Number != "国办发明电〔2020〕1号" })
	before := until(func(n calendar.Notice) bool { return n.Year < 2026 })
	for _, c := range []struct {
		name               string
		from, to           *calendar.Calendar
		all, counts, named int
		first              string
	}{
		{"the same", all, all, 0, 0, 0, ""},
		{"nothing at all", none, none, 0, 0, 0, ""},
		// 31 January and 1 February were worked; 2 February is a Sunday.
		{"an amendment", first, all, 3, 2, 3, "2020-01-31"},
		{"the amendment taken back", all, first, 3, 2, 3, "2020-01-31"},
		{"a new year", before, all, 365, 365, 39, "2026-01-01"},
		{"a year taken away", all, before, 365, 365, 39, "2026-01-01"},
	} {
		changes := c.from.ChangesTo(c.to)
		counts, named := 0, 0
		for _, change := range changes {
			if change.Before.Date != change.After.Date {
				t.Fatalf("%s: %+v", c.name, change)
			}
			if change.Counts() {
				counts++
			}
			if change.Renamed() {
				named++
			}
		}
		if len(changes) != c.all || counts != c.counts || named != c.named {
			t.Errorf("%s: %d changes, %d of them count, %d named; want %d, %d, %d", c.name, len(changes), counts, named, c.all, c.counts, c.named)
		}
		if len(changes) > 0 && changes[0].Before.Date.String() != c.first {
			t.Errorf("%s: begins on %s, want %s", c.name, changes[0].Before.Date, c.first)
		}
	}
}

func TestADayNamedTwiceHasItsLine(t *testing.T) {
	for name, c := range map[string]struct{ old, now string }{
		"off twice":           {"10月1日（周四）至7日（周三）放假调休，共7天。", "9月27日至10月7日放假调休。"},
		"off and made up":     {"9月20日（周日）、10月10日（周六）上班。", "9月26日（周六）上班。"},
		"made up twice":       {"9月20日（周日）、10月10日（周六）上班。", "5月9日（周六）上班。"},
		"the holiday of both": {"七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。", "七、国庆节：9月25日放假。"},
	} {
		text := strings.Replace(text2026, c.old, c.now, 1)
		if text == text2026 {
			t.Fatalf("%s: the notice has no %q", name, c.old)
		}
		line := 1 + strings.Count(text[:strings.Index(text, "国庆节")], "\n")
		_, err := calendar.ParseNotice(text)
		var fault *calendar.NoticeError
		if !errors.As(err, &fault) || fault.Key != "notice.day_twice" || fault.Line != line {
			t.Errorf("%s: %v, want a day named twice in line %d", name, err, line)
		}
	}
}
