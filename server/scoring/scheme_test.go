package scoring_test

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sundial/frontend"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

// whole is a scheme with every method and every cap.
//
//go:embed testdata/whole.yaml
var whole string

func mustParse(t testing.TB, source string) *scoring.Scheme {
	t.Helper()
	scheme, err := scoring.ParseScheme([]byte(source))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return scheme
}

func mustCard(t testing.TB, scheme *scoring.Scheme, class string) *scoring.Card {
	t.Helper()
	card, found := scheme.Card(class)
	if !found {
		t.Fatalf("no card for class %s", class)
	}
	return card
}

var catalog, _ = frontend.NewCatalog()

// problemsOf are what is wrong with a scheme, each with its message.
func problemsOf(t testing.TB, source string) (keys, messages []string) {
	t.Helper()
	_, err := scoring.ParseScheme([]byte(source))
	if err == nil {
		return nil, nil
	}
	var problems strictyaml.Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	for _, p := range problems {
		keys = append(keys, fmt.Sprintf("%d %s", p.Line, strings.TrimPrefix(p.Key, "scoring.")))
		messages = append(messages, catalog.Locale("en").Text(p.Key, p.Args))
		for _, language := range frontend.Languages {
			if text := catalog.Locale(language).Text(p.Key, p.Args); strings.Contains(text, "<no value>") || text == p.Key {
				t.Errorf("%s in %s: %s", p.Key, language, text)
			}
		}
	}
	return keys, messages
}

// lineOf is the line of a scheme on which the text first stands.
func lineOf(t testing.TB, source, text string) int {
	t.Helper()
	before, _, found := strings.Cut(source, text)
	if !found {
		t.Fatalf("%q does not stand in the scheme", text)
	}
	return strings.Count(before, "\n") + 1
}

