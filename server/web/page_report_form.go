package web

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// ReportForm is the form by which a unit files for a duty.
type ReportForm struct {
	Action string
	// Key makes sending the form twice file one report.
	Key    string
	Fields []FormField
	// Scheme is set on the form of the performance scheme.
	Scheme *SchemeFields
	// Problems are all that is wrong, for the summary on top.
	Problems []FieldProblem
}

// FormField is one field of a form; Label and Hint name messages.
type FormField struct {
	// ID is that of the element, unlike Name unique on the page.
	ID    string
	Name  string
	Label string
	Hint  string
	// Type is the input's type; choice is a group of radio buttons.
	Type     string
	Value    string
	Max      string
	Min      string
	Required bool
	Choices  []Choice
	Error    string
}

// Choice is one of a field's values.
type Choice struct {
	Value string
	Label string
}

// FieldProblem is a message on a field, or on the whole form when ID is empty.
type FieldProblem struct {
	ID   string
	Text string
}

// SchemeFields are the rows of the performance scheme.
type SchemeFields struct {
	Items []SchemeItem
	// AtLeast is the demanded percentage, empty where the policy sets none;
	// Related tells that items marked related count as well.
	AtLeast string
	Related bool
	Error   string
}

// SchemeItem is one row.
type SchemeItem struct {
	rules.Item
	Number int
	Error  string
	// BadPoints tells that the error is about the points, not the name.
	BadPoints bool
}

// blankRows are offered below the filled ones, for browsers without scripts.
const blankRows = 8

// newReportForm returns the form of an obligation for a duty. A fresh form has
// the zero Filing; after a refusal it has what was typed and the problems.
func newReportForm(locale *frontend.Locale, dutyID uint64, rule *rules.Obligation, filing rules.Filing, problems []models.Field, now time.Time) *ReportForm {
	f := &ReportForm{Action: fmt.Sprintf("/duties/%d/reports", dutyID), Key: rand.Text()}
	if problems == nil && filing.Title == "" && titledByRule(rule.Form()) {
		filing.Title = locale.Value(rule.Title)
	}
	f.Fields = identified("field", reportFields(rule, filing, now.In(frontend.Zone)))
	if rule.Form() == rules.FormPerformance {
		f.Scheme = newSchemeFields(rule, filing)
	}
	for _, problem := range problems {
		f.place(locale, problem)
	}
	return f
}

// identified gives the fields of a form their ids.
func identified(form string, fields []FormField) []FormField {
	for i := range fields {
		fields[i].ID = form + "-" + fields[i].Name
	}
	return fields
}

// titledByRule tells whether what was done is mostly called what was demanded.
func titledByRule(form rules.Form) bool {
	return form == rules.FormEvent || form == rules.FormPublication || form == rules.FormDeliverable
}

// place puts a problem at its field and into the summary, there with the
// field's name.
func (f *ReportForm) place(locale *frontend.Locale, problem models.Field) {
	message := locale.Text(problem.Key, problem.Args)
	if f.Scheme != nil && strings.HasPrefix(problem.Name, "items") {
		f.Problems = append(f.Problems, f.Scheme.place(locale, problem.Name, message))
		return
	}
	f.Problems = append(f.Problems, placeAtField(locale, f.Fields, problem.Name, message))
}

// placeAtField puts a message at the field of the name and returns its line of
// the summary.
func placeAtField(locale *frontend.Locale, fields []FormField, name, message string) FieldProblem {
	for i := range fields {
		if fields[i].Name == name {
			fields[i].Error = message
			return FieldProblem{ID: fields[i].ID, Text: locale.Text("form.problem",
				models.Args("Label", locale.Text(fields[i].Label, nil), "Text", message))}
		}
	}
	return FieldProblem{Text: message}
}

// place puts a message at the row that its name points at: items[2].points.
func (s *SchemeFields) place(locale *frontend.Locale, name, message string) FieldProblem {
	label, id := locale.Text("scheme.items", nil), "item-1"
	var index int
	if _, err := fmt.Sscanf(name, "items[%d]", &index); err == nil && 0 <= index && index < len(s.Items) {
		item := &s.Items[index]
		item.Error, item.BadPoints = message, strings.HasSuffix(name, ".points")
		label, id = locale.Text("scheme.row", models.Args("Number", item.Number)), fmt.Sprintf("item-%d", item.Number)
		if item.BadPoints {
			id += "-points"
		}
	} else {
		s.Error = message
	}
	return FieldProblem{ID: id, Text: locale.Text("form.problem", models.Args("Label", label, "Text", message))}
}

