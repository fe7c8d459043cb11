package web

import (
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// DutyPage is one duty: its verdict with the reasons, why this due date, what
// was filed and decided, and the forms that the user may use.
type DutyPage struct {
	Page
	View   View
	Detail *compliance.DutyDetail
	// Due is set for terms in working days.
	Due *DueTerm
	// Counts is what counts towards it.
	Counts  WhatCounts
	Reports []ReportItem
	// Form is nil when the user may not report or nothing can be filed; then
	// Refusal, if any, says why.
	Form    *ReportForm
	Refusal *models.Error
	// Subject is set when the user may register what starts a term.
	Subject *SubjectForm
	// Office is what the office has granted, with the forms to grant it.
	Office OfficePanel
	// Nothing is set when it can be reported that there is nothing to report.
	Nothing *NothingForm
	// Versions is set when there are two reports to compare.
	Versions *VersionsBlock
	// Weight is what a verdict on a weight rests on, WeightURL the weights of the unit
	// by year; set for that kind of duty.
	Weight    *WeightBlock
	WeightURL string
	// Findings are those of inspections about the duty that stand, nil for none.
	Findings *FindingTable
	// LogURL leads to the duty's entries of the audit log, empty for who may not.
	LogURL string
}

// ReportItem is a report with its content in words.
type ReportItem struct {
	compliance.ReportView
	Lines []FilingLine
	// Decision is set when the user may verify or return the report.
	Decision *DecisionForm
	Office   ReportOffice
	Files    []FileItem
	// WithdrawURL is set when the user may take the report back.
	WithdrawURL string
}

// FilingLine is one filled field of a filing; Key names its label,
// unless it has a Label of its own.
type FilingLine struct {
	Key   string
	Label string
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

// ended is the newest report when it came back: returned, withdrawn or reopened.
func (p DutyPage) ended() *ReportItem {
	if len(p.Reports) == 0 || p.Reports[0].Status.Waits() || p.Reports[0].Status == models.Verified {
		return nil
	}
	return &p.Reports[0]
}

// mayWithdraw offers to take back the reports that no office has dealt with.
func (p *DutyPage) mayWithdraw(today calendar.Date) {
	for i, report := range p.Reports {
		if compliance.MayWithdraw(p.Detail.Unit, report.ReportView, today) {
			p.Reports[i].WithdrawURL = fmt.Sprintf("/reports/%d/withdraw", report.ID)
		}
	}
}

// newDutyPage lays out a duty. Form and Subject are set by the caller where the
// user may use them: newReportForm, newSubjectForm.
func newDutyPage(page Page, view View, detail *compliance.DutyDetail, actor compliance.Actor) DutyPage {
	p := DutyPage{Page: page, View: view, Detail: detail, Counts: newWhatCounts(detail.Rule), Due: newDueTerm(detail.Explanation)}
	if detail.Rule.Weight != nil {
		p.Weight = newWeightBlock(page.Locale, detail.Rule, detail.Verdict)
		p.WeightURL = view.WeightURL(detail.Unit.Code, nil)
	}
	for _, report := range detail.Reports {
		item := ReportItem{ReportView: report, Lines: filingLines(page.Locale, detail.Rule.Form(), report.Content)}
		for _, file := range report.Files {
			item.Files = append(item.Files, newFileItem(file))
		}
		item.Decision = newDecisionForm(report.Report, compliance.TurnOf(actor, detail.TwoLevels, detail.Unit, report.Report))
		p.Reports = append(p.Reports, item)
	}
	return p
}

// CoverageURL is the coverage of the unit in the rotation that the duty is.
func (p DutyPage) CoverageURL() string {
	view := RotationView{View: View{AsOf: p.View.AsOf, Today: p.View.Today, Policy: p.Detail.Obligation.Policy}}
	return view.URL(p.Detail.Unit, "rotation")
}

// RosterURL is the roster that the rotation is judged by.
func (p DutyPage) RosterURL() string { return unitURL(p.Detail.Unit, "roster") }
