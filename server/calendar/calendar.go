package calendar

import (
	"cmp"
	"slices"
	"time"
)

// DayKind says why a day is worked or not.
type DayKind string

// The kinds of days. Workday and Weekend follow from the day of the week;
// Holiday and Makeup are named by a notice, whatever the day of the week.
const (
	Workday DayKind = "workday"
	Weekend DayKind = "weekend"
	Off     DayKind = "holiday"
	Makeup  DayKind = "makeup"
)

// Day is what the calendar knows of one date.
type Day struct {
	Date    Date    `json:"date"`
	Working bool    `json:"working"`
	Kind    DayKind `json:"kind"`
	Holiday string  `json:"holiday,omitempty"` // of kinds holiday and makeup: the holiday's name
	Notice  string  `json:"notice,omitempty"`  // of kinds holiday and makeup: number of the notice
	// Published is false while the day's year has no notice: the day is taken
	// as Monday to Friday or weekend, and may still change.
	Published bool `json:"published"`
}

// MaxTerm is the longest term in working days that the calendar counts, about
// forty years; it keeps a mistyped number from running away.
const MaxTerm = 10_000

// Calendar answers which days are worked. It is immutable and safe for
// concurrent use.
type Calendar struct {
	notices []Notice // in the order of issue
	years   map[int]bool
	first   Date  // date of days[0]
	days    []Day // every date from the first to the last year with a notice
	extra   []int // extra[i]: working days up to days[i], less the Mondays to Fridays
}

// New builds the calendar of the notices, in any order. They are valid one by
// one, no two share a number, the first of each year names every statutory
// holiday, and no day is named twice, unless a later notice of the same year
// amends the earlier. The error is a *NoticeError. Without notices every year
// is unpublished.
func New(notices []Notice) (*Calendar, error) {
	c := &Calendar{years: map[int]bool{}}
	for _, n := range notices {
		c.notices = append(c.notices, n.clone())
	}
	slices.SortStableFunc(c.notices, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.Issued, b.Issued), cmp.Compare(a.Number, b.Number))
	})
	rulings := map[int][]ruling{}
	for i, n := range c.notices {
		if err := n.Validate(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(c.notices[:i], func(o Notice) bool { return o.Number == n.Number }) {
			return nil, inNotice(n.Number, fault("twice", "the notice is entered already", "Number", n.Number))
		}
		inForce, err := enact(rulings[n.Year], n)
		if err != nil {
			return nil, inNotice(n.Number, err)
		}
		rulings[n.Year] = inForce
		c.years[n.Year] = true
	}
	if err := c.fill(rulings); err != nil {
		return nil, err
	}
	return c, nil
}

func inNotice(number string, err *NoticeError) error {
	err.Notice = number
	return err
}

// fill lays out the days of all noticed years and puts the rulings on them.
func (c *Calendar) fill(rulings map[int][]ruling) error {
	years := make([]int, 0, len(rulings))
	for year := range rulings {
		years = append(years, year)
	}
	if len(years) == 0 {
		return nil
	}
	slices.Sort(years)
	// A month of the neighbouring years on each side: notices reach into them.
	c.first = NewDate(years[0]-1, time.December, 1)
	last := NewDate(years[len(years)-1]+1, time.January, 31)
	for d := c.first; d <= last; d++ {
		c.days = append(c.days, plainDay(d, c.years[d.Year()]))
	}
	for _, year := range years {
		for _, r := range rulings[year] {
			if err := c.apply(r); err != nil {
				return inNotice(r.notice, err)
			}
		}
	}
	c.sum()
	return nil
}

func plainDay(d Date, published bool) Day {
	if isWeekend(d) {
		return Day{Date: d, Kind: Weekend, Published: published}
	}
	return Day{Date: d, Working: true, Kind: Workday, Published: published}
}

func (c *Calendar) apply(r ruling) *NoticeError {
	for d := r.From; d <= r.To; d++ {
		if err := c.name(Day{Date: d, Kind: Off, Holiday: r.Name, Notice: r.notice, Published: true}); err != nil {
			return err
		}
	}
	for _, d := range r.Makeup {
		if err := c.name(Day{Date: d, Working: true, Kind: Makeup, Holiday: r.Name, Notice: r.notice, Published: true}); err != nil {
			return err
		}
	}
	return nil
}

// name puts a day that a notice names into the table.
func (c *Calendar) name(day Day) *NoticeError {
	slot := &c.days[day.Date-c.first]
	if slot.Notice != "" {
		return dayTwice(day.Date, slot.Holiday, day.Holiday)
	}
	*slot = day
	return nil
}

func (c *Calendar) sum() {
	c.extra = make([]int, len(c.days))
	total := 0
	for i, day := range c.days {
		if day.Working {
			total++
		}
		if !isWeekend(day.Date) {
			total--
		}
		c.extra[i] = total
	}
}

// Day returns what is known of a date.
func (c *Calendar) Day(d Date) Day {
	if i := int(d - c.first); i >= 0 && i < len(c.days) {
		return c.days[i]
	}
	return plainDay(d, false)
}

// AddWorkingDays returns the n-th working day after a trigger, the last day of
// the term; the trigger day itself does not count. There is no term without a
// trigger, of fewer than one day or of more than MaxTerm: due is then no date.
//
// The due date is provisional when any day from the trigger to it lies in a
// year without a notice. The last days of December are taken as their own
// year's notice has them; the next year's may still rename them, as those for
// 2019 and 2023 did, and then moves a due date that was not provisional.
func (c *Calendar) AddWorkingDays(after Date, n int) (due Date, provisional bool) {
	if after.IsZero() || n < 1 || n > MaxTerm {
		return 0, false
	}
	for due = after; n > 0; {
		due++
		day := c.Day(due)
		if day.Working {
			n--
		}
		provisional = provisional || !day.Published
	}
	return due, provisional
}

// WorkingDaysBetween counts the working days after a up to and including b. It
// is negative when b is before a: the days from b to a, with the sign turned.
// It takes the same time for any span.
func (c *Calendar) WorkingDaysBetween(a, b Date) int {
	return c.workingUpTo(b) - c.workingUpTo(a)
}

// workingUpTo counts the working days from 0001-01-01, a Monday, to d.
func (c *Calendar) workingUpTo(d Date) int {
	count := int(d/7)*5 + min(int(d%7), 5)
	if len(c.days) == 0 || d < c.first {
		return count
	}
	return count + c.extra[min(int(d-c.first), len(c.extra)-1)]
}

// HasNotice tells whether the year's notice is entered.
func (c *Calendar) HasNotice(year int) bool { return c.years[year] }

// LastNoticeYear returns the latest year with a notice, 0 when there is none.
func (c *Calendar) LastNoticeYear() int {
	last := 0
	for year := range c.years {
		last = max(last, year)
	}
	return last
}

// Notices returns a copy of the notices in the order of issue.
func (c *Calendar) Notices() []Notice {
	notices := make([]Notice, len(c.notices))
	for i, n := range c.notices {
		notices[i] = n.clone()
	}
	return notices
}
