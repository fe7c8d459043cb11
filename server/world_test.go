package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// The world of these tests is two of the real provinces with their real
// policies on 10 June 2017: the day after the first reports were filed. People
// are named after what they may do; their password is one and the same.

const password = "ten-characters-and-more"

// noon is in the middle of a working day in Shanghai.
func noon(day string) time.Time {
	return calendar.MustParseDate(day).Time().Add(4 * time.Hour)
}

// clock is the time of a world; a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// place is a unit with what there is to ask about it.
type place struct {
	code, name string
	// open is a duty for which nothing has been filed, waiting one whose report
	// waits, starting one whose term an event starts.
	open, waiting, starting, report uint64
	// grant is that of the place's own person, file the evidence of the report.
	grant, file uint64
	// closing is that of 2015.
	closing uint64
	// imported is an import that waits, with a bad row.
	imported uint64
	// held is a session of the place that was held, attendee somebody of it who was
	// there, attendance that.
	held, attendee, attendance uint64
	// course is one of the place, coming and later are sessions of it that take
	// nominations, nomination is one to the first of them.
	course, coming, later, nomination uint64
	// staff and namesake are two of one name on the place's roster, posting that of
	// the first.
	staff, namesake, posting uint64
	// weighted is a duty that asks for a performance scheme, or open where there is
	// none.
	weighted uint64
	// round is one of the place that is being scored, sheet the place's own in it.
	round, sheet uint64
	// scheme is a frozen one of the place, draft another one.
	scheme, draft uint64
	// scoreFile is evidence of that sheet.
	scoreFile uint64
	// appeal waits against the sheet, rectification was demanded for it.
	appeal, rectification uint64
	// urge waits for its receipt, caseFile belongs to a step of it.
	urge, caseFile uint64
	// issued is a bulletin of the place that is published, bulletin a draft.
	issued, bulletin uint64
	issuedSeries     string
	// inspection is one that the place holds over itself, finding what it noted.
	inspection, finding uint64
	// task is led by the place, share is its part in it.
	task, share uint64
}

// world is the product over one database.
type world struct {
	t     *testing.T
	app   *app
	store *store.Store
	clock *clock
	http.Handler
	// The same user is a supervisor of inside alone, and so on for each role.
	inside, sibling, parent, elsewhere place
	province                           *program // see reader
}

// newWorld opens a copy of the world on SQLite.
func newWorld(t *testing.T) *world {
	t.Helper()
	file, err := worldFile()
	dir := t.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, store.FileName), file, 0o600)
	}
	if err != nil {
		t.Fatalf("prepare world: %v", err)
	}
	return openWorld(t, storetest.Open(t, store.Config{Dir: dir}))
}

// openWorld starts the product over a database that has the world in it.
func openWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, store: s, clock: &clock{at: noon("2017-06-10")}}
	var err error
	if w.app, err = newApp(t.Context(), s, testKey, w.clock.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.app.directory.Wait)
	t.Cleanup(w.app.rotas.Close)
	closeVault, err := w.app.keepEvidence(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeVault() })
	// What the reports of the world have as evidence.
	if _, err := w.app.vault.Put(t.Context(), "清单.pdf", strings.NewReader(pdf)); err != nil {
		t.Fatal(err)
	}
	if w.Handler, err = w.app.handler(false); err != nil {
		t.Fatal(err)
	}
	w.inside, w.sibling = w.place("370100", "sd2017.first-word"), w.place("370200", "sd2017.first-word")
	w.parent, w.elsewhere = w.place("370000", "sd2017.poverty-funds"), w.place("210100", "")
	return w
}

