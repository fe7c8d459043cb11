package rules

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
	"sundial/server/strictyaml"
)

// MonthDay is a day of every year, written MM-DD; the zero value is none.
type MonthDay struct {
	Month time.Month
	Day   int
}

// IsZero tells whether there is no day.
func (m MonthDay) IsZero() bool { return m.Month == 0 }

// In returns the day in a year.
func (m MonthDay) In(year int) calendar.Date { return calendar.NewDate(year, m.Month, m.Day) }

// UnmarshalText reads MM-DD.
func (m *MonthDay) UnmarshalText(text []byte) error {
	t, err := time.Parse("2006-01-02", "2001-"+string(text))
	if err != nil {
		return &strictyaml.ParseError{Key: "pack.bad_month_day"}
	}
	m.Month, m.Day = t.Month(), t.Day()
	return nil
}

// yearEnd is the default due date of yearly obligations.
var yearEnd = MonthDay{time.December, 31}

// dueIn returns the day in the year, or the year's end when none is set.
func (m MonthDay) dueIn(year int) calendar.Date {
	if m.IsZero() {
		m = yearEnd
	}
	return m.In(year)
}

// Percent is an exact share written as a percentage: 4%.
type Percent struct{ decimal.Decimal }

// UnmarshalText reads a number and a percent sign.
func (p *Percent) UnmarshalText(text []byte) error {
	number, sign := string(text), byte(0)
	if len(text) > 0 {
		number, sign = string(text[:len(text)-1]), text[len(text)-1]
	}
	value, err := decimal.NewFromString(number)
	if err != nil || sign != '%' || !value.IsPositive() || value.GreaterThan(decimal.NewFromInt(100)) {
		return &strictyaml.ParseError{Key: "pack.bad_percent"}
	}
	p.Decimal = value
	return nil
}

// WindowKind says how the windows of a count obligation divide the year.
type WindowKind string

// The kinds of windows.
const (
	WindowYear      WindowKind = "year"       // the whole year
	WindowMonth     WindowKind = "month"      // each month
	WindowTwoMonths WindowKind = "two-months" // January–February, March–April, …
	WindowOneMonth  WindowKind = "one-month"  // one month of the year, written MM
	WindowOneDay    WindowKind = "one-day"    // one day of the year, written MM-DD
)

// Window is the time inside a year in which events count.
type Window struct {
	Kind WindowKind
	// Day is the day, or any day of the month, for the one-day and one-month kinds.
	Day MonthDay
}

// UnmarshalText reads year, month, two-months, MM or MM-DD.
func (w *Window) UnmarshalText(text []byte) error {
	switch kind := WindowKind(text); kind {
	case WindowYear, WindowMonth, WindowTwoMonths:
		*w = Window{Kind: kind}
		return nil
	}
	if month, err := time.Parse("01", string(text)); err == nil {
		*w = Window{Kind: WindowOneMonth, Day: MonthDay{month.Month(), 1}}
		return nil
	}
	var day MonthDay
	if err := day.UnmarshalText(text); err != nil {
		return &strictyaml.ParseError{Key: "pack.bad_window"}
	}
	*w = Window{Kind: WindowOneDay, Day: day}
	return nil
}

// Period is the stretch of time a duty is owed for. Name is the year (2017), a
// month of it (2017-05), two months (2017-05+06), a day (2017-05-15) or a cycle
// of years (2018-2019 as 2018/2019).
type Period struct {
	Name string
	Year int
	Span
}

// periods returns the window's periods of a year, in order.
func (w Window) periods(year int) []Period {
	switch w.Kind {
	case WindowMonth:
		return monthPeriods(year, 1)
	case WindowTwoMonths:
		return monthPeriods(year, 2)
	case WindowOneMonth:
		return []Period{monthPeriod(year, w.Day.Month, 1)}
	case WindowOneDay:
		day := w.Day.In(year)
		return []Period{{Name: day.String(), Year: year, Span: Span{From: day, To: day}}}
	default:
		return []Period{yearPeriod(year)}
	}
}

func monthPeriods(year, length int) []Period {
	var periods []Period
	for month := time.January; month <= time.December; month += time.Month(length) {
		periods = append(periods, monthPeriod(year, month, length))
	}
	return periods
}

func monthPeriod(year int, month time.Month, length int) Period {
	name := fmt.Sprintf("%d-%02d", year, month)
	if length > 1 {
		name = fmt.Sprintf("%s+%02d", name, int(month)+length-1)
	}
	from := calendar.NewDate(year, month, 1)
	return Period{Name: name, Year: year, Span: Span{From: from, To: calendar.NewDate(year, month+time.Month(length), 1) - 1}}
}

func yearPeriod(year int) Period {
	return Period{Name: strconv.Itoa(year), Year: year,
		Span: Span{From: calendar.NewDate(year, time.January, 1), To: yearEnd.In(year)}}
}
