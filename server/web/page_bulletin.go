package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/charts"
	"sundial/server/rules"
)

// BulletinsPage lists the bulletins of an office.
type BulletinsPage struct {
	Page
	Tabs   UnitTabs
	List   *bulletin.List
	Filter BulletinFilter
	Chips  []AppealChip
	Rows   []BulletinLine
	Above  []BulletinLine
	Pager  Pager
	// NewURL leads to the form of a new one; empty for who may not.
	NewURL string
}

// BulletinFilter is what the list is narrowed to.
type BulletinFilter struct {
	Status string
	Year   int
	Text   string
}

// Narrowed tells that the form of the filter narrows the list.
func (f BulletinFilter) Narrowed() bool { return f.Year != 0 || f.Text != "" }

func (f BulletinFilter) url(unit models.Unit, status, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"status": status, "q": f.Text, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Year != 0 {
		query.Set("year", strconv.Itoa(f.Year))
	}
	if len(query) == 0 {
		return unitURL(unit, "bulletins")
	}
	return unitURL(unit, "bulletins") + "?" + query.Encode()
}

// BulletinLine is a bulletin in a list.
type BulletinLine struct {
	models.Bulletin
	// URL leads to its page, PublicURL to that for everybody, empty for drafts.
	URL, PublicURL string
	// By is the edition that has replaced it, 0 for none.
	By int
}

// bulletinLine lists a bulletin; newest is the newest published edition of its series.
func bulletinLine(row models.Bulletin, newest int) BulletinLine {
	line := BulletinLine{Bulletin: row, URL: bulletinURL(row.ID)}
	if row.Status == models.BulletinPublished {
		line.PublicURL = publicURL(row.Series, row.Edition)
		if newest > row.Edition {
			line.By = row.Edition + 1
		}
	}
	return line
}

// bulletinsAtMost is how many bulletins a page lists.
const bulletinsAtMost = 50

func newBulletinsPage(base Page, list *bulletin.List, filter BulletinFilter) *BulletinsPage {
	p := &BulletinsPage{Page: base, List: list, Filter: filter}
	add := func(key, status string, count int) {
		p.Chips = append(p.Chips, AppealChip{Key: key, URL: filter.url(list.Unit, status, ""), Count: count, Current: filter.Status == status})
	}
	add("bulletins.all", "", list.Total())
	if list.MayManage {
		add("bulletins.status.draft", string(models.BulletinDraft), list.Counts[models.BulletinDraft])
		p.NewURL = unitURL(list.Unit, "bulletins", "new")
	}
	add("bulletins.status.published", string(models.BulletinPublished), list.Counts[models.BulletinPublished])
	for _, row := range list.Items {
		p.Rows = append(p.Rows, bulletinLine(row, list.Newest[row.Series]))
	}
	for _, row := range list.Above {
		p.Above = append(p.Above, bulletinLine(row, row.Edition))
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, filter.Status, list.Next)
	}
	return p
}

// BulletinNewPage asks what a new bulletin is about, and shows what it would be.
type BulletinNewPage struct {
	Page
	Tabs    UnitTabs
	Unit    models.Unit
	Form    BulletinQuestion
	Preview *bulletin.Preview
	Content *BulletinContent
	Error   *models.Error
	BackURL string
}

// BulletinQuestion is the form that says what a bulletin is about.
type BulletinQuestion struct {
	Action   string
	Version  int
	Input    bulletin.Input
	Fields   []FormField
	Parts    []BulletinChoice
	Rules    []BulletinChoice
	Problems []FieldProblem
}

// BulletinChoice is a part or a rule that can be chosen; Number, when it has one, is its
// threshold.
type BulletinChoice struct {
	Name, Label string
	Checked     bool
	Number      *FormField
	Error       string
}

