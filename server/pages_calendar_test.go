package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// notice2027 and longerFestival are made up, in the form of real notices.
const (
	notice2027 = `国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
一、元旦：1月1日（周五）放假，与周末连休。
二、春节：2月6日（周六）至12日（周五）放假调休，共7天。2月14日（周日）上班。
三、清明节：4月5日（周一）放假，与周末连休。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假。
六、中秋节：9月15日（周三）放假。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。
国务院办公厅
2026年11月5日`

	longerFestival = `国务院办公厅关于延长2017年端午节假期的通知
国办发明电〔2017〕99号
一、延长2017年端午节假期至5月31日（星期三），6月1日（星期四）起正常上班。
国务院办公厅
2017年5月27日`
)

func TestANoticeIsPreviewedEnteredAndRemoved(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("nation")
	if n := b.get("/calendar?year=2017").want(http.StatusOK).page().Find("form[action='/calendar/preview'] textarea[name=text]").Length(); n != 1 {
		t.Fatal("who manages all units is offered no form")
	}
	before := w.rows()
	preview := b.post("/calendar/preview", url.Values{"text": {longerFestival}}).want(http.StatusOK)
	if after := w.rows(); after != before {
		t.Error("a preview has written")
	}
	page := preview.page()
	if days := page.Find(".day-changes dd").Text(); days != "31 May" || page.Find("td.is-changed").Length() != 1 {
		t.Errorf("changed days %q", days)
	}
	plan := "/duties/" + number(w.duty("370100", "sd2017.plan"))
	row := page.Find(".moves tr").FilterFunction(func(_ int, tr *goquery.Selection) bool { return tr.Find("a[href='"+plan+"']").Length() > 0 })
	if said := strings.Join(strings.Fields(row.Text()), " "); !strings.Contains(said, "16 Jun 2017") || !strings.Contains(said, "19 Jun 2017") {
		t.Errorf("the duty moves: %q, want from 16 to 19 June", said)
	}
	basis, _ := page.Find("input[name=basis]").Attr("value")
	text, _ := page.Find("form[action='/calendar/notices'] input[name=text]").Attr("value")
	enter := url.Values{"text": {text}, "basis": {basis}}
	if to := b.post("/calendar/notices", enter).want(http.StatusSeeOther).Header.Get("Location"); to != "/calendar?year=2017" {
		t.Errorf("led to %s", to)
	}
	year := b.get("/calendar?year=2017").want(http.StatusOK)
	if said := year.text(".flash"); !strings.Contains(said, "国办发明电〔2017〕99号") || !strings.Contains(said, "duties") {
		t.Errorf("said %q", said)
	}
	if said := year.text(".notices"); !strings.Contains(said, "entered by The nation") || !strings.Contains(said, longerFestival[:30]) {
		t.Errorf("the list of notices: %q", said)
	}
	if due := b.get(plan).want(http.StatusOK).text(".due-big"); !strings.Contains(due, "19 Jun 2017") {
		t.Errorf("due on %s", due)
	}
	// A second click, and a second administrator, are told.
	if said := b.post("/calendar/notices", enter).want(http.StatusConflict).text(".error-summary"); !strings.Contains(said, "国办发明电〔2017〕99号") {
		t.Errorf("said %q", said)
	}
	other := url.Values{"text": {notice2027}, "basis": {basis}}
	if said := b.post("/calendar/notices", other).want(http.StatusPreconditionFailed).text(".error-summary"); !strings.Contains(said, "Another administrator") {
		t.Errorf("said %q", said)
	}
	remove, _ := year.page().Find(".notices form").Attr("action")
	removal := b.post(remove, url.Values{}).want(http.StatusOK).page()
	basis, _ = removal.Find("form[action='" + remove + "'] input[name=basis]").Attr("value")
	if b.get("/calendar?year=2017").page().Find(".notices .is-removed").Length() != 0 {
		t.Error("asking for the preview of a removal has removed the notice")
	}
	b.post(remove, url.Values{"basis": {basis}}).want(http.StatusSeeOther)
	if b.get("/calendar?year=2017").page().Find(".notices .is-removed").Length() != 1 {
		t.Error("the removed notice is not told of")
	}
	if due := b.get(plan).text(".due-big"); !strings.Contains(due, "16 Jun 2017") {
		t.Errorf("due on %s", due)
	}
	b.post(remove, url.Values{"basis": {basis}}).want(http.StatusConflict)
	b.post("/calendar/notices/0/remove", url.Values{"basis": {basis}}).want(http.StatusNotFound)
	b.post("/calendar/notices/x/remove", url.Values{}).want(http.StatusNotFound)
}

func TestAFaultyNoticeIsShownWithItsLine(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	for language, want := range map[string]string{"en": "Line 6:", "zh-CN": "第 6 行"} {
		b := w.browser(language)
		b.post("/login", url.Values{"login": {"nation"}, "password": {password}}).want(http.StatusSeeOther)
		for _, path := range []string{"/calendar/preview", "/calendar/notices"} {
			text := strings.Replace(notice2027, "（周三）放假调休", "<script>alert(1)</script>放假调休", 1)
			got := b.post(path, url.Values{"text": {text}}).want(http.StatusUnprocessableEntity)
			if said := got.text(".error-summary"); !strings.Contains(said, want) || !strings.Contains(said, "<script>alert(1)</script>") {
				t.Errorf("%s: said %q, want %q and the line", path, said, want)
			}
			if strings.Contains(got.body, "<script>alert") {
				t.Error("the page executes what was pasted")
			}
			if kept := got.page().Find("#notice-text").Text(); kept != text {
				t.Errorf("the form has %q", kept)
			}
		}
	}
	if after := w.rows(); strings.Count(after, "notice") != strings.Count(before, "notice") {
		t.Error("a refused notice was stored")
	}
}

func TestTheCalendarIsReadByAllAndManagedByFew(t *testing.T) {
	w := newWorld(t)
	for _, name := range append(roleNames(), "governor") {
		b := w.signIn(name)
		page := b.get("/calendar?year=2017").want(http.StatusOK).page()
		if page.Find(".month").Length() != 12 || page.Find(".holidays tbody tr").Length() != 6 {
			t.Errorf("%s sees no whole year", name)
		}
		if page.Find("form[action^='/calendar/']").Length() != 0 {
			t.Errorf("%s is offered to change the calendar of all", name)
		}
		if page.Find(".top-nav a[href='/calendar'][aria-current]").Length() != 1 {
			t.Errorf("%s has no way to the calendar", name)
		}
	}
	if said := w.signIn("governor").post("/calendar/preview", url.Values{"text": {notice2027}}).want(http.StatusForbidden).text("main"); !strings.Contains(said, "administrator of all units") {
		t.Errorf("said %q", said)
	}
	b := w.signIn("viewer")
	if said := b.get("/calendar?year=2027").want(http.StatusOK).text(".note"); !strings.Contains(said, "not published") {
		t.Errorf("a year without a notice: %q", said)
	}
	for _, year := range []string{"x", "0", "99999"} {
		b.get("/calendar?year=" + year).want(http.StatusUnprocessableEntity)
	}
}
