package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The results are a page, and a list below the field for scripts; nothing outside of what
// the caller sees is on them.
func TestSearchPages(t *testing.T) {
	w := newWorld(t)
	office, city := w.signIn("province"), w.signIn("reporter")
	if links := city.get("/search?q=" + url.QueryEscape("青岛")).want(http.StatusOK).page().Find(".search-list a"); links.Length() != 0 {
		t.Errorf("Jinan finds Qingdao: %s", links.Text())
	}
	found := office.get("/search?q=" + url.QueryEscape("青島")).want(http.StatusOK).page()
	if to := found.Find(".search-list a").First().AttrOr("href", ""); to != "/units/370200/board" {
		t.Errorf("Qingdao leads to %s", to)
	}
	duty := office.get("/search?q=" + url.QueryEscape("4%")).want(http.StatusOK).page()
	link := duty.Find(".search-list a[href*='obligation=sd2017.weight']")
	if to := link.AttrOr("href", ""); to == "" || office.get(to).want(http.StatusOK).page().Find(".duty-list tbody tr").Length() == 0 {
		t.Errorf("the obligation leads to %q", to)
	}
	if duty.Find(".search-policy[href='/policies/shandong-2017']").Length() != 1 {
		t.Error("the obligation does not lead to its policy")
	}
	list := office.fragment("/search?q=" + url.QueryEscape("催办")).want(http.StatusOK).page()
	if to := list.Find("[role=listbox] [role=option]").First().AttrOr("href", ""); to != "/units/370000/urges" || list.Find("header").Length() != 0 {
		t.Errorf("the page of urges is at %q", to)
	}
	if text := office.fragment("/search?q=").want(http.StatusOK).text("body"); strings.TrimSpace(text) != "" {
		t.Errorf("no text finds %q", text)
	}
	if to := w.browser("en").fragment("/search?q=a").want(http.StatusUnauthorized).Header.Get("HX-Redirect"); !strings.HasPrefix(to, "/login") {
		t.Errorf("who is not signed in is led to %q", to)
	}
	office.get("/search?q=a&kind=secrets").want(http.StatusNotFound)
	office.get("/search?q=%ff").want(http.StatusUnprocessableEntity)
}

// fragment asks as htmx does, for a block of a page.
func (b *browser) fragment(path string) answer {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("HX-Request", "true")
	return b.request(r)
}

// Saving goes back to the page; a name that is taken asks first, and nobody reads or
// removes what another user has saved.
func TestViewsPages(t *testing.T) {
	w := newWorld(t)
	office, city := w.signIn("province"), w.signIn("reporter")
	const list = "/duties?unit=370000&state=overdue"
	saved := func(address string, more ...string) url.Values {
		form := url.Values{"name": {"逾期"}, "address": {address}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return form
	}
	office.post("/views", saved("/invitation/secret")).want(http.StatusUnprocessableEntity)
	if to := office.post("/views", saved(list+"&cursor=x")).want(http.StatusSeeOther).Header.Get("Location"); to != "/duties?state=overdue&unit=370000" {
		t.Errorf("saved and led to %s", to)
	}
	taken := office.post("/views", saved("/queue")).want(http.StatusConflict).page()
	if taken.Find("[name=replace]").Length() != 1 || !strings.Contains(taken.Find(".error-summary").Text(), "逾期") {
		t.Errorf("a name that is taken: %s", taken.Find("main").Text())
	}
	office.post("/views", saved("/queue", "replace", "1")).want(http.StatusSeeOther)
	page := office.get("/views").want(http.StatusOK).page()
	if to := page.Find(".views-name").AttrOr("href", ""); to != "/queue" {
		t.Errorf("replaced, the view leads to %s", to)
	}
	remove := page.Find("form[action$='/remove']").AttrOr("action", "")
	city.post(remove, nil).want(http.StatusNotFound)
	if city.get("/views").want(http.StatusOK).page().Find(".views-name").Length() != 0 {
		t.Error("another user reads the view")
	}
	office.post(remove, nil).want(http.StatusSeeOther)
	if office.get("/views").want(http.StatusOK).page().Find(".views-name").Length() != 0 {
		t.Error("the view is still there")
	}
}
