package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

func (s *Server) listSessions(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "rotation", "read")
	if err != nil {
		return err
	}
	filter := SessionFilter{When: r.Query("when"), Below: r.Query("below") == "1"}
	if filter.Year, err = s.trainingYear(r); err != nil {
		return err
	}
	today := s.Desk.Today()
	switch {
	case filter.When == "all" || filter.When == "past" || filter.When == "coming":
	case filter.Year == today.Year():
		filter.When = "coming"
	default:
		filter.When = "all"
	}
	from, to := filter.bounds(today)
	lines, more, err := s.Desk.Sessions(r.Request.Context(), r.Actor, training.SessionQuery{Unit: unit, From: from, To: to, Below: filter.Below, Limit: sessionsAtMost})
	if err != nil {
		return err
	}
	base, err := s.trainingPage(r, unit, r.Locale.Text("sessions.title", nil))
	if err != nil {
		return err
	}
	page := newSessionsPage(base, unit, filter, lines)
	page.Tabs, page.More = s.trainingTabs(r, unit, "sessions"), more
	children, err := s.Directory.Children(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	page.HasBelow = len(children) > 0
	if r.may("course", "manage", unit) {
		page.AddURL = unitURL(unit, "sessions", "new")
	}
	return s.show(r, "sessions", page)
}

func (s *Server) showSessionForm(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	typed := sessionTyped{course: r.Query("course"), kind: string(models.ClassSession), startTime: "09:00", endTime: "17:00"}
	page, err := s.sessionFormPage(r, unit, typed)
	if err != nil {
		return err
	}
	return s.show(r, "session_form", page)
}

// sessionFormPage is the form of a new session of one of the unit's courses.
func (s *Server) sessionFormPage(r *request, unit models.Unit, typed sessionTyped) (*SessionFormPage, error) {
	courses, err := s.Desk.Courses(r.Request.Context(), r.Actor, unit)
	if err != nil {
		return nil, err
	}
	options := []FieldOption{}
	for _, c := range courses {
		if c.UnitID == unit.ID && (c.RetiredOn.IsZero() || c.RetiredOn > s.Desk.Today()) {
			options = append(options, FieldOption{strconv.FormatUint(c.ID, 10), c.Title + " (" + c.Code + ")"})
		}
	}
	title := r.Locale.Text("session.new_title", nil)
	base, err := s.trainingPage(r, unit, title)
	if err != nil {
		return nil, err
	}
	page := &SessionFormPage{Page: base, Tabs: s.trainingTabs(r, unit, "sessions"), Unit: unit, Title: title, BackURL: unitURL(unit, "sessions"), HasCourses: len(options) > 0, CoursesURL: unitURL(unit, "courses")}
	page.Form, err = s.sessionForm(r, "session_add", unitURL(unit, "sessions"), unit, typed, options)
	return page, err
}

// sessionForm is the form of a session of the office; nil courses for one whose
// course is settled.
func (s *Server) sessionForm(r *request, name, action string, office models.Unit, typed sessionTyped, courses []FieldOption) (*OfficeForm, error) {
	children, err := s.Directory.Children(r.Request.Context(), office)
	if err != nil {
		return nil, err
	}
	regions := []FieldOption{{"", r.Locale.Text("session.region_none", nil)}}
	known := typed.region == ""
	for _, unit := range append([]models.Unit{office}, children...) {
		if unit.Kind == models.Department {
			continue
		}
		regions = append(regions, FieldOption{unit.Code, unitName(r.Locale, unit)})
		known = known || unit.Code == typed.region
	}
	if !known {
		regions = append(regions, FieldOption{typed.region, typed.region})
	}
	return newOfficeForm(name, "", action, sessionFields(r.Locale, typed, courses, regions)...), nil
}

func (s *Server) addSession(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	f := formReader{values: r.Request.PostForm}
	input := f.session()
	var added *models.TrainingSession
	if err = models.InvalidFields(f.problems); err == nil {
		added, err = s.Desk.AddSession(r.Request.Context(), r.Actor, input)
	}
	why, status := refusedAs(r, err)
	if models.IsCode(err, models.NotFound) {
		// None of the courses that the form offered.
		why, status = refusedAs(r, models.InvalidFields([]models.Field{{Name: "course", Key: "course.unknown"}}))
	}
	switch {
	case err == nil:
		return s.done(r, sessionURL(added.ID), "flash.session_added", models.Args("Session", added.Code))
	case why == nil:
		return err
	}
	page, err := s.sessionFormPage(r, unit, sessionTyped{})
	if err != nil {
		return err
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "session_form", page)
	return nil
}

func (s *Server) showSessionEdit(r *request) error {
	page, err := s.sessionEditPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "session_form", page)
}

// managedSession returns the session of the route when the caller manages it.
func (s *Server) managedSession(r *request) (*training.SessionView, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	session, err := s.Desk.Session(r.Request.Context(), r.Actor, id)
	if err == nil && !r.may("course", "manage", session.Office) {
		err = models.NewError(models.Forbidden, "error.forbidden")
	}
	return session, err
}

