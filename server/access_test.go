package main

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/api"
	"sundial/server/gate"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/web"
)

// The routes in the words of their tables, with what each asks of its caller.
func pageRoutes() map[string]gate.Access {
	accesses := map[string]gate.Access{}
	for _, r := range web.Routes() {
		accesses[r.Method+" "+r.Path] = r.Access
	}
	return accesses
}

func apiRoutes(t *testing.T) map[string]gate.Access {
	t.Helper()
	accesses := map[string]gate.Access{}
	description := (&api.Server{}).Register(gin.New(), "test").OpenAPI()
	for path, item := range description.Paths {
		for method, operation := range map[string]*huma.Operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete, "PATCH": item.Patch} {
			if operation != nil {
				// An operation without one gets the zero access, which asks for an
				// unknown permission.
				accesses[method+" "+path], _ = operation.Metadata[api.AccessKey].(gate.Access)
			}
		}
	}
	return accesses
}

// openRoutes ask for nothing and are in neither table.
var openRoutes = []string{
	"GET /healthz", "GET /readyz", "GET /metrics", "GET /assets/*name", "HEAD /assets/*name",
	"GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml", "GET /api/v1/openapi-3.0.json", "GET /api/v1/openapi-3.0.yaml",
	"GET /api/v1/schemas/:schema",
}

func TestEveryRouteStandsInATable(t *testing.T) {
	w := newWorld(t)
	engine, _, err := w.app.engine(false)
	if err != nil {
		t.Fatal(err)
	}
	known := pageRoutes()
	for route, access := range apiRoutes(t) {
		known[strings.NewReplacer("{", ":", "}", "").Replace(route)] = access
	}
	for _, route := range engine.Routes() {
		name := route.Method + " " + route.Path
		if _, found := known[name]; !found && !slices.Contains(openRoutes, name) {
			t.Errorf("%s is in no table of routes: nobody says who may use it", name)
		}
	}
}

func TestEveryRouteAsksForAPermissionThatThePolicyKnows(t *testing.T) {
	table, err := rbac.Load()
	if err != nil {
		t.Fatal(err)
	}
	open := []string{"GET /login", "POST /login", "POST /logout", "POST /language", "POST /theme", "GET /invitation/:secret", "POST /invitation/:secret",
		"GET /attend", "POST /attend", "GET /attend/:session", "POST /attend/:session", "GET /certificates",
		"GET /public/bulletins/:series", "GET /public/bulletins/:series/:edition", "GET /public/bulletins/:series/:edition/:file",
		"GET /public/bulletins/:series/:edition/document.docx",
		"GET /public", "GET /public/data", "GET /public/catalog.json", "GET /robots.txt", "GET /help"}
	signedIn := []string{"GET /", "GET /account", "POST /account/password", "GET /inbox", "POST /inbox/read", "POST /inbox/:id/open",
		"GET /search", "GET /views", "POST /views", "POST /views/:id/remove", "POST /tour/end", "POST /tour/again"}
	all := pageRoutes()
	maps.Copy(all, apiRoutes(t))
	for route, access := range all {
		permission, asks := access.Permission()
		switch {
		case access.IsOpen():
			if !slices.Contains(open, route) {
				t.Errorf("%s is open to everybody", route)
			}
		case !asks:
			if !slices.Contains(signedIn, route) {
				t.Errorf("%s asks for no permission", route)
			}
		case !table.Knows(permission):
			t.Errorf("%s asks for %q, which the policy does not know", route, permission)
		}
	}
}

// visit is how a test calls a route for a place. A request that must be refused
// is sent with a body that would do something if it got through; one that is
// allowed with a body that does nothing.
type visit struct {
	path func(p place) string
	// works may be a function of the place.
	works, harmless any
	header          func(works bool) []string
	// first brings about what works needs.
	first func(w *world, p place)
	// regional routes act on a whole region, which no grant inside covers.
	regional bool
	// above is what a route answers for the place above, whose sessions who works
	// below sees: nil where it is as if not there.
	above []int
	// nowhere routes are about no unit.
	nowhere bool
	// national routes act on all units at once, which only the user nation may.
	national bool
}

func at(format string, id func(place) string) func(place) string {
	return func(p place) string { return strings.ReplaceAll(format, "*", id(p)) }
}

