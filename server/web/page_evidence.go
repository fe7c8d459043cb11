package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/server/compliance"
	"sundial/server/evidence"
)

// EvidenceFields are the files of a report form: those of the draft, those that
// an earlier report had, and the form that uploads more.
type EvidenceFields struct {
	UploadURL string
	// MaxMB is the most megabytes of a file, MaxBytes the same in bytes.
	MaxMB    int64
	MaxBytes int64
	Accept   string
	Types    []string
	Most     int
	Wanted   bool
	Files    []FileItem
	Earlier  []FileItem
	// Problems are why files were refused.
	Problems []FieldProblem
}

// FileItem is a file as it is listed; RemoveURL is set in a draft, Kept tells
// that a file of an earlier report is filed again.
type FileItem struct {
	ID        uint64
	Name      string
	Size      string
	URL       string
	RemoveURL string
	Kept      bool
}

func newFileItem(file compliance.AttachmentView) FileItem {
	return FileItem{ID: file.ID, Name: file.Name, Size: sizeText(file.Size), URL: fmt.Sprintf("/evidence/%d", file.ID)}
}

func newDraftFile(file compliance.AttachmentView) FileItem {
	item := newFileItem(file)
	item.RemoveURL = item.URL + "/remove"
	return item
}

// sizeText writes a size in the largest unit that leaves something before the
// point.
func sizeText(size int64) string {
	switch {
	case size >= 1<<20:
		return strconv.FormatFloat(float64(size)/(1<<20), 'f', 1, 64) + " MB"
	case size >= 1<<10:
		return strconv.FormatInt(size>>10, 10) + " KB"
	default:
		return strconv.FormatInt(size, 10) + " B"
	}
}

func newEvidenceFields(duty uint64, maxFile int64, wanted bool) *EvidenceFields {
	return &EvidenceFields{UploadURL: fmt.Sprintf("/duties/%d/evidence", duty), MaxMB: maxFile >> 20, MaxBytes: maxFile,
		Accept: "." + strings.Join(evidence.Extensions(), ",."), Types: evidence.Names(), Most: compliance.MaxEvidence, Wanted: wanted}
}

// keep lists the files of an earlier report, to be filed again. Chosen is nil on
// a fresh form: then all are.
func (f *EvidenceFields) keep(files []compliance.AttachmentView, chosen []uint64) {
	for _, file := range files {
		item := newFileItem(file)
		item.Kept = chosen == nil || slices.Contains(chosen, file.ID)
		f.Earlier = append(f.Earlier, item)
	}
}

// Companion is a further duty that the form may file for.
type Companion struct {
	ID      uint64
	Text    string
	Checked bool
	Error   string
}

// newCompanions offers the duties, with those chosen before.
func newCompanions(locale *frontend.Locale, list []compliance.Companion, chosen []uint64) []Companion {
	companions := make([]Companion, len(list))
	for i, c := range list {
		companions[i] = Companion{ID: c.Duty.ID, Checked: slices.Contains(chosen, c.Duty.ID), Text: locale.Text("companion.text", map[string]any{
			"Unit": unitName(locale, c.Unit), "Obligation": c.Obligation.Title, "Period": words{locale}.period(c.Duty.Period)})}
	}
	return companions
}
