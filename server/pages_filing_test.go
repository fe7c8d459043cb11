package main

import (
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sundial/models"
)

// plan is a filled form for the open duty, without a file.
func plan() url.Values {
	return url.Values{"on": {"2017-06-08"}, "title": {"实施方案"}, "url": {"https://www.example.gov.cn/plan"}}
}

func TestADraftWithItsFilesBecomesAReport(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.open)
	b.post(path+"/draft", url.Values{"draft_version": {"0"}, "title": {"方案（草稿）"}}).want(http.StatusSeeOther)
	form := b.get(path).want(http.StatusOK).page().Find("form.report-form")
	if title := form.Find("[name=title]").AttrOr("value", ""); title != "方案（草稿）" {
		t.Errorf("the form begins with %q", title)
	}
	if version := form.Find("[name=draft_version]").AttrOr("value", ""); version != "1" {
		t.Errorf("the form is of version %q", version)
	}
	// A second window that has not seen it does not overwrite it, and loses nothing.
	stale := b.post(path+"/draft", url.Values{"draft_version": {"0"}, "title": {"另一个窗口"}}).want(http.StatusPreconditionFailed)
	if typed := stale.page().Find("form.report-form [name=title]").AttrOr("value", ""); typed != "另一个窗口" || !strings.Contains(stale.text("main"), "Another window") {
		t.Errorf("the second window shows %q and says %s", typed, short(stale.text("main")))
	}
	file := b.attach(path, "方案.pdf")
	submitted := plan()
	submitted.Add("evidence", file)
	b.post(path+"/reports", submitted).want(http.StatusSeeOther)
	page := b.get(path).want(http.StatusOK).page()
	if link := page.Find(".report .links a").AttrOr("href", ""); link != "/evidence/"+file {
		t.Errorf("the report links to %q", link)
	}
	if page.Find("form.report-form").Length() != 0 || page.Find("form.withdraw").Length() != 1 {
		t.Error("a report that waits is not offered to be withdrawn alone")
	}
	if n := w.count(&models.Draft{}); n != 0 {
		t.Errorf("%d drafts are left", n)
	}
}

func (w *world) count(table any) int64 {
	w.t.Helper()
	var n int64
	if err := w.store.Read(w.t.Context()).Model(table).Count(&n).Error; err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestRemovingAFileKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.open)
	file := b.attach(path, "方案.pdf")
	b.post("/evidence/"+file+"/remove", url.Values{"draft_version": {"0"}, "title": {"打了一半"}}).want(http.StatusSeeOther)
	page := b.get(path).want(http.StatusOK).page()
	if page.Find("[data-files] .file").Length() != 0 || page.Find("form.report-form [name=title]").AttrOr("value", "") != "打了一半" {
		t.Error("the file is there or the text is gone")
	}
	b.get("/evidence/" + file).want(http.StatusNotFound)
	b.post(path+"/draft/discard", nil).want(http.StatusSeeOther)
	if title := b.get(path).page().Find("form.report-form [name=title]").AttrOr("value", ""); title == "打了一半" {
		t.Error("the draft was not discarded")
	}
}

func TestWarningsAreShownOnceBeforeSubmission(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.duty("370100", "sd2017.briefing"))
	form := url.Values{"on": {"2017-06-08"}, "title": {"听取汇报"}, "presided_by": {"principal"}}
	warned := b.post(path+"/reports", form).want(http.StatusOK)
	if said := warned.text(".is-warning"); !strings.Contains(said, "none is attached") {
		t.Errorf("warned of %q", said)
	}
	if button := warned.text(".report-send .btn-primary"); button != "Submit all the same" {
		t.Errorf("the button says %q", button)
	}
	confirmed := warned.page().Find("[name=confirmed]").AttrOr("value", "")
	// What was confirmed is not what turns up later.
	form.Set("confirmed", confirmed)
	form.Set("url", "https://www.example.gov.cn/list")
	again := b.post(path+"/reports", form).want(http.StatusOK)
	if again.page().Find(".is-warning li").Length() != 2 || w.count(&models.Report{}) != 4 {
		t.Errorf("warned of %q, %d reports", again.text(".is-warning"), w.count(&models.Report{}))
	}
	form.Set("confirmed", again.page().Find("[name=confirmed]").AttrOr("value", ""))
	b.post(path+"/reports", form).want(http.StatusSeeOther)
	if n := w.count(&models.Report{}); n != 5 {
		t.Errorf("%d reports, want 5", n)
	}
}