func code(p place) string     { return p.code }
func open(p place) string     { return number(p.open) }
func starting(p place) string { return number(p.starting) }
func report(p place) string   { return number(p.report) }
func file(p place) string     { return number(p.file) }
func none(place) string       { return "" }
func grant(p place) string    { return "/users/" + person(p) + "/grants/" + number(p.grant) }

var fullFiling = url.Values{"on": {"2017-06-08"}, "title": {"实施方案"}, "url": {"https://www.example.gov.cn/plan"}, "name": {"李某"}, "from": {"2017-06-01"},
	"in_division_of_work": {"1"}, "announced_on": {"2017-06-02"}, "late_reason": {"材料审签较晚"}}

var fullFilingJSON = map[string]any{"on": "2017-06-08", "title": "实施方案", "url": "https://www.example.gov.cn/plan", "name": "李某", "from": "2017-06-01",
	"in_division_of_work": true, "announced_on": "2017-06-02", "late_reason": "材料审签较晚"}

// startOf fits both an incident and the close of a congress.
var startOf = url.Values{"id": {"x-1"}, "title": {"事件"}, "on": {"2017-02-20"}, "at": {"2017-06-08T10:00"}}

var pageVisits = map[string]visit{
	"GET /":                       {path: at("/", none), nowhere: true},
	"GET /login":                  {path: at("/login", none), nowhere: true},
	"POST /login":                 {path: at("/login", none), nowhere: true, harmless: url.Values{}},
	"POST /logout":                {path: at("/logout", none), nowhere: true, harmless: url.Values{}},
	"POST /language":              {path: at("/language", none), nowhere: true, harmless: url.Values{}},
	"POST /theme":                 {path: at("/theme", none), nowhere: true, harmless: url.Values{}},
	"GET /account":                {path: at("/account", none), nowhere: true},
	"POST /account/password":      {path: at("/account/password", none), nowhere: true, harmless: url.Values{}},
	"GET /units/:code/board":      {path: at("/units/*/board", code)},
	"GET /units/:code":            {path: at("/units/*", code)},
	"GET /units/:code/roster":     {path: at("/units/*/roster?subtree=1", code)},
	"GET /units/:code/roster.csv": {path: at("/units/*/roster.csv", code)},
	"POST /units/:code/roster": {path: at("/units/*/roster", code), works: url.Values{"name": {"新人"}, "start_on": {"2017-06-01"}},
		harmless: url.Values{}},
	"POST /units/:code/roster/move-all": {path: at("/units/*/roster/move-all", code), works: url.Values{"unit": {"370200-fgw"}, "start_on": {"2017-06-01"}},
		harmless: url.Values{}, first: (*world).closePlace},
	"GET /units/:code/duplicates": {path: at("/units/*/duplicates", code)},
	"GET /people/:id":             {path: at("/people/*", staff)},
	"POST /people/:id/changes":    {path: at("/people/*/changes", staff), works: leaving, harmless: url.Values{}},
	"GET /people/:id/merge":       {path: func(p place) string { return "/people/" + number(p.staff) + "/merge?with=%23" + number(p.namesake) }},
	"POST /people/:id/merge":      {path: at("/people/*/merge", staff), works: merging, harmless: unreasoned},
	"GET /units":                  {path: at("/units?under=*", code)},
	"GET /units/:code/manage":     {path: at("/units/*/manage", code)},
	"POST /units/:code/changes": {path: at("/units/*/changes", code), works: url.Values{"action": {"edit"}, "name": {"新名称"}, "confirm": {"1"}},
		harmless: url.Values{}},
	"GET /duties":                    {path: at("/duties?unit=*", code)},
	"GET /duties/:id":                {path: at("/duties/*", open)},
	"POST /duties/:id/reports":       {path: at("/duties/*/reports", open), works: fullFiling, harmless: url.Values{}},
	"POST /duties/:id/draft":         {path: at("/duties/*/draft", open), works: url.Values{"draft_version": {"0"}, "title": {"方案"}}, harmless: url.Values{"draft_version": {"99"}}},
	"POST /duties/:id/draft/discard": {path: at("/duties/*/draft/discard", open), harmless: url.Values{}},
	"POST /duties/:id/evidence":      {path: at("/duties/*/evidence", open), works: fileForm(pdf), harmless: url.Values{}},
	"GET /evidence/:id":              {path: at("/evidence/*", file)},
	"POST /evidence/:id/remove":      {path: at("/evidence/*/remove", file), harmless: url.Values{}},
	"POST /reports/:id/withdraw":     {path: at("/reports/*/withdraw", report), works: url.Values{"version": {"0"}}, harmless: url.Values{"version": {"99"}}},
	"POST /duties/:id/starts":        {path: at("/duties/*/starts", starting), works: startOf, harmless: url.Values{}},
	"GET /queue":                     {path: at("/queue?unit=*", code)},
	"POST /reports/:id/verify":       {path: at("/reports/*/verify", report), works: url.Values{"version": {"0"}}, harmless: url.Values{}},
	"POST /reports/:id/return": {path: at("/reports/*/return", report), works: url.Values{"version": {"0"}, "reason": {"链接打不开"}},
		harmless: url.Values{}},
	"GET /audit":          {path: at("/audit?unit=*", code)},
	"GET /policies":       {path: at("/policies", none), nowhere: true},
	"GET /policies/:code": {path: at("/policies/shandong-2017", none), nowhere: true},
	// A link that nobody has is refused in the same words to all.
	"GET /invitation/:secret":  {path: at("/invitation/guessed", none), nowhere: true},
	"POST /invitation/:secret": {path: at("/invitation/guessed", none), nowhere: true, harmless: url.Values{}},
	"GET /users":               {path: at("/users", none), nowhere: true},
	"POST /users": {path: at("/users", none), nowhere: true, harmless: url.Values{},
		works: url.Values{"login": {"new-person"}, "name": {"新人"}, "role": {"reporter"}, "unit": {"370100"}}},
	"GET /users/:login":                      {path: at("/users/*", person)},
	"POST /users/:login/grants":              {path: at("/users/*/grants", person), works: url.Values{"role": {"reporter"}, "unit": {"370100"}}, harmless: url.Values{}},
	"POST /users/:login/grants/:id/remove":   {path: at("*/remove", grant), works: confirmation, harmless: url.Values{}},
	"POST /users/:login/disable":             {path: at("/users/*/disable", person), works: confirmation, harmless: url.Values{}},
	"POST /users/:login/enable":              {path: at("/users/*/enable", person), works: confirmation, harmless: url.Values{}},
	"POST /users/:login/reset":               {path: at("/users/*/reset", person), works: confirmation, harmless: url.Values{}},
	"POST /users/:login/revoke-tokens":       {path: at("/users/*/revoke-tokens", person), works: confirmation, harmless: url.Values{}},
	"GET /policies/new":                      {path: at("/policies/new", none), nowhere: true},
	"POST /policies/new":                     {path: at("/policies/new", none), nowhere: true, harmless: url.Values{}},
	"POST /policies":                         {path: at("/policies", none), nowhere: true, works: url.Values{"source": {smallPack}}, harmless: url.Values{}},
	"GET /policies/:code/activation":         {path: ofRegion("/activation?year=2018"), regional: true},
	"POST /policies/:code/activations":       {path: ofRegion("/activations"), works: url.Values{"year": {"2018"}}, harmless: url.Values{}, regional: true},
	"GET /policies/:code/amendment":          {path: ofRegion("/amendment"), regional: true},
	"POST /policies/:code/amendment/preview": {path: ofRegion("/amendment/preview"), harmless: url.Values{}, regional: true},
	"POST /policies/:code/amendment":         {path: ofRegion("/amendment"), harmless: url.Values{}, regional: true},
	"GET /policies/:code/retirement":         {path: ofRegion("/retirement"), regional: true},
	"POST /policies/:code/retirement":        {path: ofRegion("/retirement"), harmless: url.Values{}, regional: true},
	"POST /policies/:code/levels":            {path: ofRegion("/levels"), works: url.Values{"levels": {"2"}}, harmless: url.Values{}, regional: true},
	"GET /policies/:code/editions/:edition":  {path: ofRegion("/editions/1"), regional: true},
	"GET /calendar":                          {path: at("/calendar", none), nowhere: true},
	"POST /calendar/preview":                 {path: at("/calendar/preview", none), national: true},
	"POST /calendar/notices":                 {path: at("/calendar/notices", none), national: true, works: url.Values{"text": {notice2027}}},
	"POST /calendar/notices/:id/remove":      {path: at("/calendar/notices/1/remove", none), national: true},
}

