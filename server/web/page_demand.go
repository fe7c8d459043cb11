package web

import (
	"sundial/server/assessment"
)

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
