package compliance

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// DutyQuery asks for the duties of a unit's subtree. Empty fields do not
// restrict.
type DutyQuery struct {
	Unit models.Unit
	// Own restricts to the unit's own duties.
	Own        bool
	Year       int
	AsOf       calendar.Date
	State      rules.State
	Obligation string
	Policy     string
	// DueSoon restricts to pending duties due within ten working days.
	DueSoon bool
	// Extended restricts to duties whose due date the office extended.
	Extended bool
	// Cursor is the Next of the page before; Limit at most 200.
	Cursor string
	Limit  int
}

// DutyPage is one page of duties; Next is empty on the last one.
type DutyPage struct {
	Items []DutyView
	Next  string
}

// DutyView is a duty with its unit, its obligation and the judge's verdict on
// the as-of date.
type DutyView struct {
	Duty       models.Duty
	Unit       models.Unit
	Obligation ObligationRef
	Verdict    rules.Verdict
}

// DutyDetail is all that is known of one duty.
type DutyDetail struct {
	DutyView
	Rule   *rules.Obligation
	Policy *rules.Policy
	// Explanation tells why this due date, for terms in working days.
	Explanation *calendar.Explanation
	Reports     []ReportView
	Exemption   *models.Exemption
	// Refusal says why nothing can be filed now; empty when something can.
	Refusal *models.Error
	// TakesNothing tells that it can be reported now that there is nothing to
	// report; FiledLate that what is filed now is late.
	TakesNothing bool
	FiledLate    bool
}

// ReportView is a report with its filing and the people behind it.
type ReportView struct {
	models.Report
	Content   rules.Filing
	FiledName string
	// DecidedName is empty while the report waits.
	DecidedName string
	// EndedName is who withdrew or reopened it.
	EndedName string
	Files     []AttachmentView
}

// QueueQuery asks for the reports that wait for verification in the scope,
// oldest first.
type QueueQuery struct {
	Unit   models.Unit
	Cursor string
	Limit  int
}

// QueuePage is one page of the verification queue.
type QueuePage struct {
	Items []QueueItem
	Total int
	Next  string
}

// QueueItem is a report that waits, with its duty.
type QueueItem struct {
	Report ReportView
	DutyView
}
