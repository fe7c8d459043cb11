package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/scoring"
)

const sampleScheme = `
id: shandong-sample-2017
title: {zh: 2017年政务公开考核方案, en: Openness assessment 2017}
year: 2017
region: "370000"
basis: {zh: 六（六）, en: Clause 6(6)}
appeal_days: 5
classes:
  - {id: A, title: {zh: 各市, en: Cities}, maximum: "95"}
limits:
  - {id: errors, title: {zh: 差错限额, en: Limit of errors}, most: "5"}
indicators:
  - id: disclosure
    title: {zh: 主动公开, en: Disclosure}
    clause: 二（一）
    counts: {zh: 主动公开情况, en: What is disclosed}
    children:
      - {id: plan, title: {zh: 方案公布, en: Plan published}, clause: 最后一段, counts: {zh: 按期公布得满分, en: In full when in time}, method: auto, points: "20", obligations: [sd2017.plan], late_share: "0.5"}
      - {id: budget, title: {zh: 预决算公开, en: Budgets}, clause: 二（二）, counts: {zh: 酌情赋分, en: By judgement}, method: award, points: "30"}
      - {id: fields, title: {zh: 重点领域公开, en: Key fields}, clause: 二（二）, counts: {zh: 酌情赋分, en: By judgement}, method: award, points: "30"}
  - id: quality
    title: {zh: 综合评价, en: Quality}
    clause: 六（六）
    counts: {zh: 日常与第三方, en: Daily checks and third party}
    method: composite
    points: "20"
    sources:
      - {id: daily, title: {zh: 日常监测, en: Daily checks}, clause: 六（六）, counts: {zh: 按得分率, en: By rate}, method: award, weight: 40%}
      - {id: third, title: {zh: 第三方评估, en: Third party}, clause: 六（六）, counts: {zh: 按得分率, en: By rate}, method: award, weight: 60%}
  - {id: mistakes, title: {zh: 差错扣分, en: Mistakes}, clause: 二（三）, counts: {zh: 每处扣1分, en: One point each}, method: deduct, cap: errors}
  - {id: praise, title: {zh: 表彰加分, en: Praise}, clause: 六（六）, counts: {zh: 受表彰, en: Praised}, method: bonus, points: "3"}
  - {id: leak, title: {zh: 泄密, en: Leak}, clause: 六（六）, counts: {zh: 发生泄密, en: Secrets leaked}, method: veto, grade: fail}
grades:
  - {id: good, title: {zh: 良好, en: Good}, from: "70"}
  - {id: fail, title: {zh: 不合格, en: Fail}, from: "0"}
`

