package web

import (
	"fmt"
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

// ImportsPage lists the imports of a unit and takes new files.
type ImportsPage struct {
	Page
	Unit  models.Unit
	Tabs  UnitTabs
	Form  ImportForm
	Items []training.ImportView
	Pager Pager
	// MaxMB is the most megabytes that a file may have.
	MaxMB int64
}

// ImportForm is the form for a file; Failed says why it was refused.
type ImportForm struct {
	Action         string
	Kind           models.ImportKind
	CreateSessions bool
	Kinds          []ImportKindOption
	Failed         *models.Error
}

// ImportKindOption is a kind of file with its template.
type ImportKindOption struct {
	Kind        models.ImportKind
	TemplateURL string
}

func newImportsPage(page Page, unit models.Unit, form ImportForm, found training.ImportPage, later bool) *ImportsPage {
	p := &ImportsPage{Page: page, Unit: unit, Form: form, Items: found.Items}
	p.Form.Action = unitURL(unit, "imports")
	if form.Kind != models.ImportAttendance {
		p.Form.Kind = models.ImportStaff
	}
	for _, kind := range []models.ImportKind{models.ImportStaff, models.ImportAttendance} {
		p.Form.Kinds = append(p.Form.Kinds, ImportKindOption{kind, address(unitURL(unit, "imports", "template"), url.Values{"kind": {string(kind)}})})
	}
	if later {
		p.Pager.FirstURL = p.Form.Action
	}
	if found.Next != 0 {
		p.Pager.NextURL = address(p.Form.Action, url.Values{"before": {fmt.Sprint(found.Next)}})
	}
	return p
}

// importURL is the address of an import.
func importURL(id uint64) string { return "/imports/" + strconv.FormatUint(id, 10) }

// ImportPage is an import: what its file would do, how far it is, and what became of
// the rows.
type ImportPage struct {
	Page
	training.ImportDetail
	Tabs     UnitTabs
	Progress ImportProgress
	Faulty   []training.FaultyRow
	Pager    Pager
	// Failed says why a decision was refused.
	Failed *models.Error
	// UploadURL is where another file is sent.
	ConfirmURL, DropURL, FaultsURL, UploadURL string
}

// ImportProgress is how far an import is that is being worked on.
type ImportProgress struct {
	training.ImportView
	URL string
}

func newImportProgress(view training.ImportView) ImportProgress {
	return ImportProgress{view, importURL(view.ID)}
}

func newImportPage(page Page, detail training.ImportDetail, faulty []training.FaultyRow, after int) *ImportPage {
	at := importURL(detail.ID)
	p := &ImportPage{Page: page, ImportDetail: detail, Progress: newImportProgress(detail.ImportView), ConfirmURL: at + "/confirm", DropURL: at + "/drop",
		FaultsURL: at + "/faults", UploadURL: unitURL(detail.Unit, "imports")}
	p.Demo = p.Demo || detail.Unit.Demo
	if len(faulty) > faultyRowsPerPage {
		faulty = faulty[:faultyRowsPerPage]
		p.Pager.NextURL = address(at, url.Values{"after": {strconv.Itoa(faulty[len(faulty)-1].Line)}}) + "#rows"
	}
	if after > 0 {
		p.Pager.FirstURL = at + "#rows"
	}
	p.Faulty = faulty
	return p
}
