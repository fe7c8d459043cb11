package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
)

const sessionCookie = "sundial_session"

func TestSignInIsRefusedInBothLanguages(t *testing.T) {
	w := newWorld(t)
	for language, want := range map[string]string{"en": "The user name or the password is not right.", "zh-CN": "用户名或密码错误。"} {
		for _, login := range []string{"supervisor", "no-such-person", "<b>"} {
			b := w.browser(language)
			got := b.post("/login", url.Values{"login": {login}, "password": {"wrong-" + password}}).want(http.StatusUnauthorized)
			if said := got.text(".error-summary"); !strings.Contains(said, want) {
				t.Errorf("%s as %s: said %q, want %q", language, login, said, want)
			}
			if kept, _ := got.page().Find("#login").Attr("value"); kept != login {
				t.Errorf("the form has the login %q, want %q", kept, login)
			}
			if strings.Contains(got.body, password) || len(b.cookies) > 0 {
				t.Error("the page repeats the password, or there is a session")
			}
		}
	}
}

func TestSignInIsThrottled(t *testing.T) {
	w := newWorld(t)
	b := w.browser("en")
	try := func(password string) answer {
		return b.post("/login", url.Values{"login": {"viewer"}, "password": {password}})
	}
	for range 5 {
		try("wrong-password").want(http.StatusUnauthorized)
	}
	// Not even the right one is looked at now.
	if said := try(password).want(http.StatusTooManyRequests).text(".error-summary"); !strings.Contains(said, "12 seconds") {
		t.Errorf("said %q, want the seconds to wait", said)
	}
	w.signIn("reporter") // others sign in all the same
	w.clock.set(w.clock.now().Add(12 * time.Second))
	try(password).want(http.StatusSeeOther)
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	w := newWorld(t)
	w.browser("en").get("/units/370100?year=2017").want(http.StatusSeeOther)
	for next, want := range map[string]string{
		"":                         "/",
		"https://evil.example/":    "/",
		"//evil.example/":          "/",
		"/\\evil.example/":         "/",
		"\\\\evil.example":         "/",
		"javascript:alert(1)":      "/",
		"/\t/evil.example":         "/",
		"/\r\nX: y":                "/",
		"evil":                     "/",
		"/units/370100?year=2017":  "/units/370100?year=2017",
		"/duties?unit=370100&x=//": "/duties?unit=370100&x=//",
	} {
		b := w.browser("en")
		if kept, _ := b.get("/login?next=" + url.QueryEscape(next)).page().Find("input[name=next][value]").Last().Attr("value"); kept != want {
			t.Errorf("next=%q: the form has %q, want %q", next, kept, want)
		}
		got := b.post("/login", url.Values{"login": {"supervisor"}, "password": {password}, "next": {next}}).want(http.StatusSeeOther)
		if to := got.Header.Get("Location"); to != want {
			t.Errorf("next=%q leads to %q, want %q", next, to, want)
		}
		if to := b.post("/language", url.Values{"lang": {"en"}, "next": {next}}).Header.Get("Location"); to != want {
			t.Errorf("choosing a language, next=%q leads to %q, want %q", next, to, want)
		}
	}
}

func TestWhoIsNotSignedInIsAskedTo(t *testing.T) {
	w := newWorld(t)
	b := w.browser("en")
	if to := b.get("/units/370100?year=2017").want(http.StatusSeeOther).Header.Get("Location"); to != "/login?next=%2Funits%2F370100%3Fyear%3D2017" {
		t.Errorf("led to %s", to)
	}
	path := "/duties/" + number(w.inside.open)
	b.header.Set("Referer", "http://example.com"+path)
	got := b.post(path+"/reports", fullFiling).want(http.StatusUnauthorized)
	if next, _ := got.page().Find("form[action='/login'] input[name=next]").Attr("value"); next != path {
		t.Errorf("after signing in the form's page does not follow, but %q", next)
	}
	if said := got.text(".error-summary"); said != "Please sign in first." {
		t.Errorf("said %q", said)
	}
	b.header.Set("Referer", "http://evil.example"+path)
	if next, _ := b.post(path+"/reports", fullFiling).page().Find("form[action='/login'] input[name=next]").Attr("value"); next != "/" {
		t.Errorf("another site's page %q follows after signing in", next)
	}
	b.header.Set("HX-Request", "true")
	if to := b.post("/reports/1/verify", url.Values{"version": {"0"}}).want(http.StatusUnauthorized).Header.Get("HX-Redirect"); !strings.HasPrefix(to, "/login") {
		t.Errorf("htmx is led to %q", to)
	}
}

