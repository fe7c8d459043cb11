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
	// DueOn restricts to duties due on the day.
	DueOn calendar.Date
	// Cursor is the Next of the page before; Limit at most 200.
	Cursor string
	Limit  int
}

// DutyPage is one page of duties; Next is empty on the last one.
type DutyPage struct {
	Items []DutyView
	Next  string
}

// DutyView is a duty with its unit as it was known on the as-of date, its
// obligation and the judge's verdict on that date.
type DutyView struct {
	Duty       models.Duty
	Unit       models.Unit
	Obligation ObligationRef
	Verdict    rules.Verdict
	// TwoLevels tells whether reports take the acceptance of two offices.
	TwoLevels bool
	// Extension is the one by which the duty has its due date, nil without one.
	Extension *models.Extension
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
	// Exemptions are all, revoked ones among them, and Extensions those granted, the
	// newest first.
	Exemptions []ExemptionView
	Extensions []ExtensionView
	// NotExtensible says why the due date cannot be extended; empty when it can.
	NotExtensible *models.Error
	// Withdrawn tells that the unit did not owe the duty any more.
	Withdrawn bool
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
	// CheckedName, DecidedName and EndedName are empty until somebody has done so.
	CheckedName string
	DecidedName string
	EndedName   string
	// Office is the unit in whose name it was verified or returned, nil for none.
	Office *models.Unit
	// Links is what its link showed when somebody looked, the newest first.
	Links []LinkCheckView
	Files []AttachmentView
}
