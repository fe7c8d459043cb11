package assessment

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/store"
)

// IndicatorResult is how the units with a score did on one indicator: awards, deductions
// and auto indicators.
type IndicatorResult struct {
	*scoring.Indicator
	// Units are those to which it applies, Losing those of them that lost points.
	Units, Losing int
	// Possible are the points of all of them together, Lost what they lost.
	Possible, Lost scoring.Amount
	// Reasons are why points were lost, the most frequent first.
	Reasons []LossReason
	// States counts the duties that cost points, late and overdue ones.
	States map[rules.State]int
}

// LossReason is a deduction reason of the office with how many units it was given to and
// how many points they lost.
type LossReason struct {
	Text  string
	Units int
	Lost  scoring.Amount
}

// Kept is the share of the points possible that was not lost, in thousandths, cut off;
// known is false where no points were possible. What is taken beyond an indicator's own
// points leaves nothing of them.
func (r IndicatorResult) Kept() (thousandths int, known bool) {
	if r.Possible <= 0 {
		return 0, false
	}
	kept := max(r.Possible-r.Lost, 0)
	return int(kept.Decimal().Shift(3).Div(r.Possible.Decimal()).IntPart()), true
}

// Indicators returns how the units of a ranking did on each indicator, in the order of
// the scheme; of one class, or of all where it is empty. It is for who sees all units.
func (d *Desk) Indicators(ctx context.Context, r *Ranking, class string) ([]IndicatorResult, error) {
	if !r.All {
		return nil, models.NewError(models.NotFound, "assessment.round_unknown")
	}
	tally := indicatorTally{}
	w := d.look(ctx, compliance.Actor{})
	err := w.eachScored(r, class, func(p *paper) { tally.add(p) })
	if err != nil {
		return nil, err
	}
	return tally.results(r.Scheme), nil
}

// eachScored opens the sheets with a score one by one; their marks have only what the
// final score takes.
func (w *write) eachScored(r *Ranking, class string, f func(*paper)) error {
	papers, err := w.scoredPapers(r, class)
	if err != nil || len(papers) == 0 {
		return err
	}
	rows, err := w.tx.Table("sheet_marks m").Joins("JOIN sheets s ON s.id = m.sheet_id").Where("s.round_id = ?", r.Round.ID).
		Select("m.sheet_id, m.indicator, m.points, m.na, m.raised, m.reason, m.decided, m.final_points, m.final_na, m.final_raised").Rows()
	if err != nil {
		return fmt.Errorf("marks of round %d: %w", r.Round.ID, store.Translate(err))
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanMark(rows)
		if err != nil {
			return fmt.Errorf("mark of round %d: %w", r.Round.ID, err)
		}
		if p := papers[row.SheetID]; p != nil {
			p.marks[row.Indicator] = row
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("marks of round %d: %w", r.Round.ID, store.Translate(err))
	}
	for _, p := range papers {
		f(p)
	}
	return nil
}

// scanMark reads a row by itself: of a hundred thousand, reflection would be most of the
// work.
func scanMark(rows *sql.Rows) (models.SheetMark, error) {
	var m models.SheetMark
	err := rows.Scan(&m.SheetID, &m.Indicator, &m.Points, &m.NA, &m.Raised, &m.Reason, &m.Decided, &m.FinalPoints, &m.FinalNA, &m.FinalRaised)
	return m, err
}

// scoredPapers are the sheets with a score, by id, without marks.
func (w *write) scoredPapers(r *Ranking, class string) (map[uint64]*paper, error) {
	query := w.tx.Where("round_id = ? AND final IS NOT NULL", r.Round.ID)
	if class != "" {
		query = query.Where("class = ?", class)
	}
	var sheets []models.Sheet
	if err := query.Select("id, class, autos").Find(&sheets).Error; err != nil {
		return nil, fmt.Errorf("sheets of round %d: %w", r.Round.ID, store.Translate(err))
	}
	papers := make(map[uint64]*paper, len(sheets))
	for _, sheet := range sheets {
		p := &paper{sheet: sheet, scheme: r.Scheme, marks: map[string]models.SheetMark{}}
		var err error
		if p.autos, err = decodeAutos(sheet); err != nil {
			return nil, err
		}
		p.card, _ = r.Scheme.Card(sheet.Class)
		papers[sheet.ID] = p
	}
	return papers, nil
}

// indicatorTally adds up results by the ids of indicators.
type indicatorTally map[string]*talliedIndicator

type talliedIndicator struct {
	IndicatorResult
	reasons map[string]*LossReason
}

func (t indicatorTally) add(p *paper) {
	for _, part := range p.card.Explain(p.entries(finalView)).Parts {
		counts := part.Node.Method == scoring.MethodAward || part.Node.Method == scoring.MethodDeduct || part.Node.Method == scoring.MethodAuto
		if !counts || !part.Applicable {
			continue
		}
		one := t[part.Node.ID]
		if one == nil {
			one = &talliedIndicator{IndicatorResult{Indicator: part.Node.Indicator, States: map[rules.State]int{}}, map[string]*LossReason{}}
			t[part.Node.ID] = one
		}
		one.Units++
		one.Possible += part.Possible
		if part.Lost > 0 {
			one.lose(part, p.marks[part.Node.ID].Reason)
		}
	}
}

func (i *talliedIndicator) lose(part scoring.Part, reason string) {
	i.Losing++
	i.Lost += part.Lost
	for _, state := range []rules.State{rules.Late, rules.Overdue} {
		i.States[state] += part.Shares[state]
	}
	if reason == "" {
		return
	}
	if i.reasons[reason] == nil {
		i.reasons[reason] = &LossReason{Text: reason}
	}
	i.reasons[reason].Units++
	i.reasons[reason].Lost += part.Lost
}

// results lays the tally out in the order of the scheme.
func (t indicatorTally) results(scheme *scoring.Scheme) []IndicatorResult {
	var list []IndicatorResult
	var walk func([]scoring.Indicator)
	walk = func(indicators []scoring.Indicator) {
		for n := range indicators {
			if one := t[indicators[n].ID]; one != nil {
				for _, reason := range one.reasons {
					one.Reasons = append(one.Reasons, *reason)
				}
				slices.SortFunc(one.Reasons, moreOften)
				list = append(list, one.IndicatorResult)
			}
			walk(indicators[n].Children)
		}
	}
	walk(scheme.Indicators)
	return list
}

func moreOften(a, b LossReason) int {
	return cmp.Or(cmp.Compare(b.Units, a.Units), cmp.Compare(b.Lost, a.Lost), cmp.Compare(a.Text, b.Text))
}
