package web

import (
	"fmt"
	"net/url"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/rectification"
	"sundial/server/scoring"
)

// RectificationsPage lists the rectifications of a unit and all below it.
type RectificationsPage struct {
	Page
	Tabs   UnitTabs
	List   *rectification.List
	Filter RectificationFilter
	Chips  []AppealChip
	Rows   []RectificationRow
	Rates  *RectificationShares
	Pager  Pager
	CSVURL string
	// UrgeURL is where those that are ticked are urged, empty for who does not urge.
	UrgeURL string
	// Severities are those that the list can be narrowed to.
	Severities []models.Severity
}

// Urges tells that there is something on the page that may be urged.
func (p RectificationsPage) Urges() bool {
	return p.UrgeURL != "" && slices.ContainsFunc(p.Rows, func(row RectificationRow) bool { return row.Item != "" })
}

// RectificationFilter is what the list is narrowed to.
type RectificationFilter struct {
	State      string
	From       string
	Severity   models.Severity
	Round      uint64
	Inspection uint64
	Text       string
	AsOf       string
}

// Narrowed tells that the form of the filter narrows the list.
func (f RectificationFilter) Narrowed() bool {
	f.State = ""
	return f != RectificationFilter{}
}

// query is what the filter asks for.
func (f RectificationFilter) query(asOf calendar.Date) rectification.Query {
	return rectification.Query{AsOf: asOf, State: f.State, From: f.From, Severity: f.Severity, Round: f.Round, Inspection: f.Inspection, Text: f.Text}
}

func (f RectificationFilter) url(unit models.Unit, path, state, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"state": state, "from": f.From, "severity": string(f.Severity), "q": f.Text, "as_of": f.AsOf, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, id := range map[string]uint64{"round": f.Round, "inspection": f.Inspection} {
		if id != 0 {
			query.Set(name, fmt.Sprint(id))
		}
	}
	if len(query) == 0 {
		return unitURL(unit, path)
	}
	return unitURL(unit, path) + "?" + query.Encode()
}

// severities are the severities as texts.
func severities() []string {
	var texts []string
	for _, severity := range models.Severities {
		texts = append(texts, string(severity))
	}
	return texts
}

// RectificationRow is a rectification in the list.
type RectificationRow struct {
	rectification.Line
	// URL leads to it, OriginURL to the round or the inspection that it comes from.
	URL, OriginURL string
	Lost           string
	// Item names it to who urges, empty where nothing is to be urged.
	Item string
}

// rectificationsAtMost is how many rectifications a page lists.
const rectificationsAtMost = 50

func rectificationURL(id uint64, steps ...string) string {
	return stepsOf("/rectifications/", id, steps)
}

// lostText writes points that were lost; empty for none.
func lostText(lost scoring.Amount) string {
	if lost == 0 {
		return ""
	}
	return lost.String()
}

func newRectificationRow(line rectification.Line) RectificationRow {
	row := RectificationRow{Line: line, URL: rectificationURL(line.ID), Lost: lostText(scoring.Amount(line.Lost))}
	switch origin := line.Origin; {
	case origin.Score != nil:
		row.OriginURL = roundURL(origin.Score.Round.ID)
	case origin.Finding != nil:
		row.OriginURL = stepsOf("/inspections/", origin.Finding.Inspection.ID, nil)
	}
	if line.Status == models.RectificationOpen {
		row.Item = fmt.Sprintf("%s:%d", models.UrgeRectification, line.ID)
	}
	return row
}

func newRectificationsPage(base Page, list *rectification.List, rates *rectification.Rates, filter RectificationFilter) *RectificationsPage {
	p := &RectificationsPage{Page: base, List: list, Filter: filter, Rates: newRectificationShares(rates), CSVURL: filter.url(list.Unit, "rectifications.csv", filter.State, ""),
		Severities: models.Severities}
	p.Chips = append(p.Chips, AppealChip{Key: "rectifications.all", URL: filter.url(list.Unit, "rectifications", "", ""), Count: list.Total, Current: filter.State == ""})
	for _, state := range rectification.States {
		p.Chips = append(p.Chips, AppealChip{Key: "rectifications.state." + state, URL: filter.url(list.Unit, "rectifications", state, ""), Count: list.Counts[state],
			Current: filter.State == state, Alarm: state == rectification.Overdue && list.Counts[state] > 0})
	}
	for _, line := range list.Items {
		p.Rows = append(p.Rows, newRectificationRow(line))
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, "rectifications", filter.State, list.Next)
	}
	return p
}

