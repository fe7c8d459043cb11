package figure

import (
	"testing"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

func english(t *testing.T) *frontend.Locale {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return catalog.Locale("en")
}

// What is drawn of a board is what its table says, cell by cell.
func TestTheMatrixDrawsItsTable(t *testing.T) {
	board := &compliance.Board{Obligations: []compliance.ObligationRef{{Code: "a"}, {Code: "b"}}, Rows: []compliance.BoardRow{
		{Unit: models.Unit{Code: "1", Name: "all"}, Cells: []compliance.Cell{{Met: 2}, {Late: 1, Exempt: 1}}},
		{Unit: models.Unit{Code: "2", Name: "free"}, Cells: []compliance.Cell{{Exempt: 1}, {}}},
		{Unit: models.Unit{Code: "3", Name: "behind"}, Cells: []compliance.Cell{{Met: 1, Overdue: 2}, {}}}}}
	shown := furthestBehind(board.Rows)
	if len(shown) != 2 || shown[0].Unit.Code != "3" {
		t.Fatalf("shown are %+v, want those who owe, the furthest behind first", shown)
	}
	chart := matrixChart(english(t), "", board, shown)
	if len(chart.Cells) != 3 {
		t.Errorf("%d cells are drawn, want 3", len(chart.Cells))
	}
	for _, cell := range chart.Cells {
		if said := matrixRow(shown[cell.Row])[cell.Column+1].Of; said != cell.Text {
			t.Errorf("row %d, column %d: drawn %s, the table has %v", cell.Row, cell.Column, cell.Text, said)
		}
	}
}

// No bar spans the limit, and each unit that is done is in one.
func TestThePublicationCountsEachUnitOnce(t *testing.T) {
	terms := &compliance.Terms{N: 30, Rows: []compliance.TermRow{{State: rules.Met, Used: 0}, {State: rules.Met, Used: 30}, {State: rules.Met, Used: 26},
		{State: rules.Late, Used: 31}, {State: rules.Overdue}, {State: rules.Reported}}}
	chart := publicationChart(english(t), "", terms)
	count := func(group charts.StepGroup) (sum int) {
		for _, bar := range group.Bars {
			if sum += bar.Count; bar.From < 30 && bar.To > 30 {
				t.Errorf("a bar from %v to %v spans the limit", bar.From, bar.To)
			}
		}
		return sum
	}
	if within, beyond := count(chart.Groups[0]), count(chart.Groups[1]); within != 3 || beyond != 1 {
		t.Errorf("%d in time and %d late are drawn, want 3 and 1", within, beyond)
	}
}

func TestNamesOfDueDatesKeepApart(t *testing.T) {
	day := calendar.MustParseDate
	all := []compliance.DueDay{{Day: day("2017-05-31"), Count: 18}, {Day: day("2017-06-16"), Count: 52}, {Day: day("2017-12-31"), Count: 30}}
	for i, want := range []bool{true, false, false} {
		if got := overshadowed(all[i], all, 20); got != want {
			t.Errorf("%s is overshadowed: %v, want %v", all[i].Day, got, want)
		}
	}
}
