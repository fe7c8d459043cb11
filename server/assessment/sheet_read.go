package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// SheetView is a sheet as somebody may see it. Who does not score for the office sees
// nothing of the verified and the final score before the result is announced: those
// columns of Sheet and of the marks are empty then.
type SheetView struct {
	Sheet  models.Sheet
	Round  models.Round
	Unit   models.Unit
	Office models.Unit
	Scheme *scoring.Scheme
	Card   *scoring.Card
	// Lines are in the order of the card's nodes.
	Lines []SheetLine
	// Self, Verified and Final open the three totals; nil where they are not seen.
	Self, Verified, Final *scoring.Arithmetic
	// Submitted and Done tell who handed the sheet in and who verified it, if anybody.
	Submitted, Done string

	// CanSelf lets the actor enter self scores and submit, CanVerify enter verified ones,
	// return and complete, CanResume take a verified sheet up again. SeesVerified tells
	// that they see what is verified, Assesses that they score for the office.
	CanSelf, CanVerify, CanReturn, CanResume, SeesVerified, Assesses bool
	// SelfOver tells that the last day of self scoring is over: a sheet that was not
	// submitted never will be.
	SelfOver bool
	// AcceptNotes is how many marks lose points or do not apply and have no note of the
	// unit: taking over its scores needs a reason for them. Accepts is how many it takes.
	Accepts, AcceptNotes int
	// Before and After are the sheets of the class next to it, for those who score.
	Before, After *models.Sheet
}

// SheetLine is an indicator of a sheet with what is entered for it.
type SheetLine struct {
	Node scoring.Node
	// Mark has the indicator's marks, its version being 0 where nothing is entered; a
	// group has none.
	Mark models.SheetMark
	// Self, Verified and Final are its parts of the totals; nil where they are not seen.
	Self, Verified, Final *scoring.Part
	// SelfMissing and Missing tell that the award has no score yet.
	SelfMissing, Missing bool
	// Duties are those that an auto indicator is scored by.
	Duties []AutoDuty
	Files  []FileView
}

// Sheet returns a sheet as the actor may see it: NotFound where they may not.
func (d *Desk) Sheet(ctx context.Context, actor compliance.Actor, id uint64) (*SheetView, error) {
	w := d.look(ctx, actor)
	p, err := w.paper(id)
	if err != nil {
		return nil, err
	}
	v, err := w.viewOf(p)
	if err != nil {
		return nil, err
	}
	if err := w.addNeighbours(v); err != nil {
		return nil, err
	}
	return v, w.addNames(v)
}

// viewOf shows the paper as it is now to the actor.
func (w *write) viewOf(p *paper) (*SheetView, error) {
	// Duties may have changed since the sheet was scored last.
	if err := p.rescore(); err != nil {
		return nil, err
	}
	verifies, err := w.verifies(p)
	if err != nil {
		return nil, err
	}
	scoring := p.round.Status == models.RoundScoring
	v := &SheetView{Sheet: p.sheet, Round: p.round, Unit: p.unit, Office: p.office, Scheme: p.scheme, Card: p.card,
		Assesses: w.assesses(p.office), SelfOver: w.today > p.round.SelfUntil}
	v.SeesVerified = v.Assesses || !scoring
	v.CanSelf = w.may(scoreSelf, p.unit) && w.takesSelf(p) == nil
	v.CanVerify = verifies && w.takesMarks(p) == nil
	v.CanReturn = verifies && w.takesReturn(p) == nil
	v.CanResume = verifies && p.takesResume() == nil
	if !v.SeesVerified {
		hideVerified(&v.Sheet)
	}
	files, err := w.filesOfSheet(p.sheet.ID)
	if err != nil {
		return nil, err
	}
	v.open(p, files)
	if v.CanVerify {
		open, notes := p.acceptable()
		v.Accepts, v.AcceptNotes = len(open), notes
	}
	return v, nil
}

