package charts

import "testing"

func TestDotChart(t *testing.T) {
	half, whole := 50.25, 100.0
	golden(t, "dots.json", DotChart{Description: "比较 " + hostile, Unit: "%", Labels: []string{"听取汇报", hostile},
		Dots: []Dots{{"济南市", []*float64{&half, nil}}, {hostile, []*float64{&whole, &half}}, {"淄博市", []*float64{&whole, &whole}}}})
}

func TestDotChartRefusesWhatCannotBeToldApart(t *testing.T) {
	for _, chart := range []DotChart{{Dots: make([]Dots, 6)}, {Labels: []string{"a"}, Dots: []Dots{{Name: "x"}}}} {
		if body, err := chart.JSON(); err == nil {
			t.Errorf("no error, but %s", body)
		}
	}
}
