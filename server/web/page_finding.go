package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/evidence"
	"sundial/server/exchange"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/supervision"
)

// FindingTable are findings in a table; Inspected leaves out the column of the inspection.
type FindingTable struct {
	Rows      []FindingRow
	Inspected bool
}

// FindingRow is a finding in a table.
type FindingRow struct {
	supervision.FindingLine
	URL, InspectionURL string
}

// Waits tells that one of them is not put right yet.
func (t FindingTable) Waits() bool {
	return slices.ContainsFunc(t.Rows, func(row FindingRow) bool { return !row.State.Settled() })
}

func newFindingTable(lines []supervision.FindingLine, inspected bool) *FindingTable {
	table := &FindingTable{Inspected: inspected}
	for _, line := range lines {
		table.Rows = append(table.Rows, FindingRow{line, findingURL(line.ID), inspectionURL(line.InspectionID)})
	}
	return table
}

// FindingsPage lists the findings of a unit and all below it.
type FindingsPage struct {
	Page
	Tabs   UnitTabs
	List   *supervision.FindingList
	Filter FindingFilter
	Chips  []AppealChip
	Table  *FindingTable
	Share  string
	Pager  Pager
	CSVURL string
}

// FindingFilter is what the list is narrowed to.
type FindingFilter struct {
	State      string
	Severity   string
	Inspection uint64
	Text       string
	AsOf       string
}

// Narrowed tells that the form of the filter narrows the list.
func (f FindingFilter) Narrowed() bool {
	return f.Severity != "" || f.Inspection != 0 || f.Text != "" || f.AsOf != ""
}

func (f FindingFilter) url(unit models.Unit, path, state, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"state": state, "severity": f.Severity, "q": f.Text, "as_of": f.AsOf, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Inspection != 0 {
		query.Set("inspection", strconv.FormatUint(f.Inspection, 10))
	}
	return withQuery(unitURL(unit, path), query)
}

func newFindingsPage(base Page, list *supervision.FindingList, filter FindingFilter) *FindingsPage {
	p := &FindingsPage{Page: base, List: list, Filter: filter, Table: newFindingTable(list.Items, false), Share: shareText(list.Count),
		CSVURL: filter.url(list.Unit, "findings.csv", filter.State, "")}
	p.Chips = []AppealChip{{Key: "findings.all", URL: filter.url(list.Unit, "findings", "", ""), Count: list.Count.Found + list.Count.Withdrawn, Current: filter.State == ""}}
	for _, state := range supervision.FindingStates {
		count := list.Count.Of(state)
		p.Chips = append(p.Chips, AppealChip{Key: "findings.state." + string(state), URL: filter.url(list.Unit, "findings", string(state), ""), Count: count,
			Current: filter.State == string(state), Alarm: state == supervision.FindingOverdue && count > 0})
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, "findings", filter.State, list.Next)
	}
	return p
}

// Severities are those that the list can be narrowed to.
func (p FindingsPage) Severities() []models.Severity { return models.Severities }

// findingFile is the list as a file in the language.
func findingFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("findings.title")}
	for _, c := range []struct {
		name string
		kind exchange.Kind
	}{{"code", exchange.KindText}, {"unit", exchange.KindText}, {"inspection", exchange.KindText}, {"severity", exchange.KindText}, {"clause", exchange.KindText},
		{"text", exchange.KindText}, {"found", exchange.KindDate}, {"due", exchange.KindDate}, {"state", exchange.KindText}, {"closed", exchange.KindDate}} {
		key := "findings.column." + c.name
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: in(key), Kind: c.kind})
	}
	return table
}

// cells are those of the row in the file.
func (r FindingRow) cells(locale *frontend.Locale) []any {
	return []any{r.Unit.Code, unitName(locale, r.Unit), r.Inspection.Title, locale.Text("severity."+string(r.Severity), nil), locale.Chinese(r.Clause),
		r.Text, r.FoundOn, r.DueOn, locale.Text("findings.state."+string(r.State), nil), r.ClosedOn}
}

// FindingPage is a finding with how it is put right.
type FindingPage struct {
	Page
	Tabs  UnitTabs
	View  *supervision.FindingView
	Files []FileItem
	// InspectionURL leads to the inspection where the user sees it, DutyURL to the duty.
	InspectionURL, DutyURL string
	Deductions             []FindingDeduction
	// Steps are those of its rectification, which RectificationURL leads to: NextKey names
	// what the user does there, and ToDo tells that it is their turn.
	Steps                     []RectificationStep
	RectificationURL, NextKey string
	ToDo                      bool
	Withdraw                  *OfficeForm
	Error                     *models.Error
}

// FindingDeduction is what the finding has cost, with where it stands.
type FindingDeduction struct {
	supervision.FindingDeduction
	URL   string
	Words rules.Reason
}

