package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/rbac"
)

// problem is an RFC 9457 document as a client reads it.
type problem struct {
	Type, Title, Detail, Code, ID string
	Status                        int
	Errors                        []struct{ Field, Message string }
}

// refused reads the answer as a problem of the status that gives nothing of the
// inside away.
func (a answer) refused(status int) problem {
	a.t.Helper()
	a.want(status)
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("content type %q, want application/problem+json", got)
	}
	var p problem
	a.into(&p)
	if p.Status != status || p.Type != "about:blank" || p.Title != http.StatusText(status) || p.Detail == "" || p.Code == "" {
		a.t.Errorf("incomplete problem: %+v", p)
	}
	a.noInside()
	return p
}

// noInside looks for words that only the program's inside has.
func (a answer) noInside() {
	a.t.Helper()
	for _, word := range []string{"goroutine", ".go:", "panic", "sql", "SQL", "database is closed", "gorm", "json:", "invalid character", "validation failed", "unmarshal", "/tmp/"} {
		if strings.Contains(a.body, word) {
			a.t.Errorf("the answer shows %q:\n%s", word, short(a.body))
		}
	}
}

// fields are the fields that a problem names.
func (p problem) fields() []string {
	var names []string
	for _, field := range p.Errors {
		names = append(names, field.Field)
	}
	return names
}

