package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Progress counts sheets of a round by where they stand.
type Progress struct {
	Sheets, Self, Submitted, Verified int
	// Ready are the verified sheets that miss no mark, SelfMissing and Missing the
	// indicators without a self or a verified score.
	Ready, SelfMissing, Missing int
}

// Done tells that all sheets are ready to be announced.
func (p Progress) Done() bool { return p.Sheets > 0 && p.Ready == p.Sheets }

func (p *Progress) add(q Progress) {
	p.Sheets, p.Self, p.Submitted, p.Verified = p.Sheets+q.Sheets, p.Self+q.Self, p.Submitted+q.Submitted, p.Verified+q.Verified
	p.Ready, p.SelfMissing, p.Missing = p.Ready+q.Ready, p.SelfMissing+q.SelfMissing, p.Missing+q.Missing
}

// RoundLine is a round in a list, with the edition of the scheme that it scores by.
type RoundLine struct {
	models.Round
	Scheme models.ScoringScheme
	Progress
}

// UnitSheet is the sheet of a unit in a round of an office above it. What the office has
// found is left out until it is announced.
type UnitSheet struct {
	models.Sheet
	Round  models.Round
	Office models.Unit
}

// UnitRounds are the rounds that a unit holds and the sheets that it has in others.
type UnitRounds struct {
	Held   []RoundLine
	Sheets []UnitSheet
}

// Rounds lists the rounds of a unit, latest first. A unit outside what the actor may see
// is NotFound.
func (d *Desk) Rounds(ctx context.Context, actor compliance.Actor, unit string) (*UnitRounds, error) {
	w := d.look(ctx, actor)
	office, err := w.unit(unit, readScore, readScore)
	if err != nil {
		return nil, err
	}
	list := &UnitRounds{}
	if list.Held, err = w.held(office); err != nil {
		return nil, err
	}
	list.Sheets, err = w.unitSheets(office)
	return list, err
}

// held lists the rounds of an office with their schemes and progress.
func (w *write) held(office models.Unit) ([]RoundLine, error) {
	var rounds []models.Round
	if err := w.tx.Where("unit_id = ?", office.ID).Order("year DESC, id DESC").Find(&rounds).Error; err != nil {
		return nil, fmt.Errorf("rounds of %s: %w", office.Code, store.Translate(err))
	}
	lines := make([]RoundLine, len(rounds))
	ids, schemes := make([]uint64, len(rounds)), make([]uint64, len(rounds))
	for i, round := range rounds {
		lines[i].Round, ids[i], schemes[i] = round, round.ID, round.SchemeID
	}
	editions, err := w.editions(schemes)
	if err != nil {
		return nil, err
	}
	counts, err := w.progress(ids)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		lines[i].Scheme = editions[lines[i].SchemeID]
		for _, count := range counts {
			if count.RoundID == lines[i].ID {
				lines[i].add(count.Progress)
			}
		}
	}
	return lines, nil
}

// editions reads rows of schemes by id, without their sources.
func (w *write) editions(ids []uint64) (map[uint64]models.ScoringScheme, error) {
	var rows []models.ScoringScheme
	if err := w.tx.Omit("source").Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("schemes of rounds: %w", store.Translate(err))
	}
	editions := make(map[uint64]models.ScoringScheme, len(rows))
	for _, row := range rows {
		editions[row.ID] = row
	}
	return editions, nil
}

// classCount is the progress of a class of a round.
type classCount struct {
	RoundID uint64
	Class   string
	Progress
}

// progress counts the sheets of rounds by class, in one query.
func (w *write) progress(rounds []uint64) ([]classCount, error) {
	var counts []classCount
	err := w.tx.Model(&models.Sheet{}).Where("round_id IN ?", rounds).Group("round_id, class").Order("round_id, class").
		Select("round_id, class, COUNT(*) AS sheets, SUM(CASE WHEN status = ? THEN 1 ELSE 0 END) AS self, SUM(CASE WHEN status = ? THEN 1 ELSE 0 END) AS submitted,"+
			" SUM(CASE WHEN status = ? THEN 1 ELSE 0 END) AS verified, SUM(CASE WHEN status = ? AND missing = 0 THEN 1 ELSE 0 END) AS ready,"+
			" SUM(self_missing) AS self_missing, SUM(missing) AS missing",
			models.SheetSelf, models.SheetSubmitted, models.SheetVerified, models.SheetVerified).
		Scan(&counts).Error
	if err != nil {
		return nil, fmt.Errorf("progress of rounds: %w", store.Translate(err))
	}
	return counts, nil
}

// unitSheets lists the sheets of a unit, latest round first, with totals that are in step
// with duties.
func (w *write) unitSheets(unit models.Unit) ([]UnitSheet, error) {
	var sheets []models.Sheet
	err := w.tx.Where("unit_id = ?", unit.ID).Order("round_id DESC").Find(&sheets).Error
	if err != nil {
		return nil, fmt.Errorf("sheets of %s: %w", unit.Code, store.Translate(err))
	}
	list := make([]UnitSheet, len(sheets))
	for i, sheet := range sheets {
		line := UnitSheet{Sheet: sheet}
		if err = one(w.tx.Where("id = ?", sheet.RoundID), &line.Round, "assessment.round_unknown"); err != nil {
			return nil, err
		}
		if err = one(w.tx.Where("id = ?", line.Round.UnitID), &line.Office, "assessment.unit_unknown"); err != nil {
			return nil, err
		}
		if line.Round.Status == models.RoundScoring {
			if line.Sheet, err = w.asOfNow(sheet, unit); err != nil {
				return nil, err
			}
		}
		line.Sheet = w.disclosed(line.Sheet, line.Round, line.Office)
		list[i] = line
	}
	return list, nil
}

// asOfNow is a sheet of the unit scored by its duties as they are now.
func (w *write) asOfNow(sheet models.Sheet, unit models.Unit) (models.Sheet, error) {
	p := &paper{sheet: sheet, unit: unit}
	if err := w.open(p); err != nil {
		return sheet, err
	}
	err := p.rescore()
	return p.sheet, err
}

// disclosed leaves out of a sheet what the office has found, as long as only those who
// score for it may see that.
func (w *write) disclosed(sheet models.Sheet, round models.Round, office models.Unit) models.Sheet {
	if round.Status != models.RoundScoring || w.assesses(office) {
		return sheet
	}
	sheet.Verified, sheet.Final, sheet.Grade, sheet.ByVeto, sheet.Missing = nil, nil, -1, false, sheet.Entries
	return sheet
}

// SheetsOf returns all sheets of a round by unit, as a step of a replay sees them: for the
// program itself.
func (d *Desk) SheetsOf(ctx context.Context, round uint64) ([]models.Sheet, error) {
	var sheets []models.Sheet
	err := d.write(ctx, compliance.Actor{}, func(w *write) error {
		if err := w.tx.Where("round_id = ?", round).Order("unit_id").Find(&sheets).Error; err != nil {
			return fmt.Errorf("sheets of round %d: %w", round, store.Translate(err))
		}
		return nil
	})
	return sheets, err
}
