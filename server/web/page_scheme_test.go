package web

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// schemeView is a scheme of every method and every cap, as a draft with changes.
func (s sample) schemeView() *assessment.SchemeView {
	source, err := os.ReadFile("../scoring/testdata/whole.yaml")
	if err != nil {
		s.t.Fatal(err)
	}
	scheme, err := scoring.ParseScheme(source)
	if err != nil {
		s.t.Fatal(err)
	}
	at := sampleNow
	row := models.ScoringScheme{ID: 4, Code: scheme.ID, Edition: 2, UnitID: s.province.ID, Year: 2018, TitleZH: scheme.Title.ZH, TitleEN: scheme.Title.EN,
		Source: string(source), Status: models.SchemeDraft, Version: 3, CreatedAt: at}
	first := row
	first.ID, first.Edition, first.Status, first.FrozenAt = 3, 1, models.SchemeFrozen, &at
	plan, _ := scheme.Find("plan")
	fraud, _ := scheme.Find("fraud")
	return &assessment.SchemeView{SchemeLine: assessment.SchemeLine{ScoringScheme: row, Office: s.province, Manages: true}, Scheme: scheme, Base: &first,
		Changes: &assessment.SchemeChanges{Head: []string{"appeal_days", "limits"}, Indicators: []assessment.IndicatorChange{
			{Before: plan, After: plan, Points: []assessment.PointsChange{{Class: "A", Was: 5 * scoring.Point, Is: 20 * scoring.Point}}, Fields: []string{"counts"}},
			{After: fraud}, {Before: &scoring.Indicator{ID: "gone", Title: rules.Text{ZH: "旧指标", EN: "Old one"}}}}},
		CreatedName: "李石", Editions: []models.ScoringScheme{row, first},
		Obligations: map[string]assessment.SchemeObligation{"tr2017.plan": {Policy: "shandong-2017", Clause: "最后一段", Title: rules.Text{ZH: "公布实施方案", EN: "Plan"}}}}
}

// schemePages are the pages of scoring schemes, for who manages them and who is scored.
func schemePages(s sample) []samplePage {
	crumbs := unitCrumbs(s.locale, s.view, []models.Unit{s.province}, "x")
	view := s.schemeView()
	frozen := *view
	frozen.ScoringScheme, frozen.Changes, frozen.Manages, frozen.FrozenName = *view.Base, nil, false, "王芳"
	round := &models.Round{ID: 7, Title: "2018年度考核", Status: models.RoundAnnounced}
	frozen.Round = round
	draft := newSchemePage(s.page(crumbs...), view, "B")
	draft.Tabs = s.tabs(s.province)
	draft.offerActs(2018)
	draft.Acts.Copy.refuse(s.locale, url.Values{"year": {"x"}}, &models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "id", Key: "scoring.bad_id", Args: models.Args("Field", "id", "Value", "x")}}})
	read := newSchemePage(s.page(crumbs...), &frozen, "")
	lines := []assessment.SchemeLine{view.SchemeLine, {ScoringScheme: *view.Base, Office: s.province, Round: round, Manages: true}}
	list := newSchemesPage(s.page(crumbs...), s.province, lines, true)
	list.Tabs = s.tabs(s.province)
	list.offerCopy(2018)
	scored := newSchemesPage(s.page(crumbs...), s.cities[1], lines[1:], false)
	empty := newSchemesPage(s.page(crumbs...), s.province, nil, false)
	return append([]samplePage{
		{"scheme", "scheme", draft, []string{".note.is-draft", ".scheme-classes .is-current a[href='/schemes/4?class=B']", "#i-plan", "#i-duties a[href='/policies/shandong-2017']", "#i-duties .mark.is-unknown", ".grade-bar rect:nth-child(3)", ".limit-list li:nth-child(3)", ".change-list .is-removed", "#scheme_copy-id[aria-invalid]", "form[action='/schemes/4/discard'] [name=version][value='3']", "a[href='/schemes/4/freeze']"}},
		{"scheme-read", "scheme", read, []string{".ind-tree #i-filings", "a[href='/rounds/7']", ".ind-method.is-veto"}},
		{"schemes", "schemes", list, []string{".scheme-list .mark.is-draft", "form[action='/schemes/3/copy'] input[name=id][value='trial-2019']", "a[href='/units/370000/schemes/new']", "a[href='/rounds/7']"}},
		{"schemes-scored", "schemes", scored, []string{".mark.is-office"}},
		{"schemes-empty", "schemes", empty, []string{".empty"}},
	}, schemeFormPages(s, crumbs, view)...)
}

