package charts

import "testing"

func TestSlopeChart(t *testing.T) {
	golden(t, "slopes.json", SlopeChart{Description: "名次变化 " + hostile, Before: "2016", After: "2017", Panels: []SlopePanel{
		{Name: "各市", Places: 3, Slopes: []Slope{{Name: "甲{a}", RankBefore: 2, Rank: 1, PlaceBefore: 2, PlaceAt: 1}, {Name: hostile, RankBefore: 1, Rank: 2, PlaceBefore: 1, PlaceAt: 2, Own: true}}},
		{Name: "部门", Places: 1, Slopes: []Slope{{Name: "丙", RankBefore: 1, Rank: 1, PlaceBefore: 1, PlaceAt: 1}}}}})
}

func TestSlopeChartRefusesLinesOutsideTheirPanel(t *testing.T) {
	if body, err := (SlopeChart{Panels: []SlopePanel{{Places: 2, Slopes: []Slope{{Name: "a", PlaceBefore: 3, PlaceAt: 1}}}}}).JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}