var confirmation = url.Values{"confirm": {"1"}}

// ofRegion is the path of the policy that binds the place's region.
func ofRegion(rest string) func(p place) string {
	return func(p place) string {
		if p.code[:2] == "21" {
			return "/policies/liaoning-2016" + rest
		}
		return "/policies/shandong-2017" + rest
	}
}

// smallPack is a sound policy pack of one obligation.
const smallPack = `id: shandong-2099
short: sd2099
number: 试〔2099〕1号
title: {zh: 试验, en: Trial}
issuer: 试验单位
region: "370000"
effective: {from: 2017-01-01}
obligations:
  - id: sd2099.open-day
    clause: 一
    title: {zh: 开放日, en: Open day}
    counts: {zh: 开放日, en: Open day}
    kind: count
    who: {kinds: [city]}
    require: {what: open-day, min: 1, window: year}
    points: "1"
`

// fileForm is the content of a file that is sent as a form.
type fileForm string

// ifMatch names the version that the report has, or one that it never had.
func ifMatch(works bool) []string {
	if works {
		return []string{"If-Match", `"0"`}
	}
	return []string{"If-Match", `"99"`}
}

var apiVisits = map[string]visit{
	"GET /api/v1/audit":                {path: at("/api/v1/audit?unit=*", code)},
	"GET /api/v1/boards/{unit}":        {path: at("/api/v1/boards/*?year=2017", code)},
	"GET /api/v1/duties":               {path: at("/api/v1/duties?unit=*", code)},
	"GET /api/v1/duties/{id}":          {path: at("/api/v1/duties/*", open)},
	"POST /api/v1/duties/{id}/reports": {path: at("/api/v1/duties/*/reports", open), works: fullFilingJSON, harmless: "{}"},
	"POST /api/v1/duties/{id}/evidence": {path: at("/api/v1/duties/*/evidence", open), works: formOf("清单.pdf", pdf), harmless: "", header: func(bool) []string {
		return []string{"Content-Type", formType}
	}},
	"GET /api/v1/evidence/{id}":          {path: at("/api/v1/evidence/*", file)},
	"DELETE /api/v1/evidence/{id}":       {path: at("/api/v1/evidence/*", file)},
	"GET /api/v1/duties/{id}/draft":      {path: at("/api/v1/duties/*/draft", open)},
	"DELETE /api/v1/duties/{id}/draft":   {path: at("/api/v1/duties/*/draft", open)},
	"PUT /api/v1/duties/{id}/draft":      {path: at("/api/v1/duties/*/draft", open), works: map[string]any{"title": "方案"}, harmless: map[string]any{}, header: ifMatch},
	"POST /api/v1/reports/{id}/withdraw": {path: at("/api/v1/reports/*/withdraw", report), works: "", harmless: "", header: ifMatch},
	"POST /api/v1/duties/{id}/starts": {path: at("/api/v1/duties/*/starts", starting),
		works:    map[string]any{"id": "x-1", "title": "事件", "on": "2017-02-20", "at": "2017-06-08T10:00:00+08:00"},
		harmless: map[string]any{"id": "x-1", "title": ""}},
	"POST /api/v1/duties/{id}/exemption": {path: at("/api/v1/duties/*/exemption", open),
		works: map[string]any{"reason": "机构撤并", "document": "鲁政办〔2017〕1号"}, harmless: map[string]any{"reason": "", "document": ""}},
	"POST /api/v1/reports/{id}/verify": {path: at("/api/v1/reports/*/verify", report), works: "", harmless: "", header: ifMatch},
	"POST /api/v1/reports/{id}/return": {path: at("/api/v1/reports/*/return", report), header: ifMatch,
		works: map[string]any{"reason": "链接打不开"}, harmless: map[string]any{"reason": "链接打不开"}},
}

