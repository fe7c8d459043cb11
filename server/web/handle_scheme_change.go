package web

import (
	"net/http"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/gate"
)

func (s *Server) showSchemeSource(r *request) error {
	view, base, err := s.scheme(r, "schemes.source_page")
	if err != nil {
		return err
	}
	return s.show(r, "scheme_source", sourceOf(r, base, view))
}

// sourceOf is the page of a scheme's text.
func sourceOf(r *request, base Page, view *assessment.SchemeView) *SchemeSourcePage {
	url := schemeURL(view.ID)
	page := &SchemeSourcePage{Page: base, Title: r.Locale.Text("schemes.source_page", nil), Subject: schemeTitle(r.Locale, view.ScoringScheme), BackURL: url, DownloadURL: url + "/download", Source: view.Source, Version: view.Version}
	if view.Manages && view.Status == models.SchemeDraft {
		page.Form = &PackForm{Scheme: true, Action: url + "/source", Source: view.Source}
	}
	return page
}

func (s *Server) changeSchemeSource(r *request) error {
	view, base, err := s.managedScheme(r, "schemes.source_page")
	if err != nil {
		return err
	}
	source, err := r.packSource()
	if err == nil {
		_, err = s.Assessment.ChangeScheme(r.Request.Context(), r.Actor, view.ID, r.version(), source)
	}
	if err == nil {
		return s.done(r, schemeURL(view.ID), "flash.scheme_changed", nil)
	}
	page := sourceOf(r, base, view)
	page.Version = r.version()
	return s.sourceRefused(r, page, source, err)
}

// sourceRefused shows the text again with what is wrong with it, by its lines.
func (s *Server) sourceRefused(r *request, page *SchemeSourcePage, source []byte, err error) error {
	cause := refused(r, err)
	if cause == nil || cause.Code == models.Forbidden {
		return err
	}
	page.Form.Source, page.Form.Error = textOf(source), cause
	page.Form.Faults = newFaults(page.Form.Source, cause)
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "scheme_source", page)
	return nil
}

func (s *Server) showSchemeUpload(r *request) error {
	page, _, err := s.uploadPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "scheme_source", page)
}

// uploadPage takes a scheme of the unit as a file or a text.
func (s *Server) uploadPage(r *request) (*SchemeSourcePage, models.Unit, error) {
	unit, err := s.unit(r, r.Param("code"), "scheme", "manage")
	if err != nil {
		return nil, unit, err
	}
	title := r.Locale.Text("schemes.upload_title", nil)
	base, err := s.schemePlace(r, unit, Crumb{Text: r.Locale.Text("schemes.title", nil), URL: unitURL(unit, "schemes")}, Crumb{Text: title})
	return &SchemeSourcePage{Page: base, Title: title, BackURL: unitURL(unit, "schemes"), Form: &PackForm{Scheme: true, Action: unitURL(unit, "schemes")}, Version: -1}, unit, err
}

func (s *Server) addScheme(r *request) error {
	page, unit, err := s.uploadPage(r)
	if err != nil {
		return err
	}
	source, err := r.packSource()
	var added *models.ScoringScheme
	if err == nil {
		added, err = s.Assessment.AddSchemeOf(r.Request.Context(), r.Actor, unit, source)
	}
	if err != nil {
		return s.sourceRefused(r, page, source, err)
	}
	return s.done(r, schemeURL(added.ID), "flash.scheme_added", nil)
}

func (s *Server) copyScheme(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(r.PostForm("year"))
	if err != nil {
		year = 0 // one that no scheme has
	}
	input := assessment.CopyInput{ID: strings.TrimSpace(r.PostForm("id")), Year: year}
	added, err := s.Assessment.CopyScheme(r.Request.Context(), r.Actor, id, input)
	if err == nil {
		return s.done(r, schemeURL(added.ID), "flash.scheme_copied", nil)
	}
	return s.schemeRefused(r, err, func(acts *SchemeActs) *OfficeForm { return acts.Copy })
}

func (s *Server) discardScheme(r *request) error {
	view, _, err := s.managedScheme(r, "")
	if err != nil {
		return err
	}
	if err := s.Assessment.DiscardScheme(r.Request.Context(), r.Actor, view.ID, r.version()); err != nil {
		return s.schemeRefused(r, err, func(acts *SchemeActs) *OfficeForm { return acts.Discard })
	}
	return s.done(r, unitURL(view.Office, "schemes"), "flash.scheme_discarded", nil)
}

// schemeRefused shows the scheme with why one of its forms was refused.
func (s *Server) schemeRefused(r *request, err error, pick func(*SchemeActs) *OfficeForm) error {
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, err := s.schemePage(r)
	if err != nil {
		return err
	}
	if form := pick(page.Acts); form != nil {
		form.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Refusal = why
	}
	s.send(r, status, "scheme", page)
	return nil
}

func (s *Server) previewFreeze(r *request) error { return s.freezePage(r, http.StatusOK, nil) }

// freezePage tells what freezing a draft settles, with why it was not done.
func (s *Server) freezePage(r *request, status int, refusal *models.Error) error {
	view, base, err := s.managedScheme(r, "schemes.freeze_title")
	if err != nil {
		return err
	}
	freezing, err := s.Assessment.PreviewFreeze(r.Request.Context(), r.Actor, view.ID)
	if err != nil {
		return err
	}
	page := newSchemeFreezePage(base, freezing)
	page.Refusal = refusal
	s.send(r, status, "scheme_freeze", page)
	return nil
}

func (s *Server) freezeScheme(r *request) error {
	view, _, err := s.managedScheme(r, "")
	if err != nil {
		return err
	}
	err = s.Assessment.FreezeScheme(r.Request.Context(), r.Actor, view.ID, r.version())
	if err == nil {
		return s.done(r, schemeURL(view.ID), "flash.scheme_frozen", nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	return s.freezePage(r, status, why)
}
