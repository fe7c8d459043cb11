package charts

import "testing"

func TestMonthChart(t *testing.T) {
	golden(t, "months.json", MonthChart{Description: "培训 " + hostile, Labels: []string{"1月", "2月"}, Panels: []Bars{
		{Kind: SessionsBar, Name: "班次", Values: []float64{2, 0}}, {Kind: AttendancesBar, Name: hostile, Values: []float64{80, 0}}, {Kind: HoursBar, Name: "学时", Values: []float64{120.5, 0}}}})
}

func TestMonthChartRefusesPanelsOfAnotherLength(t *testing.T) {
	if body, err := (MonthChart{Labels: []string{"a"}, Panels: []Bars{{Kind: HoursBar, Values: []float64{1, 2}}}}).JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}