// caller sends a visit, as a browser to pages and as a program to the API.
type caller struct {
	role    models.Role // empty for nobody and for who has no grant
	browser *browser
	program *program
}

func (c caller) send(route string, v visit, p place, works bool) answer {
	method, _, _ := strings.Cut(route, " ")
	body := v.harmless
	if works {
		body = v.works
	}
	if of, depends := body.(func(place) any); depends {
		body = of(p)
	}
	if _, page := pageVisits[route]; page {
		if method == http.MethodGet {
			return c.browser.get(v.path(p))
		}
		switch upload := body.(type) {
		case fileForm:
			return c.browser.upload(v.path(p), string(upload))
		case tableForm:
			return c.browser.sendTable(v.path(p), upload)
		}
		form, _ := body.(url.Values)
		return c.browser.post(v.path(p), form)
	}
	var headers []string
	if v.header != nil {
		headers = v.header(works)
	}
	if body == "" {
		body = nil
	}
	return c.program.call(method, v.path(p), body, headers...)
}

// permitted are the statuses of a request that passed the gate and the scope.
var permitted = []int{200, 201, 204, 303, 409, 412, 422}

// expect returns the statuses that a route may answer.
func expect(table *rbac.Table, c caller, signedIn bool, route string, access gate.Access, v visit, inside bool) []int {
	permission, asks := access.Permission()
	switch {
	case access.IsOpen() && route == "POST /login":
		return []int{http.StatusUnauthorized, http.StatusTooManyRequests}
	case access.IsOpen() && strings.HasSuffix(route, "/invitation/:secret"):
		return []int{http.StatusNotFound, http.StatusTooManyRequests}
	case access.IsOpen():
		return permitted
	case !signedIn && strings.HasPrefix(route, "GET /") && !strings.HasPrefix(route, "GET /api"):
		return []int{http.StatusSeeOther}
	case !signedIn:
		return []int{http.StatusUnauthorized}
	case route == "POST /inbox/:id/open":
		return []int{http.StatusNotFound} // nobody opens the messages of others
	case asks && !table.Allows(c.role, permission):
		return []int{http.StatusForbidden}
	case v.national:
		return []int{http.StatusForbidden}
	case !asks || v.nowhere || inside && !v.regional:
		return permitted
	default:
		return []int{http.StatusNotFound}
	}
}

