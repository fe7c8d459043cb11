package charts

import (
	"encoding/json"
	"testing"
)

// drawn reads the numbers of the series back from the options.
func drawn(t *testing.T, chart interface{ JSON() ([]byte, error) }) [][]any {
	t.Helper()
	body, err := chart.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var option struct {
		Series []struct{ Data []struct{ Value any } }
	}
	if err := json.Unmarshal(body, &option); err != nil {
		t.Fatal(err)
	}
	var values [][]any
	for _, series := range option.Series {
		for _, one := range series.Data {
			if list, ok := one.Value.([]any); ok {
				values = append(values, list)
			} else {
				values = append(values, []any{one.Value})
			}
		}
	}
	return values
}

func wantDrawn(t *testing.T, chart interface{ JSON() ([]byte, error) }, want string) {
	t.Helper()
	body, err := json.Marshal(drawn(t, chart))
	if err != nil {
		t.Fatal(err)
	}
	if string(body) != want {
		t.Errorf("drawn are %s, want %s", body, want)
	}
}

func TestHeatChart(t *testing.T) {
	chart := HeatChart{Description: "各单位完成情况 " + hostile, Columns: []string{"听取汇报", hostile}, Rows: []string{"济南市"},
		Cells: []HeatCell{{0, 0, 42.86, "3/7", hostile}, {1, 0, 100, "5/5", "全部"}},
		Bands: Steps([]float64{50, 80, 100}, []string{"a", "b", "c", hostile}, CompletionColors)}
	golden(t, "completion.json", chart)
	wantDrawn(t, chart, `[[0,0,42.86],[1,0,100]]`)
	chart.Rows = nil
	if body, err := chart.JSON(); err == nil {
		t.Errorf("a cell of no row: no error, but %s", body)
	}
}

func TestTrendChart(t *testing.T) {
	line := func(name string, value float64) TrendLine {
		return TrendLine{name, []DayValue{{"2017-01-01", nil}, {"2017-06-17", &value}}}
	}
	chart := TrendChart{Description: hostile, Percent: "%", Completion: line(hostile, 41.5), InTime: line("按时率", 40), Overdue: line("逾期", 12), Until: "2017-07-01",
		Marks: []Mark{{"2017-06-16", "06-16 30项到期"}}}
	golden(t, "year.json", chart)
	wantDrawn(t, chart, `[["2017-01-01",null],["2017-06-17",41.5],["2017-01-01",null],["2017-06-17",40],["2017-01-01",null],["2017-06-17",12]]`)
}

func TestTreeChart(t *testing.T) {
	chart := TreeChart{Description: hostile, Fields: []TreeField{{hostile, hostile, 7, ShareColors[2], []TreeField{{"区", "", 3, ShareColors[0], nil}}}, {"市", "", 2, ShareColors[1], nil}}}
	golden(t, "overdue.json", chart)
	wantDrawn(t, chart, `[[7],[2]]`)
}

func TestStepChart(t *testing.T) {
	chart := StepChart{Description: hostile, Scale: "工作日", Counted: "单位数", Mark: &Mark{30, hostile}, Groups: []StepGroup{
		{hostile, "units", WithinColor, []StepBar{{25, 30, 9, hostile}, {30, 35, 0, ""}}}, {"迟办", "units", BeyondColor, []StepBar{{25, 30, 0, ""}, {30, 35, 1, ""}}}}}
	golden(t, "terms.json", chart)
	wantDrawn(t, chart, `[[27.5,9],[32.5,0],[27.5,0],[32.5,1]]`)
	chart.Groups[1].Bars = chart.Groups[1].Bars[:1]
	if body, err := chart.JSON(); err == nil {
		t.Errorf("groups of other steps: no error, but %s", body)
	}
}

func TestYearChart(t *testing.T) {
	chart := YearChart{Description: hostile, First: "2017-01-01", Last: "2018-01-31", Months: []string{hostile}, Weekdays: []string{"日"}, Days: []YearDay{{"2017-12-04", 6, hostile}},
		Bands: Steps([]float64{2, 5}, []string{"1", "2–4", "5"}, DayColors)}
	golden(t, "days.json", chart)
	wantDrawn(t, chart, `[["2017-12-04",6]]`)
}
