package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sendStep sends the form of a step with its texts and, unless it has no name, a file.
func (b *browser) sendStep(path string, texts map[string]string, name, content string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	write := func() error {
		for field, text := range texts {
			if err := form.WriteField(field, text); err != nil {
				return err
			}
		}
		// A browser sends the field of files that were not chosen too.
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			return err
		}
		if _, err := part.Write([]byte(content)); err != nil {
			return err
		}
		return form.Close()
	}
	if err := write(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.request(r)
}

// An answer comes with its files in one form: all of it counts, or nothing.
func TestAnsweringWithFiles(t *testing.T) {
	w := newWorld(t)
	unit := w.signIn("reporter")
	path := "/rectifications/" + rectified(w.inside)
	texts := map[string]string{"version": "1", "note": "已整改"}

	refused := unit.sendStep(path+"/answer", texts, "程序.exe", "MZ").want(http.StatusUnprocessableEntity).page()
	if refused.Find("input[type=file][aria-invalid]").Length() != 1 || refused.Find("textarea[name=note]").Text() != "已整改" {
		t.Error("the form does not come back with what was typed, and what is wrong with the file")
	}
	w.signIn("nothing").sendStep(path+"/answer", texts, "整改.pdf", pdf).want(http.StatusForbidden)
	unit.sendStep("/rectifications/"+rectified(w.elsewhere)+"/answer", texts, "整改.pdf", pdf).want(http.StatusNotFound)

	unit.sendStep(path+"/answer", texts, "整改.pdf", pdf).want(http.StatusSeeOther)
	link := unit.get(path).want(http.StatusOK).page().Find(".rect-steps .is-answer .file a")
	if link.Text() != "整改.pdf" {
		t.Fatalf("the answer has the file %q", link.Text())
	}
	url, _ := link.Attr("href")
	if got := w.signIn("supervisor").get(url).want(http.StatusOK); got.body != pdf || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the office reads %q as %q", got.body, got.Header.Get("Content-Disposition"))
	}
	w.signIn("supervisor").sendStep(path+"/return", map[string]string{"version": "2", "note": "不全", "due_on": "2017-07-31"}, "", "").want(http.StatusSeeOther)
	if moved := unit.get(path).want(http.StatusOK).page().Find(".rect-steps .is-return .rect-moved").Length(); moved != 1 {
		t.Error("the new due date is not shown")
	}
}
