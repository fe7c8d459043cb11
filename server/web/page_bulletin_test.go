package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// bulletinData is composed of the board of the samples.
func (s sample) bulletinData() *bulletin.Data {
	board := s.board()
	unit := func(u models.Unit) bulletin.Unit {
		return bulletin.Unit{Code: u.Code, Name: u.Name, NameEN: u.NameEN, Class: "A"}
	}
	d := &bulletin.Data{Scope: unit(board.Unit), Year: 2017, AsOf: board.AsOf, Total: bulletin.Cell(compliance.Sum(board.Totals)).Tally(),
		Policies: []bulletin.Policy{{Code: "shandong-2017", Edition: 1, Title: bulletin.Text(s.policy.Title), Number: s.policy.Number}}}
	for i, o := range board.Obligations {
		d.Obligations = append(d.Obligations, bulletin.Obligation{Code: o.Code, Policy: o.Policy, Clause: o.Clause, Title: bulletin.Text(o.Title), Tally: bulletin.Cell(board.Totals[i]).Tally()})
	}
	for _, row := range board.Rows {
		line := bulletin.Row{Unit: unit(row.Unit), Own: row.Own, Tally: bulletin.Cell(compliance.Sum(row.Cells)).Tally()}
		for _, cell := range row.Cells {
			line.Cells = append(line.Cells, bulletin.Cell(cell))
		}
		d.Rows = append(d.Rows, line)
	}
	d.Classes = []bulletin.Class{{Class: "A", Units: len(d.Rows), Tally: d.Total}, {Units: 0}, {Own: true}}
	jinan, qingdao := unit(s.cities[0]), unit(s.cities[1])
	good := bulletin.Text{ZH: "好", EN: "Good"}
	d.Ranking = &bulletin.Ranking{Round: 5, Title: "2017年度考核", Status: models.RoundFrozen, Scheme: "shandong-2017-assessment", Edition: 1, SchemeTitle: bulletin.Text{ZH: "考核方案", EN: "Scheme"},
		Classes: []bulletin.RankedClass{{Class: "A", Title: bulletin.Text{ZH: "各市", EN: "Cities"}, Scored: 1, Grades: []bulletin.Grade{{ID: "good", Title: good, Units: 1}},
			Units: []bulletin.RankedUnit{{Unit: qingdao, Rank: 1, Score: "93.35", GradeID: "good", Grade: good}, {Unit: jinan}}}}}
	d.Late = &bulletin.Late{Overdue: 40, Done: 1}
	for i := range 41 {
		line := bulletin.LateDuty{Unit: jinan, Row: jinan.Code, Obligation: "sd2017.plan", Clause: "最后一段", Title: bulletin.Text{ZH: "方案", EN: "Plan"}, Period: "2017",
			State: rules.Overdue, DueOn: board.AsOf - 14, Days: 14}
		if i == 0 {
			line.State, line.DoneOn, line.Days = rules.Late, board.AsOf-13, 1
		}
		d.Late.Lines = append(d.Late.Lines, line)
	}
	d.Tasks = &bulletin.Tasks{Total: 6, NotStarted: 1, UnderWay: 2, Done: 3, Stalled: 1}
	d.Findings = &bulletin.Findings{Total: 3, Closed: 1, Noted: 1, Levels: []bulletin.FindingTally{{Severity: models.SeveritySerious, Open: 1}},
		Open: []bulletin.OpenFinding{{Unit: jinan, Row: jinan.Code, Severity: models.SeveritySerious, Clause: "六(一)", FoundOn: board.AsOf - 30, DueOn: board.AsOf - 1, Overdue: true}}}
	d.Urges = &bulletin.Urges{Total: 3, Blue: 1, Yellow: 1, Red: 1, Silent: []bulletin.SilentUrge{{Unit: jinan, Row: jinan.Code, SentOn: board.AsOf - 3, ReplyBy: board.AsOf - 1}}}
	below := bulletin.Rate(6000)
	d.Praise = []bulletin.Named{{Unit: qingdao, Rule: bulletin.PraiseInTime, Count: 9, Of: 9, Completion: d.Total.InTime}, {Unit: qingdao, Rule: bulletin.PraiseRank, Class: "A", Rank: 1, Score: "93.35", Grade: &good},
		{Unit: qingdao, Rule: bulletin.PraiseGrade, Class: "A", Rank: 1, Score: "93.35", Grade: &good}}
	d.Criticism = []bulletin.Named{{Unit: jinan, Rule: bulletin.CriticismOverdue, Count: 5, Of: 9}, {Unit: jinan, Rule: bulletin.CriticismCompletion, Count: 4, Of: 9, Completion: d.Total.Completion, Below: &below},
		{Unit: jinan, Rule: bulletin.CriticismUrge, Count: 1}, {Unit: jinan, Rule: bulletin.CriticismFinding, Count: 1}}
	return d
}

