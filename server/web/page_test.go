package web

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

func newTestTemplates(t *testing.T) (*frontend.Catalog, *Templates) {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	templates, err := parsedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return catalog, templates
}

var parsedOnce = sync.OnceValues(parse)

func parse() (*Templates, error) {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		return nil, err
	}
	assets, err := frontend.NewAssets()
	if err != nil {
		return nil, err
	}
	return NewTemplates(catalog, assets)
}

// pageStructs pairs every page template with its struct.
var pageStructs = map[string]pageData{
	"login": LoginPage{}, "account": AccountPage{}, "home": HomePage{}, "board": BoardPage{}, "duties": DutiesPage{}, "charts": ChartsPage{},
	"unit": UnitPage{}, "duty": DutyPage{}, "queue": QueuePage{}, "periods": PeriodsPage{}, "policies": PoliciesPage{}, "policy": PolicyPage{},
	"policy_pack": PackPage{}, "policy_activation": ActivationPage{}, "policy_amendment": AmendmentPage{}, "policy_retirement": RetirementPage{},
	"audit": AuditPage{}, "users": UsersPage{}, "user": UserPage{}, "invitation": InvitationPage{},
	"calendar": CalendarPage{}, "notice": NoticePage{},
	"courses": CoursesPage{}, "course": CoursePage{}, "plan": PlanPage{}, "sessions": SessionsPage{}, "session": SessionPage{}, "session_form": SessionFormPage{}, "sheet": SheetPage{},
	"attendance": AttendancePage{}, "room_code": RoomPage{}, "attend": AttendPage{}, "certificate": CertificatePage{}, "certificate_check": CertificateCheckPage{},
	"roster": RosterPage{}, "person": PersonPage{}, "duplicates": DuplicatesPage{}, "merge": MergePage{},
	"planner": PlannerPage{}, "coverage": CoveragePage{}, "left": LeftPage{}, "training": TrainingPage{}, "statistics": StatisticsPage{},
	"schemes": SchemesPage{}, "scheme": SchemePage{}, "scheme_form": SchemeFormPage{}, "scheme_source": SchemeSourcePage{}, "scheme_freeze": SchemeFreezePage{},
	"bulletins": BulletinsPage{}, "bulletin": BulletinPage{}, "bulletin_new": BulletinNewPage{}, "bulletin_check": BulletinCheckPage{}, "public_bulletin": PublicBulletinPage{},
	"public": PublicPage{}, "public_data": PublicDataPage{}, "help": HelpPage{},
	"error": ErrorPage{}, "units": UnitsPage{}, "unit_manage": UnitManagePage{},
	"score_sheet": ScoreSheetPage{},
	"round":       RoundPage{}, "rounds": RoundsPage{}, "round_open": RoundOpenPage{}, "round_confirm": RoundConfirmPage{},
	"imports": ImportsPage{}, "import": ImportPage{}, "weight": WeightPage{}, "results": ResultsPage{}, "arithmetic": ArithmeticPage{},
	"choice":  ChoicePage{},
	"appeals": AppealsPage{}, "appeal": AppealPage{}, "appeal_form": AppealPage{}, "demand": DemandPage{}, "rectifications": RectificationsPage{}, "rectification": RectificationPage{},
	"score_import": ScoreImportPage{}, "inbox": InboxPage{}, "search": SearchPage{}, "views": ViewsPage{},
	"tasks": TasksPage{}, "task": TaskPage{}, "task_open": TaskOpenPage{}, "task_new": TaskNewPage{},
	"urges": UrgesPage{}, "urge": UrgePage{}, "urge_form": UrgeFormPage{}, "urge_rule": UrgeRulePage{},
	"inspections": InspectionsPage{}, "inspection": InspectionPage{}, "inspection_open": InspectionOpenPage{}, "inspection_draw": InspectionDrawPage{},
	"standing": StandingPage{},
	"findings": FindingsPage{}, "finding": FindingPage{}, "finding_form": FindingFormPage{},
}

