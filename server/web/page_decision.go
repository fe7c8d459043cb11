package web

import (
	"fmt"
	"net/url"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// DecisionForm verifies or returns a report. Reason and Error are set after a
// refused attempt.
type DecisionForm struct {
	ReportID  uint64
	Version   int
	VerifyURL string
	ReturnURL string
	// Accept is the label of the button that accepts, empty when the user cannot;
	// Note names what is to be known of whose turn it is, or is empty.
	Accept string
	Note   string
	// Inline lets htmx replace the line of the queue that the form stands in;
	// elsewhere the forms are sent as usual.
	Inline bool
	Reason string
	Error  *models.Error
	// DutyURL leads to what has become of a report that somebody else was first at.
	DutyURL string
}

// Overtaken tells that somebody else was first: nothing is left to decide here.
func (f DecisionForm) Overtaken() bool { return f.Error != nil && f.Error.Code == models.Stale }

// newDecisionForm returns the form for a report, nil when the user has no turn.
func newDecisionForm(report models.Report, turn compliance.Turn) *DecisionForm {
	if turn.For == "" {
		return nil
	}
	path := fmt.Sprintf("/reports/%d", report.ID)
	f := &DecisionForm{ReportID: report.ID, Version: report.Version, VerifyURL: path + "/verify", ReturnURL: path + "/return"}
	switch {
	case turn.Accept == models.Checked:
		f.Accept, f.Note = "decision.check", "decision.note_check"
	case turn.For == compliance.ForOfficeBelow:
		f.Accept, f.Note = "decision.verify_first", "decision.note_below"
	case turn.Accept != "":
		f.Accept = "decision.verify"
	default:
		f.Note = "decision.note_" + string(turn.For)
	}
	return f
}

// ReportOffice is what an office can do with a report besides deciding on it, and
// what its link showed.
type ReportOffice struct {
	// Reopen is set when the user may unlock the report.
	Reopen *OfficeForm
	Links  []compliance.LinkCheckView
	// CheckURL has the link looked at; empty when the user may not.
	CheckURL string
}

// OfficePanel is what the office has granted for a duty.
type OfficePanel struct {
	Extensions []compliance.ExtensionView
	Exemptions []compliance.ExemptionView
	// Forms are those that the user may use now.
	Forms []*OfficeForm
	// NotExtensible tells an office why it cannot extend.
	NotExtensible *models.Error
}

// Empty tells that there is nothing to show.
func (p OfficePanel) Empty() bool {
	return len(p.Extensions) == 0 && len(p.Exemptions) == 0 && len(p.Forms) == 0
}

// OfficeForm is a form by which an office grants something or takes it back,
// folded until it is asked for. Title and Lead name messages; Submit is that of
// the button.
type OfficeForm struct {
	Name   string
	Title  string
	Lead   string
	Submit rules.Reason
	Action string
	// Version is what was seen, -1 where the form needs none.
	Version  int
	Fields   []FormField
	Problems []FieldProblem
	// Error is why the form was refused as a whole.
	Error *models.Error
}

// Open tells that the form is to be shown at once: it was refused.
func (f OfficeForm) Open() bool { return len(f.Problems) > 0 || f.Error != nil }

// WithFiles tells that the form may have files.
func (f OfficeForm) WithFiles() bool {
	return slices.ContainsFunc(f.Fields, func(field FormField) bool { return field.Type == "file" })
}

// Grave tells that the form takes something away.
func (f OfficeForm) Grave() bool {
	return slices.Contains([]string{"close", "revoke", "reopen", "session_cancel", "course_retire", "round_take_out", "rectification_return", "rectification_withdraw"}, f.Name)
}

// newOfficeForm returns a fresh form whose messages are named after it:
// office.NAME.title, .lead and .submit. The id tells it apart on its page.
func newOfficeForm(name, id, action string, fields ...FormField) *OfficeForm {
	return &OfficeForm{Name: name, Title: "office." + name + ".title", Lead: "office." + name + ".lead", Submit: rules.Reason{Key: "office." + name + ".submit"},
		Action: action, Version: -1, Fields: identified(name+id, fields)}
}

// refuse puts what was typed into the form back, with what is wrong with it.
func (f *OfficeForm) refuse(locale *frontend.Locale, typed url.Values, why *models.Error) {
	for i := range f.Fields {
		f.Fields[i].Value = typed.Get(f.Fields[i].Name)
	}
	if why.Code != models.Invalid {
		f.Error = why
		return
	}
	for _, problem := range why.Fields {
		f.Problems = append(f.Problems, placeAtField(locale, f.Fields, problem.Name, locale.Text(problem.Key, problem.Args)))
	}
}

// The fields that grants rest on.
var (
	reasonField   = FormField{Name: "reason", Label: "office.reason", Type: "textarea", Required: true}
	documentField = FormField{Name: "document", Label: "office.document", Hint: "office.document_hint", Type: "text", Required: true}
)

// officeForms are the forms of the office for a duty.
func officeForms(detail *compliance.DutyDetail, mayExtend, mayExempt bool) []*OfficeForm {
	var forms []*OfficeForm
	path := fmt.Sprintf("/duties/%d", detail.Duty.ID)
	if mayExtend && detail.NotExtensible == nil {
		to := FormField{Name: "to", Label: "office.extend.to", Type: "date", Required: true, Min: (detail.Duty.DueOn + 1).String()}
		form := newOfficeForm("extend", "", path+"/extension", to, reasonField, documentField)
		form.Version = detail.Duty.Version
		forms = append(forms, form)
	}
	switch {
	case !mayExempt:
	case detail.Exemption != nil:
		forms = append(forms, newOfficeForm("revoke", "", path+"/exemption/revoke", reasonField))
	case !done(detail.Duty.Outcome):
		forms = append(forms, newOfficeForm("exempt", "", path+"/exemption", reasonField, documentField))
	}
	return forms
}

// done tells whether nothing is owed any more of a duty with the outcome.
func done(outcome models.Outcome) bool {
	return outcome == models.Met || outcome == models.Late || outcome == models.Withdrawn
}
