package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A reporter's day with the roster, in a browser without scripts.
func TestRosterInPages(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	const id = "11010519491231002X"
	entry := url.Values{"name": {"孙 丽"}, "number": {"1003"}, "id_number": {"11010519491231002x"}, "post": {"科员"}, "part_time": {"1"}, "start_on": {"2017-06-01"}}

	wrong := url.Values{"name": {"孙丽"}, "id_number": {"110105194912310021"}, "start_on": {"yesterday"}}
	page := b.post("/units/370100/roster", wrong).want(http.StatusUnprocessableEntity)
	if strings.Contains(page.body, "110105194912310021") || page.page().Find("#add[open] #add-start_on[aria-invalid=true]").Length() != 1 {
		t.Error("the form that was refused repeats the ID number, or does not say what is wrong")
	}
	added := b.post("/units/370100/roster", entry).want(http.StatusSeeOther)
	person := added.Header.Get("Location")
	shown := b.get(person).want(http.StatusOK)
	for _, page := range []answer{shown, b.get("/units/370100/roster").want(http.StatusOK), b.get("/units/370100/roster.csv?subtree=1").want(http.StatusOK)} {
		if !strings.Contains(page.body, "孙丽") || strings.Contains(page.body, id) || strings.Contains(page.body, strings.ToLower(id)) {
			t.Error("the person is not shown, or with the full ID number")
		}
	}
	if strings.Contains(w.rows(), id[:17]) {
		t.Error("the ID number is in the database")
	}
	if file := b.get("/units/370100/roster.csv").body; !strings.HasPrefix(file, "\ufeff") || strings.Count(file, "\n") != 6 {
		t.Errorf("the file is\n%s", file)
	}
	version, _ := shown.page().Find(".person-acts input[name=version]").First().Attr("value")
	b.post(person+"/changes", url.Values{"action": {"edit"}, "version": {version}, "name": {"孙莉"}, "number": {"1003"}}).want(http.StatusSeeOther)
	stale := b.post(person+"/changes", url.Values{"action": {"edit"}, "version": {version}, "name": {"孙力"}, "number": {"1003"}}).want(http.StatusPreconditionFailed)
	if got := stale.page().Find(".person-acts details[open] .error-summary").Text(); !strings.Contains(got, "The reporter") {
		t.Errorf("who was first is not told: %q", got)
	}
	b.get("/people/" + number(w.sibling.staff)).want(http.StatusNotFound)
	b.get("/people/x").want(http.StatusNotFound)
	b.get("/units/370100/roster?on=soon").want(http.StatusUnprocessableEntity)
	b.post(person+"/changes", url.Values{"action": {"vanish"}}).want(http.StatusUnprocessableEntity)
	if log := w.signIn("coordinator").get("/audit?object=person").want(http.StatusOK); !strings.Contains(log.body, "孙莉") || strings.Contains(log.body, id[:17]) {
		t.Error("the log does not tell what was done")
	}
}
