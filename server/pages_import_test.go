package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// sendImport sends a file with the fields of its form, as a browser does.
func (b *browser) sendImport(unit, kind, content string, more ...string) answer {
	b.t.Helper()
	body := "--frontier\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n" + kind + "\r\n"
	for _, field := range more {
		body += "--frontier\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n1\r\n"
	}
	r := httptest.NewRequest(http.MethodPost, "/units/"+unit+"/imports", strings.NewReader(body+formOf("表.csv", content)))
	r.Header.Set("Content-Type", formType)
	return b.request(r)
}

// carry works on the import that an answer leads to.
func (b *browser) carry(a answer) (page string) {
	b.t.Helper()
	page = a.want(http.StatusSeeOther).Header.Get("Location")
	id, err := strconv.ParseUint(strings.TrimPrefix(page, "/imports/"), 10, 64)
	if err == nil {
		err = b.app.imports.Carry(b.t.Context(), id)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}

func TestImportPages(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("coordinator")
	refused := b.sendImport("370100", "scores", "姓名\n").want(http.StatusUnprocessableEntity)
	if got := refused.text(".error-summary"); !strings.Contains(got, "Choose what the file holds") {
		t.Errorf("an unknown kind is refused with %q", got)
	}

	sent := b.sendImport("370100", "staff", "单位代码,姓名,工号,开始日期\n370100,王芳,JN1,2016-01-04\n370200,李强,QD1,2016-01-04\n")
	page := sent.Header.Get("Location")
	waiting := b.get(page).want(http.StatusOK)
	if waiting.page().Find("#progress[hx-get='"+page+"'] progress").Length() != 1 {
		t.Errorf("no progress on the page:\n%s", short(waiting.body))
	}
	b.header.Set("HX-Request", "true")
	if got := b.get(page).want(http.StatusOK); got.Header.Get("HX-Refresh") != "" || strings.Contains(got.body, "<html") {
		t.Errorf("the progress of an import under way: refresh %q\n%s", got.Header.Get("HX-Refresh"), short(got.body))
	}
	b.carry(sent)
	if got := b.get(page).want(http.StatusOK); got.Header.Get("HX-Refresh") != "true" {
		t.Error("the page is not reloaded when there is more to see")
	}
	b.header.Del("HX-Request")

	checked := b.get(page).want(http.StatusOK)
	if got := checked.text(".import-rows tbody"); !strings.Contains(got, "Row 3李强A3 There is no") {
		t.Errorf("the bad row is shown as %q", got)
	}
	if got := b.get(page + "/faults").want(http.StatusOK); !strings.Contains(got.Header.Get("Content-Type"), "spreadsheetml") || !strings.HasPrefix(got.body, "PK") {
		t.Errorf("the bad rows come as %s", got.Header.Get("Content-Type"))
	}
	if got := b.post(page+"/confirm", url.Values{}).want(http.StatusConflict).text(".error-summary"); !strings.Contains(got, "1 row has a problem") {
		t.Errorf("bad rows are refused with %q", got)
	}
	b.carry(b.post(page+"/confirm", url.Values{"skip_bad": {"1"}}))
	if got := b.get(page).want(http.StatusOK).text(".import-say"); got != "1 row was imported." {
		t.Errorf("the result says %q", got)
	}

	again := b.carry(b.sendImport("370100", "staff", "单位代码,姓名,工号,开始日期\n370100,王芳,JN1,2016-01-04\n370200,李强,QD1,2016-01-04\n"))
	if got := b.get(again).want(http.StatusOK); !strings.Contains(got.body, "This file was imported on") || !strings.Contains(got.body, "would change nothing") {
		t.Errorf("the same file again is not told:\n%s", short(got.body))
	}
	b.post(again+"/drop", url.Values{"confirm": {"1"}}).want(http.StatusSeeOther)
	if got := b.get("/units/370100/imports").want(http.StatusOK).text(".imports tbody"); !strings.Contains(got, "Cancelled") || !strings.Contains(got, "Done") {
		t.Errorf("the history says %q", got)
	}
}
