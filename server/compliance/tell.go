package compliance

import (
	"maps"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/notify"
	"sundial/server/rules"
)

var toFile = rbac.Permission{Object: "report", Action: "file"}

// replayTells is for how many days before today a replay sends messages: what is older is
// history, of which nobody wants to be told anew.
const replayTells = 30

// tell tells who reports for the unit what was done, unless they did it themselves.
func (w *write) tell(note notify.Note) error {
	if w.today < w.silentBefore {
		return nil
	}
	note.Kind, note.To, note.Except = models.MessageReport, toFile, w.actor.ID
	return notify.Send(w.tx, w.moment.at, w.today, note)
}

// tellOfDuty tells what was done about a duty: the note's text gets the words of the duty
// to its own arguments.
func (w *write) tellOfDuty(e entry, row *models.Duty, unit *models.Unit, note notify.Note) error {
	args := models.Args("Unit", notify.UnitName(*unit), "Title", e.rule.Title, "Subject", row.SubjectTitle, "DueOn", row.DueOn)
	maps.Copy(args, note.Text.Args)
	note.Unit, note.Text = *unit, rules.Reason{Key: note.Text.Key, Args: args}
	return w.tell(note)
}

// tellOfReport tells of a decision on a report. A first acceptance of two is the offices'
// own matter.
func (w *write) tellOfReport(c *reportCase) error {
	note := notify.Note{Object: "report", ObjectID: c.report.ID}
	switch c.report.Status {
	case models.Verified:
		note.Text.Key = "reports.message.verified"
	case models.Returned:
		note.Text, note.Urgent = rules.Reason{Key: "reports.message.returned", Args: models.Args("Reason", c.report.Reason)}, true
	case models.Reopened:
		note.Text, note.Urgent = rules.Reason{Key: "reports.message.reopened", Args: models.Args("Reason", c.report.EndReason)}, true
	default:
		return nil
	}
	return w.tellOfDuty(c.entry, c.row, c.unit, note)
}

// tellOfPeriod tells everybody who reports in the unit's subtree.
func (w *write) tellOfPeriod(id uint64, unit *models.Unit, text rules.Reason) error {
	text.Args["Unit"] = notify.UnitName(*unit)
	return w.tell(notify.Note{Object: "period", ObjectID: id, Unit: *unit, Below: true, Text: text})
}
