package web

import (
	"crypto/rand"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
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
	// Warnings are shown once; Confirmed then says that they were seen.
	Warnings  []FieldProblem
	Confirmed string
	// The caller's draft: where it is saved, and what of it is. Owner is the caller;
	// Fresh tells that nothing was typed that the server has not kept.
	DraftURL     string
	DiscardURL   string
	DraftVersion int
	DraftSaved   string
	Owner        uint64
	Fresh        bool
	Evidence     *EvidenceFields
	Companions   []Companion
}

// Started tells that there is a draft to discard.
func (f ReportForm) Started() bool { return f.DraftVersion > 0 || len(f.Evidence.Files) > 0 }

// NothingForm reports that there is nothing to report.
type NothingForm struct {
	Action string
	Key    string
	// Open tells that it is the only form, or was refused.
	Open     bool
	Fields   []FormField
	Problems []FieldProblem
}

// newNothingForm returns the form, after a refused attempt at it with what was
// typed.
func newNothingForm(locale *frontend.Locale, detail *compliance.DutyDetail, tried attempt) *NothingForm {
	refused := tried.filing != nil && tried.filing.Nothing
	note := FormField{Name: "note", Label: "field.nothing", Hint: "field.nothing.hint", Type: "textarea", Required: true}
	if refused {
		note.Value = tried.filing.Note
	}
	f := &NothingForm{Action: reportsURL(detail.Duty.ID), Key: rand.Text(), Open: refused || detail.Refusal != nil,
		Fields: identified("nothing", []FormField{note})}
	if refused {
		for _, problem := range tried.problems {
			f.Problems = append(f.Problems, placeAtField(locale, f.Fields, problem.Name, locale.Text(problem.Key, problem.Args)))
		}
	}
	return f
}

func reportsURL(duty uint64) string { return fmt.Sprintf("/duties/%d/reports", duty) }

// FormField is one field of a form; Label and Hint name messages.
type FormField struct {
	// ID is that of the element, unlike Name unique on the page.
	ID    string
	Name  string
	Label string
	Hint  string
	// Type is the input's type; choice is a group of radio buttons.
	Type  string
	Value string
	Max   string
	Min   string
	// Accept are the types that a field for files takes.
	Accept   string
	Required bool
	// OneOf tells that another field can stand for this one: it is neither required nor
	// called optional.
	OneOf   bool
	Choices []Choice
	// Options are those of a select: texts as they stand.
	Options []FieldOption
	Error   string
}

// FieldOption is one of the values of a select.
type FieldOption struct{ Value, Text string }

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
	// Most are the most items, File is where a file with them is sent, and
	// TemplateURL where one to fill in comes from.
	Most        int
	FileURL     string
	TemplateURL string
	// Refused is what is wrong with the file that was sent, FileName what it is called.
	Refused  []FieldProblem
	FileName string
}

// SchemeItem is one row.
type SchemeItem struct {
	rules.Item
	Number int
	// Errors are by what they are about: name, points, openness or reason.
	Errors map[string]string
}

// ItemFault is what is wrong with a part of an item; ID is that of its field, and
// Text empty when nothing is.
type ItemFault struct{ ID, Text string }

// Fault returns what is wrong with a part of the item.
func (i SchemeItem) Fault(part string) ItemFault {
	return ItemFault{fmt.Sprintf("item-%d-%s", i.Number, part), i.Errors[part]}
}

// blankRows are offered below the filled ones, for browsers without scripts.
const blankRows = 8

// newReportForm returns the form of a duty, for files of at most so many bytes. A
// fresh form has the zero Filing.
func newReportForm(locale *frontend.Locale, detail *compliance.DutyDetail, filing rules.Filing, maxFile int64, now time.Time) *ReportForm {
	id, rule := detail.Duty.ID, detail.Rule
	f := &ReportForm{Action: reportsURL(id), Key: rand.Text(), DraftURL: fmt.Sprintf("/duties/%d/draft", id), DiscardURL: fmt.Sprintf("/duties/%d/draft/discard", id),
		Evidence: newEvidenceFields(id, maxFile, slices.Contains(rule.Evidence, rules.EvidenceFile))}
	if reflect.ValueOf(filing).IsZero() && titledByRule(rule.Form()) {
		filing.Title = locale.Value(rule.Title)
	}
	fields := reportFields(rule, filing, now.In(frontend.Zone))
	// A term in hours may have passed by the fact alone.
	if detail.FiledLate || rule.Form() == rules.FormIncident && !detail.Duty.DueOn.IsZero() {
		fields = append(fields, FormField{Name: "late_reason", Label: "field.late_reason", Hint: "field.late_reason.hint", Type: "textarea",
			Value: filing.LateReason, Required: detail.FiledLate})
	}
	f.Fields = identified("field", fields)
	if rule.Form() == rules.FormPerformance {
		f.Scheme = newSchemeFields(id, rule, filing)
	}
	return f
}

