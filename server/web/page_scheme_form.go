package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// SchemeFormPage is a scheme as a form, with every indicator a row.
type SchemeFormPage struct {
	Page
	Unit  models.Unit
	Title string
	// Subject is the scheme that is changed, empty for a new one.
	Subject string
	Action  string
	BackURL string
	// Version is that of the draft, -1 of a new scheme.
	Version int
	Edit    assessment.SchemeEdit
	Rows    []IndicatorRow
	// Problems are what is wrong, each with the field to go to; Error why it was refused
	// as a whole.
	Problems []FieldProblem
	Error    *models.Error
	// Focus is the row that was just added or moved, -1 for none.
	Focus    int
	Policies []PolicyObligations
}

// PolicyObligations are those that auto indicators may be scored by.
type PolicyObligations struct {
	Title       rules.Text
	Obligations []WhatCounts
}

// IndicatorRow is one indicator of the form.
type IndicatorRow struct {
	assessment.IndicatorEdit
	Row    int
	Number string
	Source bool
	Parent bool
	// MayBelow tells that the levels of a scheme allow for more below it.
	MayBelow bool
	Faults   []string
	Boxes    []ClassBox
	Focus    bool
}

// Open tells that all fields of the row are to be shown.
func (r IndicatorRow) Open() bool { return r.Focus || len(r.Faults) > 0 }

// ClassBox is a class of an indicator's row: whether it is for it, and the points for it.
type ClassBox struct {
	ID      string
	Checked bool
	Points  string
}

// Methods are the methods that the row may have.
func (r IndicatorRow) Methods() []scoring.Method {
	if r.Source {
		return []scoring.Method{scoring.MethodAward, scoring.MethodGroup}
	}
	return []scoring.Method{scoring.MethodGroup, scoring.MethodAward, scoring.MethodDeduct, scoring.MethodBonus, scoring.MethodVeto, scoring.MethodAuto, scoring.MethodComposite}
}

// maxFormFields is how many fields a form may have: above it, a request cannot be read.
const maxFormFields = 9000

// tooWide tells whether the scheme has more fields than a form can send.
func tooWide(edit assessment.SchemeEdit) bool {
	return len(edit.Indicators)*(15+2*len(edit.Classes)) > maxFormFields
}

