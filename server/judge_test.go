package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
)

const shandong = "../seeds/policies/shandong-2017.yaml"

func TestFaultyPacksAreRefusedByFileAndLine(t *testing.T) {
	runAll(t, []invocation{
		{name: "no file", line: "policy check", code: 2, stderr: `sundial: expected "<file> ..."（用法见 sundial policy check --help）` + "\n"},
		{name: "every fault of every file", line: "policy check testdata/none.yaml testdata/faulty-pack.yaml testdata/pack.yaml testdata", code: 1,
			stdout: "trial-2017：7 项要求，没有问题\n",
			stderr: `sundial: 找不到文件 testdata/none.yaml。
testdata/faulty-pack.yaml:1: id“trial”应为“名称-年份”，如 shandong-2017。
testdata/faulty-pack.yaml:8: 要求“tr2017.briefing”没有注明条款；请填写 clause，如 六(一)。
testdata/faulty-pack.yaml:11: 未知的要求种类“hearing”；可用：count、appointment、weight、within_working_days、within_hours、by_date、rotation
testdata/faulty-pack.yaml:12: 未知的单位种类“village”；可用：province、city、county、department、township
testdata/faulty-pack.yaml:15: 未知字段“colour”；可用字段：clause, counts, evidence, id, kind, points, require, title, who, years
testdata/faulty-pack.yaml:17: 要求“tr2017.plan”没有注明条款；请填写 clause，如 六(一)。
testdata/faulty-pack.yaml:20: 未知的要求种类“surprise”；可用：count、appointment、weight、within_working_days、within_hours、by_date、rotation
sundial: testdata 是目录，不是文件。
`},
		{name: "in English", line: "--lang en policy check testdata/pack.yaml testdata/faulty-facts.yaml", code: 1,
			stdout: "trial-2017: 7 obligations, no fault\n",
			stderr: `testdata/faulty-facts.yaml:1: unknown field "unit"; known fields: basis, effective, id, issued, issuer, number, obligations, parties, published, region, short, tasks, tasks_due, title
testdata/faulty-facts.yaml:1: id "" must be a name, a dash and a year, such as shandong-2017
testdata/faulty-facts.yaml:1: short "" must be two to four small letters and a year, such as sd2017
testdata/faulty-facts.yaml:1: region "" must be a six-digit region code, such as "370000"
testdata/faulty-facts.yaml:1: "title" needs both zh and en
testdata/faulty-facts.yaml:1: field "issuer" is missing
testdata/faulty-facts.yaml:1: effective.from lacks the date from which the policy binds
testdata/faulty-facts.yaml:1: field "obligations" is missing
testdata/faulty-facts.yaml:2: unknown field "performance"; known fields: basis, effective, id, issued, issuer, number, obligations, parties, published, region, short, tasks, tasks_due, title
testdata/faulty-facts.yaml:4: unknown field "staff"; known fields: basis, effective, id, issued, issuer, number, obligations, parties, published, region, short, tasks, tasks_due, title
testdata/faulty-facts.yaml:5: unknown field "attendances"; known fields: basis, effective, id, issued, issuer, number, obligations, parties, published, region, short, tasks, tasks_due, title
`},
	})
}

func TestShippedPacksAreSound(t *testing.T) {
	packs, err := filepath.Glob("../seeds/policies/*.yaml")
	if err != nil || len(packs) < 5 {
		t.Fatalf("packs: %v, %v", packs, err)
	}
	got := sundial(t, "", append([]string{"policy", "check"}, packs...)...)
	if got.code != 0 || got.stderr != "" || strings.Count(got.stdout, "\n") != len(packs) {
		t.Errorf("%+v", got)
	}
}

func TestFilesThatCannotBeReadAreRefusedInOneLine(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	binary := write("binary", []byte{0xff, 0xfe, 0x00, 'u'})
	zeros := write("zeros", make([]byte, 100))
	huge := write("huge", []byte(strings.Repeat("# nothing but comments\n", maxInput/20)))
	long := filepath.Join(folder, strings.Repeat("x", 300))
	for _, test := range []struct{ file, want string }{
		{binary, "sundial: " + binary + " 不是 UTF-8 文本文件。\n"},
		{zeros, "sundial: " + zeros + " 不是 UTF-8 文本文件。\n"},
		{huge, "sundial: " + huge + " 太大；最多 10 MiB。\n"},
		{folder, "sundial: " + folder + " 是目录，不是文件。\n"},
		{long, "sundial: 无法读取 " + long + "：file name too long\n"},
		{write("empty", nil), filepath.Join(folder, "empty") + ":1: 文件是空的。\n"},
		{write("comment", []byte("# nothing\n")), filepath.Join(folder, "comment") + ":1: 文件是空的。\n"},
	} {
		for _, line := range [][]string{{"policy", "check", test.file}, {"judge", "--policy", test.file, "--facts", test.file},
			{"judge", "--policy", "testdata/pack.yaml", "--facts", test.file}} {
			got := sundial(t, "", line...)
			if diff := cmp.Diff(result{code: 1, stderr: test.want}, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("%v: -want +got\n%s", line, diff)
			}
		}
	}
}

