package web

import (
	"slices"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
)

// Page is what every page shows around its content; each page struct embeds it.
type Page struct {
	Locale *frontend.Locale
	// User is nil while nobody is signed in.
	User *models.User
	// Unread is how many messages wait in the inbox of the user.
	Unread UnreadCount
	// Theme is the one that the user has chosen.
	Theme Theme
	// Nav lists the places of the work that the user may go to, Manage those where it is
	// set up: policies, calendar, users, units, log.
	Nav    []NavItem
	Manage []NavItem
	// Breadcrumb leads from the topmost unit the user may see to this page.
	Breadcrumb []Crumb
	// Demo tells that the page shows made-up facts.
	Demo bool
	// AsOf is the day the page looks at, zero where there is none; Today is the
	// date in Asia/Shanghai.
	AsOf  calendar.Date
	Today calendar.Date
	// Tour is set for who has not seen it, on the pages where people begin.
	Tour *Tour
	// Flash is a word on what was just done, shown once.
	Flash   string
	Version string
	// Path is the page's own path and query, to come back to.
	Path string
}

// InInbox tells whether the page is the inbox itself.
func (p Page) InInbox() bool { return strings.HasPrefix(p.Path, "/inbox") }

// pageData is any struct that embeds Page.
type pageData interface{ locale() *frontend.Locale }

func (p Page) locale() *frontend.Locale { return p.Locale }

// Languages are those to choose from.
func (Page) Languages() []string { return frontend.Languages }

// Themes are those to choose from.
func (Page) Themes() []Theme { return themes }

// Managing tells whether the page is one of those where things are set up.
func (p Page) Managing() bool {
	return slices.ContainsFunc(p.Manage, func(item NavItem) bool { return item.Current })
}

// NavItem is an entry of the navigation; Key names its message. Count, when not
// zero, is what waits there.
type NavItem struct {
	Key     string
	URL     string
	Current bool
	Count   int
	// More tells that there are more than Count.
	More bool
}

// stepBefore puts a step before the last one of the breadcrumb, where there is one.
func (p *Page) stepBefore(step Crumb) {
	if end := len(p.Breadcrumb) - 1; end >= 0 {
		p.Breadcrumb = slices.Insert(p.Breadcrumb, end, step)
	}
}

// Crumb is a step of the breadcrumb; the last one has no URL.
type Crumb struct {
	Text string
	URL  string
}

// unitName returns the unit's name in the language; units without an English
// name keep the Chinese one.
func unitName(locale *frontend.Locale, unit models.Unit) string {
	if locale.Lang() == "en" && unit.NameEN != "" {
		return unit.NameEN
	}
	return locale.Chinese(unit.Name)
}

// unitCrumbs returns the breadcrumb of a unit's path, each step leading to its
// board, and last the text of the page itself.
func unitCrumbs(locale *frontend.Locale, view View, path []models.Unit, last string) []Crumb {
	crumbs := make([]Crumb, 0, len(path)+1)
	for _, unit := range path {
		crumbs = append(crumbs, Crumb{Text: unitName(locale, unit), URL: view.BoardURL(unit.Code)})
	}
	return append(crumbs, Crumb{Text: last})
}
