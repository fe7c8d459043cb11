package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

func (s *Server) listDuties(r *request) error {
	unit, err := s.unit(r, r.Query("unit"), "duty", "read")
	if err != nil {
		return err
	}
	view, _, err := s.view(r, unit)
	if err != nil {
		return err
	}
	query, err := s.dutyQuery(r, view, unit)
	if err != nil {
		return err
	}
	found, err := s.Ledger.Duties(r.Request.Context(), query)
	if err != nil {
		return err
	}
	var obligation *compliance.ObligationRef
	if query.Obligation != "" {
		if obligation, err = s.Ledger.Obligation(r.Request.Context(), query.Obligation); err != nil {
			return err
		}
	}
	base := s.page(r)
	if err := s.place(r, &base, view, unit, r.Locale.Text("nav.duties", nil)); err != nil {
		return err
	}
	page := newDutiesPage(base, view, query, *found, obligation)
	if page.Counts, err = s.whatCounts(r, obligation); err != nil {
		return err
	}
	if err := s.addUrging(r, &page); err != nil {
		return err
	}
	if err := s.markFindings(r, unit, view, page.Items); err != nil {
		return err
	}
	return s.show(r, "duties", page)
}

// whatCounts says what counts towards the obligation, nil for none.
func (s *Server) whatCounts(r *request, ref *compliance.ObligationRef) (*WhatCounts, error) {
	if ref == nil {
		return nil, nil
	}
	policy, err := s.Ledger.Policy(r.Request.Context(), ref.Policy)
	if err != nil {
		return nil, err
	}
	obligation, found := policy.Policy.Find(ref.Code)
	if !found {
		return nil, nil // no longer among those of the edition in force
	}
	counts := newWhatCounts(obligation)
	return &counts, nil
}

// id returns the number in the path; what is none is NotFound.
func (r *request) id() (uint64, error) {
	id, err := strconv.ParseUint(r.Param("id"), 10, 63)
	if err != nil {
		return 0, models.NewError(models.NotFound, "error.not_found")
	}
	return id, nil
}

// attempt is what was typed into a refused form, with what is wrong.
type attempt struct {
	filing   *rules.Filing
	subject  *SubjectInput
	problems []models.Field
	// kept and also are the files and further duties that were chosen with filing;
	// warnings are what the form, refused by nobody, is to be warned of.
	kept, also []uint64
	warnings   []models.Field
	// evidence is why files were refused, and scheme why the file schemeFile with a
	// performance scheme was.
	evidence   *models.Error
	scheme     *models.Error
	schemeFile string
	// report is what could not be decided on, and decision why.
	report   uint64
	decision *models.Error
	// office is the form of the office that was refused, by its name, and why.
	office   string
	offended *models.Error
}

func (s *Server) showDuty(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	return s.dutyPage(r, id, http.StatusOK, attempt{})
}

// dutyPage shows a duty, after a refused form with what was typed.
func (s *Server) dutyPage(r *request, id uint64, status int, tried attempt) error {
	view, _, err := s.view(r, models.Unit{})
	if err != nil {
		return err
	}
	detail, err := s.Ledger.Duty(r.Request.Context(), r.Actor.Access.Scope("duty", "read"), id, view.AsOf)
	if err != nil {
		return err
	}
	view.Year = detail.Duty.Year
	base := s.page(r)
	if err := s.place(r, &base, view, detail.Unit, r.Locale.In(detail.Obligation.Title)); err != nil {
		return err
	}
	page := newDutyPage(base, view, detail, r.Actor)
	s.addOffice(r, &page, tried)
	if err := s.addForms(r, &page, tried); err != nil {
		return err
	}
	if r.may("inspection", "read", detail.Unit) {
		found, err := s.Supervision.FindingsOfDuty(r.Request.Context(), id, view.AsOf)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			page.Findings = newFindingTable(found, false)
		}
	}
	if r.may("audit", "read", detail.Unit) {
		page.LogURL = fmt.Sprintf("/audit?object=duty&id=%d", id)
	}
	page.Versions = newVersions(r.Locale, r.Request.URL.Path, page.Reports, r.Query("left"), r.Query("right"))
	for _, report := range page.Reports {
		if report.Decision != nil && report.ID == tried.report {
			report.Decision.Reason, report.Decision.Error = r.PostForm("reason"), tried.decision
		}
	}
	s.send(r, status, "duty", page)
	return nil
}

