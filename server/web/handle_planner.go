package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/gate"
	"sundial/server/training"
)

// plannerWait is for how long a page waits for a proposal before it tells how far
// it is.
const plannerWait = 1500 * time.Millisecond

// showPlanner shows the form; with plan=1 it has a proposal made and leads to it,
// and with its run shows it, or how far it is.
func (s *Server) showPlanner(r *request) error {
	page, request, err := s.plannerPage(r)
	if err != nil {
		return err
	}
	if page.Empty != "" || r.Query("plan") == "" {
		return s.show(r, "planner", page)
	}
	if err := models.InvalidFields(page.Form.Fields); err != nil {
		return s.plannerRefused(r, page, err)
	}
	run := s.Rotas.Find(r.Actor, page.Unit, r.Query("run"))
	if run == nil || !run.Request.Equal(request) {
		return s.beginRun(r, page.Unit, request, false)
	}
	page.Changed = r.Query("changed") == "1"
	if r.isFragment() {
		return s.tellProgress(r, page.Unit, run)
	}
	if !run.Wait(r.Request.Context(), plannerWait) {
		page.Progress = &PlannerProgress{plannerURL(page.Unit, run), run.Percent()}
		return s.show(r, "planner", page)
	}
	proposal, err := run.Proposal()
	switch {
	case err == nil:
		open, _ := strconv.ParseUint(r.Query("open"), 10, 63) // anything else opens none
		page.Result = newPlannerResult(page.Page, page.Unit, run, proposal, open)
		return s.show(r, "planner", page)
	case models.IsCode(err, models.Invalid):
		return s.plannerRefused(r, page, err)
	default:
		return err
	}
}

// tellProgress answers a script that asks how far a run is; when it is over, the
// script opens its page.
func (s *Server) tellProgress(r *request, unit models.Unit, run *training.Run) error {
	if run.Wait(r.Request.Context(), 0) {
		r.Header("HX-Redirect", plannerURL(unit, run))
	}
	return s.sendBlock(r, http.StatusOK, "planner", "planner_progress", PlannerProgress{plannerURL(unit, run), run.Percent()})
}

func (s *Server) beginRun(r *request, unit models.Unit, request training.PlanRequest, changed bool) error {
	to := plannerURL(unit, s.Rotas.Begin(r.Actor, unit, request))
	if changed {
		to += "&changed=1"
	}
	r.Redirect(http.StatusSeeOther, to)
	return nil
}

// plannerRefused shows the form with what is wrong with it.
func (s *Server) plannerRefused(r *request, page *PlannerPage, err error) error {
	var refused *models.Error
	if !errors.As(err, &refused) {
		return err
	}
	page.Form.Fields, page.Error = refused.Fields, refused
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status, "planner", page)
	return nil
}

// plannerPage is the page without a proposal, and what is asked for.
func (s *Server) plannerPage(r *request) (*PlannerPage, training.PlanRequest, error) {
	ctx := r.Request.Context()
	unit, err := s.unit(r, r.Param("code"), "nomination", "decide")
	if err != nil {
		return nil, training.PlanRequest{}, err
	}
	base, err := s.trainingPage(r, unit, r.Locale.Text("training.tab.planner", nil))
	if err != nil {
		return nil, training.PlanRequest{}, err
	}
	page := &PlannerPage{Page: base, Unit: unit, Tabs: s.trainingTabs(r, unit, "planner")}
	if r.may("course", "manage", unit) {
		page.AddURL = unitURL(unit, "sessions", "new")
	}
	refs, err := s.Ledger.Rotations(ctx, unit, s.Ledger.Today())
	if err != nil {
		return nil, training.PlanRequest{}, err
	}
	request, fields, err := r.planRequest(refs, s.Ledger.Today())
	if err != nil {
		return nil, request, err
	}
	if request.Policy == "" {
		page.Empty = "planner.empty_policy"
		return page, request, nil
	}
	if page.Ground, err = s.Desk.PlanGround(ctx, r.Actor, unit, request); err != nil {
		return nil, request, err
	}
	page.Empty = plannerEmpty(page.Ground)
	page.Form = newPlannerForm(r.Locale, unit, request, refs, page.Ground)
	if len(fields) > 0 {
		page.Form.Fields, page.Form.SharePut, page.Form.SeatsPut = fields, r.plannerValue("share"), r.plannerValue("seats")
	}
	return page, request, nil
}

// plannerValue reads a parameter of the address or of the form.
func (r *request) plannerValue(name string) string {
	if r.Request.Method == http.MethodPost {
		return r.PostForm(name)
	}
	return r.Query(name)
}

// planRequest reads what is asked for; without a rotation it is the one whose
// window began last.
func (r *request) planRequest(refs []compliance.RotationRef, today calendar.Date) (training.PlanRequest, []models.Field, error) {
	request := training.PlanRequest{Share: training.DefaultShare, Seats: training.DefaultSeats}
	rotation := r.plannerValue("rotation")
	if !utf8.ValidString(rotation) {
		return request, nil, models.NewError(models.Invalid, "error.bad_form")
	}
	request.Policy, request.Obligation, _ = strings.Cut(rotation, "/")
	if rotation == "" {
		if ref, ok := compliance.LatestBegun(refs, today); ok {
			request.Policy, request.Obligation = ref.Obligation.Policy, ref.Obligation.Code
		}
	}
	var fields []models.Field
	for name, value := range map[string]*int{"share": &request.Share, "seats": &request.Seats} {
		if text := r.plannerValue(name); text != "" {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				fields = append(fields, models.Field{Name: name, Key: "planner.no_number"})
			}
			*value = n
		}
	}
	slices.SortFunc(fields, func(a, b models.Field) int { return strings.Compare(a.Name, b.Name) })
	chosen := r.QueryArray("session")
	if r.Request.Method == http.MethodPost {
		chosen = r.PostFormArray("session")
	}
	for _, text := range chosen {
		if id, err := strconv.ParseUint(text, 10, 63); err == nil {
			request.Sessions = append(request.Sessions, id)
		}
	}
	slices.Sort(request.Sessions)
	request.Sessions = slices.Compact(request.Sessions)
	return request, fields, nil
}

