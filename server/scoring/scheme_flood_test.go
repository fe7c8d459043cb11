package scoring_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

const floodHead = `id: flood
title: {zh: 甲, en: A}
year: 2018
region: "320000"
basis: {zh: 甲, en: A}
appeal_days: 5
classes:
  - {id: A, title: {zh: 甲, en: A}}
  - {id: B, title: {zh: 乙, en: B}}
indicators:
`

// A file of nothing but faults is answered with the first of them, in a text of a size that
// a page can show.
func TestParseSchemeStopsAtManyProblems(t *testing.T) {
	several := func(format string) string {
		var b strings.Builder
		for n := range 3000 {
			fmt.Fprintf(&b, format, n)
		}
		return b.String()
	}
	indicator := "  - id: one\n    title: {zh: 甲, en: A}\n    clause: one\n    counts: {zh: 甲, en: A}\n    points: \"100\"\n    method: "
	for name, test := range map[string]struct {
		source, last string
		most         int
	}{
		"unknown classes":   {floodHead + indicator + "award\n    classes: [" + several("x%d, ") + "]\n", "", 10},
		"classes apart":     {floodHead + several("  - {id: i%d, title: {zh: 甲, en: A}, clause: c, counts: {zh: 甲, en: A}, method: award, points: \"1\", classes: [x]}\n"), "scoring.more", 201},
		"points for":        {floodHead + indicator + "award\n    points_for: {" + several("x%d: \"1\", ") + "}\n", "", 10},
		"points for one":    {floodHead + indicator + "award\n    points_for:\n" + several("      x: \"%d\"\n"), "scoring.more", 201},
		"obligations":       {floodHead + indicator + "auto\n    late_share: \"0.5\"\n    obligations: [" + several("x%d, ") + "]\n", "", 110},
		"broken indicators": {floodHead + several("  - {id: I%d, method: none}\n"), "scoring.more", 201},
		"unknown fields":    {floodHead + several("  - {x%d: 1}\n"), "scoring.more", 201},
		"unknown at top":    {several("x%d: 1\n"), "yaml.more", 201},
		"a field again":     {floodHead + indicator + "award\n" + several("    points: \"%d\"\n"), "scoring.more", 201},
		"a long class": {strings.Replace(floodHead, "id: A", "id: "+strings.Repeat("A", 100_000), 1) +
			several("  - {id: i%d, method: award, classes: [x]}\n"), "scoring.more", 201},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scoring.ParseScheme([]byte(test.source))
			var problems strictyaml.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("%v", err)
			}
			if len(problems) > test.most || len(problems.Error()) > 400_000 {
				t.Errorf("%d problems, at most %d wanted; %d bytes", len(problems), test.most, len(problems.Error()))
			}
			last := problems[len(problems)-1]
			if test.last != "" && (last.Key != test.last || last.Args["Max"] != strictyaml.MaxProblems) {
				t.Errorf("the last is %v, want %s", last, test.last)
			}
			for _, language := range []string{"zh-CN", "en"} {
				if text := catalog.Locale(language).Text(last.Key, last.Args); text == last.Key || strings.Contains(text, "<no value>") {
					t.Errorf("%s in %s: %s", last.Key, language, text)
				}
			}
		})
	}
}
