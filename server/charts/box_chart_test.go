package charts

import "testing"

func TestBoxChart(t *testing.T) {
	golden(t, "boxes.json", BoxChart{Description: "得分分布 " + hostile, Unit: "分", Labels: []string{"各市", hostile}, Name: "中间一半",
		Boxes:     [][5]float64{{80, 84.5, 86, 90.25, 95}, {70, 70, 70, 70, 70}},
		ApartName: "离群", Apart: []BoxPoint{{0, 52.5}}, OwnName: "本单位", Own: []BoxPoint{{0, 88}, {1, 70}}})
}

func TestBoxChartRefusesBoxesOfOtherLabels(t *testing.T) {
	if body, err := (BoxChart{Labels: []string{"a"}}).JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}
