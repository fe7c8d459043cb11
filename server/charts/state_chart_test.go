package charts

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChartRefusesSeriesOfAnotherLength(t *testing.T) {
	chart := StateChart{Obligations: []string{"a", "b"}, Series: []Series{{State: "met", Counts: []int{1}}}}
	if body, err := chart.JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}

func TestChartIsStackedInertJSON(t *testing.T) {
	hostile := `</script><img src=x onerror=alert(1)>`
	chart := StateChart{Description: "山东省:" + hostile, Obligations: []string{hostile, "听取汇报"},
		Series: []Series{{"overdue", "逾期", []int{0, 3}}, {"met", hostile, []int{5, 2}}}}
	body, err := chart.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), "<") {
		t.Errorf("unescaped markup in %s", body)
	}
	var got struct {
		Tooltip struct{ RenderMode string }
		Aria    struct{ Label struct{ Description string } }
		YAxis   []struct{ Data []string }
		Series  []struct {
			Name, Stack, Type string
			Data              []struct{ Value int }
			ItemStyle         struct{ Color string }
		}
		BackgroundColor string
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if got.Tooltip.RenderMode != "richText" || got.BackgroundColor != "transparent" || got.Aria.Label.Description != chart.Description {
		t.Errorf("tooltip, background or description wrong in %s", body)
	}
	if diff := cmp.Diff(chart.Obligations, got.YAxis[0].Data); diff != "" {
		t.Errorf("obligations:\n%s", diff)
	}
	for i, series := range got.Series {
		if series.Stack == "" || series.Type != "bar" || series.Name != chart.Series[i].Name || series.ItemStyle.Color != Colors[chart.Series[i].State] {
			t.Errorf("series %d: %+v", i, series)
		}
		for j, data := range series.Data {
			if data.Value != chart.Series[i].Counts[j] {
				t.Errorf("series %d, obligation %d: %d, want %d", i, j, data.Value, chart.Series[i].Counts[j])
			}
		}
	}
}

// A colour that the style sheet does not have would be drawn black.
func TestEveryColorStandsInTheStyleSheet(t *testing.T) {
	named := map[string]bool{}
	for _, file := range []string{"tokens.css", "state.css"} {
		style, err := os.ReadFile("../../frontend/assets/css/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(--[a-z-]+):`).FindAllStringSubmatch(string(style), -1) {
			named["var("+match[1]+")"] = true
		}
	}
	used := slices.Collect(maps.Values(Colors))
	used = slices.AppendSeq(used, maps.Values(BarColors))
	used = slices.AppendSeq(used, maps.Values(LineColors))
	used = slices.AppendSeq(used, maps.Values(GradeColors))
	used = slices.AppendSeq(used, maps.Values(BoxColors))
	used = slices.AppendSeq(used, maps.Values(SlopeColors))
	used = append(used, DotColors...)
	for _, color := range append(slices.Concat(used, CompletionColors, DayColors, ShareColors), WithinColor, BeyondColor, axisInk, gridInk, labelInk) {
		if !named[color] {
			t.Errorf("the style sheet has no %s", color)
		}
	}
}
