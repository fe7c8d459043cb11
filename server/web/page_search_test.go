package web

import (
	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/search"
)

func searchPages(s sample) []samplePage {
	query := search.Query{Text: "青岛", Limit: resultsOnPage, Counted: true}
	table, err := rbac.Load()
	if err != nil {
		s.t.Fatal(err)
	}
	view := compliance.PolicyView{Row: models.Policy{Code: s.policy.ID}, Policy: s.policy, ActiveYears: []int{2017}}
	closed := s.cities[2]
	closed.ClosedOn = s.view.Today
	found := &search.Found{
		Units: search.Hits[search.Unit]{Total: 31, More: true, Items: []search.Unit{
			{Unit: s.cities[1], Above: []models.Unit{s.province}, HasChildren: true}, {Unit: closed, Above: []models.Unit{s.province}}}},
		Obligations: search.Hits[search.Obligation]{Total: 1, Items: []search.Obligation{{Obligation: &s.policy.Obligations[0], Policy: view, Unit: s.province, Year: 2017}}},
		Policies:    search.Hits[compliance.PolicyView]{Total: 1, Items: []compliance.PolicyView{view}},
		People:      search.Hits[search.Person]{Total: 1, Items: []search.Person{{Person: models.Person{ID: 5, Name: "王芳"}, Unit: s.cities[1], Posting: models.Posting{Post: "政务公开科科员"}}}},
		Users: search.Hits[organization.UserView]{Total: 9, More: true, Items: []organization.UserView{
			{User: models.User{Login: "qingdao", Name: "青岛市政务公开办", Disabled: true}, Grants: []organization.Grant{{Role: models.Reporter, Unit: s.cities[1]}}}}},
	}
	lines := resultLines{locale: s.locale, access: table.Access(rbac.Grant{Role: models.Administrator, Path: "/"})}
	all := newSearchResults(query, lines.groups(query, found))
	all.number()
	query.Only, found = search.People, &search.Found{People: found.People}
	found.People.Total, found.People.More = 240, true
	people := newSearchResults(query, lines.groups(query, found))
	people.number()
	return []samplePage{
		{"search", "search", SearchPage{Page: s.page(), Search: all}, []string{"#search-text[value='青岛']", ".search-list a[href='/units/" + s.cities[1].Code + "/board']", ".search-list a[href^='/units/" + closed.Code + "']:not([href$=board])",
			".search-list a[href*='obligation=" + s.policy.Obligations[0].ID + "']", ".search-policy[href='/policies/" + s.policy.ID + "']", "a[href='/people/5']", "a[href='/users/qingdao']", ".search-more a[href^='/units?q=']", ".search-more a[href^='/users?q=']", ".mark"}},
		{"search-people", "search", SearchPage{Page: s.page(), Search: people}, []string{".search-more:not(:has(a))"}},
		{"search-none", "search", SearchPage{Page: s.page(), Search: newSearchResults(search.Query{Text: "无此单位"}, nil)}, []string{".empty", ".search-try li:nth-child(3)"}},
		{"search-empty", "search", SearchPage{Page: s.page()}, []string{".search-examples dd:nth-of-type(5)"}},
	}
}
