package web

import (
	"net/url"
	"slices"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/organization"
)

// UnitForm is a form that changes a unit. Action names its title and its words.
type UnitForm struct {
	Action   string
	URL      string
	Open     bool
	Sections []UnitSection
	Problems []FieldProblem
}

// UnitSection are fields that belong together; an empty Legend needs no words.
type UnitSection struct {
	Legend string
	Fields []UnitFormField
}

// UnitFormField is a field; Options are units that it offers, by code.
type UnitFormField struct {
	FormField
	Options []models.Unit
}

// all returns the fields of all sections.
func (f UnitForm) all() []UnitFormField {
	var fields []UnitFormField
	for _, section := range f.Sections {
		fields = append(fields, section.Fields...)
	}
	return fields
}

// unitForms are what the forms of a unit are made of.
type unitForms struct {
	locale *frontend.Locale
	unit   models.Unit
	// parent is the zero unit above a root.
	parent models.Unit
	today  calendar.Date
	// parents and peers are what the unit may be moved under and merged into.
	parents, peers []models.Unit
}

// attempted is a form as it was sent, and what is wrong with it.
type attempted struct {
	action string
	values url.Values
	failed *models.Error
}

// forms returns the forms that fit the unit's state. The attempted one has what
// was typed.
func (u unitForms) forms(tried attempted) []UnitForm {
	actions := []string{"edit", "open", "move", "merge", "close"}
	if !u.unit.ClosedOn.IsZero() {
		actions = []string{"edit", "reopen"}
	}
	if len(organization.KindsUnder(u.unit.Kind)) == 0 {
		actions = slices.DeleteFunc(actions, func(action string) bool { return action == "open" })
	}
	var forms []UnitForm
	for _, action := range actions {
		form := UnitForm{Action: action, URL: "/units/" + url.PathEscape(u.unit.Code) + "/changes", Sections: u.sections(action)}
		form.identify()
		if action == tried.action {
			form.Open = true
			form.fill(tried.values)
			form.Problems = form.place(u.locale, tried.failed)
		}
		forms = append(forms, form)
	}
	return forms
}

func (u unitForms) sections(action string) []UnitSection {
	switch action {
	case "edit":
		return []UnitSection{{Fields: []UnitFormField{
			u.text("name", u.unit.Name, true), u.text("name_en", u.unit.NameEN, false), u.kinds("kind", u.kindsHere(), u.unit.Kind),
			u.text("class", u.unit.Class, false), {FormField: FormField{Name: "position", Label: "unit_field.position", Hint: "unit_field.position.hint", Type: "number"}},
			u.reason(false),
		}}}
	case "open":
		below := organization.KindsUnder(u.unit.Kind)
		return []UnitSection{{Fields: []UnitFormField{
			u.code("code", u.unit.Code+"-", true), u.text("name", "", true), u.text("name_en", "", false), u.kinds("kind", below, below[len(below)-1]),
			u.text("class", "", false), u.day("opened_on", ""), u.reason(false),
		}}}
	case "move":
		return []UnitSection{{Fields: []UnitFormField{u.unitOf("parent", "", u.parents, true), u.day("on", u.today.String()), u.reason(true)}}}
	case "merge":
		kinds := u.kindsHere()
		return []UnitSection{
			{Fields: []UnitFormField{u.codes()}},
			{Legend: "unit_form.merge.into", Fields: []UnitFormField{u.unitOf("into", "", u.peers, false)}},
			{Legend: "unit_form.merge.new", Fields: []UnitFormField{u.code("new_code", "", false), u.text("new_name", "", false), u.text("new_name_en", "", false),
				u.kinds("new_kind", kinds, u.unit.Kind), u.text("new_class", u.unit.Class, false), u.unitOf("new_parent", u.parent.Code, u.parents, false)}},
			{Fields: []UnitFormField{u.day("on", u.today.String()), u.reason(true)}},
		}
	case "close":
		return []UnitSection{{Fields: []UnitFormField{u.day("on", ""), u.reason(true)}}}
	default:
		return []UnitSection{{Fields: []UnitFormField{u.reason(true)}}}
	}
}

