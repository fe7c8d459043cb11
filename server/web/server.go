// Package web answers the pages: one handler per route of the route table, typed
// page structs, and the templates that show them. Pages work without scripts;
// htmx only saves reloads.
package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/audit"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/dossier"
	"sundial/server/figure"
	"sundial/server/gate"
	"sundial/server/notify"
	"sundial/server/organization"
	"sundial/server/rectification"
	"sundial/server/search"
	"sundial/server/supervision"
	"sundial/server/training"
	"sundial/server/views"
)

// Server answers the pages.
type Server struct {
	Ledger         *compliance.Ledger
	Desk           *training.Desk
	Imports        *training.Imports
	Rotas          *training.Rotas
	Assessment     *assessment.Desk
	Supervision    *supervision.Desk
	Bulletins      *bulletin.Desk
	Rectifications *rectification.Desk
	Cabinet        *dossier.Cabinet
	Inbox          *notify.Desk
	Figures        *figure.Desk
	Directory      *organization.Directory
	Search         *search.Desk
	Views          *views.Desk
	Log            *audit.Log
	Gate           *gate.Gate
	Templates      *Templates
	Assets         *frontend.Assets
	Now            func() time.Time
	Version        string
	// pages are the paths of the routes that a user may save as views.
	pages []string
}

// request is a request of a caller whom its route has admitted.
type request struct {
	*gin.Context
	gate.Caller
}

// handler answers a request; its error becomes the error page.
type handler func(s *Server, r *request) error

// handle adapts a handler to gin: it admits the caller first.
func (s *Server) handle(access gate.Access, h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := &request{c, gate.CallerOf(c.Request.Context())}
		err := access.Admit(r.Caller)
		if err == nil {
			err = r.parseForm()
		}
		if err == nil {
			err = h(s, r)
		}
		if err != nil {
			s.Fail(c, err)
		}
	}
}

// parseForm reads the form of a request that has one. A form that is too large is
// TooLarge; one that is no text is Invalid: databases differ in what they make of
// such bytes.
func (r *request) parseForm() error {
	if r.Request.Method != http.MethodPost {
		return nil
	}
	var cut *http.MaxBytesError
	err := r.Request.ParseForm()
	switch {
	case errors.As(err, &cut):
		return models.NewError(models.TooLarge, "error.form_too_large", "MB", cut.Limit>>20).Because(err)
	case err != nil:
		return models.NewError(models.Invalid, "error.bad_form").Because(err)
	}
	for _, values := range r.Request.PostForm {
		if !utf8.ValidString(strings.Join(values, "")) {
			return models.NewError(models.Invalid, "error.bad_form")
		}
	}
	return nil
}

// Fail answers an error: with the sign-in page who is not signed in, or no
// longer, else with the error page.
func (s *Server) Fail(c *gin.Context, err error) {
	caller := gate.CallerOf(c.Request.Context())
	r := &request{c, caller}
	if models.IsCode(err, models.Unauthorized) && c.Request.Header.Get("Authorization") == "" {
		s.askToSignIn(r, err)
		return
	}
	problem := gate.ProblemOf(c.Request.Context(), caller.Locale, err)
	page := ErrorPage{Page: s.page(r), Status: problem.Status, Error: problem.Cause, ID: problem.ID}
	s.send(r, problem.Status, "error", page)
}

// askToSignIn leads to the sign-in page and from there back to the page that was
// asked for, or to the one whose form was sent.
func (s *Server) askToSignIn(r *request, err error) {
	next := "/"
	if from, parseErr := url.Parse(r.Request.Referer()); parseErr == nil && from.Host == r.Request.Host {
		next = localPath(from.RequestURI())
	}
	problem := gate.ProblemOf(r.Request.Context(), r.Locale, err)
	switch {
	case r.isFragment():
		r.Header("HX-Redirect", "/login?next="+url.QueryEscape(next))
		r.Status(problem.Status)
	case r.Request.Method == http.MethodGet:
		r.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(r.Request.URL.RequestURI()))
	default:
		s.send(r, problem.Status, "login", LoginPage{Page: s.page(r), Next: next, Error: problem.Cause})
	}
}

