package web

import (
	"errors"
	"net/http"
	"strconv"

	"sundial/models"
)

func (s *Server) showPlan(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	year, err := s.trainingYear(r)
	if err != nil {
		return err
	}
	plan, err := s.Desk.Plan(r.Request.Context(), r.Actor, unit, year)
	if err != nil {
		return err
	}
	written := r.Locale.Written()
	fresh := written.Text("plan.fresh_title", models.Args("Unit", unitName(written, unit), "Year", strconv.Itoa(year)))
	page, err := s.planPage(r, unit, planAsTyped(plan, fresh))
	if err != nil {
		return err
	}
	return s.show(r, "plan", page)
}

func (s *Server) planPage(r *request, unit models.Unit, typed planTyped) (*PlanPage, error) {
	courses, err := s.Desk.Courses(r.Request.Context(), r.Actor, unit)
	if err != nil {
		return nil, err
	}
	base, err := s.trainingPage(r, unit, r.Locale.Text("plan.form_title", models.Args("Year", strconv.Itoa(typed.year))))
	if err != nil {
		return nil, err
	}
	page := newPlanPage(base, unit, typed, courses)
	page.Tabs = s.trainingTabs(r, unit, "courses")
	return page, nil
}

func (s *Server) putPlan(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	year, err := s.trainingYear(r)
	if err != nil {
		return err
	}
	f := formReader{values: r.Request.PostForm}
	input, typed := f.plan(year)
	if err = models.InvalidFields(f.problems); err == nil {
		_, err = s.Desk.PutPlan(r.Request.Context(), r.Actor, unit.Code, typed.version, input)
	}
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, coursesURL(unit, year), "flash.plan_put", models.Args("Year", strconv.Itoa(year)))
	case why == nil:
		return err
	}
	page, err := s.planPage(r, unit, typed)
	if err != nil {
		return err
	}
	page.refuse(r.Locale, why)
	s.send(r, status, "plan", page)
	return nil
}

func (s *Server) copyPlan(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "course", "manage")
	if err != nil {
		return err
	}
	year, err := readYear(r.PostForm("year"))
	if err != nil {
		return err
	}
	_, err = s.Desk.CopyPlan(r.Request.Context(), r.Actor, unit.Code, year)
	if err == nil {
		return s.done(r, planURL(unit, year), "flash.plan_copied", models.Args("Year", strconv.Itoa(year)))
	}
	var why *models.Error
	if !errors.As(err, &why) || why.Code == models.Forbidden {
		return err
	}
	page, err := s.coursesPage(r, unit, year)
	if err != nil {
		return err
	}
	page.Refusal = why
	s.send(r, http.StatusConflict, "courses", page)
	return nil
}
