package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const scoreLine = "score --scheme shandong-2017-assessment --scores testdata/scores.yaml"

func TestScoresAreRankedClassByClass(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		got := sundial(t, "", strings.Fields("--lang "+language+" "+scoreLine)...)
		if got.code != exitDone || got.stderr != "" {
			t.Errorf("exit %d: %s", got.code, got.stderr)
		}
		golden(t, "score."+language+".golden", got.stdout)
	}
	got := sundial(t, "", strings.Fields(scoreLine+" --json")...)
	golden(t, "score.json.golden", got.stdout)
	scheme := sundial(t, "", strings.Fields(strings.Replace(scoreLine, "shandong-2017-assessment", "../seeds/schemes/shandong-2017-assessment.yaml", 1)+" --json")...)
	if scheme != got {
		t.Errorf("by its file: %+v", scheme)
	}
}

func TestAScoreIsExplained(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		got := sundial(t, "", strings.Fields("--lang "+language+" "+scoreLine+" --explain 370100")...)
		if got.code != exitDone || got.stderr != "" {
			t.Errorf("exit %d: %s", got.code, got.stderr)
		}
		golden(t, "score-explained."+language+".golden", got.stdout)
	}
	got := sundial(t, "", strings.Fields("--lang en "+scoreLine+" --explain 370000-bgt")...)
	if !strings.HasSuffix(got.stdout, "\nPoints won 0 of 0 possible\nnothing applies, no score\n") {
		t.Errorf("%+v", got)
	}
}

// scoreScheme has an award of 10 for both classes, one of 5 for class A, a deduction, a
// group, a veto and an auto indicator.
const scoreScheme = `id: trial
title: {zh: 试行, en: Trial}
year: 2018
region: "370000"
basis: {zh: 依据, en: Basis}
appeal_days: 10
classes:
  - {id: A, title: {zh: 甲, en: A}}
  - {id: B, title: {zh: 乙, en: B}}
indicators:
  - id: group
    title: {zh: 组, en: Group}
    children:
      - {id: plan, title: {zh: 方案, en: Plan}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: 10}
      - {id: list, title: {zh: 清单, en: List}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: 5, classes: [A]}
  - {id: late, title: {zh: 迟报, en: Lateness}, clause: 一, counts: {zh: 计, en: Counts}, method: deduct, points: 5}
  - {id: fraud, title: {zh: 作假, en: Fraud}, clause: 一, counts: {zh: 计, en: Counts}, method: veto, grade: fail}
  - {id: duty, title: {zh: 事项, en: Duty}, clause: 一, counts: {zh: 计, en: Counts}, method: auto, points: 5, obligations: [tr2017.plan], late_share: 0.5}
`

// trial writes the scheme and a file of scores, and returns the command line and the
// name of the latter.
func trial(t *testing.T, name, scores string) (args []string, file string) {
	t.Helper()
	dir := t.TempDir()
	scheme := filepath.Join(dir, "scheme.yaml")
	file = filepath.Join(dir, name)
	for path, content := range map[string]string{scheme: scoreScheme, file: scores} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--lang", "en", "score", "--scheme", scheme, "--scores", file}, file
}

