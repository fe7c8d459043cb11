package web

import (
	"fmt"
	"net/url"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/evidence"
	"sundial/server/exchange"
	"sundial/server/scoring"
)

// RectificationsPage lists the rectifications of a unit and all below it.
type RectificationsPage struct {
	Page
	Tabs   UnitTabs
	List   *assessment.RectificationList
	Filter RectificationFilter
	Chips  []AppealChip
	Rows   []RectificationRow
	Pager  Pager
	CSVURL string
}

// RectificationFilter is what the list is narrowed to.
type RectificationFilter struct {
	State string
	Round uint64
	Text  string
	AsOf  string
}

// Narrowed tells that the form of the filter narrows the list.
func (f RectificationFilter) Narrowed() bool { return f.Round != 0 || f.Text != "" || f.AsOf != "" }

func (f RectificationFilter) url(unit models.Unit, path, state, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"state": state, "q": f.Text, "as_of": f.AsOf, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Round != 0 {
		query.Set("round", fmt.Sprint(f.Round))
	}
	if len(query) == 0 {
		return unitURL(unit, path)
	}
	return unitURL(unit, path) + "?" + query.Encode()
}

// RectificationRow is a rectification in the list.
type RectificationRow struct {
	assessment.RectificationLine
	URL, RoundURL string
	Lost          string
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

func newRectificationsPage(base Page, list *assessment.RectificationList, filter RectificationFilter) *RectificationsPage {
	p := &RectificationsPage{Page: base, List: list, Filter: filter, CSVURL: filter.url(list.Unit, "rectifications.csv", filter.State, "")}
	add := func(state string, count int) {
		p.Chips = append(p.Chips, AppealChip{Key: "rectifications.state." + state, URL: filter.url(list.Unit, "rectifications", state, ""), Count: count,
			Current: filter.State == state, Alarm: state == assessment.RectificationOverdue && count > 0})
	}
	p.Chips = append(p.Chips, AppealChip{Key: "rectifications.all", URL: filter.url(list.Unit, "rectifications", "", ""), Count: list.Total, Current: filter.State == ""})
	for _, state := range []string{assessment.RectificationOverdue, string(models.RectificationOpen), string(models.RectificationAnswered), string(models.RectificationClosed)} {
		add(state, list.Counts[state])
	}
	for _, line := range list.Items {
		p.Rows = append(p.Rows, RectificationRow{line, rectificationURL(line.ID), roundURL(line.RoundID), lostText(scoring.Amount(line.Lost))})
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
	}{{"code", exchange.KindText}, {"unit", exchange.KindText}, {"round", exchange.KindText}, {"indicator", exchange.KindText}, {"lost", exchange.KindDecimal},
		{"reason", exchange.KindText}, {"demand", exchange.KindText}, {"due", exchange.KindDate}, {"status", exchange.KindText}} {
		key := "rectifications.column." + c.name
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: in(key), Kind: c.kind})
	}
	return table
}

// cells are those of the row in the file.
func (r RectificationRow) cells(locale *frontend.Locale) []any {
	return []any{r.Unit.Code, unitName(locale, r.Unit), r.Round.Title, r.Indicator.Title.In(locale.Lang()), scoring.Amount(r.RectificationLine.Lost).Decimal(),
		r.Reason, r.Demand, r.DueOn, locale.Text("rectifications.state."+r.State(), nil)}
}

// State is the status, or overdue.
func (r RectificationRow) State() string {
	if r.Overdue {
		return assessment.RectificationOverdue
	}
	return string(r.Status)
}

// RectificationPage is a rectification with its steps.
type RectificationPage struct {
	Page
	Tabs     UnitTabs
	View     *assessment.RectificationView
	Lost     string
	SheetURL string
	Steps    []RectificationStep
	// Answer, Return and Close are forms of who may use them now.
	Answer, Return, Close *OfficeForm
	UploadURL, Accept     string
	Error                 *models.Error
}

// RectificationStep is a step in the timeline.
type RectificationStep struct {
	assessment.StepView
	Files []FileItem
}

// State is the status, or overdue.
func (p RectificationPage) State() string {
	if p.View.Overdue {
		return assessment.RectificationOverdue
	}
	return string(p.View.Status)
}

func newRectificationPage(base Page, v *assessment.RectificationView) *RectificationPage {
	p := &RectificationPage{Page: base, View: v, Lost: lostText(scoring.Amount(v.Lost)), SheetURL: sheetURL(v.SheetID), Accept: "." + strings.Join(evidence.Extensions(), ",.")}
	for i, step := range v.Steps {
		seen := RectificationStep{StepView: step}
		for _, file := range step.Files {
			seen.Files = append(seen.Files, newScoreFileItem(file, v.CanAdd && i == len(v.Steps)-1))
		}
		p.Steps = append(p.Steps, seen)
	}
	note := FormField{Name: "note", Label: "rectifications.note.answer", Type: "textarea", Required: true}
	if v.CanAnswer {
		p.Answer = p.form("answer", note, FormField{Name: "url", Label: "appeals.url", Type: "url"})
	}
	if v.CanAdd {
		p.UploadURL = rectificationURL(v.ID, "files")
	}
	if v.CanDecide {
		note.Label = "rectifications.note.return"
		p.Return = p.form("return", note)
		p.Close = p.form("close", FormField{Name: "note", Label: "rectifications.note.close", Type: "textarea"})
	}
	return p
}

func (p *RectificationPage) form(name string, fields ...FormField) *OfficeForm {
	return appealFormOf("rectification_"+name, rectificationURL(p.View.ID, name), p.View.Version, fields)
}

// DemandPage is the form by which the office demands rectification.
type DemandPage struct {
	Page
	Tabs     UnitTabs
	View     *assessment.DemandView
	SheetURL string
	Rows     []DemandRow
	Form     *OfficeForm
	// Left counts the rows that can be chosen; AllURL chooses them all, NoneURL none.
	Left            int
	AllURL, NoneURL string
}

// DemandRow is an indicator that lost points.
type DemandRow struct {
	assessment.Loss
	Lost string
	// URL leads to the rectification that is demanded already.
	URL     string
	Checked bool
}

func newDemandPage(base Page, v *assessment.DemandView, chosen func(indicator string) bool) *DemandPage {
	p := &DemandPage{Page: base, View: v, SheetURL: sheetURL(v.Sheet.ID), NoneURL: sheetURL(v.Sheet.ID, "rectifications", "new")}
	p.AllURL = p.NoneURL + "?all=1"
	for _, loss := range v.Losses {
		row := DemandRow{Loss: loss, Lost: lostText(loss.Lost), Checked: chosen(loss.Leaf.ID)}
		if loss.Rectification != 0 {
			row.URL = rectificationURL(loss.Rectification)
		} else {
			p.Left++
		}
		p.Rows = append(p.Rows, row)
	}
	p.Form = appealFormOf("rectification_demand", sheetURL(v.Sheet.ID, "rectifications"), -1, []FormField{
		{Name: "demand", Label: "rectifications.demand", Hint: "rectifications.demand_hint", Type: "textarea", Required: true},
		{Name: "due_on", Label: "rectifications.due", Hint: "rectifications.due_hint", Type: "date", Value: v.DueOn.String(), Min: (base.Today + 1).String(), Required: true}})
	return p
}
