package web

import (
	"slices"

	"sundial/models"
	"sundial/server/assessment"
)

func (s *Server) showDemandForm(r *request) error {
	asked, all := r.Query("indicator"), r.Query("all") == "1"
	page, err := s.demandPage(r, func(indicator string) bool { return all || indicator == asked })
	if err != nil {
		return err
	}
	return s.show(r, "demand", page)
}

func (s *Server) demandPage(r *request, chosen func(indicator string) bool) (*DemandPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.NewDemand(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, view.Unit, "rectifications", r.Locale.Text("rectifications.new", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("rectifications.title", nil), URL: unitURL(view.Unit, "rectifications")})
	page := newDemandPage(base, view, chosen)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) demandRectifications(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	reader := formReader{values: r.Request.PostForm}
	in := assessment.DemandInput{Indicators: r.PostFormArray("indicators"), Demand: reader.text("demand"), DueOn: reader.date("due_on")}
	var rows []models.Rectification
	if err = models.InvalidFields(reader.problems); err == nil {
		rows, err = s.Assessment.DemandRectifications(r.Request.Context(), r.Actor, id, in)
	}
	switch {
	case err == nil && len(rows) == 1:
		return s.done(r, rectificationURL(rows[0].ID), "flash.rectification_demanded", models.Args("Count", 1))
	case err == nil:
		view, err := s.Rectifications.Rectification(r.Request.Context(), r.Actor, rows[0].ID)
		if err != nil {
			return err
		}
		return s.done(r, RectificationFilter{Round: *view.RoundID}.url(view.Unit, "rectifications", "", ""), "flash.rectification_demanded", models.Args("Count", len(rows)))
	}
	why, status := refusedAs(r, err)
	if why == nil || why.Code != models.Invalid {
		return err
	}
	page, pageErr := s.demandPage(r, func(indicator string) bool { return slices.Contains(in.Indicators, indicator) })
	if pageErr != nil {
		return pageErr
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "demand", page)
	return nil
}