// bulletinQuestion lays the form out.
func bulletinQuestion(locale *frontend.Locale, in bulletin.Input, policies []FieldOption, rounds []models.Round, latest string) BulletinQuestion {
	none := []FieldOption{{"", locale.Text("filter.all_policies", nil)}}
	offered := []FieldOption{{"", locale.Text("bulletins.no_round", nil)}}
	for _, round := range rounds {
		offered = append(offered, FieldOption{fmt.Sprint(round.ID), round.Title})
	}
	round := ""
	if in.Round != 0 {
		round = fmt.Sprint(in.Round)
	}
	s := in.Settings
	q := BulletinQuestion{Version: -1, Input: in, Fields: []FormField{
		{ID: "year", Name: "year", Label: "filter.year", Type: "number", Value: strconv.Itoa(in.Year), Min: "1949", Max: "2200", Required: true},
		{ID: "as_of", Name: "as_of", Label: "bulletins.as_of", Hint: "bulletins.as_of_hint", Type: "date", Value: in.AsOf.String(), Max: latest, Required: true},
		{ID: "policy", Name: "policy", Label: "filter.policy", Type: "select", Value: in.Policy, Options: append(none, policies...), OneOf: true},
		{ID: "round", Name: "round", Label: "bulletins.round", Hint: "bulletins.round_hint", Type: "select", Value: round, Options: offered, OneOf: true},
	}}
	q.Parts = []BulletinChoice{{"late", "bulletins.part.late", s.Parts.Late, nil, ""}, {"tasks", "bulletins.part.tasks", s.Parts.Tasks, nil, ""},
		{"findings", "bulletins.part.findings", s.Parts.Findings, nil, ""}, {"urges", "bulletins.part.urges", s.Parts.Urges, nil, ""}}
	number := func(name string, value string, most string) *FormField {
		return &FormField{ID: name, Name: name, Label: "bulletins.set." + name, Type: "number", Value: value, Min: "0", Max: most}
	}
	q.Rules = []BulletinChoice{
		{"in_time", "bulletins.set.in_time", s.Praise.InTime, nil, ""},
		{"", "", false, number("rank_to", strconv.Itoa(s.Praise.RankTo), strconv.Itoa(bulletin.MaxRankTo)), ""},
		{"top_grade", "bulletins.set.top_grade", s.Praise.TopGrade, nil, ""},
		{"", "", false, number("overdue_from", strconv.Itoa(s.Criticism.OverdueFrom), strconv.Itoa(bulletin.MaxOverdueFrom)), ""},
		{"", "", false, &FormField{ID: "completion_below", Name: "completion_below", Label: "bulletins.set.completion_below", Type: "decimal", Value: s.Criticism.CompletionBelow.String()}, ""},
		{"red_urge", "bulletins.set.red_urge", s.Criticism.RedUrge, nil, ""},
		{"serious_finding", "bulletins.set.serious_finding", s.Criticism.SeriousFinding, nil, ""},
	}
	return q
}

// Praise and Criticism are the rules of either.
func (q BulletinQuestion) Praise() []BulletinChoice { return q.Rules[:3] }

// Criticism is Praise for the other rules.
func (q BulletinQuestion) Criticism() []BulletinChoice { return q.Rules[3:] }

// refuse says what is wrong with the form.
func (q *BulletinQuestion) refuse(locale *frontend.Locale, why *models.Error) {
	fields := slices.Clone(q.Fields)
	for _, rule := range q.Rules {
		if rule.Number != nil {
			fields = append(fields, *rule.Number)
		} else {
			fields = append(fields, FormField{ID: "choice-" + rule.Name, Name: rule.Name, Label: rule.Label})
		}
	}
	for _, field := range why.Fields {
		text := locale.Text(field.Key, field.Args)
		q.Problems = append(q.Problems, placeAtField(locale, fields, field.Name, text))
		for i := range q.Fields {
			if q.Fields[i].Name == field.Name {
				q.Fields[i].Error = text
			}
		}
		for i, rule := range q.Rules {
			switch {
			case rule.Number != nil && rule.Number.Name == field.Name:
				rule.Number.Error = text
			case rule.Number == nil && rule.Name == field.Name:
				q.Rules[i].Error = text
			}
		}
	}
}

