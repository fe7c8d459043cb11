package assessment

import (
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/scoring"
	"sundial/server/store"
)

// paper is a sheet with all that it takes to score it.
type paper struct {
	sheet  models.Sheet
	round  models.Round
	unit   models.Unit
	office models.Unit
	scheme *scoring.Scheme
	card   *scoring.Card
	marks  map[string]models.SheetMark
	autos  autoDuties
	// findings are those that marks of the office may name, while it enters some.
	findings map[uint64]bool
}

// view is one of the three scores of a sheet.
type view int

// The views: by the unit, by the office, and with decisions on appeals.
const (
	selfView view = iota
	verifiedView
	finalView
)

// entries returns the marks of a view, in the order of the card's leaves.
func (p *paper) entries(v view) []scoring.Mark {
	marks := make([]scoring.Mark, len(p.card.Leaves))
	for i, leaf := range p.card.Leaves {
		row := p.marks[leaf.ID]
		decided := v == finalView && row.Decided
		switch {
		case decided:
			marks[i] = markOf(row.FinalPoints, row.FinalNA, row.FinalRaised)
		case leaf.Method == scoring.MethodAuto:
			for _, duty := range p.autos.of(leaf) {
				marks[i].States = append(marks[i].States, duty.State)
			}
		case v == selfView:
			marks[i] = markOf(row.SelfPoints, row.SelfNA, false)
		default:
			marks[i] = markOf(row.Points, row.NA, row.Raised)
		}
	}
	return marks
}

func markOf(points *int64, na, raised bool) scoring.Mark {
	mark := scoring.Mark{NA: na, Raised: raised}
	if points != nil {
		mark.Given, mark.Points = true, scoring.Amount(*points)
	}
	return mark
}

// rescore computes what the sheet comes to from its marks.
func (p *paper) rescore() error {
	self, verified, final := p.card.Score(p.entries(selfView)), p.card.Score(p.entries(verifiedView)), p.card.Score(p.entries(finalView))
	s := &p.sheet
	s.Self, s.Verified, s.Final = total(self), total(verified), total(final)
	s.SelfMissing, s.Missing = self.Missing, verified.Missing
	s.Grade, s.ByVeto = final.Grade, final.ByVeto
	s.Entries = 0
	for _, leaf := range p.card.Leaves {
		if leaf.Method == scoring.MethodAward {
			s.Entries++
		}
	}
	var err error
	s.Autos, err = p.autos.encode()
	return err
}

// total is the score of a result in hundredths; nil while a mark is missing or where
// nothing applies.
func total(r scoring.Result) *int64 {
	if !r.Scored || r.Missing > 0 {
		return nil
	}
	score := int64(r.Score)
	return &score
}

// save stores what the sheet comes to, with the columns that the caller has changed: a
// version more.
func (w *write) save(p *paper) error {
	if err := p.rescore(); err != nil {
		return err
	}
	p.sheet.Version++
	if err := w.tx.Save(&p.sheet).Error; err != nil {
		return fmt.Errorf("sheet %d: %w", p.sheet.ID, err)
	}
	return nil
}

// paper returns a sheet that the actor may read, locked until the write ends; its round
// is held as it is. Others are NotFound.
func (w *write) paper(id uint64) (*paper, error) {
	p := &paper{}
	if err := one(w.tx.Where("id = ?", id), &p.sheet, "assessment.sheet_unknown"); err != nil {
		return nil, err
	}
	var err error
	if p.unit, err = w.actor.Unit(w.tx, readScore, "id", p.sheet.UnitID, "assessment.sheet_unknown"); err != nil {
		return nil, err
	}
	if err := w.holdRound(p.sheet.RoundID); err != nil {
		return nil, err
	}
	// Again, now that nobody else changes it.
	if err := one(w.locked().Where("id = ?", id), &p.sheet, "assessment.sheet_unknown"); err != nil {
		return nil, err
	}
	return p, w.open(p)
}

// holdRound keeps the round as it is until the write ends; several writes may.
func (w *write) holdRound(id uint64) error {
	if w.looks || w.store.Dialect() != store.MySQL {
		return nil
	}
	// MariaDB does not know FOR SHARE.
	if err := w.tx.Exec("SELECT id FROM rounds WHERE id = ? LOCK IN SHARE MODE", id).Error; err != nil {
		return fmt.Errorf("hold round %d: %w", id, err)
	}
	return nil
}

// open reads what belongs to the sheet.
func (w *write) open(p *paper) error {
	var err error
	if p.round, p.office, p.scheme, err = w.roundOf(p.sheet.RoundID); err != nil {
		return err
	}
	var found bool
	if p.card, found = p.scheme.Card(p.sheet.Class); !found {
		return fmt.Errorf("sheet %d: the scheme %s has no class %s", p.sheet.ID, p.scheme.ID, p.sheet.Class)
	}
	var rows []models.SheetMark
	if err := w.tx.Where("sheet_id = ?", p.sheet.ID).Find(&rows).Error; err != nil {
		return fmt.Errorf("marks of sheet %d: %w", p.sheet.ID, store.Translate(err))
	}
	p.marks = make(map[string]models.SheetMark, len(rows))
	for _, row := range rows {
		p.marks[row.Indicator] = row
	}
	return w.readAutos(p)
}

// readAutos brings the duties of auto indicators: as they are while the round is being
// scored, then as they were when it was announced.
func (w *write) readAutos(p *paper) error {
	var err error
	if p.round.Status != models.RoundScoring {
		p.autos, err = decodeAutos(p.sheet)
		return err
	}
	found, err := w.autosOf(p.round, p.scheme, []uint64{p.sheet.UnitID})
	p.autos = found[p.sheet.UnitID]
	return err
}

// roundOf returns a round with its office and scheme, whoever asks.
func (w *write) roundOf(id uint64) (round models.Round, office models.Unit, scheme *scoring.Scheme, err error) {
	if err = one(w.tx.Where("id = ?", id), &round, "assessment.round_unknown"); err != nil {
		return
	}
	if err = one(w.tx.Where("id = ?", round.UnitID), &office, "assessment.unit_unknown"); err != nil {
		return
	}
	var row models.ScoringScheme
	if err = one(w.tx.Where("id = ?", round.SchemeID), &row, "assessment.scheme_unknown"); err != nil {
		return
	}
	scheme, err = w.shelf.scheme(row)
	return
}

// assesses tells whether the actor scores for the office: they see what is not yet
// announced.
func (w *write) assesses(office models.Unit) bool { return w.may(editScore, office) }

func (w *write) may(permission rbac.Permission, unit models.Unit) bool {
	return w.actor.Access.AllowsAt(permission.Object, permission.Action, unit.Path)
}

// verifies tells whether the actor may verify the sheet: the office, and the assessors
// to whom the round gives the class.
func (w *write) verifies(p *paper) (bool, error) {
	if !w.assesses(p.office) {
		return false, nil
	}
	if w.may(manageRound, p.office) {
		return true, nil
	}
	var assigned int64
	err := w.tx.Model(&models.RoundAssessor{}).Where("round_id = ? AND user_id = ? AND class = ?", p.round.ID, w.actor.ID, p.sheet.Class).Count(&assigned).Error
	if err != nil {
		return false, fmt.Errorf("assessors of round %d: %w", p.round.ID, store.Translate(err))
	}
	return assigned > 0, nil
}
