package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

func (s *Server) showQueue(r *request) error {
	unit, err := s.queueUnit(r)
	if err != nil {
		return err
	}
	view, _, err := s.view(r, unit)
	if err != nil {
		return err
	}
	cursor := r.Query("cursor")
	queue, err := s.Ledger.Queue(r.Request.Context(), compliance.QueueQuery{Unit: unit, Cursor: cursor})
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.place(r, &base, view, unit, r.Locale.Text("queue.title", nil)); err != nil {
		return err
	}
	var pager Pager
	here := func(cursor string) string {
		query := url.Values{"unit": {unit.Code}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		return address("/queue", query)
	}
	if cursor != "" {
		pager.FirstURL = here("")
	}
	if queue.Next != "" {
		pager.NextURL = here(queue.Next)
	}
	return s.show(r, "queue", newQueuePage(base, view, unit, *queue, pager))
}

func (s *Server) verifyReport(r *request) error {
	return s.decide(r, "flash.verified", func(id uint64, version int) (*models.Report, error) {
		return s.Ledger.Verify(r.Request.Context(), r.Actor, id, version)
	})
}

func (s *Server) returnReport(r *request) error {
	return s.decide(r, "flash.returned", func(id uint64, version int) (*models.Report, error) {
		return s.Ledger.Return(r.Request.Context(), r.Actor, id, version, r.PostForm("reason"))
	})
}

// decide takes a decision. On the queue htmx gets the line that replaces the
// report's; elsewhere the duty's page follows.
func (s *Server) decide(r *request, flash string, decision func(id uint64, version int) (*models.Report, error)) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	before, err := s.Ledger.QueueItem(r.Request.Context(), r.Actor, r.Actor.Access.Scope("report", "verify"), id)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm("version"))
	if err != nil {
		version = -1 // refused as stale below
	}
	report, err := decision(id, version)
	var refused *models.Error
	switch {
	case err == nil && r.isFragment():
		line := newQueueLine(r.Locale, View{Today: s.Ledger.Today(), AsOf: s.Ledger.Today()}, *before, s.Ledger.Today())
		return s.sendBlock(r, http.StatusOK, "queue", "queue_done", QueueDone{QueueLine: line, Verified: report.Status == models.Verified})
	case err == nil:
		return s.done(r, fmt.Sprintf("/duties/%d", report.DutyID), flash, nil)
	case r.isFragment() && errors.As(err, &refused) && refused.Code != models.NotFound:
		return s.refusedLine(r, *before, refused)
	case errors.As(err, &refused) && refused.Code == models.Invalid:
		return s.dutyPage(r, before.Duty.ID, http.StatusUnprocessableEntity, attempt{report: id, decision: refused})
	default:
		return err
	}
}

// refusedLine sends a line of the queue again, with why the decision was refused.
func (s *Server) refusedLine(r *request, item compliance.QueueItem, refused *models.Error) error {
	today := s.Ledger.Today()
	line := newQueueLine(r.Locale, View{Today: today, AsOf: today}, item, today)
	line.Decision.Reason, line.Decision.Error = r.PostForm("reason"), refused
	status := gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status
	return s.sendBlock(r, status, "queue", "queue_line", line)
}
