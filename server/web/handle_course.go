package web

import (
	"errors"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/gate"
	"sundial/server/training"
)

// trainingYear reads the year of a plan or an agenda; without one it is this year.
func (s *Server) trainingYear(r *request) (int, error) {
	text := r.Query("year")
	if text == "" {
		return s.Desk.Today().Year(), nil
	}
	return readYear(text)
}

func readYear(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil || year < 1949 || year > 2200 {
		return 0, models.InvalidFields([]models.Field{{Name: "year", Key: "error.bad_year", Args: models.Args("Value", text)}})
	}
	return year, nil
}

// trainingPage is what a page about the training of a unit has around it.
func (s *Server) trainingPage(r *request, unit models.Unit, last string) (Page, error) {
	base := s.page(r)
	err := s.place(r, &base, View{}, unit, last)
	return base, err
}

// refusedAs returns the refusal that a form shows, with the status to send it
// with; nil for an error that is not for the form.
func refusedAs(r *request, err error) (*models.Error, int) {
	var why *models.Error
	if !errors.As(err, &why) || why.Code == models.NotFound || why.Code == models.Forbidden {
		return nil, 0
	}
	return why, gate.ProblemOf(r.Request.Context(), r.Locale, why).Status
}

func (s *Server) listCourses(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "rotation", "read")
	if err != nil {
		return err
	}
	year, err := s.trainingYear(r)
	if err != nil {
		return err
	}
	page, err := s.coursesPage(r, unit, year)
	if err != nil {
		return err
	}
	return s.show(r, "courses", page)
}

func (s *Server) coursesPage(r *request, unit models.Unit, year int) (*CoursesPage, error) {
	ctx := r.Request.Context()
	plan, err := s.Desk.Plan(ctx, r.Actor, unit, year)
	if err != nil {
		return nil, err
	}
	courses, err := s.Desk.Courses(ctx, r.Actor, unit)
	if err != nil {
		return nil, err
	}
	base, err := s.trainingPage(r, unit, r.Locale.Text("courses.title", nil))
	if err != nil {
		return nil, err
	}
	page := newCoursesPage(base, unit, *plan, courses, r.may("course", "manage", unit))
	page.Tabs = s.trainingTabs(r, unit, "courses")
	return page, nil
}

func (s *Server) addCourse(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	added, err := s.Desk.AddCourse(r.Request.Context(), r.Actor, unit.Code, courseTyped(r))
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, courseURL(added.ID), "flash.course_added", models.Args("Course", added.Title))
	case why == nil:
		return err
	}
	page, err := s.coursesPage(r, unit, s.Desk.Today().Year())
	if err != nil {
		return err
	}
	page.Add.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "courses", page)
	return nil
}

func courseTyped(r *request) training.CourseInput {
	f := formReader{values: r.Request.PostForm}
	return training.CourseInput{Code: f.text("code"), Title: f.text("title"), Subject: f.text("subject"), Audience: f.text("audience"),
		Hours: f.text("hours"), Tested: f.text("tested") == "1", PassMark: f.text("pass_mark")}
}

func (s *Server) showCourse(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	page, err := s.coursePage(r, id)
	if err != nil {
		return err
	}
	return s.show(r, "course", page)
}

// sessionsAtMost bounds what a list of sessions shows.
const sessionsAtMost = 300

func (s *Server) coursePage(r *request, id uint64) (*CoursePage, error) {
	ctx := r.Request.Context()
	course, office, err := s.Desk.Course(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	today := s.Desk.Today()
	sessions, _, err := s.Desk.Sessions(ctx, r.Actor, training.SessionQuery{Unit: office, Course: id, From: today - 5*366, To: today + 2*366, Limit: sessionsAtMost})
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.officePage(r, office, "courses", course.Title)
	if err != nil {
		return nil, err
	}
	page := newCoursePage(base, *course, office, sessions, r.may("course", "manage", office))
	page.Tabs = tabs
	return page, nil
}

// officePage is what a page about something of an office has around it: the tabs
// and the breadcrumb of the office, or of the caller's unit below it.
func (s *Server) officePage(r *request, office models.Unit, tab, last string) (Page, UnitTabs, error) {
	unit := office
	if !r.may("rotation", "read", office) {
		roots, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope("rotation", "read"))
		if err != nil {
			return Page{}, UnitTabs{}, err
		}
		for _, root := range roots {
			if len(root.Path) > len(office.Path) && root.Path[:len(office.Path)] == office.Path {
				unit = root
				break
			}
		}
	}
	base, err := s.trainingPage(r, unit, last)
	if steps := len(base.Breadcrumb); steps > 0 {
		base.Breadcrumb = slices.Insert(base.Breadcrumb, steps-1, Crumb{Text: r.Locale.Text("training.tab."+tab, nil), URL: unitURL(unit, tab)})
	}
	return base, s.trainingTabs(r, unit, tab), err
}

func (s *Server) editCourse(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	_, err = s.Desk.EditCourse(r.Request.Context(), r.Actor, id, r.version(), courseTyped(r))
	return s.courseDone(r, id, "course_edit", "flash.course_edited", err)
}

func (s *Server) retireCourse(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	f, form, flash := formReader{values: r.Request.PostForm}, "course_revive", "flash.course_revived"
	var on calendar.Date
	if r.Request.PostForm.Has("on") {
		form, flash = "course_retire", "flash.course_retired"
		if on = f.date("on"); on.IsZero() && len(f.problems) == 0 {
			f.problems = append(f.problems, models.Field{Name: "on", Key: "filing.date_required"})
		}
	}
	if err = models.InvalidFields(f.problems); err == nil {
		_, err = s.Desk.RetireCourse(r.Request.Context(), r.Actor, id, r.version(), on)
	}
	return s.courseDone(r, id, form, flash, err)
}

// courseDone goes back to the course, or shows the form that was refused.
func (s *Server) courseDone(r *request, id uint64, form, flash string, err error) error {
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, courseURL(id), flash, nil)
	case why == nil:
		return err
	}
	page, err := s.coursePage(r, id)
	if err != nil {
		return err
	}
	refuseForm(r, page.Forms, form, why)
	s.send(r, status, "course", page)
	return nil
}

// refuseForm puts what was typed back into the form of the name.
func refuseForm(r *request, forms []*OfficeForm, name string, why *models.Error) {
	for _, form := range forms {
		if form.Name == name {
			form.refuse(r.Locale, r.Request.PostForm, why)
		}
	}
}