func TestFaultsOfASchemeAreNamedByLine(t *testing.T) {
	const plan, catalogue, columns = "id: plan", "id: catalogue", "id: columns"
	for _, c := range []struct {
		name, from, to string
		at, key        string   // on the line on which at stands now
		says           []string // by the message
	}{
		{"unknown field", "year: 2018", "yeer: 2018", "yeer: 2018", "yaml.unknown_field", []string{"yeer", "appeal_days"}},
		{"year left out", "year: 2018\n", "", "id:", "missing", []string{"year"}},
		{"field twice", "year: 2018", "year: 2018\nyear: 2019", "year: 2019", "yaml.field_twice", []string{"year"}},
		{"id", "id: trial-2018", "id: Trial 2018", "id: Trial 2018", "bad_id", []string{"Trial 2018", "jiangsu-2018-assessment"}},
		{"title in one language", "{zh: 试行方案, en: Trial}", "{zh: 试行方案}", "title:", "both_languages", []string{"title", "zh and en"}},
		{"title too long", "en: Trial}", "en: " + strings.Repeat("x", 501) + "}", "title:", "too_long", []string{"501", "500"}},
		{"year", "year: 2018", "year: 1018", "year:", "out_of_range", []string{"year: 1018", "2008", "2100"}},
		{"year that is a word", "year: 2018", "year: this", "year:", "yaml.bad_value", []string{"this"}},
		{"region", `"370000"`, "3700", "region:", "bad_region", []string{"3700"}},
		{"no basis", "basis: {zh: 试行依据, en: Trial basis}\n", "", "id: trial-2018", "both_languages", []string{"basis"}},
		{"no appeal", "appeal_days: 10", "appeal_days: 0", "appeal_days", "out_of_range", []string{"appeal_days: 0"}},

		{"grade twice", "{id: middle,", "{id: top,", "from: \"60\"", "id_twice", []string{"top"}},
		{"grades rise", `from: "60"`, "from: 90", "{id: middle", "grade_order", []string{"90"}},
		{"last grade", "from: 0}", "from: 1}", "from: 1}", "last_grade", []string{"1", "0"}},
		{"grade's decimals", `from: "60"`, "from: 60.005", "from: 60.005", "bad_score", []string{"60.005"}},
		{"no class", "  - {id: A, title: {zh: 甲类, en: Class A}}\n  - {id: B, title: {zh: 乙类, en: Class B}, maximum: 95}\n", "  []\n", "classes:", "missing", []string{"classes"}},
		{"class twice", "{id: B, title", "{id: A, title", "{id: A, title: {zh: 乙类", "id_twice", []string{"A"}},
		{"class id", "{id: A, title", "{id: A/B, title", "{id: A/B, title", "bad_class", []string{"A/B"}},
		{"maximum", "maximum: 95", "maximum: 0", "{id: B, title", "bad_maximum", []string{"0", "1000"}},

		{"limit unknown", "within: outer", "within: outside", "within: outside", "unknown_limit", []string{"outside", "outer, inner, extra"}},
		{"limits within each other", "most: 5}", "most: 5, within: inner}", "most: 5", "limit_cycle", []string{"outer → inner → outer"}},
		{"limit within itself", "within: outer", "within: inner", "within: inner", "limit_cycle", []string{"inner → inner"}},
		{"limit twice", "{id: extra", "{id: inner", "{id: inner, title: {zh: 加", "id_twice", []string{"inner"}},
		{"limit called own", "{id: extra", "{id: own", "{id: own", "limit_reserved", []string{"own"}},
		{"limit of nothing", "most: 4", "most: 0", "most: 0", "limit_nothing", []string{"extra"}},
		{"limit without most", ", most: 4", "", "{id: extra", "missing", []string{"most"}},
		{"limit of an indicator's id", "{id: extra", "{id: plan", "- id: plan", "id_twice", []string{"plan"}},
		{"limit unused", "    cap: extra\n", "", "{id: extra", "limit_unused", []string{"extra"}},
		{"limit for both", "cap: extra", "cap: inner", "{id: inner", "limit_mixed", []string{"inner"}},

		{"indicator twice", catalogue, plan, "id: plan\n        title: {zh: 目录", "id_twice", []string{"plan"}},
		{"unknown method", "method: auto", "method: automatic", "method: automatic", "unknown_method", []string{"automatic", "award, deduct"}},
		{"no method", "    method: auto\n", "", "- id: duties", "unknown_method", nil},
		{"no clause", "        clause: 一\n", "", "- " + plan, "no_clause", []string{"plan"}},
		{"no counts", "        counts: {zh: 计, en: Counts}\n", "", "- " + plan, "both_languages", []string{"counts"}},
		{"clause too long", "clause: 二", "clause: " + strings.Repeat("二", 201), "clause: 二", "too_long", []string{"201"}},
		{"unknown class", "classes: [A]", "classes: [C]", "classes: [C]", "unknown_class", []string{"C", "A, B"}},
		{"class outside", "    points: 60\n", "    classes: [A]\n    points: 60\n", "points_for: {B: 50}", "class_outside", []string{"B"}},
		{"points for an unknown class", "points_for: {B: 10}", "points_for: {C: 10}", "points_for: {C: 10}", "class_outside", []string{"C", "A, B"}},

		{"points missing", "        points: 10\n", "", "- " + catalogue, "points_missing", []string{"catalogue"}},
		{"points of 0", "points: 10\n", "points: 0\n", "points: 0\n", "points_none", []string{"catalogue", "A"}},
		{"points negative", "points: 10\n", "points: -10\n", "points: -10\n", "points_negative", []string{"-10"}},
		{"points with five decimals", "points: 10\n", "points: 10.00001\n", "points: 10.00001", "points_decimals", []string{"10.00001", "4"}},
		{"points too many", "points: 10\n", "points: 100000.5\n", "points: 100000.5", "points_large", []string{"100000.5", "100000"}},
		{"points no number", "points: 10\n", "points: ten\n", "points: ten", "points_bad", []string{"ten"}},
		{"points in powers", "points: 10\n", "points: 1e1\n", "points: 1e1", "points_bad", []string{"1e1"}},
		{"group's sum", "points: 60\n", "points: 61\n", "points: 61\n", "sum", []string{"openness", "class A", "61", "60", "difference of 1."}},
		{"group's sum for a class", "points_for: {B: 50}", "points_for: {B: 48.5}", "points: 60\n", "sum", []string{"class B", "48.5", "50", "1.5"}},
		{"source's sum in points", `        weight: "0.6"`, "        weight: \"0.6\"\n        points: 14", "points: 14", "sum_of_source", []string{"party", "14", "15"}},

		{"weights below 1", `"0.6"`, `"0.5"`, "sources:", "weights_sum", []string{"assessment", "0.9"}},
		{"weight of 0", `"0.6"`, "0", "weight: 0\n", "bad_weight", []string{"0"}},
		{"weight above 1", "weight: 40%", "weight: 140%", "weight: 140%", "bad_weight", []string{"140%"}},
		{"weight elsewhere", "late_share: 50%", "late_share: 50%\n    weight: 0.5", "weight: 0.5", "weight_elsewhere", nil},
		{"source that deducts", `weight: "0.6"`, "method: deduct\n        weight: \"0.6\"", "method: deduct\n        weight", "source_method", []string{"deduct"}},
		{"source for a class", `weight: "0.6"`, "classes: [A]\n        weight: \"0.6\"", "classes: [A]\n        weight", "source_classes", []string{"assessment"}},

		{"auto without obligations", "    obligations: [tr2017.plan, tr2017.briefing]\n", "", "- id: duties", "no_obligations", nil},
		{"auto's obligation twice", "tr2017.briefing]", "tr2017.plan]", "obligations:", "id_twice", []string{"tr2017.plan"}},
		{"auto's obligation", "tr2017.briefing]", "briefing]", "obligations:", "bad_obligation", []string{"briefing"}},
		{"late share above 1", "late_share: 50%", "late_share: 1.5", "late_share", "bad_late_share", []string{"1.5"}},
		{"late share missing", "    late_share: 50%\n", "", "- id: duties", "bad_late_share", nil},
		{"auto's decimals", "points: 20\n    obligations", "points: 20.005\n    obligations", "points: 20.005", "auto_decimals", []string{"20.005"}},

		{"veto without grade", "    grade: bottom\n", "", "- id: fraud", "unknown_grade", []string{"top, middle, bottom"}},
		{"veto of an unknown grade", "grade: bottom", "grade: low", "grade: low", "unknown_grade", []string{"low"}},
		{"veto with points", "grade: bottom", "points: 3.25\n    grade: bottom", "points: 3.25", "field_of_other", []string{"points", "veto", "grade"}},
		{"award with a cap", "        points: 20\n        points_for", "        cap: own\n        points: 20\n        points_for", "cap: own", "field_of_other", []string{"cap", "award"}},
		{"unknown cap", "cap: inner", "cap: inside", "cap: inside", "unknown_cap", []string{"inside", "own, parent, none, outer, inner, extra"}},
		{"bonus from its parent", "cap: extra", "cap: parent", "cap: parent\n    points: 3", "bonus_cap", []string{"parent"}},
		{"no parent", "cap: none", "cap: parent", "cap: parent\n    points: 5", "cap_no_parent", []string{"none"}},
		{"cap in a composite", "points: 5\n      - id: party", "cap: none\n            points: 5\n      - id: party", "cap: none\n            points", "cap_in_composite", []string{"assessment", "none"}},
		{"children of an award", "        points_for: {B: 10}", "        points_for: {B: 10}\n        children: []", "children: []", "field_of_other", []string{"children"}},
		{"group without children", "method: veto\n    grade: bottom", "method: group", "- id: fraud", "no_children", []string{"fraud"}},
		{"composite without sources", "method: veto\n    grade: bottom", "method: composite\n    points: 4", "- id: fraud", "no_sources", nil},
		{"alias", "classes: [A]", "classes: &x [A, *x]", "classes: &x", "yaml.no_alias", nil},
		{"source's sum", "            points: 5\n", "            points: 4\n", "        children:\n          - id: checks", "sum_of_source", []string{"daily", "A, B", "14", "15"}},
		{"composite in a composite", "          - id: checks\n", "          - id: inside\n            title: {zh: 内, en: Inside}\n            clause: 一\n            counts: {zh: 计, en: Counts}\n            method: composite\n            points: 1\n            sources: []\n          - id: checks\n", "method: composite\n            points: 1", "composite_within", []string{"assessment"}},
		{"unreadable indicator", "  - id: fraud\n", "  - text\n  - id: fraud\n", "- text", "yaml.want_mapping", []string{"method"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(whole, c.from) {
				t.Fatalf("%q does not stand in the scheme", c.from)
			}
			source := strings.Replace(whole, c.from, c.to, 1)
			keys, messages := problemsOf(t, source)
			want := fmt.Sprintf("%d %s", lineOf(t, source, c.at), c.key)
			n := slices.Index(keys, want)
			if n < 0 {
				t.Fatalf("got %v %v, want %s", keys, messages, want)
			}
			for _, word := range c.says {
				if !strings.Contains(messages[n], word) {
					t.Errorf("%q does not say %q", messages[n], word)
				}
			}
		})
	}
}

