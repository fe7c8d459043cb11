package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// A report that comes back is told at the bell of every page; opening the message leads to
// its duty and marks it as read.
func TestAReturnedReportIsInTheInbox(t *testing.T) {
	w := newWorld(t)
	office, reporter, other := w.signIn("supervisor"), w.signIn("reporter"), w.signIn("clerk")
	if bell := reporter.get("/policies").want(http.StatusOK).page().Find(".bell"); bell.AttrOr("aria-label", "") != "Messages, 0 unread" || bell.Find(".nav-count").Length() != 0 {
		t.Errorf("before, the bell says %q", bell.AttrOr("aria-label", ""))
	}
	office.post("/reports/"+number(w.inside.report)+"/return", url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	if bell := reporter.get("/policies").want(http.StatusOK).page().Find(".bell"); bell.AttrOr("aria-label", "") != "Messages, 1 unread" || bell.Find(".nav-count").Text() != "1" {
		t.Errorf("the bell says %q", bell.AttrOr("aria-label", ""))
	}
	inbox := reporter.get("/inbox").want(http.StatusOK)
	if said := inbox.text(".inbox-urgent .inbox-line.is-unread"); !strings.Contains(said, "链接打不开") || !strings.Contains(said, "Unread") || !strings.Contains(said, "Urgent") {
		t.Errorf("the inbox says %q", said)
	}
	action := inbox.page().Find(".inbox-urgent form").AttrOr("action", "")
	for name, b := range map[string]*browser{"the office": office, "a reporter elsewhere": other} {
		b.post(action, nil).want(http.StatusNotFound)
		if b.get("/inbox").want(http.StatusOK).page().Find(".inbox-line").Length() != 0 {
			t.Errorf("%s has messages", name)
		}
	}
	if to := reporter.post(action, nil).want(http.StatusSeeOther).Header.Get("Location"); to != "/duties/"+number(w.inside.waiting) {
		t.Errorf("led to %s", to)
	}
	if read := reporter.get("/inbox").want(http.StatusOK).page(); read.Find(".inbox-urgent").Length() != 0 || read.Find(".inbox-line:not(.is-unread)").Length() != 1 || read.Find(".bell .nav-count").Length() != 0 {
		t.Error("the message that was opened is not read")
	}
}

// All is marked as read but what came since the page was shown.
func TestAllMessagesAreReadAtOnce(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	verify := "/reports/" + number(w.inside.report)
	office.post(verify+"/verify", url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	form := reporter.get("/inbox?kind=report").want(http.StatusOK).page().Find(".head form")
	office.post(verify+"/reopen", url.Values{"version": {"1"}, "reason": {"日期有误"}}).want(http.StatusSeeOther)
	reporter.post("/inbox/read", url.Values{"newest": {"all"}}).want(http.StatusUnprocessableEntity)
	newest := url.Values{"newest": {form.Find("[name=newest]").AttrOr("value", "")}}
	if to := reporter.post(form.AttrOr("action", ""), newest).want(http.StatusSeeOther).Header.Get("Location"); to != "/inbox?kind=report" {
		t.Errorf("led to %s", to)
	}
	unread := reporter.get("/inbox?unread=1").want(http.StatusOK)
	if lines := unread.page().Find(".inbox-line"); lines.Length() != 1 || !strings.Contains(lines.Text(), "日期有误") {
		t.Errorf("unread is %q, want what came since", lines.Text())
	}
	reporter.get("/inbox?kind=post").want(http.StatusUnprocessableEntity)
}

// The list of what is owed: a returned report is marked, and its button leads to the form.
func TestTheHomeOfAReporter(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	returned := "/duties/" + number(w.inside.waiting)
	office.post("/reports/"+number(w.inside.report)+"/return", url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	reporter.post("/duties/"+number(w.inside.open)+"/draft", url.Values{"draft_version": {"0"}, "title": {"方案"}}).want(http.StatusSeeOther)
	if to := reporter.get("/").want(http.StatusSeeOther).Header.Get("Location"); to != "/units/370100" {
		t.Fatalf("home is %s", to)
	}
	page := reporter.get("/units/370100").want(http.StatusOK).page()
	line := func(path string) *goquery.Selection { return page.Find(".owed-line:has(a[href='" + path + "'])") }
	if said := line(returned).Text(); !strings.Contains(said, "链接打不开") || line(returned).Find(".owed-do a[href='"+returned+"#report']").Length() != 1 {
		t.Errorf("the returned report says %q", said)
	}
	if mark := line("/duties/" + number(w.inside.open)).Find(".mark").Text(); mark != "draft not filed" {
		t.Errorf("the draft is marked %q", mark)
	}
	var dues []string
	calm := page.Find(".owed-line:not(:has(.urge-level))")
	calm.Find("time").Each(func(_ int, at *goquery.Selection) { dues = append(dues, at.AttrOr("datetime", "")) })
	for i := 1; i < len(dues); i++ {
		if dues[i] < dues[i-1] {
			t.Errorf("%s stands behind %s", dues[i], dues[i-1])
		}
	}
	if urged := page.Find(".owed-line").First(); urged.Find(".urge-level").Length() != 1 || urged.Find("form[action$='/receipt']").Length() != 1 {
		t.Errorf("what is urged for does not stand first: %q", urged.Text())
	}
	if late := calm.First(); late.Find(".owed-days.is-late").Length() != 1 {
		t.Errorf("what is late does not stand next: %q", late.Text())
	}
	if seen := office.get("/units/370100").want(http.StatusOK).page(); seen.Find(".owed-line").Length() == 0 || seen.Find(".owed-do").Length() != 0 {
		t.Error("the office sees no list, or is offered to do what the unit owes")
	}
	if past := reporter.get("/units/370100?as_of=2017-06-01").want(http.StatusOK).page(); past.Find(".owed").Length() != 0 {
		t.Error("a past day shows what is owed today")
	}
}

// A closed year cannot be filed for: what it leaves undone is in the table, not in the list.
func TestAClosedYearIsNotOwed(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	open := "/duties/" + number(w.inside.open)
	office.post("/units/370100/periods?year=2017", url.Values{"reason": {"年度考核已结束"}}).want(http.StatusSeeOther)
	page := reporter.get("/units/370100").want(http.StatusOK).page()
	if page.Find(".owed a[href='"+open+"']").Length() != 0 || page.Find(".duty-list a[href='"+open+"']").Length() != 1 {
		t.Error("what cannot be filed any more is listed to be done")
	}
}
