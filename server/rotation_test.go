package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

func TestRotationRefusesFaultyQuestions(t *testing.T) {
	const roster = " --roster testdata/rotation-shandong.yaml"
	runAll(t, []invocation{
		{name: "flags missing", line: "rotation", code: 2, stderr: "sundial: missing flags: --policy=FILE, --roster=FILE（用法见 sundial rotation --help）\n"},
		{name: "as of no date", line: "rotation --policy shandong-2017 --as-of 2018-13-01" + roster, code: 2,
			stderr: "sundial: --as-of：“2018-13-01”不是日期；应为 YYYY-MM-DD，如 2017-05-04。\n"},
		{name: "no such policy", line: "rotation --policy shandong-2018" + roster, code: 1, stderr: "sundial: 找不到文件 shandong-2018。\n"},
		{name: "no such roster", line: "rotation --policy shandong-2017 --roster none.yaml", code: 1, stderr: "sundial: 找不到文件 none.yaml。\n"},
		{name: "a policy without rotation", line: "rotation --policy zengdu-2020" + roster, code: 1, stderr: "sundial: zengdu-2020 没有轮训要求。\n"},
		{name: "in English", line: "--lang en rotation --policy lanzhou-2016" + roster, code: 1, stderr: "sundial: lanzhou-2016 demands no rotation.\n"},
		{name: "an obligation that is none", line: "rotation --policy shandong-2017 --obligation sd2017.plan" + roster, code: 1,
			stderr: "sundial: shandong-2017 没有轮训要求“sd2017.plan”；可用：sd2017.rotation\n"},
		{name: "before the window", line: "rotation --policy shandong-2017 --as-of 2016-12-31" + roster, code: 1,
			stderr: "sundial: sd2017.rotation 的轮训周期从2017年1月1日开始，截至2016年12月31日尚未开始。\n"},
		{name: "before the first window of a cycle", line: "--lang en rotation --policy jiangsu-2018 --as-of 2017-12-31 --roster testdata/rotation-jiangsu.yaml", code: 1,
			stderr: "sundial: The rotation of js2018.rotation begins on 1 Jan 2018; as of 31 Dec 2017 it has not begun.\n"},
	})
}

func TestFaultyRostersAreNamedByLine(t *testing.T) {
	const faults = `testdata/faulty-roster.yaml:3: “s1”的在岗记录与第 2 行的重叠；同一人同一时间只能在一个单位，调动时请填写前一条的 to。
testdata/faulty-roster.yaml:4: “staff.to”的结束早于开始。
testdata/faulty-roster.yaml:5: “staff.from”缺少日期。
testdata/faulty-roster.yaml:7: “s4”有“赵某”和“孙某”两个姓名；不同的人应有不同的 id。
testdata/faulty-roster.yaml:8: “staff.id”缺少编号。
testdata/faulty-roster.yaml:10: “s4”在2015年12月31日的考勤早于上岗：最早的在岗记录从2016年1月1日开始；此前在其他单位的，请补充那时的在岗记录。
testdata/faulty-roster.yaml:13: “s4”在2017年3月1日同一课程的考勤重复。
testdata/faulty-roster.yaml:16: “s4”在2018年7月1日的考勤晚于离岗：最后的在岗记录到2018年6月30日为止。
testdata/faulty-roster.yaml:17: “attendances.staff: s9”不在 staff 名册中。
testdata/faulty-roster.yaml:18: “attendances.on”缺少日期。
`
	runAll(t, []invocation{
		{name: "people", line: "rotation --policy shandong-2017 --roster testdata/faulty-roster.yaml", code: 1, stderr: faults},
		{name: "fields", line: "--lang en rotation --policy shandong-2017 --roster testdata/misread-roster.yaml", code: 1,
			stderr: `testdata/misread-roster.yaml:2: unknown field "since"; known fields: from, id, name, to, unit
testdata/misread-roster.yaml:3: "1.1.2017" is of the wrong type; want YYYY-MM-DD
testdata/misread-roster.yaml:4: unknown field "unit"; known fields: attendances, staff
`},
		{name: "nothing", line: "rotation --policy shandong-2017 --roster -", code: 1, stderr: "-:1: 文件是空的。\n"},
	})
	// The people of a facts file are checked alike.
	data, err := os.ReadFile("testdata/faulty-roster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := sundial(t, string(data)+"unit: {code: \"370100\", kind: city}\n", "judge", "--policy", "shandong-2017", "--facts", "-")
	want := result{code: 1, stderr: strings.ReplaceAll(faults, "testdata/faulty-roster.yaml", "-")}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{})); diff != "" {
		t.Errorf("facts: -want +got\n%s", diff)
	}
}

