package supervision

import (
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rectification"
	"sundial/server/rules"
)

// demand demands that the finding be put right, which tells the unit; of one that is noted
// only the unit is told here.
func (i *FindingInput) demand(w *desk.Write, in *inspected, unit models.Unit, row models.Finding) error {
	if i.Noted {
		return notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageInspection, Unit: unit, To: answersRectification, Object: "finding", ObjectID: row.ID,
			Text: rules.Reason{Key: "findings.message.noted", Args: models.Args("Unit", unitWords(unit), "Office", unitWords(in.office), "Title", in.row.Title, "On", w.Today)}, Except: w.Actor.ID})
	}
	demand := i.Demand
	if demand == "" {
		demand = i.Text
	}
	return rectification.Open(w, unit, in.office, &models.Rectification{FindingID: &row.ID, Reason: row.Text, Demand: demand, DueOn: i.DueOn}, rules.Text{ZH: row.Text, EN: row.Text})
}

// withdraw takes the finding back with what it demanded. The unit hears of it by the one or
// the other.
func (f *found) withdraw(w *desk.Write, reason string) error {
	before := findingFacts(f.row)
	f.row.WithdrawnOn, f.row.WithdrawReason = w.Today, reason
	f.row.Version++
	if err := w.TX.Save(&f.row).Error; err != nil {
		return fmt.Errorf("finding %d: %w", f.row.ID, err)
	}
	if err := rectification.WithdrawFinding(w, f.row.ID, f.row.Text, reason); err != nil {
		return err
	}
	err := notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageInspection, Unit: f.unit, To: answersRectification, Object: "finding", ObjectID: f.row.ID,
		Text: rules.Reason{Key: "findings.message.withdrawn", Args: models.Args("Unit", unitWords(f.unit), "Office", unitWords(f.office), "Title", f.inspection.Title, "On", w.Today)}, Except: w.Actor.ID})
	if err != nil {
		return err
	}
	return w.Record(compliance.Act{Action: "withdraw", Object: "finding", ID: f.row.ID, Unit: &f.unit, Permission: manageInspection,
		Before: before, Now: findingFacts(f.row), Detail: map[string]any{"reason": reason}})
}
