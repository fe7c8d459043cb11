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

// AppealView is an appeal, or the indicator that one may be filed against, with the three
// scores of it.
type AppealView struct {
	// Appeal is the zero appeal while none is filed.
	models.Appeal
	Sheet  models.Sheet
	Round  models.Round
	Unit   models.Unit
	Office models.Unit
	Scheme *scoring.Scheme
	Leaf   scoring.Leaf
	Mark   models.SheetMark
	// Self, Verified and Final are its parts of the three totals.
	Self, Verified, Final scoring.Part
	Duties                []AutoDuty
	// Evidence is that of the self score, Files those of the appeal.
	Evidence, Files []FileView
	// Until is the last day of appeals, provisional while the calendar may move it.
	Until       calendar.Date
	Provisional bool
	// Filer and Decider are names.
	Filer, Decider string
	// RankBefore and RankAfter are the ranks in the class that the scores before and after
	// the decision have among the others as they stand now, of Units that have a score; 0
	// while there are none.
	RankBefore, RankAfter, Units int
	// Rectification is the one that is demanded of the indicator and not over, 0 for none: what
	// is upheld may take its cause away.
	Rectification          uint64
	CanWithdraw, CanDecide bool
}

// Claim is what the unit asks for, as a mark.
func (v *AppealView) Claim() scoring.Mark { return markOf(v.Claimed, v.ClaimNA, false) }

// Outcome is the status, or AppealInPart.
func (v *AppealView) Outcome() string { return appealOutcome(v.Appeal, v.Mark) }

// AppealInPart is what has become, besides the statuses, of an appeal of which less was
// upheld than the unit had asked for.
const AppealInPart = "in_part"

func appealOutcome(row models.Appeal, mark models.SheetMark) string {
	given, asked := markOf(mark.FinalPoints, mark.FinalNA, false), markOf(row.Claimed, row.ClaimNA, false)
	if row.Status == models.AppealUpheld && (given.NA != asked.NA || given.Points != asked.Points) {
		return AppealInPart
	}
	return string(row.Status)
}

// Appeal returns an appeal of a unit whose scores the actor reads; others are NotFound.
func (d *Desk) Appeal(ctx context.Context, actor compliance.Actor, id uint64) (*AppealView, error) {
	w := d.look(ctx, actor)
	row, p, err := w.appeal(id)
	if err != nil {
		return nil, err
	}
	v, err := w.appealView(p, row.Indicator)
	if err != nil {
		return nil, err
	}
	v.Appeal = *row
	waits := p.waits(row, row.Version) == nil
	v.CanWithdraw, v.CanDecide = waits && w.may(fileAppeal, p.unit), waits && w.may(decideAppeal, p.office)
	if v.Filer, err = w.nameOf(&row.FiledBy); err != nil {
		return nil, err
	}
	if v.Decider, err = w.nameOf(row.DecidedBy); err != nil {
		return nil, err
	}
	if v.Files, err = w.filesOf(FileOwner{SheetID: row.SheetID, Indicator: row.Indicator, AppealID: &row.ID}); err != nil {
		return nil, err
	}
	return v, w.addRanks(v)
}

// NewAppeal returns what the form of an appeal shows. It is refused like the appeal itself
// where none can be filed: a Conflict when one stands or the term is over, Invalid when
// the indicator has lost nothing.
func (d *Desk) NewAppeal(ctx context.Context, actor compliance.Actor, sheet uint64, indicator string) (*AppealView, error) {
	w := d.look(ctx, actor)
	p, err := w.paper(sheet)
	if err != nil {
		return nil, err
	}
	if err := w.takesAppeals(p); err != nil {
		return nil, err
	}
	if _, faults := p.contested(indicator); len(faults) > 0 {
		return nil, models.InvalidFields(faults)
	}
	if err := w.refuseSecond(p, indicator); err != nil {
		return nil, err
	}
	return w.appealView(p, indicator)
}

