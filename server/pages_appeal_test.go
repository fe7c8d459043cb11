package main

import (
	"net/http"
	"net/url"
	"testing"
)

// Who decides without a choice is told so at the field and keeps the reason; what is done
// is confirmed on the page that follows, which tells the unit too.
func TestDecidingAnAppeal(t *testing.T) {
	w := newWorld(t)
	w.announceLately(w.inside)
	office, unit := w.signIn("supervisor"), w.signIn("reporter")
	path := "/appeals/" + appeal(w.inside)

	refused := office.post(path+"/decision", url.Values{"version": {"1"}, "reason": {"证据充分"}}).want(http.StatusUnprocessableEntity).page()
	if typed := refused.Find("textarea[name=reason]").Text(); typed != "证据充分" {
		t.Errorf("the reason that was typed: %q", typed)
	}
	if refused.Find(".has-error input[name=decision]").Length() == 0 {
		t.Error("nothing is said at the choice")
	}
	office.post(path+"/decision", url.Values{"version": {"1"}, "decision": {"rejected"}, "reason": {"不属实"}}).want(http.StatusSeeOther)
	page := office.get(path).want(http.StatusOK).page()
	if page.Find(".flash").Length() == 0 {
		t.Error("the decision is not confirmed")
	}
	if page.Find("nav ol a[href='/rounds/"+round(w.inside)+"']").Length() == 0 {
		t.Error("no way back to the round")
	}

	told := unit.get("/units/" + w.inside.code).want(http.StatusOK).page()
	if told.Find("a[href^='/rectifications/"+rectified(w.inside)+"']").Length() == 0 {
		t.Error("the unit's page does not say what it has to put right")
	}
	if unit.get(path).want(http.StatusOK).page().Find(".appeal-decision.is-rejected").Length() == 0 {
		t.Error("the unit is not told of the decision")
	}
	if count := unit.get("/units/" + w.inside.code + "/rectifications").want(http.StatusOK).page().Find(".tab-count").Text(); count != "1" {
		t.Errorf("%q rectifications at the tab", count)
	}
}

// No indicator is ticked before somebody asks for it.
func TestDemandTicksWhatIsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.announceLoss(w.inside)
	office := w.signIn("supervisor")
	path := "/sheets/" + sheet(w.inside) + "/rectifications/new"
	for query, ticked := range map[string]int{"": 0, "?all=1": 1, "?indicator=work": 1, "?indicator=other": 0} {
		if got := office.get(path + query).want(http.StatusOK).page().Find("input[name=indicators][checked]").Length(); got != ticked {
			t.Errorf("%q: %d are ticked", query, got)
		}
	}
}
