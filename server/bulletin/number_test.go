package bulletin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/server/compliance"
)

// small is data with the numbers 37, 20, 54.05 % and a few more.
func small() *Data {
	cells := []Cell{{Obligation: "x.a", Met: 20, Late: 0, Overdue: 17}}
	row := Row{Unit: Unit{Code: "1", Name: "甲市", Class: "A"}, Cells: cells, Tally: tallyOf(compliance.Cell{Met: 20, Overdue: 17})}
	d := &Data{Scope: Unit{Code: "0", Name: "某省"}, Year: 2017, AsOf: 736695, Obligations: []Obligation{{Code: "x.a", Title: Text{ZH: "听取汇报"}, Tally: row.Tally}},
		Rows: []Row{row}, Total: row.Tally, Praise: []Named{}, Criticism: []Named{}}
	d.Classes = classesOf(d.Rows)
	return d
}

// pointed are the numbers that are pointed out in a text, those that are mixed with a *.
func pointed(d *Data, text string) []string {
	var list []string
	for _, typed := range d.Typed("", Words{Paragraphs: []Paragraph{{"", text}}}) {
		if typed.Mixed {
			typed.Number = "*" + typed.Number
		}
		list = append(list, typed.Number)
	}
	return list
}

func TestTypedNumbersArePointedOut(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		// Not of the data, however it is written.
		{"共38项", []string{"38"}},
		{"共３８项", []string{"３８"}},
		{"共三十八项", []string{"三十八"}},
		{"共叁拾捌项", []string{"叁拾捌"}},
		{"共1,234项", []string{"1,234"}},
		{"共3.7万项", []string{"3.7万"}},
		{"完成率95.24%", []string{"95.24%"}},
		{"完成率９５．２４％", []string{"９５．２４％"}},
		{"完成率百分之九十五", []string{"百分之九十五"}},
		{"完成率百分之九十五点二四", []string{"百分之九十五点二四"}},
		{"完成率达九成五", []string{"九成五"}},
		{"三分之一的单位", []string{"三分之一"}},
		{"提高5个百分点", []string{"5个百分点"}},
		{"百余家单位", []string{"百"}},
		{"几十家单位", []string{"十"}},
		{"第38名", []string{"38"}},
		{"逾期的为八。", []string{"八"}},
		{"共-37项", []string{"-37"}},
		{"共٣٨项", []string{"٣", "٨"}},
		{"共⑧项", []string{"⑧"}},
		{"共1 000项", []string{"1 000"}},
		{"逾期的（四十二）项要求", []string{"四十二"}},
		{"四（四十二）项要求", []string{"四十二"}},
		{"情况：\n42、项要求逾期", []string{"42"}},
		{"（四十二）项要求", []string{"四十二"}},
		{"考核位列第二", []string{"二"}},
		{"全省排名第九，", []string{"九"}},
		{"全省排名第十二，", []string{"十二"}},
		{"仅有 九 项", []string{"九"}},
		{"兩百项、兩家", []string{"兩百", "兩"}},
		{"九户六宗四所八部门三市七县二区五镇六村九种八局四厅六单位五县区", []string{"九", "六", "四", "八", "三", "七", "二", "五", "六", "九", "八", "四", "六", "五"}},
		// Counts are no rates, and the other way round.
		{"完成率37%", []string{"37%"}},
		{"共54.05项", []string{"54.05"}},
		// A number of the data may be typed.
		{"共37项，完成率54.05%，按时二十项，逾期17项", nil},
		{"完成率百分之五十四点零五", nil},
		// No statistics.
		{"2016年至2018年，截至2017年12月31日，12月31日、9月，一季度，二〇一七年十二月三十一日，2017-12-31", nil},
		{"2016—2018年度，1月3日至5日", nil},
		{"按照鲁政办发〔2017〕39号、国发[2016]80号文件第十六条、六（六）、（十六）", nil},
		{"一、总体\n（二）分项\n3.事项\n4、事项\n（5）事项\n①事项", nil},
		{"政务公开5·15活动，12345政务服务便民热线、12345热线", nil},
		{"省市县三级政府，第三部分，六部分内容", nil},
		{"（三）个别单位\n四、项目建设\n5、条例解读\n按六（六）、（十六）落实", nil},
		{"一是抓紧，二是公开。第一，统一思想；进一步统一，十分重视，万一，一律，第一时间", nil},
		// What only looks like one of those.
		{"共5个月", []string{"5"}},
		{"37月", nil},
		{"共38、39项", []string{"38", "39"}},
		{"5.3.8个", []string{"5.3", "8"}},
		// Signs that make another number of a field.
		{"共{应办总数}0项", []string{"*370"}},
		{"共1{应办总数}项", []string{"*137"}},
		{"共{应办总数}万项", []string{"*37万"}},
		{"共{应办总数}.5项", []string{"*37.5"}},
		{"共{应办总数}{已办结数}项", []string{"*3720"}},
		{"共{应办总数}.{已办结数}项", []string{"*37.20"}},
		{"共{应办总数}%", []string{"*37%"}},
		{"完成率{完成率}%", []string{"*54.05%%"}},
		{"完成率百分之{应办总数}", []string{"*百分之37"}},
		{"-{应办总数}项", []string{"*-37"}},
		{"{应办总数}成", []string{"*37成"}},
		{"{年度}年{数据截止日}共{应办总数}项，{完成率：A类}", nil},
		{"｛应办总数｝项、{完成率: A类}", nil},
	} {
		if diff := cmp.Diff(c.want, pointed(small(), c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestTicksHoldForTheirPlaceOnly(t *testing.T) {
	d, text := small(), "会议用时38分钟，共38项"
	typed := d.Typed("", Words{Paragraphs: []Paragraph{{"", text}}})
	if len(typed) != 2 || typed[0].Before != "会议用时" || typed[0].After != "分钟，共38项" {
		t.Fatalf("typed %+v", typed)
	}
	words := Words{Paragraphs: []Paragraph{{"", text}}, Ticked: []Ticked{typed[0].Ticked}}
	typed = d.Typed("", words)
	if !typed[0].Excused || typed[1].Excused {
		t.Errorf("after the tick: %+v", typed)
	}
	words.Paragraphs[0].Text = "会议用时39分钟，共38项"
	for _, changed := range d.Typed("", words) {
		if changed.Excused {
			t.Errorf("another number is ticked: %+v", changed)
		}
	}
	mixed := d.Typed("", Words{Paragraphs: []Paragraph{{"", "{应办总数}0项"}}})
	if again := d.Typed("", Words{Paragraphs: []Paragraph{{"", "{应办总数}0项"}}, Ticked: []Ticked{mixed[0].Ticked}}); again[0].Excused {
		t.Error("a tick lets a field be changed")
	}
}

// The note of a correction is published too; a number in it is that of the data, or ticked.
func TestTheNoteOfACorrectionIsLookedAt(t *testing.T) {
	d, note := small(), "应办总数由42项改为37项。"
	typed := d.TypedNote(note, Words{})
	if len(typed) != 1 || typed[0].Number != "42" || !typed[0].InChange || typed[0].Excused || typed[0].fault().Name != "change" {
		t.Fatalf("pointed out %+v", typed)
	}
	if typed = d.TypedNote(note, Words{Ticked: []Ticked{typed[0].Ticked}}); !typed[0].Excused {
		t.Error("a tick is not for the note")
	}
}

func TestUnknownFieldsAreNamed(t *testing.T) {
	for _, text := range []string{"共{应办}项", "共{应办总数", "{完成率：B类}", "{}", "{{应办总数}}"} {
		if _, err := small().Fill(text); err == nil {
			t.Errorf("%s is filled", text)
		}
	}
	if text, err := small().Fill("共{应办总数}项，完成率{完成率}，A类{ 完成率:A类 }"); err != nil || text != "共37项，完成率54.05%，A类54.05%" {
		t.Errorf("filled %q, %v", text, err)
	}
}

// fillers are words between numbers.
var fillers = []string{"共", "，其中", "完成", "；按时", "。A类单位", "应办", "\n", "（含补报）", "、"}

func TestWordsOfFieldsAlwaysReconcile(t *testing.T) {
	d := small()
	fields := d.Fields()
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 30).Draw(t, "parts") {
			b.WriteString(rapid.SampledFrom(fillers).Draw(t, "filler"))
			b.WriteString(rapid.SampledFrom(fields).Draw(t, "field").Token)
			b.WriteString(rapid.SampledFrom([]string{"项", "家", "分", "，", "等"}).Draw(t, "behind"))
		}
		if got := pointed(d, b.String()); len(got) > 0 {
			t.Fatalf("%s: %v", b.String(), got)
		}
	})
}

