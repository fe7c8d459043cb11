package web

import (
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
)

func (s *Server) listSchemes(r *request) error {
	page, err := s.schemesPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "schemes", page)
}

func (s *Server) schemesPage(r *request) (*SchemesPage, error) {
	unit, err := s.unit(r, r.Param("code"), "scheme", "read")
	if err != nil {
		return nil, err
	}
	lines, err := s.Assessment.Schemes(r.Request.Context(), r.Actor, unit)
	if err != nil {
		return nil, err
	}
	base, err := s.schemePlace(r, unit, Crumb{Text: r.Locale.Text("schemes.title", nil)})
	if err != nil {
		return nil, err
	}
	page := newSchemesPage(base, unit, lines, r.may("scheme", "manage", unit))
	page.Tabs = unitTabs(r, unit, "assessment", assessmentTabs, "schemes")
	page.offerCopy(s.Assessment.Today().Year())
	return &page, nil
}

// schemePlace is what a page about schemes of the unit has around it; the last crumbs are
// the page's own.
func (s *Server) schemePlace(r *request, unit models.Unit, last ...Crumb) (Page, error) {
	page := s.page(r)
	if err := s.place(r, &page, View{}, unit, last[0].Text); err != nil {
		return page, err
	}
	end := len(page.Breadcrumb) - 1
	page.Breadcrumb = append(page.Breadcrumb[:end:end], last...)
	return page, nil
}

// scheme returns the scheme of the route with what its pages have around them; last is
// the text of the page, empty for the scheme's own.
func (s *Server) scheme(r *request, last string) (*assessment.SchemeView, Page, error) {
	id, err := r.id()
	if err != nil {
		return nil, Page{}, err
	}
	view, err := s.Assessment.Scheme(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, Page{}, err
	}
	crumbs := []Crumb{{Text: r.Locale.Text("schemes.title", nil), URL: unitURL(view.Office, "schemes")}, {Text: schemeTitle(r.Locale, view.ScoringScheme)}}
	if last != "" {
		crumbs[1].URL = schemeURL(id)
		crumbs = append(crumbs, Crumb{Text: r.Locale.Text(last, nil)})
	}
	if !r.may("scheme", "read", view.Office) {
		// Who is scored by an office above sees no pages of the office's own.
		page := s.page(r)
		page.Breadcrumb = crumbs
		page.Breadcrumb[0].URL = ""
		return view, page, nil
	}
	page, err := s.schemePlace(r, view.Office, crumbs...)
	return view, page, err
}

func (s *Server) showScheme(r *request) error {
	page, err := s.schemePage(r)
	if err != nil {
		return err
	}
	return s.show(r, "scheme", page)
}

func (s *Server) schemePage(r *request) (*SchemePage, error) {
	view, base, err := s.scheme(r, "")
	if err != nil {
		return nil, err
	}
	page := newSchemePage(base, view, r.Query("class"))
	page.Tabs = unitTabs(r, view.Office, "assessment", assessmentTabs, "schemes")
	if view.Manages {
		page.offerActs(s.Assessment.Today().Year())
	}
	return page, nil
}

func (s *Server) downloadScheme(r *request) error {
	view, _, err := s.scheme(r, "")
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="`+view.Code+"-"+strconv.Itoa(view.Edition)+`.yaml"`)
	r.Data(http.StatusOK, "application/yaml; charset=utf-8", []byte(view.Source))
	return nil
}
