package web

import (
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/search"
)

// languages are those in which pages are found by their names.
var languages = frontend.Languages

// searchKinds are the kinds of results that have a page of their own.
var searchKinds = []search.Kind{search.Units, search.Obligations, search.Policies, search.People, search.Users}

// SearchPage shows what was found, or what can be.
type SearchPage struct {
	Page
	Search SearchResults
}

// Examples are the kinds of what can be searched for, for the page without a text.
func (SearchPage) Examples() []string {
	return []string{"pages", string(search.Units), string(search.Obligations), string(search.Policies), string(search.People)}
}

// SearchResults are what was found for a text, by kind.
type SearchResults struct {
	Text string
	// Kind is the one kind that is shown; empty for all.
	Kind   string
	Groups []SearchGroup
	// Shown counts the results that are shown.
	Shown int
	// URL is the page of all results.
	URL string
}

// More tells whether there is more than what is shown.
func (s SearchResults) More() bool {
	for _, group := range s.Groups {
		if group.More {
			return true
		}
	}
	return false
}

// SearchGroup are the results of one kind; Total counts all where there are more, unless
// it is zero.
type SearchGroup struct {
	Kind    string
	Results []SearchResult
	Total   int
	More    bool
	// AllURL is the list of all of them; empty for none.
	AllURL string
}

// SearchResult is one line: what it is, what tells it from others, and where it leads.
type SearchResult struct {
	// Number is unique on the page, from 1.
	Number int
	Title  string
	Facts  []string
	// Mark is the key of a word on its state, empty for none.
	Mark string
	URL  string
	// PolicyURL is the policy of an obligation.
	PolicyURL string
}

func newSearchResults(query search.Query, groups []SearchGroup) SearchResults {
	return SearchResults{Text: query.Text, Kind: string(query.Only), Groups: groups, URL: searchURL(query.Text, "")}
}

// number numbers the results through all groups.
func (s *SearchResults) number() {
	s.Shown = 0
	for _, group := range s.Groups {
		for i := range group.Results {
			s.Shown++
			group.Results[i].Number = s.Shown
		}
	}
}

func searchURL(text string, kind search.Kind) string {
	query := url.Values{"q": {text}}
	if kind != "" {
		query.Set("kind", string(kind))
	}
	return address("/search", query)
}

// resultLines writes what was found for a caller.
type resultLines struct {
	locale *frontend.Locale
	access rbac.Access
}

// groups lays out what was found; a kind of which there is nothing is left out.
func (l resultLines) groups(query search.Query, found *search.Found) []SearchGroup {
	all := []SearchGroup{
		group(search.Units, found.Units, l.unit), group(search.Obligations, found.Obligations, l.obligation),
		group(search.Policies, found.Policies, l.policy), group(search.People, found.People, l.person),
		group(search.Users, found.Users, l.user),
	}
	var some []SearchGroup
	for _, g := range all {
		if len(g.Results) == 0 {
			continue
		}
		switch {
		case g.Kind == string(search.Users):
			g.AllURL = address("/users", url.Values{"q": {query.Text}})
		case g.Kind == string(search.Units) && l.access.Allows("unit", "manage"):
			g.AllURL = address("/units", url.Values{"q": {query.Text}})
		case query.Only == "":
			g.AllURL = searchURL(query.Text, search.Kind(g.Kind))
		}
		some = append(some, g)
	}
	return some
}

func group[T any](kind search.Kind, hits search.Hits[T], line func(T) SearchResult) SearchGroup {
	g := SearchGroup{Kind: string(kind), Total: hits.Total, More: hits.More}
	for _, item := range hits.Items {
		g.Results = append(g.Results, line(item))
	}
	return g
}

// unit leads to the unit's board if it has units below, else to its duties.
func (l resultLines) unit(found search.Unit) SearchResult {
	line := SearchResult{Title: unitName(l.locale, found.Unit), URL: View{}.UnitURL(found.Code)}
	if found.HasChildren && l.access.AllowsAt("board", "read", found.Path) {
		line.URL = View{}.BoardURL(found.Code)
	}
	for _, above := range found.Above {
		line.Facts = append(line.Facts, unitName(l.locale, above))
	}
	line.Facts = append(line.Facts, found.Code)
	if !found.ClosedOn.IsZero() {
		line.Mark = "search.closed"
	}
	return line
}

func (l resultLines) obligation(found search.Obligation) SearchResult {
	url := View{Year: found.Year}.DutiesURL(found.Unit.Code, DutyFilter{Obligation: found.ID})
	return SearchResult{Title: l.locale.Value(found.Title), URL: url, PolicyURL: policyURL(found.Policy.Row.Code),
		Facts: facts(l.locale.Chinese(found.Clause), l.locale.Value(found.Policy.Policy.Title), l.locale.Chinese(found.Policy.Policy.Number))}
}

func (l resultLines) policy(found compliance.PolicyView) SearchResult {
	return SearchResult{Title: l.locale.Value(found.Policy.Title), URL: policyURL(found.Row.Code), Facts: facts(l.locale.Chinese(found.Policy.Number), l.locale.Chinese(found.Policy.Issuer))}
}

func (l resultLines) person(found search.Person) SearchResult {
	return SearchResult{Title: found.Name, URL: personURL(found.ID), Facts: facts(unitName(l.locale, found.Unit), found.Posting.Post)}
}