// rectificationFile is the list as a file in the language.
func rectificationFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("rectifications.title")}
	for _, c := range []struct {
		name string
		kind exchange.Kind
	}{{"code", exchange.KindText}, {"unit", exchange.KindText}, {"from", exchange.KindText}, {"origin", exchange.KindText}, {"severity", exchange.KindText},
		{"subject", exchange.KindText}, {"lost", exchange.KindDecimal}, {"reason", exchange.KindText}, {"demand", exchange.KindText}, {"due", exchange.KindDate},
		{"closed", exchange.KindDate}, {"status", exchange.KindText}} {
		key := "rectifications.column." + c.name
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: in(key), Kind: c.kind})
	}
	return table
}

// cells are those of the row in the file.
func (r RectificationRow) cells(locale *frontend.Locale) []any {
	from, origin, severity, reason := rectification.FromScore, "", "", r.Reason
	var lost any = scoring.Amount(r.Line.Lost).Decimal()
	subject := locale.In(r.Origin.Title())
	if r.Origin.Score != nil {
		origin = r.Origin.Score.Round.Title
	}
	if found := r.Origin.Finding; found != nil {
		from, origin, lost, subject = rectification.FromFinding, found.Inspection.Title, nil, found.Finding.Text
		severity = locale.Text("severity."+string(found.Finding.Severity), nil)
	}
	var closed any
	if r.Status == models.RectificationClosed {
		closed = r.ClosedOn
	}
	return []any{r.Unit.Code, unitName(locale, r.Unit), locale.Text("rectifications.from."+from, nil), origin, severity, subject, lost, reason, r.Demand, r.DueOn,
		closed, locale.Text("rectifications.state."+r.State(), nil)}
}

// State is the status, or overdue.
func (r RectificationRow) State() string {
	if r.Overdue {
		return rectification.Overdue
	}
	return string(r.Status)
}

// RectificationPage is a rectification with its steps.
type RectificationPage struct {
	Page
	Tabs UnitTabs
	View *rectification.View
	// Lost is what was lost then, Now what is lost by now.
	Lost, Now string
	// OriginURL leads to the sheet, or to the finding.
	OriginURL string
	Steps     []RectificationStep
	// Answer, Return, Close and Withdraw are forms of who may use them now.
	Answer, Return, Close, Withdraw *OfficeForm
	// Own tells that the actor would decide on what they have answered themselves.
	Own   bool
	Error *models.Error
}

// RectificationStep is a step in the timeline.
type RectificationStep struct {
	rectification.StepView
	Files []FileItem
}

// State is the status, or overdue.
func (p RectificationPage) State() string {
	if p.View.Overdue {
		return rectification.Overdue
	}
	return string(p.View.Status)
}

// Score is where it comes from, when points were lost.
func (p RectificationPage) Score() *rectification.ScoreOrigin { return p.View.Origin.Score }

// Finding is where it comes from, when an inspection found it.
func (p RectificationPage) Finding() *rectification.FindingOrigin { return p.View.Origin.Finding }

func newRectificationPage(base Page, v *rectification.View) *RectificationPage {
	p := &RectificationPage{Page: base, View: v, Lost: lostText(scoring.Amount(v.Lost)), Own: v.CanDecide && !v.CanClose}
	switch {
	case v.Origin.Score != nil:
		p.OriginURL, p.Now = sheetURL(*v.SheetID), scoring.Amount(v.Origin.Score.Lost).String()
	case v.Origin.Finding != nil:
		p.OriginURL = stepsOf("/findings/", *v.FindingID, nil)
	}
	for _, step := range v.Steps {
		p.Steps = append(p.Steps, RectificationStep{step, newCaseFiles(step.Files)})
	}
	note := func(name string, required bool) FormField {
		return FormField{Name: "note", Label: "rectifications.note." + name, Type: "textarea", Required: required}
	}
	if v.CanAnswer {
		p.Answer = p.form("answer", note("answer", true), FormField{Name: "url", Label: "appeals.url", Type: "url"}, dossierField())
	}
	if v.CanClose {
		p.Close = p.form("close", note("close", false), dossierField())
	}
	if v.CanDecide {
		due := FormField{Name: "due_on", Label: "rectifications.due_new", Hint: "rectifications.due_new_hint", Type: "date", Min: (base.Today + 1).String()}
		if v.DueOn <= base.Today {
			due.Required, due.Hint = true, "rectifications.due_new_needed"
		}
		p.Return = p.form("return", note("return", true), due, dossierField())
	}
	if v.CanWithdraw {
		p.Withdraw = p.form("withdraw", note("withdraw", true))
	}
	return p
}

func (p *RectificationPage) form(name string, fields ...FormField) *OfficeForm {
	form := appealFormOf("rectification_"+name, rectificationURL(p.View.ID, name), p.View.Version, fields)
	form.Submit.Key = "rectifications." + name + "_now"
	return form
}