// TestAccess walks every route as every role and as nobody, for places inside
// and outside of what is granted: what rbac's table denies is refused, what lies
// outside is not there, and nothing refused leaves a trace.
func TestAccess(t *testing.T) {
	w := newWorld(t)
	accesses, visits := pageRoutes(), map[string]visit{}
	maps.Copy(accesses, apiRoutes(t))
	maps.Copy(visits, pageVisits)
	maps.Copy(visits, apiVisits)
	for route := range accesses {
		if _, found := visits[route]; !found {
			t.Errorf("%s has no visit in this test", route)
		}
	}
	for route := range visits {
		if _, found := accesses[route]; !found {
			t.Errorf("%s is visited and in no table", route)
		}
	}
	for _, name := range append([]string{"", "nothing"}, roleNames()...) {
		t.Run("as "+name, func(t *testing.T) { w.walk(t, name, accesses, visits) })
	}
	t.Run("broken texts", w.sendBrokenTexts)
}

// sendBrokenTexts sends bytes that are no UTF-8, which MariaDB refuses to compare
// and to store: that must be the client's fault, not an internal error.
func (w *world) sendBrokenTexts(t *testing.T) {
	p, b, reporter := w.program("supervisor"), w.signIn("supervisor"), w.program("reporter")
	admin := w.signIn("administrator")
	before := w.rows()
	for name, got := range map[string]answer{
		"a user":          admin.get("/users/%FF"),
		"users":           admin.get("/users?q=%FF"),
		"unit of users":   admin.get("/users?unit=%FF"),
		"users from":      admin.get("/users?cursor=%FF"),
		"role of users":   admin.get("/users?role=%FF"),
		"a new user":      admin.post("/users", url.Values{"login": {"a-user"}, "name": {"\xff"}}),
		"unit of a list":  p.get("/api/v1/duties?unit=%FF"),
		"unit of a board": p.get("/api/v1/boards/%FF"),
		"page":            b.get("/units/%FF"),
		"policy":          b.get("/units/370100/board?policy=%FF"),
		"login":           w.browser("en").post("/login", url.Values{"login": {"\xff"}, "password": {"\xff"}}),
		"invitation":      b.get("/invitation/%FF"),
		"reason":          b.post("/reports/"+number(w.inside.report)+"/return", url.Values{"version": {"0"}, "reason": {"\xff"}}),
		"start":           b.post("/duties/"+number(w.inside.starting)+"/starts", url.Values{"id": {"\xff"}, "title": {"\xff"}, "at": {"2017-06-08T10:00"}}),
		"token":           (&program{w, "\xff", "en"}).get("/api/v1/duties?unit=370100"),
		"key":             reporter.call(http.MethodPost, "/api/v1/duties/"+number(w.inside.open)+"/reports", fullFilingJSON, "Idempotency-Key", "\xff"),
	} {
		if got.StatusCode < 400 || got.StatusCode >= 500 {
			t.Errorf("%s: status %d\n%s", name, got.StatusCode, short(got.body))
		}
	}
	if after := w.rows(); after != before {
		t.Error("broken texts have changed the database")
	}
}