// send renders a whole page and sends it.
func (s *Server) send(r *request, status int, name string, page pageData) {
	var body bytes.Buffer
	if err := s.Templates.Render(&body, name, page); err != nil {
		slog.ErrorContext(r.Request.Context(), "page not rendered", "page", name, "error", err)
		r.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(r.Locale.Text("error_page.internal.title", nil)))
		return
	}
	r.Data(status, "text/html; charset=utf-8", body.Bytes())
}

// show sends a page; the error is nil, for handlers to return.
func (s *Server) show(r *request, name string, page pageData) error {
	s.send(r, http.StatusOK, name, page)
	return nil
}

// sendBlock sends one block of a page, for htmx.
func (s *Server) sendBlock(r *request, status int, name, block string, data any) error {
	var body bytes.Buffer
	if err := s.Templates.RenderBlock(&body, r.Locale, name, block, data); err != nil {
		return err
	}
	r.Data(status, "text/html; charset=utf-8", body.Bytes())
	return nil
}

// isFragment tells whether htmx asks for a block instead of a page.
func (r *request) isFragment() bool { return r.GetHeader("HX-Request") == "true" }

// done remembers a word on what was done and goes to a page that shows it.
func (s *Server) done(r *request, to, key string, args map[string]any) error {
	s.Gate.Sessions.Put(r.Request.Context(), "flash", r.Locale.Text(key, args))
	r.Redirect(http.StatusSeeOther, to)
	return nil
}

// page returns what every page shows around its content.
func (s *Server) page(r *request) Page {
	page := Page{Locale: r.Locale, User: r.User, Today: s.Ledger.Today(), Version: s.Version, Path: r.Request.URL.RequestURI(),
		Theme: r.theme()}
	if r.Request.Method != http.MethodGet {
		page.Path = cameFrom(r.Request)
	}
	if r.User == nil {
		return page
	}
	page.Demo = r.User.Demo
	page.Nav, page.Manage = s.navigation(r)
	page.Unread = s.unread(r)
	page.Tour = s.tour(r)
	page.Flash = s.Gate.Sessions.PopString(r.Request.Context(), "flash")
	return page
}

// cameFrom returns the path of the page whose form was sent.
func cameFrom(r *http.Request) string {
	referer, err := url.Parse(r.Referer())
	if err != nil || referer.Host != r.Host {
		return "/"
	}
	return localPath(referer.RequestURI())
}

// navigation lists where the caller may go, to work and to set things up; the home page
// picks the unit.
func (s *Server) navigation(r *request) (work, manage []NavItem) {
	path := r.Request.URL.Path
	item := func(key, to string, below ...string) NavItem {
		current := path == to || slices.ContainsFunc(below, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
		return NavItem{Key: key, URL: to, Current: current}
	}
	below, managed := []string{"/units/", "/duties"}, []string{}
	switch {
	case isAdministration(path):
		below, managed = nil, []string{"/units/"}
	case isTraining(path), isAssessment(path), isSupervision(path):
		below = nil
	}
	work = append(work, item("nav.home", "/", below...))
	access := r.Actor.Access
	add := func(list *[]NavItem, object, action string, place NavItem) {
		if access.Allows(object, action) {
			*list = append(*list, place)
		}
	}
	if access.Allows("report", "verify") {
		queue := item("nav.queue", "/queue")
		queue.Count, queue.More = s.waiting(r)
		work = append(work, queue)
	}
	add(&work, "rotation", "read", NavItem{Key: "nav.training", URL: "/training", Current: isTraining(path)})
	add(&work, "score", "read", NavItem{Key: "nav.assessment", URL: "/assessment", Current: isAssessment(path)})
	add(&work, "task", "read", NavItem{Key: "nav.supervision", URL: "/supervision", Current: isSupervision(path)})
	add(&manage, "policy", "read", item("nav.policies", "/policies", "/policies/"))
	add(&manage, "policy", "read", item("nav.calendar", "/calendar", "/calendar/"))
	add(&manage, "user", "manage", item("nav.users", "/users", "/users/"))
	add(&manage, "unit", "manage", item("nav.units", "/units", managed...))
	add(&manage, "audit", "read", item("nav.audit", "/audit"))
	return work, manage
}