// applyPlanner nominates the people that are ticked. A proposal that is gone, or
// out of date, is made anew and shown instead.
func (s *Server) applyPlanner(r *request) error {
	page, request, err := s.plannerPage(r)
	if err != nil {
		return err
	}
	run := s.Rotas.Find(r.Actor, page.Unit, r.PostForm("run"))
	if run == nil || !run.Wait(r.Request.Context(), 0) {
		if page.Empty != "" || len(page.Form.Fields) > 0 {
			return s.show(r, "planner", page)
		}
		return s.beginRun(r, page.Unit, request, true)
	}
	proposal, err := run.Proposal()
	if err != nil {
		return err
	}
	var refused *models.Error
	outcomes, err := s.Desk.Apply(r.Request.Context(), r.Actor, proposal, r.chosenOf(proposal))
	switch {
	case err == nil:
		return s.plannerApplied(r, page, outcomes)
	case models.IsCode(err, models.Stale):
		return s.beginRun(r, page.Unit, run.Request, true)
	case errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.Conflict):
		page.Error = refused
		page.Result = newPlannerResult(page.Page, page.Unit, run, proposal, 0)
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status, "planner", page)
		return nil
	default:
		return err
	}
}

// plannerApplied goes on after a proposal was applied; where somebody has no seat
// all the same it says who.
func (s *Server) plannerApplied(r *request, page *PlannerPage, outcomes []training.SessionOutcome) error {
	found := newPlannerOutcomes(r.Locale, outcomes)
	if found.Refused+found.Waiting == 0 {
		return s.done(r, unitURL(page.Unit, "planner"), "flash.rota_applied", models.Args("Count", found.Seated, "Sessions", len(outcomes)))
	}
	page.Outcomes = found
	return s.show(r, "planner", page)
}

// chosenOf are the people who are ticked, by session: of a session whose people
// were not on the page, all.
func (r *request) chosenOf(p *training.Proposal) map[uint64][]uint64 {
	filled, listed, ticked := r.ids("fill"), r.ids("listed"), map[uint64]bool{}
	for _, id := range r.ids("person") {
		ticked[id] = true
	}
	chosen := map[uint64][]uint64{}
	for _, session := range p.Sessions {
		if !slices.Contains(filled, session.ID) {
			continue
		}
		all := !slices.Contains(listed, session.ID)
		for _, unit := range session.Units {
			for _, person := range unit.People {
				if all || ticked[person.Person.ID] {
					chosen[session.ID] = append(chosen[session.ID], person.Person.ID)
				}
			}
		}
	}
	return chosen
}

// plannerColumns are the columns of the file, each with the key of its heading.
var plannerColumns = []struct {
	key  string
	kind exchange.Kind
}{
	{"planner.column.session", exchange.KindText}, {"planner.column.from", exchange.KindDate}, {"planner.column.to", exchange.KindDate},
	{"planner.column.course", exchange.KindText}, {"planner.column.place", exchange.KindText}, {"planner.column.unit", exchange.KindText},
	{"planner.column.person", exchange.KindText}, {"planner.column.number", exchange.KindText}, {"planner.column.post", exchange.KindText},
	{"planner.column.last", exchange.KindDate}, {"planner.column.why", exchange.KindText},
}

// downloadPlanner gives the proposal as CSV: who goes where, then who is left over
// and why. One that is gone is made anew on the page.
func (s *Server) downloadPlanner(r *request) error {
	page, request, err := s.plannerPage(r)
	if err != nil {
		return err
	}
	run := s.Rotas.Find(r.Actor, page.Unit, r.Query("run"))
	if run == nil || !run.Wait(r.Request.Context(), plannerWait) {
		if page.Empty != "" || len(page.Form.Fields) > 0 {
			return s.show(r, "planner", page)
		}
		return s.beginRun(r, page.Unit, request, false)
	}
	proposal, err := run.Proposal()
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := writePlanner(&body, r, proposal); err != nil {
		return fmt.Errorf("file of a proposal: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "rota-"+page.Unit.Code+"-"+page.Today.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func writePlanner(body *bytes.Buffer, r *request, p *training.Proposal) error {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: r.Locale.Text(key, nil), EN: r.Locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("training.tab.planner")}
	for _, c := range plannerColumns {
		table.Columns = append(table.Columns, exchange.Column{Key: c.key, Heading: in(c.key), Kind: c.kind})
	}
	w, err := exchange.NewWriter(body, exchange.CSV, table, r.fileLanguage())
	if err != nil {
		return err
	}
	defer w.Abort()
	for _, session := range p.Sessions {
		for _, unit := range session.Units {
			for _, one := range unit.People {
				err = errors.Join(err, w.Write(session.Code, session.StartOn, session.EndOn, session.Course.Title, session.Place, unitName(r.Locale, unit.Unit),
					one.Person.Name, one.Person.Code(), one.Post, dayOrBlank(one.LastTrained), ""))
			}
		}
	}
	for _, left := range p.Left {
		err = errors.Join(err, w.Write("", nil, nil, "", "", unitName(r.Locale, left.Unit), left.Person.Name, left.Person.Code(), left.Post, dayOrBlank(left.LastTrained),
			r.Locale.Text(left.Why().Key, nil)))
	}
	return errors.Join(err, w.Close())
}
