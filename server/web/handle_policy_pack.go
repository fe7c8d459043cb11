package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

// packForm is how much of a form with a policy pack is kept in memory: all of it.
const packForm = 4 << 20

// packSource reads the policy pack of a form: the file when one was chosen, else
// the text.
func (r *request) packSource() ([]byte, error) {
	err := r.Request.ParseMultipartForm(packForm)
	var cut *http.MaxBytesError
	switch {
	case errors.As(err, &cut):
		return nil, models.InvalidFields([]models.Field{{Name: "source", Key: "policy.too_large", Args: models.Args("Max", compliance.MaxSource>>20)}})
	case err != nil && !errors.Is(err, http.ErrNotMultipart):
		return nil, models.NewError(models.Invalid, "error.bad_form").Because(err)
	}
	source := []byte(r.PostForm("source"))
	if file, header, err := r.Request.FormFile("file"); err == nil && header.Size > 0 {
		defer file.Close()
		if source, err = io.ReadAll(io.LimitReader(file, compliance.MaxSource+1)); err != nil {
			return nil, models.NewError(models.Invalid, "error.bad_form").Because(err)
		}
	}
	if !utf8.ValidString(r.PostForm("reason") + r.PostForm("seen")) {
		return source, models.NewError(models.Invalid, "error.bad_form")
	}
	if len(source) == 0 {
		return nil, models.InvalidFields([]models.Field{{Name: "source", Key: "policy.no_source"}})
	}
	return source, nil
}

func (s *Server) showPackForm(r *request) error {
	return s.packPage(r, http.StatusOK, PackForm{})
}

// packPage shows the form of a policy pack, with the preview when there is one.
func (s *Server) packPage(r *request, status int, form PackForm, preview ...*compliance.PackPreview) error {
	page := PackPage{Page: s.page(r), Form: form}
	page.Form.Action = "/policies/new"
	page.Breadcrumb = []Crumb{{Text: r.Locale.Text("nav.policies", nil), URL: "/policies"}, {Text: r.Locale.Text("policy_pack.title", nil)}}
	for _, p := range preview {
		page.Preview = newPackView(p)
	}
	s.send(r, status, "policy_pack", page)
	return nil
}

// packRefused shows the form again with what is wrong with the pack.
func (s *Server) packRefused(r *request, source []byte, err error) error {
	cause := refused(r, err)
	if cause == nil {
		return err
	}
	form := PackForm{Source: textOf(source), Error: cause}
	form.Faults = newFaults(form.Source, cause)
	return s.packPage(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, form)
}

// textOf returns a source as a form can hold it: none when it is no text.
func textOf(source []byte) string {
	if !utf8.Valid(source) || len(source) > compliance.MaxSource {
		return ""
	}
	return string(source)
}

func (s *Server) previewPack(r *request) error {
	source, err := r.packSource()
	if err != nil {
		return s.packRefused(r, source, err)
	}
	preview, err := s.Ledger.PreviewPack(r.Request.Context(), r.Actor, source)
	if err != nil {
		return s.packRefused(r, source, err)
	}
	return s.packPage(r, http.StatusOK, PackForm{Source: textOf(source)}, preview)
}

func (s *Server) loadPack(r *request) error {
	source, err := r.packSource()
	if err != nil {
		return s.packRefused(r, source, err)
	}
	preview, err := s.Ledger.PreviewPack(r.Request.Context(), r.Actor, source)
	if err == nil {
		err = s.Ledger.LoadPolicy(r.Request.Context(), r.Actor, source)
	}
	if err != nil {
		return s.packRefused(r, source, err)
	}
	return s.done(r, policyURL(preview.Policy.ID), "flash.pack_loaded", models.Args("Count", len(preview.Policy.Obligations)))
}

func (s *Server) downloadEdition(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	edition, err := strconv.Atoi(r.Param("edition"))
	if err != nil || edition < 1 {
		return models.NewError(models.NotFound, "error.not_found")
	}
	text, err := s.Ledger.Source(r.Request.Context(), p.Row.Code, edition)
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="`+p.Row.Code+"-"+strconv.Itoa(edition)+`.yaml"`)
	r.Data(http.StatusOK, "application/yaml; charset=utf-8", []byte(text))
	return nil
}