func TestBadRequestsNameTheirField(t *testing.T) {
	w := newWorld(t)
	supervisor, reporter := w.program("supervisor"), w.program("reporter")
	duty, decide := "/api/v1/duties/"+number(w.inside.open), "/api/v1/reports/"+number(w.inside.report)
	const board, list = "/api/v1/boards/370100?", "/api/v1/duties?unit=370100&"
	cases := []struct {
		name   string
		as     *program
		path   string
		body   any // with one it is a POST
		status int
		field  string // or a word of the detail, after a colon
	}{
		{"no such day", supervisor, board + "as_of=2017-02-30", nil, 422, "as_of"},
		{"no date", supervisor, list + "as_of=yesterday", nil, 422, "as_of"},
		{"board of the future", supervisor, board + "as_of=2017-06-11", nil, 422, "as_of"},
		{"duties of the future", supervisor, list + "as_of=2017-06-11", nil, 422, "as_of"},
		{"duty of the future", supervisor, duty + "?as_of=2099-01-01", nil, 422, "as_of"},
		{"year in words", supervisor, board + "year=abc", nil, 422, "year"},
		{"year beyond reason", supervisor, list + "year=99999999999999999999", nil, 422, "year"},
		{"unknown policy", supervisor, board + "policy=shangdong-2017", nil, 404, ":shangdong-2017"},
		{"unknown policy of duties", supervisor, list + "policy=shangdong-2017", nil, 404, ":shangdong-2017"},
		{"unknown obligation", supervisor, list + "obligation=sd2017.paln", nil, 404, ":sd2017.paln"},
		{"unknown state", supervisor, list + "state=done", nil, 422, "state"},
		{"no duties on a page", supervisor, list + "limit=0", nil, 422, "limit"},
		{"too many on a page", supervisor, list + "limit=9999", nil, 422, "limit"},
		{"limit in words", supervisor, list + "limit=many", nil, 422, "limit"},
		{"cursor of nothing", supervisor, list + "cursor=garbage", nil, 422, "cursor"},
		{"cursor with a quote", supervisor, list + "cursor=MjAxNy0wMS0wMScuMQ", nil, 422, "cursor"},
		{"no unit", supervisor, "/api/v1/duties", nil, 422, "unit"},
		{"yes or no", supervisor, list + "own=maybe", nil, 422, "own"},
		{"duty in words", supervisor, "/api/v1/duties/first", nil, 422, "id"},
		{"duty beyond numbers", supervisor, "/api/v1/duties/99999999999999999999", nil, 422, "id"},
		{"unit with a quote", supervisor, "/api/v1/boards/370100'--", nil, 404, ":370100'--"},

		{"unknown field", reporter, duty + "/reports", `{"on":"2017-06-08","titel":"x"}`, 422, "titel"},
		{"number for text", reporter, duty + "/reports", `{"title":5}`, 422, "title"},
		{"text for yes or no", reporter, duty + "/reports", `{"in_division_of_work":"yes"}`, 422, "in_division_of_work"},
		{"list of texts", reporter, duty + "/reports", `{"items":["x"]}`, 422, "items[0]"},
		{"object for list", reporter, duty + "/reports", `{"items":{}}`, 422, "items"},
		{"item without points", reporter, duty + "/reports", `{"items":[{"name":"x"}]}`, 422, "items[0].points"},
		{"null for text", reporter, duty + "/reports", `{"on":null}`, 422, "on"},
		{"list for object", reporter, duty + "/reports", `[]`, 422, "body"},
		{"no such day in a report", reporter, duty + "/reports", `{"on":"2017-02-30"}`, 422, "on"},
		{"fact of the future", reporter, duty + "/reports", `{"on":"2017-06-11","title":"x","url":"https://example.cn/"}`, 422, "on"},
		{"address without scheme", reporter, duty + "/reports", `{"on":"2017-06-08","title":"x","url":"javascript:alert(1)"}`, 422, "url"},
		{"instant without zone", reporter, duty + "/reports", `{"at":"2017-06-08T10:00:00"}`, 422, "at"},
		{"broken JSON", reporter, duty + "/reports", `{"on":`, 400, ":JSON"},
		{"rubbish behind JSON", reporter, duty + "/reports", `{} {}`, 400, ":JSON"},
		{"no JSON", reporter, duty + "/reports", `on=2017-06-08`, 400, ":JSON"},
		{"empty body", reporter, duty + "/reports", "", 400, ":JSON"},
		{"huge body", reporter, duty + "/reports", `{"note":"` + strings.Repeat("x", 1<<20) + `"}`, 413, ":1 MiB"},
		{"long note", reporter, duty + "/reports", `{"on":"2017-06-08","title":"x","url":"https://example.cn/","note":"` + strings.Repeat("字", 2001) + `"}`, 422, "note"},
		{"start without number", reporter, "/api/v1/duties/" + number(w.inside.starting) + "/starts", `{"title":"x"}`, 422, "id"},
		{"return without reason", supervisor, decide + "/return", `{}`, 422, "reason"},
	}
	before := w.rows()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			call := func(language string) problem {
				c.as.language = language
				method := http.MethodGet
				if c.body != nil {
					method = http.MethodPost
				}
				got := c.as.call(method, c.path, c.body, "If-Match", `"0"`)
				got.t = t
				return got.refused(c.status)
			}
			english, chinese := call("en"), call("zh-CN")
			if word, detail := strings.CutPrefix(c.field, ":"); detail {
				if !strings.Contains(english.Detail, word) || !strings.Contains(chinese.Detail, word) {
					t.Errorf("%q and %q do not name %q", english.Detail, chinese.Detail, word)
				}
			} else if !slices.Contains(english.fields(), c.field) {
				t.Errorf("fields %q, want %q among them; %+v", english.fields(), c.field, english)
			}
			if isEnglish(chinese.Detail) || !isEnglish(english.Detail) {
				t.Errorf("details %q and %q are not in the languages asked for", english.Detail, chinese.Detail)
			}
			for i := range english.Errors {
				if e, z := english.Errors[i].Message, chinese.Errors[i].Message; isEnglish(z) || !isEnglish(e) {
					t.Errorf("messages %q and %q are not in the languages asked for", e, z)
				}
			}
		})
	}
	if w.rows() != before {
		t.Error("refused requests have changed the database")
	}
}