func TestTemplatesFitTheirPages(t *testing.T) {
	// A template can be checked only before it is used.
	templates, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range templates.pages["en"] {
		data, ok := pageStructs[name]
		if !ok {
			t.Errorf("page_%s.html has no struct in this test", name)
			continue
		}
		if err := templatecheck.CheckHTML(page.Lookup("layout.html"), data); err != nil {
			t.Errorf("page %s: %v", name, err)
		}
	}
	if err := templatecheck.CheckHTML(templates.pages["en"]["import"].Lookup("import_progress"), ImportProgress{}); err != nil {
		t.Errorf("block import_progress: %v", err)
	}
	for block, data := range map[string]any{"queue_line": QueueLine{}, "queue_done": QueueDone{}, "draft_files": []FileItem{}, "search_panel": SearchResults{}, "views_menu": ViewsMenu{}} {
		if err := templatecheck.CheckHTML(templates.pages["en"]["queue"].Lookup(block), data); err != nil {
			t.Errorf("block %s: %v", block, err)
		}
	}
	if err := templatecheck.CheckHTML(templates.pages["en"]["room_code"].Lookup("room_code_view"), RoomView{}); err != nil {
		t.Errorf("the code in the room: %v", err)
	}
}

// samplePage is one page in one situation; Look lists what must be on it.
type samplePage struct {
	file, name string
	data       pageData
	look       []string
}

func samplePages(s sample) []samplePage {
	past := s.view
	past.AsOf -= 30
	query := compliance.DutyQuery{Unit: s.cities[1], Year: 2017, State: rules.Overdue, Cursor: "a"}
	list := newDutiesPage(s.page(), s.view, query, compliance.DutyPage{Items: s.duties(), Next: "b"}, nil)
	none := newDutiesPage(s.page(), past, query, compliance.DutyPage{}, &s.refs()[0])
	unit := newUnitPage(s.page(unitCrumbs(s.locale, s.view, []models.Unit{s.province}, unitName(s.locale, s.cities[1]))...), s.view, s.cities[1], s.duties())
	unit.Filter = yearAsOf(unit.Page, s.view, []int{2017})
	broken := models.NewError(models.Invalid, "error.invalid")
	broken.Fields = []models.Field{{Name: "repeat", Key: "field.bad_date"}}
	pages := []samplePage{
		{"login", "login", LoginPage{Page: Page{Locale: s.locale, Version: "0.1.0", Path: "/login"}, Login: "lishi", Error: broken}, []string{"form[action='/login'] #password", ".error-summary"}},
		{"account", "account", AccountPage{Page: s.page(), Refused: Refused{broken}, SignIns: s.signIns(), Roles: []RoleLine{{models.Supervisor, s.province}}}, []string{"#new[minlength]", "#repeat[aria-invalid=true]"}},
		{"duties", "duties", list, []string{".duty-list tbody tr:nth-child(8)", ".chip[aria-current]", ".pager a[rel=next]", ".pager a[rel=first]", ".state.s-due-soon"}},
		{"duties-empty", "duties", none, []string{".empty", ".note"}},
		{"unit", "unit", unit, []string{".group-title", ".filters .as-of-range"}},
	}
	for _, status := range []int{403, 404, 409, 412, 422, 429, 500, 503} {
		p := ErrorPage{Page: s.page(), Status: status}
		if status == 500 {
			p.ID = "8f14e45f"
		}
		pages = append(pages, samplePage{"error-" + text(status), "error", p, []string{".error-page h1", "a[href='/']"}})
	}
	pages = append(pages, samplePage{"error-fields", "error", ErrorPage{Page: s.page(), Status: 422, Error: broken}, []string{".error-fields li"}})
	pages = append(pages, auditPages(s)...)
	pages = append(pages, peoplePages(s)...)
	pages = append(pages, rosterPages(s)...)
	pages = append(pages, policyPages(s)...)
	pages = append(pages, calendarPages(s)...)
	pages = append(pages, officePages(s)...)
	pages = append(pages, schemePages(s)...)
	pages = append(pages, unitPages(s)...)
	pages = append(pages, importPages(s)...)
	pages = append(pages, scoreImportPages(s)...)
	pages = append(pages, coursePages(s)...)
	pages = append(pages, attendancePages(s)...)
	pages = append(pages, coveragePages(s)...)
	pages = append(pages, plannerPages(s)...)
	pages = append(pages, roundPages(s)...)
	pages = append(pages, resultPages(s)...)
	pages = append(pages, scoreSheetPages(s)...)
	pages = append(pages, appealPages(s)...)
	pages = append(pages, weightPages(s)...)
	pages = append(pages, inboxPages(s)...)
	pages = append(pages, searchPages(s)...)
	pages = append(pages, viewsPages(s)...)
	pages = append(pages, owedPages(s)...)
	pages = append(pages, homePages(s)...)
	pages = append(pages, helpPages(s)...)
	pages = append(pages, tourPagesOf(s)...)
	pages = append(pages, urgePages(s)...)
	pages = append(pages, bulletinPages(s)...)
	pages = append(pages, publicPages(s)...)
	pages = append(pages, taskPages(s)...)
	pages = append(pages, inspectionPages(s)...)
	pages = append(pages, inspectionPages(s)...)
	pages = append(pages, taskPages(s)...)
	return append(pages, dutyPages(s)...)
}

