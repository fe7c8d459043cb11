package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sundial/models"
)

func TestAFormSentTwiceFilesOnce(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	path := "/duties/" + number(w.inside.open)
	key, _ := b.get(path).want(http.StatusOK).page().Find("form.report-form [name=key]").Attr("value")
	if key == "" {
		t.Fatal("the form has no key")
	}
	form := url.Values{"key": {key}, "on": {"2017-06-08"}, "title": {"实施方案"}, "url": {"https://www.example.gov.cn/plan"}}
	b.post(path+"/reports", form).want(http.StatusSeeOther)
	b.post(path+"/reports", form).want(http.StatusSeeOther)
	if reports := b.get(path).page().Find("ol.reports > li").Length(); reports != 1 {
		t.Errorf("%d reports, want 1", reports)
	}
}

func TestAReturnedReportIsCorrectedNotTypedAgain(t *testing.T) {
	w := newWorld(t)
	reporter, office := w.signIn("reporter"), w.signIn("supervisor")
	path := "/duties/" + number(w.inside.open)
	reporter.post(path+"/reports", url.Values{"on": {"2017-06-08"}, "title": {"实施方案"}, "url": {"https://www.example.gov.cn/plan"}}).want(http.StatusSeeOther)
	action, _ := office.get(path).want(http.StatusOK).page().Find("form[action$='/return']").Attr("action")
	// Without a reason the office stays on the duty's page, which says what is missing.
	missing := office.post(action, url.Values{"version": {"0"}, "reason": {" "}}).want(http.StatusUnprocessableEntity)
	if missing.page().Find("form[action='"+action+"']").Length() != 1 || !strings.Contains(missing.text("main"), "why it is returned") {
		t.Error("a missing reason is not told on the duty's page")
	}
	office.post(action, url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	form := reporter.get(path).want(http.StatusOK).page().Find("form.report-form")
	for field, want := range map[string]string{"on": "2017-06-08", "title": "实施方案", "url": "https://www.example.gov.cn/plan"} {
		if has, _ := form.Find("[name=" + field + "]").Attr("value"); has != want {
			t.Errorf("%s begins with %q, want %q", field, has, want)
		}
	}
}

// Shandong's rotation goes on through 2018, but nothing begins there: the year
// would be refused.
func TestOnlyYearsWithSomethingToCreateAreOffered(t *testing.T) {
	w := newWorld(t)
	page := w.signIn("everything").get("/policies/shandong-2017").want(http.StatusOK).page()
	if offered := page.Find("form[action$='/activation'] [name=year] option[value='2018']").Length(); offered != 0 {
		t.Error("2018 is offered")
	}
	page = w.signIn("everything").get("/policies/liaoning-2016").want(http.StatusOK).page()
	if offered := page.Find("form[action$='/activation'] [name=year] option[value='2018']").Length(); offered != 1 {
		t.Error("2018 of Liaoning is not offered")
	}
}

// Who files for a subtree but has nothing to do for its root begins with the
// board of the units below: Jiangsu has no policy in this world; Shandong and Liaoning
// owe something.
func TestHomeIsWhereSomethingIsToDo(t *testing.T) {
	w := newWorld(t)
	w.addUser("idle", models.Reporter, "320000")
	for login, want := range map[string]string{"reporter": "/units/370100", "supervisor": "/units/370100/board", "idle": "/units/320000/board"} {
		if to := w.signIn(login).get("/").want(http.StatusSeeOther).Header.Get("Location"); to != want {
			t.Errorf("%s is led to %s, want %s", login, to, want)
		}
	}
	homes := w.signIn("clerk").get("/").want(http.StatusOK).page()
	for unit, want := range map[string]string{"370000": "/units/370000", "210000": "/units/210000"} {
		if homes.Find("main a[href='"+want+"']").Length() == 0 {
			t.Errorf("the home of %s is not %s", unit, want)
		}
	}
}

func TestTheLanguageSwitchComesBackToARefusedForm(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	path := "/duties/" + number(w.inside.open)
	next := func(referer string) string {
		b.header.Set("Referer", referer)
		page := b.post(path+"/reports", url.Values{}).want(http.StatusUnprocessableEntity).page()
		value, _ := page.Find("form[action='/language'] [name=next]").Attr("value")
		return value
	}
	for referer, want := range map[string]string{"http://example.com" + path: path, "https://elsewhere.example" + path: "/", "": "/"} {
		if got := next(referer); got != want {
			t.Errorf("from %q it leads to %q, want %q", referer, got, want)
		}
	}
}

func TestTheNavigationShowsWhereOneIs(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("supervisor")
	for path, want := range map[string]string{
		"/units/370100/board": "/", "/duties?unit=370100": "/", "/queue": "/queue", "/policies/shandong-2017": "/policies", "/account": "",
	} {
		current, _ := b.get(path).want(http.StatusOK).page().Find(".top-nav [aria-current=page]").Attr("href")
		if current != want {
			t.Errorf("on %s the current place is %q, want %q", path, current, want)
		}
	}
}
