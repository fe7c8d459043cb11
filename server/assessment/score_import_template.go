package assessment

import (
	"context"
	"io"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/scoring"
)

// ScoreChoice is what files of scores of a round the actor may send: of which sides, and
// the classes whose templates they fill in.
type ScoreChoice struct {
	Round  models.Round
	Office models.Unit
	Scheme *scoring.Scheme
	// Open tells that the round takes scores; Sides are those of the actor.
	Open  bool
	Sides []ScoreSideChoice
}

// ScoreSideChoice is a side whose scores the actor may send, with how many of their sheets
// each class has.
type ScoreSideChoice struct {
	Side    models.ScoreSide
	Classes []ScoreClassChoice
}

// ScoreClassChoice is a class with its sheets.
type ScoreClassChoice struct {
	Class  scoring.Class
	Sheets int
}

// ScoreChoice says what files of scores of the round the actor may send: of no side when
// they have no sheet in it, and no class is theirs to verify.
func (d *Desk) ScoreChoice(ctx context.Context, actor compliance.Actor, round uint64) (*ScoreChoice, error) {
	w := d.look(ctx, actor)
	at, err := w.scoreRound(round)
	if err != nil {
		return nil, err
	}
	choice := &ScoreChoice{Round: at.round, Office: at.office, Scheme: at.scheme, Open: at.round.Status == models.RoundScoring}
	for _, side := range []models.ScoreSide{models.OfficeSide, models.SelfSide} {
		papers, err := w.mine(at, side)
		if err != nil {
			return nil, err
		}
		if len(papers) == 0 {
			continue
		}
		of := ScoreSideChoice{Side: side}
		for _, class := range at.scheme.Classes {
			count := 0
			for _, sheet := range papers {
				if sheet.Class == class.ID {
					count++
				}
			}
			if count > 0 {
				of.Classes = append(of.Classes, ScoreClassChoice{class, count})
			}
		}
		choice.Sides = append(choice.Sides, of)
	}
	return choice, nil
}

// mine lists the sheets whose scores of a side the actor may send.
func (w *write) mine(at scoreRound, side models.ScoreSide) ([]models.Sheet, error) {
	if side == models.SelfSide {
		sheets, _, err := w.sheetsOf(at, scoreSelf, false)
		return sheets, err
	}
	if !w.assesses(at.office) {
		return nil, nil
	}
	sheets, _, err := w.sheetsOf(at, rbac.Permission{}, true)
	if err != nil {
		return nil, err
	}
	verifies := map[string]bool{}
	for _, class := range at.scheme.Classes {
		p := &paper{sheet: models.Sheet{Class: class.ID}, round: at.round, office: at.office}
		if verifies[class.ID], err = w.verifies(p); err != nil {
			return nil, err
		}
	}
	var mine []models.Sheet
	for _, sheet := range sheets {
		if verifies[sheet.Class] {
			mine = append(mine, sheet)
		}
	}
	return mine, nil
}

// WriteScoreTemplate writes a workbook to fill in, for the sheets of a class (all classes
// when it is empty) whose scores of the side the actor may send: a row for each
// indicator that is entered by hand, with what is entered so far. Without a side it is the
// one that the actor usually sends.
func (d *Desk) WriteScoreTemplate(ctx context.Context, actor compliance.Actor, round uint64, side models.ScoreSide, class string, to io.Writer, lang exchange.Language) error {
	w := d.look(ctx, actor)
	if side == "" {
		side = w.usualSide(round)
	}
	at, err := w.mayImport(round, side)
	if err != nil {
		return err
	}
	sheets, err := w.mine(at, side)
	if err != nil {
		return err
	}
	_, units, err := w.sheetsOf(at, rbac.Permission{}, true)
	if err != nil {
		return err
	}
	file, err := exchange.NewWriter(to, exchange.XLSX, scoreTable(side), lang)
	if err != nil {
		return err
	}
	defer file.Abort()
	for start := 0; start < len(sheets); start += batch {
		papers, err := w.paperBatch(at, sheets[start:min(start+batch, len(sheets))], units)
		if err != nil {
			return err
		}
		for _, p := range papers {
			if class != "" && p.sheet.Class != class {
				continue
			}
			if err := p.writeTemplate(file, side, lang); err != nil {
				return err
			}
		}
	}
	return file.Close()
}

// usualSide is the office's for those who score there, else the unit's own.
func (w *write) usualSide(round uint64) models.ScoreSide {
	if at, err := w.scoreRound(round); err == nil && w.assesses(at.office) {
		return models.OfficeSide
	}
	return models.SelfSide
}

func (p *paper) writeTemplate(file *exchange.Writer, side models.ScoreSide, lang exchange.Language) error {
	for _, leaf := range p.card.Leaves {
		byHand := leaf.Method != scoring.MethodAuto && (side != models.SelfSide || leaf.Method != scoring.MethodVeto)
		if !byHand {
			continue
		}
		row := p.marks[leaf.ID]
		values := []any{p.unit.Code, p.sheet.UnitName, leaf.ID, leaf.Title.In(lang.Tag), lang.Text("scores.method."+string(leaf.Method), nil), fullText(leaf)}
		if side == models.SelfSide {
			values = append(values, pointsValue(row.SelfPoints), yesValue(row.SelfNA), row.SelfNote, row.SelfURL)
		} else {
			values = append(values, pointsValue(row.Points), yesValue(row.NA), yesValue(row.Raised), row.Reason)
		}
		if err := file.Write(values...); err != nil {
			return err
		}
	}
	return nil
}

// pointsValue and yesValue leave blank what was not entered.
func pointsValue(points *int64) any {
	if points == nil {
		return nil
	}
	return scoring.Amount(*points).Decimal()
}

func yesValue(yes bool) any {
	if !yes {
		return nil
	}
	return true
}

// fullText is what an indicator is out of; a veto has no points.
func fullText(leaf scoring.Leaf) string {
	if leaf.Method == scoring.MethodVeto {
		return ""
	}
	return leaf.Points.String()
}