// BulletinPage is a bulletin: a draft with its editor, or what is published.
type BulletinPage struct {
	Page
	Tabs    UnitTabs
	View    *bulletin.View
	Content *BulletinContent
	Changes *BulletinChanges
	// Editor, Question and Groups are those of a draft that the user may change.
	Editor   *BulletinEditor
	Question *BulletinQuestion
	Groups   []BulletinFieldGroup
	// CheckURL leads to what is compared before it is published.
	CheckURL   string
	DiscardURL string
	// DocumentURL is the Word file of a draft.
	DocumentURL string
	PublicURL   string
	Files       []BulletinFile
	// Editions are all of the series that the user may see, the newest first.
	Editions []BulletinLine
	Correct  *OfficeForm
	Error    *models.Error
}

// Draft tells that it is not published.
func (p BulletinPage) Draft() bool { return p.View.Status == models.BulletinDraft }

// BulletinEditor is the form of the words.
type BulletinEditor struct {
	Action     string
	Version    int
	Fields     []FormField
	Paragraphs []BulletinParagraph
	// TitleNumbers are the typed numbers in the title.
	TitleNumbers []BulletinNumber
	// ChangeNumbers are those in the note of a correction.
	ChangeNumbers []BulletinNumber
	Problems      []FieldProblem
	Error         *models.Error
}

// BulletinParagraph is a paragraph in the editor.
type BulletinParagraph struct {
	N                       int
	Heading, Text           string
	HeadingError, TextError string
	Numbers                 []BulletinNumber
}

// Rows is how high the field of the text is.
func (p BulletinParagraph) Rows() int {
	rows := 1
	for _, line := range strings.Split(p.Text, "\n") {
		rows += 1 + len([]rune(line))/60
	}
	return min(rows, 12)
}

// BulletinNumber is a number that is pointed out; Tick is what its box sends.
type BulletinNumber struct {
	bulletin.TypedNumber
	Tick string
}

func bulletinNumbers(typed []bulletin.TypedNumber, paragraph int) []BulletinNumber {
	var numbers []BulletinNumber
	for _, t := range typed {
		if t.Paragraph == paragraph {
			numbers = append(numbers, BulletinNumber{t, t.Number + "|" + t.Around})
		}
	}
	return numbers
}

// newBulletinEditor lays out the words, with the numbers in them that are none of the data.
func newBulletinEditor(v *bulletin.View, in bulletin.WordsInput) *BulletinEditor {
	e := &BulletinEditor{Action: bulletinURL(v.ID, "words"), Version: v.Version, Fields: []FormField{
		{ID: "title", Name: "title", Label: "bulletins.title_field", Type: "text", Value: in.Title, Required: true},
		{ID: "number", Name: "number", Label: "bulletins.number_field", Hint: "bulletins.number_hint", Type: "text", Value: in.Number}}}
	if v.Edition > 1 {
		e.Fields = append(e.Fields, FormField{ID: "change", Name: "change", Label: "bulletins.change_field", Hint: "bulletins.change_hint", Type: "textarea", Value: in.Change, Required: true})
	}
	typed := v.Data.Typed(in.Title, in.Words)
	e.TitleNumbers, e.ChangeNumbers = bulletinNumbers(typed, 0), bulletinNumbers(v.Data.TypedNote(in.Change, in.Words), 0)
	for i, p := range in.Words.Paragraphs {
		e.Paragraphs = append(e.Paragraphs, BulletinParagraph{N: i + 1, Heading: p.Heading, Text: p.Text, Numbers: bulletinNumbers(typed, i+1)})
	}
	e.Paragraphs = append(e.Paragraphs, BulletinParagraph{N: len(in.Words.Paragraphs) + 1})
	return e
}

