package web

import (
	"errors"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
)

// periodAttempt is the form of the page of closed years that was refused.
type periodAttempt struct {
	form    string
	closing uint64
	why     *models.Error
}

func (s *Server) showPeriods(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "period", "close")
	if err != nil {
		return err
	}
	return s.periodsPage(r, http.StatusOK, unit, periodAttempt{})
}

func (s *Server) periodsPage(r *request, status int, unit models.Unit, tried periodAttempt) error {
	view, years, err := s.view(r, unit)
	if err != nil {
		return err
	}
	closings, err := s.Ledger.Closings(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.place(r, &base, view, unit, r.Locale.Text("periods.title", nil)); err != nil {
		return err
	}
	page := newPeriodsPage(base, unit, years, view.Year, closings, func(u models.Unit) bool { return r.may("period", "close", u) })
	preview, err := s.Ledger.PreviewClosing(r.Request.Context(), unit, view.Year)
	if err != nil {
		return err
	}
	page.foresee(preview)
	page.refuse(r, tried)
	s.send(r, status, "periods", page)
	return nil
}

// refuse puts what was typed back into the form that was refused.
func (p *PeriodsPage) refuse(r *request, tried periodAttempt) {
	if tried.why == nil {
		return
	}
	forms := []*OfficeForm{p.Close}
	for _, line := range p.Closings {
		if line.ID == tried.closing {
			forms = append(forms, line.Lift, line.Except)
		}
	}
	for _, form := range forms {
		if form != nil && form.Name == tried.form {
			form.refuse(r.Locale, r.Request.PostForm, tried.why)
		}
	}
}

func (s *Server) closePeriod(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "period", "close")
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(r.Query("year"))
	if err != nil {
		return models.InvalidFields([]models.Field{{Name: "year", Key: "error.bad_year", Args: models.Args("Value", r.Query("year"))}})
	}
	_, err = s.Ledger.Close(r.Request.Context(), r.Actor, unit.ID, year, r.PostForm("reason"))
	return s.periodDone(r, unit, year, periodAttempt{form: "close"}, "flash.period_closed", err)
}

func (s *Server) liftClosing(r *request) error {
	return s.onClosing(r, "lift", "flash.period_lifted", func(c compliance.ClosingView) error {
		return s.Ledger.Lift(r.Request.Context(), r.Actor, c.ID, r.PostForm("reason"))
	})
}

func (s *Server) exceptUnit(r *request) error {
	return s.onClosing(r, "except", "flash.period_excepted", func(c compliance.ClosingView) error {
		reader := formReader{values: r.Request.PostForm}
		input := compliance.ExceptionInput{Unit: reader.text("unit"), Until: reader.date("until"), Reason: reader.text("reason")}
		if err := models.InvalidFields(reader.problems); err != nil {
			return err
		}
		_, err := s.Ledger.Except(r.Request.Context(), r.Actor, c.ID, input)
		return err
	})
}

// onClosing runs what a form asks for on a closing, and goes back to the page of
// its unit.
func (s *Server) onClosing(r *request, form, flash string, do func(c compliance.ClosingView) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	closing, err := s.Ledger.Closing(r.Request.Context(), r.Actor.Access.Scope("period", "close"), id)
	if err != nil {
		return err
	}
	return s.periodDone(r, closing.Unit, closing.Year, periodAttempt{form: form, closing: id}, flash, do(*closing))
}

func (s *Server) periodDone(r *request, unit models.Unit, year int, tried periodAttempt, flash string, err error) error {
	if err == nil {
		return s.done(r, periodsURL(unit.Code, year), flash, models.Args("Year", year))
	}
	if errors.As(err, &tried.why) && tried.why.Code == models.Invalid {
		return s.periodsPage(r, http.StatusUnprocessableEntity, unit, tried)
	}
	return err
}

// periodNote says that the year is closed for the unit, as of the day looked at.
func (s *Server) periodNote(r *request, view View, unit models.Unit) (PeriodNote, error) {
	var note PeriodNote
	if r.may("period", "close", unit) {
		note.URL = periodsURL(unit.Code, view.Year)
	}
	var err error
	note.Closings, err = s.Ledger.ClosingsOver(r.Request.Context(), unit, view.Year, view.AsOf)
	return note, err
}