// isEnglish tells whether a text has no Chinese but what it quotes.
func isEnglish(text string) bool {
	return !strings.ContainsFunc(strings.ReplaceAll(text, "一", ""), func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

func TestMediaTypesOtherThanJSONAreRefused(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/duties/" + number(w.inside.open) + "/reports"
	p := w.program("reporter").call(http.MethodPost, path, "<x/>", "Content-Type", "application/xml").refused(http.StatusUnsupportedMediaType)
	if !strings.Contains(p.Detail, "application/json") {
		t.Errorf("detail %q does not say what would be right", p.Detail)
	}
}

func TestUnknownPathsAreProblems(t *testing.T) {
	w := newWorld(t)
	for _, p := range []*program{{w, "", "en"}, w.program("supervisor")} {
		p.get("/api/v1/nothing").refused(http.StatusNotFound)
		p.get("/api/v1/").refused(http.StatusNotFound)
		p.call(http.MethodDelete, "/api/v1/duties", nil).refused(http.StatusNotFound)
		p.call(http.MethodPost, "/api/v1/boards/370100", "{}").refused(http.StatusNotFound)
	}
}

func TestTokens(t *testing.T) {
	w := newWorld(t)
	const path = "/api/v1/boards/370100"
	right := w.program("supervisor")
	for name, header := range map[string]string{"none": "", "wrong": "Bearer sundial_wrong", "empty": "Bearer ", "another scheme": "Basic " + right.token,
		"without scheme": right.token, "with more": "Bearer " + right.token + "x", "two": "Bearer " + right.token + " x"} {
		got := (&program{w, "", "en"}).call(http.MethodGet, path, nil, "Authorization", header)
		if p := got.refused(http.StatusUnauthorized); strings.Contains(got.body, right.token) || p.Code != "unauthorized" {
			t.Errorf("%s token: %s", name, got.body)
		}
	}
	right.get(path).want(http.StatusOK)
	right.call(http.MethodGet, path, nil, "Authorization", "bearer "+right.token).want(http.StatusOK)
	// A right token next to a session does not help a wrong one.
	b := w.signIn("supervisor")
	b.header.Set("Authorization", "Bearer sundial_wrong")
	b.get(path).refused(http.StatusUnauthorized)
	b.header.Del("Authorization")
	b.get(path).want(http.StatusOK)

	if err := w.app.directory.SetDisabled(t.Context(), nil, rbac.Everywhere, "supervisor", true); err != nil {
		t.Fatal(err)
	}
	right.get(path).refused(http.StatusUnauthorized)
	b.get(path).refused(http.StatusUnauthorized)
	if err := w.app.directory.SetDisabled(t.Context(), nil, rbac.Everywhere, "supervisor", false); err != nil {
		t.Fatal(err)
	}
	right.get(path).want(http.StatusOK)
	if err := w.app.directory.RevokeTokens(t.Context(), nil, rbac.Everywhere, "supervisor"); err != nil {
		t.Fatal(err)
	}
	right.get(path).refused(http.StatusUnauthorized)
}

func TestOtherSitesCannotUseTheSession(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("supervisor")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	path := "/api/v1/reports/" + number(w.inside.report) + "/verify"
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set("If-Match", "0")
	b.request(r).refused(http.StatusForbidden)
}

// keys returns the keys of a JSON object in their order in the text's first one.
func keys(t *testing.T, object json.RawMessage) []string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Fatalf("%v in %s", err, object)
	}
	return slices.Sorted(maps.Keys(fields))
}

func TestBoardHasTheShapeOfTheContract(t *testing.T) {
	w := newWorld(t)
	got := w.program("province").get("/api/v1/boards/370000?year=2017&as_of=2017-06-10").want(http.StatusOK)
	var board struct {
		Unit, AsOf  string `json:"-"`
		Obligations []json.RawMessage
		Rows        []struct {
			Unit  string
			Name  string
			Cells []json.RawMessage
		}
		Totals []json.RawMessage
	}
	if err := json.Unmarshal([]byte(got.body), &board); err != nil {
		t.Fatal(err)
	}
	cell := []string{"due_soon", "exempt", "extended", "late", "met", "obligation", "overdue", "pending", "reported", "unscheduled"}
	for _, shape := range []struct {
		what string
		got  json.RawMessage
		want []string
	}{
		{"board", json.RawMessage(got.body), []string{"as_of", "obligations", "rows", "totals", "unit", "year"}},
		{"obligation", board.Obligations[0], []string{"clause", "id", "title"}},
		{"cell", board.Rows[0].Cells[0], cell},
		{"total", board.Totals[0], cell},
	} {
		if diff := cmp.Diff(shape.want, keys(t, shape.got)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", shape.what, diff)
		}
	}
	if board.Rows[0].Unit != "370000" || board.Rows[1].Unit != "370100" || board.Rows[1].Name != "济南市" {
		t.Errorf("rows begin with %s and %s, want the province's own and 济南市", board.Rows[0].Unit, board.Rows[1].Unit)
	}
	if got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("content type %q", got.Header.Get("Content-Type"))
	}
	w.compareTotals(t, got.body)
}

