package web

import (
	"net/http"
	"net/url"

	"sundial/models"
	"sundial/server/gate"
	"sundial/server/views"
)

// listViews answers the page of the views, and the list in the menu of a page.
func (s *Server) listViews(r *request) error {
	if r.isFragment() {
		list, err := s.Views.Views(r.Request.Context(), r.User.ID)
		if err != nil {
			return err
		}
		return s.sendBlock(r, http.StatusOK, "views", "views_menu", ViewsMenu{Views: list, Address: savable(r.shownPage(), s.pages)})
	}
	var form *ViewForm
	if address := savable(r.Query("address"), s.pages); address != "" {
		form = &ViewForm{Address: address}
	}
	return s.viewsPage(r, http.StatusOK, form)
}

// shownPage returns the address in the browser's window, which a fragment is for.
func (r *request) shownPage() string {
	shown, err := url.Parse(r.GetHeader("HX-Current-URL"))
	if err != nil || shown.Host != r.Request.Host {
		return ""
	}
	return shown.RequestURI()
}

func (s *Server) viewsPage(r *request, status int, form *ViewForm) error {
	list, err := s.Views.Views(r.Request.Context(), r.User.ID)
	if err != nil {
		return err
	}
	s.send(r, status, "views", ViewsPage{Page: s.page(r), Views: list, Form: form})
	return nil
}

// saveView saves a page and goes back to it; refused, it shows the form again.
func (s *Server) saveView(r *request) error {
	view := views.View{Name: r.PostForm("name"), Address: savable(r.PostForm("address"), s.pages), Replace: r.PostForm("replace") == "1"}
	err := s.Views.Save(r.Request.Context(), r.User.ID, view)
	if err == nil {
		return s.done(r, view.Address, "views.saved", models.Args("Name", view.Name))
	}
	why := refused(r, err)
	if why == nil {
		return err
	}
	form := &ViewForm{Name: view.Name, Address: view.Address, Error: why, Taken: why.Code == models.Conflict}
	return s.viewsPage(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, form)
}

func (s *Server) removeView(r *request) error {
	id, err := r.id()
	if err == nil {
		err = s.Views.Remove(r.Request.Context(), r.User.ID, id)
	}
	if err != nil {
		return err
	}
	return s.done(r, "/views", "views.removed", nil)
}
