package web

import (
	"fmt"
	"net/url"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// PeriodsPage shows which years are closed for a unit, and closes, opens and
// makes exceptions.
type PeriodsPage struct {
	Page
	Unit  models.Unit
	Years []YearState
	// Year is the one that is looked at, Preview what its closing would leave
	// undone.
	Year    int
	Preview compliance.ClosingPreview
	// QueueURL leads to what waits for a decision.
	QueueURL string
	// Close is nil when the year is closed already.
	Close    *OfficeForm
	Closings []ClosingLine
}

// YearState is a year with the closing that stands, nil for an open year.
type YearState struct {
	Year    int
	URL     string
	Current bool
	Closing *compliance.ClosingView
}

// ClosingLine is a closing with the forms that the user may use on it.
type ClosingLine struct {
	compliance.ClosingView
	Lift   *OfficeForm
	Except *OfficeForm
	// Here tells that the closing concerns the unit itself, not one below alone.
	Here bool
}

// PeriodNote says on boards and unit pages that a year is closed.
type PeriodNote struct {
	Closings []compliance.ClosingView
	// URL leads to the page of closed years, for those who may use it.
	URL string
}

// periodsURL is the page of a unit's closed years.
func periodsURL(unit string, year int) string {
	query := url.Values{}
	if year != 0 {
		query.Set("year", fmt.Sprint(year))
	}
	return address("/units/"+url.PathEscape(unit)+"/periods", query)
}

// newPeriodsPage lays out the closed years of a unit.
func newPeriodsPage(page Page, unit models.Unit, years []int, year int, closings []compliance.ClosingView, mayClose func(models.Unit) bool) PeriodsPage {
	p := PeriodsPage{Page: page, Unit: unit, Year: year, QueueURL: QueueFilter{Unit: unit.Code}.URL("/queue")}
	standing := map[int]*compliance.ClosingView{}
	for i, c := range closings {
		here := len(c.Unit.Path) <= len(unit.Path)
		if here && c.Stands() {
			standing[c.Year] = &closings[i]
		}
		line := ClosingLine{ClosingView: c, Here: here}
		if c.Stands() && mayClose(c.Unit) {
			line.Lift, line.Except = liftForm(c), exceptForm(c, page.Today)
		}
		p.Closings = append(p.Closings, line)
	}
	for _, y := range years {
		p.Years = append(p.Years, YearState{Year: y, URL: periodsURL(unit.Code, y), Current: y == year, Closing: standing[y]})
	}
	if standing[year] == nil {
		p.Close = newOfficeForm("close", "", periodsURL(unit.Code, year), reasonField)
	}
	return p
}

// foresee tells what the closing would leave undone, on its button too.
func (p *PeriodsPage) foresee(preview compliance.ClosingPreview) {
	p.Preview = preview
	if p.Close != nil {
		p.Close.Submit.Args = models.Args("Year", p.Year, "Open", preview.Open, "Waiting", preview.Waiting)
	}
}

func liftForm(c compliance.ClosingView) *OfficeForm {
	return newOfficeForm("lift", fmt.Sprint(c.ID), fmt.Sprintf("/periods/%d/lift", c.ID), reasonField)
}

func exceptForm(c compliance.ClosingView, today calendar.Date) *OfficeForm {
	return newOfficeForm("except", fmt.Sprint(c.ID), fmt.Sprintf("/periods/%d/exceptions", c.ID),
		FormField{Name: "unit", Label: "office.except.unit", Hint: "office.except.unit_hint", Type: "text", Required: true},
		FormField{Name: "until", Label: "office.except.until", Type: "date", Min: today.String(), Required: true}, reasonField)
}