func TestSessionCookie(t *testing.T) {
	w := newWorld(t)
	secure, err := w.app.handler(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, https := range []bool{false, true} {
		if https {
			w.Handler = secure
		}
		cookie := w.signIn("supervisor").cookies[sessionCookie]
		if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Secure != https || cookie.Domain != "" {
			t.Errorf("https %v: cookie %v", https, cookie)
		}
		b := w.browser("en")
		b.post("/language", url.Values{"lang": {"en"}})
		if cookie := b.cookies["sundial_lang"]; cookie == nil || cookie.Secure != https || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("https %v: cookie %v", https, cookie)
		}
	}
}

func TestSessionBeginsWithItsOwnTokenAndEndsWithSigningOut(t *testing.T) {
	w := newWorld(t)
	b := w.browser("en")
	b.cookies[sessionCookie] = &http.Cookie{Name: sessionCookie, Value: "chosen-by-somebody-else"}
	credentials := url.Values{"login": {"supervisor"}, "password": {password}}
	b.post("/login", credentials).want(http.StatusSeeOther)
	first := b.cookies[sessionCookie].Value
	if first == "chosen-by-somebody-else" {
		t.Fatal("the session has a token that was brought along")
	}
	b.post("/login", credentials).want(http.StatusSeeOther)
	second := b.cookies[sessionCookie].Value
	holder := func(token string) *browser {
		other := w.browser("en")
		other.cookies[sessionCookie] = &http.Cookie{Name: sessionCookie, Value: token}
		return other
	}
	holder(first).get("/account").want(http.StatusSeeOther)
	holder(second).get("/account").want(http.StatusOK)
	// The database has the tokens' hashes only.
	var kept int64
	if err := w.store.Read(t.Context()).Model(&models.Session{}).Where("token = ?", second).Count(&kept).Error; err != nil || kept != 0 {
		t.Errorf("%d sessions by their plain token, %v", kept, err)
	}
	b.post("/logout", nil).want(http.StatusSeeOther)
	if len(b.cookies) != 0 {
		t.Errorf("signed out, but there is the cookie %v", b.cookies)
	}
	holder(second).get("/account").want(http.StatusSeeOther)
}

func TestSessionSurvivesARestart(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("supervisor")
	restarted := openWorld(t, w.store)
	b.world = restarted
	b.get("/account").want(http.StatusOK)
}

func TestSessionEndsWhenTheUserIsDisabled(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("viewer")
	if err := w.app.directory.SetDisabled(t.Context(), nil, rbac.Everywhere, "viewer", true); err != nil {
		t.Fatal(err)
	}
	b.get("/account").want(http.StatusSeeOther)
	if err := w.app.directory.SetDisabled(t.Context(), nil, rbac.Everywhere, "viewer", false); err != nil {
		t.Fatal(err)
	}
	b.get("/account").want(http.StatusSeeOther) // ended is ended
}

func TestPasswordIsChanged(t *testing.T) {
	w := newWorld(t)
	b, elsewhere := w.signIn("viewer"), w.signIn("viewer")
	const fresh = "another-password"
	for name, c := range map[string]struct {
		form  url.Values
		field string
	}{
		"old one wrong":      {url.Values{"old": {"wrong"}, "new": {fresh}, "repeat": {fresh}}, "#old"},
		"repeated otherwise": {url.Values{"old": {password}, "new": {fresh}, "repeat": {fresh + "x"}}, "#repeat"},
		"too short":          {url.Values{"old": {password}, "new": {"short"}, "repeat": {"short"}}, "#new"},
		"empty form":         {url.Values{}, "#new"},
	} {
		got := b.post("/account/password", c.form).want(http.StatusUnprocessableEntity)
		if got.page().Find(c.field+"[aria-invalid]").Length() != 1 || got.text(c.field+" ~ .field-error") == "" {
			t.Errorf("%s: %s is not marked and told:\n%s", name, c.field, got.text("main"))
		}
		if strings.Contains(got.body, fresh) || strings.Contains(got.body, password) {
			t.Errorf("%s: the page repeats a password", name)
		}
	}
	b.post("/account/password", url.Values{"old": {password}, "new": {fresh}, "repeat": {fresh}}).want(http.StatusSeeOther)
	if said := b.get("/account").want(http.StatusOK).text(".flash"); said != "The password has been changed." {
		t.Errorf("said %q", said)
	}
	elsewhere.get("/account").want(http.StatusSeeOther)
	w.browser("en").post("/login", url.Values{"login": {"viewer"}, "password": {password}}).want(http.StatusUnauthorized)
	w.browser("en").post("/login", url.Values{"login": {"viewer"}, "password": {fresh}}).want(http.StatusSeeOther)
}

