package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// The permissions of rectifications: the office that found what is wrong demands and
// closes them, the unit answers.
var (
	demandRectification = rbac.Permission{Object: "rectification", Action: "demand"}
	answerRectification = rbac.Permission{Object: "rectification", Action: "answer"}
)

// rectificationTerm is how many working days a demand suggests to put something right.
const rectificationTerm = 20

// DemandInput asks a unit to put right what cost it points. Indicators are those of its
// sheet, or with All every one that lost points and has no rectification yet.
type DemandInput struct {
	Indicators []string
	All        bool
	Demand     string
	DueOn      calendar.Date
}

// DemandRectifications opens a rectification for each indicator of an announced sheet,
// all of them or none. It keeps what was lost by the final score, and why. A rectification
// is no part of the result: a frozen round takes them too.
func (d *Desk) DemandRectifications(ctx context.Context, actor compliance.Actor, sheet uint64, in DemandInput) ([]models.Rectification, error) {
	var rows []models.Rectification
	err := d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(sheet)
		if err != nil {
			return err
		}
		if err := w.takesDemands(p); err != nil {
			return err
		}
		if rows, err = w.demanded(p, in); err != nil {
			return err
		}
		for i := range rows {
			if err := w.openRectification(p.unit, &rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, err
}

func (w *write) takesDemands(p *paper) error {
	if err := w.actor.Allow(demandRectification, p.office); err != nil {
		return err
	}
	if p.round.Status == models.RoundScoring {
		return models.NewError(models.Conflict, "rectifications.not_announced")
	}
	return nil
}

// demanded checks what is asked for and returns the rows to be stored.
func (w *write) demanded(p *paper, in DemandInput) ([]models.Rectification, error) {
	losses, err := w.losses(p)
	if err != nil {
		return nil, err
	}
	faults := in.faults(w.today)
	var rows []models.Rectification
	chosen := map[string]bool{}
	for _, loss := range losses {
		asked := slices.Contains(in.Indicators, loss.Leaf.ID)
		chosen[loss.Leaf.ID] = asked
		switch {
		case asked && loss.Rectification != 0:
			faults = append(faults, models.Field{Name: "indicators", Key: "rectifications.there", Args: models.Args("Indicator", loss.Leaf.Title)})
		case asked || in.All && loss.Rectification == 0:
			rows = append(rows, models.Rectification{UnitID: p.unit.ID, RoundID: p.round.ID, SheetID: p.sheet.ID, Indicator: loss.Leaf.ID,
				Lost: int64(loss.Lost), Reason: loss.Reason, Demand: strings.TrimSpace(in.Demand), DueOn: in.DueOn,
				Status: models.RectificationOpen, OpenedBy: w.actor.ID, OpenedAt: w.at, Version: 1})
		}
	}
	for _, id := range in.Indicators {
		if !chosen[id] {
			faults = append(faults, models.Field{Name: "indicators", Key: "rectifications.nothing_lost", Args: models.Args("Value", id)})
		}
	}
	if len(rows) == 0 && len(faults) == 0 {
		faults = append(faults, models.Field{Name: "indicators", Key: "rectifications.none_chosen"})
	}
	return rows, models.InvalidFields(faults)
}

func (in DemandInput) faults(today calendar.Date) []models.Field {
	demand := strings.TrimSpace(in.Demand)
	faults := tooLong(nil, "demand", demand, maxReason)
	if demand == "" {
		faults = append(faults, models.Field{Name: "demand", Key: "filing.required"})
	}
	switch {
	case in.DueOn.IsZero():
		faults = append(faults, models.Field{Name: "due_on", Key: "filing.date_required"})
	case in.DueOn <= today:
		faults = append(faults, models.Field{Name: "due_on", Key: "rectifications.due_past", Args: models.Args("Value", in.DueOn, "Today", today)})
	}
	return faults
}

// Loss is an indicator that lost points in the final score, or a veto that is raised.
type Loss struct {
	Leaf   scoring.Leaf
	Lost   scoring.Amount
	Raised bool
	Reason string
	// Rectification is the one that is demanded already, 0 for none.
	Rectification uint64
}

// losses lists what a sheet lost, in the order of the scheme.
func (w *write) losses(p *paper) ([]Loss, error) {
	var rows []models.Rectification
	if err := w.tx.Where("sheet_id = ?", p.sheet.ID).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("rectifications of sheet %d: %w", p.sheet.ID, store.Translate(err))
	}
	there := map[string]uint64{}
	for _, row := range rows {
		there[row.Indicator] = row.ID
	}
	var losses []Loss
	for _, part := range p.card.Explain(p.entries(finalView)).Parts {
		if part.Node.Leaf < 0 || part.Lost <= 0 && !part.Mark.Raised {
			continue
		}
		leaf := p.card.Leaves[part.Node.Leaf]
		losses = append(losses, Loss{Leaf: leaf, Lost: part.Lost, Raised: part.Mark.Raised, Reason: p.marks[leaf.ID].Reason, Rectification: there[leaf.ID]})
	}
	return losses, nil
}

// openRectification stores a rectification with its first step. Wherever it comes from,
// all that follows knows the unit and the office alone.
func (w *write) openRectification(unit models.Unit, row *models.Rectification) error {
	if err := w.tx.Create(row).Error; err != nil {
		return fmt.Errorf("store rectification: %w", err)
	}
	if _, err := w.step(row, models.RectificationDemand, StepInput{Note: row.Demand}); err != nil {
		return err
	}
	return w.record(compliance.Act{Action: "demand", Object: "rectification", ID: row.ID, Unit: &unit, Permission: demandRectification,
		Now: rectificationFacts(*row), Detail: map[string]any{"sheet": row.SheetID, "indicator": row.Indicator}})
}

// StepInput is what is written with a step of a rectification.
type StepInput struct {
	Note string
	URL  string
}

func (w *write) step(row *models.Rectification, act models.RectificationAct, in StepInput) (*models.RectificationStep, error) {
	step := &models.RectificationStep{RectificationID: row.ID, Act: act, Note: in.Note, URL: in.URL, ByUser: w.actor.ID, DoneAt: w.at, DoneOn: w.today}
	if err := w.tx.Create(step).Error; err != nil {
		return nil, fmt.Errorf("step of rectification %d: %w", row.ID, err)
	}
	return step, nil
}

// rectificationMove is one way that a rectification goes on.
type rectificationMove struct {
	act        models.RectificationAct
	from, to   models.RectificationStatus
	permission rbac.Permission
	// noted tells that something has to be written.
	noted bool
}

var (
	answerMove = rectificationMove{models.RectificationAnswer, models.RectificationOpen, models.RectificationAnswered, answerRectification, true}
	returnMove = rectificationMove{models.RectificationReturn, models.RectificationAnswered, models.RectificationOpen, demandRectification, true}
	closeMove  = rectificationMove{models.RectificationClose, models.RectificationAnswered, models.RectificationClosed, demandRectification, false}
)

// AnswerRectification tells what the unit did, and returns the step, to which files can be
// attached until the office decides.
func (d *Desk) AnswerRectification(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) (*models.RectificationStep, error) {
	return d.moveRectification(ctx, actor, id, version, answerMove, in)
}

// ReturnRectification sends an answered rectification back, with what is still wrong.
func (d *Desk) ReturnRectification(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	_, err := d.moveRectification(ctx, actor, id, version, returnMove, in)
	return err
}

// CloseRectification closes an answered rectification: it is put right.
func (d *Desk) CloseRectification(ctx context.Context, actor compliance.Actor, id uint64, version int, in StepInput) error {
	_, err := d.moveRectification(ctx, actor, id, version, closeMove, in)
	return err
}

func (d *Desk) moveRectification(ctx context.Context, actor compliance.Actor, id uint64, version int, move rectificationMove, in StepInput) (*models.RectificationStep, error) {
	var step *models.RectificationStep
	err := d.write(ctx, actor, func(w *write) error {
		r, err := w.rectification(id)
		if err != nil {
			return err
		}
		if err := w.actor.Allow(move.permission, r.side(move)); err != nil {
			return err
		}
		if r.row.Status != move.from {
			return models.NewError(models.Conflict, "rectifications.is_"+string(r.row.Status))
		}
		if r.row.Version != version {
			return models.NewError(models.Stale, "rectifications.stale")
		}
		if err := in.check(move); err != nil {
			return err
		}
		step, err = w.move(r, move, in)
		return err
	})
	return step, err
}

// side is the unit at which a move is allowed.
func (r *rectified) side(move rectificationMove) models.Unit {
	if move.permission == answerRectification {
		return r.unit
	}
	return r.office
}

// check trims what was written and refuses what is wrong with it.
func (in *StepInput) check(move rectificationMove) error {
	in.Note, in.URL = strings.TrimSpace(in.Note), strings.TrimSpace(in.URL)
	faults := badURL(tooLong(nil, "note", in.Note, maxReason), in.URL)
	if in.Note == "" && move.noted {
		faults = append(faults, models.Field{Name: "note", Key: "filing.required"})
	}
	return models.InvalidFields(faults)
}

func (w *write) move(r *rectified, move rectificationMove, in StepInput) (*models.RectificationStep, error) {
	before := rectificationFacts(r.row)
	r.row.Status = move.to
	r.row.Version++
	if move.to == models.RectificationClosed {
		r.row.ClosedOn = w.today
	}
	if err := w.tx.Save(&r.row).Error; err != nil {
		return nil, fmt.Errorf("rectification %d: %w", r.row.ID, err)
	}
	step, err := w.step(&r.row, move.act, in)
	if err != nil {
		return nil, err
	}
	return step, w.record(compliance.Act{Action: string(move.act), Object: "rectification", ID: r.row.ID, Unit: &r.unit, Permission: move.permission,
		Before: before, Now: rectificationFacts(r.row), Detail: map[string]any{"note": in.Note, "url": in.URL}})
}

// rectificationFacts are what the audit log tells of a rectification.
func rectificationFacts(row models.Rectification) map[string]any {
	return map[string]any{"status": row.Status, "due_on": row.DueOn, "demand": row.Demand, "lost": scoring.Amount(row.Lost).String(), "closed_on": row.ClosedOn}
}

// stepAttachment returns an answer as the owner of files, until the office decides on it.
func (w *write) stepAttachment(p *paper, owner FileOwner) (*attachment, error) {
	var step models.RectificationStep
	if err := one(w.tx.Where("id = ?", *owner.StepID), &step, "scorefile.unknown"); err != nil {
		return nil, err
	}
	r, err := w.rectification(step.RectificationID)
	if err != nil {
		return nil, err
	}
	if r.row.SheetID != owner.SheetID || r.row.Indicator != owner.Indicator {
		return nil, models.NewError(models.NotFound, "scorefile.unknown")
	}
	if err := w.actor.Allow(answerRectification, p.unit); err != nil {
		return nil, err
	}
	last, err := w.lastStep(r.row)
	if err == nil && (last.ID != step.ID || step.Act != models.RectificationAnswer) {
		err = models.NewError(models.Conflict, "rectifications.is_"+string(r.row.Status))
	}
	return &attachment{owner, p.unit, answerRectification}, err
}
