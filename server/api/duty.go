package api

import (
	"context"
	"encoding/json"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/rules"
)

// DutiesInput asks for a page of duties.
type DutiesInput struct {
	Unit       string `query:"unit" required:"true" doc:"Code of the unit whose subtree is listed" example:"370000"`
	Year       string `query:"year" doc:"Year of the board"`
	State      string `query:"state" doc:"pending, reported, met, late, overdue, exempt or unscheduled"`
	Obligation string `query:"obligation" doc:"Id of an obligation, such as sd2017.plan"`
	Policy     string `query:"policy" doc:"Id of a policy"`
	AsOf       string `query:"as_of" doc:"YYYY-MM-DD; today when left out"`
	Own        bool   `query:"own" doc:"Only the unit's own duties"`
	DueSoon    bool   `query:"due_soon" doc:"Only pending duties due within ten working days"`
	Extended   bool   `query:"extended" doc:"Only duties whose due date the office extended"`
	Cursor     string `query:"cursor" doc:"next of the page before"`
	Limit      string `query:"limit" doc:"Duties on a page, at most 200" example:"50"`
}

// DutiesOutput is a page of duties.
type DutiesOutput struct {
	Body struct {
		Items []Duty `json:"items"`
		Next  string `json:"next,omitempty" doc:"cursor of the next page; absent on the last one"`
	}
}

// Duty is an obligation as owed by one unit for one period, with the verdict on
// the as-of date.
type Duty struct {
	ID          uint64   `json:"id"`
	Unit        string   `json:"unit"`
	UnitName    string   `json:"unit_name"`
	Obligation  string   `json:"obligation"`
	Title       string   `json:"title"`
	Clause      string   `json:"clause"`
	Kind        string   `json:"kind"`
	Period      string   `json:"period"`
	Subject     string   `json:"subject,omitempty"`
	DueOn       *string  `json:"due_on" doc:"null while there is no settled date"`
	Provisional bool     `json:"provisional"`
	ExtendedTo  *string  `json:"extended_to" doc:"The later due date that the office granted; null without one"`
	Version     *int     `json:"version,omitempty" doc:"send it as If-Match with an extension; left out as of an earlier day"`
	State       string   `json:"state"`
	DueSoon     bool     `json:"due_soon"`
	DoneOn      *string  `json:"done_on"`
	Reason      string   `json:"reason"`
	Notes       []string `json:"notes"`
	Value       string   `json:"value"`
	Required    string   `json:"required"`
	Evidence    []string `json:"evidence"`
}

func (s *Server) listDuties(ctx context.Context, input *DutiesInput) (*DutiesOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "duty", "read")
	if err != nil {
		return nil, err
	}
	year, asOf, err := s.when(input.Year, input.AsOf)
	if err != nil {
		return nil, err
	}
	page, err := s.Ledger.Duties(ctx, compliance.DutyQuery{Unit: unit, Own: input.Own, Year: year, AsOf: asOf, State: rules.State(input.State),
		Obligation: input.Obligation, Policy: input.Policy, DueSoon: input.DueSoon, Extended: input.Extended, Cursor: input.Cursor, Limit: limitOf(input.Limit, compliance.DefaultLimit)})
	if err != nil {
		return nil, err
	}
	output := &DutiesOutput{}
	output.Body.Items = []Duty{}
	output.Body.Next = page.Next
	locale := gate.CallerOf(ctx).Locale
	for _, view := range page.Items {
		output.Body.Items = append(output.Body.Items, s.dutyOf(locale, view, asOf))
	}
	return output, nil
}

func (s *Server) dutyOf(locale *frontend.Locale, view compliance.DutyView, asOf calendar.Date) Duty {
	v := view.Verdict
	duty := Duty{ID: view.Duty.ID, Unit: view.Unit.Code, UnitName: view.Unit.Name, Obligation: view.Obligation.Code,
		Title: view.Obligation.Title.In(locale.Lang()), Clause: view.Obligation.Clause, Kind: string(v.Kind), Period: v.Period, Subject: v.Subject,
		DueOn: dateOrNull(v.DueOn), Provisional: v.Provisional,
		ExtendedTo: dateOrNull(view.Duty.ExtendedTo), State: string(v.State), DueSoon: v.DueSoon, DoneOn: dateOrNull(v.DoneOn),
		Reason: locale.Text(v.Reason.Key, v.Reason.Args), Notes: []string{}, Value: v.Value, Required: v.Required, Evidence: []string{}}
	if asOf == s.Ledger.Today() {
		duty.Version = &view.Duty.Version
	}
	for _, note := range v.Notes {
		duty.Notes = append(duty.Notes, locale.Text(note.Key, note.Args))
	}
	duty.Evidence = append(duty.Evidence, v.Evidence...)
	return duty
}