// dutyPages has a page for each form, fresh and refused.
func dutyPages(s sample) []samplePage {
	var pages []samplePage
	crumbs := unitCrumbs(s.locale, s.view, []models.Unit{s.province, s.cities[1]}, s.locale.Value(s.policy.Obligations[0].Title))
	problems := []models.Field{{Name: "on", Key: "filing.date_required"}, {Name: "url", Key: "filing.url_required"},
		{Name: "items[0].points", Key: "filing.bad_points", Args: models.Args("Value", "x")}, {Name: "items", Key: "filing.no_items"}}
	problems = append(problems, models.Field{Name: "also[0].on", Key: "filing.date_required"}, models.Field{Name: "evidence[0]", Key: "filing.evidence_unknown"})
	fault := &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{{Name: "file", Key: "upload.no_file"}}}
	for _, form := range []rules.Form{rules.FormBriefing, rules.FormDeputy, rules.FormPerformance, rules.FormPublication, rules.FormIncident, rules.FormDeliverable} {
		detail := s.detail(form, rules.Pending)
		fresh := newDutyPage(s.page(crumbs...), s.view, detail, s.officer())
		fresh.Form = newReportForm(s.locale, detail, rules.Filing{}, 20<<20, sampleNow)
		fresh.Form.Evidence.Files = []FileItem{{ID: 3, Name: "会议纪要.pdf", Size: "1.2 MB", URL: "/evidence/3", RemoveURL: "/evidence/3/remove"}}
		fresh.Form.Evidence.keep(detail.Reports[1].Files, nil)
		fresh.Form.Companions = []Companion{{ID: 9, Text: "青岛市 · 公布实施方案 · 2018年"}}
		fresh.Nothing = newNothingForm(s.locale, detail, attempt{})
		fresh.Versions = newVersions(s.locale, "/duties/1", fresh.Reports, "", "")
		fresh.Subject = newSubjectForm(s.locale, detail.Duty.ID, detail.Rule, SubjectInput{}, nil, sampleNow)
		pages = append(pages, samplePage{"duty-" + string(form), "duty", fresh, []string{"#report form[action$=reports] [name=url]", ".report-returned q", ".report-filed .decision-verify[action$=verify]:not([hx-post])", "#report .note.is-returned", ".file-list [data-remove='/evidence/3/remove']", ".file-list input[type=checkbox][value='5']:checked", "[name=also][value='9']", "#nothing textarea", ".versions-table .is-changed ins", ".report .links a[href='/evidence/4']", ".term .is-due", ".column-side a[href='/policies/shandong-2017']"}})
		refused := fresh
		refused.Form = newReportForm(s.locale, detail, s.filing(form), 20<<20, sampleNow)
		refused.Form.Companions = []Companion{{ID: 9, Text: "青岛市 · 公布实施方案 · 2018年", Checked: true}}
		refused.Form.placeAll(s.locale, attempt{problems: problems, also: []uint64{9}, evidence: fault,
			warnings: []models.Field{{Name: "evidence", Key: "filing.warn.no_file"}}})
		pages = append(pages, samplePage{"duty-" + string(form) + "-refused", "duty", refused, []string{"#report .error-summary a[href='#field-url']", "#field-url[aria-invalid][aria-describedby]", "#also-9[aria-invalid][checked]", "#evidence .field-error", ".is-warning li", "[name=confirmed]"}})
	}
	rotation := newDutyPage(s.page(crumbs...), s.view, s.detail(rules.FormRotation, rules.Overdue), compliance.Actor{})
	rotation.Refusal = models.NewError(models.Conflict, "duty.no_reports")
	rotation.Detail.Exemption = &models.Exemption{Reason: "机构改革，职能已划转。", Document: "鲁政办〔2017〕12号", GrantedOn: s.view.Today}
	rotation.Detail.Duty.Provisional = true
	return append(pages, samplePage{"duty-rotation", "duty", rotation, []string{"#report .none", ".mark", ".verdict.s-overdue", "a[href='/units/370200/rotation?policy=shandong-2017']", "a[href='/units/370200/roster']"}})
}