// compareTotals adds up the rows, and counts the duties behind the totals.
func (w *world) compareTotals(t *testing.T, body string) {
	t.Helper()
	var board struct {
		Rows   []struct{ Cells []map[string]any }
		Totals []map[string]any
	}
	if err := json.Unmarshal([]byte(body), &board); err != nil {
		t.Fatal(err)
	}
	for i, total := range board.Totals {
		for state, want := range total {
			if state == "obligation" {
				continue
			}
			sum := 0.0
			for _, row := range board.Rows {
				sum += row.Cells[i][state].(float64)
			}
			filter := "&state=" + state
			switch state {
			case "due_soon":
				filter = "&due_soon=true"
			case "extended":
				filter = "&extended=true"
			}
			counted := len(w.listAll(t, fmt.Sprintf("/api/v1/duties?unit=370000&year=2017&obligation=%s%s", total["obligation"], filter), 7))
			if sum != want || float64(counted) != want {
				t.Errorf("%s %s: total %v, rows add up to %v, the list has %d", total["obligation"], state, want, sum, counted)
			}
		}
	}
}

// listAll reads all pages of a list.
func (w *world) listAll(t *testing.T, path string, limit int) []uint64 {
	t.Helper()
	p := w.reader()
	var ids []uint64
	for cursor := ""; ; {
		var page struct {
			Items []struct{ ID uint64 }
			Next  string
		}
		got := p.get(fmt.Sprintf("%s&limit=%d&cursor=%s", path, limit, cursor)).want(http.StatusOK)
		if err := json.Unmarshal([]byte(got.body), &page); err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		if len(page.Items) > limit {
			t.Fatalf("a page has %d items, want at most %d", len(page.Items), limit)
		}
		if cursor = page.Next; cursor == "" {
			return ids
		}
	}
}

// reader is the province's supervisor, with one token for all that reads.
func (w *world) reader() *program {
	if w.province == nil {
		w.province = w.program("province")
	}
	return w.province
}

func TestDutiesPageByPage(t *testing.T) {
	w := newWorld(t)
	const list = "/api/v1/duties?unit=370000"
	all := w.listAll(t, list, 200)
	if len(all) < 100 {
		t.Fatalf("only %d duties", len(all))
	}
	if diff := cmp.Diff(all, w.listAll(t, list, 13)); diff != "" {
		t.Errorf("pages of 13 show other duties than pages of 200:\n%s", diff)
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(all))); len(unique) != len(all) {
		t.Errorf("%d of %d duties are listed twice", len(all)-len(unique), len(all))
	}
}

