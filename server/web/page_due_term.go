package web

import (
	"time"

	"sundial/server/calendar"
)

// DueTerm shows a term in working days as weeks of a calendar, Monday first,
// with the days that differ from the plain week listed.
type DueTerm struct {
	After       calendar.Date
	Due         calendar.Date
	WorkingDays int
	Provisional bool
	Weekends    int // weekend days skipped
	Weeks       [][7]TermDay
	// Exceptions are the holidays skipped and the make-up days counted.
	Exceptions []calendar.Run
}

// TermDay is a day of the calendar; outside the term only the date is set.
type TermDay struct {
	Date calendar.Date
	// Trigger is the day from which the term runs, Due its last one.
	Trigger, Due bool
	// Month asks for the month to be written.
	Month bool
	// Step is set for the days of the term.
	Step *calendar.Step
}

// newDueTerm returns nil when there is nothing to explain.
func newDueTerm(e *calendar.Explanation) *DueTerm {
	if e == nil || len(e.Steps) == 0 {
		return nil
	}
	term := &DueTerm{After: e.After, Due: e.Due, WorkingDays: e.WorkingDays, Provisional: e.Provisional}
	for _, run := range e.Runs() {
		switch run.Kind {
		case calendar.Off, calendar.Makeup:
			term.Exceptions = append(term.Exceptions, run)
		case calendar.Weekend:
			term.Weekends += run.Length
		}
	}
	term.Weeks = termWeeks(e)
	return term
}

func termWeeks(e *calendar.Explanation) [][7]TermDay {
	var weeks [][7]TermDay
	for monday := mondayOf(e.After); monday <= e.Due; monday += 7 {
		var week [7]TermDay
		for i := range week {
			week[i] = termDay(e, monday+calendar.Date(i))
		}
		week[0].Month = week[0].Month || monday == mondayOf(e.After)
		weeks = append(weeks, week)
	}
	return weeks
}

func termDay(e *calendar.Explanation, date calendar.Date) TermDay {
	day := TermDay{Date: date, Trigger: date == e.After, Due: date == e.Due, Month: date.Day() == 1}
	if e.After < date && date <= e.Due {
		day.Step = &e.Steps[date-e.After-1]
	}
	return day
}

func mondayOf(day calendar.Date) calendar.Date {
	return day - calendar.Date((day.Weekday()+6)%7-time.Sunday)
}