// bulletinView is a draft or a published edition, as the office sees it.
func (s sample) bulletinView(status models.BulletinStatus, edition int) *bulletin.View {
	row := models.Bulletin{ID: 8, Series: "370000-2017-1", Edition: edition, UnitID: s.province.ID, Year: 2017, AsOf: s.view.AsOf, Title: "关于2017年山东省政务公开工作情况的通报",
		Number: "鲁政办通报〔2018〕3号", Status: status, Version: 4}
	v := &bulletin.View{Bulletin: row, Unit: s.province, Data: s.bulletinData(), Settings: bulletin.DefaultSettings, MayManage: true}
	v.Words = bulletin.Words{Paragraphs: []bulletin.Paragraph{{Heading: "总体情况", Text: "共{应办总数}项，另有1234家，{应办总数}0项，会议88888分钟。"}, {Text: "完成率{完成率：A类}。"}}}
	for _, typed := range v.Data.Typed(row.Title, v.Words) {
		if typed.Shown == "88888" {
			v.Words.Ticked = append(v.Words.Ticked, typed.Ticked)
		}
	}
	v.Fields = v.Data.Fields()
	v.Editions = []models.Bulletin{row, {ID: 7, Series: row.Series, Edition: 1, Status: models.BulletinPublished, PublishedOn: s.view.AsOf}}
	v.Publication = bulletin.Publication{ID: row.ID, Series: row.Series, Edition: edition, Status: status, Title: row.Title, Number: row.Number, Office: v.Data.Scope, Year: 2017, AsOf: row.AsOf,
		Paragraphs: []bulletin.Paragraph{{Heading: "一、总体情况", Text: "共99项。"}}, Data: v.Data, Settings: v.Settings}
	if status == models.BulletinPublished {
		v.PublishedOn, v.Publication.PublishedOn = s.view.AsOf, s.view.AsOf
		v.Publication.Seal = bulletin.Seal{Published: "abc", Logged: "abc", Now: "abc"}
	}
	if edition > 1 {
		v.Change, v.Publication.Change = "补充说明。", "补充说明。"
		v.Changes = &bulletin.Changes{Edition: 1, TitleBefore: "原标题", Numbers: []bulletin.Difference{{Group: "all", Code: "done", Before: "3", Now: "4"},
			{Group: "line", Code: "round_status", Of: "考核", Before: "announced", Now: "frozen"}, {Group: "unit", Code: "owed", Of: "济南市", Now: "9"}},
			Paragraphs: []bulletin.ParagraphChange{{Before: &bulletin.Paragraph{Heading: "一、总体情况", Text: "原来"}, Now: &bulletin.Paragraph{Heading: "一、总体情况", Text: "现在"}}}}
	}
	return v
}

