package assessment

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// Submit hands the sheet in, of the version that was read: the unit has scored every
// award or says why it does not apply. From then on the office verifies it.
func (d *Desk) Submit(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.act(ctx, actor, id, version, func(w *write, p *paper) error {
		if err := w.actor.Allow(scoreSelf, p.unit); err != nil {
			return err
		}
		if err := w.takesSelf(p); err != nil {
			return err
		}
		if err := p.complete(selfView, "sheets.self_missing"); err != nil {
			return err
		}
		before := p.selfFacts()
		p.sheet.Status, p.sheet.SubmittedBy, p.sheet.SubmittedAt, p.sheet.ReturnReason = models.SheetSubmitted, w.by(), &w.at, ""
		if err := w.save(p); err != nil {
			return err
		}
		return w.record(compliance.Act{Action: "submit", Object: "sheet", ID: id, Unit: &p.unit, Permission: scoreSelf, Before: before, Now: p.selfFacts()})
	})
}

// Return gives a submitted sheet back to the unit, with the reason, while units may
// still score themselves.
func (d *Desk) Return(ctx context.Context, actor compliance.Actor, id uint64, version int, reason string) error {
	return d.act(ctx, actor, id, version, func(w *write, p *paper) error {
		if err := w.mustVerify(p); err != nil {
			return err
		}
		if err := w.takesReturn(p); err != nil {
			return err
		}
		reason = strings.TrimSpace(reason)
		faults := tooLong(nil, "reason", reason, maxReason)
		if reason == "" {
			faults = append(faults, models.Field{Name: "reason", Key: "filing.required"})
		}
		if err := models.InvalidFields(faults); err != nil {
			return err
		}
		before := p.selfFacts()
		p.sheet.Status, p.sheet.SubmittedBy, p.sheet.SubmittedAt, p.sheet.ReturnReason = models.SheetSelf, nil, nil, reason
		if err := w.save(p); err != nil {
			return err
		}
		// The unit reads this entry: nothing of the verified score is in it.
		if err := w.record(compliance.Act{Action: "return", Object: "sheet", ID: id, Unit: &p.unit, Permission: editScore, Before: before, Now: p.selfFacts()}); err != nil {
			return err
		}
		return w.tellReturned(p)
	})
}

// Complete tells that the sheet is verified. While an award has no verified score it is
// a Conflict that names each.
func (d *Desk) Complete(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.act(ctx, actor, id, version, func(w *write, p *paper) error {
		if err := w.mustVerify(p); err != nil {
			return err
		}
		if err := w.takesMarks(p); err != nil {
			return err
		}
		if err := p.complete(verifiedView, "sheets.missing"); err != nil {
			return err
		}
		before := p.officeFacts()
		p.sheet.Status, p.sheet.VerifiedBy, p.sheet.VerifiedAt = models.SheetVerified, w.by(), &w.at
		return w.saveForOffice(p, "complete", before, nil)
	})
}

// Resume takes a verified sheet up again while the round is being scored.
func (d *Desk) Resume(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.act(ctx, actor, id, version, func(w *write, p *paper) error {
		if err := w.mustVerify(p); err != nil {
			return err
		}
		if err := p.takesResume(); err != nil {
			return err
		}
		before := p.officeFacts()
		p.sheet.Status, p.sheet.VerifiedBy, p.sheet.VerifiedAt = models.SheetSubmitted, nil, nil
		if p.sheet.SubmittedAt == nil {
			p.sheet.Status = models.SheetSelf
		}
		return w.saveForOffice(p, "resume", before, nil)
	})
}

// act runs a step of a sheet's work on the version that was read; another one is Stale.
func (d *Desk) act(ctx context.Context, actor compliance.Actor, id uint64, version int, step func(w *write, p *paper) error) error {
	return d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(id)
		if err != nil {
			return err
		}
		read := p.sheet.Version
		if err := step(w, p); err != nil {
			return err
		}
		if read != version {
			return models.NewError(models.Stale, "sheets.stale")
		}
		return nil
	})
}

// saveForOffice saves the sheet and records it in the name of the office: units read
// their own entries, and must not read there what is verified.
func (w *write) saveForOffice(p *paper, action string, before, detail any) error {
	if err := w.save(p); err != nil {
		return err
	}
	return w.record(compliance.Act{Action: action, Object: "sheet", ID: p.sheet.ID, Unit: &p.office, Permission: editScore,
		Before: before, Now: p.officeFacts(), Detail: detail})
}

