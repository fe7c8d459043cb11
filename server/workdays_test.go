package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const provisionalNote = "sundial: 暂定：放假通知只有 2013 至 2026 年的，其他年份暂按周一至周五计算。\n"

func TestWorkdaysRefusesWhatIsNoQuestion(t *testing.T) {
	notADate := func(flag, value string) string {
		return "sundial: " + flag + "：“" + value + "”不是日期；应为 YYYY-MM-DD，如 2017-05-04。\n"
	}
	badTerm := func(value string) string {
		return "sundial: --add：“" + value + "”不行；应为 1 至 10000 的整数，单位是工作日。\n"
	}
	runAll(t, []invocation{
		{name: "no flags", line: "workdays", code: 2, stderr: "sundial: 请用 --after 和 --add 求期限，或用 --between 和 --and 数工作日。\n"},
		{name: "after alone", line: "workdays --after 2017-05-04", code: 2, stderr: "sundial: --after 要与 --add 一起使用。\n"},
		{name: "add alone", line: "workdays --add 30", code: 2, stderr: "sundial: --add 要与 --after 一起使用。\n"},
		{name: "between alone", line: "workdays --between 2017-05-04", code: 2, stderr: "sundial: --between 要与 --and 一起使用。\n"},
		{name: "and alone", line: "workdays --and 2017-05-04", code: 2, stderr: "sundial: --and 要与 --between 一起使用。\n"},
		{name: "two questions", line: "workdays --after 2017-05-04 --add 3 --and 2017-06-16", code: 2, stderr: "sundial: --after 与 --and 不能同时使用。\n"},
		{name: "a date of another form", line: "workdays --after 2017-5-4 --add 3", code: 2, stderr: notADate("--after", "2017-5-4")},
		{name: "an empty date", line: "workdays --after= --add 3", code: 2, stderr: notADate("--after", "")},
		{name: "no such day", line: "workdays --between 2017-02-29 --and 2017-03-01", code: 2, stderr: notADate("--between", "2017-02-29")},
		{name: "a word for a date", line: "workdays --between 2017-02-28 --and today", code: 2, stderr: notADate("--and", "today")},
		{name: "term of no days", line: "workdays --after 2017-05-04 --add 0", code: 2, stderr: badTerm("0")},
		{name: "negative term", line: "workdays --after 2017-05-04 --add=-1", code: 2, stderr: badTerm("-1")},
		{name: "endless term", line: "workdays --after 2017-05-04 --add 10001", code: 2, stderr: badTerm("10001")},
		{name: "term in words", line: "workdays --after 2017-05-04 --add thirty", code: 2, stderr: badTerm("thirty")},
		{name: "past the last date", line: "workdays --after 9999-12-30 --add 2", code: 2, stderr: "sundial: --add：2 个工作日超出了 9999-12-31。\n"},
		{name: "dates turned round", line: "workdays --between 2017-06-16 --and 2017-05-04", code: 2, stderr: "sundial: --and：2017-05-04 不能早于 --between 的 2017-06-16。\n"},
		{name: "too much to explain", line: "workdays --between 0001-01-01 --and 9999-12-31 --explain", code: 2, stderr: "sundial: --explain：3652058 天太长，不能逐日列出。\n"},
		{name: "in English", line: "--lang en workdays --after yesterday --add 3", code: 2, stderr: "sundial: --after: \"yesterday\" is not a date; want YYYY-MM-DD, such as 2017-05-04.\n"},
	})
}

func TestWorkdaysAnswersOnStandardOutputAlone(t *testing.T) {
	runAll(t, []invocation{
		{name: "thirty days", line: "workdays --after 2017-05-04 --add 30", stdout: "2017-06-16\n"},
		{name: "the word count", line: "workdays count --after 2017-05-04 --add 30", stdout: "2017-06-16\n"},
		{name: "a make-up Saturday", line: "workdays --after 2017-05-26 --add 1", stdout: "2017-05-27\n"},
		{name: "how many", line: "workdays --between 2017-05-04 --and 2017-06-16", stdout: "30\n"},
		{name: "none in no time", line: "workdays --between 2017-05-04 --and 2017-05-04", stdout: "0\n"},
		{name: "into a year without notice", line: "workdays --after 2026-12-30 --add 2", stdout: "2027-01-01\n", stderr: provisionalNote},
		{name: "many in a year without notice", line: "workdays --between 2026-12-30 --and 2027-01-04", stdout: "3\n", stderr: provisionalNote},
		{name: "provisional in English", line: "workdays --after 2026-12-30 --add 2 --lang en", stdout: "2027-01-01\n",
			stderr: "sundial: Provisional: there are notices on days off for 2013 to 2026 only; other years are taken as Monday to Friday.\n"},
	})
}

func TestWorkdaysExplainsEveryRunOfDays(t *testing.T) {
	runAll(t, []invocation{
		{name: "a term", line: "workdays --after 2017-05-25 --add 3 --explain", stdout: `2017-05-31

第几日  起                 止                 类别      节日    依据
1       2017-05-26 星期五  2017-05-26 星期五  工作日
2       2017-05-27 星期六  2017-05-27 星期六  调休上班  端午节  国办发明电〔2016〕17号
-       2017-05-28 星期日  2017-05-30 星期二  放假      端午节  国办发明电〔2016〕17号
3       2017-05-31 星期三  2017-05-31 星期三  工作日
`},
		{name: "a span in English", line: "--lang en workdays --between 2026-12-24 --and 2027-01-02 --explain", stdout: `6

Count  From                 To                   Kind         Holiday  Notice
1      2026-12-25 Friday    2026-12-25 Friday    working day
-      2026-12-26 Saturday  2026-12-27 Sunday    weekend
2-5    2026-12-28 Monday    2026-12-31 Thursday  working day
6      2027-01-01 Friday    2027-01-01 Friday    working day           provisional, not published yet
-      2027-01-02 Saturday  2027-01-02 Saturday  weekend               provisional, not published yet
`, stderr: "sundial: Provisional: there are notices on days off for 2013 to 2026 only; other years are taken as Monday to Friday.\n"},
	})
}