func newFindingPage(base Page, v *supervision.FindingView) *FindingPage {
	p := &FindingPage{Page: base, View: v, Files: newCaseFiles(v.Files), InspectionURL: inspectionURL(v.InspectionID)}
	if v.Duty != nil {
		p.DutyURL = View{}.DutyURL(v.Duty.ID)
	}
	for _, d := range v.Deductions {
		words := rules.Reason{Key: "findings.deducted_veto", Args: models.Args("Round", d.Round)}
		if d.Points != nil && !d.Raised {
			words = rules.Reason{Key: "findings.deducted", Args: models.Args("Round", d.Round, "Points", scoring.Amount(*d.Points).String())}
		}
		p.Deductions = append(p.Deductions, FindingDeduction{d, sheetURL(d.SheetID) + "#m-" + d.Indicator, words})
	}
	if v.CanWithdraw {
		p.Withdraw = newOfficeForm("finding_withdraw", "", findingURL(v.ID, "withdraw"), reasonField)
		p.Withdraw.Version = v.Version
	}
	return p
}

// rectified adds how the finding is put right.
func (p *FindingPage) rectified(v *rectification.View) {
	p.RectificationURL, p.NextKey, p.ToDo = rectificationURL(v.ID), "findings.to_rectification", v.CanAnswer || v.CanDecide
	switch {
	case v.CanAnswer:
		p.NextKey = "findings.to_answer"
	case v.CanDecide:
		p.NextKey = "findings.to_decide"
	}
	for _, step := range v.Steps {
		p.Steps = append(p.Steps, RectificationStep{step, newCaseFiles(step.Files)})
	}
}

// FindingFormPage is the form by which a finding is entered.
type FindingFormPage struct {
	Page
	Tabs     UnitTabs
	View     *supervision.FindingForm
	Unit     string
	Fields   []FormField
	Problems []FieldProblem
	Due      *DueTerm
	Action   string
	BackURL  string
	Accept   string
	// NewURL is the form itself, by which a unit is chosen first.
	NewURL string
}

// FindingDutyOption is a duty that a finding may concern.
type FindingDutyOption struct {
	ID   uint64
	Text string
}

func newFindingFormPage(base Page, v *supervision.FindingForm, unit string, duties []FindingDutyOption, typed url.Values) *FindingFormPage {
	p := &FindingFormPage{Page: base, View: v, Unit: unit, Due: newDueTerm(&v.Due), Action: inspectionURL(v.ID, "findings"), BackURL: inspectionURL(v.ID),
		NewURL: inspectionURL(v.ID, "findings", "new"), Accept: "." + strings.Join(evidence.Extensions(), ",.")}
	none := FieldOption{"", base.Locale.Text("findings.no_duty", nil)}
	duty := FormField{Name: "duty", Label: "findings.field.duty", Hint: "findings.field.duty_hint", Type: "select", Options: []FieldOption{none}}
	for _, d := range duties {
		duty.Options = append(duty.Options, FieldOption{strconv.FormatUint(d.ID, 10), d.Text})
	}
	severity := FormField{Name: "severity", Label: "findings.field.severity", Type: "choice", Required: true}
	for _, s := range models.Severities {
		severity.Choices = append(severity.Choices, Choice{Value: string(s), Label: "severity." + string(s)})
	}
	p.Fields = identified("finding", []FormField{severity, duty,
		{Name: "clause", Label: "findings.field.clause", Hint: "findings.field.clause_hint", Type: "text", Required: true},
		{Name: "text", Label: "findings.field.text", Type: "textarea", Required: true},
		{Name: "demand", Label: "findings.field.demand", Hint: "findings.field.demand_hint", Type: "textarea"},
		{Name: "due_on", Label: "findings.field.due", Hint: "findings.field.due_hint", Type: "date", Value: v.Due.Due.String(), Min: v.Due.Due.String()},
		{Name: "noted", Label: "findings.field.noted", Hint: "findings.field.noted_hint", Type: "checkbox"},
		{Name: "url", Label: "findings.field.url", Type: "url"}})
	for i := range p.Fields {
		if typed.Has(p.Fields[i].Name) {
			p.Fields[i].Value = typed.Get(p.Fields[i].Name)
		}
	}
	return p
}

func (p *FindingFormPage) refuse(why *models.Error) {
	for _, problem := range why.Fields {
		p.Problems = append(p.Problems, placeAtField(p.Locale, p.Fields, problem.Name, p.Locale.Text(problem.Key, problem.Args)))
	}
	if len(why.Fields) == 0 {
		p.Problems = []FieldProblem{{Text: p.Locale.Text(why.Key, why.Args)}}
	}
}