// ignoringLines compares schemes wherever their parts stand.
var ignoringLines = cmp.Options{
	cmpopts.IgnoreFields(scoring.Indicator{}, "Line"), cmpopts.IgnoreFields(scoring.Limit{}, "Line"),
	cmpopts.IgnoreUnexported(scoring.Scheme{}),
}

func TestASchemeIsWrittenAsItIsRead(t *testing.T) {
	scheme := mustParse(t, whole)
	source, err := scheme.Source()
	if err != nil {
		t.Fatal(err)
	}
	again := mustParse(t, string(source))
	if diff := cmp.Diff(scheme, again, ignoringLines); diff != "" {
		t.Errorf("-read +read again:\n%s\n%s", diff, source)
	}
}

// flat is a scheme of class A with the indicators.
func flat(indicators string) string {
	return `id: trial
title: {zh: 试行, en: Trial}
year: 2018
region: "370000"
basis: {zh: 依据, en: Basis}
appeal_days: 10
classes:
  - {id: A, title: {zh: 甲, en: A}}
indicators:
` + indicators
}

// award is a first-level indicator of 1 point on one line.
func award(id string) string {
	return "  - {id: " + id + ", title: {zh: 项, en: Item}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: 1}\n"
}

func TestASchemeIsBounded(t *testing.T) {
	var thousand strings.Builder
	for n := range 1000 {
		thousand.WriteString(award(fmt.Sprintf("item-%d", n)))
	}
	if keys, _ := problemsOf(t, flat(thousand.String())); keys != nil {
		t.Errorf("1000 indicators: %v", keys)
	}
	keys, messages := problemsOf(t, flat(thousand.String()+award("item-1000")))
	if diff := cmp.Diff([]string{"9 too_many"}, keys); diff != "" || !strings.Contains(messages[0], "1001") {
		t.Errorf("1001 indicators: %v", messages)
	}
	var classes strings.Builder
	for n := range 27 {
		fmt.Fprintf(&classes, "  - {id: C%d, title: {zh: 类, en: Class}}\n", n)
	}
	many := strings.Replace(flat(award("item")), "  - {id: A, title: {zh: 甲, en: A}}\n", classes.String(), 1)
	if keys, _ := problemsOf(t, many); !slices.Equal(keys, []string{"7 too_many"}) {
		t.Errorf("27 classes: %v", keys)
	}
}

