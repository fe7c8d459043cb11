package web

import (
	"cmp"
	"slices"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// CalendarPage is one year of the calendar of working days.
type CalendarPage struct {
	Page
	Year  int
	Years []CalendarYear
	// Published is false while the year has no notice.
	Published            bool
	Working, Off, Makeup int
	Months               []Month
	Holidays             []HolidayLine
	Notices              []NoticeLine
	// Provisional is the number of duties in reach whose due date waits for a notice.
	Provisional int
	// Form is set for who may enter and remove notices.
	Form *NoticeForm
}

// CalendarYear is a year to choose.
type CalendarYear struct {
	Year      int
	Published bool
}

// Month is a month as weeks, Monday first, with the holidays in it by name.
type Month struct {
	Number int
	Year   int
	Weeks  [][7]MonthDay
	Names  []MonthName
}

// MonthDay is a day of the month; outside of it nothing is set.
type MonthDay struct {
	calendar.Day
	Today bool
	// Was is set on a day that a previewed notice changes.
	Was calendar.DayKind
}

// MonthName says which days of the month are a holiday's, and which are worked
// for it.
type MonthName struct {
	Holiday     string
	Off, Makeup DayNumbers
}

// DayNumbers are days of one month by their number.
type DayNumbers []int

// Ranges writes the days with stretches joined: 1–3, 8.
func (days DayNumbers) Ranges() []string {
	var ranges []string
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && days[last+1] == days[last]+1 {
			last++
		}
		one := text(days[i])
		if last > i {
			one += "–" + text(days[last])
		}
		ranges, i = append(ranges, one), last+1
	}
	return ranges
}

// HolidayLine is a holiday of a year, as all its notices together arrange it.
type HolidayLine struct {
	Name     string
	From, To calendar.Date
	Days     int
	Makeup   []calendar.Date
}

// NoticeLine is a notice with what may be done about it.
type NoticeLine struct {
	compliance.NoticeView
	// RemoveURL is set for who may remove it.
	RemoveURL string
}

// NoticeForm takes the text of a notice.
type NoticeForm struct {
	Text string
	// Error is why the text is refused, Line the line at fault, 0 for none.
	Error *models.Error
	Line  int
	// Quote is that line as it was pasted.
	Quote string
}

// newCalendarPage lays out a year. Provisional and Form are set by the caller.
func newCalendarPage(page Page, cal *calendar.Calendar, notices []compliance.NoticeView, year int, mayManage bool) CalendarPage {
	p := CalendarPage{Page: page, Year: year, Published: cal.HasNotice(year), Years: calendarYears(cal, page.Today.Year(), year)}
	first, last := calendar.NewDate(year, time.January, 1), calendar.NewDate(year, time.December, 31)
	p.Working = cal.WorkingDaysBetween(first-1, last)
	for day := first; day <= last; day++ {
		switch cal.Day(day).Kind {
		case calendar.Off:
			p.Off++
		case calendar.Makeup:
			p.Makeup++
		}
	}
	for month := time.January; month <= time.December; month++ {
		p.Months = append(p.Months, newMonth(cal, year, month, page.Today, nil))
	}
	p.Holidays = holidaysOf(cal, year)
	for _, notice := range notices {
		if notice.Year == year {
			line := NoticeLine{NoticeView: notice}
			if mayManage && notice.ID != 0 && notice.RemovedAt.IsZero() {
				line.RemoveURL = "/calendar/notices/" + idText(notice.ID) + "/remove"
			}
			p.Notices = append(p.Notices, line)
		}
	}
	return p
}

// calendarYears are the years from the first notice to the one after the last,
// or after today, with the one that is shown.
func calendarYears(cal *calendar.Calendar, today, shown int) []CalendarYear {
	first, last := min(today, shown), max(today+1, cal.LastNoticeYear()+1, shown)
	for _, notice := range cal.Notices() {
		first = min(first, notice.Year)
	}
	var years []CalendarYear
	for year := last; year >= first; year-- {
		years = append(years, CalendarYear{year, cal.HasNotice(year)})
	}
	return years
}

// newMonth lays out a month; was has the days that a notice changes.
func newMonth(cal *calendar.Calendar, year int, month time.Month, today calendar.Date, was map[calendar.Date]calendar.DayKind) Month {
	m := Month{Number: int(month), Year: year}
	first, next := calendar.NewDate(year, month, 1), calendar.NewDate(year, month+1, 1)
	for monday := mondayOf(first); monday < next; monday += 7 {
		var week [7]MonthDay
		for i := range week {
			if date := monday + calendar.Date(i); first <= date && date < next {
				week[i] = MonthDay{Day: cal.Day(date), Today: date == today, Was: was[date]}
			}
		}
		m.Weeks = append(m.Weeks, week)
	}
	for date := first; date < next; date++ {
		m.name(cal.Day(date))
	}
	return m
}

// name adds a day to those of its holiday.
func (m *Month) name(day calendar.Day) {
	if day.Holiday == "" {
		return
	}
	i := slices.IndexFunc(m.Names, func(n MonthName) bool { return n.Holiday == day.Holiday })
	if i < 0 {
		i, m.Names = len(m.Names), append(m.Names, MonthName{Holiday: day.Holiday})
	}
	if day.Kind == calendar.Off {
		m.Names[i].Off = append(m.Names[i].Off, day.Date.Day())
	} else {
		m.Names[i].Makeup = append(m.Names[i].Makeup, day.Date.Day())
	}
}

// holidaysOf returns the holidays that the notices for the year arrange; their
// days may lie in the neighbouring years.
func holidaysOf(cal *calendar.Calendar, year int) []HolidayLine {
	numbers := map[string]bool{}
	for _, notice := range cal.Notices() {
		numbers[notice.Number] = notice.Year == year
	}
	var lines []HolidayLine
	last := calendar.NewDate(year+1, time.January, 31)
	for date := calendar.NewDate(year-1, time.December, 1); date <= last; date++ {
		day := cal.Day(date)
		if !numbers[day.Notice] {
			continue
		}
		i := slices.IndexFunc(lines, func(l HolidayLine) bool { return l.Name == day.Holiday })
		if i < 0 {
			i, lines = len(lines), append(lines, HolidayLine{Name: day.Holiday})
		}
		lines[i].add(day)
	}
	slices.SortStableFunc(lines, func(a, b HolidayLine) int { return cmp.Compare(a.From, b.From) })
	return lines
}

func (l *HolidayLine) add(day calendar.Day) {
	if day.Kind == calendar.Makeup {
		l.Makeup = append(l.Makeup, day.Date)
		return
	}
	if l.From.IsZero() {
		l.From = day.Date
	}
	l.To = day.Date
	l.Days++
}

// weekdayDates writes days with the day of the week, as notices do.
func weekdayDates(locale *frontend.Locale, days []calendar.Date) []string {
	texts := make([]string, len(days))
	for i, day := range days {
		texts[i] = locale.Text("calendar.day", models.Args("Day", locale.ShortDate(day), "Weekday", locale.Text(weekdays[(day.Weekday()+6)%7], nil)))
	}
	return texts
}
