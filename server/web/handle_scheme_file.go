package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/gate"
	"sundial/server/rules"
)

// schemeDuty returns the duty in the path, for whose performance scheme the caller
// may file; one that asks for none is a Conflict.
func (s *Server) schemeDuty(r *request) (*compliance.DutyDetail, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	detail, err := s.Ledger.Duty(r.Request.Context(), r.Actor.Access.Scope("report", "file"), id, s.Ledger.Today())
	if err != nil {
		return nil, err
	}
	if detail.Rule.Form() != rules.FormPerformance {
		return nil, models.NewError(models.Conflict, "weight.file.no_scheme")
	}
	return detail, nil
}

func (s *Server) downloadSchemeTemplate(r *request) error {
	if _, err := s.schemeDuty(r); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := exchange.WriteTemplate(&file, schemeTable, r.fileLanguage()); err != nil {
		return err
	}
	gate.Download(r.Writer, r.Request, r.Locale.In(schemeTable.Name)+".xlsx", exchange.XLSX.ContentType(), bytes.NewReader(file.Bytes()))
	return nil
}

// readScheme fills the caller's draft with the items of a file, for review; what
// else was typed into the form, which comes along, is kept. A file with a fault
// changes nothing. Nothing is filed.
func (s *Server) readScheme(r *request) error {
	detail, err := s.schemeDuty(r)
	if err != nil {
		return err
	}
	name, content := "", []byte(nil)
	err = gate.Upload(r.Writer, r.Request, maxSchemeFile, func(file string, from io.Reader) error {
		name = file
		var err error
		content, err = io.ReadAll(io.LimitReader(from, maxSchemeFile+1))
		return err
	})
	if err == nil {
		err = s.takeScheme(r, detail.Duty.ID, name, content)
	}
	var refused *models.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.TooLarge || refused.Code == models.Stale):
		status := gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status
		tried := attempt{scheme: refused, schemeFile: name}
		if r.Request.PostForm.Has("draft_version") {
			filing, _ := parseFiling(r.Request.PostForm)
			tried.filing = &filing
		} // else it was too large to be read at all, and the draft is shown
		return s.dutyPage(r, detail.Duty.ID, status, tried)
	default:
		return err
	}
}

func (s *Server) takeScheme(r *request, duty uint64, name string, content []byte) error {
	read, err := readSchemeFile(name, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	if _, err := s.keepTypedWith(r, duty, func(filing *rules.Filing) {
		filing.Items = read.items
		if read.total != "" {
			filing.Total = read.total
		}
	}); err != nil {
		return err
	}
	return s.done(r, fmt.Sprintf("/duties/%d#scheme", duty), "weight.file.taken", models.Args("Name", name, "Count", len(read.items)))
}
