package web

import (
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// DutyPage is one duty: its verdict with the reasons, why this due date, what
// was filed and decided, and the forms that the user may use.
type DutyPage struct {
	Page
	View   View
	Detail *compliance.DutyDetail
	// Due is set for terms in working days.
	Due     *DueTerm
	Demand  rules.Reason
	Reports []ReportItem
	// Form is nil when the user may not report or nothing can be filed; then
	// Refusal, if any, says why.
	Form    *ReportForm
	Refusal *models.Error
	// Subject is set when the user may register what starts a term.
	Subject *SubjectForm
	// Office is what the office has granted, with the forms to grant it.
	Office OfficePanel
}

// ReportItem is a report with its content in words.
type ReportItem struct {
	compliance.ReportView
	Lines []FilingLine
	// Decision is set when the user may verify or return the report.
	Decision *DecisionForm
	Office   ReportOffice
}

// FilingLine is one filled field of a filing; Key names its label.
type FilingLine struct {
	Key   string
	Value string
	URL   string
}

// Returned is the newest report when it was sent back: what the unit has to
// correct.
func (p DutyPage) Returned() *ReportItem {
	if len(p.Reports) == 0 || p.Reports[0].Status != models.Returned {
		return nil
	}
	return &p.Reports[0]
}

// newDutyPage lays out a duty. Form and Subject are set by the caller where the
// user may use them: newReportForm, newSubjectForm.
func newDutyPage(page Page, view View, detail *compliance.DutyDetail, actor compliance.Actor) DutyPage {
	p := DutyPage{Page: page, View: view, Detail: detail, Demand: demandOf(detail.Rule), Due: newDueTerm(detail.Explanation)}
	for _, report := range detail.Reports {
		item := ReportItem{ReportView: report, Lines: filingLines(page.Locale, report.Content)}
		item.Decision = newDecisionForm(report.Report, compliance.TurnOf(actor, detail.TwoLevels, detail.Unit, report.Report))
		p.Reports = append(p.Reports, item)
	}
	return p
}
