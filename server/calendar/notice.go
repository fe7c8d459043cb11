package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notice is one notice of the State Council on the days off of a year.
//
// The first notice of a year names all of its holidays. A later one amends it:
// a holiday of the same name is replaced whole, a new name is added, and a
// holiday without From moves only the end of the one it names.
type Notice struct {
	Number   string    `json:"number" yaml:"number"` // as printed, 国办发明电〔2015〕18号
	Issued   Date      `json:"issued" yaml:"issued"` // the day the notice is signed
	Year     int       `json:"year" yaml:"year"`     // the year whose days off it arranges
	Title    string    `json:"title" yaml:"title"`
	Holidays []Holiday `json:"holidays" yaml:"holidays"`
}

// Holiday is one block of days off with the weekend days worked for it. From
// and To are both off, with everything between. Weekends that merely adjoin the
// block are not part of it. Days may lie in December before or January after
// the notice's year.
type Holiday struct {
	Name   string `json:"name" yaml:"name"`                     // as the notice names it, 元旦
	From   Date   `json:"from,omitempty" yaml:"from,omitempty"` // none: the holiday of an earlier notice is extended to To
	To     Date   `json:"to" yaml:"to"`
	Makeup []Date `json:"makeup,omitempty" yaml:"makeup,omitempty"`
}

// Extends tells whether h only moves the end of a holiday that an earlier
// notice of the year set.
func (h Holiday) Extends() bool { return h.From.IsZero() }

// days returns the days that h names: those off, of an extended holiday only the
// last one, and the make-up days.
func (h Holiday) days() []Date {
	days := slices.Clone(h.Makeup)
	from := h.From
	if h.Extends() {
		from = h.To
	}
	for d := from; d <= h.To; d++ {
		days = append(days, d)
	}
	return days
}

// NoticeError says what is wrong with a notice. Key and Args name the message
// in the locale files; the values of Args are Date, int, string or
// time.Weekday. Line is the line of the pasted text, 0 when there is none.
type NoticeError struct {
	Notice string // number of the notice, empty while unknown
	Line   int
	Key    string
	Args   map[string]any

	english string
}

// Error describes the fault in English.
func (e *NoticeError) Error() string {
	text := "notice"
	if e.Notice != "" {
		text += " " + e.Notice
	}
	if e.Line > 0 {
		text += fmt.Sprintf(", line %d", e.Line)
	}
	return text + ": " + e.english
}

// fault builds a NoticeError; pairs are names and values of its arguments.
func fault(key, english string, pairs ...any) *NoticeError {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return &NoticeError{Key: "notice." + key, Args: args, english: english}
}

func dayTwice(day Date, name, other string) *NoticeError {
	return fault("day_twice", fmt.Sprintf("%s is named for %s and for %s", day, name, other), "Date", day, "Name", name, "Other", other)
}

// The years a notice may be for; the bounds catch typing errors only.
const (
	minNoticeYear = 1949
	maxNoticeYear = 2199
)

// Validate checks what can be checked on one notice alone; New checks how
// notices fit together. The error is a *NoticeError.
func (n Notice) Validate() error {
	if err := n.faultInHead(); err != nil {
		err.Notice = n.Number
		return err
	}
	for _, h := range n.Holidays {
		if err := h.fault(n.Year); err != nil {
			err.Notice = n.Number
			return err
		}
	}
	return nil
}

func (n Notice) faultInHead() *NoticeError {
	switch {
	case n.Year < minNoticeYear || n.Year > maxNoticeYear:
		return fault("year", fmt.Sprintf("%d is not a year from %d to %d", n.Year, minNoticeYear, maxNoticeYear),
			"Year", n.Year, "Min", minNoticeYear, "Max", maxNoticeYear)
	case n.Number == "":
		return fault("no_number", "the notice's number is missing")
	case n.Issued.IsZero():
		return fault("no_issued", "the notice's date of issue is missing")
	case n.Issued.Year() != n.Year && n.Issued.Year() != n.Year-1:
		return fault("issued", fmt.Sprintf("issued %s, but a notice for %d is issued that year or the year before", n.Issued, n.Year),
			"Issued", n.Issued, "Year", n.Year)
	case len(n.Holidays) == 0:
		return fault("no_holidays", "no holiday is named")
	}
	return nil
}

func (h Holiday) fault(year int) *NoticeError {
	switch {
	case strings.TrimSpace(h.Name) == "":
		return fault("no_name", "a holiday has no name")
	case h.To.IsZero():
		return fault("no_end", fmt.Sprintf("%s has no last day", h.Name), "Name", h.Name)
	case h.To < h.From:
		return fault("reversed", fmt.Sprintf("%s ends on %s, before it begins on %s", h.Name, h.To, h.From),
			"Name", h.Name, "From", h.From, "To", h.To)
	}
	for _, day := range append([]Date{h.From, h.To}, h.Makeup...) {
		if !day.IsZero() && !near(day, year) {
			return fault("far", fmt.Sprintf("%s: %s is not in %d, the December before or the January after", h.Name, day, year),
				"Name", h.Name, "Date", day, "Year", year)
		}
	}
	for _, day := range h.Makeup {
		if !isWeekend(day) {
			return fault("makeup_weekday", fmt.Sprintf("%s: make-up day %s is a %s, not a Saturday or Sunday", h.Name, day, day.Weekday()),
				"Name", h.Name, "Date", day, "Weekday", day.Weekday())
		}
	}
	return nil
}

// near tells whether a notice for the year may arrange the day: 30 December
// 2018 was a day off by the notice for 2019.
func near(day Date, year int) bool {
	return NewDate(year-1, time.December, 1) <= day && day <= NewDate(year+1, time.January, 31)
}

func isWeekend(d Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

func (n Notice) clone() Notice {
	n.Holidays = slices.Clone(n.Holidays)
	for i := range n.Holidays {
		n.Holidays[i].Makeup = slices.Clone(n.Holidays[i].Makeup)
	}
	return n
}