func schemeFormPages(s sample, crumbs []Crumb, view *assessment.SchemeView) []samplePage {
	edit := assessment.EditOf(view.Scheme)
	form := newSchemeForm(s.page(crumbs...), s.province, edit, 3, -1)
	form.Policies = []PolicyObligations{{s.policy.Title, allCounts(s.policy)}}
	added := edit
	focus := added.AddBelow(0)
	bad := newSchemeForm(s.page(crumbs...), s.province, added, -1, focus)
	bad.refuse(s.locale, &models.Error{Code: models.Invalid, Fields: []models.Field{
		{Name: "title", Key: "scoring.both_languages", Args: models.Args("Field", "title")},
		{Name: "indicators[1].points", Key: "scoring.points_bad", Args: models.Args("Value", "ten", "Decimals", 4)},
		{Name: "classes[1].maximum", Key: "scoring.bad_maximum", Args: models.Args("Value", "x", "Max", "1000")}}})
	stale := newSchemeForm(s.page(crumbs...), s.province, edit, 2, -1)
	stale.refuse(s.locale, models.NewError(models.Stale, "schemes.stale"))
	for _, page := range []*SchemeFormPage{form, bad, stale} {
		page.Title, page.Action, page.BackURL = "x", "/schemes/4/edit", "/schemes/4"
	}
	source := &SchemeSourcePage{Page: s.page(crumbs...), Title: "x", BackURL: "/schemes/4", DownloadURL: "/schemes/4/download", Source: view.Source, Version: 3}
	wrong := *source
	wrong.Form = &PackForm{Action: "/schemes/4/source", Source: view.Source, Error: &models.Error{Code: models.Invalid, Key: "error.invalid",
		Fields: []models.Field{{Name: "line 4", Key: "scoring.bad_region", Args: models.Args("Value", "x")}}}}
	wrong.Form.Faults = newFaults(view.Source, wrong.Form.Error)
	freeze := newSchemeFreezePage(s.page(crumbs...), &assessment.SchemeFreezing{SchemeView: view, Without: s.cities[:3], Left: 2, Unknown: []string{"tr2017.briefing"},
		Classes: []assessment.FrozenClass{{Class: view.Scheme.Classes[0], Direct: 17, Whole: 17}, {Class: view.Scheme.Classes[1]}}})
	freeze.Refusal = models.NewError(models.Stale, "schemes.stale")
	return []samplePage{
		{"scheme-form", "scheme_form", form, []string{"[name='indicators[0].level'][value='0']", "[name='indicators[1].points_for.B'][value='10']", "[name='indicators[8].weight']", "[name=do][value='below:0']", ".known-list code", "[name=version][value='3']", "[name=offered][value='B']"}},
		{"scheme-form-refused", "scheme_form", bad, []string{".error-summary a[href='#f-title_zh']", ".error-summary a[href='#f-indicators-1-points']", ".error-summary a[href='#f-classes-1-maximum']", ".edit-ind.has-error .field-error", "#f-indicators-6-title_zh[autofocus]"}},
		{"scheme-form-stale", "scheme_form", stale, []string{".error-summary"}},
		{"scheme-source", "scheme_source", source, []string{"pre.scheme-source", "a[href='/schemes/4/download']"}},
		{"scheme-source-refused", "scheme_source", &wrong, []string{"#pack-error .fault-line", "textarea[name=source]", "[name=version][value='3']"}},
		{"scheme-freeze", "scheme_freeze", freeze, []string{".error-summary", ".without-list li:nth-child(3)", ".is-warned code", "form[action='/schemes/4/freeze'] [name=version][value='3']", ".mark"}},
	}
}

// What a form shows is what it sends back: the same scheme.
func TestTheFormOfASchemeSendsWhatItShows(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	edit := assessment.EditOf(s.schemeView().Scheme)
	form := newSchemeForm(s.page(), s.province, edit, 3, -1)
	var page strings.Builder
	if err := templates.Render(&page, "scheme_form", form); err != nil {
		t.Fatal(err)
	}
	got := schemeTyped(formValues(t, page.String(), "form.scheme-form"), edit.Region)
	for n := range edit.Indicators {
		if edit.Indicators[n].Cap == scoring.CapOwn {
			edit.Indicators[n].Cap = "" // the first choice of the list
		}
	}
	if diff := cmp.Diff(edit, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFormThatIsTooWideForARequestIsNotOffered(t *testing.T) {
	edit := assessment.SchemeEdit{Classes: make([]assessment.ClassEdit, 3), Indicators: make([]assessment.IndicatorEdit, 428)}
	if tooWide(edit) {
		t.Error("428 indicators of 3 classes are too many")
	}
	if edit.Indicators = append(edit.Indicators, assessment.IndicatorEdit{}); !tooWide(edit) {
		t.Error("429 indicators of 3 classes are offered")
	}
}

func TestTheIdOfACopyHasItsYear(t *testing.T) {
	for _, c := range []struct{ code, want string }{{"jiangsu-2018-assessment", "jiangsu-2019-assessment"}, {"trial", "trial-2019"}} {
		if got := codeFor(models.ScoringScheme{Code: c.code, Year: 2018}, 2019); got != c.want {
			t.Errorf("%s becomes %s, want %s", c.code, got, c.want)
		}
	}
}

// formValues are what a browser sends of a form that nobody touches.
func formValues(t *testing.T, page, form string) url.Values {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	document.Find(form).Find("input, textarea, select").Each(func(_ int, field *goquery.Selection) {
		name, _ := field.Attr("name")
		value, _ := field.Attr("value")
		_, checked := field.Attr("checked")
		kind, _ := field.Attr("type")
		switch {
		case goquery.NodeName(field) == "textarea":
			value = field.Text()
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			value, _ = chosen.Attr("value")
		case kind == "checkbox" && !checked:
			return
		}
		values.Add(name, value)
	})
	return values
}
