package figure

import (
	"context"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// states is the number of duties in each state, for each obligation of the unit's board.
func (d *Desk) states(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	board, err := d.board(ctx, q)
	if err != nil {
		return nil, err
	}
	if compliance.Sum(board.Totals).Total() == 0 {
		return noDuties(q), nil
	}
	f := &Figure{Finding: BoardFinding(board), Measure: rules.Reason{Key: "figure.measure.duties"}, Source: rules.Reason{Key: "figure.source.board"},
		Columns: []Column{{Key: "board.obligation"}}}
	for _, state := range rules.States {
		f.Columns = append(f.Columns, Column{Key: "state." + string(state)})
	}
	f.Columns = append(f.Columns, Column{Key: "board.completion"})
	for i, obligation := range board.Obligations {
		f.Rows = append(f.Rows, statesRow(q, obligation, board.Totals[i]))
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return statesChart(l, description, board) }
	return f, nil
}

// board is the board that several figures are made of.
func (d *Desk) board(ctx context.Context, q Query) (*compliance.Board, error) {
	return d.Ledger.Board(ctx, compliance.BoardQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Policy: q.Policy})
}

// noDuties is the figure of a unit whose year has no duties.
func noDuties(q Query) *Figure {
	return &Figure{Finding: rules.Reason{Key: "board.finding_empty"},
		Empty: &Empty{Reason: rules.Reason{Key: "board.empty", Args: models.Args("Unit", organizationName(q.Unit), "Year", q.Year)}}}
}

func statesRow(q Query, obligation compliance.ObligationRef, cell compliance.Cell) Row {
	row := Row{{Of: obligation.Title, Behind: &Behind{Unit: q.Unit.Code, Obligation: obligation.Code}}}
	for _, state := range rules.States {
		row = append(row, Value{cell.Count(state), &Behind{Unit: q.Unit.Code, Obligation: obligation.Code, State: state}})
	}
	return append(row, Value{Of: bulletin.RateOf(cell.Done(), cell.Owed())})
}

// BoardFinding says in one sentence what a board shows: where most is overdue, else how
// much is done.
func BoardFinding(board *compliance.Board) rules.Reason {
	sum := compliance.Sum(board.Totals)
	worst, behind := 0, 0
	for i, cell := range board.Totals {
		if cell.Overdue > 0 {
			behind++
		}
		if cell.Overdue > board.Totals[worst].Overdue {
			worst = i
		}
	}
	switch {
	case sum.Total() == 0:
		return rules.Reason{Key: "board.finding_empty"}
	case behind > 0:
		return rules.Reason{Key: "board.finding_overdue", Args: models.Args("Count", behind,
			"Title", board.Obligations[worst].Title, "Overdue", board.Totals[worst].Overdue)}
	case sum.Done() == sum.Owed():
		return rules.Reason{Key: "board.finding_done", Args: models.Args("Owed", sum.Owed())}
	default:
		return rules.Reason{Key: "board.finding_on_course", Args: models.Args("Done", sum.Done(), "Owed", sum.Owed())}
	}
}

func statesChart(l *frontend.Locale, description string, board *compliance.Board) charts.StateChart {
	chart := charts.StateChart{Description: description}
	for _, obligation := range board.Obligations {
		chart.Obligations = append(chart.Obligations, l.Value(obligation.Title))
	}
	for _, state := range rules.States {
		series := charts.Series{State: string(state), Name: l.Text("state."+string(state), nil)}
		for _, cell := range board.Totals {
			series.Counts = append(series.Counts, cell.Count(state))
		}
		chart.Series = append(chart.Series, series)
	}
	return chart
}