// Blank tells that the paragraph is the empty one at the end.
func (e BulletinEditor) Blank(p BulletinParagraph) bool { return p.N == len(e.Paragraphs) }

// refuse places what is wrong at its field.
func (e *BulletinEditor) refuse(locale *frontend.Locale, why *models.Error) {
	if why.Code != models.Invalid {
		e.Error = why
		return
	}
	for _, field := range why.Fields {
		text := locale.Text(field.Key, field.Args)
		problem := FieldProblem{Text: text}
		for i := range e.Fields {
			if e.Fields[i].Name == field.Name {
				e.Fields[i].Error, problem.ID = text, field.Name
			}
		}
		for i := range e.Paragraphs {
			n := strconv.Itoa(e.Paragraphs[i].N)
			switch field.Name {
			case "heading_" + n:
				e.Paragraphs[i].HeadingError, problem.ID = text, field.Name
			case "text_" + n:
				e.Paragraphs[i].TextError, problem.ID = text, field.Name
			}
		}
		if problem.ID != "" && strings.Contains(problem.ID, "_") {
			_, n, _ := strings.Cut(problem.ID, "_")
			problem.Text = locale.Text("bulletins.in_paragraph", models.Args("Paragraph", n, "Problem", text))
		}
		e.Problems = append(e.Problems, problem)
	}
}

// BulletinFieldGroup are fields that are listed together.
type BulletinFieldGroup struct {
	Name   string
	Fields []BulletinField
}

// BulletinField is a field with its name in the language of the page.
type BulletinField struct {
	bulletin.Field
	Label string
}

// fieldGroups lists the fields group by group, in their order.
func fieldGroups(locale *frontend.Locale, fields []bulletin.Field) []BulletinFieldGroup {
	var groups []BulletinFieldGroup
	for _, field := range fields {
		at := slices.IndexFunc(groups, func(g BulletinFieldGroup) bool { return g.Name == field.Group })
		if at < 0 {
			at, groups = len(groups), append(groups, BulletinFieldGroup{Name: field.Group})
		}
		label := locale.Text("bulletins.field."+field.Code, nil)
		if field.Of != "" {
			label = locale.Text("bulletins.field_of", models.Args("Field", label, "Of", field.Of))
		}
		groups[at].Fields = append(groups[at].Fields, BulletinField{field, label})
	}
	return groups
}

// BulletinChanges are what an edition has different.
type BulletinChanges struct {
	*bulletin.Changes
	Numbers []BulletinDifference
}

// BulletinDifference is a number that is different, with its name.
type BulletinDifference struct {
	bulletin.Difference
	Label string
}

func bulletinDifferences(locale *frontend.Locale, list []bulletin.Difference) []BulletinDifference {
	var named []BulletinDifference
	for _, d := range list {
		key := "bulletins.field." + d.Code
		if d.Group == "line" {
			key = "bulletins.line." + d.Code
		}
		label := locale.Text(key, nil)
		if d.Of != "" {
			label = locale.Text("bulletins.field_of", models.Args("Field", label, "Of", d.Of))
		}
		if d.Code == "round_status" {
			d.Before, d.Now = phaseText(locale, d.Before), phaseText(locale, d.Now)
		}
		named = append(named, BulletinDifference{d, label})
	}
	return named
}

// phaseText names the status of a round; empty for none.
func phaseText(locale *frontend.Locale, status string) string {
	if status == "" {
		return ""
	}
	return locale.Text("rounds.phase."+status, nil)
}

func newBulletinChanges(locale *frontend.Locale, changes *bulletin.Changes) *BulletinChanges {
	if changes == nil {
		return nil
	}
	return &BulletinChanges{changes, bulletinDifferences(locale, changes.Numbers)}
}

// BulletinFile is a file of a published bulletin; Key names it.
type BulletinFile struct{ Key, URL string }

