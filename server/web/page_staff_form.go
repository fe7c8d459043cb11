package web

import (
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
)

// StaffForm is a form about people on rosters. Words names its messages; its
// Action is unlike that of any other form on the page.
type StaffForm struct {
	UnitForm
	Words   string
	Version int
	// Posting is the one that the form changes, 0 for none.
	Posting uint64
}

// staffFields are the fields that forms about people are made of.
func textField(name, value string, required bool) FormField {
	return FormField{Name: name, Label: "staff." + name, Type: "text", Value: value, Required: required}
}

func hinted(field FormField) FormField {
	field.Hint = field.Label + ".hint"
	return field
}

func dayField(name string, value calendar.Date, required bool) FormField {
	return FormField{Name: name, Label: "staff." + name, Type: "date", Value: value.String(), Required: required}
}

func partTimeField(partTime bool) FormField {
	field := FormField{Name: "part_time", Label: "staff.part_time", Type: "checkbox"}
	if partTime {
		field.Value = "1"
	}
	return field
}

func whyField() FormField {
	return FormField{Name: "reason", Label: "staff.reason", Type: "textarea", Required: true}
}

// staffUnitField is a field for a unit by code or name.
func staffUnitField(value string, options []models.Unit) UnitFormField {
	return UnitFormField{FormField: hinted(textField("unit", value, true)), Options: options}
}

// newStaffForm returns a form; where it is the one that was tried, with what was
// typed, except for ID numbers, which no page shows.
func newStaffForm(locale *frontend.Locale, words, action, address string, tried attempted, fields ...UnitFormField) StaffForm {
	form := StaffForm{Words: words, UnitForm: UnitForm{Action: action, URL: address, Sections: []UnitSection{{Fields: fields}}}}
	form.identify()
	if tried.action == action {
		form.Open = true
		form.fill(tried.values)
		form.settle(tried.values)
		form.Problems = form.place(locale, tried.failed)
	}
	return form
}

func (f *StaffForm) settle(values url.Values) {
	for i := range f.Sections[0].Fields {
		switch field := &f.Sections[0].Fields[i]; {
		case field.Type == "checkbox":
			field.Value = values.Get(field.Name)
		case field.Name == "id_number":
			field.Value = ""
		}
	}
}

// plain makes fields without units to choose from.
func plain(fields ...FormField) []UnitFormField {
	list := make([]UnitFormField, len(fields))
	for i, field := range fields {
		list[i] = UnitFormField{FormField: field}
	}
	return list
}