func roleNames() []string {
	names := make([]string, len(rbac.Roles))
	for i, role := range rbac.Roles {
		names[i] = string(role)
	}
	return names
}

func (w *world) walk(t *testing.T, name string, accesses map[string]gate.Access, visits map[string]visit) {
	c := caller{models.Role(name), w.browser("en"), &program{w, "", "en"}}
	if name != "" {
		c.browser, c.program = w.signIn(name), w.program(name)
	}
	before := w.rows()
	for _, route := range slices.Sorted(maps.Keys(visits)) {
		if route == "POST /logout" || route == "POST /login" {
			continue // they change who asks; see below
		}
		for _, p := range []place{w.inside, w.sibling, w.parent, w.elsewhere} {
			want := expect(w.app.table, c, name != "", route, accesses[route], visits[route], p == w.inside)
			if above := visits[route].above; above != nil && p == w.parent && want[0] == http.StatusNotFound {
				want = above
			}
			allowed := len(want) > 2
			got := c.send(route, visits[route], p, !allowed)
			if !slices.Contains(want, got.StatusCode) {
				t.Errorf("%s of %s: status %d, want one of %v\n%s", route, p.code, got.StatusCode, want, short(got.body))
			}
			if !allowed && strings.Contains(got.body, p.name) {
				t.Errorf("%s of %s: refused, but the answer names %s", route, p.code, p.name)
			}
		}
	}
	if after := w.rows(); after != before {
		t.Error("the requests have changed the database")
	}
	for _, route := range []string{"POST /login", "POST /logout"} {
		got := c.send(route, visits[route], w.inside, false)
		if want := expect(w.app.table, c, name != "", route, accesses[route], visits[route], true); !slices.Contains(want, got.StatusCode) {
			t.Errorf("%s: status %d, want one of %v", route, got.StatusCode, want)
		}
	}
}

// TestWhatIsRefusedWouldWork shows that the bodies of TestAccess are refused for
// who sends them: for a user with all grants they work, each in a world of its own.
func TestWhatIsRefusedWouldWork(t *testing.T) {
	for route, v := range pageVisits {
		if v.works == nil {
			continue
		}
		t.Run(route, func(t *testing.T) {
			w := newWorld(t)
			login := "everything"
			if v.national {
				login = "nation"
			}
			c := caller{browser: w.signIn(login)}
			for _, p := range w.targets(route) {
				if v.first != nil {
					v.first(w, p)
				}
				if got := c.send(route, v, p, true); !slices.Contains([]int{http.StatusSeeOther, http.StatusOK, http.StatusCreated}, got.StatusCode) {
					t.Errorf("%s: status %d\n%s", p.code, got.StatusCode, short(got.body))
				}
			}
		})
	}
	for route, v := range apiVisits {
		if v.works == nil {
			continue
		}
		t.Run(route, func(t *testing.T) {
			w := newWorld(t)
			c := caller{program: w.program("everything")}
			for _, p := range w.targets(route) {
				if v.first != nil {
					v.first(w, p)
				}
				if got := c.send(route, v, p, true); got.StatusCode/100 != 2 {
					t.Errorf("%s: status %d\n%s", p.code, got.StatusCode, got.body)
				}
			}
		})
	}
}

