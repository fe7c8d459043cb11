package charts

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares the options with a file in testdata.
func golden(t *testing.T, name string, chart interface{ JSON() ([]byte, error) }) {
	t.Helper()
	body, err := chart.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), "<") || strings.Contains(string(body), "function") {
		t.Errorf("markup or code in %s", body)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

const hostile = `</script><img src=x onerror=alert(1)>`

func TestProgressChart(t *testing.T) {
	golden(t, "progress.json", ProgressChart{Description: "山东省 " + hostile, Unit: "人", Lines: []Line{
		{RosterLine, "在册人数", []DayCount{{"2017-01-31", 90}, {"2017-06-30", 95}, {"2018-12-31", 98}}},
		{TrainedLine, hostile, []DayCount{{"2017-01-31", 0}, {"2017-06-30", 40}}},
		{NeededLine, "按期完成所需", []DayCount{{"2017-06-30", 40}, {"2018-12-31", 98}}},
		{ForecastLine, "预计", []DayCount{{"2017-06-30", 40}, {"2017-09-01", 80}, {"2018-12-31", 80}}},
	}})
}

func TestCountCharts(t *testing.T) {
	golden(t, "coverage_by_unit.json", CountChart{Description: "各单位", Unit: "%", Labels: []string{"济南市", hostile}, Lying: true, Max: 100,
		Bars: []Bars{{Kind: CoverageBar, Name: "覆盖率", Values: []float64{12.5, 100}}}})
	golden(t, "seats_by_month.json", CountChart{Description: "逐月名额", Unit: "名额", Labels: []string{"2017-07", "2017-08"},
		Bars: []Bars{{Kind: NeededBar, Name: "所需", Values: []float64{5, 5}}, {Kind: ScheduledBar, Name: "已安排", Values: []float64{0, 40}}}})
	golden(t, "hours_by_course.json", CountChart{Description: "学时", Unit: "小时", Labels: []string{"政策解读"}, Lying: true, Bars: []Bars{{Kind: HoursBar, Name: "学时", Values: []float64{120.5}}}})
}

func TestBarsAreLabelledAsWritten(t *testing.T) {
	body, err := CountChart{Labels: []string{"a"}, Lying: true, Bars: []Bars{{Kind: CoverageBar, Values: []float64{4.8}, Texts: []string{"4.80"}}}}.JSON()
	if err != nil || !strings.Contains(string(body), `"formatter":"4.80"`) {
		t.Errorf("%v: %s", err, body)
	}
}

func TestCountChartRefusesBarsOfAnotherLength(t *testing.T) {
	if body, err := (CountChart{Labels: []string{"a"}, Bars: []Bars{{Kind: HoursBar, Name: "x", Values: []float64{1, 2}}}}).JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}