// addDraft tells what is saved of the form.
func (f *ReportForm) addDraft(draft *compliance.DraftView) {
	f.DraftVersion = draft.Version
	if draft.Version > 0 {
		f.DraftSaved = clockTime(draft.SavedAt)
	}
}

// placeAll puts what is wrong and what is to be warned of where it belongs.
func (f *ReportForm) placeAll(locale *frontend.Locale, tried attempt) {
	for _, problem := range tried.problems {
		f.placeAmong(locale, problem, tried.also)
	}
	if tried.evidence != nil {
		for _, field := range tried.evidence.Fields {
			f.Evidence.Problems = append(f.Evidence.Problems, FieldProblem{ID: "evidence", Text: locale.Text(field.Key, field.Args)})
		}
		if len(tried.evidence.Fields) == 0 {
			f.Evidence.Problems = []FieldProblem{{ID: "evidence", Text: locale.Text(tried.evidence.Key, tried.evidence.Args)}}
		}
	}
	if tried.scheme != nil && f.Scheme != nil {
		f.Scheme.refuse(locale, tried)
	}
	for _, warning := range tried.warnings {
		f.Warnings = append(f.Warnings, FieldProblem{Text: locale.Text(warning.Key, warning.Args)})
	}
	if len(tried.warnings) > 0 {
		f.Confirmed = digestOf(tried.warnings)
	}
}

// placeAmong puts a problem at its field, at the further duty that it is about
// (also[2].on), or at the files.
func (f *ReportForm) placeAmong(locale *frontend.Locale, problem models.Field, also []uint64) {
	message := locale.Text(problem.Key, problem.Args)
	var index int
	switch {
	case strings.HasPrefix(problem.Name, "evidence"):
		f.Problems = append(f.Problems, FieldProblem{ID: "evidence", Text: message})
	case strings.HasPrefix(problem.Name, "also"):
		if _, err := fmt.Sscanf(problem.Name, "also[%d]", &index); err != nil || index >= len(also) {
			f.Problems = append(f.Problems, FieldProblem{Text: message})
			return
		}
		f.Problems = append(f.Problems, f.placeAtCompanion(locale, also[index], message))
	default:
		f.place(locale, problem)
	}
}

func (f *ReportForm) placeAtCompanion(locale *frontend.Locale, duty uint64, message string) FieldProblem {
	for i := range f.Companions {
		if c := &f.Companions[i]; c.ID == duty {
			c.Error = message
			return FieldProblem{ID: fmt.Sprintf("also-%d", duty), Text: locale.Text("form.problem", models.Args("Label", c.Text, "Text", message))}
		}
	}
	return FieldProblem{Text: message}
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
	label, id := locale.Text("scheme.items", nil), "item-1-name"
	var index int
	if _, err := fmt.Sscanf(name, "items[%d]", &index); err == nil && 0 <= index && index < len(s.Items) {
		item := &s.Items[index]
		part := name[strings.LastIndexByte(name, '.')+1:]
		if item.Errors == nil {
			item.Errors = map[string]string{}
		}
		item.Errors[part] = message
		label, id = locale.Text("scheme.row", models.Args("Number", item.Number)), fmt.Sprintf("item-%d-%s", item.Number, part)
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

func newSchemeFields(duty uint64, rule *rules.Obligation, filing rules.Filing) *SchemeFields {
	url := fmt.Sprintf("/duties/%d/scheme", duty)
	scheme := &SchemeFields{Most: rules.MaxItems, FileURL: url, TemplateURL: url}
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
