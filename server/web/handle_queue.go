package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

func (s *Server) showQueue(r *request) error {
	return s.queuePage(r, http.StatusOK, nil, nil)
}

// queuePage shows the queue that the address asks for, after many were accepted
// with what came of it, or with why nothing was.
func (s *Server) queuePage(r *request, status int, bulk *BulkResult, refused *models.Error) error {
	units, unit, err := s.queueUnits(r)
	if err != nil {
		return err
	}
	view := View{Today: s.Ledger.Today(), AsOf: s.Ledger.Today()}
	filter := queueFilter(r.Request.URL.Query())
	queue, err := s.Ledger.Queue(r.Request.Context(), compliance.QueueQuery{Actor: r.Actor, Unit: unit, Policy: filter.Policy, For: filter.For,
		PastDue: filter.PastDue, Sort: filter.Sort, Cursor: filter.Cursor})
	if err != nil {
		return err
	}
	base := s.page(r)
	if unit.ID != 0 {
		if err := s.place(r, &base, view, unit, r.Locale.Text("queue.title", nil)); err != nil {
			return err
		}
	}
	page := newQueuePage(base, view, unit, filter, *queue)
	page.Units, page.Bulk, page.Error = units, bulk, refused
	for i, line := range page.Items {
		page.Items[i].Office = s.reportOffice(r, line.DutyView, line.Report)
		page.Demo = page.Demo || line.Unit.Demo
	}
	policies, err := s.queuePolicies(r, unit)
	if err != nil {
		return err
	}
	for _, p := range policies {
		page.Policies = append(page.Policies, PolicyOption{p.Row.Code, p.Policy.Title})
	}
	s.send(r, status, "queue", page)
	return nil
}

// queuePolicies are those that the queue can be narrowed to.
func (s *Server) queuePolicies(r *request, unit models.Unit) ([]compliance.PolicyView, error) {
	if unit.ID == 0 {
		return s.Ledger.Policies(r.Request.Context())
	}
	return s.Ledger.PoliciesOf(r.Request.Context(), unit)
}

// queueUnits are those that the caller decides on, and the one whose queue is
// shown: the one asked for, else the caller's only one, else the zero Unit for
// all of them.
func (s *Server) queueUnits(r *request) (units []models.Unit, shown models.Unit, err error) {
	units, err = s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope("report", "verify"))
	switch {
	case err != nil:
	case r.Query("unit") != "":
		shown, err = s.unit(r, r.Query("unit"), "report", "verify")
	case len(units) == 1:
		shown = units[0]
	}
	return units, shown, err
}

// waiting is the number that the navigation shows at the queue, and whether there
// are more. A page is shown without it rather than not at all.
func (s *Server) waiting(r *request) (count int, more bool) {
	count, err := s.Ledger.Waiting(r.Request.Context(), r.Actor)
	if err != nil {
		slog.WarnContext(r.Request.Context(), "what waits is not counted", "error", err)
	}
	if count == compliance.MaxWaiting {
		return count - 1, true
	}
	return count, false
}

func (s *Server) verifyReport(r *request) error {
	return s.decide(r, func(id uint64, version int) (*models.Report, error) {
		return s.Ledger.Verify(r.Request.Context(), r.Actor, id, version)
	})
}

func (s *Server) returnReport(r *request) error {
	return s.decide(r, func(id uint64, version int) (*models.Report, error) {
		return s.Ledger.Return(r.Request.Context(), r.Actor, id, version, r.PostForm("reason"))
	})
}

// decide takes a decision. On the queue htmx gets the line that replaces the
// report's; elsewhere the duty's page follows.
func (s *Server) decide(r *request, decision func(id uint64, version int) (*models.Report, error)) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	before, err := s.Ledger.QueueItem(r.Request.Context(), r.Actor, r.Actor.Access.Scope("report", "verify"), id)
	if err != nil {
		return err
	}
	report, err := decision(id, r.version())
	var refused *models.Error
	switch {
	case err == nil && r.isFragment():
		return s.sendBlock(r, http.StatusOK, "queue", "queue_done", s.queueDone(r, *before, report.Status))
	case err == nil:
		return s.done(r, fmt.Sprintf("/duties/%d", report.DutyID), "flash."+string(report.Status), nil)
	case r.isFragment() && errors.As(err, &refused) && refused.Code != models.NotFound:
		return s.refusedLine(r, *before, refused)
	case errors.As(err, &refused) && refused.Code == models.Invalid:
		return s.dutyPage(r, before.Duty.ID, http.StatusUnprocessableEntity, attempt{report: id, decision: refused})
	default:
		return err
	}
}