func reportFields(rule *rules.Obligation, filing rules.Filing, now time.Time) []FormField {
	form := rule.Form()
	today := calendar.DateOf(now).String()
	date := func(name, label string, value calendar.Date, required bool) FormField {
		return FormField{Name: name, Label: label, Type: "date", Value: value.String(), Max: today, Required: required}
	}
	on := date("on", "field.on."+string(form), filing.On, true)
	title := FormField{Name: "title", Label: "field.title." + string(form), Type: "text", Value: filing.Title, Required: true}
	link := FormField{Name: "url", Label: "field.url", Hint: "field.url.hint", Type: "url", Value: filing.URL,
		Required: slices.Contains(rule.Evidence, rules.EvidenceURL)}
	note := FormField{Name: "note", Label: "field.note", Type: "textarea", Value: filing.Note}
	switch form {
	case rules.FormBriefing, rules.FormEvent:
		fields := []FormField{on}
		if form == rules.FormBriefing || rule.Count.PresidedBy != "" {
			fields = append(fields, presidedFields(filing)...)
		}
		return append(fields, title, link, note)
	case rules.FormDeputy:
		announced := date("announced_on", "field.announced_on", filing.AnnouncedOn, false)
		announced.Required = rule.Appointment != nil && rule.Appointment.MustBePublic
		return append(deputyFields(filing, today), announced, link, note)
	case rules.FormPerformance:
		total := FormField{Name: "total", Label: "field.total", Hint: "field.total.hint", Type: "decimal", Value: filing.Total, Required: true}
		return []FormField{on, total, link, note}
	case rules.FormIncident:
		at := FormField{Name: "at", Label: "field.at", Hint: "field.at.hint", Type: "datetime-local", Max: now.Format(instantLayout), Required: true}
		if !filing.At.IsZero() {
			at.Value = filing.At.In(frontend.Zone).Format(instantLayout)
		}
		title.Required = false
		return []FormField{at, title, link, note}
	default:
		return []FormField{on, title, link, note}
	}
}

func presidedFields(filing rules.Filing) []FormField {
	chosen, name := filing.PresidedBy, ""
	switch chosen {
	case "":
		chosen = rules.PresidedByPrincipal
	case rules.PresidedByPrincipal:
	default:
		chosen, name = presidedByOther, filing.PresidedBy
	}
	return []FormField{
		{Name: "presided_by", Label: "field.presided_by", Type: "choice", Value: chosen, Choices: []Choice{
			{rules.PresidedByPrincipal, "field.presided_by.principal"}, {presidedByOther, "field.presided_by.other"}}},
		{Name: "presided_by_name", Label: "field.presided_by_name", Hint: "field.presided_by_name.hint", Type: "text", Value: name},
	}
}

func deputyFields(filing rules.Filing, today string) []FormField {
	inDivision := ""
	if filing.InDivisionOfWork {
		inDivision = "1"
	}
	return []FormField{
		{Name: "name", Label: "field.name", Type: "text", Value: filing.Name, Required: true},
		{Name: "post", Label: "field.post", Type: "text", Value: filing.Post},
		{Name: "from", Label: "field.from", Type: "date", Value: filing.From.String(), Max: today, Required: true},
		{Name: "in_division_of_work", Label: "field.in_division_of_work", Hint: "field.in_division_of_work.hint", Type: "checkbox", Value: inDivision},
	}
}

func newSchemeFields(rule *rules.Obligation, filing rules.Filing) *SchemeFields {
	scheme := &SchemeFields{}
	if weight := rule.Weight; weight != nil {
		scheme.Related = weight.Related
		if !weight.AtLeast.IsZero() {
			scheme.AtLeast = weight.AtLeast.String()
		}
	}
	items := filing.Items
	if len(items) == 0 {
		// The row that matters is there already, so that nobody must know the marks.
		items = []rules.Item{{Openness: rules.OpennessCore}}
	}
	for i := range len(items) + blankRows {
		item := SchemeItem{Number: i + 1}
		if i < len(items) {
			item.Item = items[i]
		}
		scheme.Items = append(scheme.Items, item)
	}
	return scheme
}

// SubjectForm registers the document or incident that starts a term.
type SubjectForm struct {
	Action string
	// Incident tells that the term runs from an instant.
	Incident bool
	Fields   []FormField
	Problems []FieldProblem
}

// SubjectInput is what is typed into a SubjectForm.
type SubjectInput struct {
	ID    string
	Title string
	On    string
	At    string
}

// newSubjectForm returns the form for what starts the obligation's term, nil
// for an obligation that nothing registered starts.
func newSubjectForm(locale *frontend.Locale, dutyID uint64, rule *rules.Obligation, input SubjectInput, problems []models.Field, now time.Time) *SubjectForm {
	if !rule.NeedsStart() {
		return nil
	}
	trigger := rule.Trigger()
	now = now.In(frontend.Zone)
	f := &SubjectForm{Action: fmt.Sprintf("/duties/%d/starts", dutyID), Incident: trigger == rules.AfterIncident}
	label := "subject." + string(trigger)
	when := FormField{Name: "on", Label: label + ".on", Type: "date", Value: input.On, Max: calendar.DateOf(now).String(), Required: true}
	if f.Incident {
		when = FormField{Name: "at", Label: label + ".on", Hint: "field.at.hint", Type: "datetime-local", Value: input.At, Max: now.Format(instantLayout), Required: true}
	}
	f.Fields = identified("subject", []FormField{
		{Name: "title", Label: label + ".title", Type: "text", Value: input.Title, Required: true},
		{Name: "id", Label: label + ".id", Hint: "subject.id.hint", Type: "text", Value: input.ID, Required: true},
		when,
	})
	for _, problem := range problems {
		f.Problems = append(f.Problems, placeAtField(locale, f.Fields, problem.Name, locale.Text(problem.Key, problem.Args)))
	}
	return f
}
