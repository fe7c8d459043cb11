package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

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
	query := s.dutyQuery(r, view, unit)
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
	return s.show(r, "duties", newDutiesPage(base, view, query, *found, obligation))
}

// id returns the number in the path; what is none is NotFound.
func (r *request) id() (uint64, error) {
	id, err := strconv.ParseUint(r.Param("id"), 10, 64)
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
	// report is what could not be decided on, and decision why.
	report   uint64
	decision *models.Error
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
	if err := s.place(r, &base, view, detail.Unit, detail.Obligation.Title.In(r.Locale.Lang())); err != nil {
		return err
	}
	page := newDutyPage(base, view, detail, r.may("report", "verify", detail.Unit))
	s.addForms(r, &page, tried)
	for _, report := range page.Reports {
		if report.Decision != nil && report.ID == tried.report {
			report.Decision.Reason, report.Decision.Error = r.PostForm("reason"), tried.decision
		}
	}
	s.send(r, status, "duty", page)
	return nil
}

// addForms adds the forms that the caller may use now.
func (s *Server) addForms(r *request, page *DutyPage, tried attempt) {
	detail, now := page.Detail, s.Now()
	if page.View.Past() {
		return
	}
	if r.may("report", "file", detail.Unit) {
		page.Refusal = detail.Refusal
		if detail.Refusal == nil {
			filing, problems := startingFrom(page), []models.Field(nil)
			if tried.filing != nil {
				filing, problems = *tried.filing, tried.problems
			}
			page.Form = newReportForm(r.Locale, detail.Duty.ID, detail.Rule, filing, problems, now)
		}
	}
	if r.may("trigger", "register", detail.Unit) {
		input, problems := SubjectInput{}, []models.Field(nil)
		if tried.subject != nil {
			input, problems = *tried.subject, tried.problems
		}
		page.Subject = newSubjectForm(r.Locale, detail.Duty.ID, detail.Rule, input, problems, now)
	}
}

// startingFrom is what the form begins with: a returned report, to be corrected.
func startingFrom(page *DutyPage) rules.Filing {
	if returned := page.Returned(); returned != nil {
		return returned.Content
	}
	return rules.Filing{}
}

func (s *Server) fileReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	filing, problems := parseFiling(r.Request.PostForm)
	err = models.InvalidFields(problems)
	if err == nil {
		_, err = s.Ledger.File(r.Request.Context(), r.Actor, id, compliance.Submission{Filing: filing, Key: shortKey(r.PostForm("key"))})
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return s.dutyPage(r, id, http.StatusUnprocessableEntity, attempt{filing: &filing, problems: refused.Fields})
	}
	if err != nil {
		return err
	}
	return s.done(r, fmt.Sprintf("/duties/%d", id), "flash.filed", nil)
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
