package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// AsOfFilter chooses the day that a page looks at, and its year where Years are given: by
// a date, and by a slider over the days from First to Last. It stands in the form of the
// page's other filters; what the day changes is the element #as-of-view.
type AsOfFilter struct {
	// Path is that of the page, without a query.
	Path        string
	Years       []int
	Year        int
	AsOf, Today calendar.Date
	First, Last calendar.Date
	// Marks are the days by which something was due.
	Marks []AsOfMark
	// TodayURL is the same page as of today.
	TodayURL string
}

// AsOfMark is a day on the slider: At is its place from the left, as 41.5%.
type AsOfMark struct {
	On calendar.Date
	At string
}

// newAsOfFilter offers the days from first to last, but none after today. The years may
// be none.
func newAsOfFilter(page Page, view View, years []int, first, last calendar.Date) AsOfFilter {
	path, rest, _ := strings.Cut(page.Path, "?")
	query, err := url.ParseQuery(rest)
	if err != nil {
		query = url.Values{}
	}
	query.Del("as_of")
	return AsOfFilter{Path: path, Years: years, Year: view.Year, AsOf: view.AsOf, Today: view.Today, First: first, Last: min(last, view.Today),
		TodayURL: address(path, query)}
}

// yearAsOf offers the days of the year that is looked at.
func yearAsOf(page Page, view View, years []int) AsOfFilter {
	return newAsOfFilter(page, view, years, calendar.NewDate(view.Year, time.January, 1), calendar.NewDate(view.Year, time.December, 31))
}

// mark shows the days by which something was due.
func (f *AsOfFilter) mark(days []calendar.Date) {
	for _, day := range days {
		if day >= f.First && day <= f.Last {
			f.Marks = append(f.Marks, AsOfMark{day, f.at(day)})
		}
	}
}

// Steps is the last place of the slider: behind the last day of a stretch that is over
// there is one more, today.
func (f AsOfFilter) Steps() int {
	steps := int(f.Last - f.First)
	if f.Last < f.Today {
		steps++
	}
	return steps
}

// Slides tells whether there are days to slide over.
func (f AsOfFilter) Slides() bool { return f.Steps() > 0 }

// Position is the place of the as-of date.
func (f AsOfFilter) Position() int { return max(0, min(int(f.AsOf-f.First), f.Steps())) }

// Past tells whether the page looks at a day before today.
func (f AsOfFilter) Past() bool { return f.AsOf < f.Today }

func (f AsOfFilter) at(day calendar.Date) string {
	return strconv.FormatFloat(float64(day-f.First)*100/float64(f.Steps()), 'f', 2, 64) + "%"
}

// maxMonths is as many months as the scale names.
const maxMonths = 24

// Months are the first days of the months on the slider, or of the years where there are
// many.
func (f AsOfFilter) Months() []AsOfMark {
	var marks []AsOfMark
	start := f.First.Time()
	for month := time.Date(start.Year(), start.Month(), 1, 0, 0, 0, 0, time.UTC); ; month = month.AddDate(0, 1, 0) {
		day := calendar.DateOf(month)
		if day > f.Last {
			return marks
		}
		if day >= f.First && (!f.long() || day.Month() == time.January) {
			marks = append(marks, AsOfMark{day, f.at(day)})
		}
	}
}

// long tells whether the scale names years instead of months.
func (f AsOfFilter) long() bool { return f.Last-f.First > maxMonths*31 }

// Label is the number of the month or year that begins at the mark; on a scale of several
// years each January is named by its year.
func (f AsOfFilter) Label(mark AsOfMark) int {
	if f.long() || f.First.Year() != f.Last.Year() && mark.On.Month() == time.January {
		return mark.On.Year()
	}
	return int(mark.On.Month())
}

// asOfYear is the filter of a page about duties of a unit, with the days by which they
// were due.
func (s *Server) asOfYear(r *request, page Page, view View, years []int, unit models.Unit) (AsOfFilter, error) {
	filter := yearAsOf(page, view, years)
	if !filter.Slides() {
		return filter, nil
	}
	days, err := s.Ledger.DueDays(r.Request.Context(), compliance.BoardQuery{Unit: unit, Year: view.Year, AsOf: view.Today, Policy: view.Policy})
	filter.mark(days)
	return filter, err
}

// rotationAsOf offers the days of the period of a rotation.
func rotationAsOf(page Page, view RotationView, period rules.Period) AsOfFilter {
	return newAsOfFilter(page, view.View, nil, period.From, period.To)
}
