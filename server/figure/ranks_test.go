package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
)

// compared is a result of which the first class had the ranks 2, 1, 3, 3 and none before.
func compared(all bool) *assessment.Ranking {
	ranking := announced(all)
	for i := range ranking.Classes[0].Rows {
		row := &ranking.Classes[0].Rows[i]
		row.UnitID = row.ID
		if rank := []int{2, 1, 3, 3, 0}[row.ID-1]; rank > 0 {
			row.Before = &assessment.EarlierResult{Sheet: 100 + row.ID, Class: "A", Rank: rank}
		}
	}
	return ranking
}

func TestTheSlopesAreTheirTable(t *testing.T) {
	f := ofRanks(Query{Year: 2017, Unit: models.Unit{ID: 2}}, compared(true), false)
	type line struct {
		name        string
		before, now any
	}
	var listed, drawn []line
	for _, row := range f.Rows {
		if row[4].Of != nil {
			listed = append(listed, line{row[0].Of.(models.Unit).Name, row[2].Of, row[3].Of})
		}
	}
	want := []line{{"单位1", 2, 1}, {"单位2", 1, 2}, {"单位3", 3, 3}, {"单位4", 3, 4}}
	if diff := cmp.Diff(want, listed, cmp.AllowUnexported(line{})); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	for _, panel := range ranksChart(newLocale(t, "zh-CN"), "", 2017, 0, slopePanels(Query{}, compared(true))).Panels {
		for _, slope := range panel.Slopes {
			drawn = append(drawn, line{slope.Name, slope.RankBefore, slope.Rank})
		}
	}
	if diff := cmp.Diff(listed, drawn, cmp.AllowUnexported(line{})); diff != "" {
		t.Errorf("table (-) and chart (+) differ:\n%s", diff)
	}
	if len(f.Rows) != 7 || f.Rows[0][2].Behind.Sheet != 101 || f.Finding.Key != "figure.ranks.finding_up" {
		t.Errorf("%d rows, finding %v", len(f.Rows), f.Finding)
	}
	if option := draw(t, f); len(option.Series) != 4 {
		t.Errorf("%d lines, want 4", len(option.Series))
	}
}

func TestUnitsOfOneRankAreDrawnApart(t *testing.T) {
	rows := compared(true).Classes[0].Rows[:4]
	got := places(rows, func(s assessment.RankedSheet) int { return s.Before.Rank })
	if diff := cmp.Diff([]int{2, 1, 3, 4}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestTheOwnRankKeepsItsPlaceAmongAll(t *testing.T) {
	ranking := compared(false)
	f := ofRanks(Query{Year: 2017}, ranking, false)
	if len(f.Rows) != 1 || f.Rows[0][3].Of != 3 {
		t.Errorf("rows %+v, want the own one only", f.Rows)
	}
	panel := ranksChart(newLocale(t, "en"), "", 2017, 0, slopePanels(Query{}, ranking)).Panels[0]
	if slope := panel.Slopes[0]; slope.PlaceAt != 3 || !slope.Own {
		t.Errorf("%+v", slope)
	}
}

func TestRanksWithoutAYearBeforeAreEmpty(t *testing.T) {
	if f := ofRanks(Query{Year: 2017}, announced(true), false); f.Empty == nil || len(f.Rows) > 0 {
		t.Errorf("%+v", f)
	}
}
