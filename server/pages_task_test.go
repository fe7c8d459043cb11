package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sundial/models"
)

// progress sends the form of a task as the page does without scripts: texts, then a file.
func (b *browser) progress(path string, fields url.Values, file string) answer {
	b.t.Helper()
	var body strings.Builder
	for name, values := range fields {
		body.WriteString("--frontier\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + values[0] + "\r\n")
	}
	body.WriteString(formOf(file, contentOf(file)))
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body.String()))
	r.Header.Set("Content-Type", formType)
	return b.request(r)
}

// TestAMinuteOfATask: the unit opens its task, reports with a file, and the ledger of the
// office shows it.
func TestAMinuteOfATask(t *testing.T) {
	w := newWorld(t)
	unit, office := w.signIn("reporter"), w.signIn("province")
	page := unit.get("/units/370100/tasks").want(http.StatusOK).page()
	path, _ := page.Find(".task-list .task-note a").Attr("href")
	form := unit.get(path).want(http.StatusOK).page().Find("form[action$='/progress']")
	action, _ := form.Attr("action")
	fields := url.Values{"share": {form.Find("[name=share]").AttrOr("value", "")}, "version": {form.Find("[name=version]").AttrOr("value", "")}, "status": {"under_way"}}

	files := w.count(&models.CaseFile{})
	refused := unit.progress(action, fields, "清单.pdf").want(http.StatusUnprocessableEntity).page()
	if refused.Find("form[action$='/progress'] .has-error textarea[name=note]").Length() != 1 {
		t.Error("the note is not asked for at its field")
	}
	if w.count(&models.CaseFile{}) != files {
		t.Error("a refused report left its file")
	}
	fields.Set("note", "已印发方案，正在自查。")
	unit.progress(action, fields, "方案.pdf").want(http.StatusSeeOther)
	unit.progress(action, fields, "方案.pdf").want(http.StatusPreconditionFailed)
	seen := unit.get(path).want(http.StatusOK).page()
	link := seen.Find(".task-steps li.is-report .file-list a")
	if link.Text() != "方案.pdf" || seen.Find(".task-chosen .task-status.is-under_way").Length() != 1 {
		t.Errorf("the step has the file %q", link.Text())
	}
	if got := unit.get(link.AttrOr("href", "")).want(http.StatusOK); got.body != contentOf("方案.pdf") {
		t.Error("the file is another one")
	}
	row := office.get("/units/370000/tasks?q=370100").want(http.StatusOK).page().Find(".task-list tbody tr:not(.task-head)")
	if row.Length() != 1 || !strings.Contains(row.Text(), "正在自查") || row.Find(".task-status.is-under_way").Length() != 1 {
		t.Errorf("the ledger of the office shows %q", row.Text())
	}
	if csv := office.get("/units/370000/tasks.csv?q=370100").want(http.StatusOK).body; !strings.Contains(csv, "正在自查") || strings.Count(csv, "\n") != 2 {
		t.Errorf("the file of the office:\n%s", csv)
	}
}

// TestTasksAreDividedOnThePage divides the tasks of Shandong with a due date of the
// office's own; a bad one keeps what was typed.
func TestTasksAreDividedOnThePage(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("everything")
	page := office.get("/units/370000/tasks/open").want(http.StatusOK).page()
	form := url.Values{"policy": {"shandong-2017"}}
	dates := page.Find("form[method=post] input[type=date]")
	for i := range dates.Nodes {
		form.Set(dates.Eq(i).AttrOr("name", ""), dates.Eq(i).AttrOr("value", ""))
	}
	if len(form) < 30 {
		t.Fatalf("%d due dates are offered", len(form))
	}
	form.Set("due-sd2017.task-audit", "2016-01-01")
	refused := office.post("/units/370000/tasks/open", form).want(http.StatusUnprocessableEntity).page()
	if refused.Find("input[name='due-sd2017.task-audit'][value='2016-01-01'][aria-invalid]").Length() != 1 || refused.Find(".error-summary a[href='#due-sd2017-task-audit']").Length() != 1 {
		t.Error("the refused due date is not shown at its field")
	}
	form.Set("due-sd2017.task-audit", "2017-10-31")
	office.post("/units/370000/tasks/open", form).want(http.StatusSeeOther)
	again := office.post("/units/370000/tasks/open", url.Values{"policy": {"shandong-2017"}}).want(http.StatusConflict)
	if !strings.Contains(again.body, "divided already") {
		t.Error("dividing again does not say that there is nothing to do")
	}
	list := office.get("/units/370000/tasks").want(http.StatusOK).page()
	if list.Find(".task-groups tbody tr").Length() != 6 || list.Find("a[rel=next]").Length() != 1 {
		t.Errorf("%d chapters", list.Find(".task-groups tbody tr").Length())
	}
	audit := list.Find(".task-head:contains('Audit results')")
	if !strings.Contains(audit.Text(), "31 Oct 2017") {
		t.Errorf("the audit task: %q", audit.Text())
	}
}
