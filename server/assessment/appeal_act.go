package assessment

import (
	"context"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
)

// The permissions of appeals: units file them, the office of the round decides.
var (
	fileAppeal   = rbac.Permission{Object: "appeal", Action: "file"}
	decideAppeal = rbac.Permission{Object: "appeal", Action: "decide"}
)

// AppealInput is what a unit asks for: points, as a decimal text and of a deduction what
// is to be taken off, that the indicator does not apply, or that the veto be lifted.
type AppealInput struct {
	Indicator string
	Points    string
	NA        bool
	Lifted    bool
	Reason    string
	URL       string
}

// FileAppeal files an appeal against one indicator of an announced sheet, within the
// scheme's working days after the announcement. What is asked for must be better for the
// unit than what was verified; an indicator has one appeal that is not withdrawn.
func (d *Desk) FileAppeal(ctx context.Context, actor compliance.Actor, sheet uint64, in AppealInput) (*models.Appeal, error) {
	var row *models.Appeal
	err := d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(sheet)
		if err != nil {
			return err
		}
		if err := w.takesAppeals(p); err != nil {
			return err
		}
		if err := w.refuseSecond(p, in.Indicator); err != nil {
			return err
		}
		if row, err = w.newAppeal(p, in); err != nil {
			return err
		}
		if err := w.tx.Create(row).Error; err != nil {
			return fmt.Errorf("store appeal: %w", err)
		}
		act := compliance.Act{Action: "file", Object: "appeal", ID: row.ID, Unit: &p.unit, Permission: fileAppeal, Now: appealFacts(*row), Detail: p.about(row.Indicator)}
		if err := w.record(act); err != nil {
			return err
		}
		return w.tellAppealFiled(p, row)
	})
	return row, err
}

// takesAppeals refuses who may not appeal for the sheet, and a round of which the result
// is not announced, the term is over, or which is frozen.
func (w *write) takesAppeals(p *paper) error {
	if err := w.actor.Allow(fileAppeal, p.unit); err != nil {
		return err
	}
	if err := p.contestable(); err != nil {
		return err
	}
	until, _, over, err := w.appealsOver(p.round, p.scheme)
	if err == nil && over {
		err = models.NewError(models.Conflict, "appeals.late", "Until", until)
	}
	return err
}

// contestable refuses a round of which the result is not announced, or frozen.
func (p *paper) contestable() error {
	switch p.round.Status {
	case models.RoundFrozen:
		return models.NewError(models.Conflict, "rounds.frozen", "Round", p.round.Title, "On", p.round.FrozenOn)
	case models.RoundScoring:
		return models.NewError(models.Conflict, "appeals.not_announced")
	}
	return nil
}

// refuseSecond refuses an appeal where one stands. The sheet is locked: none comes
// between.
func (w *write) refuseSecond(p *paper, indicator string) error {
	standing, err := w.standing(p, indicator)
	if err == nil && standing != nil {
		err = models.NewError(models.Conflict, "appeals.standing", "On", standing.FiledOn)
	}
	return err
}

// newAppeal checks what is asked for.
func (w *write) newAppeal(p *paper, in AppealInput) (*models.Appeal, error) {
	c, faults := p.contested(in.Indicator)
	row := &models.Appeal{RoundID: p.round.ID, SheetID: p.sheet.ID, UnitID: p.unit.ID, Indicator: in.Indicator, ClaimNA: in.NA, ClaimLifted: in.Lifted,
		Reason: strings.TrimSpace(in.Reason), URL: strings.TrimSpace(in.URL), Status: models.AppealFiled, FiledBy: w.actor.ID, FiledAt: w.at, FiledOn: w.today, Version: 1}
	if len(faults) == 0 {
		row.Claimed, faults = p.better(c, in.Points, in.NA, in.Lifted)
	}
	if row.Reason == "" {
		faults = append(faults, models.Field{Name: "reason", Key: "filing.required"})
	}
	faults = badURL(tooLong(faults, "reason", row.Reason, maxReason), row.URL)
	return row, models.InvalidFields(faults)
}

// WithdrawAppeal takes an appeal back before it is decided; another may be filed then.
func (d *Desk) WithdrawAppeal(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.write(ctx, actor, func(w *write) error {
		row, p, err := w.appeal(id)
		if err != nil {
			return err
		}
		if err := w.actor.Allow(fileAppeal, p.unit); err != nil {
			return err
		}
		if err := p.waits(row, version); err != nil {
			return err
		}
		before := appealFacts(*row)
		row.Status, row.Ended = models.AppealWithdrawn, row.ID
		return w.saveAppeal(p, row, "withdraw", fileAppeal, before)
	})
}