var chineseDigits = []rune("〇一二三四五六七八九")

// inChinese writes 1 to 9999 in numerals.
func inChinese(n int) string {
	text, zero := "", false
	for i, unit := range []string{"千", "百", "十", ""} {
		digit := n / []int{1000, 100, 10, 1}[i] % 10
		switch {
		case digit == 0:
			zero = text != ""
			continue
		case zero:
			text += "零"
		}
		text, zero = text+string(chineseDigits[digit])+unit, false
	}
	return text
}

func TestTypedNumbersNotInTheDataAreAlwaysPointedOut(t *testing.T) {
	d := small()
	known := d.numbers()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9999).Draw(t, "n")
		digits := fmt.Sprint(n)
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, digits)
		number := rapid.SampledFrom([]string{digits, wide, inChinese(n), digits + "%", wide + "％", "百分之" + inChinese(n), digits + ".5", digits + ".57%", digits + "万"}).Draw(t, "written")
		if known.plain[digits] && !strings.ContainsAny(number, "%％.万") && !strings.HasPrefix(number, "百分之") {
			return
		}
		text := rapid.SampledFrom([]string{"共", "完成率", "其中", "{完成率}，", "{数据截止日}，", "全省有", "逾期"}).Draw(t, "before") + number +
			rapid.SampledFrom([]string{"项", "个", "家", "，", "项{应办总数}"}).Draw(t, "behind")
		if strings.HasSuffix(text, "，") && len([]rune(number)) == 1 && n < 10 && number == inChinese(n) {
			return // a single numeral without a measure word counts nothing
		}
		if got := pointed(d, text); len(got) == 0 {
			t.Fatalf("%s is not pointed out", text)
		}
	})
}