func TestResetEndsSessions(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("viewer")
	if _, err := w.app.directory.Reset(t.Context(), nil, rbac.Everywhere, "viewer"); err != nil {
		t.Fatal(err)
	}
	b.get("/account").want(http.StatusSeeOther)
}

func TestLanguageIsChosen(t *testing.T) {
	w := newWorld(t)
	b := w.browser("")
	heading := func() string { return b.get("/login").text("h1") }
	if got := heading(); got != "登录" {
		t.Errorf("by default %q", got)
	}
	b.language = "en-GB,en;q=0.9"
	if got := heading(); got != "Sign in" {
		t.Errorf("for an English browser %q", got)
	}
	b.post("/language", url.Values{"lang": {"zh-CN"}, "next": {"/login"}}).want(http.StatusSeeOther)
	if got := heading(); got != "登录" {
		t.Errorf("Chinese chosen: %q", got)
	}
	b.post("/language", url.Values{"lang": {"zh-TW"}, "next": {"/login"}}).want(http.StatusSeeOther)
	if got := heading(); got != "登入" {
		t.Errorf("traditional characters chosen: %q", got)
	}
	b.post("/language", url.Values{"lang": {"xx"}}).want(http.StatusSeeOther)
	if got := b.cookies["sundial_lang"].Value; got != "zh-TW" {
		t.Errorf("the language %q was chosen", got)
	}
}

func TestEveryAnswerHasTheSecureHeaders(t *testing.T) {
	w := newWorld(t)
	b, nobody := w.signIn("everything"), w.browser("en")
	answers := map[string]answer{
		"nobody's page": nobody.get("/units/370100"), "sign-in": nobody.get("/login"), "missing": b.get("/nothing"), "outside": w.signIn("viewer").get("/units/370200"),
		"health": nobody.get("/healthz"), "problem": nobody.get("/api/v1/duties"), "refused form": b.post("/duties/"+number(w.inside.open)+"/reports", nil),
	}
	for route, v := range pageVisits {
		if strings.HasPrefix(route, "GET ") {
			answers[route] = b.get(v.path(w.inside))
		}
	}
	for name, got := range answers {
		csp := got.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", name, csp)
		}
		keep := "no-store"
		if strings.HasPrefix(name, "GET /public") || name == "GET /robots.txt" {
			keep = "public, max-age=60" // the same for all who read one language
		}
		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": keep} {
			if got.Header.Get(header) != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got.Header.Get(header), want)
			}
		}
		got.page().Find("*").Each(func(_ int, element *goquery.Selection) { checkElement(t, name, element) })
	}
}

