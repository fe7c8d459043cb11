package assessment

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// Freshen brings the totals of a round's sheets in step with the duties that auto
// indicators are scored by. Who shows or ranks totals calls it first. It costs one query
// while nothing has changed, and does nothing once the round is announced. Nobody has
// acted, so that versions stay and the audit log has nothing of it.
func (d *Desk) Freshen(ctx context.Context, round uint64) error {
	look := d.look(ctx, compliance.Actor{})
	row, _, scheme, err := look.roundOf(round)
	if err != nil || row.Status != models.RoundScoring {
		return err
	}
	changed, err := look.staleSheets(row, scheme)
	if err != nil || len(changed) == 0 {
		return err
	}
	for start := 0; start < len(changed); start += batch {
		some := changed[start:min(start+batch, len(changed))]
		err := d.write(ctx, compliance.Actor{}, func(w *write) error { return w.freshen(round, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// staleSheets lists the sheets of the round whose duties are others than those they were
// scored by last.
func (w *write) staleSheets(round models.Round, scheme *scoring.Scheme) ([]uint64, error) {
	if len(scheme.Obligations()) == 0 {
		return nil, nil
	}
	autos, err := w.autosOf(round, scheme, w.tx.Model(&models.Sheet{}).Where("round_id = ?", round.ID).Select("unit_id"))
	if err != nil {
		return nil, err
	}
	var sheets []models.Sheet
	if err := w.tx.Where("round_id = ?", round.ID).Select("id", "unit_id", "autos").Order("id").Find(&sheets).Error; err != nil {
		return nil, fmt.Errorf("sheets of round %d: %w", round.ID, store.Translate(err))
	}
	var stale []uint64
	for _, sheet := range sheets {
		now, err := autos[sheet.UnitID].encode()
		if err != nil {
			return nil, err
		}
		if now != sheet.Autos {
			stale = append(stale, sheet.ID)
		}
	}
	return stale, nil
}

// freshen scores the sheets again, unless the round has been announced meanwhile.
func (w *write) freshen(id uint64, sheets []uint64) error {
	if err := w.holdRound(id); err != nil {
		return err
	}
	round, _, scheme, err := w.roundOf(id)
	if err != nil || round.Status != models.RoundScoring {
		return err
	}
	var rows []models.Sheet
	if err := w.locked().Where("id IN ?", sheets).Order("id").Find(&rows).Error; err != nil {
		return fmt.Errorf("sheets of round %d: %w", id, err)
	}
	autos, err := w.autosOf(round, scheme, unitsOf(rows))
	if err != nil {
		return err
	}
	return w.rescoreAll(round, scheme, rows, autos)
}

// rescoreAll computes the sheets from their marks and the duties, and stores those that
// come to something else; marks are read at once.
func (w *write) rescoreAll(round models.Round, scheme *scoring.Scheme, sheets []models.Sheet, autos map[uint64]autoDuties) error {
	ids := make([]uint64, len(sheets))
	for i, sheet := range sheets {
		ids[i] = sheet.ID
	}
	marks, err := w.marksOf(ids)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		p := &paper{sheet: sheet, round: round, scheme: scheme, marks: marks[sheet.ID], autos: autos[sheet.UnitID]}
		var found bool
		if p.card, found = scheme.Card(sheet.Class); !found {
			return fmt.Errorf("sheet %d: the scheme %s has no class %s", sheet.ID, scheme.ID, sheet.Class)
		}
		if err := p.rescore(); err != nil {
			return err
		}
		if err := w.saveTotals(sheet, p.sheet); err != nil {
			return err
		}
	}
	return nil
}

// totals are the columns of a sheet that are computed.
var totals = []string{"self", "verified", "final", "grade", "by_veto", "entries", "self_missing", "missing", "autos"}

// saveTotals stores what is computed of a sheet when it differs; its version stays, since
// nobody has written to it.
func (w *write) saveTotals(before, now models.Sheet) error {
	if sameTotals(before, now) {
		return nil
	}
	if err := w.tx.Model(&models.Sheet{ID: now.ID}).Select(totals).Updates(now).Error; err != nil {
		return fmt.Errorf("totals of sheet %d: %w", now.ID, err)
	}
	return nil
}

func sameTotals(a, b models.Sheet) bool {
	same := func(x, y *int64) bool { return x == y || x != nil && y != nil && *x == *y }
	return same(a.Self, b.Self) && same(a.Verified, b.Verified) && same(a.Final, b.Final) && a.Grade == b.Grade && a.ByVeto == b.ByVeto &&
		a.Entries == b.Entries && a.SelfMissing == b.SelfMissing && a.Missing == b.Missing && a.Autos == b.Autos
}

// marksOf reads the marks of sheets, by sheet and indicator.
func (w *write) marksOf(sheets []uint64) (map[uint64]map[string]models.SheetMark, error) {
	marks := make(map[uint64]map[string]models.SheetMark, len(sheets))
	for _, id := range sheets {
		marks[id] = map[string]models.SheetMark{}
	}
	var rows []models.SheetMark
	if err := w.tx.Where("sheet_id IN ?", sheets).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("marks of sheets: %w", store.Translate(err))
	}
	for _, row := range rows {
		marks[row.SheetID][row.Indicator] = row
	}
	return marks, nil
}

func unitsOf(sheets []models.Sheet) []uint64 {
	ids := make([]uint64, len(sheets))
	for i, sheet := range sheets {
		ids[i] = sheet.UnitID
	}
	return ids
}

// eachBatch calls f with the sheets of a round, locked, a batch at a time.
func (w *write) eachBatch(round models.Round, f func([]models.Sheet) error) error {
	last := uint64(0)
	for {
		var sheets []models.Sheet
		if err := w.locked().Where("round_id = ? AND id > ?", round.ID, last).Order("id").Limit(batch).Find(&sheets).Error; err != nil {
			return fmt.Errorf("sheets of round %d: %w", round.ID, err)
		}
		if len(sheets) == 0 {
			return nil
		}
		if err := f(sheets); err != nil {
			return err
		}
		last = sheets[len(sheets)-1].ID
	}
}