// bulletinFiles are the files of an edition, as far as it has what they are about.
func bulletinFiles(p bulletin.Publication) []BulletinFile {
	return issueFiles(bulletin.Issue{Series: p.Series, Edition: p.Edition, HasRanking: p.Data.Ranking != nil, HasLate: p.Data.Late != nil, HasFindings: p.Data.Findings != nil})
}

// issueFiles is bulletinFiles of an edition as it is listed.
func issueFiles(issue bulletin.Issue) []BulletinFile {
	base := publicURL(issue.Series, issue.Edition)
	files := []BulletinFile{{"document.word", base + "/document.docx"}, {"bulletins.file.board", base + "/board.csv"}}
	if issue.HasRanking {
		files = append(files, BulletinFile{"bulletins.file.ranking", base + "/ranking.csv"})
	}
	if issue.HasLate {
		files = append(files, BulletinFile{"bulletins.file.late", base + "/late.csv"})
	}
	if issue.HasFindings {
		files = append(files, BulletinFile{"bulletins.file.findings", base + "/findings.csv"})
	}
	return append(files, BulletinFile{"public.file.data", base + "/data.json"}, BulletinFile{"public.file.sealed", base + "/sealed.json"})
}

func newBulletinPage(base Page, v *bulletin.View) *BulletinPage {
	p := &BulletinPage{Page: base, View: v, Content: newBulletinContent(v.Publication), Changes: newBulletinChanges(base.Locale, v.Changes)}
	newest := 0
	for _, row := range v.Editions {
		if row.Status == models.BulletinPublished {
			newest = max(newest, row.Edition)
		}
		p.Editions = append(p.Editions, bulletinLine(row, newest))
	}
	switch {
	case v.Status == models.BulletinPublished:
		p.PublicURL = publicURL(v.Series, v.Edition)
		if v.Broken() {
			break
		}
		p.Files = bulletinFiles(v.Publication)
		if v.MayManage && v.Newest() {
			p.Correct = newOfficeForm("bulletin_correct", "", bulletinURL(v.ID, "editions"),
				FormField{Name: "change", Label: "bulletins.change_field", Hint: "bulletins.change_hint", Type: "textarea", Required: true})
		}
	case v.MayManage:
		p.Editor = newBulletinEditor(v, bulletin.WordsInput{Title: v.Title, Number: v.Number, Change: v.Change, Words: v.Words})
		p.Editor.refuseFaults(base.Locale, v.Faults)
		p.Groups = fieldGroups(base.Locale, v.Fields)
		p.CheckURL, p.DiscardURL, p.DocumentURL = bulletinURL(v.ID, "check"), bulletinURL(v.ID, "discard"), bulletinURL(v.ID, "document.docx")
	}
	return p
}

// refuseFaults shows what is wrong with the words as they are stored.
func (e *BulletinEditor) refuseFaults(locale *frontend.Locale, faults []models.Field) {
	if len(faults) > 0 {
		e.refuse(locale, &models.Error{Code: models.Invalid, Fields: faults})
	}
}

// BulletinCheckPage shows all that is compared before a bulletin is published.
type BulletinCheckPage struct {
	Page
	Tabs        UnitTabs
	View        *bulletin.View
	Report      *bulletin.Report
	Groups      []BulletinCheckGroup
	Differences []BulletinDifference
	Typed       []BulletinNumber
	EditURL     string
	PublishURL  string
	Error       *models.Error
}

// BulletinCheckGroup are the checks of one kind.
type BulletinCheckGroup struct {
	Name   string
	Checks []bulletin.Check
	Failed int
}

// Key is the message that names the group.
func (g BulletinCheckGroup) Key() string { return "bulletins.check." + g.Name }

