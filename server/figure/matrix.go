package figure

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// maxMatrixRows is how many units the picture of a matrix has; the table has all.
const maxMatrixRows = 40

// matrix is what is done of what is owed, by unit and obligation.
func (d *Desk) matrix(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	board, err := d.board(ctx, q)
	if err != nil {
		return nil, err
	}
	sum := compliance.Sum(board.Totals)
	if sum.Owed() == 0 {
		return noDuties(q), nil
	}
	f := &Figure{Finding: matrixFinding(board), Measure: rules.Reason{Key: "figures1.matrix.measure"}, Source: rules.Reason{Key: "figure.source.board"},
		Columns: []Column{{Key: "board.unit"}}}
	shown := furthestBehind(board.Rows)
	if len(shown) < len(board.Rows) {
		f.Measure = rules.Reason{Key: "figures1.matrix.measure_some", Args: models.Args("Shown", len(shown), "Units", len(board.Rows))}
	}
	for _, o := range board.Obligations {
		f.Columns = append(f.Columns, Column{Text: o.Title})
	}
	f.Columns = append(f.Columns, Column{Key: "board.completion"})
	for _, row := range board.Rows {
		f.Rows = append(f.Rows, matrixRow(row))
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return matrixChart(l, description, board, shown) }
	return f, nil
}

func matrixRow(row compliance.BoardRow) Row {
	line := Row{{row.Unit, &Behind{Unit: row.Unit.Code, Own: row.Own}}}
	for _, cell := range row.Cells {
		value := Value{}
		if cell.Owed() > 0 {
			value = Value{doneOf(cell), &Behind{Unit: row.Unit.Code, Own: row.Own, Obligation: cell.Obligation}}
		}
		line = append(line, value)
	}
	sum := compliance.Sum(row.Cells)
	return append(line, Value{Of: bulletin.RateOf(sum.Done(), sum.Owed())})
}

func doneOf(cell compliance.Cell) string { return fmt.Sprintf("%d/%d", cell.Done(), cell.Owed()) }

// percent is a rate as a number, to be drawn: the rate itself rounds it. It is nil where
// there is none.
func percent(part, whole int) *float64 {
	rate := bulletin.RateOf(part, whole)
	if rate == nil {
		return nil
	}
	value := float64(*rate) / 100
	return &value
}

// matrixFinding says how many units have done all, and who is furthest behind.
func matrixFinding(board *compliance.Board) rules.Reason {
	units, done := 0, 0
	for _, row := range board.Rows {
		if sum := compliance.Sum(row.Cells); sum.Owed() > 0 {
			units++
			if sum.Done() == sum.Owed() {
				done++
			}
		}
	}
	if done == units {
		return rules.Reason{Key: "figures1.matrix.all", Args: models.Args("Units", units)}
	}
	last := furthestBehind(board.Rows)[0]
	sum := compliance.Sum(last.Cells)
	return rules.Reason{Key: "figures1.matrix.finding", Args: models.Args("Done", done, "Units", units, "Unit", organizationName(last.Unit),
		"Rate", bulletin.RateOf(sum.Done(), sum.Owed()))}
}

// furthestBehind are the units that owe anything and have done least of it; as many as
// can be drawn, the least first.
func furthestBehind(rows []compliance.BoardRow) []compliance.BoardRow {
	owing := slices.DeleteFunc(slices.Clone(rows), func(row compliance.BoardRow) bool { return compliance.Sum(row.Cells).Owed() == 0 })
	slices.SortStableFunc(owing, func(a, b compliance.BoardRow) int {
		one, other := compliance.Sum(a.Cells), compliance.Sum(b.Cells)
		return cmp.Compare(one.Done()*other.Owed(), other.Done()*one.Owed())
	})
	return owing[:min(len(owing), maxMatrixRows)]
}

func matrixChart(l *frontend.Locale, description string, board *compliance.Board, shown []compliance.BoardRow) charts.HeatChart {
	chart := charts.HeatChart{Description: description, Bands: charts.Steps([]float64{50, 80, 100},
		[]string{l.Text("figures1.band.below", models.Args("To", 50)), "50–80%", "80–100%", "100%"}, charts.CompletionColors)}
	for _, o := range board.Obligations {
		chart.Columns = append(chart.Columns, l.Value(o.Title))
	}
	for i, row := range shown {
		name := l.Value(organizationName(row.Unit))
		chart.Rows = append(chart.Rows, name)
		for j, cell := range row.Cells {
			if cell.Owed() > 0 {
				chart.Cells = append(chart.Cells, charts.HeatCell{Column: j, Row: i, Percent: *percent(cell.Done(), cell.Owed()), Text: doneOf(cell),
					Words: l.Text("figures1.matrix.cell", models.Args("Unit", name, "Title", chart.Columns[j], "Done", cell.Done(), "Owed", cell.Owed(), "Overdue", cell.Overdue))})
			}
		}
	}
	return chart
}