func TestDutyHasTheShapeOfTheContract(t *testing.T) {
	w := newWorld(t)
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal([]byte(w.reader().get("/api/v1/duties?unit=370100&obligation=sd2017.plan").want(http.StatusOK).body), &list); err != nil {
		t.Fatal(err)
	}
	// 济南市 and its department.
	if len(list.Items) != 2 {
		t.Fatalf("%d plans, want 2", len(list.Items))
	}
	want := []string{"clause", "done_on", "due_on", "due_soon", "evidence", "extended_to", "id", "kind", "notes", "obligation", "period", "provisional", "reason",
		"required", "state", "title", "unit", "unit_name", "value", "version"}
	if diff := cmp.Diff(want, keys(t, list.Items[0])); diff != "" {
		t.Errorf("duty: -want +got:\n%s", diff)
	}
	one := w.reader().get("/api/v1/duties/" + number(w.inside.open)).want(http.StatusOK)
	if diff := cmp.Diff(slices.Sorted(slices.Values(append(want, "reports", "extensions", "exemptions", "withdrawn"))), keys(t, json.RawMessage(one.body))); diff != "" {
		t.Errorf("one duty: -want +got:\n%s", diff)
	}
	var duty map[string]any
	if err := json.Unmarshal([]byte(one.body), &duty); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]any{"unit": "370100", "obligation": "sd2017.plan", "due_on": "2017-06-16", "state": "pending", "due_soon": true,
		"done_on": nil, "period": "2017", "kind": "within_working_days", "clause": "最后一段", "provisional": false} {
		if duty[field] != want {
			t.Errorf("%s is %v, want %v", field, duty[field], want)
		}
	}
}

// filedReport is a report as a client reads it.
type filedReport struct {
	ID, Duty       uint64
	Status, Reason string
	Version        int
	FiledOn        string `json:"filed_on"`
	Filing         json.RawMessage
	Evidence       []map[string]any
	Warnings       []struct{ Field, Message string }
}

func TestReportFromFilingToVerification(t *testing.T) {
	w := newWorld(t)
	reporter, supervisor := w.program("reporter"), w.program("supervisor")
	duty := "/api/v1/duties/" + number(w.inside.open)
	body := map[string]any{"on": "2017-06-08", "title": "济南市实施方案", "url": "https://www.example.gov.cn/plan"}
	file := func(body map[string]any, key string) answer {
		return reporter.call(http.MethodPost, duty+"/reports", body, "Idempotency-Key", key)
	}
	var first, again filedReport
	created := file(body, "k1").want(http.StatusCreated)
	created.into(&first)
	if created.Header.Get("ETag") != `"0"` || first.Version != 0 || first.Status != "filed" || first.Duty != w.inside.open || first.FiledOn != "2017-06-10" {
		t.Errorf("ETag %s, report %+v", created.Header.Get("ETag"), first)
	}
	rows := w.rows()
	file(body, "k1").want(http.StatusCreated).into(&again)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same request again gives another report:\n%s", diff)
	}
	body["title"] = "another"
	file(body, "k1").refused(http.StatusConflict)
	file(body, "").refused(http.StatusConflict) // one waits
	if w.rows() != rows {
		t.Error("a replay or a conflict has changed the database")
	}

	report := "/api/v1/reports/" + number(first.ID)
	reason := map[string]any{"reason": "链接打不开"}
	for _, decision := range []string{"/verify", "/return"} {
		if p := supervisor.call(http.MethodPost, report+decision, reason).refused(http.StatusUnprocessableEntity); !slices.Contains(p.fields(), "If-Match") {
			t.Errorf("%s without If-Match: fields %q", decision, p.fields())
		}
		supervisor.call(http.MethodPost, report+decision, reason, "If-Match", "*").refused(http.StatusUnprocessableEntity)
		supervisor.call(http.MethodPost, report+decision, reason, "If-Match", `"1"`).refused(http.StatusPreconditionFailed)
	}
	if w.rows() != rows {
		t.Error("a refused decision has changed the database")
	}
	var returned, verified filedReport
	supervisor.call(http.MethodPost, report+"/return", reason, "If-Match", `"0"`).want(http.StatusOK).into(&returned)
	if returned.Status != "returned" || returned.Reason != "链接打不开" || returned.Version != 1 {
		t.Errorf("returned: %+v", returned)
	}
	// Whoever saw the report before it was returned is too late.
	supervisor.call(http.MethodPost, report+"/verify", nil, "If-Match", `"0"`).refused(http.StatusPreconditionFailed)
	supervisor.call(http.MethodPost, report+"/verify", nil, "If-Match", `"1"`).refused(http.StatusConflict)

	file(body, "k2").want(http.StatusCreated).into(&verified)
	last := supervisor.call(http.MethodPost, "/api/v1/reports/"+number(verified.ID)+"/verify", nil, "If-Match", "0").want(http.StatusOK)
	last.into(&verified)
	if verified.Status != "verified" || last.Header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s, verified: %+v", last.Header.Get("ETag"), verified)
	}
	var shown struct {
		State   string
		DoneOn  string `json:"done_on"`
		Reports []struct{ Status string }
	}
	if err := json.Unmarshal([]byte(reporter.get(duty).want(http.StatusOK).body), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.State != "met" || shown.DoneOn != "2017-06-08" || len(shown.Reports) != 2 || shown.Reports[0].Status != "verified" {
		t.Errorf("in the end: %+v", shown)
	}
	reporter.call(http.MethodPost, duty+"/reports", body).refused(http.StatusConflict) // done
}

