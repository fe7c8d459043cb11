package figure

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// boardOf has an own row and children of which the i-th has done i of 10 duties of each of
// two obligations, and owes nothing else.
func boardOf(children int) *compliance.Board {
	board := &compliance.Board{Unit: models.Unit{Code: "370000"}}
	for _, code := range []string{"briefing", "deputy", "blank"} {
		board.Obligations = append(board.Obligations, compliance.ObligationRef{Policy: "sd", Code: code, Title: rules.Text{ZH: code, EN: code}})
	}
	board.Rows = []compliance.BoardRow{{Unit: board.Unit, Own: true, Cells: []compliance.Cell{{Met: 1}, {}, {}}}}
	for i := range children {
		cell := compliance.Cell{Met: i, Pending: 10 - i}
		unit := models.Unit{ID: uint64(i + 1), Code: fmt.Sprintf("37%02d00", i+1), Name: fmt.Sprint("市", i)}
		board.Rows = append(board.Rows, compliance.BoardRow{Unit: unit, Cells: []compliance.Cell{cell, cell, {}}})
	}
	return board
}

func TestUnaskedTheBestTheMiddleAndTheLeastAreCompared(t *testing.T) {
	for children, want := range map[int][]string{0: nil, 1: {"市0"}, 3: {"市2", "市1", "市0"}, 4: {"市3", "市1", "市0"}, 7: {"市6", "市3", "市0"}} {
		var names []string
		for _, s := range bestMiddleLeast(boardOf(children)) {
			names = append(names, s.unit.Name)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%d children (-want +got):\n%s", children, diff)
		}
	}
}

func TestTheDotsAreTheirTable(t *testing.T) {
	f := ofSides(Query{Unit: models.Unit{Code: "370000"}, Year: 2017}, bestMiddleLeast(boardOf(7)))
	if len(f.Rows) != 3 || len(f.Columns) != 4 {
		t.Fatalf("%d rows of %d columns, want two obligations and all, and three units", len(f.Rows), len(f.Columns))
	}
	chart := draw(t, f)
	for i, row := range f.Rows[:2] {
		for n, value := range row[1:] {
			if got := chart.Series[n].Data[i].Value; got != float64(*value.Of.(*bulletin.Rate))/100 {
				t.Errorf("%s, row %d: %v, the table says %v", chart.Series[n].Name, i, got, value.Of)
			}
		}
	}
	if behind := f.Rows[1][2].Behind; behind.Unit != "370400" || behind.Obligation != "deputy" {
		t.Errorf("behind the middle unit's deputy: %+v", behind)
	}
	if f.Finding.Key != "figure.comparison.finding" || f.Finding.Args["High"] != "60.00" || f.Finding.Args["Low"] != "0.00" {
		t.Errorf("finding %v", f.Finding)
	}
}

func TestTheObligationsWithMostDutiesAreCompared(t *testing.T) {
	s := side{}
	for i := range maxObligations + 2 {
		s.obligations = append(s.obligations, compliance.ObligationRef{Code: fmt.Sprint(i)})
		s.cells = append(s.cells, compliance.Cell{Met: 20 - i})
	}
	if got := mainObligations([]side{s}); len(got) != maxObligations || got[maxObligations-1].Code != fmt.Sprint(maxObligations-1) {
		t.Errorf("%v", got)
	}
}

func TestNoMoreThanFiveUnitsAreCompared(t *testing.T) {
	_, err := (&Desk{}).comparison(t.Context(), compliance.Actor{}, Query{Units: make([]models.Unit, MaxCompared+1)})
	if !models.IsCode(err, models.Invalid) {
		t.Errorf("%v", err)
	}
}
