package figure

import (
	"cmp"
	"context"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// maxOpened is how many units the map of what is overdue divides into those below: each
// costs a board.
const maxOpened = 20

// late is a unit with overdue duties, and those below it.
type late struct {
	row   compliance.BoardRow
	sum   compliance.Cell
	parts []late
}

// overdue is the units below by their overdue duties.
func (d *Desk) overdue(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	board, err := d.board(ctx, q)
	if err != nil {
		return nil, err
	}
	sum := compliance.Sum(board.Totals)
	switch {
	case sum.Total() == 0:
		return &Figure{Finding: rules.Reason{Key: "figure.states.none"}, Empty: noDuties(q)}, nil
	case sum.Overdue == 0:
		return &Figure{Finding: rules.Reason{Key: "figures1.overdue.none"},
			Empty: &Empty{Reason: rules.Reason{Key: "figures1.overdue.empty", Args: models.Args("Unit", organizationName(q.Unit), "Pending", sum.Pending)}}}, nil
	}
	list := lateOf(board)
	for i := range list {
		if i < maxOpened && list[i].row.HasChildren {
			below := q
			below.Unit = list[i].row.Unit
			inside, err := d.board(ctx, below)
			if err != nil {
				return nil, err
			}
			list[i].parts = lateOf(inside)
		}
	}
	f := &Figure{Measure: rules.Reason{Key: "figures1.overdue.measure"}, Source: rules.Reason{Key: "figure.source.board"},
		Columns: []Column{{Key: "board.unit"}, {Key: "state.overdue"}, {Key: "figures1.owed"}, {Key: "figures1.overdue.share"}, {Key: "figures1.overdue.most"}},
		Finding: rules.Reason{Key: "figures1.overdue.finding", Args: models.Args("Units", len(list), "Overdue", sum.Overdue,
			"Unit", organizationName(list[0].row.Unit), "Most", list[0].sum.Overdue)}}
	for _, one := range list {
		f.Rows = append(f.Rows, overdueRow(board, one))
	}
	f.draw = func(l *frontend.Locale, description string) Chart {
		return charts.TreeChart{Description: description, Fields: treeFields(l, list)}
	}
	return f, nil
}

// lateOf are the rows of a board with overdue duties, those with most first.
func lateOf(board *compliance.Board) []late {
	var list []late
	for _, row := range board.Rows {
		if sum := compliance.Sum(row.Cells); sum.Overdue > 0 {
			list = append(list, late{row: row, sum: sum})
		}
	}
	slices.SortStableFunc(list, func(a, b late) int { return cmp.Compare(b.sum.Overdue, a.sum.Overdue) })
	return list
}

func overdueRow(board *compliance.Board, one late) Row {
	most := 0
	for i, cell := range one.row.Cells {
		if cell.Overdue > one.row.Cells[most].Overdue {
			most = i
		}
	}
	unit := one.row.Unit.Code
	return Row{{one.row.Unit, &Behind{Unit: unit, Own: one.row.Own}},
		{one.sum.Overdue, &Behind{Unit: unit, Own: one.row.Own, State: rules.Overdue}}, {one.sum.Owed(), &Behind{Unit: unit, Own: one.row.Own}},
		{Of: bulletin.RateOf(one.sum.Overdue, one.sum.Owed())},
		{board.Obligations[most].Title, &Behind{Unit: unit, Own: one.row.Own, Obligation: board.Obligations[most].Code, State: rules.Overdue}}}
}

func treeFields(l *frontend.Locale, list []late) []charts.TreeField {
	fields := make([]charts.TreeField, len(list))
	for i, one := range list {
		name := l.Value(organizationName(one.row.Unit))
		fields[i] = charts.TreeField{Name: name, Count: one.sum.Overdue, Color: shareColor(one.sum), Parts: treeFields(l, one.parts),
			Words: l.Text("figures1.overdue.field", models.Args("Unit", name, "Overdue", one.sum.Overdue, "Owed", one.sum.Owed(), "Rate", bulletin.RateOf(one.sum.Overdue, one.sum.Owed())))}
	}
	return fields
}

// shareColor is by the share that is overdue: below a tenth, below a quarter, and beyond.
func shareColor(sum compliance.Cell) string {
	switch {
	case sum.Overdue*10 < sum.Owed():
		return charts.ShareColors[0]
	case sum.Overdue*4 < sum.Owed():
		return charts.ShareColors[1]
	default:
		return charts.ShareColors[2]
	}
}
