package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/evidence"
)

// decode reads the answer as JSON, whatever else it has.
func (a answer) decode(value any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), value); err != nil {
		a.t.Fatalf("%v in:\n%s", err, short(a.body))
	}
}

func TestTheSecondOfficerIsToldByTheAPI(t *testing.T) {
	w := newWorld(t)
	report := "/api/v1/reports/" + number(w.inside.report)
	first, second := w.program("province"), w.program("supervisor")
	second.call(http.MethodPost, report+"/verify", nil).refused(http.StatusUnprocessableEntity)
	first.call(http.MethodPost, report+"/return", map[string]any{"reason": "链接打不开"}, "If-Match", `"0"`).want(http.StatusOK)
	said := second.call(http.MethodPost, report+"/verify", nil, "If-Match", `"0"`).refused(http.StatusPreconditionFailed)
	if said.Code != "stale" || !strings.Contains(said.Detail, "The province has returned") || !strings.Contains(said.Detail, "10 Jun 2017") {
		t.Errorf("told %+v", said)
	}
	second.language = "zh-CN"
	said = second.call(http.MethodPost, report+"/verify", nil, "If-Match", `"0"`).refused(http.StatusPreconditionFailed)
	if !strings.Contains(said.Detail, "The province已于2017年6月10日") || !strings.Contains(said.Detail, "退回") {
		t.Errorf("told %q", said.Detail)
	}
}

func TestTheQueueOfTheAPI(t *testing.T) {
	w := newWorld(t)
	office := w.program("everything")
	type queue struct {
		Items []struct {
			Report struct {
				ID      uint64
				Version int
			}
			For, Accept string
		}
		Total  int
		Counts map[string]int
	}
	var all queue
	office.get("/api/v1/queue?sort=due&limit=200").want(http.StatusOK).decode(&all)
	if diff := cmp.Diff(map[string]int{"all": 4, "mine": 4, "below": 0, "above": 0, "old": 0, "past_due": 3}, all.Counts); diff != "" || all.Total != 4 {
		t.Errorf("total %d, counts (-want +got):\n%s", all.Total, diff)
	}
	office.get("/api/v1/queue?for=everybody").refused(http.StatusUnprocessableEntity)
	var choices []any
	for _, item := range all.Items {
		if item.For != "me" || item.Accept != "verified" {
			t.Errorf("report %d is for %s, to be %s", item.Report.ID, item.For, item.Accept)
		}
		choices = append(choices, map[string]any{"id": item.Report.ID, "version": item.Report.Version})
	}
	choices = append(choices, map[string]any{"id": 987654, "version": 0})
	var done struct {
		Results []struct {
			ID                   uint64
			Accepted             bool
			Status, Code, Detail string
			Version              int
		}
	}
	office.call(http.MethodPost, "/api/v1/reports/verify", map[string]any{"reports": choices}).want(http.StatusOK).decode(&done)
	for i, result := range done.Results {
		if want := i < 4; result.Accepted != want || (result.Status == "verified") != want || (result.Code == "not_found") == want {
			t.Errorf("result %+v", result)
		}
	}
	if len(done.Results) != 5 {
		t.Errorf("%d results", len(done.Results))
	}
	office.call(http.MethodPost, "/api/v1/reports/verify", map[string]any{"reports": make([]map[string]any, 101)}).want(http.StatusUnprocessableEntity)
}

func TestALinkIsLookedAtByTheAPI(t *testing.T) {
	w := newWorld(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<title><b>实施方案</b></title>")
	}))
	defer site.Close()
	checker, err := evidence.NewLinkChecker([]string{strings.TrimPrefix(site.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	w.app.ledger.LookAtLinks(checker)
	filing := map[string]any{"on": "2017-06-08", "title": "实施方案", "url": site.URL + "/plan"}
	var filed struct{ ID uint64 }
	w.program("reporter").call(http.MethodPost, "/api/v1/duties/"+number(w.inside.open)+"/reports", filing).want(http.StatusCreated).decode(&filed)
	b := w.signIn("supervisor")
	duty := "/duties/" + number(w.inside.open)
	form, _ := b.get(duty).want(http.StatusOK).page().Find(".link-checks form").Attr("action")
	if form != "/reports/"+number(filed.ID)+"/link-check" {
		t.Errorf("the page offers %q", form)
	}
	var seen struct {
		Status int
		Title  string
	}
	w.program("supervisor").call(http.MethodPost, "/api/v1"+form, nil).want(http.StatusOK).decode(&seen)
	if seen.Status != http.StatusOK || seen.Title != "<b>实施方案</b>" {
		t.Errorf("seen %+v", seen)
	}
	if to := b.post(form, nil).want(http.StatusSeeOther).Header.Get("Location"); to != duty {
		t.Errorf("the page leads to %s", to)
	}
	// What the page says of itself is shown, never run.
	if got := b.get(duty).page().Find(".link-checks .is-sound q").First().Text(); got != "<b>实施方案</b>" {
		t.Errorf("the page shows %q", got)
	}
	b.get("/queue").want(http.StatusOK)
	// The links of reports elsewhere are on no listed host: nothing is offered.
	if n := b.get("/duties/" + number(w.inside.waiting)).page().Find(".link-checks form").Length(); n != 0 {
		t.Error("a look at a link that is not listed is offered")
	}
}