// checkElement finds what the policy would keep from working, and other hosts.
func checkElement(t *testing.T, name string, element *goquery.Selection) {
	tag := goquery.NodeName(element)
	for _, attribute := range element.Nodes[0].Attr {
		switch {
		case attribute.Key == "style" || strings.HasPrefix(attribute.Key, "on") || strings.HasPrefix(attribute.Key, "hx-on"):
			t.Errorf("%s: <%s %s=%q>", name, tag, attribute.Key, attribute.Val)
		case tag != "a" && (attribute.Key == "src" || attribute.Key == "href") && !strings.HasPrefix(attribute.Val, "/assets/") &&
			!strings.HasPrefix(attribute.Val, "#") && !strings.HasPrefix(attribute.Val, "data:image/svg+xml,"):
			t.Errorf("%s: <%s %s=%q>", name, tag, attribute.Key, attribute.Val)
		}
	}
	if _, source := element.Attr("src"); tag == "style" || tag == "script" && !source {
		t.Errorf("%s: an inline <%s>", name, tag)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("supervisor")
	before := w.rows()
	path := "/reports/" + number(w.inside.report) + "/verify"
	version := url.Values{"version": {"0"}}
	for name, header := range map[string]http.Header{
		"cross-site": {"Sec-Fetch-Site": {"cross-site"}},
		"same-site":  {"Sec-Fetch-Site": {"same-site"}},
		"origin":     {"Sec-Fetch-Site": {""}, "Origin": {"https://evil.example"}},
		"null":       {"Sec-Fetch-Site": {""}, "Origin": {"null"}},
	} {
		b.header = header
		got := b.post(path, version).want(http.StatusForbidden)
		if got.text("h1") != "Not allowed" {
			t.Errorf("%s: said %q", name, got.text("h1"))
		}
	}
	if w.rows() != before {
		t.Error("another site's form has changed the database")
	}
	b.header = http.Header{"Origin": {"http://example.com"}}
	b.post(path, version).want(http.StatusSeeOther)
}

// evil is a text that would be an element of the page if it were not escaped.
const evil = `"'><b id=evil onclick=alert(1)>{{.}}</b><script>alert(1)</script>`

func TestTextsOfPeopleStayTexts(t *testing.T) {
	w := newWorld(t)
	err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		return w.app.directory.PutUnits(tx, nil, rbac.Everywhere, models.Always, []organization.NewUnit{{Code: "370100-x", Name: evil, NameEN: evil, Kind: models.Department,
			Class: "B", Parent: "370100", OpenedOn: calendar.MustParseDate("2000-01-01")}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.app.directory.CreateUser(t.Context(), nil, organization.NewUser{Login: "evil", Name: evil, Password: password}); err != nil {
		t.Fatal(err)
	}
	for _, role := range rbac.Roles {
		if err := w.app.directory.AddGrant(t.Context(), nil, rbac.Everywhere, "evil", role, "370100"); err != nil {
			t.Fatal(err)
		}
	}
	b, answers := w.signIn("evil"), map[string]answer{}
	file := func(obligation string, fields url.Values) string {
		form := url.Values{"on": {"2017-06-08"}, "url": {"https://example.cn/?" + url.QueryEscape(evil)}, "note": {evil}, "title": {evil}}
		for name, values := range fields {
			form[name] = values
		}
		path := "/duties/" + number(w.duty("370100", obligation))
		b.post(path+"/draft", url.Values{"draft_version": {"0"}, "title": {evil}, "note": {evil}}).want(http.StatusSeeOther)
		b.attach(path, evil+".pdf")
		answers[path+" as draft"] = b.get(path).want(http.StatusOK)
		form["late_reason"] = []string{evil}
		b.submit(path, form)
		return path
	}
	pages := []string{
		file("sd2017.plan", nil),
		file("sd2017.deputy", url.Values{"name": {evil[:40]}, "post": {evil}, "from": {"2017-06-01"}, "in_division_of_work": {"1"}, "announced_on": {"2017-06-01"}}),
		file("sd2017.weight", url.Values{"total": {"100"}, "item_name": {evil}, "item_points": {"100"}, "item_openness": {"core"}, "item_reason": {evil}}),
	}
	incident := "/duties/" + number(w.inside.starting)
	b.post(incident+"/starts", url.Values{"id": {evil[:30]}, "title": {evil}, "at": {"2017-06-08T10:00"}}).want(http.StatusSeeOther)
	pages = append(pages, incident, "/queue", "/units/370100", "/units/370100/board", "/units/370100-x", "/units/370100-x/board", "/duties?unit=370100", "/duties?unit=370100-x",
		"/account", "/login?next=/"+url.QueryEscape(evil), "/duties?unit=370100&policy="+url.QueryEscape(evil), "/duties?unit=370100&obligation="+url.QueryEscape(evil),
		"/duties?unit=370100&state="+url.QueryEscape(evil), "/duties?unit=370100&cursor="+url.QueryEscape(evil), "/units/370100/board?year="+url.QueryEscape(evil),
		"/units/370100/board?as_of="+url.QueryEscape(evil), "/units/"+url.PathEscape(evil), "/policies/"+url.PathEscape(evil), "/"+url.PathEscape(evil))
	for _, page := range pages {
		answers[page] = b.get(page)
	}
	nothing := "/duties/" + number(w.duty("370100", "sd2017.press-conference"))
	b.post(nothing+"/reports", url.Values{"nothing": {"1"}, "note": {evil}}).want(http.StatusSeeOther)
	answers["nothing"] = b.get(nothing).want(http.StatusOK)
	b.post("/reports/"+number(w.inside.report)+"/return", url.Values{"version": {"0"}, "reason": {evil}}).want(http.StatusSeeOther)
	answers["returned"] = b.get("/duties/" + number(w.inside.waiting)).want(http.StatusOK)
	answers["refused form"] = b.post("/duties/"+number(w.inside.waiting)+"/reports", url.Values{"on": {evil}, "title": {evil}, "url": {evil}, "note": {evil}}).want(http.StatusUnprocessableEntity)
	answers["refused sign-in"] = w.browser("en").post("/login", url.Values{"login": {evil}, "next": {"/" + evil}})
	shown := 0
	for name, got := range answers {
		if got.page().Find("#evil, script:not([src])").Length() > 0 || strings.Contains(got.body, "<b id=evil") {
			t.Errorf("%s: a text has become an element", name)
		}
		if strings.Contains(got.body, "&lt;b id=evil") {
			shown++
		}
	}
	if shown < 10 {
		t.Errorf("only %d of %d pages show the text at all", shown, len(answers))
	}
}

func TestReportIsFiledByTheForm(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	path := "/duties/" + number(w.inside.open)
	fresh := b.get(path).want(http.StatusOK).page().Find("form.report-form")
	if action, _ := fresh.Attr("action"); action != path+"/reports" || fresh.Find("[name=on][required]").Length() != 1 {
		t.Fatalf("the form goes to %q", action)
	}
	got := b.post(path+"/reports", url.Values{"on": {"2017-06-08"}, "title": {"实施方案"}, "url": {"https://www.example.gov.cn/plan"}}).want(http.StatusSeeOther)
	if to := got.Header.Get("Location"); to != path {
		t.Errorf("led to %s", to)
	}
	page := b.get(path).want(http.StatusOK)
	if said := page.text(".flash"); said != "Filed; it waits for verification." {
		t.Errorf("said %q", said)
	}
	if state := page.text(".duty-badge"); state != "Reported" {
		t.Errorf("state %q", state)
	}
	if again := b.get(path).text(".flash"); again != "" {
		t.Errorf("said again: %q", again)
	}
	// Sent twice, it is refused in words.
	if said := b.post(path+"/reports", fullFiling).want(http.StatusConflict).text("main"); !strings.Contains(said, "waits for verification") {
		t.Errorf("said %q", said)
	}
}

func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	before := w.rows()
	got := b.post("/duties/"+number(w.inside.open)+"/reports", url.Values{"on": {"2017-06-11"}, "title": {"我的方案"}, "url": {"www.example.cn"}, "note": {"备注"}}).
		want(http.StatusUnprocessableEntity)
	page := got.page()
	for field, want := range map[string]string{"on": "2017-06-11", "title": "我的方案", "url": "www.example.cn"} {
		if kept, _ := page.Find("form.report-form [name=" + field + "]").Attr("value"); kept != want {
			t.Errorf("%s has %q, want %q", field, kept, want)
		}
	}
	if kept := page.Find("form.report-form [name=note]").Text(); kept != "备注" {
		t.Errorf("note has %q", kept)
	}
	for _, field := range []string{"on", "url"} {
		input := page.Find("form.report-form [name=" + field + "]")
		id, _ := input.Attr("id")
		if _, marked := input.Attr("aria-invalid"); !marked || page.Find(".error-summary a[href='#"+id+"']").Length() != 1 || page.Find("#"+id+"-error").Text() == "" {
			t.Errorf("%s is not named, marked and told", field)
		}
	}
	scheme := b.post("/duties/"+number(w.duty("370100", "sd2017.weight"))+"/reports", url.Values{"on": {"2017-06-01"}, "total": {"100"},
		"item_name": {"政务公开", "其他"}, "item_points": {"4", "95.5"}, "item_openness": {"core", ""}, "item_reason": {"即政务公开", ""}}).want(http.StatusUnprocessableEntity)
	if said := scheme.text(".error-summary"); !strings.Contains(said, "0.5") {
		t.Errorf("a scheme that does not add up: %q does not name the difference", said)
	}
	if kept, _ := scheme.page().Find("[name=item_points]").Eq(1).Attr("value"); kept != "95.5" {
		t.Errorf("the second item has %q points", kept)
	}
	if w.rows() != before {
		t.Error("refused forms have changed the database")
	}
}

func TestDecisionNeedsTheVersionThatWasSeen(t *testing.T) {
	w := newWorld(t)
	b, other := w.signIn("supervisor"), w.signIn("province")
	queue := b.get("/queue").want(http.StatusOK).page()
	form := queue.Find(".queue-line form.decision-verify").First()
	action, _ := form.Attr("action")
	version, _ := form.Find("[name=version]").Attr("value")
	if action != "/reports/"+number(w.inside.report)+"/verify" || version != "0" {
		t.Fatalf("the queue offers %s of version %q", action, version)
	}
	returning := strings.TrimSuffix(action, "verify") + "return"
	before := w.rows()
	if said := b.post(returning, url.Values{"version": {version}}).want(http.StatusUnprocessableEntity).text(".error-summary"); !strings.Contains(said, "why it is returned") {
		t.Errorf("without a reason said %q", said)
	}
	for _, bad := range []string{"", "x", "7", "-1"} {
		b.post(action, url.Values{"version": {bad}}).want(http.StatusPreconditionFailed)
	}
	if w.rows() != before {
		t.Error("refused decisions have changed the database")
	}
	other.post(returning, url.Values{"version": {version}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	stale := b.post(action, url.Values{"version": {version}}).want(http.StatusPreconditionFailed)
	if said := stale.text("main"); !strings.Contains(said, "somebody else") || !strings.Contains(said, "The province has returned this report") {
		t.Errorf("said %q", said)
	}
	// htmx gets the line with the words in it, not a page inside the page.
	b.header.Set("HX-Request", "true")
	line := b.post(action, url.Values{"version": {version}}).want(http.StatusPreconditionFailed)
	if strings.Contains(line.body, "<html") || !strings.Contains(line.text(".queue-line .error-summary"), "since you opened it") {
		t.Errorf("in the line: %s", short(line.body))
	}
	line = b.post(returning, url.Values{"version": {"1"}, "reason": {"x"}}).want(http.StatusConflict)
	if strings.Contains(line.body, "<html") || !strings.Contains(line.text(".queue-line"), "decided already") {
		t.Errorf("in the line: %s", short(line.body))
	}
	b.post("/reports/"+number(w.sibling.report)+"/verify", url.Values{"version": {"0"}}).want(http.StatusNotFound)
	b.header.Del("HX-Request")

	// Returned, the unit sees why and files again; then it is verified.
	reporter := w.signIn("reporter")
	path := "/duties/" + number(w.inside.waiting)
	if why := reporter.get(path).want(http.StatusOK).text(".report-decision q"); why != "链接打不开" {
		t.Errorf("the reason is %q", why)
	}
	reporter.post(path+"/reports", url.Values{"on": {"2017-05-30"}, "title": {"清单"}, "url": {"https://www.example.gov.cn/list"}, "late_reason": {"清单汇总较晚"}}).want(http.StatusSeeOther)
	action, _ = b.get(path).page().Find("form.decision-verify").Attr("action")
	b.post(action, url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	if state := b.get(path).text(".duty-badge"); state != "Met" {
		t.Errorf("state %q", state)
	}
}

func TestErrorPages(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("viewer")
	for path, want := range map[string]struct {
		status  int
		heading string
	}{
		"/nothing":                             {http.StatusNotFound, "Not found"},
		"/duties/987654321":                    {http.StatusNotFound, "Not found"},
		"/duties/x":                            {http.StatusNotFound, "Not found"},
		"/duties":                              {http.StatusNotFound, "Not found"},
		"/policies/x":                          {http.StatusNotFound, "Not found"},
		"/units/370200":                        {http.StatusNotFound, "Not found"},
		"/queue":                               {http.StatusForbidden, "Not allowed"},
		"/units/370100/board?as_of=2017-02-30": {http.StatusUnprocessableEntity, "Something to correct"},
		"/units/370100/board?as_of=2017-06-11": {http.StatusUnprocessableEntity, "Something to correct"},
		"/units/370100/board?year=x":           {http.StatusUnprocessableEntity, "Something to correct"},
		"/duties?unit=370100&state=x":          {http.StatusUnprocessableEntity, "Something to correct"},
		"/duties?unit=370100&cursor=x":         {http.StatusUnprocessableEntity, "Something to correct"},
	} {
		if got := b.get(path); got.StatusCode != want.status || got.text("h1") != want.heading {
			t.Errorf("%s: status %d %q, want %d %q", path, got.StatusCode, got.text("h1"), want.status, want.heading)
		}
	}
	// A form that is too large is a form that cannot be read, and nothing of it is kept.
	huge := w.signIn("reporter").post("/duties/"+number(w.inside.open)+"/reports", url.Values{"note": {strings.Repeat("x", 1<<20)}})
	huge.want(http.StatusUnprocessableEntity).noInside()
}

// A board of a past day is the same whatever happens later.
func TestPastBoardsStayAsTheyWere(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("province")
	days := []string{"2017-05-20", "2017-06-08", "2017-06-09", "2017-06-10"}
	look := func() []string {
		var seen []string
		for _, day := range days {
			board := b.get("/units/370000/board?year=2017&as_of=" + day).want(http.StatusOK)
			// Links to the day on which one looks have no as-of date, and only on that day
			// units can be chosen to be urged.
			page := board.page()
			page.Find(".urge-pick").Remove()
			matrix, err := page.Find(".matrix tbody").Html()
			if err != nil {
				t.Fatal(err)
			}
			matrix = strings.ReplaceAll(matrix, `class="matrix-unit"> <a`, `class="matrix-unit"><a`)
			matrix = strings.ReplaceAll(matrix, "as_of="+day+"&amp;", "")
			seen = append(seen, matrix, b.get("/units/370000/charts/states/table.csv?year=2017&as_of="+day).want(http.StatusOK).body)
		}
		return seen
	}
	before := look()
	if before[0] == before[6] {
		t.Fatal("the boards of 20 May and 10 June are the same: nothing is compared")
	}
	w.clock.set(noon("2017-06-20"))
	w.signIn("reporter").post("/duties/"+number(w.inside.open)+"/reports", fullFiling).want(http.StatusSeeOther)
	b.post("/reports/"+number(w.inside.report)+"/verify", url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	b.post("/reports/"+number(w.sibling.report)+"/return", url.Values{"version": {"0"}, "reason": {"x"}}).want(http.StatusSeeOther)
	if diff := cmp.Diff(before, look()); diff != "" {
		t.Errorf("past boards have changed: -before +after\n%s", short(diff))
	}
	if now := b.get("/units/370000/board?year=2017").want(http.StatusOK); now.text(".headline.s-overdue .headline-value") == "0" {
		t.Error("nothing is overdue on 20 June, four days after the plans were due")
	}
}

// The board's counts are those of the lists behind its cells.
func TestCellsLeadToTheDutiesTheyCount(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("province")
	board := b.get("/units/370000/board?year=2017").want(http.StatusOK).page()
	board.Find(".headlines a.headline").Each(func(_ int, link *goquery.Selection) {
		value := strings.TrimSpace(link.Find(".headline-value").Text())
		if strings.Contains(value, "%") {
			return
		}
		path, _ := link.Attr("href")
		count := 0
		for path != "" {
			page := b.get(path).want(http.StatusOK).page()
			count += page.Find(".duty-list tbody tr").Length()
			path, _ = page.Find(".pager a[rel=next]").Attr("href")
		}
		if fmt.Sprint(count) != value {
			t.Errorf("%s says %s, its list has %d", strings.TrimSpace(link.Find(".headline-label").Text()), value, count)
		}
	})
}

func TestAssetsAreForEverybody(t *testing.T) {
	w := newWorld(t)
	style, _ := w.browser("en").get("/login").page().Find("link[rel=stylesheet]").Attr("href")
	got := w.send(httptest.NewRequest(http.MethodGet, style, nil)).want(http.StatusOK)
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/css") || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %v", style, got.Header)
	}
	w.send(httptest.NewRequest(http.MethodGet, "/assets/../policy.csv", nil)).want(http.StatusNotFound)
	w.send(httptest.NewRequest(http.MethodGet, "/assets/nothing.js", nil)).want(http.StatusNotFound)
}
