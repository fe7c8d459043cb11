package web

import (
	"fmt"
	"strconv"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/training"
)

// SessionRow is a session in a list.
type SessionRow struct {
	training.SessionLine
	URL   string
	Phase string
	// Other tells that another office than the unit holds it.
	Other bool
}

func newSessionRow(line training.SessionLine, unit models.Unit, today calendar.Date) SessionRow {
	return SessionRow{SessionLine: line, URL: sessionURL(line.ID), Phase: sessionPhase(line.TrainingSession, today), Other: line.UnitID != unit.ID}
}

func sessionURL(id uint64, steps ...string) string {
	path := fmt.Sprintf("/sessions/%d", id)
	for _, step := range steps {
		path += "/" + step
	}
	return path
}

// sessionPhase says where a session stands on the day: coming, full (who comes
// now waits), running, over (to be marked as held), held or cancelled.
func sessionPhase(s models.TrainingSession, today calendar.Date) string {
	switch {
	case s.Status != models.SessionOpen:
		return string(s.Status)
	case s.EndOn < today:
		return "over"
	case s.StartOn <= today:
		return "running"
	case s.Seated >= s.Capacity:
		return "full"
	default:
		return "coming"
	}
}

// sessionDays writes the days of a session.
func sessionDays(locale *frontend.Locale, s models.TrainingSession) string {
	if s.StartOn == s.EndOn {
		return locale.Date(s.StartOn)
	}
	return locale.Text("session.days", models.Args("From", s.StartOn, "To", s.EndOn))
}

// sessionTimes writes the times of a session's days; empty for any time.
func sessionTimes(s models.TrainingSession) string {
	if s.EndMinute == 0 {
		return ""
	}
	return training.Clock(s.StartMinute) + "–" + training.Clock(s.EndMinute)
}

// Times writes the times of each day; empty for any time.
func (r SessionRow) Times() string { return sessionTimes(r.TrainingSession) }

// SessionsPage is the agenda of a unit: its sessions and those of the offices
// above it.
type SessionsPage struct {
	Page
	Tabs   UnitTabs
	Unit   models.Unit
	Filter SessionFilter
	Years  []int
	Months []SessionMonth
	// More tells that there are more than are listed.
	More bool
	// AddURL leads to the form of a new session; empty when the user adds none.
	AddURL string
	// HasBelow tells that there are units below whose sessions can be listed.
	HasBelow bool
}

// SessionFilter is what part of the agenda is asked for.
type SessionFilter struct {
	Year  int
	When  string
	Below bool
}

// sessionWhens are the parts of a year that the agenda offers.
var sessionWhens = []string{"coming", "past", "all"}

// Whens returns the parts of a year that can be asked for.
func (SessionFilter) Whens() []string { return sessionWhens }

// bounds are the days that the filter asks for.
func (f SessionFilter) bounds(today calendar.Date) (from, to calendar.Date) {
	from, to = calendar.NewDate(f.Year, time.January, 1), calendar.NewDate(f.Year, time.December, 31)
	switch f.When {
	case "coming":
		from = max(from, today)
	case "past":
		to = min(to, today-1)
	}
	return from, to
}

// keeps tells whether the filter lists the session: one that has begun before the
// year, or is still under way, is in one part of it only.
func (f SessionFilter) keeps(s models.TrainingSession, today calendar.Date) bool {
	return f.When != "past" || s.EndOn < today
}

// SessionMonth are the sessions that begin in a month.
type SessionMonth struct {
	Name string
	ID   string
	Rows []SessionRow
}

// newSessionsPage lays out the agenda by month.
func newSessionsPage(page Page, unit models.Unit, filter SessionFilter, lines []training.SessionLine) *SessionsPage {
	p := &SessionsPage{Page: page, Unit: unit, Filter: filter, Years: planYears(page.Today.Year(), filter.Year)}
	for _, line := range lines {
		if !filter.keeps(line.TrainingSession, page.Today) {
			continue
		}
		month := line.StartOn.Time().Format("2006-01")
		if last := len(p.Months) - 1; last < 0 || p.Months[last].ID != "month-"+month {
			p.Months = append(p.Months, SessionMonth{ID: "month-" + month, Name: words{page.Locale}.period(month)})
		}
		at := &p.Months[len(p.Months)-1]
		at.Rows = append(at.Rows, newSessionRow(line, unit, page.Today))
	}
	return p
}

