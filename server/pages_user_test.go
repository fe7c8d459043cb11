package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

const ownPassword = "a-password-of-my-own"

// link returns the path of the invitation that the page shows.
func (a answer) link() string {
	a.t.Helper()
	shown := a.page().Find("#link[readonly]").AttrOr("value", "")
	path, found := strings.CutPrefix(shown, "http://example.com/invitation/")
	if !found {
		a.t.Fatalf("the page shows the link %q:\n%s", shown, a.text("main"))
	}
	return "/invitation/" + path
}

// say checks what a page says.
func (a answer) say(selector, want string) {
	a.t.Helper()
	if said := a.text(selector); !strings.Contains(said, want) {
		a.t.Errorf("said %q, want %q", said, want)
	}
}

var newcomer = url.Values{"login": {"newcomer"}, "name": {"新人"}, "role": {"reporter"}, "unit": {"济南市"}}

func TestUserIsInvited(t *testing.T) {
	w := newWorld(t)
	admin := w.signIn("administrator")
	page := admin.post("/users", newcomer).want(http.StatusCreated)
	path := page.link()
	page.say(".user-head", "Invited")
	page.say(".user-granted", "Reporter · Jinan")
	if again := admin.get("/users/newcomer").want(http.StatusOK); strings.Contains(again.body, path) || again.page().Find("#link").Length() > 0 {
		t.Error("the link is shown again")
	}
	if strings.Contains(w.rows(), strings.TrimPrefix(path, "/invitation/")) {
		t.Error("the database holds the secret")
	}

	b := w.browser("en")
	b.get(path).want(http.StatusOK).say(".invited", "newcomer")
	for field, form := range map[string]url.Values{
		"#repeat":   {"password": {ownPassword}, "repeat": {"another-password"}},
		"#password": {"password": {"short"}, "repeat": {"short"}},
	} {
		got := b.post(path, form).want(http.StatusUnprocessableEntity)
		if got.page().Find(field+"[aria-invalid]").Length() != 1 || strings.Contains(got.body, ownPassword) {
			t.Errorf("%s is not marked, or the page repeats a password", field)
		}
	}
	chosen := url.Values{"password": {ownPassword}, "repeat": {ownPassword}}
	if to := b.post(path, chosen).want(http.StatusSeeOther).Header.Get("Location"); to != "/" {
		t.Errorf("led to %s", to)
	}
	b.get("/units/370100").want(http.StatusOK).say(".flash", "The password is set")
	b.get("/account").say(".sign-ins", "Signed in")

	for name, other := range map[string]*browser{"nobody": w.browser("en"), "the same": b} {
		got := other.get(path).want(http.StatusNotFound)
		got.say("main", "Ask your administrator for a new link")
		if got.body != "" && got.page().Find("form[method=post] #password").Length() > 0 {
			t.Errorf("%s: the form is there again", name)
		}
		other.post(path, chosen).want(http.StatusNotFound)
	}
	w.browser("en").post("/login", url.Values{"login": {"newcomer"}, "password": {ownPassword}}).want(http.StatusSeeOther)
	admin.get("/users/newcomer").say(".user-head", "Active")
}

func TestInviteKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("province")
	b.post("/users", newcomer).want(http.StatusForbidden)
	b = w.signIn("everything")
	before := w.rows()
	for name, c := range map[string]struct {
		change map[string]string
		status int
		field  string
	}{
		"a bad login":       {map[string]string{"login": "新人"}, http.StatusUnprocessableEntity, "#new-login"},
		"no name":           {map[string]string{"name": " "}, http.StatusUnprocessableEntity, "#new-name"},
		"a login in use":    {map[string]string{"login": "viewer"}, http.StatusConflict, ""},
		"an unknown unit":   {map[string]string{"unit": "火星"}, http.StatusUnprocessableEntity, "#new-unit"},
		"a unit far away":   {map[string]string{"unit": "兰州市"}, http.StatusUnprocessableEntity, "#new-unit"},
		"a unit of several": {map[string]string{"unit": "发展和改革委员会"}, http.StatusUnprocessableEntity, "#new-unit"},
		"no role":           {map[string]string{"role": ""}, http.StatusUnprocessableEntity, "#new-role"},
		"no unit":           {map[string]string{"unit": ""}, http.StatusUnprocessableEntity, "#new-unit"},
		"a made-up role":    {map[string]string{"role": "boss"}, http.StatusUnprocessableEntity, "#new-role"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			for field, values := range newcomer {
				form[field] = values
			}
			for field, value := range c.change {
				form.Set(field, value)
			}
			got := b.post("/users", form).want(c.status).page()
			if got.Find("details.invite[open] .error-summary").Length() != 1 {
				t.Error("the form is not open with what is wrong")
			}
			if c.field != "" && got.Find(c.field+"[aria-invalid=true]").Length() != 1 {
				t.Errorf("%s is not marked", c.field)
			}
			if kept := got.Find("#new-unit").AttrOr("value", ""); kept != form.Get("unit") {
				t.Errorf("the form has the unit %q", kept)
			}
		})
	}
	if w.rows() != before {
		t.Error("a refused form has changed the database")
	}
}

