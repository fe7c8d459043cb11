package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/exchange"
)

// rectificationFilter reads what the list is narrowed to.
func (r *request) rectificationFilter() (RectificationFilter, calendar.Date, error) {
	filter := RectificationFilter{State: r.Query("state"), Text: r.Query("q"), AsOf: r.Query("as_of")}
	filter.Round, _ = strconv.ParseUint(r.Query("round"), 10, 64)
	known := []string{assessment.RectificationOverdue, string(models.RectificationOpen), string(models.RectificationAnswered), string(models.RectificationClosed)}
	if !slices.Contains(known, filter.State) {
		filter.State = ""
	}
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
func (s *Server) rectifications(r *request, limit int) (*assessment.RectificationList, RectificationFilter, error) {
	filter, asOf, err := r.rectificationFilter()
	if err != nil {
		return nil, filter, err
	}
	unit, err := s.unit(r, r.Param("code"), "score", "read")
	if err != nil {
		return nil, filter, err
	}
	query := assessment.RectificationQuery{AsOf: asOf, State: filter.State, Round: filter.Round, Text: filter.Text, Limit: limit}
	if limit > 0 {
		query.Cursor = r.Query("after")
	}
	list, err := s.Assessment.Rectifications(r.Request.Context(), r.Actor, unit.Code, query)
	return list, filter, err
}

func (s *Server) listRectifications(r *request) error {
	list, filter, err := s.rectifications(r, rectificationsAtMost)
	if err != nil {
		return err
	}
	base, tabs, err := s.assessmentPage(r, list.Unit, "rectifications", r.Locale.Text("rectifications.title", nil))
	if err != nil {
		return err
	}
	page := newRectificationsPage(base, list, filter)
	page.Tabs = tabs
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, "rectifications", filter.State, "")
	}
	return s.show(r, "rectifications", page)
}

func (s *Server) downloadRectifications(r *request) error {
	list, filter, err := s.rectifications(r, 0)
	if err != nil {
		return err
	}
	page := newRectificationsPage(Page{Locale: r.Locale}, list, filter)
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, rectificationFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("rectifications as a file: %w", err)
	}
	defer w.Abort()
	for _, row := range page.Rows {
		if err := w.Write(row.cells(r.Locale)...); err != nil {
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

func (s *Server) showDemandForm(r *request) error {
	asked, all := r.Query("indicator"), r.Query("all") == "1"
	page, err := s.demandPage(r, func(indicator string) bool { return all || indicator == asked })
	if err != nil {
		return err
	}
	return s.show(r, "demand", page)
}

func (s *Server) demandPage(r *request, chosen func(indicator string) bool) (*DemandPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.NewDemand(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.assessmentPage(r, view.Unit, "rectifications", r.Locale.Text("rectifications.new", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("rectifications.title", nil), URL: unitURL(view.Unit, "rectifications")})
	page := newDemandPage(base, view, chosen)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) demandRectifications(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	reader := formReader{values: r.Request.PostForm}
	in := assessment.DemandInput{Indicators: r.PostFormArray("indicators"), Demand: reader.text("demand"), DueOn: reader.date("due_on")}
	var rows []models.Rectification
	if err = models.InvalidFields(reader.problems); err == nil {
		rows, err = s.Assessment.DemandRectifications(r.Request.Context(), r.Actor, id, in)
	}
	switch {
	case err == nil && len(rows) == 1:
		return s.done(r, rectificationURL(rows[0].ID), "flash.rectification_demanded", models.Args("Count", 1))
	case err == nil:
		view, err := s.Assessment.Rectification(r.Request.Context(), r.Actor, rows[0].ID)
		if err != nil {
			return err
		}
		return s.done(r, RectificationFilter{Round: view.RoundID}.url(view.Unit, "rectifications", "", ""), "flash.rectification_demanded", models.Args("Count", len(rows)))
	}
	why, status := refusedAs(r, err)
	if why == nil || why.Code != models.Invalid {
		return err
	}
	page, pageErr := s.demandPage(r, func(indicator string) bool { return slices.Contains(in.Indicators, indicator) })
	if pageErr != nil {
		return pageErr
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "demand", page)
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
	view, err := s.Assessment.Rectification(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.assessmentPage(r, view.Unit, "rectifications", view.Indicator.Title.In(r.Locale.Lang()))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("rectifications.title", nil), URL: unitURL(view.Unit, "rectifications")})
	page := newRectificationPage(base, view)
	page.Tabs = tabs
	return page, nil
}

// step reads what is written with a step of a rectification.
func (r *request) step() assessment.StepInput {
	return assessment.StepInput{Note: r.PostForm("note"), URL: r.PostForm("url")}
}

func (s *Server) answerRectification(r *request) error {
	return s.rectificationAct(r, "answer", func(id uint64) error {
		_, err := s.Assessment.AnswerRectification(r.Request.Context(), r.Actor, id, r.version(), r.step())
		return err
	})
}

func (s *Server) returnRectification(r *request) error {
	return s.rectificationAct(r, "return", func(id uint64) error {
		return s.Assessment.ReturnRectification(r.Request.Context(), r.Actor, id, r.version(), r.step())
	})
}

func (s *Server) closeRectification(r *request) error {
	return s.rectificationAct(r, "close", func(id uint64) error {
		return s.Assessment.CloseRectification(r.Request.Context(), r.Actor, id, r.version(), r.step())
	})
}

// attachRectificationFile takes files that prove the last answer.
func (s *Server) attachRectificationFile(r *request) error {
	return s.rectificationAct(r, "attach", func(id uint64) error {
		view, err := s.Assessment.Rectification(r.Request.Context(), r.Actor, id)
		if err != nil {
			return err
		}
		step := view.Steps[len(view.Steps)-1].ID
		return s.takeScoreFiles(r, assessment.FileOwner{SheetID: view.SheetID, Indicator: view.Rectification.Indicator, StepID: &step})
	})
}

// rectificationAct does something with a rectification and goes back to its page, which
// shows why it was refused.
func (s *Server) rectificationAct(r *request, name string, act func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err = act(id); err == nil {
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
	form := map[string]*OfficeForm{"answer": page.Answer, "return": page.Return, "close": page.Close}[name]
	if form != nil && why.Code == models.Invalid {
		form.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "rectification", page)
	return nil
}