// SessionFormPage is the form of a session, new or edited.
type SessionFormPage struct {
	Page
	Tabs  UnitTabs
	Unit  models.Unit
	Title string
	// Course is that of an edited session; a new one chooses.
	Course  *models.Course
	Form    *OfficeForm
	BackURL string
	// HasCourses tells that there is a course to hold; CoursesURL leads to where one
	// is added.
	HasCourses bool
	CoursesURL string
}

// sessionFields are the fields of a session as it is typed.
func sessionFields(locale *frontend.Locale, in sessionTyped, courses, regions []FieldOption) []FormField {
	var fields []FormField
	if courses != nil {
		fields = append(fields, FormField{Name: "course", Label: "session.course", Type: "select", Value: in.course, Options: courses, Required: true})
	}
	kinds := []FieldOption{}
	for _, kind := range []models.SessionKind{models.ClassSession, models.WorkshopSession, models.OnlineSession} {
		kinds = append(kinds, FieldOption{string(kind), locale.Text("session.kind."+string(kind), nil)})
	}
	return append(fields,
		FormField{Name: "kind", Label: "session.kind", Type: "select", Value: in.kind, Options: kinds, Required: true},
		FormField{Name: "start_on", Label: "session.start_on", Type: "date", Value: in.startOn, Required: true},
		FormField{Name: "end_on", Label: "session.end_on", Hint: "session.end_on_hint", Type: "date", Value: in.endOn},
		FormField{Name: "start_time", Label: "session.start_time", Type: "time", Value: in.startTime},
		FormField{Name: "end_time", Label: "session.end_time", Hint: "session.times_hint", Type: "time", Value: in.endTime},
		FormField{Name: "place", Label: "session.place", Hint: "session.place_hint", Type: "text", Value: in.place},
		FormField{Name: "region", Label: "session.region", Hint: "session.region_hint", Type: "select", Value: in.region, Options: regions},
		FormField{Name: "capacity", Label: "session.capacity", Type: "number", Min: "1", Value: in.capacity, Required: true},
		FormField{Name: "lecturer", Label: "session.lecturer", Type: "text", Value: in.lecturer},
		FormField{Name: "code", Label: "session.code", Hint: "session.code_hint", Type: "text", Value: in.code})
}

// sessionTyped is a session as it stands in the form.
type sessionTyped struct {
	course, kind, startOn, endOn, startTime, endTime, place, region, capacity, lecturer, code string
}

// sessionAsTyped is a stored session as it stands in the form.
func sessionAsTyped(v *training.SessionView) sessionTyped {
	typed := sessionTyped{kind: string(v.Kind), startOn: v.StartOn.String(), endOn: v.EndOn.String(), place: v.Place, capacity: strconv.Itoa(v.Capacity),
		lecturer: v.Lecturer, code: v.Code}
	if v.EndMinute != 0 {
		typed.startTime, typed.endTime = training.Clock(v.StartMinute), training.Clock(v.EndMinute)
	}
	if v.Region != nil {
		typed.region = v.Region.Code
	}
	return typed
}

// session reads the form of a session.
func (r *formReader) session() training.SessionInput {
	in := training.SessionInput{Code: r.text("code"), Kind: models.SessionKind(r.text("kind")), Place: r.text("place"), Region: r.text("region"),
		StartOn: r.date("start_on"), EndOn: r.date("end_on"), StartMinute: r.clock("start_time"), EndMinute: r.clock("end_time"), Lecturer: r.text("lecturer")}
	in.Course, _ = strconv.ParseUint(r.text("course"), 10, 63)
	in.Capacity, _ = strconv.Atoi(r.text("capacity"))
	return in
}

// clock reads a time of the day as minutes after midnight; nothing is 0.
func (r *formReader) clock(name string) int {
	text := r.text(name)
	if text == "" {
		return 0
	}
	at, err := time.Parse("15:04", text[:min(len(text), len("15:04"))])
	if err != nil {
		r.problems = append(r.problems, models.Field{Name: name, Key: "session.bad_time"})
	}
	return at.Hour()*60 + at.Minute()
}
