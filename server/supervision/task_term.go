package supervision

import (
	"time"

	"sundial/models"
	"sundial/server/calendar"
)

// MonthAfter returns the day on which a month from the day ends: the same day of the next
// month, or its last day where that month is shorter.
func MonthAfter(day calendar.Date) calendar.Date {
	year, month := day.Year(), day.Month()
	last := calendar.NewDate(year, month+2, 1) - 1
	return min(calendar.NewDate(year, month+1, 1)+calendar.Date(day.Day()-1), last)
}

// unmovedSince returns the last day from which a month is over on the day.
func unmovedSince(day calendar.Date) calendar.Date {
	since := calendar.NewDate(day.Year(), day.Month()-1, 1) + calendar.Date(day.Day()-1)
	for MonthAfter(since) >= day {
		since--
	}
	return since
}

// TaskStanding is how a unit stands with its part in a task on a day. Due dates and months
// are over with their last day.
type TaskStanding struct {
	Role    models.TaskRole
	Status  models.TaskStatus
	DueOn   calendar.Date
	MovedOn calendar.Date
}

// Owed tells that the unit leads the task and has not done it.
func (s TaskStanding) Owed() bool { return s.Role == models.TaskLead && s.Status != models.TaskDone }

// Overdue tells that the due date has passed and it is not done.
func (s TaskStanding) Overdue(on calendar.Date) bool { return s.Owed() && on > s.DueOn }

// Stale tells that nothing has moved for a month.
func (s TaskStanding) Stale(on calendar.Date) bool { return s.Owed() && on > MonthAfter(s.MovedOn) }

// Behind tells that it is overdue or stale: progress then says why.
func (s TaskStanding) Behind(on calendar.Date) bool { return s.Overdue(on) || s.Stale(on) }

// yearEnd is the due date of a task for which neither the document nor the pack has one.
func yearEnd(day calendar.Date) calendar.Date { return calendar.NewDate(day.Year(), time.December, 31) }
