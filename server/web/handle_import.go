package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/gate"
	"sundial/server/training"
)

const (
	importsPerPage    = 20
	faultyRowsPerPage = 50
)

func (s *Server) listImports(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "roster", "manage")
	if err != nil {
		return err
	}
	return s.importsPage(r, unit, http.StatusOK, ImportForm{Kind: r.importKind()})
}

// importsPage sends the imports of a unit with the form for a file.
func (s *Server) importsPage(r *request, unit models.Unit, status int, form ImportForm) error {
	before, _ := strconv.ParseUint(r.Query("before"), 10, 63) // anything else is the latest
	found, err := s.Imports.List(r.Request.Context(), r.Actor, unit, before, importsPerPage)
	if err != nil {
		return err
	}
	page := newImportsPage(s.page(r), unit, form, *found, before != 0)
	page.Tabs, page.MaxMB = s.trainingTabs(r, unit, "imports"), s.Ledger.MaxFile()>>20
	if err := s.place(r, &page.Page, View{Today: page.Today, AsOf: page.Today}, unit, r.Locale.Text("training.tab.imports", nil)); err != nil {
		return err
	}
	s.send(r, status, "imports", page)
	return nil
}

// receiveImport takes a file; what is in it is read in the background.
func (s *Server) receiveImport(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "roster", "manage")
	if err != nil {
		return err
	}
	var received *models.Import
	err = gate.Upload(r.Writer, r.Request, s.Ledger.MaxFile(), func(name string, content io.Reader) error {
		if received != nil {
			return nil // one file at a time
		}
		request := training.ImportRequest{Unit: unit.Code, Kind: r.importKind(), FileName: name, CreateSessions: r.PostForm("create_sessions") == "1"}
		received, err = s.Imports.Receive(r.Request.Context(), r.Actor, request, content)
		return err
	})
	var refused *models.Error
	switch {
	case err == nil:
		s.Imports.Begin(received.ID)
		r.Redirect(http.StatusSeeOther, importURL(received.ID))
		return nil
	case errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.TooLarge):
		form := ImportForm{Kind: r.importKind(), CreateSessions: r.PostForm("create_sessions") == "1", Failed: refused}
		return s.importsPage(r, unit, gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status, form)
	default:
		return err
	}
}

// importKind is the one of the form, or else of the address.
func (r *request) importKind() models.ImportKind {
	return models.ImportKind(cmp.Or(r.PostForm("kind"), r.Query("kind")))
}

func (s *Server) downloadTemplate(r *request) error {
	if _, err := s.unit(r, r.Param("code"), "roster", "manage"); err != nil {
		return err
	}
	table, known := training.ImportTable(r.importKind())
	if !known {
		return models.NewError(models.NotFound, "error.not_found")
	}
	var file bytes.Buffer
	if err := exchange.WriteTemplate(&file, table, r.fileLanguage()); err != nil {
		return err
	}
	gate.Download(r.Writer, r.Request, r.Locale.In(table.Name)+".xlsx", exchange.XLSX.ContentType(), bytes.NewReader(file.Bytes()))
	return nil
}

// fileLanguage is the language of files that the caller is given; what was filled in
// is read again, so it is one that people write.
func (r *request) fileLanguage() exchange.Language {
	written := r.Locale.Written()
	return exchange.Language{Tag: written.Lang(), Text: written.Text}
}

// showImport shows how far an import is. A script asks for the progress alone, and
// for the whole page once something else is to be seen.
func (s *Server) showImport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if !r.isFragment() {
		return s.importPage(r, id, http.StatusOK, nil)
	}
	detail, err := s.Imports.Import(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	if !detail.Working() {
		r.Header("HX-Refresh", "true")
	}
	return s.sendBlock(r, http.StatusOK, "import", "import_progress", newImportProgress(detail.ImportView))
}

// importPage sends an import, after a refused decision with what is wrong.
func (s *Server) importPage(r *request, id uint64, status int, failed *models.Error) error {
	ctx := r.Request.Context()
	detail, err := s.Imports.Import(ctx, r.Actor, id)
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(r.Query("after")) // anything else is the top
	faulty, err := s.Imports.FaultyRows(ctx, r.Actor, id, after, faultyRowsPerPage+1)
	if err != nil {
		return err
	}
	page := newImportPage(s.page(r), *detail, faulty, after)
	page.Failed = failed
	page.Tabs = s.trainingTabs(r, detail.Unit, "imports")
	if err := s.place(r, &page.Page, View{Today: page.Today, AsOf: page.Today}, detail.Unit, r.Locale.Text("training.tab.imports", nil)); err != nil {
		return err
	}
	s.send(r, status, "import", page)
	return nil
}

func (s *Server) confirmImport(r *request) error {
	return s.decideImport(r, func(id uint64) error {
		if err := s.Imports.Confirm(r.Request.Context(), r.Actor, id, r.PostForm("skip_bad") == "1"); err != nil {
			return err
		}
		s.Imports.Begin(id)
		return nil
	})
}

func (s *Server) dropImport(r *request) error {
	return s.decideImport(r, func(id uint64) error {
		if r.PostForm("confirm") != "1" {
			return models.NewError(models.Invalid, "error.bad_form")
		}
		return s.Imports.Drop(r.Request.Context(), r.Actor, id)
	})
}

// decideImport does what was decided on an import and shows it.
func (s *Server) decideImport(r *request, decide func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = decide(id)
	var refused *models.Error
	switch {
	case err == nil:
		r.Redirect(http.StatusSeeOther, importURL(id))
		return nil
	case errors.As(err, &refused) && refused.Code == models.Conflict:
		return s.importPage(r, id, http.StatusConflict, refused)
	default:
		return err
	}
}

// downloadFaults gives the rows that are not taken over back, to be mended.
func (s *Server) downloadFaults(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Imports.WriteFaulty(r.Request.Context(), r.Actor, id, &file, r.fileLanguage()); err != nil {
		return err
	}
	gate.Download(r.Writer, r.Request, r.Locale.Text("imports.faults_file", models.Args("ID", fmt.Sprint(id)))+".xlsx", exchange.XLSX.ContentType(), bytes.NewReader(file.Bytes()))
	return nil
}