func TestAClassWithoutIndicatorsIsRefused(t *testing.T) {
	source := strings.Replace(flat(award("item")), "method: award", "method: award, classes: [B]", 1)
	source = strings.Replace(source, "indicators:", "  - {id: B, title: {zh: 乙, en: B}}\nindicators:", 1)
	keys, messages := problemsOf(t, source)
	if diff := cmp.Diff([]string{"7 class_empty"}, keys); diff != "" || !strings.Contains(messages[0], "A") {
		t.Errorf("%v %v", keys, messages)
	}
}

// group is an indicator with one below it, indented by so many blanks.
func group(indent int, id, more, below string) string {
	blanks := strings.Repeat(" ", indent)
	return fmt.Sprintf("%s- id: %s\n%s  title: {zh: 组, en: Group}\n%s%s  children:\n%s", blanks, id, blanks, more, blanks, below)
}

func TestThereAreThreeLevelsAndASourceIsNone(t *testing.T) {
	three := group(2, "one", "", group(6, "two", "", "        "+award("three")))
	if keys, _ := problemsOf(t, flat(three)); keys != nil {
		t.Errorf("three levels: %v", keys)
	}
	four := group(2, "one", "", group(6, "two", "", group(10, "three", "", "            "+award("four"))))
	if keys, _ := problemsOf(t, flat(four)); !slices.Equal(keys, []string{"19 too_deep"}) {
		t.Errorf("four levels: %v", keys)
	}
	composite := func(below string) string {
		return flat(group(2, "one", "", `        - id: mixed
          title: {zh: 综合, en: Mixed}
          clause: 一
          counts: {zh: 计, en: Counts}
          method: composite
          points: 1
          sources:
`+group(12, "source", "              weight: 1\n", below)))
	}
	if keys, _ := problemsOf(t, composite("              "+award("two"))); keys != nil {
		t.Errorf("a composite on the second level: %v", keys)
	}
	deep := composite(group(16, "two", "", group(20, "three", "", "                      "+award("four"))))
	if keys, _ := problemsOf(t, deep); !slices.Equal(keys, []string{"27 too_deep"}) {
		t.Errorf("four levels with a composite on the second: %v", keys)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	scheme := mustParse(t, flat(award("item")))
	if diff := cmp.Diff(scoring.DefaultGrades(), scheme.Grades); diff != "" {
		t.Error(diff)
	}
	if maximum := scheme.Classes[0].Maximum; maximum != 10000 {
		t.Errorf("maximum %s, want 100", maximum)
	}
	deduction, _ := mustParse(t, whole).Find("catalogue")
	if deduction.Cap != scoring.CapOwn {
		t.Errorf("cap %q", deduction.Cap)
	}
}

// A group and a source have points that follow, also where they are not written.
func TestPointsThatFollow(t *testing.T) {
	scheme := mustParse(t, whole)
	for id, want := range map[string][2]string{"openness": {"60", "50"}, "websites": {"30", "30"}, "daily": {"15", "15"}, "party": {"15", "15"}} {
		i, found := scheme.Find(id)
		if !found {
			t.Fatalf("no %s", id)
		}
		if got := [2]string{i.PointsIn("A").String(), i.PointsIn("B").String()}; got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	if diff := cmp.Diff([]string{"tr2017.plan", "tr2017.briefing"}, scheme.Obligations()); diff != "" {
		t.Error(diff)
	}
}
