package assessment

import (
	"fmt"

	"sundial/models"
	"sundial/server/desk"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/store"
)

// desk is the write as other desks know it.
func (w *write) desk() *desk.Write {
	return &desk.Write{TX: w.tx, Actor: w.actor, At: w.at, Today: w.today, Looks: w.looks}
}

// Rectified tells of rectifications of points lost, by their ids, from which indicator of
// which round they come, and what it loses by now. Whoever reads the rectification reads
// this.
func (d *Desk) Rectified(from *desk.Write, rows []models.Rectification) (map[uint64]rectification.ScoreOrigin, error) {
	w := &write{Desk: d, tx: from.TX, actor: from.Actor, at: from.At, today: from.Today, looks: true}
	papers, err := w.decidedPapers(rows)
	if err != nil {
		return nil, err
	}
	origins := make(map[uint64]rectification.ScoreOrigin, len(rows))
	type played struct {
		round  models.Round
		scheme *scoring.Scheme
	}
	rounds := map[uint64]played{}
	for _, row := range rows {
		r, known := rounds[*row.RoundID]
		if !known {
			if r.round, _, r.scheme, err = w.roundOf(*row.RoundID); err != nil {
				return nil, err
			}
			rounds[*row.RoundID] = r
		}
		origin := rectification.ScoreOrigin{Round: r.round, Indicator: rules.Text{ZH: row.Indicator, EN: row.Indicator}, Lost: row.Lost, Raised: row.Lost == 0}
		if indicator, found := r.scheme.Find(row.Indicator); found {
			origin.Indicator = indicator.Title
		}
		if p := papers[*row.SheetID]; p != nil {
			origin.Lost, origin.Raised = p.losesNow(row.Indicator)
		}
		origins[row.ID] = origin
	}
	return origins, nil
}

// losesNow is what an indicator loses in the final score, and whether its veto is raised.
func (p *paper) losesNow(indicator string) (int64, bool) {
	for _, part := range p.card.Explain(p.entries(finalView)).Parts {
		if part.Node.Leaf >= 0 && p.card.Leaves[part.Node.Leaf].ID == indicator {
			return max(int64(part.Lost), 0), part.Mark.Raised
		}
	}
	return 0, false
}

// decidedPapers opens the sheets of the rows on which an appeal was upheld: nothing else
// changes what was lost once a result is announced.
func (w *write) decidedPapers(rows []models.Rectification) (map[uint64]*paper, error) {
	papers := map[uint64]*paper{}
	for start := 0; start < len(rows); start += batch {
		part := rows[start:min(start+batch, len(rows))]
		ids := make([]uint64, len(part))
		for i, row := range part {
			ids[i] = *row.SheetID
		}
		var sheets []models.Sheet
		decided := w.tx.Model(&models.SheetMark{}).Select("sheet_id").Where("sheet_id IN ? AND decided = ?", ids, true)
		if err := w.tx.Where("id IN (?)", decided).Find(&sheets).Error; err != nil {
			return nil, fmt.Errorf("decided sheets of rectifications: %w", store.Translate(err))
		}
		for _, sheet := range sheets {
			p := &paper{sheet: sheet}
			if err := w.open(p); err != nil {
				return nil, err
			}
			papers[sheet.ID] = p
		}
	}
	return papers, nil
}
