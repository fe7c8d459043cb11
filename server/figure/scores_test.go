package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// announced is the result of two classes: in the first one a unit stands apart.
func announced(all bool) *assessment.Ranking {
	cities := scoredOf(scoring.Class{ID: "A", Title: rules.Text{ZH: "各市", EN: "Cities"}}, 9000, 8900, 8800, 8700, 4000)
	offices := scoredOf(scoring.Class{ID: "B", Title: rules.Text{ZH: "部门", EN: "Departments"}}, 9500, 8500)
	if !all {
		cities.Rows, offices.Rows = cities.Rows[2:3], nil
	}
	return &assessment.Ranking{All: all, Classes: []assessment.RankedClass{cities, offices},
		Round: models.Round{ID: 7, Year: 2017, Title: "考核", AnnouncedOn: calendar.MustParseDate("2018-03-01")}}
}

func scoredOf(class scoring.Class, scores ...int64) assessment.RankedClass {
	ranked := assessment.RankedClass{Class: class, Units: len(scores), Scored: len(scores)}
	for i, score := range scores {
		ranked.Scores = append(ranked.Scores, scoring.Score(score))
		unit := models.Unit{Code: class.ID + string(rune('1'+i)), Name: "单位" + string(rune('1'+i)), NameEN: "Unit " + string(rune('1'+i))}
		ranked.Rows = append(ranked.Rows, assessment.RankedSheet{Sheet: models.Sheet{ID: uint64(i + 1), Class: class.ID, Final: &score}, Unit: unit, Rank: i + 1})
	}
	return ranked
}

func TestTheBoxesAreTheirTable(t *testing.T) {
	f := ofScores(Query{}, announced(true), false)
	var rows [][]any
	for _, row := range f.Rows {
		var cells []any
		for _, value := range row[1:] {
			cells = append(cells, value.Of)
		}
		rows = append(rows, cells)
	}
	want := [][]any{
		{5, Decimal("40.00"), Decimal("87.00"), Decimal("88.00"), Decimal("89.00"), Decimal("90.00"), []rules.Text{{ZH: "单位5", EN: "Unit 5"}}},
		{2, Decimal("85.00"), Decimal("87.50"), Decimal("90.00"), Decimal("92.50"), Decimal("95.00"), nil},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	series := draw(t, f).Series
	if len(series) != 2 {
		t.Fatalf("%d series, want boxes and points apart: all see no own place", len(series))
	}
	for i, box := range series[0].Data {
		values := box.Value.([]any)
		for n, column := range []int{3, 4, 5} {
			if got := values[n+1]; got != number(t, f.Rows[i][column].Of) {
				t.Errorf("class %d: %v, the table says %v", i, got, f.Rows[i][column].Of)
			}
		}
	}
	if diff := cmp.Diff([]any{40.0, 0.0}, series[1].Data[0].Value); diff != "" {
		t.Errorf("apart (-want +got):\n%s", diff)
	}
	if f.Finding.Key != "figure.scores.finding" || f.Rows[0][0].Behind.Path != "/rounds/7/results?class=A" {
		t.Errorf("finding %v, class leads to %+v", f.Finding, f.Rows[0][0].Behind)
	}
}

func TestWhoSeesOnlySomeUnitsIsToldNoOtherNames(t *testing.T) {
	f := ofScores(Query{}, announced(false), false)
	if apart := f.Rows[0][7].Of; apart != 1 {
		t.Errorf("apart: %v, want the number only", apart)
	}
	series := draw(t, f).Series
	if len(series) != 3 {
		t.Fatalf("%d series, want the own place too", len(series))
	}
	if diff := cmp.Diff([]any{88.0, 0.0}, series[2].Data[0].Value); diff != "" {
		t.Errorf("own place (-want +got):\n%s", diff)
	}
}