// kindsHere are the kinds that the unit may be of where it stands.
func (u unitForms) kindsHere() []models.UnitKind {
	if u.parent.ID == 0 {
		return []models.UnitKind{models.Province, models.City, models.County, models.Township, models.Department}
	}
	return organization.KindsUnder(u.parent.Kind)
}

// label is the message of a field: the new unit's fields of a merger are called
// like those of any other, but for the unit above, which is no new one.
func label(name string) string {
	if name == "new_parent" {
		return "unit_field.new_parent"
	}
	return "unit_field." + strings.TrimPrefix(name, "new_")
}

func (u unitForms) text(name, value string, required bool) UnitFormField {
	return UnitFormField{FormField: FormField{Name: name, Label: label(name), Type: "text", Value: value, Required: required}}
}

func (u unitForms) code(name, value string, required bool) UnitFormField {
	field := u.text(name, value, required)
	field.Hint = "unit_field.code.hint"
	return field
}

func (u unitForms) codes() UnitFormField {
	field := u.text("codes", "", false)
	field.Hint = "unit_field.codes.hint"
	return field
}

func (u unitForms) unitOf(name, value string, options []models.Unit, required bool) UnitFormField {
	field := u.text(name, value, required)
	field.Hint = "unit_field.unit.hint"
	field.Options = slices.DeleteFunc(slices.Clone(options), func(other models.Unit) bool { return other.ID == u.unit.ID })
	return field
}

func (u unitForms) kinds(name string, kinds []models.UnitKind, chosen models.UnitKind) UnitFormField {
	field := UnitFormField{FormField: FormField{Name: name, Label: label(name), Type: "choice", Value: string(chosen), Required: true}}
	for _, kind := range kinds {
		field.Choices = append(field.Choices, Choice{string(kind), "unit_type." + string(kind)})
	}
	return field
}

// day is a field for a date that is at most the latest, when there is one.
func (u unitForms) day(name, latest string) UnitFormField {
	hint := ""
	if name == "on" {
		hint = "unit_field.on.hint"
	}
	return UnitFormField{FormField: FormField{Name: name, Label: label(name), Hint: hint, Type: "date", Value: u.today.String(), Max: latest, Required: true}}
}

func (u unitForms) reason(required bool) UnitFormField {
	return UnitFormField{FormField: FormField{Name: "reason", Label: "unit_field.reason", Hint: "unit_field.reason.hint", Type: "textarea", Required: required}}
}

// identify gives the fields ids that are unique on the page.
func (f *UnitForm) identify() {
	for i := range f.Sections {
		for j := range f.Sections[i].Fields {
			field := &f.Sections[i].Fields[j]
			field.ID = f.Action + "-" + field.Name
		}
	}
}

// fill puts what was typed into the fields.
func (f *UnitForm) fill(values url.Values) {
	for i := range f.Sections {
		for j := range f.Sections[i].Fields {
			field := &f.Sections[i].Fields[j]
			if values.Has(field.Name) {
				field.Value = strings.TrimSpace(values.Get(field.Name))
			}
		}
	}
}

// place puts what is wrong at the fields and returns the summary.
func (f *UnitForm) place(locale *frontend.Locale, failed *models.Error) []FieldProblem {
	if failed == nil {
		return nil
	}
	if len(failed.Fields) == 0 {
		return []FieldProblem{{Text: locale.Text(failed.Key, failed.Args)}}
	}
	var problems []FieldProblem
	for _, fault := range failed.Fields {
		problem := FieldProblem{Text: locale.Text(fault.Key, fault.Args)}
		for i := range f.Sections {
			for j := range f.Sections[i].Fields {
				if field := &f.Sections[i].Fields[j]; field.Name == fault.Name {
					problem = placeAtField(locale, []FormField{field.FormField}, fault.Name, problem.Text)
					field.Error = locale.Text(fault.Key, fault.Args)
				}
			}
		}
		problems = append(problems, problem)
	}
	return problems
}