// newSchemeForm lays the form out; focus is a row, -1 for none.
func newSchemeForm(page Page, unit models.Unit, edit assessment.SchemeEdit, version, focus int) *SchemeFormPage {
	p := &SchemeFormPage{Page: page, Unit: unit, Version: version, Edit: edit, Focus: focus}
	var numbers []int
	for n, indicator := range edit.Indicators {
		numbers = append(numbers[:min(indicator.Level, len(numbers))], numberAt(numbers, indicator.Level))
		row := IndicatorRow{IndicatorEdit: indicator, Row: n, Number: dotted(numbers), Source: p.Edit.IsSource(n), Parent: p.Edit.HasBelow(n), MayBelow: p.Edit.MayHaveBelow(n), Focus: n == focus}
		for _, class := range edit.Classes {
			row.Boxes = append(row.Boxes, ClassBox{class.ID, len(indicator.Classes) == 0 || slices.Contains(indicator.Classes, class.ID), indicator.PointsFor[class.ID]})
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func numberAt(numbers []int, level int) int {
	if level < len(numbers) {
		return numbers[level] + 1
	}
	return 1
}

func dotted(numbers []int) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ".")
}

// refuse puts what is wrong at the rows and fields of the form.
func (p *SchemeFormPage) refuse(locale *frontend.Locale, why *models.Error) {
	if len(why.Fields) == 0 {
		p.Error = why
		return
	}
	for _, field := range why.Fields {
		message := locale.Text(field.Key, field.Args)
		id, row := fieldAnchor(field.Name), -1
		if _, err := fmt.Sscanf(field.Name, "indicators[%d]", &row); err == nil && row < len(p.Rows) {
			p.Rows[row].Faults = append(p.Rows[row].Faults, message)
			message = locale.Text("schemes.row_fault", models.Args("Row", p.Rows[row].Number, "Fault", message))
		}
		p.Problems = append(p.Problems, FieldProblem{ID: id, Text: message})
	}
}

// fieldAnchor is the id of the form's field for the name of a fault.
func fieldAnchor(name string) string {
	for _, pair := range []string{"title", "basis", "counts"} {
		if name == pair || strings.HasSuffix(name, "."+pair) {
			name += "_zh"
		}
	}
	// What is wrong with the rows below an indicator is shown at the indicator.
	for _, below := range []string{".children", ".sources"} {
		name = strings.Replace(name, below, ".id", 1)
	}
	return "f-" + strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(name)
}

// schemeTyped reads the form of a scheme.
func schemeTyped(form url.Values, region string) assessment.SchemeEdit {
	e := assessment.SchemeEdit{Region: region, ID: form.Get("id"), TitleZH: form.Get("title_zh"), TitleEN: form.Get("title_en"), Year: form.Get("year"),
		AppealDays: form.Get("appeal_days"), BasisZH: form.Get("basis_zh"), BasisEN: form.Get("basis_en")}
	rowsTyped(form, "grades", func(get func(string) string) {
		e.Grades = append(e.Grades, assessment.GradeEdit{ID: get("id"), TitleZH: get("title_zh"), TitleEN: get("title_en"), From: get("from")})
	})
	rowsTyped(form, "classes", func(get func(string) string) {
		e.Classes = append(e.Classes, assessment.ClassEdit{ID: get("id"), TitleZH: get("title_zh"), TitleEN: get("title_en"), Maximum: get("maximum")})
	})
	rowsTyped(form, "limits", func(get func(string) string) {
		e.Limits = append(e.Limits, assessment.LimitEdit{ID: get("id"), TitleZH: get("title_zh"), TitleEN: get("title_en"), Most: get("most"), Within: get("within")})
	})
	for n := 0; form.Has(fmt.Sprintf("indicators[%d].id", n)); n++ {
		e.Indicators = append(e.Indicators, indicatorTyped(form, fmt.Sprintf("indicators[%d].", n), form["offered"]))
	}
	e.Settle()
	return e
}

// rowsTyped calls add for each row of a list of the form, with its fields.
func rowsTyped(form url.Values, name string, add func(get func(string) string)) {
	for n := 0; form.Has(fmt.Sprintf("%s[%d].id", name, n)); n++ {
		add(func(field string) string { return form.Get(fmt.Sprintf("%s[%d].%s", name, n, field)) })
	}
}

// indicatorTyped reads a row; offered are the classes that it could be for.
func indicatorTyped(form url.Values, prefix string, offered []string) assessment.IndicatorEdit {
	get := func(field string) string { return form.Get(prefix + field) }
	i := assessment.IndicatorEdit{ID: get("id"), TitleZH: get("title_zh"), TitleEN: get("title_en"), Clause: get("clause"), CountsZH: get("counts_zh"), CountsEN: get("counts_en"),
		Method: get("method"), Points: get("points"), Cap: get("cap"), Obligations: get("obligations"), LateShare: get("late_share"), Grade: get("grade"), Weight: get("weight")}
	i.Level, _ = strconv.Atoi(get("level"))
	if chosen := form[prefix+"classes"]; len(chosen) < len(offered) {
		i.Classes = chosen
	}
	for _, class := range offered {
		if points := get("points_for." + class); points != "" {
			if i.PointsFor == nil {
				i.PointsFor = map[string]string{}
			}
			i.PointsFor[class] = points
		}
	}
	return i
}

// reshape does what a button of the form asks for other than saving: a word and a row,
// such as below:4. It returns the row to go to, and whether the word is one of the form's.
func reshape(e *assessment.SchemeEdit, asked string) (focus int, known bool) {
	word, text, _ := strings.Cut(asked, ":")
	row, err := strconv.Atoi(text)
	if err != nil {
		row = -1
	}
	switch word {
	case "after":
		return e.AddAfter(row), true
	case "below":
		return e.AddBelow(row), true
	case "remove":
		e.Remove(row)
		return -1, true
	case "up":
		return e.MoveUp(row), true
	case "down":
		return e.MoveDown(row), true
	}
	return -1, reshapeList(e, word, row)
}

func reshapeList(e *assessment.SchemeEdit, word string, row int) bool {
	switch word {
	case "add-grade":
		e.Grades = append(e.Grades, assessment.GradeEdit{})
	case "add-class":
		e.Classes = append(e.Classes, assessment.ClassEdit{Maximum: "100"})
	case "add-limit":
		e.Limits = append(e.Limits, assessment.LimitEdit{})
	case "remove-grade":
		e.Grades = without(e.Grades, row)
	case "remove-class":
		e.Classes = without(e.Classes, row)
	case "remove-limit":
		e.Limits = without(e.Limits, row)
	default:
		return false
	}
	return true
}

func without[T any](list []T, row int) []T {
	if row < 0 || row >= len(list) {
		return list
	}
	return slices.Delete(list, row, row+1)
}

// offer adds the obligations that may be named.
func (p *SchemeFormPage) offer(policies []compliance.PolicyView) {
	for _, policy := range policies {
		p.Policies = append(p.Policies, PolicyObligations{policy.Policy.Title, allCounts(policy.Policy)})
	}
}