func bulletinPages(s sample) []samplePage {
	tabs := UnitTabs{Unit: s.province, Label: "supervision.tabs", Tabs: []NavItem{{Key: "supervision.tab.bulletins", URL: "/units/370000/bulletins", Current: true}}}
	draft, published := s.bulletinView(models.BulletinDraft, 2), s.bulletinView(models.BulletinPublished, 2)
	items := []models.Bulletin{draft.Bulletin, published.Editions[1]}
	list := newBulletinsPage(s.page(), &bulletin.List{Unit: s.province, Items: items, Counts: map[models.BulletinStatus]int{models.BulletinDraft: 1, models.BulletinPublished: 1}, Years: []int{2017}, MayManage: true, Newest: map[string]int{"370000-2017-1": 2},
		Above: items[1:], Next: "7"}, BulletinFilter{Year: 2017})
	list.Tabs = tabs
	none := newBulletinsPage(s.page(), &bulletin.List{Unit: s.province, Counts: map[models.BulletinStatus]int{}, MayManage: true}, BulletinFilter{})
	reader := newBulletinsPage(s.page(), &bulletin.List{Unit: s.province, Counts: map[models.BulletinStatus]int{}}, BulletinFilter{})

	in := bulletin.Input{Year: 2017, AsOf: s.view.AsOf, Round: 5, Settings: bulletin.DefaultSettings}
	question := bulletinQuestion(s.locale, in, []FieldOption{{"shandong-2017", "政策"}}, []models.Round{{ID: 5, Title: "2017年度考核"}}, s.view.AsOf.String())
	question.Action = "/units/370000/bulletins"
	refused := question
	refused.Fields, refused.Rules = slices.Clone(question.Fields), bulletinQuestion(s.locale, in, nil, nil, "").Rules
	refused.refuse(s.locale, &models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "as_of", Key: "bulletins.as_of_missing"}, {Name: "rank_to", Key: "bulletins.out_of_range", Args: models.Args("Value", -1, "Max", 100)},
		{Name: "red_urge", Key: "bulletins.rule_needs_urges"}}})
	preview := &BulletinNewPage{Page: s.page(), Tabs: tabs, Unit: s.province, Form: question, Preview: &bulletin.Preview{}, Content: newBulletinContent(draft.Publication), BackURL: "/units/370000/bulletins"}
	asked := &BulletinNewPage{Page: s.page(), Tabs: tabs, Unit: s.province, Form: refused, BackURL: "/units/370000/bulletins"}

	drafted := newBulletinPage(s.page(), draft)
	drafted.Tabs, drafted.Question = tabs, &question
	wrong := newBulletinPage(s.page(), draft)
	wrong.Editor.refuse(s.locale, &models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "text_1", Key: "bulletins.field_unknown", Args: models.Args("Field", "{没有}")},
		{Name: "heading_2", Key: "bulletins.too_long", Args: models.Args("Max", 100, "Length", 120)}, {Name: "change", Key: "bulletins.change_missing"}}})
	frozen := newBulletinPage(s.page(), published)
	frozen.Tabs = tabs

	report := &bulletin.Report{Checks: []bulletin.Check{{Group: "row", Of: "济南市", Stated: "9", Found: "9"}, {Group: "total_rows", Stated: "99", Found: "98"}}, Stale: true, Board: 99, BoardNow: 98,
		Differences: draft.Changes.Numbers, Typed: draft.Data.Typed(draft.Title, draft.Words)}
	agreed := &bulletin.Report{Checks: report.Checks[:1], Board: 99, BoardNow: 99}
	public := newPublicBulletinPage(s.page(), &bulletin.Public{Publication: published.Publication, Newest: 3, Editions: s.issues(), Changes: published.Changes})
	touched := published.Publication
	touched.Seal.Now = "def"
	return []samplePage{
		{"bulletins", "bulletins", list, []string{".tabs a[aria-current]", "a.btn-primary[href='/units/370000/bulletins/new']", ".chips a[aria-current]", "td a[href='/bulletins/8']", "a[href='/public/bulletins/370000-2017-1/1']", ".bulletin-draft", ".mark.is-replaced", "a[rel=next]", "#above"}},
		{"bulletins-none", "bulletins", none, []string{".empty-panel a.btn-primary"}},
		{"bulletins-reader", "bulletins", reader, []string{".empty", "main:not(:has(.btn-primary))"}},
		{"bulletin-new", "bulletin_new", asked, []string{"#as_of-error", "#rank_to-error", "#choice-red_urge[aria-invalid]", "#choice-red_urge-error", ".error-summary a[href='#choice-red_urge']", ".error-summary a[href='#as_of']", "button[formmethod=post][formaction='/units/370000/bulletins']"}},
		{"bulletin-preview", "bulletin_new", preview, []string{".bulletin-paper h3", "option[value='5'][selected]", "input[name=in_time][checked]", ".bulletin-table tbody tr:nth-child(17) .bar", ".bulletin-ranking"}},
		{"bulletin-draft", "bulletin", drafted, []string{"form[action='/bulletins/8/words'] #text_2", "#change", ".bulletin-typed input[name=tick][checked]", ".bulletin-typed .field-error", "button[data-field='{应办总数}']",
			"button.btn-primary[form=words-form][name=then][value=check]", "form[action='/bulletins/8/discard'] .btn-outline-danger", ".bulletin-changes del", "main:not(:has(.bulletin-seal))"}},
		{"bulletin-wrong", "bulletin", wrong, []string{".error-summary a[href='#text_1']", "#text_1-error", "#heading_2-error", "#change-error"}},
		{"bulletin-published", "bulletin", frozen, []string{".bulletin-seal.is-intact", "a.btn-primary[href='/public/bulletins/370000-2017-1/2']", "a[href$='/2/late.csv']", "a[href='/bulletins/7']", "form[action='/bulletins/8/editions'] #change, form[action='/bulletins/8/editions'] textarea",
			"main:not(:has(form[action='/bulletins/8/words']))"}},
		{"bulletin-check", "bulletin_check", newBulletinCheckPage(s.page(), draft, report), []string{".bulletin-check[open] .bulletin-bad", ".bulletin-differences td", ".bulletin-checks mark", "main:not(:has(form[action='/bulletins/8/publish']))"}},
		{"bulletin-agreed", "bulletin_check", newBulletinCheckPage(s.page(), draft, agreed), []string{"form[action='/bulletins/8/publish'] .btn-primary", "input[name=version][value='4']"}},
		{"bulletin-public", "public_bulletin", public, []string{".note a[href='/public/bulletins/370000-2017-1/3']", ".bulletin-seal.is-intact", "a[href$='/2/findings.csv']", ".bulletin-late .s-late", "ins", ".bulletin-sums tr:nth-child(3)", ".bulletin-named .is-criticism li:nth-child(4)"}},
		{"bulletin-touched", "public_bulletin", newPublicBulletinPage(s.page(), &bulletin.Public{Publication: touched, Newest: 2}), []string{".error-summary[role=alert]", ".bulletin-seal.is-broken", "main:not(:has(a[href$='.csv'])):not(:has(.bulletin-paper)):not(:has(.bulletin-table))"}},
		{"bulletin-unreadable", "public_bulletin", newPublicBulletinPage(s.page(), &bulletin.Public{Publication: bulletin.Publication{Status: models.BulletinPublished, Title: "通报", Series: "370000-2017-1", Edition: 1, Data: &bulletin.Data{}}, Newest: 1}),
			[]string{".error-summary[role=alert]", "main:not(:has(.bulletin-table))"}},
	}
}

