package figure

import (
	"cmp"
	"context"
	"slices"
	"strings"

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
		return noDuties(q), nil
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
	f.Bands = shareBands()
	for _, one := range list {
		f.Rows = append(f.Rows, overdueRow(board, one))
	}
	f.draw = func(l *frontend.Locale, description string) Chart {
		return charts.TreeChart{Description: description, Fields: treeFields(l, q.Unit, list)}
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

// treeFields names the fields of units without the name of the unit above, which all of
// them may begin with.
func treeFields(l *frontend.Locale, above models.Unit, list []late) []charts.TreeField {
	fields := make([]charts.TreeField, len(list))
	for i, one := range list {
		name := l.Value(organizationName(one.row.Unit))
		fields[i] = charts.TreeField{Name: l.Value(organizationName(within(above, one.row.Unit))), Count: one.sum.Overdue, Color: shareColor(one.sum), Parts: treeFields(l, one.row.Unit, one.parts),
			Words: l.Text("figures1.overdue.field", models.Args("Unit", name, "Overdue", one.sum.Overdue, "Owed", one.sum.Owed(), "Rate", bulletin.RateOf(one.sum.Overdue, one.sum.Owed())))}
	}
	return fields
}

// within is the unit with its name cut to what tells it apart below another.
func within(above, unit models.Unit) models.Unit {
	if cut := strings.TrimPrefix(unit.Name, above.Name); len([]rune(cut)) > 1 {
		unit.Name = cut
	}
	if place, _, found := strings.Cut(above.NameEN, " "); found {
		unit.NameEN = strings.TrimPrefix(unit.NameEN, place+" ")
	}
	return unit
}

// shareBands are those of charts.ShareColors.
func shareBands() []Band {
	var bands []Band
	for _, share := range []string{"low", "middle", "high"} {
		bands = append(bands, Band{rules.Reason{Key: "figures1.overdue.band." + share}, share})
	}
	return bands
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
