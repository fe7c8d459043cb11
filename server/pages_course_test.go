package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// A reporter nominates with one form of the session's page, is told of each person
// who is not simply taken, and withdraws again.
func TestAReporterNominatesAndWithdraws(t *testing.T) {
	w := newWorld(t)
	reporter := w.signIn("reporter")
	agenda := reporter.get("/units/370100/sessions").want(http.StatusOK).page()
	if got := agenda.Find(".session-list a[href='/sessions/" + number(w.parent.coming) + "']").Length(); got != 1 {
		t.Fatalf("the agenda of the unit has %d links to the session of the office above", got)
	}
	path := "/sessions/" + number(w.parent.coming)
	offered := reporter.get(path).want(http.StatusOK).page().Find("#nominate input[name=person]")
	chosen := url.Values{"person": {number(w.inside.staff)}}
	if offered.Length() == 0 || reporter.get(path).page().Find("#nominate input[value='"+number(w.parent.attendee)+"']").Length() != 0 {
		t.Fatalf("%d people are offered, or somebody of another unit", offered.Length())
	}
	reporter.post(path+"/nominations", chosen).want(http.StatusSeeOther)
	page := reporter.get(path).want(http.StatusOK).page()
	if page.Find(".flash").Length() != 1 || page.Find(".nominees li").Length() != 1 {
		t.Errorf("after nominating the page shows %d people", page.Find(".nominees li").Length())
	}
	if hidden := page.Find(".nominees").Text(); strings.Contains(hidden, "late-370000") {
		t.Error("a unit sees whom another one nominates")
	}
	again := reporter.post(path+"/nominations", chosen).want(http.StatusOK).page()
	if again.Find(".outcomes .is-faulty").Length() != 1 {
		t.Error("who is nominated twice is not told")
	}
	trained := reporter.post(path+"/nominations", url.Values{"person": {number(w.inside.attendee)}}).want(http.StatusOK).page()
	if said := trained.Find(".outcomes .is-sound .sub").Text(); !strings.Contains(said, "8 Jun 2017") {
		t.Errorf("of somebody trained in this cycle is said: %q", said)
	}
	nomination := page.Find(".nominees input[name=nomination]").AttrOr("value", "")
	refused := reporter.post(path+"/nominations/withdraw", url.Values{"nomination": {nomination}}).want(http.StatusUnprocessableEntity).page()
	if refused.Find(".error-summary").Length() != 1 {
		t.Error("withdrawing without a reason is not refused")
	}
	reporter.post(path+"/nominations/withdraw", url.Values{"nomination": {nomination}, "reason": {"出差"}}).want(http.StatusSeeOther)
	if got := reporter.get(path).page().Find(".gone li").Length(); got != 1 {
		t.Errorf("%d nominations are shown as withdrawn", got)
	}
}

// What is typed wrongly stays in the form, with the reason at its field.
func TestAFaultySessionStaysInItsForm(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("coordinator")
	form := url.Values{"course": {number(w.inside.course)}, "kind": {"class"}, "start_on": {"2017-08-02"}, "end_on": {"2017-08-01"}, "start_time": {"9 Uhr"}, "capacity": {"0"}, "lecturer": {"李石"}}
	page := office.post("/units/370100/sessions", form).want(http.StatusUnprocessableEntity).page()
	if page.Find("#session_add-start_time[aria-invalid]").Length() != 1 || page.Find("#session_add-lecturer").AttrOr("value", "") != "李石" {
		t.Error("the form has lost what was typed, or what is wrong with it")
	}
	form.Set("start_time", "09:00")
	form.Set("end_time", "17:00")
	page = office.post("/units/370100/sessions", form).want(http.StatusUnprocessableEntity).page()
	for _, field := range []string{"end_on", "place", "capacity"} {
		if page.Find("#session_add-"+field+"[aria-invalid]").Length() != 1 {
			t.Errorf("nothing is said of %s", field)
		}
	}
	form.Set("end_on", "")
	form.Set("place", "党校")
	form.Set("capacity", "30")
	sent := office.post("/units/370100/sessions", form).want(http.StatusSeeOther)
	sheet := office.get(sent.Header.Get("Location") + "/sheet").want(http.StatusOK).page()
	if rows := sheet.Find(".sheet-list tbody tr").Length(); rows != 3 {
		t.Errorf("the sheet of a session without nominations has %d rows, want three empty ones", rows)
	}
}

// The plan's form takes back rows as they were typed.
func TestThePlanIsTypedRowByRow(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("coordinator")
	id := number(w.inside.course)
	form := url.Values{"version": {"1"}, "title": {"2017年培训计划"}, "item_course": {id, "", id}, "item_month": {"7", "1", "7"}, "item_sessions": {"2", "", "1"}, "item_seats": {"20", "", "x"}, "item_note": {"", "", ""}}
	page := office.post("/units/370100/plan?year=2017", form).want(http.StatusUnprocessableEntity).page()
	rows := page.Find(".plan-rows tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
		return row.Find("select[name=item_course] option[selected]").AttrOr("value", "") == id
	})
	if rows.Length() != 2 || page.Find("#plan-item-1-seats[aria-invalid]").AttrOr("value", "") != "x" || page.Find("#plan-item-1-course[aria-invalid]").Length() != 1 {
		t.Errorf("%d rows came back, or not what is wrong with them", rows.Length())
	}
	form["item_course"], form["item_month"], form["item_sessions"], form["item_seats"], form["item_note"] = []string{id}, []string{"7"}, []string{"2"}, []string{"20"}, []string{""}
	office.post("/units/370100/plan?year=2017", form).want(http.StatusSeeOther)
	table := office.get("/units/370100/courses?year=2017").want(http.StatusOK).page().Find(".plan-table tfoot").Text()
	if !strings.Contains(table, "/ 2") || !strings.Contains(table, "/ 20") {
		t.Errorf("in all: %s", table)
	}
}