// hideVerified takes out of a sheet what only the office sees before the announcement.
func hideVerified(s *models.Sheet) {
	s.Verified, s.Final, s.Grade, s.ByVeto, s.Missing = nil, nil, -1, false, 0
}

// open adds the lines, and the arithmetic of the totals that are seen.
func (v *SheetView) open(p *paper, files map[string][]FileView) {
	self := p.card.Explain(p.entries(selfView))
	v.Self = &self
	if v.SeesVerified {
		verified, final := p.card.Explain(p.entries(verifiedView)), p.card.Explain(p.entries(finalView))
		v.Verified, v.Final = &verified, &final
	}
	for n, node := range p.card.Nodes {
		line := SheetLine{Node: node, Self: &v.Self.Parts[n]}
		if v.SeesVerified {
			line.Verified, line.Final = &v.Verified.Parts[n], &v.Final.Parts[n]
		}
		if node.Leaf >= 0 {
			line.Mark = seenMark(p.marks[node.ID], v.SeesVerified)
			line.SelfMissing = missing(line.Self)
			line.Missing = v.SeesVerified && missing(line.Verified)
			line.Files = files[node.ID]
			if node.Method == scoring.MethodAuto {
				line.Duties = p.autos.of(p.card.Leaves[node.Leaf])
			}
		}
		v.Lines = append(v.Lines, line)
	}
}

// missing tells that a part is an award without a mark.
func missing(part *scoring.Part) bool {
	return part.Node.Method == scoring.MethodAward && part.Applicable && !part.Mark.Given
}

// seenMark is a mark without what the actor does not see of it.
func seenMark(row models.SheetMark, verified bool) models.SheetMark {
	if verified {
		return row
	}
	return models.SheetMark{ID: row.ID, SheetID: row.SheetID, Indicator: row.Indicator, Version: row.Version,
		SelfPoints: row.SelfPoints, SelfNA: row.SelfNA, SelfNote: row.SelfNote, SelfURL: row.SelfURL, SelfBy: row.SelfBy, SelfAt: row.SelfAt}
}

// addNeighbours finds the sheets of the class before and after this one, by the units'
// codes, among those that the actor may read.
func (w *write) addNeighbours(v *SheetView) error {
	if !v.Assesses {
		return nil
	}
	find := func(compare, order string) (*models.Sheet, error) {
		var sheet models.Sheet
		query := w.tx.Table("sheets s").Joins("JOIN units u ON u.id = s.unit_id").
			Where("s.round_id = ? AND s.class = ? AND u.code "+compare+" ?", v.Round.ID, v.Sheet.Class, v.Unit.Code)
		query = w.actor.Access.Scope(readScore.Object, readScore.Action).Where(query, "u.path")
		found := query.Select("s.id, s.unit_id, s.unit_name").Order("u.code " + order).Limit(1).Scan(&sheet)
		if found.Error != nil {
			return nil, fmt.Errorf("sheets next to %d: %w", v.Sheet.ID, store.Translate(found.Error))
		}
		if sheet.ID == 0 {
			return nil, nil
		}
		return &sheet, nil
	}
	var err error
	if v.Before, err = find("<", "DESC"); err != nil {
		return err
	}
	v.After, err = find(">", "ASC")
	return err
}

// addNames tells who handed the sheet in and who verified it.
func (w *write) addNames(v *SheetView) error {
	var err error
	if v.Submitted, err = w.nameOf(v.Sheet.SubmittedBy); err != nil {
		return err
	}
	v.Done, err = w.nameOf(v.Sheet.VerifiedBy)
	return err
}

// nameOf returns the name of a user, empty for the program itself.
func (w *write) nameOf(id *uint64) (string, error) {
	if id == nil {
		return "", nil
	}
	var user models.User
	if err := w.tx.Select("id, name").Where("id = ?", *id).Limit(1).Find(&user).Error; err != nil {
		return "", fmt.Errorf("user %d: %w", *id, store.Translate(err))
	}
	return user.Name, nil
}