// addForms adds the forms that the caller may use now.
func (s *Server) addForms(r *request, page *DutyPage, tried attempt) error {
	detail, now := page.Detail, s.Now()
	if page.View.Past() {
		return nil
	}
	if r.may("report", "file", detail.Unit) {
		page.Refusal = detail.Refusal
		page.mayWithdraw(s.Ledger.Today())
		if detail.Refusal == nil {
			if err := s.addReportForm(r, page, tried); err != nil {
				return err
			}
		}
		if detail.TakesNothing {
			page.Nothing = newNothingForm(r.Locale, detail, tried)
		}
	}
	if r.may("trigger", "register", detail.Unit) {
		input, problems := SubjectInput{}, []models.Field(nil)
		if tried.subject != nil {
			input, problems = *tried.subject, tried.problems
		}
		page.Subject = newSubjectForm(r.Locale, detail.Duty.ID, detail.Rule, input, problems, now)
	}
	return nil
}

// addReportForm adds the form of a report: with what was typed into a refused
// one, else with the caller's draft, else with the report that came back.
func (s *Server) addReportForm(r *request, page *DutyPage, tried attempt) error {
	detail := page.Detail
	draft, err := s.Ledger.Draft(r.Request.Context(), r.Actor, detail.Duty.ID)
	if err != nil {
		return err
	}
	companions, err := s.Ledger.Companions(r.Request.Context(), r.Actor, detail.Duty.ID)
	if err != nil {
		return err
	}
	refused := tried.filing != nil && !tried.filing.Nothing
	filing, earlier := rules.Filing{}, page.ended()
	switch {
	case refused:
		filing = *tried.filing
	case draft.Version > 0:
		filing = draft.Content
	case earlier != nil && !earlier.Content.Nothing:
		filing = earlier.Content
	}
	if !refused {
		tried.kept, tried.also, tried.problems, tried.warnings = nil, nil, nil, nil
	}
	form := newReportForm(r.Locale, detail, filing, s.Ledger.MaxFile(), s.Now())
	form.Owner, form.Fresh = r.Actor.ID, !refused
	form.addDraft(draft)
	for _, file := range draft.Files {
		form.Evidence.Files = append(form.Evidence.Files, newDraftFile(file))
	}
	if earlier != nil {
		form.Evidence.keep(earlier.ReportView.Files, tried.kept)
	}
	form.Companions = newCompanions(r.Locale, companions, tried.also)
	form.placeAll(r.Locale, tried)
	page.Form = form
	return nil
}

func (s *Server) fileReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	submission, problems := r.submission()
	tried := attempt{filing: &submission.Filing, kept: submission.Evidence, also: submission.Also}
	if err = models.InvalidFields(problems); err == nil {
		tried.warnings, err = s.warnings(r, id, submission)
	}
	if err == nil && len(tried.warnings) > 0 {
		return s.dutyPage(r, id, http.StatusOK, tried)
	}
	if err == nil {
		_, err = s.Ledger.File(r.Request.Context(), r.Actor, id, submission)
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		tried.problems = refused.Fields
		return s.dutyPage(r, id, http.StatusUnprocessableEntity, tried)
	}
	if err != nil {
		return err
	}
	if also := len(submission.Also); also > 0 {
		return s.done(r, fmt.Sprintf("/duties/%d", id), "flash.filed_many", models.Args("Count", 1+also))
	}
	return s.done(r, fmt.Sprintf("/duties/%d", id), "flash.filed", nil)
}

// warnings returns what the caller has not been warned of yet.
func (s *Server) warnings(r *request, duty uint64, submission compliance.Submission) ([]models.Field, error) {
	warnings, err := s.Ledger.Review(r.Request.Context(), r.Actor, duty, submission)
	if err != nil || len(warnings) == 0 || r.PostForm("confirmed") == digestOf(warnings) {
		return nil, err
	}
	return warnings, nil
}

// digestOf tells one set of warnings from another: who has confirmed one has not
// confirmed what else turns up.
func digestOf(warnings []models.Field) string {
	texts := make([]string, len(warnings))
	for i, w := range warnings {
		texts[i] = fmt.Sprint(w.Name, w.Key, w.Args)
	}
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(sum[:8])
}

func (s *Server) registerStart(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	reader := formReader{values: r.Request.PostForm}
	input := SubjectInput{ID: reader.text("id"), Title: reader.text("title"), On: reader.text("on"), At: reader.text("at")}
	start := compliance.StartInput{Subject: input.ID, Title: input.Title, On: reader.date("on"), At: reader.instant("at")}
	err = models.InvalidFields(reader.problems)
	if err == nil {
		err = s.Ledger.RegisterStart(r.Request.Context(), r.Actor, id, start)
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return s.dutyPage(r, id, http.StatusUnprocessableEntity, attempt{subject: &input, problems: refused.Fields})
	}
	if err != nil {
		return err
	}
	return s.done(r, fmt.Sprintf("/duties/%d", id), "flash.registered", nil)
}

// maxKey is the longest key of a form; its own are shorter.
const maxKey = 64

// shortKey returns the key of a form, none when it is not one of ours.
func shortKey(key string) string {
	if len(key) > maxKey {
		return ""
	}
	return key
}