func newBulletinCheckPage(base Page, v *bulletin.View, report *bulletin.Report) *BulletinCheckPage {
	p := &BulletinCheckPage{Page: base, View: v, Report: report, Differences: bulletinDifferences(base.Locale, report.Differences),
		EditURL: bulletinURL(v.ID), PublishURL: bulletinURL(v.ID, "publish")}
	for _, check := range report.Checks {
		at := slices.IndexFunc(p.Groups, func(g BulletinCheckGroup) bool { return g.Name == check.Group })
		if at < 0 {
			at, p.Groups = len(p.Groups), append(p.Groups, BulletinCheckGroup{Name: check.Group})
		}
		p.Groups[at].Checks = append(p.Groups[at].Checks, check)
		if !check.OK() {
			p.Groups[at].Failed++
		}
	}
	slices.SortStableFunc(p.Groups, func(a, b BulletinCheckGroup) int { return cmp.Compare(b.Failed, a.Failed) })
	for _, typed := range report.Typed {
		p.Typed = append(p.Typed, BulletinNumber{TypedNumber: typed})
	}
	return p
}

// PublicBulletinPage is a published bulletin as everybody may read it.
type PublicBulletinPage struct {
	Page
	Content *BulletinContent
	Changes *BulletinChanges
	// Newest is the latest edition, NewestURL leads to it from an older one.
	Newest    int
	NewestURL string
	// Editions are all of the bulletin, the newest first.
	Editions []PublicEdition
	Files    []BulletinFile
	// Policy names the policy that it is narrowed to, nil for all.
	Policy *rules.Text
	// Chart is the states of each obligation for the browser to draw, ChartFile its name as
	// a picture.
	Chart     string
	ChartFile string
}

// Intact tells that what is shown is what was published.
func (p PublicBulletinPage) Intact() bool { return p.Content.Seal.Holds() }

func newPublicBulletinPage(base Page, found *bulletin.Public) *PublicBulletinPage {
	p := &PublicBulletinPage{Page: base, Content: newBulletinContent(found.Publication), Changes: newBulletinChanges(base.Locale, found.Changes), Newest: found.Newest}
	p.Demo = found.Demo
	if found.Newest > found.Edition {
		p.NewestURL = publicURL(found.Series, found.Newest)
	}
	by := 0
	for _, issue := range found.Editions {
		p.Editions = append(p.Editions, publicEdition(issue, by))
		by = issue.Edition
	}
	if !p.Intact() {
		return p
	}
	p.Files = bulletinFiles(found.Publication)
	p.Chart, p.ChartFile = frozenChart(base.Locale, p.Content), fmt.Sprintf("%s-%d.png", found.Series, found.Edition)
	for _, policy := range found.Data.Policies {
		if policy.Code == found.Policy {
			p.Policy = &rules.Text{ZH: policy.Title.ZH, EN: policy.Title.EN}
		}
	}
	return p
}

// frozenChart draws the states of each obligation out of the frozen data.
func frozenChart(locale *frontend.Locale, c *BulletinContent) string {
	chart := charts.StateChart{Description: locale.Text("public.chart_description", models.Args("Office", bothNames(c.Office), "AsOf", c.AsOf,
		"Finding", locale.Text(c.Leads.Obligations.Key, c.Leads.Obligations.Args), "Count", len(c.Obligations)))}
	for _, o := range c.Obligations {
		chart.Obligations = append(chart.Obligations, locale.Value(o.Title))
	}
	for _, state := range rules.States {
		series := charts.Series{State: string(state), Name: locale.Text("state."+string(state), nil)}
		for _, o := range c.Obligations {
			series.Counts = append(series.Counts, o.Cell.Count(state))
		}
		chart.Series = append(chart.Series, series)
	}
	option, err := chart.JSON()
	if err != nil { // The table has the numbers all the same.
		return ""
	}
	return string(option)
}

// policyOptions are the policies in a select.
func policyOptions(locale *frontend.Locale, list []PolicyOption) []FieldOption {
	var options []FieldOption
	for _, policy := range list {
		options = append(options, FieldOption{policy.Code, locale.In(policy.Title)})
	}
	return options
}