// scoreSheet is a sheet of which all is seen: marks of every kind.
func (s sample) scoreSheet() *assessment.SheetView {
	scheme, err := scoring.ParseScheme([]byte(sampleScheme))
	if err != nil {
		s.t.Fatal(err)
	}
	card, _ := scheme.Card("A")
	given := func(points string) scoring.Mark {
		amount, ok := scoring.ParseAmount(points)
		if !ok {
			s.t.Fatalf("%q is no amount", points)
		}
		return scoring.Mark{Given: true, Points: amount}
	}
	marks := map[string]scoring.Mark{"plan": {States: []rules.State{rules.Late, rules.Met}}, "budget": given("27.5"), "fields": {NA: true}, "daily": given("18"),
		"mistakes": given("7"), "praise": given("2"), "leak": {Raised: true}}
	entries := make([]scoring.Mark, len(card.Leaves))
	for i, leaf := range card.Leaves {
		entries[i] = marks[leaf.ID]
	}
	opened := card.Explain(entries)
	total := int64(opened.Score)
	unit := s.cities[1]
	v := &assessment.SheetView{Unit: unit, Office: s.province, Scheme: scheme, Card: card, Self: &opened, Verified: &opened, Final: &opened, SeesVerified: true,
		Sheet:     models.Sheet{ID: 3, UnitID: unit.ID, UnitName: unit.Name, Class: "A", Status: models.SheetSubmitted, Self: &total, Entries: 4, Missing: 1, SelfMissing: 1, SubmittedAt: &sampleNow, Version: 9},
		Round:     models.Round{ID: 2, Title: "2017年度考核", Year: 2017, Status: models.RoundScoring, SelfUntil: s.view.Today + 30},
		Submitted: "王小明", Before: &models.Sheet{ID: 2, UnitName: "济南市"}, After: &models.Sheet{ID: 4, UnitName: "淄博市"}}
	for n, node := range card.Nodes {
		part := &v.Verified.Parts[n]
		line := assessment.SheetLine{Node: node, Self: part, Verified: part, Final: part}
		if node.Leaf >= 0 {
			line.Mark = models.SheetMark{ID: uint64(n + 1), Indicator: node.ID, Version: 2, Reason: "更新不及时", SelfNote: "已在网站首页公开。", SelfURL: "https://www.example.gov.cn/zwgk/2017/12345.html"}
			line.Missing, line.SelfMissing = node.ID == "third", node.ID == "third"
			if node.Method == scoring.MethodAuto {
				line.Duties = []assessment.AutoDuty{{Duty: 40, Obligation: "sd2017.plan", Period: "2017", DueOn: calendar.MustParseDate("2017-06-16"), DoneOn: calendar.MustParseDate("2017-06-20"), State: rules.Late}}
			}
			line.Files = []assessment.FileView{{ScoreFile: models.ScoreFile{ID: 5, Name: "预算公开截图.pdf"}, Size: 345678, Type: "pdf"}}
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

func scoreSheetPages(s sample) []samplePage {
	office := s.scoreSheet()
	office.Assesses, office.CanVerify, office.CanReturn, office.Accepts, office.AcceptNotes = true, true, true, 12, 3
	verifying := newScoreSheetPage(s.page(), office, 20<<20)

	refused := newScoreSheetPage(s.page(), office, 20<<20)
	refused.refuse(&models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{
		{Name: "marks[budget].points", Key: "scoring.points_negative", Args: models.Args("Value", "-1")}, {Name: "marks[mistakes].reason", Key: "marks.reason_lost", Args: models.Args("Lost", "2")}}},
		map[string]TypedMark{"budget": {Points: "-1"}, "mistakes": {Points: "2"}})

	own := s.scoreSheet()
	own.CanSelf, own.SeesVerified, own.Verified, own.Final = true, false, nil, nil
	own.Sheet.Status, own.Sheet.ReturnReason = models.SheetSelf, "请补充预算公开的链接。"
	for i := range own.Lines {
		own.Lines[i].Verified, own.Lines[i].Final = nil, nil
	}
	filling := newScoreSheetPage(s.page(), own, 20<<20)

	told := s.scoreSheet()
	told.Round.Status, told.Sheet.Missing = models.RoundAnnounced, 0
	told.Lines[2].Mark.Decided = true
	announced := newScoreSheetPage(s.page(), told, 20<<20)

	forgotten := s.scoreSheet()
	forgotten.Sheet.Status, forgotten.SelfOver, forgotten.CanResume = models.SheetSelf, true, true
	return []samplePage{
		{"score-sheet-verify", "score_sheet", verifying, []string{"form#marks[action='/sheets/3/marks']", "tr#m-budget[data-method=award] input[name=points-budget]", "tr#m-third.is-empty", "input[name=na-daily]",
			"input[name=raised-leak]", "tr#m-plan .score-duties a[href='/duties/40']", "textarea[name=text-mistakes]", "[data-live=verified-disclosure]", "a[rel=prev][href='/sheets/2']", "form[action='/sheets/3/accept'] #accept-reason",
			"form[action='/sheets/3/return'] textarea", "form[action='/sheets/3/complete']", "a[href='/sheets/3/arithmetic?view=verified']", ".score-formula .sub", "h1 .sheet-status.is-submitted", "[data-live=left]", "[data-live=verified]:empty + .so-far", "form[data-want-veto]", ".sc-proof a[href='/score-files/5']", ".unit-note"}},
		{"score-sheet-refused", "score_sheet", refused, []string{".error-summary a[href='#m-budget']", "input[name=points-budget][aria-invalid][value='-1']", "textarea[name=text-mistakes][aria-invalid]", "tr#m-budget.has-error"}},
		{"score-sheet-self", "score_sheet", filling, []string{"form#marks[action='/sheets/3/self']", "input[name=url-budget]", ".score-upload[data-upload='/sheets/3/files?indicator=budget']", "button[data-remove='/score-files/5/remove']", ".note.is-returned strong", "form[action='/sheets/3/submit']"}},
		{"score-sheet-announced", "score_sheet", announced, []string{".score-totals .is-final dd", ".sc-final.is-decided", ".score-table:not(.is-open)", "a[href='/sheets/3/arithmetic']", ".is-lost"}},
		{"score-sheet-forgotten", "score_sheet", newScoreSheetPage(s.page(), forgotten, 20<<20), []string{".note.is-returned", "form[action='/sheets/3/resume']"}},
	}
}

// A sheet with awards missing has no total, as in the lists: only what it would be so far;
// how many are left is told while somebody is to score them.
func TestAnUnfinishedSheetHasNoTotal(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	v := s.scoreSheet()
	v.CanVerify = true
	score := v.Verified.Score.String()
	total := newScoreSheetPage(s.page(), v, 0).Total
	if total.Verified != "" || total.VerifiedSoFar != "so far "+score || total.Left != "1 of 4 left" || total.Grade != "" || !total.Formula.SoFar {
		t.Errorf("one award is missing: %+v", total)
	}
	v.Verified.Missing, v.Sheet.Missing = 0, 0
	if total = newScoreSheetPage(s.page(), v, 0).Total; total.Verified != score || total.VerifiedSoFar != "" || total.Left != "None left" || total.Grade == "" {
		t.Errorf("nothing is missing: %+v", total)
	}
	v.CanVerify = false
	if total = newScoreSheetPage(s.page(), v, 0).Total; total.Left != "" {
		t.Errorf("nobody is to score, and yet %q", total.Left)
	}
}

// What names its indicator itself is not told twice which it is.
func TestAProblemNamesItsIndicatorOnce(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	page := newScoreSheetPage(s.page(), s.scoreSheet(), 0)
	title := page.Scheme.Indicators[0].Children[1].Title
	page.refuse(&models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{
		{Name: "marks[budget].points", Key: "scoring.above_points", Args: models.Args("Indicator", title, "Value", "99", "Max", "30")},
		{Name: "marks[budget].points", Key: "scoring.points_negative", Args: models.Args("Value", "-1")}}}, nil)
	for _, problem := range page.Problems {
		if strings.Count(problem.Text, title.In("en")) != 1 {
			t.Errorf("%q does not name the indicator once", problem.Text)
		}
	}
}

// When it was handed in is told as an instant of this place.
func TestTheSheetTellsWhenItWasHandedIn(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	var out strings.Builder
	if err := templates.Render(&out, "score_sheet", newScoreSheetPage(s.page(), s.scoreSheet(), 20<<20)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "30 Jun 2017 10:00") || strings.Contains(out.String(), "UTC") {
		t.Error("the page does not tell when the sheet was handed in")
	}
}

// What a page says in its fields is told apart from what was typed into them, whatever
// the browser makes of the ends of lines.
func TestRowsThatNobodyTouchedAreNotSent(t *testing.T) {
	mark := TypedMark{Version: "3", Points: "12.5", Text: "一\n二"}
	sent := mark
	sent.Version, sent.Text = "2", "一\r\n二"
	if mark.print() != sent.print() {
		t.Error("a row that nobody touched looks changed")
	}
	seen := map[string]TypedMark{mark.print(): mark}
	for i, change := range []func(*TypedMark){func(m *TypedMark) { m.Points = "12" }, func(m *TypedMark) { m.NA = true }, func(m *TypedMark) { m.Raised = true },
		func(m *TypedMark) { m.Text = "" }, func(m *TypedMark) { m.URL = "https://www.example.gov.cn" }} {
		changed := mark
		change(&changed)
		if other, same := seen[changed.print()]; same {
			t.Errorf("change %d looks like %+v", i, other)
		}
		seen[changed.print()] = changed
	}
}

func TestScoresInWords(t *testing.T) {
	points := func(text string) scoring.Amount {
		amount, _ := scoring.ParseAmount(text)
		return amount
	}
	part := func(method scoring.Method, mark scoring.Mark) *scoring.Part {
		return &scoring.Part{Node: scoring.Node{Indicator: &scoring.Indicator{Method: method}}, Mark: mark, Applicable: !mark.NA, Won: points("3")}
	}
	given := scoring.Mark{Given: true, Points: points("2.5")}
	for i, c := range []struct {
		part *scoring.Part
		want ScoreCell
	}{
		{nil, ScoreCell{}},
		{part(scoring.MethodAward, scoring.Mark{}), ScoreCell{}},
		{part(scoring.MethodAward, given), ScoreCell{Text: "2.5"}},
		{part(scoring.MethodDeduct, given), ScoreCell{Text: "\u22122.5"}},
		{part(scoring.MethodDeduct, scoring.Mark{Given: true}), ScoreCell{Text: "0"}},
		{part(scoring.MethodBonus, given), ScoreCell{Text: "+2.5"}},
		{part(scoring.MethodGroup, scoring.Mark{}), ScoreCell{Text: "3"}},
		{part(scoring.MethodAuto, scoring.Mark{}), ScoreCell{Text: "3"}},
		{&scoring.Part{Node: scoring.Node{Indicator: &scoring.Indicator{Method: scoring.MethodGroup}}, Applicable: true, Won: -points("3")}, ScoreCell{Text: "\u22123"}},
		{part(scoring.MethodAward, scoring.Mark{NA: true}), ScoreCell{Key: "sheets.na"}},
		{part(scoring.MethodVeto, scoring.Mark{Raised: true}), ScoreCell{Key: "sheets.raised"}},
		{part(scoring.MethodVeto, scoring.Mark{}), ScoreCell{}},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if diff := cmp.Diff(c.want, newScoreCell(c.part)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
