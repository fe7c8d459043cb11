package bulletin

import (
	"strings"
	"testing"

	"sundial/server/compliance"
)

// Of three units, one is first in the ranking but has done less than half.
func TestWhoIsCriticisedIsNotPraised(t *testing.T) {
	row := func(code, class string, own bool, cell compliance.Cell) Row {
		return Row{Unit: Unit{Code: code, Name: code, Class: class}, Own: own, Cells: []Cell{{Obligation: "x.a", Met: cell.Met, Overdue: cell.Overdue}}, Tally: tallyOf(cell)}
	}
	d := &Data{Scope: Unit{Code: "0", Name: "某省"}, Year: 2017, AsOf: 736695, Obligations: []Obligation{{Code: "x.a"}}, Rows: []Row{
		row("0", "", true, compliance.Cell{Met: 2}), row("1", "A", false, compliance.Cell{Met: 1, Overdue: 2}), row("2", "A", false, compliance.Cell{Met: 2, Overdue: 1}),
		row("3", "", false, compliance.Cell{Met: 3})},
		Ranking: &Ranking{Classes: []RankedClass{{Class: "A", Scored: 2, Grades: []Grade{{ID: "good"}}, Units: []RankedUnit{
			{Unit: Unit{Code: "1", Name: "1"}, Rank: 1, Score: "95.00"}, {Unit: Unit{Code: "2", Name: "2"}, Rank: 2, Score: "90.00"}}}}}}
	d.judge(DefaultSettings)
	if got := unitNames(d.Praise); strings.Join(got, " ") != "3 2" {
		t.Errorf("praised: %v", got)
	}
	if got := unitNames(d.Criticism); strings.Join(got, " ") != "1" {
		t.Errorf("criticised: %v", got)
	}

	// What the scope's unit owes itself is named, so that the parts add up to the whole.
	d.Classes, d.Total = classesOf(d.Rows), tallyOf(compliance.Cell{Met: 8, Overdue: 3})
	_, words := draftWords(d)
	filled, err := words.fill(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"应办事项共11项", "A类单位2家，应办6项", "未分类单位1家，应办3项", "某省本级应办2项"} {
		if !strings.Contains(filled[0].Text, want) {
			t.Errorf("%q lacks %q", filled[0].Text, want)
		}
	}
}