func (w *world) place(code, starting string) place {
	w.t.Helper()
	unit, err := w.app.directory.Unit(w.t.Context(), rbac.Everywhere, code)
	if err != nil {
		w.t.Fatal(err)
	}
	p := place{code: code, name: unit.Name}
	page, err := w.app.ledger.Duties(w.t.Context(), compliance.DutyQuery{Unit: unit, Own: true, AsOf: w.app.ledger.Today(), Limit: compliance.MaxLimit})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, duty := range page.Items {
		if duty.Verdict.Kind == rules.KindWeight {
			p.weighted = duty.Duty.ID
		}
		switch {
		case duty.Obligation.Code == starting:
			p.starting = duty.Duty.ID
		case duty.Duty.Outcome == models.Reported:
			p.waiting = duty.Duty.ID
		case duty.Duty.Outcome == models.Open && slices.Contains(openDuties, duty.Obligation.Code):
			p.open = duty.Duty.ID
		}
	}
	if err := w.store.Read(w.t.Context()).Table("reports").Where("duty_id = ?", p.waiting).Pluck("id", &p.report).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Read(w.t.Context()).Table("grants").Joins("JOIN users ON users.id = grants.user_id").Where("users.login = ?", person(p)).Pluck("grants.id", &p.grant).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Read(w.t.Context()).Table("attachments").Where("report_id = ?", p.report).Pluck("id", &p.file).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Read(w.t.Context()).Table("closings").Where("unit_id = ?", unit.ID).Pluck("id", &p.closing).Error; err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Read(w.t.Context()).Table("imports").Where("unit_id = ?", unit.ID).Pluck("id", &p.imported).Error; err != nil {
		w.t.Fatal(err)
	}
	w.placeAttendance(&p, unit)
	w.placeRoster(&p, unit)
	w.placeCourse(&p, unit)
	w.placeRound(&p, unit)
	w.placeScheme(&p, unit)
	w.placeUrge(&p, unit)
	w.placeBulletin(&p, unit)
	w.placeInspection(&p, unit)
	w.placeTask(&p, unit)
	// A province owes little; a policy without triggers starts nothing.
	p.open, p.starting = cmp.Or(p.open, p.starting), cmp.Or(p.starting, p.open)
	p.weighted = cmp.Or(p.weighted, p.open)
	if p.open == 0 || p.report == 0 || p.grant == 0 || p.file == 0 {
		w.t.Fatalf("%s has no open duty, no report, no person or no file: %+v", code, p)
	}
	return p
}

// The duties that the world leaves open, and those for which it has reports. The
// province itself owes little else than the list of random inspections.
var (
	openDuties     = []string{"sd2017.plan", "ln2016.deputy"}
	reportedDuties = []string{"sd2017.random-inspection-list", "ln2016.briefing"}
)

// duty returns a unit's duty under an obligation.
func (w *world) duty(unit, obligation string) uint64 {
	w.t.Helper()
	var id uint64
	err := w.store.Read(w.t.Context()).Table("duties d").Joins("JOIN units u ON u.id = d.unit_id").
		Joins("JOIN obligations o ON o.id = d.obligation_id").Where("u.code = ? AND o.code = ?", unit, obligation).
		Order("d.id").Limit(1).Pluck("d.id", &id).Error
	if err != nil || id == 0 {
		w.t.Fatalf("duty %s of %s: %d, %v", obligation, unit, id, err)
	}
	return id
}

// token returns a new token of the user.
func (w *world) token(login string) string {
	w.t.Helper()
	token, err := w.app.directory.CreateToken(w.t.Context(), nil, rbac.Everywhere, login)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// rows prints every row of every table but the sessions'.
func (w *world) rows() string {
	w.t.Helper()
	db := w.store.Read(w.t.Context())
	tables, err := db.Migrator().GetTables()
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		if table == "sessions" || table == "leases" {
			continue
		}
		var rows []map[string]any
		if err := db.Table(table).Find(&rows).Error; err != nil {
			w.t.Fatal(err)
		}
		lines := make([]string, len(rows))
		for i, row := range rows {
			lines[i] = fmt.Sprint(row)
		}
		slices.Sort(lines)
		fmt.Fprintln(&all, table, strings.Join(lines, "\n"))
	}
	return all.String()
}