// mustVerify refuses who may not verify the sheet.
func (w *write) mustVerify(p *paper) error {
	verifies, err := w.verifies(p)
	switch {
	case err != nil:
		return err
	case verifies:
		return nil
	case w.assesses(p.office):
		return models.NewError(models.Forbidden, "sheets.other_class", "Class", p.sheet.Class)
	default:
		return models.NewError(models.Forbidden, "error.forbidden")
	}
}

// beingScored refuses a round whose sheets do not change any more.
func (p *paper) beingScored() error {
	switch p.round.Status {
	case models.RoundFrozen:
		return models.NewError(models.Conflict, "rounds.frozen", "Round", p.round.Title, "On", p.round.FrozenOn)
	case models.RoundAnnounced:
		return models.NewError(models.Conflict, "sheets.announced")
	}
	return nil
}

// takesSelf refuses self scores of a sheet that is not, or no longer, the unit's to fill in.
func (w *write) takesSelf(p *paper) error {
	if err := p.beingScored(); err != nil {
		return err
	}
	switch {
	case p.sheet.Status != models.SheetSelf:
		return models.NewError(models.Conflict, "sheets.handed_in")
	case w.today > p.round.SelfUntil:
		return models.NewError(models.Conflict, "sheets.self_over", "Until", p.round.SelfUntil)
	}
	return nil
}

// takesMarks refuses verified scores of a sheet that the unit still fills in, or that is
// verified. Once the last day of self scoring is over one that was never submitted
// takes them too.
func (w *write) takesMarks(p *paper) error {
	if err := p.beingScored(); err != nil {
		return err
	}
	switch {
	case p.sheet.Status == models.SheetVerified:
		return models.NewError(models.Conflict, "sheets.verified")
	case p.sheet.Status == models.SheetSelf && w.today <= p.round.SelfUntil:
		return models.NewError(models.Conflict, "sheets.not_submitted", "Until", p.round.SelfUntil)
	}
	return nil
}

func (w *write) takesReturn(p *paper) error {
	if err := p.beingScored(); err != nil {
		return err
	}
	switch {
	case p.sheet.Status != models.SheetSubmitted:
		return models.NewError(models.Conflict, "sheets.return_not_submitted")
	case w.today > p.round.SelfUntil:
		return models.NewError(models.Conflict, "sheets.return_late", "Until", p.round.SelfUntil)
	}
	return nil
}

func (p *paper) takesResume() error {
	if err := p.beingScored(); err != nil {
		return err
	}
	if p.sheet.Status != models.SheetVerified {
		return models.NewError(models.Conflict, "sheets.not_verified")
	}
	return nil
}

// complete refuses a sheet with awards that have no score in the view, naming each.
func (p *paper) complete(v view, key string) error {
	var fields []models.Field
	for _, part := range p.card.Explain(p.entries(v)).Parts {
		if missing(&part) {
			fields = append(fields, models.Field{Name: cellName(part.Node.ID, "points"), Key: "marks.missing", Args: models.Args("Indicator", part.Node.Title)})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &models.Error{Code: models.Conflict, Key: key, Args: models.Args("Count", len(fields)), Fields: fields}
}

// cellName names a field of a mark among those of a sheet.
func cellName(indicator, field string) string { return fmt.Sprintf("marks[%s].%s", indicator, field) }

// selfFacts are what the audit log tells of a sheet before and after an act that the
// unit sees.
func (p *paper) selfFacts() map[string]any {
	s := p.sheet
	return map[string]any{"status": s.Status, "self": scoreText(s.Self), "return_reason": s.ReturnReason}
}

// officeFacts are what the audit log tells of a sheet before and after an act of the
// office.
func (p *paper) officeFacts() map[string]any {
	s := p.sheet
	return map[string]any{"status": s.Status, "verified": scoreText(s.Verified), "grade": p.gradeTitle(), "missing": s.Missing}
}

func (p *paper) gradeTitle() string {
	if p.sheet.Final == nil || p.sheet.Grade < 0 {
		return ""
	}
	return p.scheme.Grades[p.sheet.Grade].Title.ZH
}

func scoreText(total *int64) string {
	if total == nil {
		return ""
	}
	return scoring.Score(*total).String()
}
