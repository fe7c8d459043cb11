package web

import (
	"sundial/models"
	"sundial/server/assessment"
)

// managedScheme returns the draft of the route when the caller may change it: others are
// told so, and a frozen one is a Conflict.
func (s *Server) managedScheme(r *request, last string) (*assessment.SchemeView, Page, error) {
	view, base, err := s.scheme(r, last)
	switch {
	case err != nil:
	case !view.Manages:
		err = models.NewError(models.Forbidden, "error.forbidden")
	case view.Status != models.SchemeDraft:
		err = models.NewError(models.Conflict, "schemes.frozen")
	}
	return view, base, err
}

func (s *Server) showSchemeForm(r *request) error {
	view, base, err := s.managedScheme(r, "schemes.edit_title")
	if err != nil {
		return err
	}
	return s.sendSchemeForm(r, 200, s.formOf(r, base, view, assessment.EditOf(view.Scheme), view.Version, -1))
}

// formOf is the form of a draft.
func (s *Server) formOf(r *request, base Page, view *assessment.SchemeView, edit assessment.SchemeEdit, version, focus int) *SchemeFormPage {
	page := newSchemeForm(base, view.Office, edit, version, focus)
	page.Title, page.Subject = r.Locale.Text("schemes.edit_title", nil), schemeTitle(r.Locale, view.ScoringScheme)
	page.Action, page.BackURL = schemeURL(view.ID, "edit"), schemeURL(view.ID)
	return page
}

func (s *Server) sendSchemeForm(r *request, status int, page *SchemeFormPage) error {
	if tooWide(page.Edit) {
		return models.NewError(models.Conflict, "schemes.form_too_wide")
	}
	policies, err := s.Ledger.Policies(r.Request.Context())
	if err != nil {
		return err
	}
	page.offer(policies)
	s.send(r, status, "scheme_form", page)
	return nil
}

func (s *Server) editScheme(r *request) error {
	view, base, err := s.managedScheme(r, "schemes.edit_title")
	if err != nil {
		return err
	}
	edit, version := schemeTyped(r.Request.PostForm, view.Office.Code), r.version()
	if focus, known := reshape(&edit, r.PostForm("do")); known {
		return s.sendSchemeForm(r, 200, s.formOf(r, base, view, edit, version, focus))
	}
	_, err = s.Assessment.EditScheme(r.Request.Context(), r.Actor, view.ID, version, edit)
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, schemeURL(view.ID), "flash.scheme_changed", nil)
	case why == nil:
		return err
	}
	page := s.formOf(r, base, view, edit, version, -1)
	page.refuse(r.Locale, why)
	return s.sendSchemeForm(r, status, page)
}

func (s *Server) showNewScheme(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "scheme", "manage")
	if err != nil {
		return err
	}
	edit, err := s.Assessment.BlankScheme(r.Request.Context(), r.Actor, unit)
	if err != nil {
		return err
	}
	page, err := s.newSchemeOf(r, unit, edit, -1)
	if err != nil {
		return err
	}
	return s.sendSchemeForm(r, 200, page)
}

// newSchemeOf is the form of a scheme that is not stored yet.
func (s *Server) newSchemeOf(r *request, unit models.Unit, edit assessment.SchemeEdit, focus int) (*SchemeFormPage, error) {
	title := r.Locale.Text("schemes.new_title", nil)
	base, err := s.schemePlace(r, unit, Crumb{Text: r.Locale.Text("schemes.title", nil), URL: unitURL(unit, "schemes")}, Crumb{Text: title})
	page := newSchemeForm(base, unit, edit, -1, focus)
	page.Title, page.Action, page.BackURL = title, unitURL(unit, "schemes", "new"), unitURL(unit, "schemes")
	return page, err
}

func (s *Server) addSchemeByForm(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "scheme", "manage")
	if err != nil {
		return err
	}
	edit := schemeTyped(r.Request.PostForm, unit.Code)
	focus, known := reshape(&edit, r.PostForm("do"))
	page, err := s.newSchemeOf(r, unit, edit, focus)
	if err != nil {
		return err
	}
	if known {
		return s.sendSchemeForm(r, 200, page)
	}
	added, err := s.Assessment.NewScheme(r.Request.Context(), r.Actor, edit)
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, schemeURL(added.ID), "flash.scheme_added", nil)
	case why == nil:
		return err
	}
	page.refuse(r.Locale, why)
	return s.sendSchemeForm(r, status, page)
}
