package rectification

import (
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// CheckDemand refuses what is wrong with a demand before it is opened: the fields are
// demand and due_on, which has to be in the future.
func CheckDemand(faults []models.Field, demand string, due, today calendar.Date) []models.Field {
	faults = tooLong(faults, "demand", strings.TrimSpace(demand), maxText)
	if due.IsZero() {
		return append(faults, models.Field{Name: "due_on", Key: "filing.date_required"})
	}
	return badDue(faults, due, today)
}

// Open demands, in the write of another desk, that the unit puts something right: the row
// has where it comes from, what is demanded and by when; all else is filled in. The office
// decides on it from then on. Subject names what has to be put right.
func Open(w *desk.Write, unit, office models.Unit, row *models.Rectification, subject rules.Text) error {
	if err := w.Actor.Allow(demandRectification, office); err != nil {
		return err
	}
	if err := models.InvalidFields(CheckDemand(nil, row.Demand, row.DueOn, w.Today)); err != nil {
		return err
	}
	row.ID, row.UnitID, row.OfficeID, row.Demand = 0, unit.ID, office.ID, strings.TrimSpace(row.Demand)
	row.Status, row.OpenedBy, row.OpenedAt, row.Version = models.RectificationOpen, w.Actor.ID, w.At, 1
	if err := again(w, row); err != nil {
		return err
	}
	if err := w.TX.Save(row).Error; err != nil {
		return fmt.Errorf("store rectification: %w", err)
	}
	r := &opened{row: *row, unit: unit, office: office, subject: subject}
	if _, err := r.step(w, models.RectificationDemand, StepInput{Note: row.Demand}); err != nil {
		return err
	}
	detail := map[string]any{"sheet": row.SheetID, "indicator": row.Indicator}
	if row.FindingID != nil {
		detail = map[string]any{"finding": *row.FindingID}
	}
	err := w.Record(compliance.Act{Action: "demand", Object: "rectification", ID: row.ID, Unit: &unit, Permission: demandRectification, Now: factsOf(*row), Detail: detail})
	if err != nil {
		return err
	}
	return r.tell(w, "rectifications.message.demanded", true, answerRectification)
}

// again lets the row be that of a demand for the same thing which was withdrawn, if there
// is one: it is taken up again.
func again(w *desk.Write, row *models.Rectification) error {
	var before models.Rectification
	err := desk.One(w.Locked().Where("status = ? AND (sheet_id = ? AND indicator = ? OR finding_id = ?)", models.RectificationWithdrawn, row.SheetID, row.Indicator, row.FindingID),
		&before, "rectifications.unknown")
	if models.IsCode(err, models.NotFound) {
		return nil
	}
	row.ID, row.Version = before.ID, before.Version+1
	return err
}

// opened is a rectification with who is concerned by it.
type opened struct {
	row          models.Rectification
	unit, office models.Unit
	subject      rules.Text
}

// step stores an act as a step of the rectification.
func (r *opened) step(w *desk.Write, act models.RectificationAct, in StepInput) (*models.RectificationStep, error) {
	step := &models.RectificationStep{RectificationID: r.row.ID, Act: act, Note: in.Note, URL: in.URL, DueOn: r.row.DueOn, ByUser: w.Actor.ID, DoneAt: w.At, DoneOn: w.Today}
	if err := w.TX.Create(step).Error; err != nil {
		return nil, fmt.Errorf("step of rectification %d: %w", r.row.ID, err)
	}
	return step, nil
}

// tell sends a message on the rectification to who holds the permission: at the unit
// those who answer, at the office those who decide.
func (r *opened) tell(w *desk.Write, key string, urgent bool, to rbac.Permission) error {
	unit := r.unit
	if to == demandRectification {
		unit = r.office
	}
	return notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageRectification, Unit: unit, To: to, Object: "rectification", ObjectID: r.row.ID,
		Text:   rules.Reason{Key: key, Args: models.Args("Unit", named(r.unit), "Office", named(r.office), "Subject", r.subject, "Due", r.row.DueOn, "On", w.Today)},
		Urgent: urgent, Except: w.Actor.ID})
}

// factsOf are what the audit log tells of a rectification.
func factsOf(row models.Rectification) map[string]any {
	return map[string]any{"status": row.Status, "due_on": row.DueOn, "demand": row.Demand, "lost": scoring.Amount(row.Lost).String(), "closed_on": row.ClosedOn}
}