// worldFile returns the SQLite file of the world, made once.
var worldFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sundial-world-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(makeWorld(context.Background(), s), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

// makeWorld fills an empty database.
func makeWorld(ctx context.Context, s *store.Store) error {
	c := &clock{at: noon("2017-05-05")}
	a, err := newApp(ctx, s, testKey, c.now)
	if err != nil {
		return err
	}
	if err := seeds.Load(ctx, s, a.directory, a.ledger); err != nil {
		return err
	}
	err = s.Write(ctx, func(tx *gorm.DB) error {
		opened := calendar.MustParseDate("2000-01-01")
		return a.directory.PutUnits(tx, nil, rbac.Everywhere, models.Always, []organization.NewUnit{
			{Code: "370100-fgw", Name: "济南市发展和改革委员会", Kind: models.Department, Class: "B", Parent: "370100", OpenedOn: opened},
			{Code: "370200-fgw", Name: "青岛市发展和改革委员会", Kind: models.Department, Class: "B", Parent: "370200", OpenedOn: opened},
		})
	})
	if err != nil {
		return err
	}
	office := compliance.Actor{Access: a.table.Access(rbac.Grant{Role: models.Administrator, Path: "/"})}
	for _, policy := range []string{"shandong-2017", "liaoning-2016"} {
		if _, err := a.ledger.Activate(ctx, office, policy, 2017); err != nil {
			return err
		}
	}
	if err := addPeople(ctx, a); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sundial-evidence-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	closeVault, err := a.keepEvidence(dir)
	if err != nil {
		return err
	}
	c.set(noon("2017-06-09"))
	return errors.Join(fileReports(ctx, a), closeYears(ctx, a), fillRosters(ctx, a), holdSessions(ctx, a), scheduleCourses(ctx, a), addRounds(ctx, a), addDrafts(ctx, a), addUrges(ctx, a), addInspections(ctx, a), addTasks(ctx, a), addBulletins(ctx, a), closeVault())
}

// closeYears closes 2015 for the units of the four places.
func closeYears(ctx context.Context, a *app) error {
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for _, code := range []string{"370100", "370200", "370000", "210100"} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			if err := tx.Create(&models.Closing{UnitID: unit.ID, Year: 2015, Reason: "定稿", ClosedAt: a.now()}).Error; err != nil {
				return err
			}
			// An import that waits, too.
			if err := tx.Create(&models.Import{UnitID: unit.ID, Kind: models.ImportStaff, FileName: unit.Name + ".csv", Status: models.ImportChecked, Options: "{}",
				Rows: 2, Bad: 1, StartedAt: a.now(), Version: 1}).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// pdf is the least that passes for one.
const pdf = "%PDF-1.7\nlist\n%%EOF\n"

// person is the login of somebody who may only read at the place.
func person(p place) string { return "person-" + p.code }

// addPeople adds a user per role with a grant inside, one with none, some with
// wider grants, and a person per place.
func addPeople(ctx context.Context, a *app) error {
	grants := map[string][]string{"nothing": nil, "clerk": {"370000", "210000"}, "province": {"370000"}, "everything": {"370000", "210000"}, "governor": {"210000"},
		"nation": {"370000", "210000", "320000", "620100", "421303"}}
	roles := map[string][]models.Role{"clerk": {models.Reporter}, "province": {models.Supervisor}, "everything": rbac.Roles, "governor": {models.Administrator},
		"nation": {models.Administrator}}
	for _, code := range []string{"370100", "370200", "370000", "210100"} {
		login := person(place{code: code})
		grants[login], roles[login] = []string{code}, []models.Role{models.Viewer}
	}
	for _, role := range rbac.Roles {
		grants[string(role)], roles[string(role)] = []string{"370100"}, []models.Role{role}
	}
	for _, login := range slices.Sorted(maps.Keys(grants)) {
		if _, err := a.directory.CreateUser(ctx, nil, organization.NewUser{Login: login, Name: "The " + login, Password: password}); err != nil {
			return err
		}
		for _, role := range roles[login] {
			for _, unit := range grants[login] {
				if err := a.directory.AddGrant(ctx, nil, rbac.Everywhere, login, role, unit); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// fileReports files a report for the units of the four places.
func fileReports(ctx context.Context, a *app) error {
	user, err := a.directory.UserByLogin(ctx, "clerk") // nobody decides on their own report
	if err != nil {
		return err
	}
	actor := compliance.Actor{ID: user.ID, Name: user.Name}
	if actor.Access, err = a.directory.Access(ctx, user.ID); err != nil {
		return err
	}
	for _, code := range []string{"370000", "370100", "370200", "210100"} {
		unit, err := a.directory.Unit(ctx, rbac.Everywhere, code)
		if err != nil {
			return err
		}
		page, err := a.ledger.Duties(ctx, compliance.DutyQuery{Unit: unit, Own: true, AsOf: a.ledger.Today(), Limit: compliance.MaxLimit})
		if err != nil {
			return err
		}
		for _, duty := range page.Items {
			if !slices.Contains(reportedDuties, duty.Obligation.Code) {
				continue
			}
			filing := rules.Filing{On: calendar.MustParseDate("2017-05-26"), PresidedBy: rules.PresidedByPrincipal, Title: unit.Name + "的清单", URL: "https://www.example.gov.cn/list",
				LateReason: "清单汇总较晚"}
			file, err := a.ledger.Attach(ctx, actor, duty.Duty.ID, "清单.pdf", strings.NewReader(pdf))
			if err != nil {
				return err
			}
			if _, err := a.ledger.File(ctx, actor, duty.Duty.ID, compliance.Submission{Filing: filing, Evidence: []uint64{file.ID}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer is what came back.
type answer struct {
	t *testing.T
	*http.Response
	body string
}

func (w *world) send(r *http.Request) answer {
	w.t.Helper()
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	response := recorder.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{w.t, response, string(body)}
}

// want fails the test at once when the status is another.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("status %d, want %d; body:\n%s", a.StatusCode, status, short(a.body))
	}
	return a
}

func short(text string) string { return text[:min(len(text), 3000)] }

// page reads the answer as HTML.
func (a answer) page() *goquery.Document {
	a.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return document
}

// text returns the words at a place of the page, blanks folded.
func (a answer) text(selector string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.page().Find(selector).Text()), " ")
}

// into reads the answer as JSON without fields that the value lacks.
func (a answer) into(value any) {
	a.t.Helper()
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		a.t.Fatalf("%v in:\n%s", err, short(a.body))
	}
}

// browser keeps cookies and asks for pages.
type browser struct {
	*world
	language string
	cookies  map[string]*http.Cookie
	header   http.Header
}

func (w *world) browser(language string) *browser {
	return &browser{world: w, language: language, cookies: map[string]*http.Cookie{}, header: http.Header{}}
}

// signIn returns the browser of a user, in English.
func (w *world) signIn(login string) *browser {
	w.t.Helper()
	b := w.browser("en")
	b.post("/login", url.Values{"login": {login}, "password": {password}}).want(http.StatusSeeOther)
	return b
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.request(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.request(r)
}

// formType and formOf are a form with one file.
const formType = "multipart/form-data; boundary=frontier"

func formOf(name, content string) string {
	return "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: text/html\r\n\r\n" + content + "\r\n--frontier--\r\n"
}

// upload sends a file as the page's form does without scripts.
func (b *browser) upload(path, content string) answer {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(formOf("清单.pdf", content)))
	r.Header.Set("Content-Type", formType)
	return b.request(r)
}

// contentOf is a content that no other file has.
func contentOf(name string) string { return "%PDF-1.7\n" + name + "\n%%EOF\n" }

// attach puts a file into the draft for the duty of the page and returns its id.
func (b *browser) attach(page, name string) string {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, page+"/evidence", strings.NewReader(formOf(strings.ReplaceAll(name, `"`, `\"`), contentOf(name))))
	r.Header.Set("Content-Type", formType)
	b.request(r).want(http.StatusSeeOther)
	return b.get(page).want(http.StatusOK).page().Find("#evidence .file input[type=hidden]").Last().AttrOr("value", "")
}

// submit files with the files of the draft, and says it again when there is a
// warning.
func (b *browser) submit(page string, form url.Values) {
	b.t.Helper()
	b.get(page).want(http.StatusOK).page().Find("#evidence .file input[type=hidden]").Each(func(_ int, input *goquery.Selection) {
		form.Add("evidence", input.AttrOr("value", ""))
	})
	got := b.post(page+"/reports", form)
	if got.StatusCode == http.StatusOK {
		form.Set("confirmed", got.page().Find("[name=confirmed]").AttrOr("value", ""))
		got = b.post(page+"/reports", form)
	}
	got.want(http.StatusSeeOther)
}

func (b *browser) request(r *http.Request) answer {
	b.t.Helper()
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", b.language)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, values := range b.header {
		r.Header[name] = values
	}
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	a := b.send(r)
	for _, cookie := range a.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
			continue
		}
		b.cookies[cookie.Name] = cookie
	}
	return a
}

// program calls the API with a token; without one it is nobody.
type program struct {
	*world
	token    string
	language string
}

func (w *world) program(login string) *program {
	w.t.Helper()
	return &program{w, w.token(login), "en"}
}

// call sends the body, a text as it is and anything else as JSON; headers are
// pairs of name and value.
func (p *program) call(method, path string, body any, headers ...string) answer {
	p.t.Helper()
	var content io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(v)
	default:
		data, err := json.Marshal(v)
		if err != nil {
			p.t.Fatal(err)
		}
		content = bytes.NewReader(data)
	}
	r := httptest.NewRequest(method, path, content)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", p.language)
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.send(r)
}

func (p *program) get(path string) answer {
	p.t.Helper()
	return p.call(http.MethodGet, path, nil)
}

func number(id uint64) string { return strconv.FormatUint(id, 10) }

// testKey hashes the ID numbers of tests.
var testKey = training.Key("0123456789abcdef0123456789abcdef")
