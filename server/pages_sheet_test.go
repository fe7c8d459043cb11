package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sundial/models"
)

// scripted posts a form as the script of the sheet does and reads what it is told.
func (b *browser) scripted(path string, form url.Values) (int, map[string]any) {
	b.t.Helper()
	b.header.Set("Accept", "application/json")
	defer b.header.Del("Accept")
	got := b.post(path, form)
	var said map[string]any
	if err := json.Unmarshal([]byte(got.body), &said); err != nil {
		b.t.Fatalf("%s: %d %s", path, got.StatusCode, short(got.body))
	}
	return got.StatusCode, said
}

// A score is saved by a script cell by cell: it is told the new version and every number
// that changes, and what is wrong by field.
func TestAScoreIsSavedAsYouGo(t *testing.T) {
	w := newWorld(t)
	path := "/sheets/" + number(w.inside.sheet)
	unit, office := w.signIn("reporter"), w.signIn("supervisor")

	status, said := unit.scripted(path+"/self", url.Values{"indicator": {"work"}, "version": {"0"}, "points": {"80"}})
	if live := said["live"].(map[string]any); status != http.StatusOK || said["version"] != 1.0 || said["left"] != 0.0 || live["self"] != "80.00" || live["verified"] != "" || live["grade"] != "" {
		t.Errorf("%d %v", status, said)
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		field  string
	}{
		"above":   {url.Values{"indicator": {"work"}, "version": {"1"}, "points": {"101"}}, http.StatusUnprocessableEntity, "points"},
		"stale":   {url.Values{"indicator": {"work"}, "version": {"0"}, "points": {"70"}}, http.StatusPreconditionFailed, "points"},
		"nothing": {url.Values{"indicator": {"work"}, "points": {"70"}}, http.StatusUnprocessableEntity, ""},
	} {
		status, said := unit.scripted(path+"/self", c.form)
		fields := said["fields"].(map[string]any)
		if status != c.status || said["message"] == "" || c.field != "" && fields[c.field] == nil {
			t.Errorf("%s: %d %v", name, status, said)
		}
	}
	if status, said := office.scripted(path+"/marks", url.Values{"indicator": {"work"}, "version": {"1"}, "points": {"70"}}); status != http.StatusConflict {
		t.Errorf("the office verifies what is not handed in: %d %v", status, said)
	}
	if got := unit.post(path+"/submit", url.Values{"version": {"2"}}); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("handing in: %d %s", got.StatusCode, short(got.body))
	}
	if status, said := office.scripted(path+"/marks", url.Values{"indicator": {"work"}, "version": {"1"}, "points": {"70"}}); status != http.StatusUnprocessableEntity || said["fields"].(map[string]any)["reason"] == nil {
		t.Errorf("points are lost without a reason: %d %v", status, said)
	}
	status, said = office.scripted(path+"/marks", url.Values{"indicator": {"work"}, "version": {"1"}, "points": {"61.5"}, "text": {"更新不及时"}})
	if live := said["live"].(map[string]any); status != http.StatusOK || live["verified"] != "61.50" || live["grade"] != "Fail" {
		t.Errorf("%d %v", status, said)
	}

	// Nothing of it reaches the unit, however it asks.
	for _, address := range []string{path, "/audit?unit=" + w.inside.code} {
		if got := unit.get(address); got.StatusCode != http.StatusOK || strings.Contains(got.body, "61.5") || strings.Contains(got.body, "更新不及时") {
			t.Errorf("%s shows what is verified before the announcement", address)
		}
	}
	if got := unit.post(path+"/marks", workScored); got.StatusCode != http.StatusForbidden || strings.Contains(got.body, "61.5") {
		t.Errorf("the unit verifies itself: %d", got.StatusCode)
	}
	if got := office.get(path); !strings.Contains(got.body, "61.5") {
		t.Error("the office does not see what it entered")
	}
}

// Without scripts the whole sheet is one form: what nobody touched is not sent, and what
// is refused is shown with what was typed.
func TestASheetWorksWithoutScripts(t *testing.T) {
	w := newWorld(t)
	sheetIs(models.SheetSubmitted)(w, w.inside)
	path := "/sheets/" + number(w.inside.sheet)
	office := w.signIn("supervisor")
	form := url.Values{}
	for _, field := range office.get(path).page().Find("form#marks, [form=marks]").Filter("[name]").EachIter() {
		name, _ := field.Attr("name")
		if kind, _ := field.Attr("type"); kind != "checkbox" {
			value, _ := field.Attr("value")
			form.Add(name, value)
		}
	}
	before := w.rows()
	if got := office.post(path+"/marks", form); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("nothing typed: %d %s", got.StatusCode, short(got.body))
	}
	if w.rows() != before {
		t.Error("a form that nobody touched has changed something")
	}
	form.Set("points-work", "55")
	got := office.post(path+"/marks", form)
	page := got.page()
	if value, _ := page.Find("input[name=points-work]").Attr("value"); got.StatusCode != http.StatusUnprocessableEntity || value != "55" || page.Find("textarea[name=text-work][aria-invalid]").Length() != 1 {
		t.Errorf("refused: %d, %q is kept", got.StatusCode, value)
	}
	form.Set("text-work", "更新不及时")
	if got := office.post(path+"/marks", form); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", got.StatusCode, short(got.body))
	}
	form.Set("points-work", "66")
	if got := office.post(path+"/marks", form); got.StatusCode != http.StatusPreconditionFailed || !strings.Contains(got.body, "The supervisor") {
		t.Errorf("the second window: %d", got.StatusCode)
	}
}