// appeal returns an appeal and its sheet, both locked until the write ends.
func (w *write) appeal(id uint64) (*models.Appeal, *paper, error) {
	var row models.Appeal
	if err := one(w.tx.Where("id = ?", id), &row, "appeals.unknown"); err != nil {
		return nil, nil, err
	}
	p, err := w.paper(row.SheetID)
	if models.IsCode(err, models.NotFound) {
		err = models.NewError(models.NotFound, "appeals.unknown")
	}
	if err != nil {
		return nil, nil, err
	}
	// Again, now that nobody else changes it.
	return &row, p, one(w.locked().Where("id = ?", id), &row, "appeals.unknown")
}

// standing returns the appeal against an indicator that is not withdrawn, if any.
func (w *write) standing(p *paper, indicator string) (*models.Appeal, error) {
	var rows []models.Appeal
	err := w.tx.Where("sheet_id = ? AND indicator = ? AND ended = 0", p.sheet.ID, indicator).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, store.Translate(err)
	}
	return &rows[0], nil
}

// appealView shows an indicator of an announced sheet.
func (w *write) appealView(p *paper, indicator string) (*AppealView, error) {
	place, found := p.card.Leaf(indicator)
	if !found {
		return nil, models.NewError(models.NotFound, "appeals.unknown")
	}
	leaf := p.card.Leaves[place]
	v := &AppealView{Sheet: p.sheet, Round: p.round, Unit: p.unit, Office: p.office, Scheme: p.scheme, Leaf: leaf, Mark: p.marks[indicator]}
	v.Self = p.card.Explain(p.entries(selfView)).Parts[leaf.Node]
	v.Verified = p.card.Explain(p.entries(verifiedView)).Parts[leaf.Node]
	v.Final = p.card.Explain(p.entries(finalView)).Parts[leaf.Node]
	if leaf.Method == scoring.MethodAuto {
		v.Duties = p.autos.of(leaf)
	}
	var err error
	if v.Rectification, err = w.demandedOf(p, indicator); err != nil {
		return nil, err
	}
	if v.Until, v.Provisional, _, err = w.appealsOver(p.round, p.scheme); err != nil {
		return nil, err
	}
	v.Evidence, err = w.filesOf(FileOwner{SheetID: p.sheet.ID, Indicator: indicator})
	return v, err
}

// demandedOf returns the rectification that the indicator waits for, 0 for none.
func (w *write) demandedOf(p *paper, indicator string) (uint64, error) {
	var ids []uint64
	err := w.tx.Model(&models.Rectification{}).Where("sheet_id = ? AND indicator = ? AND status IN ?", p.sheet.ID, indicator,
		[]models.RectificationStatus{models.RectificationOpen, models.RectificationAnswered}).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, store.Translate(err)
	}
	return ids[0], nil
}

// filesOf returns the files of an owner in the order of attaching.
func (w *write) filesOf(owner FileOwner) ([]FileView, error) {
	var rows []models.ScoreFile
	if err := owner.where(w.tx).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("files of sheet %d: %w", owner.SheetID, store.Translate(err))
	}
	return w.fileViews(rows)
}

// addRanks finds the ranks of the scores around a decision.
func (w *write) addRanks(v *AppealView) error {
	if v.ScoreBefore == nil || v.ScoreAfter == nil {
		return nil
	}
	var counts struct{ Units, AboveBefore, AboveAfter int }
	err := w.tx.Model(&models.Sheet{}).Where("round_id = ? AND class = ? AND final IS NOT NULL", v.RoundID, v.Sheet.Class).
		Select("count(*) AS units, sum(CASE WHEN id <> ? AND final > ? THEN 1 ELSE 0 END) AS above_before, sum(CASE WHEN id <> ? AND final > ? THEN 1 ELSE 0 END) AS above_after",
			v.SheetID, *v.ScoreBefore, v.SheetID, *v.ScoreAfter).Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("ranks around appeal %d: %w", v.ID, store.Translate(err))
	}
	v.Units, v.RankBefore, v.RankAfter = counts.Units, counts.AboveBefore+1, counts.AboveAfter+1
	return nil
}