// targets are the places at which a route can do something.
func (w *world) targets(route string) []place {
	switch {
	case strings.Contains(route, "/calendar/"):
		return []place{w.inside} // one calendar for all
	case route == "POST /users":
		return []place{w.inside} // a login is given once
	case strings.Contains(route, "activations"):
		// Shandong's policy demands nothing new in 2018.
		return []place{w.elsewhere}
	case strings.HasSuffix(route, "/scheme"):
		// Shandong itself owes no performance scheme.
		return []place{w.inside, w.sibling, w.elsewhere}
	case strings.HasSuffix(route, "/units/:code/tasks"), strings.HasSuffix(route, "/tasks/open"):
		// Tasks are divided where the policy is of.
		return []place{w.parent}
	case strings.HasSuffix(route, "/starts"):
		return []place{w.inside, w.sibling, w.parent}
	case strings.HasPrefix(route, "POST /urges/"), route == "POST /units/:code/urges":
		// The province owes nothing that is open, so that its urge is at its end.
		return []place{w.inside, w.sibling, w.elsewhere}
	case strings.HasSuffix(route, "/reports"):
		// What the province owes and has not filed has no term yet.
		return []place{w.inside, w.sibling, w.elsewhere}
	default:
		return []place{w.inside, w.sibling, w.parent, w.elsewhere}
	}
}

// Outside is told in the same words as what is not there at all.
func TestOutsideIsAsIfNotThere(t *testing.T) {
	w := newWorld(t)
	const missing = "987654321"
	for _, name := range roleNames() {
		c := caller{models.Role(name), w.signIn(name), w.program(name)}
		for route, v := range apiVisits {
			outside := c.send(route, v, w.sibling, true)
			absent := c.send(route, v, place{code: missing, open: 987654321, waiting: 987654321, starting: 987654321, report: 987654321, closing: 987654321, imported: 987654321, issued: 987654321, bulletin: 987654321}, true)
			for _, id := range []string{w.sibling.code} {
				outside.body = strings.ReplaceAll(outside.body, id, missing)
			}
			// An answer about several reports repeats their ids.
			outside.body = strings.ReplaceAll(outside.body, `"id":`+number(w.sibling.report)+",", `"id":`+missing+",")
			if outside.StatusCode != absent.StatusCode || outside.body != absent.body {
				t.Errorf("%s: %s outside is\n%s\nabsent is\n%s", name, route, outside.body, absent.body)
			}
		}
	}
}

func TestPolicyIsActivatedByWhoHasItsWholeRegion(t *testing.T) {
	w := newWorld(t)
	city, province := w.signIn("administrator"), w.signIn("governor")
	year := url.Values{"year": {"2018"}}
	city.post("/policies/shandong-2017/activations", year).want(http.StatusNotFound)
	province.post("/policies/shandong-2017/activations", year).want(http.StatusNotFound)
	if got := city.get("/policies/shandong-2017").want(http.StatusOK).page().Find("form.activation").Length(); got != 0 {
		t.Error("a city's administrator is offered to activate the province's policy")
	}
	if got := province.get("/policies/liaoning-2016").want(http.StatusOK).page().Find("form.activation").Length(); got != 1 {
		t.Error("the province's administrator is not offered to activate its policy")
	}
	province.post("/policies/liaoning-2016/activations", year).want(http.StatusSeeOther)
}

// The same on MariaDB, in short: the scope of a query is its own SQL there.
func TestAccessOnMariaDB(t *testing.T) {
	s := storetest.MySQL(t)
	if err := makeWorld(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if s.Dialect() != store.MySQL {
		t.Fatal("not MariaDB")
	}
	w := openWorld(t, s)
	accesses := pageRoutes()
	maps.Copy(accesses, apiRoutes(t))
	visits := maps.Clone(pageVisits)
	maps.Copy(visits, apiVisits)
	for _, name := range []string{"supervisor", "reporter"} {
		t.Run("as "+name, func(t *testing.T) { w.walk(t, name, accesses, visits) })
	}
	t.Run("broken texts", w.sendBrokenTexts)
}
