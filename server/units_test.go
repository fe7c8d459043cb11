package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/store"
	"sundial/server/store/storetest"
)

// changed confirms a change of a unit after its preview, as a browser does.
func (b *browser) changed(unit string, form url.Values) {
	b.t.Helper()
	b.post("/units/"+unit+"/changes", b.previewed(unit, form)).want(http.StatusSeeOther)
}

// previewed returns the form by which the preview of a change is confirmed.
func (b *browser) previewed(unit string, form url.Values) url.Values {
	b.t.Helper()
	page := b.post("/units/"+unit+"/changes", form).want(http.StatusOK).page()
	confirm := url.Values{}
	for _, input := range page.Find("#preview form input[type=hidden]").EachIter() {
		confirm.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	if confirm.Get("digest") == "" {
		b.t.Fatalf("the preview of %v cannot be confirmed", form)
	}
	return confirm
}

// reorganization is what an administrator enters on 12 June 2017.
var reorganization = []struct {
	unit string
	form url.Values
}{
	{"370100", url.Values{"action": {"edit"}, "name": {"济南新市"}, "name_en": {"New Jinan"}, "kind": {"city"}, "position": {"5"}}},
	{"370100", url.Values{"action": {"open"}, "code": {"370100-sjj"}, "name": {"济南市审计局"}, "kind": {"department"}, "opened_on": {"2017-06-01"}}},
	{"370100-fgw", url.Values{"action": {"move"}, "parent": {"370200"}, "on": {"2017-06-01"}, "reason": {"划转"}}},
	{"370200-fgw", url.Values{"action": {"merge"}, "into": {"370100-fgw"}, "on": {"2017-06-12"}, "reason": {"撤并"}}},
	{"370300", url.Values{"action": {"close"}, "on": {"2017-06-15"}, "reason": {"撤销"}}},
	{"370300", url.Values{"action": {"reopen"}, "reason": {"录入有误"}}},
	{"370400", url.Values{"action": {"merge"}, "codes": {"370500"}, "new_code": {"370450"}, "new_name": {"新市"}, "new_kind": {"city"}, "new_parent": {"370000"},
		"on": {"2017-06-10"}, "reason": {"撤并"}}},
	{"370600", url.Values{"action": {"close"}, "on": {"2018-01-01"}, "reason": {"撤销"}}},
}

var versions = regexp.MustCompile(`"version":\d+,`)

// TestBoardsOfEarlierDaysAreTheSameBytes asks for boards and lists of every day
// before and after units were opened, renamed, moved, merged and closed.
func TestBoardsOfEarlierDaysAreTheSameBytes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := makeWorld(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		w := openWorld(t, s)
		program := w.program("everything")
		said := func(day string) map[string]string {
			bodies := map[string]string{}
			for _, unit := range []string{"370000", "370100", "370200", "370300", "370400", "370500", "370600", "370100-fgw", "370200-fgw"} {
				for _, path := range []string{"/api/v1/boards/" + unit + "?year=2017&as_of=" + day, "/api/v1/boards/" + unit + "?year=2018&as_of=" + day} {
					bodies[path] = program.get(path).want(http.StatusOK).body
				}
				// A duty's version is what a change has to name, on whatever day it is shown.
				list := "/api/v1/duties?limit=200&unit=" + unit + "&year=2017&as_of=" + day
				bodies[list] = versions.ReplaceAllString(program.get(list).want(http.StatusOK).body, "")
			}
			return bodies
		}
		before := map[string]map[string]string{}
		days := []string{"2017-05-04", "2017-05-05", "2017-06-01", "2017-06-08", "2017-06-09", "2017-06-10", "2017-06-11"}
		w.clock.set(noon("2017-06-11"))
		for _, day := range days {
			before[day] = said(day)
		}
		if !strings.Contains(before["2017-06-09"]["/api/v1/boards/370000?year=2017&as_of=2017-06-09"], `"reported":1`) {
			t.Error("nothing is reported on the board that is to stay as it is")
		}
		w.clock.set(noon("2017-06-12"))
		admin := w.signIn("everything")
		today := said("2017-06-12")
		for _, step := range reorganization {
			admin.changed(step.unit, step.form)
		}
		for _, day := range days {
			if diff := cmp.Diff(before[day], said(day)); diff != "" {
				t.Errorf("as of %s (-before +after):\n%s", day, diff)
			}
		}
		changed := said("2017-06-12")
		for _, unit := range []string{"370000", "370100", "370200", "370400"} {
			path := "/api/v1/boards/" + unit + "?year=2017&as_of=2017-06-12"
			if today[path] == changed[path] {
				t.Errorf("the board of %s as of the day of the changes is what it was", unit)
			}
		}
		w.clock.set(noon("2019-01-01"))
		for _, day := range days {
			if diff := cmp.Diff(before[day], said(day)); diff != "" {
				t.Errorf("years later, as of %s (-before +after):\n%s", day, diff)
			}
		}
	})
}