// Every field of the data, every check and every kind of difference has words.
func TestBulletinsHaveWordsForAllTheyTell(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	for _, lang := range []string{"zh-CN", "en"} {
		s := newSample(t, catalog.Locale(lang))
		d := s.bulletinData()
		var missing []string
		need := func(key string) {
			if !s.locale.Has(key) && !slices.Contains(missing, key) {
				missing = append(missing, key)
			}
		}
		for _, field := range d.Fields() {
			need("bulletins.field." + field.Code)
			need("bulletins.group." + field.Group)
			if lang == "zh-CN" && field.Of == "" && field.Token != "{"+s.locale.Text("bulletins.field."+field.Code, nil)+"}" {
				t.Errorf("%s is called otherwise", field.Token)
			}
		}
		for _, check := range d.Reconcile(bulletin.DefaultSettings) {
			need("bulletins.check." + check.Group)
		}
		for _, difference := range (&bulletin.Data{}).Differences(d) {
			if difference.Group == "line" {
				need("bulletins.line." + difference.Code)
			}
		}
		for _, named := range append(slices.Clone(d.Praise), d.Criticism...) {
			if text := s.locale.Text(named.Reason().Key, named.Reason().Args); strings.Contains(text, "bulletins.") || strings.Contains(text, "<no value>") {
				t.Errorf("%s reads %q", named.Rule, text)
			}
		}
		if diff := cmp.Diff([]string(nil), missing); diff != "" {
			t.Errorf("%s lacks (-want +got):\n%s", lang, diff)
		}
	}
}

// What the page says of findings adds up, in both languages.
func TestFindingsOfABulletinAddUp(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	for lang, want := range map[string]string{"zh-CN": "发现问题 3 个，其中已销号 1 个、仅作记录 1 个、未销号 1 个", "en": "3 found: 1 closed, 1 noted only, 1 open"} {
		s := newSample(t, catalog.Locale(lang))
		published := s.bulletinView(models.BulletinPublished, 2)
		f := published.Data.Findings
		if f.Total != f.Closed+f.Noted+len(f.Open) {
			t.Fatalf("the sample does not add up: %+v", f)
		}
		page := newPublicBulletinPage(s.page(), &bulletin.Public{Publication: published.Publication, Newest: 2})
		var got strings.Builder
		if err := templates.Render(&got, "public_bulletin", page); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(got.String(), want) {
			t.Errorf("%s: the page does not say %q", lang, want)
		}
	}
}
