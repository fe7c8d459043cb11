package training

import (
	"fmt"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
)

// SessionInput is a session as it is entered.
type SessionInput struct {
	// Course is the id of the course; a session stays with it when it is edited.
	Course uint64
	// Code is made when it is left out; it stays when a session is edited without one.
	Code  string
	Kind  models.SessionKind
	Place string
	// Region is the code of the unit in whose region the place lies; empty for none.
	Region  string
	StartOn calendar.Date
	EndOn   calendar.Date
	// StartMinute and EndMinute are the times of each day, in minutes after
	// midnight; both 0 is any time, which online sessions alone can have.
	StartMinute int
	EndMinute   int
	Capacity    int
	Lecturer    string
}

// Bounds of what is entered of sessions.
const (
	firstYear     = 1949
	maxDays       = 366
	maxCapacity   = 100_000
	minutesPerDay = 24 * 60
)

// session returns the session of the input as it is entered on the day, or what
// is wrong with it. Region and course are not looked at.
func (in SessionInput) session(today calendar.Date) (models.TrainingSession, error) {
	s := models.TrainingSession{Code: strings.TrimSpace(in.Code), Kind: in.Kind, Place: strings.TrimSpace(in.Place), Lecturer: strings.TrimSpace(in.Lecturer),
		StartOn: in.StartOn, EndOn: in.EndOn, StartMinute: in.StartMinute, EndMinute: in.EndMinute, Capacity: in.Capacity}
	if s.EndOn.IsZero() {
		s.EndOn = s.StartOn
	}
	var f faults
	f.code("code", s.Code)
	online := s.Kind == models.OnlineSession
	if s.Kind != models.ClassSession && s.Kind != models.WorkshopSession && !online {
		f.add("kind", "session.bad_kind")
	}
	f.text("place", s.Place, maxTitle, !online)
	f.text("lecturer", s.Lecturer, maxTitle, false)
	f.days(s, today)
	f.times(s, online)
	f.number("capacity", s.Capacity, 1, maxCapacity)
	return s, f.err()
}

// days checks the days of a session: sessions of the past may be entered, those
// to come until the end of next year.
func (f *faults) days(s models.TrainingSession, today calendar.Date) {
	last := calendar.NewDate(today.Year()+1, time.December, 31)
	switch {
	case !f.day("start_on", s.StartOn):
	case s.StartOn.Year() < firstYear:
		f.add("start_on", "session.too_early", "Value", s.StartOn, "Year", firstYear)
	case s.StartOn > last:
		f.add("start_on", "session.too_far", "Value", s.StartOn, "Last", last)
	case s.EndOn < s.StartOn:
		f.add("end_on", "session.ends_before_start", "Start", s.StartOn, "End", s.EndOn)
	case s.EndOn > last:
		f.add("end_on", "session.too_far", "Value", s.EndOn, "Last", last)
	case s.EndOn-s.StartOn >= maxDays:
		f.add("end_on", "session.too_long", "Days", int(s.EndOn-s.StartOn)+1, "Most", maxDays)
	}
}

// times checks the times of each day.
func (f *faults) times(s models.TrainingSession, online bool) {
	switch {
	case s.StartMinute == 0 && s.EndMinute == 0 && online:
	case s.StartMinute < 0 || s.StartMinute >= minutesPerDay:
		f.add("start_time", "session.bad_time")
	case s.EndMinute <= 0 || s.EndMinute > minutesPerDay:
		f.add("end_time", "session.time_needed")
	case s.EndMinute <= s.StartMinute:
		f.add("end_time", "session.times_reversed", "Start", Clock(s.StartMinute), "End", Clock(s.EndMinute))
	}
}

// Clock writes minutes after midnight as a time of the day.
func Clock(minute int) string {
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

// begins returns the instant at which a session begins.
func begins(s models.TrainingSession) time.Time { return instantOf(s.StartOn, s.StartMinute) }