func TestAnAdministratorMergesTwoUnits(t *testing.T) {
	w := newWorld(t)
	admin := w.signIn("everything")
	if got := admin.get("/units?under=370000").want(http.StatusOK).page().Find("a[href='/units/370100/manage']").Length(); got != 1 {
		t.Error("the list does not lead to the city")
	}
	if got := admin.get("/units?q=370100").want(http.StatusOK).page().Find(".units-list tbody tr").Length(); got != 2 {
		t.Errorf("%d units found by the code, want the city and its department", got)
	}
	merge := url.Values{"action": {"merge"}, "into": {"370100"}, "on": {"2017-06-09"}, "reason": {"<b>区划</b>调整"}}
	confirm := admin.previewed("370500", merge)
	if got := admin.get("/units/370500").want(http.StatusOK).page().Find(".note").Length(); got != 0 {
		t.Error("a preview has changed the unit")
	}
	// Something else happens before it is confirmed.
	w.signIn("everything").changed("370500", url.Values{"action": {"edit"}, "name": {"东营新市"}, "kind": {"city"}})
	stale := admin.post("/units/370500/changes", confirm).want(http.StatusPreconditionFailed).page()
	if stale.Find("#preview .error-summary").Length() != 1 || stale.Find("#preview input[name=digest]").AttrOr("value", "") == confirm.Get("digest") {
		t.Error("the refusal does not show what would happen now")
	}
	admin.changed("370500", merge)
	page := admin.get("/units/370500/manage").want(http.StatusOK)
	if text := page.text(".unit-history"); !strings.Contains(text, "<b>区划</b>调整") || !strings.Contains(text, "9 Jun 2017") {
		t.Errorf("the history does not say why and when: %s", text)
	}
	if page.page().Find("#reopen").Length() != 1 || page.page().Find("#move").Length() != 0 {
		t.Error("a closed unit can be reopened, and not be moved")
	}
	if got := admin.get("/units/370500").want(http.StatusOK).page().Find(".note a[href^='/units/370100?']").Length(); got != 1 {
		t.Error("the old unit does not lead to its successor")
	}
	if got := admin.get("/units/370100").want(http.StatusOK).page().Find(".note a[href^='/units/370500?']").Length(); got != 1 {
		t.Error("the successor does not lead to what was merged into it")
	}
	admin.get("/audit?object=unit&unit=370500").want(http.StatusOK)
}

func TestARefusedChangeKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	admin := w.signIn("everything")
	before := w.rows()
	page := admin.post("/units/370100/changes", url.Values{"action": {"move"}, "parent": {"370200"}, "on": {"2017-07-01"}, "reason": {"划转"}}).
		want(http.StatusUnprocessableEntity).page()
	if got := page.Find("#move[open] [name=reason]").Text(); got != "划转" {
		t.Errorf("the reason is %q", got)
	}
	if page.Find("#move .error-summary a[href='#move-on']").Length() != 1 || page.Find("#move-on[aria-invalid]").Length() != 1 {
		t.Error("the date is not marked")
	}
	admin.post("/units/370100/changes", url.Values{"action": {"close"}, "on": {"2017-06-10"}, "reason": {"撤销"}}).want(http.StatusConflict)
	admin.post("/units/370100/changes", url.Values{"action": {"merge"}, "into": {"370200"}, "new_code": {"370299"}, "on": {"x"}, "reason": {"撤并"}}).want(http.StatusUnprocessableEntity)
	admin.post("/units/370100/changes", url.Values{"action": {"vanish"}}).want(http.StatusUnprocessableEntity)
	if after := w.rows(); after != before {
		t.Error("refused changes have changed the database")
	}
}
