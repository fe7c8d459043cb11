package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// attachment is a file as a client reads it.
type attachment struct {
	ID               uint64
	Size             int64
	Name, Type, Hash string
}

func (p *program) attach(duty, name, content string) attachment {
	p.t.Helper()
	var file attachment
	p.call(http.MethodPost, duty+"/evidence", formOf(name, content), "Content-Type", formType).want(http.StatusCreated).into(&file)
	return file
}

func TestEvidenceByProgram(t *testing.T) {
	w := newWorld(t)
	p, duty := w.program("reporter"), "/api/v1/duties/"+number(w.inside.open)
	file := p.attach(duty, "方案.pdf", pdf)
	if file.Name != "方案.pdf" || file.Type != "pdf" || file.Size != int64(len(pdf)) || len(file.Hash) != 64 {
		t.Errorf("attached %+v", file)
	}
	path := "/api/v1/evidence/" + number(file.ID)
	got := p.get(path).want(http.StatusOK)
	if got.body != pdf || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("downloaded %v", got.Header)
	}
	w.program("supervisor").get(path).refused(http.StatusNotFound)
	two := formOf("一.pdf", pdf)
	two = strings.Replace(two, "--frontier--\r\n", "", 1) + formOf("二.pdf", pdf)
	if said := p.call(http.MethodPost, duty+"/evidence", two, "Content-Type", formType).refused(http.StatusConflict); !strings.Contains(said.Detail, "one file at a time") {
		t.Errorf("two at once: %+v", said)
	}
	p.call(http.MethodDelete, path, nil).want(http.StatusNoContent)
	p.get(path).refused(http.StatusNotFound)
	p.call(http.MethodDelete, path, nil).refused(http.StatusNotFound)
}

func TestDraftByProgram(t *testing.T) {
	w := newWorld(t)
	p, draft := w.program("reporter"), "/api/v1/duties/"+number(w.inside.open)+"/draft"
	type shown struct {
		Duty     uint64
		Version  int
		SavedAt  *string `json:"saved_at"`
		Filing   map[string]any
		Evidence []attachment
	}
	var none, first shown
	p.get(draft).want(http.StatusOK).into(&none)
	if none.Version != 0 || none.SavedAt != nil || len(none.Filing) != 0 {
		t.Errorf("before anything was saved: %+v", none)
	}
	saved := p.call(http.MethodPut, draft, map[string]any{"title": "方案", "on": "2017-06-08"}).want(http.StatusOK)
	saved.into(&first)
	if saved.Header.Get("ETag") != `"1"` || first.Filing["title"] != "方案" || first.SavedAt == nil {
		t.Errorf("ETag %s, %+v", saved.Header.Get("ETag"), first)
	}
	w.untouched(t, func() {
		p.call(http.MethodPut, draft, map[string]any{"title": "另一份"}).refused(http.StatusPreconditionFailed)
		p.call(http.MethodPut, draft, map[string]any{"on": "tomorrow"}, "If-Match", `"1"`).refused(http.StatusUnprocessableEntity)
		p.call(http.MethodPut, draft, map[string]any{"titel": "x"}, "If-Match", `"1"`).refused(http.StatusUnprocessableEntity)
		p.call(http.MethodPut, draft, map[string]any{"title": "x"}, "If-Match", "latest").refused(http.StatusUnprocessableEntity)
	})
	p.call(http.MethodPut, draft, map[string]any{"title": "方案（改）"}, "If-Match", `"1"`).want(http.StatusOK)
	p.call(http.MethodDelete, draft, nil).want(http.StatusNoContent)
	var gone shown
	p.get(draft).want(http.StatusOK).into(&gone)
	if diff := cmp.Diff(none, gone); diff != "" {
		t.Errorf("after discarding:\n%s", diff)
	}
}

func TestFilingWithEvidenceAndFurtherDutiesByProgram(t *testing.T) {
	w := newWorld(t)
	clerk, duty := w.program("clerk"), "/api/v1/duties/"+number(w.inside.open)
	file := clerk.attach(duty, "方案.pdf", pdf)
	body := map[string]any{"on": "2017-06-08", "title": "方案", "url": "https://www.example.gov.cn/plan",
		"evidence": []uint64{file.ID}, "also": []uint64{w.sibling.open, w.sibling.waiting}}
	send := func() answer {
		return clerk.call(http.MethodPost, duty+"/reports", body, "Idempotency-Key", "k1")
	}
	w.untouched(t, func() {
		if diff := cmp.Diff([]string{"also[1]"}, send().refused(http.StatusUnprocessableEntity).fields()); diff != "" {
			t.Error(diff)
		}
	})
	body["also"] = []uint64{w.sibling.open}
	var first, again filedReport
	send().want(http.StatusCreated).into(&first)
	// The list of the world has the same content as this file.
	if len(first.Warnings) != 1 || first.Warnings[0].Field != "evidence[0]" {
		t.Errorf("warnings %+v", first.Warnings)
	}
	w.untouched(t, func() {
		send().want(http.StatusCreated).into(&again)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("the same request again gives:\n%s", diff)
		}
		body["also"] = []uint64{}
		send().refused(http.StatusConflict)
	})
	var shown struct {
		Reports []filedReport
	}
	got := clerk.get("/api/v1/duties/" + number(w.sibling.open)).want(http.StatusOK)
	if err := json.Unmarshal([]byte(got.body), &shown); err != nil {
		t.Fatal(err)
	}
	if len(shown.Reports) != 1 || len(shown.Reports[0].Evidence) != 1 || shown.Reports[0].Evidence[0]["name"] != "方案.pdf" {
		t.Errorf("the further duty has %+v", shown)
	}
	path := "/api/v1/reports/" + number(first.ID) + "/withdraw"
	clerk.call(http.MethodPost, path, nil, "If-Match", `"7"`).refused(http.StatusPreconditionFailed)
	var taken filedReport
	clerk.call(http.MethodPost, path, nil, "If-Match", `"0"`).want(http.StatusOK).into(&taken)
	if taken.Status != "withdrawn" || taken.Version != 1 {
		t.Errorf("withdrawn %+v", taken)
	}
	clerk.call(http.MethodPost, path, nil, "If-Match", `"1"`).refused(http.StatusConflict)
}