func TestAWindowThatEndsBeforeItBeginsIsRefused(t *testing.T) {
	pack, err := os.ReadFile(shandong)
	if err != nil {
		t.Fatal(err)
	}
	const sound = "{from: 2017-01-01, until: 2018-12-31}"
	before, _, found := strings.Cut(string(pack), sound)
	if !found {
		t.Fatal("the pack has another window")
	}
	file := filepath.Join(t.TempDir(), "pack.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(string(pack), sound, "{from: 2017-01-01, until: 2016-12-31}", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s:%d: “until”的结束早于开始。\n", file, strings.Count(before, "\n")+1)
	for _, args := range [][]string{{"policy", "check", file}, {"rotation", "--policy", file, "--roster", "testdata/rotation-shandong.yaml"}} {
		got := sundial(t, "", args...)
		if diff := cmp.Diff(result{code: 1, stderr: want}, got, cmp.AllowUnexported(result{})); diff != "" {
			t.Errorf("%v: -want +got\n%s", args, diff)
		}
	}
}

func TestAPolicyWithSeveralRotationsIsAskedForOne(t *testing.T) {
	pack, err := os.ReadFile(shandong)
	if err != nil {
		t.Fatal(err)
	}
	const id = "  - id: sd2017.rotation\n"
	_, rest, _ := strings.Cut(string(pack), id)
	obligation, _, found := strings.Cut(rest, "\n  - id:")
	if !found {
		t.Fatal("the rotation is the pack's last obligation")
	}
	file := filepath.Join(t.TempDir(), "pack.yaml")
	second := "  - id: sd2017.leaders\n" + strings.Replace(obligation, "until: 2018-12-31", "until: 2017-12-31", 1) + "\n"
	if err := os.WriteFile(file, []byte(strings.Replace(string(pack), id, second+id, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	line := "rotation --policy " + file + " --roster testdata/rotation-shandong.yaml --as-of 2018-09-30"
	runAll(t, []invocation{{name: "which", line: line, code: 2,
		stderr: "sundial: shandong-2017 有多项轮训要求，请用 --obligation 指定一项：sd2017.leaders、sd2017.rotation\n"}})
	var record rotationRecord
	printed(t, &record, "", append(strings.Fields(line), "--obligation", "sd2017.leaders", "--json")...)
	if record.Obligation != "sd2017.leaders" || text(&record.Window.To) != "2017-12-31" || record.Coverage != "0.5454" {
		t.Errorf("%+v", record)
	}
}

// workedRotation is what a roster comes to as of a day, counted by hand.
type workedRotation struct {
	asOf, window    string
	roster, trained int
	coverage        string
	left, newcomers string
	seats           int
	units           string
}

func TestWorkedRotations(t *testing.T) {
	for name, rotation := range map[string]struct {
		policy string
		cases  []workedRotation
	}{
		"liaoning": {"liaoning-2016", []workedRotation{
			{"2016-05-18", "2016-05-18..2019-05-18", 10, 1, "0.1000", "s2 s3 s4 s5 s7 s8 s9 s10 s11", "", 1, "210100 1/7 0.1428, 210200 0/3 0.0000"},
			{"2018-12-31", "2016-05-18..2019-05-18", 11, 6, "0.5454", "s2 s3 s4 s8 s10", "", 1, "210100 3/7 0.4285, 210200 3/4 0.7500"},
			{"2019-02-28", "2016-05-18..2019-05-18", 10, 5, "0.5000", "s2 s3 s4 s8 s10", "s8", 2, "210100 3/6 0.5000, 210200 2/4 0.5000"},
			{"2019-05-18", "2016-05-18..2019-05-18", 10, 6, "0.6000", "s2 s4 s8 s10", "s8", 4, "210100 4/6 0.6666, 210200 2/4 0.5000"},
			{"2019-05-19", "2016-05-18..2019-05-18", 10, 6, "0.6000", "s2 s4 s8 s10", "s8", 4, "210100 4/6 0.6666, 210200 2/4 0.5000"},
			{"2026-01-01", "2016-05-18..2019-05-18", 10, 6, "0.6000", "s2 s4 s8 s10", "s8", 4, "210100 4/6 0.6666, 210200 2/4 0.5000"},
		}},
		"jiangsu": {"jiangsu-2018", []workedRotation{
			{"2019-12-31", "2018-01-01..2019-12-31", 7, 3, "0.4285", "s4 s7 s8 s10", "", 4, "320100 0/3 0.0000, 320500 3/4 0.7500"},
			{"2020-01-01", "2020-01-01..2021-12-31", 8, 1, "0.1250", "s1 s2 s3 s6 s7 s8 s10", "", 1, "320100 1/3 0.3333, 320500 0/5 0.0000"},
			{"2020-06-30", "2020-01-01..2021-12-31", 8, 3, "0.3750", "s1 s3 s5 s6 s8", "s5", 1, "320100 1/1 1.0000, 320500 2/7 0.2857"},
			{"2020-10-31", "2020-01-01..2021-12-31", 9, 3, "0.3333", "s1 s3 s5 s6 s8 s9", "s5 s9", 1, "320100 1/1 1.0000, 320500 2/8 0.2500"},
			{"2021-10-31", "2020-01-01..2021-12-31", 9, 3, "0.3333", "s1 s3 s5 s6 s8 s9", "s5 s9", 3, "320100 1/1 1.0000, 320500 2/8 0.2500"},
			{"2022-01-01", "2022-01-01..2023-12-31", 9, 0, "0.0000", "s1 s2 s3 s4 s5 s6 s7 s8 s9", "", 1, "320100 0/1 0.0000, 320500 0/8 0.0000"},
		}},
		"shandong": {"shandong-2017", []workedRotation{
			{"2017-01-01", "2017-01-01..2018-12-31", 13, 1, "0.0769", "s01 s02 s03 s05 s06 s07 s09 s10 s11 s12 s13 s14", "", 1, "370100 1/9 0.1111, 370200 0/4 0.0000"},
			{"2017-12-31", "2017-01-01..2018-12-31", 11, 6, "0.5454", "s03 s05 s06 s13 s14", "", 1, "370100 4/7 0.5714, 370200 2/4 0.5000"},
			{"2018-05-31", "2017-01-01..2018-12-31", 11, 5, "0.4545", "s03 s05 s06 s08 s13 s14", "s08 s14", 1, "370100 3/5 0.6000, 370200 2/5 0.4000, 370300 0/1 0.0000"},
			{"2018-09-30", "2017-01-01..2018-12-31", 12, 7, "0.5833", "s03 s05 s06 s08 s13", "s08", 2, "370100 4/6 0.6666, 370200 2/5 0.4000, 370300 1/1 1.0000"},
			{"2018-11-30", "2017-01-01..2018-12-31", 12, 7, "0.5833", "s03 s05 s06 s08 s13", "s08", 5, "370100 4/6 0.6666, 370200 2/5 0.4000, 370300 1/1 1.0000"},
			{"2018-12-31", "2017-01-01..2018-12-31", 12, 8, "0.6666", "s03 s06 s08 s13", "s08", 4, "370100 5/6 0.8333, 370200 2/5 0.4000, 370300 1/1 1.0000"},
			{"2019-03-01", "2017-01-01..2018-12-31", 12, 8, "0.6666", "s03 s06 s08 s13", "s08", 4, "370100 5/6 0.8333, 370200 2/5 0.4000, 370300 1/1 1.0000"},
		}},
	} {
		for _, want := range rotation.cases {
			t.Run(name+" "+want.asOf, func(t *testing.T) {
				var record rotationRecord
				printed(t, &record, "", "rotation", "--policy", rotation.policy, "--roster", "testdata/rotation-"+name+".yaml", "--as-of", want.asOf, "--json")
				if got := workedOf(record); got != want {
					t.Errorf("\n got %+v\nwant %+v", got, want)
				}
			})
		}
	}
}

// printed runs a command line that prints JSON.
func printed(t *testing.T, into any, stdin string, args ...string) {
	t.Helper()
	got := sundial(t, stdin, args...)
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("%v: %+v", args, got)
	}
	if err := json.Unmarshal([]byte(got.stdout), into); err != nil {
		t.Fatal(err)
	}
}

func workedOf(r rotationRecord) workedRotation {
	worked := workedRotation{asOf: r.AsOf.String(), window: r.Window.From.String() + ".." + r.Window.To.String(), roster: r.Roster, trained: r.Trained,
		coverage: r.Coverage, left: strings.Join(r.Left, " "), newcomers: strings.Join(r.Newcomers, " "), seats: r.SeatsPerMonth}
	var units []string
	for _, u := range r.Units {
		if u.Trained+len(u.Left) != u.Roster {
			units = append(units, "does not add up")
		}
		if u.Roster > 0 {
			units = append(units, fmt.Sprintf("%s %d/%d %s", u.Unit, u.Trained, u.Roster, u.Coverage))
		}
	}
	worked.units = strings.Join(units, ", ")
	return worked
}

// TestTheSamePeopleAreJudgedAlike judges units on the rosters of
// TestWorkedRotations: the same file with the unit added.
func TestTheSamePeopleAreJudgedAlike(t *testing.T) {
	for _, c := range []struct{ roster, policy, unit, asOf, period, state, value, done, left string }{
		{"liaoning", "liaoning-2016", "210100", "2019-05-18", "2016-2019", "pending", "0.6666", "", "：林二、李四；"},
		{"liaoning", "liaoning-2016", "210100", "2019-05-19", "2016-2019", "overdue", "0.6666", "", "：林二、李四（"},
		{"liaoning", "liaoning-2016", "210200", "2018-12-31", "2016-2019", "pending", "0.7500", "", "：郑十；"},
		{"liaoning", "liaoning-2016", "210200", "2019-01-01", "2016-2019", "pending", "0.5000", "", "：周八、郑十；"},
		{"jiangsu", "jiangsu-2018", "320500", "2019-12-31", "2018-2019", "pending", "0.7500", "", "：周八；"},
		{"jiangsu", "jiangsu-2018", "320500", "2020-01-01", "2018-2019", "overdue", "0.7500", "", "：周八（"},
		{"jiangsu", "jiangsu-2018", "320500", "2020-01-01", "2020-2021", "pending", "0.0000", "", "：陈一、林二、张三、赵六、周八；"},
		{"jiangsu", "jiangsu-2018", "320100", "2020-04-30", "2020-2021", "met", "1.0000", "2020-04-01", ""},
		{"jiangsu", "jiangsu-2018", "320100", "2020-05-01", "2020-2021", "met", "1.0000", "2020-01-01", ""},
		{"shandong", "shandong-2017", "370200", "2018-05-31", "2017-2018", "reported", "0.6000", "", ""},
		{"shandong", "shandong-2017", "370200", "2018-05-04", "2017-2018", "pending", "0.4000", "", "：赵六 s06、周八、赵六 s13；"},
		{"shandong", "shandong-2017", "370300", "2018-02-28", "2017-2018", "pending", "0.0000", "", ""},
		{"shandong", "shandong-2017", "370300", "2018-03-01", "2017-2018", "pending", "0.0000", "", "：褚某；"},
		{"shandong", "shandong-2017", "370300", "2018-08-08", "2017-2018", "met", "1.0000", "2018-08-08", ""},
		{"shandong", "shandong-2017", "370100", "2019-01-01", "2017-2018", "overdue", "0.8333", "", "：张三（"},
	} {
		t.Run(c.unit+" "+c.asOf+" "+c.period, func(t *testing.T) {
			people, err := os.ReadFile("testdata/rotation-" + c.roster + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			var records []verdictRecord
			printed(t, &records, string(people)+"unit: {code: \""+c.unit+"\", kind: city}\n", "judge", "--policy", c.policy, "--facts", "-", "--as-of", c.asOf, "--json")
			found := 0
			for _, r := range records {
				if r.Kind != rules.KindRotation || r.Period != c.period {
					continue
				}
				found++
				if string(r.State) != c.state || r.Value != c.value || text(r.DoneOn) != c.done || !strings.Contains(r.Reason, c.left) || (c.left == "") == strings.Contains(r.Reason, "：") {
					t.Errorf("%s %s, done %q: %s\nwant %+v", r.State, r.Value, text(r.DoneOn), r.Reason, c)
				}
			}
			if found != 1 {
				t.Errorf("%d verdicts on the rotation", found)
			}
		})
	}
}

func TestRotationShowsWhoIsLeft(t *testing.T) {
	for _, c := range []struct{ roster, policy, asOf string }{
		{"shandong", "shandong-2017", "2018-09-30"},
		{"jiangsu", "jiangsu-2018", "2021-10-31"},
		{"liaoning", "liaoning-2016", "2019-05-19"},
	} {
		args := []string{"rotation", "--policy", c.policy, "--roster", "testdata/rotation-" + c.roster + ".yaml", "--as-of", c.asOf}
		for _, how := range []struct{ golden, flag string }{{".zh-CN.golden", "--lang=zh-CN"}, {".en.golden", "--lang=en"}, {".json.golden", "--json"}} {
			t.Run(c.roster+how.golden, func(t *testing.T) {
				got := sundial(t, "", append(args, how.flag)...)
				if got.code != 0 || got.stderr != "" {
					t.Fatalf("%+v", got)
				}
				golden(t, "rotation-"+c.roster+how.golden, got.stdout)
			})
		}
	}
}

func TestRotationOfFewAndNone(t *testing.T) {
	const line = "--lang en rotation --policy shandong-2017 --roster - --as-of 2018-12-31"
	const head = "sd2017.rotation  All openness staff trained once by the end of 2018 (六(六)) · as of 31 Dec 2018\nRotation from 1 Jan 2017 to 31 Dec 2018, 0 days left\n"
	runAll(t, []invocation{
		{name: "nobody", line: line, stdin: "staff: []\n", stdout: head + "There is no openness staff on the roster on 31 Dec 2018\n"},
		{name: "nobody as JSON", line: line + " --json", stdin: "staff: []\n", stdout: `{
  "obligation": "sd2017.rotation",
  "clause": "六(六)",
  "window": {
    "from": "2017-01-01",
    "to": "2018-12-31"
  },
  "as_of": "2018-12-31",
  "due_in_days": 0,
  "roster": 0,
  "trained": 0,
  "coverage": "0.0000",
  "left": [],
  "newcomers": [],
  "seats_per_month": 0,
  "units": []
}
`},
		{name: "one, trained, of no unit", line: line,
			stdin:  "staff: [{id: a, from: 2015-01-01}]\nattendances: [{staff: a, on: 2018-03-05, present: true}, {staff: a, on: 2030-01-01, present: true}]\n",
			stdout: head + "The only one on the roster is trained, on 5 Mar 2018\n\nUnit     Roster  Trained  Coverage  Left\nno unit  1       1        100.00%   0\n"},
		{name: "from elsewhere", line: "rotation --policy shandong-2017 --roster - --as-of 2018-12-31",
			stdin:  "staff: [{id: a, name: 甲, unit: \"210100\", from: 2015-01-01, to: 2016-01-01}]\n",
			stderr: "sundial: 注意：单位 210100 不在 shandong-2017 约束的地区 370000 之内，其人员仍已计入。\n",
			stdout: "sd2017.rotation  到2018年轮训一遍政务公开工作人员（六(六)） · 截至2018年12月31日\n轮训周期2017年1月1日至2018年12月31日，还有 0 天\n" +
				"2018年12月31日名册上没有政务公开工作人员\n\n单位    在册  已轮训  覆盖率  未轮训\n210100  0     0       0.00%   0\n"},
	})
}

func TestReasonsNameWhoIsLeft(t *testing.T) {
	staff := func(names ...string) string {
		var out strings.Builder
		out.WriteString("unit: {code: \"370100\", kind: city}\nstaff:\n")
		for i, name := range names {
			fmt.Fprintf(&out, "  - {id: s%d, name: %s, from: 2015-01-01}\n", i+1, name)
		}
		return out.String()
	}
	forty := make([]string, 40)
	for i := range forty {
		forty[i] = fmt.Sprintf("员工%d", i+1)
	}
	const attended = "attendances: [{staff: s1, on: 2018-03-05, present: true}]\n"
	for _, c := range []struct{ name, facts, asOf, zh, en string }{
		{"one", staff("张三"), "2018-12-31",
			"已轮训 0/1 人，还差 1 人：张三；期限为2018年12月31日（六(六)）。",
			"0 of 1 trained, 1 left: 张三; due 31 Dec 2018 (六(六))."},
		{"one overdue", staff("张三"), "2019-01-01",
			"到2018年12月31日只轮训 0/1 人，还差 1 人：张三（六(六)）。",
			"Only 0 of 1 trained by 31 Dec 2018, 1 left: 张三 (六(六))."},
		{"one met", staff("张三") + attended, "2019-01-01",
			"名册上 1 人已全部轮训，2018年3月5日完成（六(六)）。",
			"The only one on the roster was trained on 5 Mar 2018 (六(六))."},
		{"three, one of whom shares a name", staff("张三", "李四", "王五", "张三") + attended, "2018-12-31",
			"已轮训 1/4 人，还差 3 人：李四、王五、张三 s4；期限为2018年12月31日（六(六)）。",
			"1 of 4 trained, 3 left: 李四, 王五, 张三 s4; due 31 Dec 2018 (六(六))."},
		{"ten", staff(forty[:10]...), "2019-01-01",
			"到2018年12月31日只轮训 0/10 人，还差 10 人：员工1、员工2、员工3、员工4、员工5、员工6、员工7、员工8、员工9、员工10（六(六)）。",
			"Only 0 of 10 trained by 31 Dec 2018, 10 left: 员工1, 员工2, 员工3, 员工4, 员工5, 员工6, 员工7, 员工8, 员工9, 员工10 (六(六))."},
		{"forty", staff(forty...), "2018-12-31",
			"已轮训 0/40 人，还差员工1、员工2、员工3、员工4、员工5、员工6、员工7、员工8、员工9、员工10等 40 人；期限为2018年12月31日（六(六)）。",
			"0 of 40 trained, 40 left: 员工1, 员工2, 员工3, 员工4, 员工5, 员工6, 员工7, 员工8, 员工9, 员工10 and 30 more; due 31 Dec 2018 (六(六))."},
		{"forty overdue", staff(forty...) + attended, "2019-01-01",
			"到2018年12月31日只轮训 1/40 人，还差员工2、员工3、员工4、员工5、员工6、员工7、员工8、员工9、员工10、员工11等 39 人（六(六)）。",
			"Only 1 of 40 trained by 31 Dec 2018, 39 left: 员工2, 员工3, 员工4, 员工5, 员工6, 员工7, 员工8, 员工9, 员工10, 员工11 and 29 more (六(六))."},
		{"two met", staff("张三", "李四") + "attendances: [{staff: s1, on: 2018-03-05, present: true}, {staff: s2, on: 2018-04-05, present: true}]\n", "2018-12-31",
			"名册上 2 人已全部轮训，2018年4月5日完成（六(六)）。",
			"All 2 on the roster are trained, the last on 5 Apr 2018 (六(六))."},
	} {
		for language, want := range map[string]string{"zh-CN": c.zh, "en": c.en} {
			var records []verdictRecord
			printed(t, &records, c.facts, "--lang", language, "judge", "--policy", "shandong-2017", "--facts", "-", "--as-of", c.asOf, "--json")
			for _, r := range records {
				if r.Kind == rules.KindRotation && r.Reason != want {
					t.Errorf("%s:\n got %s\nwant %s", c.name, r.Reason, want)
				}
			}
		}
	}
}
