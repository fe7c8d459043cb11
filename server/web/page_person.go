package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

// PersonPage is a person with where they work and worked, and what they attended.
type PersonPage struct {
	Page
	Tabs   UnitTabs
	Person *training.PersonView
	// Postings are known now, with the forms that change them.
	Postings    []PersonPosting
	Attendances []PersonAttended
	// Current is the posting of today, nil for none.
	Current *training.PostingView
	// Edit, Move and Merge are nil for who may not.
	Edit, Move, Merge *StaffForm
	// Failed is why what was tried last was not done, where no form shows it.
	Failed *models.Error
}

// PersonPosting is a posting with the forms that change it.
type PersonPosting struct {
	training.PostingView
	Forms []StaffForm
}

// PersonAttended is an attendance with its certificate.
type PersonAttended struct {
	training.PersonAttendance
	URL            string
	CertificateURL string
}

// NominationURL is the session of a nomination.
func (PersonPage) NominationURL(n training.PersonNomination) string { return sessionURL(n.SessionID) }

// personForms are what the forms of a person's page are made of.
type personForms struct {
	page  Page
	view  *training.PersonView
	tried attempted
	// units are those to which the caller may move people.
	units []models.Unit
}

func (f personForms) form(words, suffix string, fields ...UnitFormField) StaffForm {
	form := newStaffForm(f.page.Locale, words, words+suffix, personURL(f.view.ID)+"/changes", f.tried, fields...)
	form.Version = f.view.Version
	return form
}

func (f personForms) edit() *StaffForm {
	number := ""
	if f.view.Number != nil {
		number = *f.view.Number
	}
	fields := plain(textField("name", f.view.Name, true), textField("number", number, false), hinted(textField("id_number", "", false)))
	if f.view.IDHash != nil {
		fields = append(fields, plain(FormField{Name: "forget_id", Label: "staff.forget_id", Type: "checkbox"})...)
	}
	form := f.form("edit", "", fields...)
	return &form
}

func (f personForms) move(current *training.PostingView) *StaffForm {
	fields := []UnitFormField{staffUnitField("", f.units)}
	fields = append(fields, plain(dayField("start_on", f.page.Today, true), textField("post", current.Post, false), partTimeField(current.PartTime))...)
	form := f.form("move", "", fields...)
	return &form
}

func (f personForms) merge() *StaffForm {
	form := newStaffForm(f.page.Locale, "merge", "merge", personURL(f.view.ID)+"/merge", f.tried, plain(hinted(textField("with", "", true)))...)
	return &form
}

// ofPosting are the forms that correct, end and take back a posting.
func (f personForms) ofPosting(p training.PostingView) []StaffForm {
	suffix := "-" + strconv.FormatUint(p.ID, 10)
	forms := []StaffForm{
		f.form("correct", suffix, plain(textField("post", p.Post, false), partTimeField(p.PartTime), dayField("start_on", p.StartOn, true), dayField("end_on", p.EndOn, false))...),
		f.form("remove", suffix, plain(whyField())...),
	}
	if p.EndOn.IsZero() {
		forms = append([]StaffForm{f.form("end", suffix, plain(hinted(dayField("end_on", f.page.Today, true)))...)}, forms...)
	}
	for i := range forms {
		forms[i].Posting = p.ID
	}
	return forms
}

func newPersonPage(forms personForms) PersonPage {
	view := forms.view
	p := PersonPage{Page: forms.page, Person: view}
	for _, posting := range view.Postings {
		line := PersonPosting{PostingView: posting}
		if posting.MayKeep {
			line.Forms = forms.ofPosting(posting)
		}
		if posting.HoldsOn(forms.page.Today) {
			p.Current = &posting
		}
		p.Postings = append(p.Postings, line)
	}
	for _, a := range view.Attendances {
		line := PersonAttended{PersonAttendance: a, URL: sessionURL(a.SessionID)}
		if a.Valid() {
			line.CertificateURL = "/attendances/" + strconv.FormatUint(a.ID, 10) + "/certificate"
		}
		p.Attendances = append(p.Attendances, line)
	}
	if view.MayEdit {
		p.Edit = forms.edit()
	}
	if p.Current != nil && p.Current.MayKeep && len(forms.units) > 1 {
		p.Move = forms.move(p.Current)
	}
	if view.MayMerge {
		p.Merge = forms.merge()
	}
	if forms.tried.failed != nil && !p.shows(forms.tried.action) {
		p.Failed = forms.tried.failed
	}
	return p
}

// shows tells whether a form with the action is on the page.
func (p PersonPage) shows(action string) bool {
	for _, form := range []*StaffForm{p.Edit, p.Move, p.Merge} {
		if form != nil && form.Action == action {
			return true
		}
	}
	for _, posting := range p.Postings {
		for _, form := range posting.Forms {
			if form.Action == action {
				return true
			}
		}
	}
	return false
}

// MergePage shows what becomes of two people who are one, to be confirmed.
type MergePage struct {
	Page
	Merge *training.Merge
	Form  StaffForm
	// SwapURL keeps the other one instead.
	SwapURL string
	KeepURL string
}

func newMergePage(page Page, merge *training.Merge, tried attempted) MergePage {
	form := newStaffForm(page.Locale, "merge_confirm", "merge_confirm", personURL(merge.Keep.ID)+"/merge", tried, plain(whyField())...)
	page.Breadcrumb = []Crumb{{Text: merge.Keep.Name, URL: personURL(merge.Keep.ID)}, {Text: page.Locale.Text("merge.title", nil)}}
	return MergePage{Page: page, Merge: merge, Form: form, KeepURL: personURL(merge.Keep.ID), SwapURL: mergeURL(merge.Duplicate.ID, merge.Keep.Code())}
}

// UnitOf returns the unit of a posting that the kept person gets.
func (p MergePage) UnitOf(posting models.Posting) models.Unit { return p.Merge.Units[posting.UnitID] }
