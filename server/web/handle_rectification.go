package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/evidence"
	"sundial/server/exchange"
	"sundial/server/rectification"
)

// rectificationFilter reads what the list is narrowed to; what is not known does not.
func (r *request) rectificationFilter() (RectificationFilter, calendar.Date, error) {
	known := func(name string, values ...string) string {
		if value := r.Query(name); slices.Contains(values, value) {
			return value
		}
		return ""
	}
	filter := RectificationFilter{State: known("state", rectification.States...), From: known("from", rectification.FromScore, rectification.FromFinding),
		Severity: models.Severity(known("severity", severities()...)), Text: r.Query("q"), AsOf: r.Query("as_of")}
	filter.Round, _ = strconv.ParseUint(r.Query("round"), 10, 63)
	filter.Inspection, _ = strconv.ParseUint(r.Query("inspection"), 10, 63)
	if filter.AsOf == "" {
		return filter, 0, nil
	}
	asOf, err := calendar.ParseDate(filter.AsOf)
	if err != nil {
		err = models.InvalidFields([]models.Field{{Name: "as_of", Key: "field.bad_date"}})
	}
	return filter, asOf, err
}

// rectifications lists what the request asks for, at most so many; 0 is all.
func (s *Server) rectifications(r *request, limit int) (*rectification.List, RectificationFilter, error) {
	filter, asOf, err := r.rectificationFilter()
	if err != nil {
		return nil, filter, err
	}
	query := filter.query(asOf)
	if query.Limit = limit; limit > 0 {
		query.Cursor = r.Query("after")
	}
	list, err := s.Rectifications.Rectifications(r.Request.Context(), r.Actor, r.Param("code"), query)
	return list, filter, err
}

func (s *Server) listRectifications(r *request) error {
	list, filter, err := s.rectifications(r, rectificationsAtMost)
	if err != nil {
		return err
	}
	rates, err := s.Rectifications.Rates(r.Request.Context(), r.Actor, list.Unit.Code, filter.query(list.AsOf))
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "rectifications", r.Locale.Text("rectifications.title", nil))
	if err != nil {
		return err
	}
	page := newRectificationsPage(base, list, rates, filter)
	page.Tabs = tabs
	if r.may("urge", "send", list.Unit) && list.AsOf == base.Today {
		page.UrgeURL = unitURL(list.Unit, "urges", "new")
	}
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, "rectifications", filter.State, "")
	}
	return s.show(r, "rectifications", page)
}

func (s *Server) downloadRectifications(r *request) error {
	list, _, err := s.rectifications(r, 0)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, rectificationFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("rectifications as a file: %w", err)
	}
	defer w.Abort()
	for _, line := range list.Items {
		if err := w.Write(newRectificationRow(line).cells(r.Locale)...); err != nil {
			return fmt.Errorf("rectifications as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("rectifications as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "rectifications-"+list.Unit.Code+"-"+list.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func (s *Server) showRectification(r *request) error {
	page, err := s.rectificationPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "rectification", page)
}

func (s *Server) rectificationPage(r *request) (*RectificationPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Rectifications.Rectification(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, view.Unit, "rectifications", r.Locale.In(view.Origin.Title()))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("rectifications.title", nil), URL: unitURL(view.Unit, "rectifications")})
	page := newRectificationPage(base, view)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) answerRectification(r *request) error {
	return s.rectificationAct(r, "answer", func(id uint64, in rectification.StepInput) error {
		return s.Rectifications.Answer(r.Request.Context(), r.Actor, id, r.version(), in)
	})
}

func (s *Server) returnRectification(r *request) error {
	return s.rectificationAct(r, "return", func(id uint64, in rectification.StepInput) error {
		return s.Rectifications.Return(r.Request.Context(), r.Actor, id, r.version(), in)
	})
}

func (s *Server) closeRectification(r *request) error {
	return s.rectificationAct(r, "close", func(id uint64, in rectification.StepInput) error {
		return s.Rectifications.Close(r.Request.Context(), r.Actor, id, r.version(), in)
	})
}

func (s *Server) withdrawRectification(r *request) error {
	return s.rectificationAct(r, "withdraw", func(id uint64, in rectification.StepInput) error {
		return s.Rectifications.Withdraw(r.Request.Context(), r.Actor, id, r.version(), in)
	})
}

// rectificationAct takes a step of a rectification and goes back to its page, which shows
// why it was refused. Who may not read it sends no files into the vault.
func (s *Server) rectificationAct(r *request, name string, act func(id uint64, in rectification.StepInput) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if _, err := s.Rectifications.Rectification(r.Request.Context(), r.Actor, id); err != nil {
		return err
	}
	files, err := s.takeFiles(r)
	if err == nil {
		err = s.rectificationStep(r, id, files, act)
	}
	if err == nil {
		return s.done(r, rectificationURL(id), "flash.rectification_"+name, nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.rectificationPage(r)
	if pageErr != nil {
		return err
	}
	form := map[string]*OfficeForm{"answer": page.Answer, "return": page.Return, "close": page.Close, "withdraw": page.Withdraw}[name]
	if form != nil && why.Code == models.Invalid {
		form.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "rectification", page)
	return nil
}

// rectificationStep takes the step with what is written in the form.
func (s *Server) rectificationStep(r *request, id uint64, files []evidence.File, act func(id uint64, in rectification.StepInput) error) error {
	reader := formReader{values: r.Request.PostForm}
	in := rectification.StepInput{Note: reader.text("note"), URL: reader.text("url"), DueOn: reader.date("due_on"), Files: files}
	if err := models.InvalidFields(reader.problems); err != nil {
		return err
	}
	return act(id, in)
}
