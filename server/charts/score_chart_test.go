package charts

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScoreChart(t *testing.T) {
	golden(t, "scores.json", ScoreChart{Description: "各市得分分布 " + hostile, Unit: "单位数", Steps: []string{"80–85", "85–90", "90–95"}, Grades: []GradeBars{
		{BestTone, "优秀", []int{0, 0, 2}}, {GoodTone, hostile, []int{3, 4, 0}}, {OwnTone, "本单位", []int{0, 1, 0}}}})
}

func TestScoreChartRefusesGradesOfAnotherLength(t *testing.T) {
	if body, err := (ScoreChart{Steps: []string{"a"}, Grades: []GradeBars{{BestTone, "x", []int{1, 2}}}}).JSON(); err == nil {
		t.Errorf("no error, but %s", body)
	}
}

func TestTonesOfGrades(t *testing.T) {
	for grades, want := range map[int][]GradeTone{1: {WorstTone}, 2: {BestTone, WorstTone}, 3: {BestTone, GoodTone, WorstTone}, 5: {BestTone, GoodTone, FairTone, FairTone, WorstTone}} {
		for place, tone := range want {
			if got := ToneOf(place, grades); got != tone {
				t.Errorf("grade %d of %d is %s, want %s", place, grades, got, tone)
			}
		}
	}
}

func TestTonesAreThoseOfTheStyleSheet(t *testing.T) {
	style, err := os.ReadFile("../../frontend/assets/css/results.css")
	if err != nil {
		t.Fatal(err)
	}
	inStyle := map[GradeTone]string{}
	for _, match := range regexp.MustCompile(`\.g-([a-z]+) { --fill: (var\(--[a-z-]+\))`).FindAllStringSubmatch(string(style), -1) {
		inStyle[GradeTone(match[1])] = match[2]
	}
	if diff := cmp.Diff(inStyle, GradeColors); diff != "" {
		t.Errorf("style sheet (-) and charts (+) differ:\n%s", diff)
	}
}
