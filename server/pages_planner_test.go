package main

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sundial/models"
)

// proposed asks for a proposal and returns its page and where it is.
func (b *browser) proposed(query string) (answer, string) {
	b.t.Helper()
	to := b.get("/units/370100/planner?plan=1" + query).want(http.StatusSeeOther).Header.Get("Location")
	page := b.get(to).want(http.StatusOK)
	for page.page().Find("#progress").Length() > 0 {
		page = b.get(to).want(http.StatusOK)
	}
	return page, to
}

// planForm returns what the form that applies the proposal would send.
func planForm(page *goquery.Document) url.Values {
	form := url.Values{}
	page.Find("form[method=post][action$='/planner'] input").Each(func(_ int, input *goquery.Selection) {
		_, checked := input.Attr("checked")
		if kind, _ := input.Attr("type"); kind == "hidden" || checked {
			form.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
	})
	return form
}

func (w *world) nominations() int {
	w.t.Helper()
	var n int64
	if err := w.store.Read(w.t.Context()).Model(&models.Nomination{}).Where("ended = 0").Count(&n).Error; err != nil {
		w.t.Fatal(err)
	}
	return int(n)
}

// TestAProposalIsAppliedOnThePages plans, looks at the file, leaves somebody out,
// and sends the same once more from the page that is out of date.
func TestAProposalIsAppliedOnThePages(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("coordinator")
	if said := office.get("/units/370100/planner").want(http.StatusOK).text(".planner-ground"); !strings.Contains(said, "2 people left · 4 sessions to fill") {
		t.Errorf("before anything is planned: %q", said)
	}
	page, to := office.proposed("&share=100&seats=20")
	form := planForm(page.page())
	people := form["person"]
	if len(people) < 2 || len(form["fill"]) == 0 || form.Get("share") != "100" || form.Get("seats") != "20" {
		t.Fatalf("the form has %v", form)
	}
	poll := httptest.NewRequest(http.MethodGet, to, nil)
	poll.Header.Set("HX-Request", "true")
	if again := office.request(poll).want(http.StatusOK); again.Header.Get("HX-Redirect") != to {
		t.Errorf("who asks how far it is is led to %q", again.Header.Get("HX-Redirect"))
	}
	link, _ := page.page().Find("a[href*='planner.csv']").Attr("href")
	file := office.get(link).want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1+len(people) {
		t.Errorf("the file has %d rows for %d people, %v", len(rows), len(people), err)
	}

	before := w.nominations()
	form["person"] = people[1:]
	office.post("/units/370100/planner", form).want(http.StatusSeeOther)
	if now := w.nominations(); now != before+len(people)-1 {
		t.Errorf("%d nominations, want %d and %d", now, before, len(people)-1)
	}
	if said := office.get("/units/370100/planner").text(".flash"); !strings.Contains(said, "nominated by the plan") {
		t.Errorf("told %q", said)
	}
	changed := office.post("/units/370100/planner", form).want(http.StatusSeeOther).Header.Get("Location")
	if said := office.get(changed).want(http.StatusOK).text(".note[role=alert]"); !strings.Contains(said, "nobody was nominated") {
		t.Errorf("the proposal that is out of date: %q", said)
	}
	if now := w.nominations(); now != before+len(people)-1 {
		t.Errorf("the same proposal was applied twice: %d nominations", now)
	}
	if log := office.get("/audit?object=unit").want(http.StatusOK); !strings.Contains(log.body, "Nominated by a plan") {
		t.Error("the log does not tell of it")
	}
}

func TestBadRequestsOfThePlannerAreRefused(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("coordinator")
	for query, id := range map[string]string{"&share=x": "#share", "&share=101": "#share", "&seats=0": "#seats", "&seats=1.5": "#seats"} {
		answer := office.get("/units/370100/planner?plan=1" + query)
		if to := answer.Header.Get("Location"); to != "" {
			answer = office.get(to)
		}
		if answer.want(http.StatusUnprocessableEntity).page().Find(id+"[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %s is not marked", query, id)
		}
	}
	office.get("/units/370100/planner?plan=1&rotation=nowhere").want(http.StatusNotFound)
	office.get("/units/370100/planner?plan=1&rotation=%ff").want(http.StatusUnprocessableEntity)
	page, _ := office.proposed("")
	form := planForm(page.page())
	form.Del("fill")
	if said := office.post("/units/370100/planner", form).want(http.StatusUnprocessableEntity).text(".error-summary"); said == "" || w.nominations() == 0 {
		t.Errorf("nobody is ticked: %q", said)
	}
}