func (s *Server) sessionEditPage(r *request) (*SessionFormPage, error) {
	session, err := s.managedSession(r)
	if err != nil {
		return nil, err
	}
	title := r.Locale.Text("session.edit_title", models.Args("Session", session.Code))
	base, err := s.trainingPage(r, session.Office, title)
	if err != nil {
		return nil, err
	}
	page := &SessionFormPage{Page: base, Tabs: s.trainingTabs(r, session.Office, "sessions"), Unit: session.Office, Title: title, Course: &session.Course, BackURL: sessionURL(session.ID), HasCourses: true}
	page.Form, err = s.sessionForm(r, "session_edit", sessionURL(session.ID, "edit"), session.Office, sessionAsTyped(session), nil)
	if err == nil {
		page.Form.Version = session.Version
	}
	return page, err
}

func (s *Server) editSession(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	f := formReader{values: r.Request.PostForm}
	input := f.session()
	var up []models.Person
	if err = models.InvalidFields(f.problems); err == nil {
		_, up, err = s.Desk.EditSession(r.Request.Context(), r.Actor, id, r.version(), input)
	}
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, sessionURL(id), flashUp("flash.session_edited", up), models.Args("Up", len(up)))
	case why == nil:
		return err
	}
	page, err := s.sessionEditPage(r)
	if err != nil {
		return err
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "session_form", page)
	return nil
}

// flashUp is the message that tells of people who moved up, if any did.
func flashUp(key string, up []models.Person) string {
	if len(up) > 0 {
		return key + "_up"
	}
	return key
}

func (s *Server) cancelSession(r *request) error {
	return s.onSession(r, "session_cancel", "flash.session_cancelled", func(id uint64) error {
		_, err := s.Desk.CancelSession(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("reason"))
		return err
	})
}

func (s *Server) holdSession(r *request) error {
	return s.onSession(r, "session_held", "flash.session_held", func(id uint64) error {
		_, err := s.Desk.MarkHeld(r.Request.Context(), r.Actor, id, r.version())
		return err
	})
}

func (s *Server) reopenSession(r *request) error {
	return s.onSession(r, "session_reopen", "flash.session_reopened", func(id uint64) error {
		_, err := s.Desk.ReopenSession(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("reason"))
		return err
	})
}

// onSession runs what a form asks for on a session, and goes back to it or shows
// the form that was refused.
func (s *Server) onSession(r *request, form, flash string, do func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = do(id)
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, sessionURL(id), flash, nil)
	case why == nil:
		return err
	}
	page, err := s.sessionPage(r, id, "")
	if err != nil {
		return err
	}
	refuseForm(r, page.Forms, form, why)
	if why.Code != models.Invalid {
		page.Error = why
	}
	s.send(r, status, "session", page)
	return nil
}

func (s *Server) showSession(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	page, err := s.sessionPage(r, id, r.Query("q"))
	if err != nil {
		return err
	}
	return s.show(r, "session", page)
}

// candidatesAtMost bounds the people that are offered at once.
const candidatesAtMost = 200

// sessionPage is a session as the caller sees it; text narrows the people that
// are offered.
func (s *Server) sessionPage(r *request, id uint64, text string) (*SessionPage, error) {
	ctx := r.Request.Context()
	session, err := s.Desk.Session(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Nominations(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.officePage(r, session.Office, "sessions", session.Code)
	if err != nil {
		return nil, err
	}
	page := newSessionPage(base, session, list)
	page.Tabs = tabs
	if session.StartOn <= s.Desk.Today() {
		page.AttendanceURL = sessionURL(id, "attendance")
	}
	if r.may("course", "manage", session.Office) {
		page.addForms()
		page.SheetURL = sessionURL(id, "sheet")
	}
	today := s.Desk.Today()
	targets, _, err := s.Desk.Sessions(ctx, r.Actor, training.SessionQuery{Unit: session.Office, From: today, To: today + 366, Limit: sessionsAtMost})
	if err != nil {
		return nil, err
	}
	page.addActs(r.may("nomination", "decide", session.Office), targets)
	if session.Status != models.SessionOpen || session.EndOn < today || !r.Actor.Access.Allows("nomination", "make") {
		return page, nil
	}
	offered, more, err := s.Desk.Candidates(ctx, r.Actor, id, training.CandidateQuery{Text: text, Limit: candidatesAtMost})
	if err != nil {
		return nil, err
	}
	page.offer(text, offered, more)
	return page, nil
}

func (s *Server) showSheet(r *request) error {
	session, err := s.managedSession(r)
	if err != nil {
		return err
	}
	list, err := s.Desk.Nominations(r.Request.Context(), r.Actor, session.ID)
	if err != nil {
		return err
	}
	base, err := s.trainingPage(r, session.Office, r.Locale.Text("sheet.title", nil))
	if err != nil {
		return err
	}
	return s.show(r, "sheet", newSheetPage(base, session, list))
}