// The same scores in each form give the same ranking.
func TestScoresComeInManyForms(t *testing.T) {
	want := `[
{"unit":"u1","class":"A","score":"90.00","rank":1,"grade":"优秀","grade_id":"excellent","by_veto":false},
{"unit":"u3","class":"A","score":"90.00","rank":1,"grade":"不合格","grade_id":"fail","by_veto":true},
{"unit":"u2","class":"B","score":"75.00","rank":1,"grade":"良好","grade_id":"good","by_veto":false}
]
`
	forms := map[string]string{
		"scores.json": `[{"unit": "u2", "class": "B", "points": {"plan": 9, "late": "1.50"}, "na": [], "veto": [], "duties": {"duty": ["met", "late", "late", "overdue", "exempt", "late"]}},
			{"unit":"u1","class":"A","points":{"plan":"9.5","list":4.0,"duty":4},"na":[],"veto":[]},
			{"veto": ["fraud"], "na": ["list", "duty"], "class": "A", "unit": "u3", "points": {"plan": "8.\u0035"}}]`,
		"indented.yml": "# scores\n---\n  - unit: u2\n    class: B\n    points:\n      plan: 9\n      late: 1.50\n    duties:\n      duty: [met, late, late, overdue, exempt, late]\n\n  # the next\n  - unit: u1\n    class: A\n    points: {plan: 9.5, list: 4, duty: 4}\n  -\n    unit: u3\n    class: A\n    points: {plan: 8.5}\n    na: [list, duty]\n    veto:\n    - fraud\n",
		"scores.csv":   "unit,name,class,plan,list,late,fraud,duty\nu2,Second,B,9,,1.50,,met late late overdue exempt late\nu1,First,A,9.5,4,,no,4\n\nu3,Third,A,8.5,NA,,raised,na\n",
		"headed.csv":   "2018 scores,,,,,,,\n单位代码,单位,类别,duty,fraud,late,plan,list\nu1,,A,4,否,0,9.5,4.0\nu3,,A,不适用,是,,8.5,不适用\nu2,,B,met late late overdue exempt late,,1.5,9,\n",
	}
	for name, scores := range forms {
		args, _ := trial(t, name, scores)
		if got := sundial(t, "", append(args, "--json")...); got.stdout != want || got.stderr != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	args, _ := trial(t, "unused", "")
	args[len(args)-1] = "-"
	if got := sundial(t, forms["indented.yml"], append(args, "--json")...); got.stdout != want || got.stderr != "" {
		t.Errorf("standard input: %+v", got)
	}
	args, file := trial(t, "scores.xlsx", "")
	writeWorkbook(t, file, forms["scores.csv"])
	if got := sundial(t, "", append(args, "--json")...); got.stdout != want || got.stderr != "" {
		t.Errorf("workbook: %+v", got)
	}
}

// writeWorkbook writes lines of texts as a sheet; numbers stay numbers.
func writeWorkbook(t *testing.T, name, lines string) {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for row, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		for column, text := range strings.Split(line, ",") {
			cell, err := excelize.CoordinatesToCellName(column+1, row+1)
			if err != nil {
				t.Fatal(err)
			}
			var value any = text
			var number float64
			if _, scanErr := fmt.Sscanf(text+" ", "%g ", &number); scanErr == nil {
				value = number
			}
			if err := book.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.SaveAs(name); err != nil {
		t.Fatal(err)
	}
}

func TestNoUnits(t *testing.T) {
	args, _ := trial(t, "scores.json", "[ ]\n")
	if got := sundial(t, "", append(args, "--json")...); got != (result{stdout: "[\n]\n"}) {
		t.Errorf("%+v", got)
	}
	if got := sundial(t, "", args...); got != (result{stdout: "Trial · trial\nThere are no units.\n"}) {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfScoresAreNamedByLineUnitAndIndicator(t *testing.T) {
	const sound = `{"unit": "u1", "class": "B", "points": {"plan": 9, "duty": 5}}`
	for _, c := range []struct {
		name, file, scores string
		want               []string // after the name of the file
	}{
		{"above the maximum", "s.json", "[\n{\"unit\": \"u1\", \"class\": \"B\",\n\"points\": {\n\"duty\": 5,\n\"plan\": \"10.5\"}}]",
			[]string{"5: Unit u1: 10.5 points for “Plan” are above its 10."}},
		{"negative", "s.yaml", "- unit: u1\n  class: B\n  points:\n    plan: -1\n    duty: 5\n",
			[]string{"4: Unit u1: The points -1 for “Plan” are below 0; what is awarded, taken off or added is entered as a number not below 0."}},
		{"no number", "s.yaml", "- {unit: u1, class: B, points: {plan: nine, duty: 5.00001}}\n", []string{
			"1: Unit u1: “nine” for “Plan” is not a number of points; it must be a number not below 0 with at most 4 decimals, such as 12.5.",
			"1: Unit u1: The points 5.00001 for “Duty” have too many decimals; there may be at most 4.",
		}},
		{"unknown indicators", "s.yaml", "- unit: u1\n  class: B\n  points: {plan: 9, duty: 5, paln: 1, group: 3, list: 4}\n  na: [lats]\n  veto: [fruad]\n  duties: {dutys: [met]}\n", []string{
			"3: Unit u1: The scheme has no indicator “paln”.",
			"3: Unit u1: “group” is scored by what is below it, not itself.",
			"3: Unit u1: The indicator “list” is not for class B; take it away.",
			"4: Unit u1: The scheme has no indicator “lats”.",
			"5: Unit u1: The scheme has no indicator “fruad”.",
			"6: Unit u1: The scheme has no indicator “dutys”.",
		}},
		{"class without scheme", "s.json", `[{"unit": "u1", "class": "C", "points": {}}]`,
			[]string{"1: Unit u1: The scheme is for no class “C”; it is for: A, B"}},
		{"missing points", "s.json", "[" + sound + ",\n{\"unit\": \"u2\", \"class\": \"A\",\n\"points\": {\"list\": 4}}]", []string{
			"2: Unit u2: “Plan” (plan) has no points; list it in na where it does not apply.",
			"2: Unit u2: “Duty” (duty) has no points; list it in na where it does not apply.",
		}},
		{"unit twice", "s.json", "[" + sound + ",\n" + sound + "]", []string{"2: Unit u1: It stands twice, first on line 1."}},
		{"unit without code", "s.yaml", "- class: B\n  points: {plan: 9, duty: 5}\n- unit: ' '\n  class: B\n  points: {plan: 9, duty: 5}\n",
			[]string{"1: The field “unit” is missing or empty.", "3: The field “unit” is missing or empty."}},
		{"unknown field", "s.yaml", "- unit: u1\n  class: B\n  points: {plan: 9, duty: 5}\n  score: 90\n  unit: u2\n", []string{
			"4: Unit u1: unknown field \"score\"; known fields: class, duties, na, points, unit, veto", "5: Unit u1: field \"unit\" stands twice"}},
		{"said twice", "s.yaml", "- unit: u1\n  class: B\n  points: {plan: 9, duty: 5, plan: 8}\n  na: [plan, late, late]\n", []string{
			"3: Unit u1: “plan” in “points” stands twice; each may be used once only.",
			"4: Unit u1: “late” in “na” stands twice; each may be used once only.",
			"4: Unit u1: “Plan” is marked not applicable and has points too; choose one."}},
		{"marks of another method", "s.json", `[{"unit": "u1", "class": "B", "points": {"plan": 9, "fraud": 1}, "veto": ["late"], "duties": {"plan": ["met"], "duty": ["done"]}}]`, []string{
			"1: Unit u1: “Plan” is not scored from duties; enter points instead.",
			"1: Unit u1: “Lateness” is not a veto and cannot be raised.",
			"1: Unit u1: “Fraud” is a veto and has no points; raise it instead.",
			"1: Unit u1: “done” of “Duty” is not a state of a duty; known: overdue, pending, reported, late, met, exempt, unscheduled"}},
		{"of another type", "s.json", `[5, {"unit": {}, "class": "B"}, {"unit": "u1", "class": "B", "points": [9], "na": "late", "duties": {"duty": "met"}}]`, []string{
			"1: a group of fields belongs here: class, duties, na, points, unit, veto",
			"1: a single value belongs here; want string",
			"1: “Plan” (plan) has no points; list it in na where it does not apply.",
			"1: “Duty” (duty) has no points; list it in na where it does not apply.",
			"1: Unit u1: a group of fields belongs here: …", "1: Unit u1: a list belongs here", "1: Unit u1: a list belongs here",
			"1: Unit u1: “Plan” (plan) has no points; list it in na where it does not apply."}},
		{"no list", "s.json", "{}", []string{"1: a list belongs here"}},
		{"empty", "s.yaml", "# nothing\n", []string{"2: The file is empty."}},
		{"cut off", "s.json", "[" + sound + ",\n{\"unit\": \"u2\",", []string{"2: The list does not end; the file seems to be cut off."}},
		{"comma missing", "s.json", "[" + sound + "\n" + sound + "]", []string{"2: JSON syntax error: a comma is missing"}},
		{"comma too much", "s.json", "[" + sound + ",\n]", []string{"2: JSON syntax error: unexpected end"}},
		{"something behind", "s.json", "[" + sound + "]\n[]", []string{"2: Something stands outside the list; a file holds one list only."}},
		{"bad indent", "s.yaml", "- unit: u1\n  class: B\n  points: {plan: 9, duty: 5}\n-unit: u2\n", []string{"4: Something stands outside the list; a file holds one list only."}},
		{"bad YAML", "s.yaml", "- unit: u1\n  class: B\n  points: {plan: 9, duty: 5}\n- unit: u2\n  class: [B\n  points: {}\n",
			[]string{"4: YAML syntax error: did not find expected ',' or ']'"}},
		{"alias", "s.yaml", "- unit: &u u1\n  class: B\n  points: {plan: 9, duty: 5}\n  na: [*u]\n", []string{"4: Unit u1: YAML aliases (*) are not supported; please write everything out"}},
		{"table's unknown column", "s.csv", "unit,class,plan,duty,paln\nu1,B,9,5,3\n", []string{"1: The scheme has no indicator “paln”."}},
		{"table's cell", "s.csv", "unit,class,plan,duty,late\nu1,B,11,5,x\nu2,B,,5,\n", []string{
			"2: Unit u1: “x” for “Lateness” is not a number of points; it must be a number not below 0 with at most 4 decimals, such as 12.5.",
			"2: Unit u1: 11 points for “Plan” are above its 10.",
			"3: Unit u2: “Plan” (plan) has no points; list it in na where it does not apply."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args, file := trial(t, c.file, c.scores)
			got := sundial(t, "", args...)
			lines := strings.Split(strings.ReplaceAll(strings.TrimSuffix(got.stderr, "\n"), file+":", ""), "\n")
			if got.code != exitRefused || got.stdout != "" {
				t.Errorf("exit %d, output %q", got.code, got.stdout)
			}
			if strings.Join(lines, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// Of very many faults a screenful is shown, in the order of the file, and the number
// of the others.
func TestManyFaultsAreCounted(t *testing.T) {
	var scores strings.Builder
	for n := range 500 {
		fmt.Fprintf(&scores, "- {unit: u%d, class: B, points: {plan: 11, duty: 5}}\n", n)
	}
	args, file := trial(t, "scores.yaml", scores.String())
	got := sundial(t, "", args...)
	lines := strings.Split(strings.TrimSuffix(got.stderr, "\n"), "\n")
	if got.code != exitRefused || len(lines) != shownFaults+1 || lines[shownFaults] != "sundial: 480 more faults are not listed." {
		t.Fatalf("exit %d, %d lines: %s", got.code, len(lines), got.stderr)
	}
	for n, line := range lines[:shownFaults] {
		if !strings.HasPrefix(line, fmt.Sprintf("%s:%d: Unit u%d: 11 points", file, n+1, n)) {
			t.Errorf("line %d: %s", n, line)
		}
	}
}

func TestWrongUseOfScore(t *testing.T) {
	runAll(t, []invocation{
		{name: "no flags", line: "--lang en score", code: 2, stderr: "sundial: missing flags: --scheme=FILE, --scores=FILE（用法见 sundial score --help）\n"},
		{name: "no scheme", line: "--lang en score --scheme none.yaml --scores testdata/scores.yaml", code: 1, stderr: "sundial: There is no file none.yaml.\n"},
		{name: "no scores", line: "--lang en score --scheme shandong-2017-assessment --scores none.yaml", code: 1, stderr: "sundial: There is no file none.yaml.\n"},
		{name: "a directory", line: "--lang en score --scheme shandong-2017-assessment --scores testdata", code: 1, stderr: "sundial: testdata is a directory, not a file.\n"},
		{name: "faulty scheme", line: "--lang en score --scheme testdata/notice-2020.txt --scores testdata/scores.yaml", code: 1,
			stderr: "testdata/notice-2020.txt:1: a group of fields belongs here: appeal_days, basis, classes, grades, id, indicators, limits, region, title, year\n"},
		{name: "unknown unit", line: "--lang en " + scoreLine + " --explain 370500", code: 1, stderr: "sundial: testdata/scores.yaml has no unit 370500.\n"},
		{name: "explained as JSON", line: "--lang en " + scoreLine + " --explain 370100 --json", code: 2, stderr: "sundial: --json cannot be used together with --explain.\n"},
	})
}
