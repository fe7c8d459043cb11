package web

import (
	"net/http"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/search"
)

// How many results of a kind stand below the field, on the page, and on the page of one
// kind.
const (
	resultsBelow  = 5
	resultsOnPage = 8
	resultsOfKind = 100
)

// search answers the page of results, and the list below the field while somebody types.
func (s *Server) search(r *request) error {
	query := search.Query{Actor: r.Actor, User: r.User, Text: strings.TrimSpace(r.Query("q")), Only: search.Kind(r.Query("kind")), Limit: resultsOnPage, Counted: true}
	switch {
	case r.isFragment():
		query.Limit, query.Counted, query.Only = resultsBelow, false, ""
	case slices.Contains(searchKinds, query.Only):
		query.Limit = resultsOfKind
	case query.Only != "":
		return models.NewError(models.NotFound, "error.not_found")
	}
	results, err := s.find(r, query)
	if err != nil {
		return err
	}
	if r.isFragment() {
		return s.sendBlock(r, http.StatusOK, "search", "search_panel", results)
	}
	page := SearchPage{Page: s.page(r), Search: results}
	if query.Only != "" {
		page.Breadcrumb = []Crumb{{Text: r.Locale.Text("search.title", nil), URL: results.URL}, {Text: r.Locale.Text("search.kind."+string(query.Only), nil)}}
	}
	return s.show(r, "search", page)
}

// find searches for the text in the simplified characters in which data is kept; where
// that finds nothing, as it was typed.
func (s *Server) find(r *request, query search.Query) (SearchResults, error) {
	typed := query.Text
	query.Text = r.Locale.Sought(typed)
	results, err := s.findAs(r, query)
	if err == nil && len(results.Groups) == 0 && query.Text != typed {
		query.Text = typed
		results, err = s.findAs(r, query)
	}
	results.Text = typed
	return results, err
}

// findAs lays out all that is found for the query.
func (s *Server) findAs(r *request, query search.Query) (SearchResults, error) {
	found, err := s.Search.Find(r.Request.Context(), query)
	if err != nil {
		return SearchResults{}, err
	}
	results := newSearchResults(query, resultLines{locale: r.Locale, access: r.Actor.Access}.groups(query, found))
	if err := s.addSitePages(r, query, &results); err != nil {
		return results, err
	}
	results.number()
	return results, nil
}

// addSitePages puts the pages of the product that the text names before what was found.
func (s *Server) addSitePages(r *request, query search.Query, results *SearchResults) error {
	if query.Only != "" {
		return nil
	}
	var lines []SearchResult
	for _, page := range sitePages {
		if !r.opens(page) || !search.Match(query.Text, s.namesOf(page)...) {
			continue
		}
		found, err := s.addressesOf(r, page)
		if err != nil {
			return err
		}
		lines = append(lines, found...)
	}
	if len(lines) > 0 {
		group := SearchGroup{Kind: "pages", Results: lines[:min(len(lines), query.Limit)], Total: len(lines), More: len(lines) > query.Limit}
		results.Groups = slices.Insert(results.Groups, 0, group)
	}
	return nil
}

// opens tells whether the caller may open the page anywhere.
func (r *request) opens(page sitePage) bool {
	return page.takes == rbac.Permission{} || r.Actor.Access.Allows(page.takes.Object, page.takes.Action)
}

// namesOf are the names of a page in all languages, with what else people call it.
func (s *Server) namesOf(page sitePage) []string {
	var names []string
	for _, lang := range languages {
		locale := s.Gate.Catalog.Locale(lang)
		names = append(names, locale.Text(page.key, nil))
		if page.words != "" {
			names = append(names, locale.Text(page.words, nil))
		}
	}
	return names
}

// addressesOf returns a line for the page; for a page of a unit one for each of the
// caller's topmost units, the first few.
func (s *Server) addressesOf(r *request, page sitePage) ([]SearchResult, error) {
	line := SearchResult{Title: r.Locale.Text(page.key, nil), URL: page.path}
	if page.of == nil {
		return []SearchResult{line}, nil
	}
	units, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope(page.takes.Object, page.takes.Action))
	var lines []SearchResult
	for _, unit := range units[:min(len(units), addressesPerPage)] {
		line.URL, line.Facts = page.of(unit), []string{unitName(r.Locale, unit)}
		lines = append(lines, line)
	}
	return lines, err
}
