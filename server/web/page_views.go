package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/views"
)

// ViewsPage lists the views that the user has saved.
type ViewsPage struct {
	Page
	Views []models.SavedView
	// Form saves a page; nil where none is to be saved.
	Form *ViewForm
}

// Most is how many views a user keeps.
func (ViewsPage) Most() int { return views.MostViews }

// ViewForm saves the page at the address.
type ViewForm struct {
	Name    string
	Address string
	// Error is why it was refused, and Taken that there is a view of the name, which may
	// be replaced.
	Error *models.Error
	Taken bool
}

// ViewsMenu are the views in the menu of a page; Address is the page's own, empty where
// it cannot be saved.
type ViewsMenu struct {
	Views   []models.SavedView
	Address string
}

// savable returns the address of a page as it is saved: from the beginning of a long
// list. It is empty for what is none of the pages: what stands in the links of
// invitations and codes is not kept.
func savable(address string, pages []string) string {
	parsed, err := url.ParseRequestURI(address)
	if err != nil || !views.IsLocal(address) || !slices.ContainsFunc(pages, func(page string) bool { return matches(page, parsed.Path) }) {
		return ""
	}
	query := parsed.Query()
	if !query.Has("cursor") {
		return address
	}
	query.Del("cursor")
	parsed.RawQuery = query.Encode()
	return parsed.RequestURI()
}

// isSavable tells whether the route leads to a page that only who is signed in opens;
// tables to download are none, nor are the views themselves.
func (r route) isSavable() bool {
	last := r.path[strings.LastIndex(r.path, "/")+1:]
	return r.method == http.MethodGet && !r.access.IsOpen() && !strings.Contains(last, ".") && r.path != "/views"
}

// matches tells whether the path is one of the route's.
func matches(route, path string) bool {
	steps, given := strings.Split(route, "/"), strings.Split(path, "/")
	if len(steps) != len(given) {
		return false
	}
	for i, step := range steps {
		if step != given[i] && (!strings.HasPrefix(step, ":") || given[i] == "") {
			return false
		}
	}
	return true
}
