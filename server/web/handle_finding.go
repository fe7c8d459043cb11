package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/supervision"
)

// findingFilter reads what the list is narrowed to.
func (r *request) findingFilter() (FindingFilter, supervision.FindingQuery, error) {
	f := FindingFilter{State: r.Query("state"), Severity: r.Query("severity"), Text: r.Query("q"), AsOf: r.Query("as_of")}
	f.Inspection, _ = strconv.ParseUint(r.Query("inspection"), 10, 63)
	if !slices.Contains(supervision.FindingStates, supervision.FindingState(f.State)) {
		f.State = ""
	}
	if !slices.Contains(models.Severities, models.Severity(f.Severity)) {
		f.Severity = ""
	}
	query := supervision.FindingQuery{State: supervision.FindingState(f.State), Severity: models.Severity(f.Severity), Inspection: f.Inspection, Text: f.Text}
	if f.AsOf == "" {
		return f, query, nil
	}
	var err error
	if query.AsOf, err = calendar.ParseDate(f.AsOf); err != nil {
		err = models.InvalidFields([]models.Field{{Name: "as_of", Key: "field.bad_date"}})
	}
	return f, query, err
}

func (s *Server) listFindings(r *request) error {
	filter, query, err := r.findingFilter()
	if err != nil {
		return err
	}
	query.Cursor, query.Limit = r.Query("after"), inspectionsAtMost
	list, err := s.Supervision.Findings(r.Request.Context(), r.Actor, r.Param("code"), query)
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "inspections", r.Locale.Text("findings.title", nil))
	if err != nil {
		return err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("inspections.title", nil), URL: unitURL(list.Unit, "inspections")})
	page := newFindingsPage(base, list, filter)
	page.Tabs = tabs
	if query.Cursor != "" {
		page.Pager.FirstURL = filter.url(list.Unit, "findings", filter.State, "")
	}
	return s.show(r, "findings", page)
}

func (s *Server) downloadFindings(r *request) error {
	_, query, err := r.findingFilter()
	if err != nil {
		return err
	}
	list, err := s.Supervision.Findings(r.Request.Context(), r.Actor, r.Param("code"), query)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, findingFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("findings as a file: %w", err)
	}
	defer w.Abort()
	for _, row := range newFindingTable(list.Items, false).Rows {
		if err := w.Write(row.cells(r.Locale)...); err != nil {
			return fmt.Errorf("findings as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("findings as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "findings-"+list.Unit.Code+"-"+list.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func (s *Server) showFinding(r *request) error {
	page, err := s.findingPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "finding", page)
}

func (s *Server) findingPage(r *request) (*FindingPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Supervision.Finding(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, view.Unit, "inspections", r.Locale.Text("findings.one", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: view.Inspection.Title, URL: inspectionURL(view.InspectionID)})
	page := newFindingPage(base, view)
	page.Tabs = tabs
	if view.RectificationID != 0 {
		rectified, err := s.Rectifications.Rectification(r.Request.Context(), r.Actor, view.RectificationID)
		if err != nil {
			return nil, err
		}
		page.rectified(rectified)
	}
	return page, nil
}

func (s *Server) withdrawFinding(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = s.Supervision.WithdrawFinding(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("reason"))
	if err == nil {
		return s.done(r, findingURL(id), "flash.finding_withdrawn", nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.findingPage(r)
	if pageErr != nil {
		return err
	}
	if page.Withdraw != nil && why.Code == models.Invalid {
		page.Withdraw.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "finding", page)
	return nil
}

func (s *Server) showFindingForm(r *request) error {
	page, err := s.findingFormPage(r, r.Query("unit"))
	if err != nil {
		return err
	}
	for i := range page.Fields {
		if page.Fields[i].Name == "duty" {
			page.Fields[i].Value = r.Query("duty")
		}
	}
	return s.show(r, "finding_form", page)
}

// findingFormPage is the form about a unit of the inspection; one that it does not look at
// has to be chosen again.
func (s *Server) findingFormPage(r *request, code string) (*FindingFormPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Supervision.NewFinding(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(view.Units, func(unit models.Unit) bool { return unit.Code == code })
	var duties []FindingDutyOption
	if at < 0 {
		code = ""
	} else if duties, err = s.findingDuties(r, view, view.Units[at]); err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, view.Office, "inspections", r.Locale.Text("findings.enter", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: view.Title, URL: inspectionURL(id)})
	page := newFindingFormPage(base, view, code, duties, r.Request.PostForm)
	page.Tabs = tabs
	return page, nil
}

// findingDuties lists the duties of the unit that the inspection looks at, with the state
// that the judge sees.
func (s *Server) findingDuties(r *request, view *supervision.FindingForm, unit models.Unit) ([]FindingDutyOption, error) {
	found, err := s.Ledger.Duties(r.Request.Context(), compliance.DutyQuery{Unit: unit, Own: true, Year: view.Year, AsOf: s.Ledger.Today(), Limit: compliance.MaxLimit})
	if err != nil {
		return nil, err
	}
	var options []FindingDutyOption
	for _, duty := range found.Items {
		in := func(o supervision.InspectableObligation) bool { return o.Code == duty.Obligation.Code }
		if len(view.Obligations) > 0 && !slices.ContainsFunc(view.Obligations, in) {
			continue
		}
		text := []string{r.Locale.In(duty.Obligation.Title), r.Locale.Chinese(duty.Obligation.Clause), words{r.Locale}.period(duty.Duty.Period), r.Locale.Text("state."+string(duty.Verdict.State), nil)}
		if duty.Duty.SubjectTitle != "" {
			text = slices.Insert(text, 3, duty.Duty.SubjectTitle)
		}
		options = append(options, FindingDutyOption{duty.Duty.ID, r.Locale.Value(text)})
	}
	return options, nil
}

func (s *Server) enterFinding(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	// Files are taken from those alone who may enter findings here.
	if _, err := s.Supervision.NewFinding(r.Request.Context(), r.Actor, id); err != nil {
		return err
	}
	files, err := s.takeFiles(r)
	if err != nil {
		return s.findingFormAgain(r, err)
	}
	f := formReader{values: r.Request.PostForm}
	in := supervision.FindingInput{Unit: f.text("unit"), Severity: models.Severity(f.text("severity")), Clause: f.text("clause"), Text: f.text("text"), URL: f.text("url"),
		Demand: f.text("demand"), DueOn: f.date("due_on"), Noted: f.text("noted") != "", Files: files}
	if text := f.text("duty"); text != "" {
		if in.Duty, err = strconv.ParseUint(text, 10, 63); err != nil {
			f.problems = append(f.problems, models.Field{Name: "duty", Key: "findings.duty_unknown", Args: models.Args("Unit", in.Unit)})
		}
	}
	if err = models.InvalidFields(f.problems); err != nil {
		return s.findingFormAgain(r, err)
	}
	row, err := s.Supervision.EnterFinding(r.Request.Context(), r.Actor, id, in)
	if err != nil {
		return s.findingFormAgain(r, err)
	}
	return s.done(r, findingURL(row.ID), "flash.finding_entered", nil)
}

func (s *Server) findingFormAgain(r *request, err error) error {
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.findingFormPage(r, r.PostForm("unit"))
	if pageErr != nil {
		return err
	}
	page.refuse(why)
	s.send(r, status, "finding_form", page)
	return nil
}