func (l resultLines) user(found organization.UserView) SearchResult {
	line := SearchResult{Title: found.Name, URL: userURL(found.Login), Facts: facts(found.Login)}
	if len(found.Grants) > 0 {
		first := found.Grants[0]
		line.Facts = append(line.Facts, l.locale.Text("role."+string(first.Role), nil), unitName(l.locale, first.Unit))
	}
	if found.Disabled {
		line.Mark = "user_state.disabled"
	}
	return line
}

// facts leaves out what is empty.
func facts(texts ...string) []string {
	var some []string
	for _, text := range texts {
		if text != "" {
			some = append(some, text)
		}
	}
	return some
}

// addressesPerPage is for how many of the caller's topmost units a page of units is offered.
const addressesPerPage = 3

// sitePage is a page of the product that is found by its name: key is the message that
// names it and words, if not empty, one with what else people call it.
type sitePage struct {
	key, words string
	path       string
	// takes is the permission for it; none for whoever is signed in.
	takes rbac.Permission
	// of returns the address of a page that each unit has; nil for one page for all.
	of func(unit models.Unit) string
}

// step leads to a page of a unit.
func step(last string) func(models.Unit) string {
	return func(unit models.Unit) string { return unitURL(unit, last) }
}

func dutiesOf(unit models.Unit) string { return View{}.DutiesURL(unit.Code, DutyFilter{}) }

// sitePages are the pages that are found, the most used first.
var sitePages = []sitePage{
	{key: "nav.board", words: "search.words.board", takes: rbac.Permission{Object: "board", Action: "read"}, of: step("board")},
	{key: "nav.duties", words: "search.words.duties", takes: rbac.Permission{Object: "duty", Action: "read"}, of: dutiesOf},
	{key: "nav.queue", words: "search.words.queue", path: "/queue", takes: rbac.Permission{Object: "report", Action: "verify"}},
	{key: "supervision.tab.urges", words: "search.words.urges", takes: rbac.Permission{Object: "urge", Action: "read"}, of: step("urges")},
	{key: "supervision.tab.bulletins", words: "search.words.bulletins", takes: rbac.Permission{Object: "bulletin", Action: "read"}, of: step("bulletins")},
	{key: "supervision.tab.tasks", takes: rbac.Permission{Object: "task", Action: "read"}, of: step("tasks")},
	{key: "supervision.tab.inspections", words: "search.words.inspections", takes: rbac.Permission{Object: "inspection", Action: "read"}, of: step("inspections")},
	{key: "findings.title", takes: rbac.Permission{Object: "inspection", Action: "read"}, of: step("findings")},
	{key: "supervision.tab.rectifications", words: "search.words.rectifications", takes: rbac.Permission{Object: "rectification", Action: "read"}, of: step("rectifications")},
	{key: "figure.tab", words: "search.words.charts", takes: rbac.Permission{Object: "board", Action: "read"}, of: step("charts")},
	{key: "search.page.coverage", words: "search.words.coverage", takes: rbac.Permission{Object: "rotation", Action: "read"}, of: step("rotation")},
	{key: "search.page.roster", words: "search.words.roster", takes: rbac.Permission{Object: "rotation", Action: "read"}, of: step("roster")},
	{key: "training.tab.courses", takes: rbac.Permission{Object: "rotation", Action: "read"}, of: step("courses")},
	{key: "training.tab.sessions", words: "search.words.sessions", takes: rbac.Permission{Object: "rotation", Action: "read"}, of: step("sessions")},
	{key: "training.tab.planner", takes: rbac.Permission{Object: "nomination", Action: "decide"}, of: step("planner")},
	{key: "search.page.imports", takes: rbac.Permission{Object: "roster", Action: "manage"}, of: step("imports")},
	{key: "search.page.statistics", takes: rbac.Permission{Object: "rotation", Action: "read"}, of: step("training-statistics")},
	{key: "assessment.tab.rounds", words: "search.words.rounds", takes: rbac.Permission{Object: "score", Action: "read"}, of: step("assessment")},
	{key: "assessment.tab.schemes", takes: rbac.Permission{Object: "scheme", Action: "read"}, of: step("schemes")},
	{key: "assessment.tab.weight", words: "search.words.weight", takes: rbac.Permission{Object: "duty", Action: "read"}, of: step("weight")},
	{key: "periods.title", takes: rbac.Permission{Object: "period", Action: "close"}, of: step("periods")},
	{key: "policies.title", path: "/policies", takes: rbac.Permission{Object: "policy", Action: "read"}},
	{key: "nav.calendar", words: "search.words.calendar", path: "/calendar", takes: rbac.Permission{Object: "policy", Action: "read"}},
	{key: "search.page.users", words: "search.words.users", path: "/users", takes: rbac.Permission{Object: "user", Action: "manage"}},
	{key: "search.page.units", words: "search.words.units", path: "/units", takes: rbac.Permission{Object: "unit", Action: "manage"}},
	{key: "nav.audit", words: "search.words.audit", path: "/audit", takes: rbac.Permission{Object: "audit", Action: "read"}},
	{key: "inbox.title", words: "search.words.inbox", path: "/inbox"},
	{key: "views.title", words: "search.words.views", path: "/views"},
	{key: "account.title", words: "search.words.account", path: "/account"},
}