// A unit that the text may mean in several ways is chosen without scripts.
func TestUnitIsChosen(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("nation")
	form := url.Values{"role": {"reporter"}, "unit": {"发展和改革委员会"}}
	page := b.post("/users/nothing/grants", form).want(http.StatusUnprocessableEntity)
	var codes []string
	for _, choice := range page.page().Find("#grants input[name=unit_code]").EachIter() {
		codes = append(codes, choice.AttrOr("value", ""))
	}
	if !strings.Contains(strings.Join(codes, " "), "370100-fgw") || !strings.Contains(strings.Join(codes, " "), "370200-fgw") {
		t.Fatalf("offered %v", codes)
	}
	form.Set("unit_code", "370200-fgw")
	form.Set("unit_searched", "something else") // the text was changed since
	b.post("/users/nothing/grants", form).want(http.StatusUnprocessableEntity)
	form.Set("unit_searched", "发展和改革委员会")
	b.post("/users/nothing/grants", form).want(http.StatusSeeOther)
	b.get("/users/nothing").say(".user-granted", "青岛市发展和改革委员会 370200-fgw")
	// A code that was never offered is no way out of the scope.
	city := w.signIn("administrator")
	form.Set("unit_code", "370200")
	city.post("/users/administrator/grants", form).want(http.StatusForbidden)
	city.post("/users/person-370100/grants", form).want(http.StatusNotFound)
}

func TestUserIsManaged(t *testing.T) {
	w := newWorld(t)
	b, theirs := w.signIn("administrator"), w.signIn("person-370100")
	const path = "/users/person-370100"
	confirm := url.Values{"confirm": {"1"}}

	b.post(path+"/grants", url.Values{"role": {"reporter"}, "unit": {"370100-fgw"}}).want(http.StatusSeeOther)
	b.get(path).say(".flash", "The grant has been added.")
	b.post(path+"/grants", url.Values{"role": {"reporter"}, "unit": {"370100-fgw"}}).want(http.StatusConflict).say("#grants .error-summary", "has this role")
	remove := b.get(path).page().Find(".user-granted form").Last().AttrOr("action", "")
	b.post(remove, nil).want(http.StatusUnprocessableEntity).say(".error-summary", "has to be confirmed")
	b.post(remove, confirm).want(http.StatusSeeOther)
	b.post(remove, confirm).want(http.StatusNotFound) // a double click
	if left := b.get(path).page().Find(".user-granted li").Length(); left != 1 {
		t.Errorf("%d grants are left", left)
	}

	token := w.program("person-370100")
	token.get("/api/v1/duties?unit=370100").want(http.StatusOK)
	b.get(path).say(".facts", "1 valid")
	b.post(path+"/revoke-tokens", confirm).want(http.StatusSeeOther)
	token.get("/api/v1/duties?unit=370100").want(http.StatusUnauthorized)

	b.post(path+"/disable", nil).want(http.StatusUnprocessableEntity)
	theirs.get("/account").want(http.StatusOK)
	b.post(path+"/disable", confirm).want(http.StatusSeeOther)
	theirs.get("/account").want(http.StatusSeeOther)
	b.post(path+"/reset", confirm).want(http.StatusConflict).say(".error-summary", "Enable it first")
	b.post(path+"/enable", nil).want(http.StatusSeeOther)

	theirs = w.signIn("person-370100")
	first := b.post(path+"/reset", confirm).want(http.StatusOK).link()
	theirs.get("/account").want(http.StatusSeeOther)
	w.browser("en").post("/login", url.Values{"login": {"person-370100"}, "password": {password}}).want(http.StatusUnauthorized)
	second := b.post(path+"/reset", confirm).want(http.StatusOK).link()
	theirs.get(first).want(http.StatusNotFound)
	theirs.get(second).want(http.StatusOK)
	w.clock.set(w.clock.now().Add(72 * time.Hour))
	theirs.get(second).want(http.StatusNotFound)
	w.signIn("administrator").get(path).say(".facts", "The link has expired")
}

