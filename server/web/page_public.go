package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// PublicPage lists what all offices have published, for everybody.
type PublicPage struct {
	Page
	Shelf    *bulletin.Shelf
	Filter   PublicFilter
	Policies []PolicyOption
	// Years are the bulletins of the page by the year that they are about.
	Years []PublicYear
	// Units are the offices that have published.
	Units []PublicUnit
	Pager Pager
}

// PublicFilter is what the list is narrowed to. Unit and Policy are codes.
type PublicFilter struct {
	Unit, Policy, Text string
	Year               int
}

// Narrowed tells that the filter narrows the list.
func (f PublicFilter) Narrowed() bool { return f != PublicFilter{} }

func (f PublicFilter) url(after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"unit": f.Unit, "policy": f.Policy, "q": f.Text, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Year != 0 {
		query.Set("year", strconv.Itoa(f.Year))
	}
	if len(query) == 0 {
		return "/public"
	}
	return "/public?" + query.Encode()
}

// PublicYear are bulletins about one year.
type PublicYear struct {
	Year int
	Rows []PublicLine
}

// PublicLine is a published bulletin in the list.
type PublicLine struct {
	bulletin.Issue
	Unit               models.Unit
	URL                string
	Completion, InTime string
	Files              []BulletinFile
	Replaced           []PublicEdition
}

// Intact tells that it is what was published.
func (l PublicLine) Intact() bool { return l.Seal.Holds() }

// PublicEdition is an edition of a bulletin; Change says what a correction changed. By is
// the edition that replaced it, 0 for the newest.
type PublicEdition struct {
	Edition, By int
	PublishedOn calendar.Date
	Change      string
	URL         string
	Hash        string
	Intact      bool
}

// PublicUnit is an office that has published; URL narrows the list to it.
type PublicUnit struct {
	bulletin.ShelfUnit
	URL     string
	Current bool
}

// publicBase is what a public page shows around its content: the same for all who read one
// language, so that it can be kept; who is signed in stays out of it.
func (s *Server) publicBase(r *request, steps ...Crumb) Page {
	page := Page{Locale: r.Locale, Today: s.Ledger.Today(), Version: s.Version, Path: r.Request.URL.RequestURI(), Theme: r.theme()}
	for _, place := range []NavItem{{Key: "public.title", URL: "/public"}, {Key: "public.data", URL: "/public/data"}, {Key: "public.sign_in", URL: "/login"}} {
		place.Current = r.Request.URL.Path == place.URL
		page.Nav = append(page.Nav, place)
	}
	if len(steps) > 0 {
		page.Breadcrumb = append([]Crumb{{Text: r.Locale.Text("public.title", nil), URL: "/public"}}, steps...)
	}
	return page
}

func newPublicPage(base Page, shelf *bulletin.Shelf, filter PublicFilter) *PublicPage {
	p := &PublicPage{Page: base, Shelf: shelf, Filter: filter}
	for _, item := range shelf.Items {
		line := publicLine(item)
		p.Demo = p.Demo || line.Demo
		if last := len(p.Years) - 1; last >= 0 && p.Years[last].Year == item.Year {
			p.Years[last].Rows = append(p.Years[last].Rows, line)
		} else {
			p.Years = append(p.Years, PublicYear{item.Year, []PublicLine{line}})
		}
	}
	for _, policy := range shelf.Policies {
		p.Policies = append(p.Policies, PolicyOption{Code: policy.Code, Title: rules.Text{ZH: policy.TitleZH, EN: policy.TitleEN}})
	}
	for _, unit := range shelf.Units {
		p.Demo = p.Demo || unit.Demo
		p.Units = append(p.Units, PublicUnit{unit, PublicFilter{Unit: unit.Code}.url(""), unit.Code == filter.Unit})
	}
	if shelf.Next != "" {
		p.Pager.NextURL = filter.url(shelf.Next)
	}
	return p
}

func publicLine(item bulletin.Shelved) PublicLine {
	line := PublicLine{Issue: item.Issue, Unit: namedUnit(item.Office), URL: publicURL(item.Series, item.Edition),
		Completion: rateText(item.Total.Completion), InTime: rateText(item.Total.InTime)}
	if line.Intact() {
		line.Files = issueFiles(item.Issue)
	}
	by := item.Edition
	for _, older := range item.Replaced {
		line.Replaced = append(line.Replaced, publicEdition(older, by))
		by = older.Edition
	}
	return line
}

func publicEdition(issue bulletin.Issue, by int) PublicEdition {
	return PublicEdition{Edition: issue.Edition, By: by, PublishedOn: issue.PublishedOn, Change: issue.Change, URL: publicURL(issue.Series, issue.Edition),
		Hash: issue.Seal.Published, Intact: issue.Seal.Holds()}
}