func TestVersionsSideBySide(t *testing.T) {
	w := newWorld(t)
	reporter, office, path := w.signIn("reporter"), w.signIn("supervisor"), "/duties/"+number(w.inside.open)
	file := reporter.attach(path, "旧方案.pdf")
	first := plan()
	first.Add("evidence", file)
	reporter.post(path+"/reports", first).want(http.StatusSeeOther)
	action := office.get(path).want(http.StatusOK).page().Find("form[action$='/return']").AttrOr("action", "")
	office.post(action, url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	page := reporter.get(path).want(http.StatusOK).page()
	if kept := page.Find(".file-list input[type=checkbox][name=evidence]:checked").AttrOr("value", ""); kept != file {
		t.Errorf("the file of the returned report is offered as %q", kept)
	}
	second := plan()
	second.Set("url", "https://www.example.gov.cn/plan-2")
	second["evidence"] = []string{reporter.attach(path, "新方案.pdf")}
	reporter.post(path+"/reports", second).want(http.StatusSeeOther)
	withdraw := reporter.get(path).page().Find("form.withdraw").AttrOr("action", "")
	reporter.post(withdraw, url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	third := plan()
	third.Set("title", "实施方案（定稿）")
	reporter.post(path+"/reports", third).want(http.StatusSeeOther)
	for _, b := range []*browser{reporter, office} {
		table := b.get(path + "?left=1&right=2").want(http.StatusOK).page().Find(".versions-table")
		for _, want := range []string{"https://www.example.gov.cn/plan", "旧方案.pdf"} {
			if !strings.Contains(table.Find(".is-changed del").Text(), want) {
				t.Errorf("%q is not told as gone: %s", want, table.Text())
			}
		}
		for _, want := range []string{"https://www.example.gov.cn/plan-2", "新方案.pdf"} {
			if !strings.Contains(table.Find(".is-changed ins").Text(), want) {
				t.Errorf("%q is not told as new: %s", want, table.Text())
			}
		}
		last := b.get(path).page().Find(".versions-table")
		if !strings.Contains(last.Find("ins").Text(), "实施方案（定稿）") || last.Find("thead th").Length() != 3 {
			t.Errorf("by itself the page compares %s", last.Text())
		}
	}
}

func TestNothingToReportOnAPage(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.starting)
	page := b.get(path).want(http.StatusOK).page()
	if page.Find("form.report-form [name=draft_version]").Length() != 0 || page.Find("#nothing[open] textarea[required]").Length() != 1 {
		t.Error("a duty without a term offers more or less than to report nothing")
	}
	refused := b.post(path+"/reports", url.Values{"nothing": {"1"}, "note": {" "}}).want(http.StatusUnprocessableEntity)
	if refused.page().Find("#nothing[open] .field-error").Length() != 1 {
		t.Errorf("no word at the field: %s", short(refused.text("main")))
	}
	b.post(path+"/reports", url.Values{"nothing": {"1"}, "note": {"未发生突发事件"}}).want(http.StatusSeeOther)
	if state := b.get(path).text(".duty-badge"); state != "To verify" && state != "Reported" {
		t.Errorf("the duty is %q", state)
	}
}

func TestFaultsOfFurtherDutiesAreNamed(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("clerk"), "/duties/"+number(w.inside.open)
	offered := b.get(path).want(http.StatusOK).page().Find("[name=also]").Length()
	if offered == 0 {
		t.Fatal("no further duty is offered")
	}
	form := plan()
	form["also"] = []string{number(w.sibling.open), number(w.sibling.waiting)}
	rows := w.rows()
	refused := b.post(path+"/reports", form).want(http.StatusUnprocessableEntity)
	if refused.page().Find("#also-"+number(w.sibling.open)+"[checked]").Length() != 1 || !strings.Contains(refused.text(".error-summary"), "something else") {
		t.Errorf("refused with %s", refused.text(".error-summary"))
	}
	if w.rows() != rows {
		t.Error("something was filed")
	}
	form["also"] = form["also"][:1]
	b.post(path+"/reports", form).want(http.StatusSeeOther)
	for _, duty := range []uint64{w.inside.open, w.sibling.open} {
		if n := b.get("/duties/" + number(duty)).page().Find("ol.reports > li").Length(); n != 1 {
			t.Errorf("duty %d has %d reports, want 1", duty, n)
		}
	}
}

func TestADownloadIsAnAttachmentOfItsName(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.open)
	for _, name := range []string{"方案.pdf", `a"b; filename=x.html.pdf`, "rain\tor\tshine.pdf"} {
		got := b.get("/evidence/" + b.attach(path, name)).want(http.StatusOK)
		disposition, params, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
		if err != nil || disposition != "attachment" || !strings.HasSuffix(params["filename"], ".pdf") || strings.ContainsAny(params["filename"], "\r\n\t") {
			t.Errorf("%q is sent as %q: %v, %v", name, got.Header.Get("Content-Disposition"), params, err)
		}
		if got.body != contentOf(name) || got.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%q: %v", name, got.Header)
		}
	}
	// A newline cannot end the header of the form, and so not that of the answer.
	r := httptest.NewRequest(http.MethodPost, path+"/evidence", strings.NewReader(strings.Replace(formOf("x.pdf", pdf), "x.pdf", "x\r\nSet-Cookie: a=b.pdf", 1)))
	r.Header.Set("Content-Type", formType)
	if got := b.request(r); got.Header.Get("Set-Cookie") == "a=b.pdf" || got.StatusCode == http.StatusInternalServerError {
		t.Errorf("status %d, %v", got.StatusCode, got.Header)
	}
}

func TestAnotherSiteCannotUpload(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.upload("/duties/"+number(w.inside.open)+"/evidence", pdf).want(http.StatusForbidden)
	if n := w.count(&models.Attachment{}); n != 4 {
		t.Errorf("%d files, want those of the world", n)
	}
}