func TestOwnAccountIsManagedByOthers(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("administrator")
	own := b.get("/users/administrator").want(http.StatusOK)
	own.say(".note", "other administrators")
	if own.page().Find("main form").Length() > 0 {
		t.Error("there is a form for the own account")
	}
	before := w.rows()
	for _, act := range []string{"disable", "reset"} {
		b.post("/users/administrator/"+act, confirmation).want(http.StatusForbidden).say(".error-summary", "Nobody does this to their own account")
	}
	b.post("/users/administrator/grants", url.Values{"role": {"supervisor"}, "unit": {"370100"}}).want(http.StatusForbidden)
	if w.rows() != before {
		t.Error("a refused request has changed the database")
	}
}

func TestUsersAreFound(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("administrator")
	list := b.get("/users").want(http.StatusOK)
	for _, login := range []string{"person-370100", "viewer"} {
		if list.page().Find("a[href='/users/"+login+"']").Length() != 1 {
			t.Errorf("%s is not listed", login)
		}
	}
	for _, login := range []string{"person-370200", "person-370000", "governor", "clerk", "everything", "/users/nothing"} {
		if strings.Contains(list.body, login) {
			t.Errorf("%s is listed", login)
		}
	}
	b = w.signIn("everything")
	found := func(query string, want int) {
		t.Helper()
		if got := b.get("/users?" + query).want(http.StatusOK).page().Find(".users tbody tr").Length(); got != want {
			t.Errorf("%s: %d users, want %d", query, got, want)
		}
	}
	found("q=PERSON", 4)
	found("q=person&unit=370100", 1)
	found("q=person&unit="+url.QueryEscape("山东省"), 3)
	found("role=viewer&unit="+url.QueryEscape("青岛市"), 1)
	found("unit="+url.QueryEscape("火星"), 0)
	found("state=disabled", 0)
	found("state=nonsense&role=nonsense", 0)
	several := b.get("/users?unit=" + url.QueryEscape("发展和改革委员会")).want(http.StatusOK).page()
	if several.Find("ul.candidates a[href='/users?unit=370100-fgw']").Length() != 1 {
		t.Error("no choice among the units that have the name")
	}
}

func TestRefusedSignInsAreShown(t *testing.T) {
	w := newWorld(t)
	w.browser("en").post("/login", url.Values{"login": {"person-370100"}, "password": {"guessed-password"}}).want(http.StatusUnauthorized)
	w.app.directory.Wait()
	w.clock.set(w.clock.now().Add(time.Second))
	b := w.signIn("person-370100")
	b.get("/account").say(".sign-ins .is-refused", "Wrong password")
	b.get("/account").say(".sign-ins tbody tr:first-child", "Signed in")
	w.signIn("administrator").get("/users/person-370100").say(".sign-ins .is-refused", "192.0.2.1")
}

func TestNamesOfUsersStayTexts(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	form := url.Values{"login": {"evil-one"}, "name": {evil}, "role": {"viewer"}, "unit": {"370100"}}
	created := b.post("/users", form).want(http.StatusCreated)
	answers := map[string]answer{"created": created, "list": b.get("/users"), "user": b.get("/users/evil-one"), "search": b.get("/users?q=" + url.QueryEscape(evil) + "&unit=" + url.QueryEscape(evil)),
		"invitation": w.browser("en").get(created.link()), "again": b.post("/users", form).want(http.StatusConflict),
		"unit": b.post("/users/evil-one/grants", url.Values{"role": {evil}, "unit": {evil}}).want(http.StatusUnprocessableEntity)}
	for name, got := range answers {
		if got.page().Find("#evil, script:not([src])").Length() > 0 {
			t.Errorf("%s: a text has become an element", name)
		}
		if !strings.Contains(got.body, "&lt;b id=evil") {
			t.Errorf("%s: the text is not shown", name)
		}
	}
	if _, err := w.app.directory.Invite(t.Context(), nil, rbac.Everywhere, organization.Invitee{Login: "long", Name: strings.Repeat("很长的名字", 40), Role: models.Viewer, Unit: "370100"}); err != nil {
		t.Fatal(err)
	}
	b.get("/users/long").want(http.StatusOK)
}
