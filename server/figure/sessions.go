package figure

import (
	"context"
	"strconv"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// sessions is the training of the year by month.
func (d *Desk) sessions(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	return d.ofTraining(ctx, q, OfSessions)
}

// courses is the training of the year by course.
func (d *Desk) courses(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	return d.ofTraining(ctx, q, OfCourses)
}

func (d *Desk) ofTraining(ctx context.Context, q Query, of func(*training.Statistics) *Figure) (*Figure, error) {
	if q.AsOf < calendar.NewDate(q.Year, 1, 1) {
		return &Figure{Finding: rules.Reason{Key: "figure.sessions.none"}, Empty: &Empty{Reason: rules.Reason{Key: "statistics.year_future", Args: models.Args("Year", q.Year, "AsOf", q.AsOf)}}}, nil
	}
	s, err := d.Training.Statistics(ctx, training.StatisticsQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf})
	if err != nil {
		return nil, err
	}
	return of(s), nil
}

// noTraining is the figure of a year in which nobody was present.
func noTraining(s *training.Statistics) *Figure {
	return &Figure{Unit: s.Unit, Year: s.Year, AsOf: s.AsOf, Finding: rules.Reason{Key: "figure.sessions.none"}, Empty: &Empty{
		Reason: rules.Reason{Key: "statistics.empty", Args: models.Args("Year", s.Year)}, Do: "figure.sessions.enter", Where: Behind{Unit: s.Unit.Code, Page: "sessions"}}}
}

// OfSessions is the figure of the training of a year by month.
func OfSessions(s *training.Statistics) *Figure {
	if s.Attendances == 0 {
		f := noTraining(s)
		f.Kind = Sessions
		return f
	}
	f := &Figure{Kind: Sessions, Unit: s.Unit, Year: s.Year, AsOf: s.AsOf, Finding: sessionsFinding(s),
		Measure: rules.Reason{Key: "figure.measure.sessions"}, Source: rules.Reason{Key: "figure.source.attendances"}}
	f.Columns = append([]Column{{Key: "coverage.month"}}, trainingColumns...)
	for _, month := range s.Months {
		f.Rows = append(f.Rows, append(Row{{Of: rules.Reason{Key: "month." + strconv.Itoa(month.Month)}}}, trainingValues(s, month.Sessions, month.AttendanceCount)...))
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return sessionsChart(l, description, s) }
	return f
}

// trainingColumns are those of trainingValues.
var trainingColumns = []Column{{Key: "statistics.sessions"}, {Key: "statistics.attendances"}, {Key: "statistics.hours"}, {Key: "statistics.pass_rate"}}

func trainingValues(s *training.Statistics, sessions int, count training.AttendanceCount) []Value {
	return []Value{{sessions, &Behind{Unit: s.Unit.Code, Page: "sessions"}}, {Of: count.Attendances}, {Of: Decimal(count.Hours())}, {Of: bulletin.RateOf(count.Passed, count.Tested)}}
}

// sessionsFinding says how much there was, and in which month most.
func sessionsFinding(s *training.Statistics) rules.Reason {
	most := s.Months[0]
	for _, month := range s.Months {
		if month.Attendances > most.Attendances {
			most = month
		}
	}
	return rules.Reason{Key: "figure.sessions.finding", Args: models.Args("Count", s.Sessions, "Attendances", s.Attendances, "Hours", s.Hours(),
		"Month", time.Month(most.Month), "Most", most.Attendances)}
}

func sessionsChart(l *frontend.Locale, description string, s *training.Statistics) charts.MonthChart {
	panel := func(kind charts.BarKind) charts.Bars {
		return charts.Bars{Kind: kind, Name: l.Text("figure.sessions.panel."+string(kind), nil)}
	}
	sessions, attendances, hours := panel(charts.SessionsBar), panel(charts.AttendancesBar), panel(charts.HoursBar)
	chart := charts.MonthChart{Description: description}
	for _, month := range s.Months {
		chart.Labels = append(chart.Labels, l.Text("month."+strconv.Itoa(month.Month), nil))
		sessions.Values = append(sessions.Values, float64(month.Sessions))
		attendances.Values = append(attendances.Values, float64(month.Attendances))
		hours.Values = append(hours.Values, hoursOf(month.AttendanceCount))
	}
	chart.Panels = []charts.Bars{sessions, attendances, hours}
	return chart
}

// hoursOf are the hours as Hours writes them.
func hoursOf(count training.AttendanceCount) float64 { return float64(count.Minutes/6) / 10 }

// maxCourses is how many courses the chart shows, those with most hours.
const maxCourses = 12

// OfCourses is the figure of the training of a year by course.
func OfCourses(s *training.Statistics) *Figure {
	if s.Attendances == 0 {
		f := noTraining(s)
		f.Kind = Courses
		return f
	}
	first := s.Courses[0]
	f := &Figure{Kind: Courses, Unit: s.Unit, Year: s.Year, AsOf: s.AsOf, Measure: rules.Reason{Key: "figure.measure.courses"}, Source: rules.Reason{Key: "figure.source.attendances"},
		Finding: rules.Reason{Key: "figure.courses.finding", Args: models.Args("Title", first.Course.Title, "Hours", first.Hours(), "All", s.Hours())}}
	if len(s.Courses) > maxCourses {
		f.Measure = rules.Reason{Key: "figure.measure.first_courses", Args: models.Args("Count", maxCourses)}
	}
	f.Columns = append([]Column{{Key: "statistics.course"}}, trainingColumns...)
	for _, course := range s.Courses {
		title := Value{course.Course.Title, &Behind{Path: "/courses/" + strconv.FormatUint(course.Course.ID, 10)}}
		f.Rows = append(f.Rows, append(Row{title}, trainingValues(s, course.Sessions, course.AttendanceCount)...))
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return coursesChart(l, description, s) }
	return f
}

func coursesChart(l *frontend.Locale, description string, s *training.Statistics) charts.CountChart {
	bars := charts.Bars{Kind: charts.HoursBar, Name: l.Text("statistics.hours", nil)}
	chart := charts.CountChart{Unit: l.Text("statistics.hours_unit", nil), Lying: true, Description: description}
	for _, course := range s.Courses[:min(len(s.Courses), maxCourses)] {
		chart.Labels = append(chart.Labels, course.Course.Title)
		bars.Values = append(bars.Values, hoursOf(course.AttendanceCount))
	}
	chart.Bars = []charts.Bars{bars}
	return chart
}