func TestJudgeRefusesFaultyQuestions(t *testing.T) {
	const files = "judge --policy testdata/pack.yaml --facts testdata/facts-jinan-2017.yaml "
	runAll(t, []invocation{
		{name: "as of no date", line: files + "--as-of 16.6.2017", code: 2, stderr: "sundial: --as-of：“16.6.2017”不是日期；应为 YYYY-MM-DD，如 2017-05-04。\n"},
		{name: "no year", line: files + "--year 0", code: 2, stderr: "sundial: --year：“0”不是年份；应为 2017 这样的四位数。\n"},
		{name: "a word for a year", line: files + "--year last", code: 2, stderr: "sundial: --year：“last”不是年份；应为 2017 这样的四位数。\n"},
		{name: "no such pack", line: "judge --policy shandong-2018 --facts testdata/facts-jinan-2017.yaml", code: 1, stderr: "sundial: 找不到文件 shandong-2018。\n"},
		{name: "faulty facts", line: "judge --policy testdata/pack.yaml --facts testdata/faulty-facts.yaml", code: 1,
			stderr: `testdata/faulty-facts.yaml:3: 各项之和为 101，总分为 100，多 1 分；各项之和应等于总分。
testdata/faulty-facts.yaml:6: “attendances.staff: s2”不在 staff 名册中。
`},
	})
}

func TestPolicyThatBindsNothingSaysSo(t *testing.T) {
	const elsewhere = "judge --policy testdata/pack.yaml --facts testdata/facts-elsewhere.yaml"
	const binds = "sundial: trial-2017 对 长沙市 430100 没有任何要求。\n"
	runAll(t, []invocation{
		{name: "human", line: elsewhere, stderr: binds},
		{name: "JSON", line: elsewhere + " --json", stdout: "[]\n", stderr: binds},
		{name: "another time", line: "judge --policy testdata/pack.yaml --facts testdata/facts-jinan-2017.yaml --year 2012 --json", stdout: "[]\n",
			stderr: "sundial: trial-2017 约束 济南市 370100，但在所问的时间没有应办事项。\n"},
	})
}

func TestJudgeShowsABlockPerDuty(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		t.Run(language, func(t *testing.T) {
			got := sundial(t, "", "judge", "--lang", language, "--policy", "testdata/pack.yaml", "--facts", "testdata/facts-jinan-2017.yaml", "--as-of", "2017-12-20")
			if got.code != 0 || got.stderr != "" {
				t.Fatalf("%+v", got)
			}
			golden(t, "judge."+language+".golden", got.stdout)
		})
	}
}

func TestJudgeMarksProvisionalDueDates(t *testing.T) {
	got := sundial(t, "", "judge", "--policy", "testdata/pack.yaml", "--facts", "testdata/facts-provisional.yaml", "--as-of", "2027-03-01", "--year", "2026")
	const want = "\n  2026 · d9 · 期限 2027年1月4日（暂定） · 待办\n"
	if !strings.Contains(got.stdout, want) {
		t.Errorf("no line %q in\n%s", want, got.stdout)
	}
}

func TestJudgePrintsJSON(t *testing.T) {
	got := sundial(t, "", "judge", "--json", "--policy", "testdata/pack.yaml", "--facts", "testdata/facts-jinan-2017.yaml", "--as-of", "2017-12-20")
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("%+v", got)
	}
	golden(t, "judge.json.golden", got.stdout)
}

func TestDefaultDayIsTodayInShanghai(t *testing.T) {
	got := sundial(t, "", "judge", "--policy", "testdata/pack.yaml", "--facts", "testdata/facts-jinan-2017.yaml")
	if heading, _, _ := strings.Cut(got.stdout, "\n"); heading != "济南市 370100 · 试行政务公开要点 · 截至2017年6月17日" {
		t.Errorf("heading %q", heading)
	}
}

func TestContractSampleIsJudgedAsTheContractSays(t *testing.T) {
	for _, policy := range []string{shandong, "shandong-2017"} {
		got := sundial(t, "", "judge", "--policy", policy, "--facts", "testdata/facts-contract.yaml", "--as-of", "2017-12-31", "--json")
		if got.code != 0 || got.stderr != "" {
			t.Fatalf("%s: %+v", policy, got)
		}
		var records []verdictRecord
		if err := json.Unmarshal([]byte(got.stdout), &records); err != nil {
			t.Fatal(err)
		}
		type short struct{ State, DueOn, DoneOn, Value, Required string }
		verdicts := map[string]short{}
		for _, r := range records {
			verdicts[r.Obligation] = short{string(r.State), text(r.DueOn), text(r.DoneOn), r.Value, r.Required}
		}
		want := map[string]short{
			"sd2017.plan":     {"met", "2017-06-16", "2017-06-16", "30", "30"},
			"sd2017.briefing": {"met", "2017-12-31", "2017-03-02", "1", "1"},
			"sd2017.deputy":   {"met", "2017-12-31", "2017-02-01", "1", "1"},
			"sd2017.weight":   {"met", "2017-12-31", "", "4.00", "4.00"},
		}
		for obligation, wanted := range want {
			if verdicts[obligation] != wanted {
				t.Errorf("%s: %s = %+v, want %+v", policy, obligation, verdicts[obligation], wanted)
			}
		}
	}
}

func text(day *calendar.Date) string {
	if day == nil {
		return ""
	}
	return day.String()
}
