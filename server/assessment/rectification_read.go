package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// rectified is a rectification with the unit that puts it right and the office that
// decides on it: of what comes from a round the office of the round.
type rectified struct {
	row    models.Rectification
	unit   models.Unit
	office models.Unit
	round  models.Round
	scheme *scoring.Scheme
}

// rectification returns one of a unit whose scores the actor reads, locked until the write
// ends; others are NotFound.
func (w *write) rectification(id uint64) (*rectified, error) {
	r := &rectified{}
	if err := one(w.locked().Where("id = ?", id), &r.row, "rectifications.unknown"); err != nil {
		return nil, err
	}
	var err error
	if r.unit, err = w.actor.Unit(w.tx, readScore, "id", r.row.UnitID, "rectifications.unknown"); err != nil {
		return nil, err
	}
	r.round, r.office, r.scheme, err = w.roundOf(r.row.RoundID)
	return r, err
}

func (w *write) lastStep(row models.Rectification) (models.RectificationStep, error) {
	var step models.RectificationStep
	err := one(w.tx.Where("rectification_id = ?", row.ID).Order("id DESC"), &step, "rectifications.unknown")
	return step, err
}

// RectificationView is a rectification with all of its steps, the first one first.
type RectificationView struct {
	models.Rectification
	Unit, Office models.Unit
	Round        models.Round
	Indicator    *scoring.Indicator
	Steps        []StepView
	// Overdue tells that the unit has not answered and the due date has passed.
	Overdue                      bool
	CanAnswer, CanDecide, CanAdd bool
}

// StepView is a step with who took it and its files.
type StepView struct {
	models.RectificationStep
	Who   string
	Files []FileView
}

// Rectification returns one of a unit whose scores the actor reads; others are NotFound.
func (d *Desk) Rectification(ctx context.Context, actor compliance.Actor, id uint64) (*RectificationView, error) {
	w := d.look(ctx, actor)
	r, err := w.rectification(id)
	if err != nil {
		return nil, err
	}
	v := &RectificationView{Rectification: r.row, Unit: r.unit, Office: r.office, Round: r.round, Overdue: overdue(r.row.Status, r.row.DueOn, w.today)}
	v.Indicator, _ = r.scheme.Find(r.row.Indicator)
	v.CanAnswer = r.row.Status == models.RectificationOpen && w.may(answerRectification, r.unit)
	v.CanAdd = r.row.Status == models.RectificationAnswered && w.may(answerRectification, r.unit)
	v.CanDecide = r.row.Status == models.RectificationAnswered && w.may(demandRectification, r.office)
	var steps []models.RectificationStep
	if err := w.tx.Where("rectification_id = ?", id).Order("id").Find(&steps).Error; err != nil {
		return nil, fmt.Errorf("steps of rectification %d: %w", id, store.Translate(err))
	}
	for _, step := range steps {
		seen := StepView{RectificationStep: step}
		if seen.Who, err = w.nameOf(&step.ByUser); err != nil {
			return nil, err
		}
		if seen.Files, err = w.filesOf(FileOwner{SheetID: r.row.SheetID, Indicator: r.row.Indicator, StepID: &step.ID}); err != nil {
			return nil, err
		}
		v.Steps = append(v.Steps, seen)
	}
	return v, nil
}

// overdue tells whether a rectification waits for the unit after its due date.
func overdue(status models.RectificationStatus, due, on calendar.Date) bool {
	return status == models.RectificationOpen && on > due
}

// DemandView is what the form of a demand shows.
type DemandView struct {
	Sheet  models.Sheet
	Round  models.Round
	Unit   models.Unit
	Office models.Unit
	Losses []Loss
	// DueOn is the suggested due date, some working days ahead.
	DueOn calendar.Date
	Days  int
}

// NewDemand returns what the form of a demand shows; it is refused like the demand itself
// to who may not.
func (d *Desk) NewDemand(ctx context.Context, actor compliance.Actor, sheet uint64) (*DemandView, error) {
	w := d.look(ctx, actor)
	p, err := w.paper(sheet)
	if err != nil {
		return nil, err
	}
	if err := w.takesDemands(p); err != nil {
		return nil, err
	}
	v := &DemandView{Sheet: p.sheet, Round: p.round, Unit: p.unit, Office: p.office, Days: rectificationTerm}
	if v.Losses, err = w.losses(p); err != nil {
		return nil, err
	}
	days, err := d.ledger.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	v.DueOn, _ = days.AddWorkingDays(w.today, rectificationTerm)
	return v, nil
}