// DecisionInput is the decision on an appeal: rejected unless Upheld, which gives points,
// takes the indicator off, or lifts the veto. Reason is always required.
type DecisionInput struct {
	Upheld bool
	Points string
	NA     bool
	Lifted bool
	Reason string
}

// DecideAppeal decides an appeal of the version that was read. What is upheld counts in
// the final score from then on: it must be better for the unit than what was verified, and
// no more than the unit asked for.
func (d *Desk) DecideAppeal(ctx context.Context, actor compliance.Actor, id uint64, version int, in DecisionInput) error {
	return d.write(ctx, actor, func(w *write) error {
		row, p, err := w.appeal(id)
		if err != nil {
			return err
		}
		if err := w.actor.Allow(decideAppeal, p.office); err != nil {
			return err
		}
		if err := p.waits(row, version); err != nil {
			return err
		}
		before := appealFacts(*row)
		row.ScoreBefore = p.sheet.Final
		if err := w.decide(p, row, in); err != nil {
			return err
		}
		row.ScoreAfter = p.sheet.Final
		row.DecidedBy, row.DecidedAt, row.DecidedOn = w.by(), &w.at, w.today
		if err := w.saveAppeal(p, row, "decide", decideAppeal, before); err != nil {
			return err
		}
		return w.tellAppealDecided(p, row)
	})
}

// decide puts the decision on the appeal and, when it is upheld, on the mark.
func (w *write) decide(p *paper, row *models.Appeal, in DecisionInput) error {
	row.Status, row.Decision = models.AppealRejected, strings.TrimSpace(in.Reason)
	faults := tooLong(nil, "reason", row.Decision, maxReason)
	if row.Decision == "" {
		faults = append(faults, models.Field{Name: "reason", Key: "filing.required"})
	}
	if !in.Upheld {
		return models.InvalidFields(faults)
	}
	row.Status = models.AppealUpheld
	c, wrong := p.contested(row.Indicator)
	var points *int64
	if len(wrong) == 0 {
		points, wrong = p.better(c, in.Points, in.NA, in.Lifted)
	}
	if len(wrong) == 0 {
		wrong = p.beyond(c, *row, markOf(points, in.NA, false))
	}
	if err := models.InvalidFields(append(wrong, faults...)); err != nil {
		return err
	}
	mark, entered := p.marks[row.Indicator]
	if !entered {
		mark = models.SheetMark{SheetID: p.sheet.ID, Indicator: row.Indicator}
	}
	mark.Decided, mark.FinalPoints, mark.FinalNA, mark.FinalRaised = true, points, in.NA, false
	if err := w.putMark(p, mark); err != nil {
		return err
	}
	return w.save(p)
}

// waits refuses an appeal that is not, or no longer, to be decided, or that is of another
// version.
func (p *paper) waits(row *models.Appeal, version int) error {
	if err := p.contestable(); err != nil {
		return err
	}
	if row.Status != models.AppealFiled {
		return models.NewError(models.Conflict, "appeals.over_"+string(row.Status))
	}
	if row.Version != version {
		return models.NewError(models.Stale, "appeals.stale")
	}
	return nil
}

// saveAppeal stores an appeal that has changed: a version more.
func (w *write) saveAppeal(p *paper, row *models.Appeal, action string, permission rbac.Permission, before any) error {
	row.Version++
	if err := w.tx.Save(row).Error; err != nil {
		return fmt.Errorf("appeal %d: %w", row.ID, err)
	}
	return w.record(compliance.Act{Action: action, Object: "appeal", ID: row.ID, Unit: &p.unit, Permission: permission,
		Before: before, Now: appealFacts(*row), Detail: p.about(row.Indicator)})
}

// about tells what an entry of the audit log is about.
func (p *paper) about(indicator string) map[string]any {
	return map[string]any{"sheet": p.sheet.ID, "indicator": indicator}
}

// appealFacts are what the audit log tells of an appeal before and after a write.
func appealFacts(row models.Appeal) map[string]any {
	return map[string]any{"status": row.Status, "claimed": pointsText(row.Claimed), "claim_na": row.ClaimNA, "claim_lifted": row.ClaimLifted,
		"reason": row.Reason, "url": row.URL, "decision": row.Decision, "score_before": scoreText(row.ScoreBefore), "score_after": scoreText(row.ScoreAfter)}
}