func dateOrNull(d calendar.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.String()
	return &text
}

// DutyInput asks for one duty.
type DutyInput struct {
	ID   uint64 `path:"id"`
	AsOf string `query:"as_of" doc:"YYYY-MM-DD; today when left out"`
}

// DutyOutput is one duty with its reports, the newest first.
type DutyOutput struct {
	Body struct {
		Duty
		Withdrawn  bool        `json:"withdrawn" doc:"The unit no longer owes it; it is on no board, whatever its state"`
		Reports    []Report    `json:"reports"`
		Extensions []Extension `json:"extensions"`
		Exemptions []Exemption `json:"exemptions" doc:"Revoked ones among them"`
	}
}

// Report is a report with where it stands.
type Report struct {
	ID      uint64          `json:"id"`
	Duty    uint64          `json:"duty"`
	Status  string          `json:"status" doc:"filed, checked, verified, returned, withdrawn or reopened"`
	Version int             `json:"version" doc:"send it as If-Match with a decision"`
	FiledOn string          `json:"filed_on"`
	Reason  string          `json:"reason,omitempty" doc:"why it was returned"`
	Filing  json.RawMessage `json:"filing" doc:"what was filed"`
	// Evidence is given where a duty is shown, not after a write.
	Evidence []Evidence `json:"evidence,omitempty" doc:"its files"`
}

func reportOf(r *models.Report) Report {
	return Report{ID: r.ID, Duty: r.DutyID, Status: string(r.Status), Version: r.Version, FiledOn: r.FiledOn.String(), Reason: r.Reason, Filing: json.RawMessage(r.Filing)}
}

func (s *Server) showDuty(ctx context.Context, input *DutyInput) (*DutyOutput, error) {
	_, asOf, err := s.when("", input.AsOf)
	if err != nil {
		return nil, err
	}
	caller := gate.CallerOf(ctx)
	detail, err := s.Ledger.Duty(ctx, caller.Actor.Access.Scope("duty", "read"), input.ID, asOf)
	if err != nil {
		return nil, err
	}
	output := &DutyOutput{}
	output.Body.Duty, output.Body.Withdrawn = s.dutyOf(caller.Locale, detail.DutyView, asOf), detail.Withdrawn
	output.Body.Extensions, output.Body.Exemptions = extensionsOf(detail), exemptionsOf(detail)
	output.Body.Reports = []Report{}
	for _, report := range detail.Reports {
		shown := reportOf(&report.Report)
		shown.Evidence = evidenceList(report.Files)
		output.Body.Reports = append(output.Body.Reports, shown)
	}
	return output, nil
}

// StartInput registers what starts a duty's term.
type StartInput struct {
	ID   uint64 `path:"id"`
	Body struct {
		ID    string `json:"id" doc:"Number of the document, or a word for the incident"`
		Title string `json:"title"`
		On    string `json:"on,omitempty" doc:"YYYY-MM-DD, for terms in working days"`
		At    string `json:"at,omitempty" doc:"RFC 3339 with its zone, for terms in hours"`
	}
}

func (s *Server) registerStart(ctx context.Context, input *StartInput) (*struct{}, error) {
	r := bodyReader{}
	start := compliance.StartInput{Subject: input.Body.ID, Title: input.Body.Title, On: r.date("on", input.Body.On), At: r.instant("at", input.Body.At)}
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	return nil, s.Ledger.RegisterStart(ctx, gate.CallerOf(ctx).Actor, input.ID, start)
}

// bodyReader reads dates and instants of a body and collects what is wrong.
type bodyReader struct{ fields []models.Field }

func (r *bodyReader) date(name, text string) calendar.Date {
	day, err := calendar.ParseDate(text)
	if err != nil {
		r.fields = append(r.fields, models.Field{Name: name, Key: "error.bad_date", Args: models.Args("Value", text)})
	}
	return day
}

func (r *bodyReader) instant(name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fields = append(r.fields, models.Field{Name: name, Key: "error.bad_instant", Args: models.Args("Value", text)})
	}
	return at
}