// queueDone is what replaces a decided line, with what is left to decide on of
// the queue that the line stood in. It is sent without the numbers rather than
// not at all.
func (s *Server) queueDone(r *request, item compliance.QueueItem, status models.ReportStatus) QueueDone {
	done := QueueDone{QueueLine: s.queueLine(r, item), Status: status}
	from, err := url.Parse(cameFrom(r.Request))
	if err != nil {
		return done
	}
	filter := queueFilter(from.Query())
	query := compliance.QueueQuery{Actor: r.Actor, For: filter.For, Limit: 1}
	if filter.Unit != "" {
		query.Unit, err = s.unit(r, filter.Unit, "report", "verify")
	}
	var queue *compliance.QueuePage
	if err == nil {
		queue, err = s.Ledger.Queue(r.Request.Context(), query)
	}
	if err != nil {
		slog.WarnContext(r.Request.Context(), "what is left is not counted", "error", err)
		return done
	}
	done.Left = &QueueLeft{Counts: queue.Counts, Chips: queueChips(filter, queue.Counts)}
	done.Left.Nav, done.Left.More = s.waiting(r)
	return done
}

func (s *Server) queueLine(r *request, item compliance.QueueItem) QueueLine {
	today := s.Ledger.Today()
	line := newQueueLine(r.Locale, View{Today: today, AsOf: today}, item, today)
	line.Office = s.reportOffice(r, item.DutyView, item.Report)
	return line
}

// refusedLine sends a line of the queue again, with why the decision was refused.
func (s *Server) refusedLine(r *request, item compliance.QueueItem, refused *models.Error) error {
	line := s.queueLine(r, item)
	if line.Decision == nil {
		line.Decision = &DecisionForm{ReportID: item.Report.ID}
	}
	line.Decision.Reason, line.Decision.Error = r.PostForm("reason"), refused
	line.Decision.DutyURL = line.DutyURL
	status := gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status
	return s.sendBlock(r, status, "queue", "queue_line", line)
}

// verifyChosen accepts the reports that were chosen, and shows what came of each
// above the rest of the queue.
func (s *Server) verifyChosen(r *request) error {
	choices, err := choicesOf(r.PostFormArray("report"))
	var results []compliance.Accepted
	if err == nil {
		results, err = s.Ledger.VerifyMany(r.Request.Context(), r.Actor, choices)
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return s.queuePage(r, http.StatusUnprocessableEntity, nil, refused)
	}
	if err != nil {
		return err
	}
	bulk := &BulkResult{}
	for _, result := range results {
		var line *QueueLine
		if result.Item != nil {
			shown := s.queueLine(r, *result.Item)
			line = &shown
		}
		if result.Refusal != nil {
			bulk.Refused = append(bulk.Refused, BulkRefusal{line, result.Refusal})
			continue
		}
		bulk.Accepted = append(bulk.Accepted, QueueDone{QueueLine: *line, Status: result.Item.Report.Status})
	}
	return s.queuePage(r, http.StatusOK, bulk, nil)
}

// choicesOf reads what QueueLine.Choice has written.
func choicesOf(texts []string) ([]compliance.Choice, error) {
	choices := make([]compliance.Choice, len(texts))
	for i, text := range texts {
		id, version, _ := strings.Cut(text, ".")
		report, err := strconv.ParseUint(id, 10, 63)
		if err != nil {
			return nil, models.NewError(models.Invalid, "error.bad_form")
		}
		seen, err := strconv.Atoi(version)
		if err != nil {
			return nil, models.NewError(models.Invalid, "error.bad_form")
		}
		choices[i] = compliance.Choice{Report: report, Version: seen}
	}
	return choices, nil
}