func TestInsideIsNeverShown(t *testing.T) {
	w := newWorld(t)
	api, pages := w.program("supervisor"), w.signIn("supervisor")
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, got := range []answer{api.get("/api/v1/boards/370100"), pages.get("/api/v1/boards/370100"), pages.get("/units/370100/board"), pages.get("/login")} {
		if got.StatusCode != http.StatusInternalServerError && got.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("status %d without a database", got.StatusCode)
		}
		got.noInside()
	}
	if p := api.get("/api/v1/boards/370100").refused(http.StatusInternalServerError); p.ID == "" || !strings.Contains(p.Detail, p.ID) {
		t.Errorf("an internal error without its id: %+v", p)
	}
	w.send(httptest.NewRequest(http.MethodGet, "/healthz", nil)).want(http.StatusOK)
	w.send(httptest.NewRequest(http.MethodGet, "/readyz", nil)).want(http.StatusServiceUnavailable).noInside()
	// A browser without a session needs no database to see the sign-in page.
	w.browser("en").get("/login").want(http.StatusOK)
}

func TestDescription(t *testing.T) {
	w := newWorld(t)
	var description struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Summary     string
			OperationID string `json:"operationId"`
			Security    []map[string][]string
			Responses   map[string]struct {
				Content map[string]struct{ Schema json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal([]byte((&program{w, "", "en"}).get("/api/v1/openapi.json").want(http.StatusOK).body), &description); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(description.OpenAPI, "3.1") {
		t.Errorf("version %s, want 3.1", description.OpenAPI)
	}
	operations := 0
	for path, item := range description.Paths {
		for method, operation := range item {
			operations++
			if operation.Summary == "" || operation.OperationID == "" || len(operation.Security) == 0 {
				t.Errorf("%s %s lacks summary, id or security", method, path)
			}
			wanted := []string{"401", "403", "404", "422", "500", "503"}
			if method == "post" {
				wanted = append(wanted, "400", "409", "412", "413")
			}
			for _, status := range wanted {
				if operation.Responses[status].Content["application/problem+json"].Schema == nil {
					t.Errorf("%s %s does not describe the problem %s", method, path, status)
				}
			}
		}
	}
	if operations != len(apiVisits) {
		t.Errorf("%d operations are described, want %d", operations, len(apiVisits))
	}
}

func TestHealthAndMetrics(t *testing.T) {
	w := newWorld(t)
	nobody := &program{w, "", "en"}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if got := nobody.get(path).want(http.StatusOK); got.body != want {
			t.Errorf("%s says %q", path, got.body)
		}
	}
	nobody.call("MADEUP-1", "/api/v1/boards/370100", nil)
	w.reader().get("/api/v1/boards/370100").want(http.StatusOK)
	metrics := nobody.get("/metrics").want(http.StatusOK).body
	for _, want := range []string{`sundial_request_seconds_count{method="GET",route="/api/v1/boards/:unit",status="200"} 1`, "go_goroutines"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	// Whoever makes up methods must not make up time series.
	if strings.Contains(metrics, "MADEUP") {
		t.Error("a made-up method is a label of the metrics")
	}
}