func TestWorkdaysPrintsJSON(t *testing.T) {
	runAll(t, []invocation{
		{name: "a term", line: "workdays --after 2017-05-26 --add 1 --explain --json", stdout: `{
  "after": "2017-05-26",
  "add": 1,
  "date": "2017-05-27",
  "provisional": false,
  "steps": [
    {
      "date": "2017-05-27",
      "working": true,
      "kind": "makeup",
      "holiday": "端午节",
      "notice": "国办发明电〔2016〕17号",
      "published": true,
      "count": 1
    }
  ]
}
`},
		{name: "a span without working days", line: "workdays --between 2027-01-01 --and 2027-01-03 --json", stderr: provisionalNote, stdout: `{
  "between": "2027-01-01",
  "and": "2027-01-03",
  "working_days": 0,
  "provisional": true
}
`},
	})
}

func noticeText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFaultyNoticesAreRefusedByLine(t *testing.T) {
	text := noticeText(t, "notice-2026.txt")
	cut, _, _ := strings.Cut(text, "七、国庆节")
	runAll(t, []invocation{
		{name: "missing file", line: "workdays notice testdata/none.txt", code: 1, stderr: "sundial: 找不到文件 testdata/none.txt。\n"},
		{name: "another text", line: "workdays notice testdata/pack.yaml", code: 1, stderr: "testdata/pack.yaml: 没有写明是哪一年的放假安排；应有“关于2027年部分节假日安排的通知”这样的标题。\n"},
		{name: "wrong weekday", line: "workdays notice -", stdin: strings.Replace(text, "5月9日（周六）", "5月9日（周日）", 1), code: 1,
			stderr: "-:6: 2026年5月9日 是星期六，不是星期日。\n"},
		{name: "wrong weekday in English", line: "workdays notice - --lang en", stdin: strings.Replace(text, "5月9日（周六）", "5月9日（周日）", 1), code: 1,
			stderr: "-:6: 9 May 2026 is a Saturday, not a Sunday.\n"},
		{name: "end missing", line: "workdays notice -", stdin: cut, code: 1, stderr: "-: 2026 年的第一份通知没有提到国庆；文本可能不完整。\n"},
	})
}

func TestNoticesArePreviewed(t *testing.T) {
	text := noticeText(t, "notice-2026.txt")
	_, body, _ := strings.Cut(text, "7号\n")
	body, _, _ = strings.Cut(body, "\n国务院办公厅")
	table := `
假期    起                 止                 天数  调休上班
元旦    2026-01-01 星期四  2026-01-03 星期六  3     2026-01-04 星期日
春节    2026-02-15 星期日  2026-02-23 星期一  9     2026-02-14 星期六、2026-02-28 星期六
清明节  2026-04-04 星期六  2026-04-06 星期一  3
劳动节  2026-05-01 星期五  2026-05-05 星期二  5     2026-05-09 星期六
端午节  2026-06-19 星期五  2026-06-21 星期日  3
中秋节  2026-09-25 星期五  2026-09-27 星期日  3
国庆节  2026-10-01 星期四  2026-10-07 星期三  7     2026-09-20 星期日、2026-10-10 星期六
`
	runAll(t, []invocation{
		{name: "a year's notice", line: "workdays notice testdata/notice-2026.txt", stdout: "2026 年放假安排 · 国办发明电〔2025〕7号 · 2025年11月4日印发\n" + table},
		{name: "without head", line: "workdays notice -", stdin: "现将2026年放假安排通知如下。\n" + body, stdout: "2026 年放假安排\n" + table,
			stderr: "sundial: 注意：文本中没有文号；录入时需要填写。\nsundial: 注意：文本中没有印发日期；录入时需要填写。\n"},
		{name: "an extension", line: "workdays notice testdata/notice-2020.txt", stdout: `2020 年放假安排 · 国办发明电〔2020〕1号 · 2020年1月26日印发

假期  起                 止                 天数  调休上班
春节  2020-01-24 星期五  2020-02-02 星期日  10
`},
		{name: "an extension in English", line: "--lang en workdays notice testdata/notice-2020.txt", stdout: `Days off of 2020 · 国办发明电〔2020〕1号 · issued 26 Jan 2020

Holiday  From               To                 Days  Make-up days
春节     2020-01-24 Friday  2020-02-02 Sunday  10
`},
		{name: "JSON", line: "workdays notice - --json", stdin: noticeOf2015, stdout: `{
  "year": 2015,
  "number": "国发明电〔2015〕1号",
  "issued": null,
  "title": "国务院关于胜利70周年纪念日调休放假的通知",
  "holidays": [
    {
      "name": "胜利70周年纪念日",
      "from": "2015-09-03",
      "to": "2015-09-05",
      "days": 3,
      "makeup_days": [
        "2015-09-06"
      ]
    }
  ],
  "days_off": [
    "2015-09-03",
    "2015-09-04",
    "2015-09-05"
  ],
  "makeup_days": [
    "2015-09-06"
  ]
}
`, stderr: "sundial: 注意：文本中没有印发日期；录入时需要填写。\n"},
	})
}

const noticeOf2015 = `国务院关于胜利70周年纪念日调休放假的通知
国发明电〔2015〕1号
经批准，特作如下调休：2015年9月3日至5日调休放假，共3天。9月6日（星期日）上班。`