// TestPagesShowTheirContent renders every page in both languages. With
// SUNDIAL_PREVIEW set to a folder it also leaves the pages there, to be looked
// at in a browser.
func TestPagesShowTheirContent(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	for _, lang := range frontend.Languages {
		for _, page := range samplePages(newSample(t, catalog.Locale(lang))) {
			t.Run(lang+"/"+page.file, func(t *testing.T) {
				var buffer bytes.Buffer
				if err := templates.Render(&buffer, page.name, page.data); err != nil {
					t.Fatal(err)
				}
				savePreview(t, lang+"-"+page.file+".html", buffer.Bytes())
				checkPage(t, lang, page, buffer.String())
			})
		}
	}
	if diff := cmp.Diff([]string(nil), catalog.Missing()); diff != "" {
		t.Errorf("messages missing:\n%s", diff)
	}
}

func checkPage(t *testing.T, lang string, page samplePage, html string) {
	document, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if got := document.Find("html").AttrOr("lang", ""); got != lang {
		t.Errorf("language %q, want %q", got, lang)
	}
	for _, selector := range append(page.look, "a.skip[href='#main']", "main#main", "h1", "title") {
		if document.Find(selector).Length() == 0 {
			t.Errorf("nothing matches %s", selector)
		}
	}
	for _, forbidden := range []string{"[style]", "script:not([src])", "style", "[onclick]", "[href='']"} {
		if n := document.Find(forbidden).Length(); n > 0 {
			t.Errorf("%d elements match %s, which the content security policy forbids or leads nowhere", n, forbidden)
		}
	}
	for _, trace := range []string{"<no value>", "&lt;no value&gt;", "ZgotmplZ", "%!"} {
		if strings.Contains(html, trace) {
			t.Errorf("the page contains %q", trace)
		}
	}
	document.Find("a[href^='#']").Each(func(_ int, link *goquery.Selection) {
		if target := link.AttrOr("href", ""); document.Find(target).Length() == 0 {
			t.Errorf("no element for the link %s", target)
		}
	})
	ids := map[string]bool{}
	document.Find("[id]").Each(func(_ int, element *goquery.Selection) {
		id := element.AttrOr("id", "")
		if ids[id] {
			t.Errorf("two elements have the id %s", id)
		}
		ids[id] = true
	})
}

func savePreview(t *testing.T, name string, html []byte) {
	folder := os.Getenv("SUNDIAL_PREVIEW")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name), html, 0o644); err != nil {
		t.Fatal(err)
	}
}
