package exchange

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"sundial/server/calendar"
)

func TestTextsThatAreNoDates(t *testing.T) {
	for _, text := range []string{
		"", "2017", "2017-05", "17-5-4", "5/4/2017", "4.5.2017", "2017-5/4", "2017.5-4", "2017年5月4", "2017-13-01", "2017-02-29", "2017-00-10",
		"2017-04-31", "20170431", "2017054", "201705040", "1899-12-31", "2200-01-01", "0207-05-04", "2017-05-04x", "x2017-05-04",
		"2017-05-04 25", "2017-05-04-08", "二〇一七年五月四日", "明天", "2017-05-04\n2017-05-05", "2017 05 04", "２０１７",
	} {
		if day, ok := parseDay(text); ok {
			t.Errorf("%q is taken for %s", text, day)
		}
	}
}

func TestDateTexts(t *testing.T) {
	want := calendar.MustParseDate("2017-05-04")
	for _, text := range []string{
		"2017-05-04", "2017-5-4", "2017/5/4", "2017/05/04", "2017.5.4", "2017年5月4日", "2017年05月04日", "20170504", " 2017-05-04 ",
		"２０１７－０５－０４", "2017 年 5 月 4 日", "2017-05-04 00:00:00", "2017-05-04T08:30", "2017/5/4 23:59:59.999", "2017\u200b-05-04", "20170504 08:30",
	} {
		if day, ok := parseDay(text); day != want || !ok {
			t.Errorf("%q: %v, %v", text, day, ok)
		}
	}
	if day, ok := parseDay("2016-02-29"); !ok || day.Day() != 29 {
		t.Errorf("29 February 2016: %v, %v", day, ok)
	}
}

func TestEveryDateTextIsReadBack(t *testing.T) {
	first, last := calendar.NewDate(firstYear, time.January, 1), calendar.NewDate(lastYear, time.December, 31)
	forms := []string{"%04d-%02d-%02d", "%d-%d-%d", "%d/%d/%d", "%d.%d.%d", "%d年%d月%d日", "%04d%02d%02d", " %d 年 %d 月 %d 日 "}
	for day := first; day <= last; day++ {
		text := fmt.Sprintf(forms[int(day)%len(forms)], day.Year(), day.Month(), day.Day())
		if got, ok := parseDay(text); got != day || !ok {
			t.Fatalf("%q: %v, %v", text, got, ok)
		}
	}
}

// Whatever is taken for a date has its digits in their order.
func FuzzDateTexts(f *testing.F) {
	for _, text := range []string{"2017-05-04", "2017年5月4日", "20170504", "5/4/2017", "2017-05-04T08:30", "２０１７", "2017-2-30", "\xff2017"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, ok := parseDay(text)
		if !ok {
			return
		}
		var digits []byte
		for _, r := range foldWidth(text) {
			if r >= '0' && r <= '9' {
				digits = append(digits, byte(r))
			}
		}
		if !bytes.HasPrefix(digits, fmt.Append(nil, day.Year())) || !inYears(day) {
			t.Errorf("%q is taken for %s", text, day)
		}
	})
}

// The library counts days on its own: both ways must agree, in both systems.
func TestSerialsAgreeWithTheLibrary(t *testing.T) {
	for _, since1904 := range []bool{false, true} {
		for serial := 1; serial < 108_000; serial++ {
			if !since1904 && serial <= noSuchDay {
				continue // the library errs by a day there
			}
			at, err := excelize.ExcelDateToTime(float64(serial), since1904)
			if err != nil {
				t.Fatal(err)
			}
			day, ok := dayOfSerial(float64(serial), since1904)
			if day != calendar.DateOf(at) || !ok {
				t.Fatalf("day %d, since 1904 %v: got %s, want %s", serial, since1904, day, at)
			}
		}
	}
}

func TestSerialsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		serial    float64
		since1904 bool
		want      string
	}{
		{1, false, "1900-01-01"}, {59, false, "1900-02-28"}, {60, false, ""}, {61, false, "1900-03-01"}, {0, false, ""}, {0.5, false, ""}, {-1, false, ""},
		{42859, false, "2017-05-04"}, {42859.999, false, "2017-05-04"}, {42858.9999999999, false, "2017-05-04"}, {42858.99998, false, "2017-05-03"},
		{0, true, "1904-01-01"}, {41397, true, "2017-05-04"}, {-0.5, true, ""}, {1e18, false, ""}, {20170504, false, ""}, {109_575, false, ""},
	} {
		day, ok := dayOfSerial(c.serial, c.since1904)
		if ok != (c.want != "") || ok && day.String() != c.want {
			t.Errorf("day %v, since 1904 %v: %s, %v, want %s", c.serial, c.since1904, day, ok, c.want)
		}
	}
	for day := calendar.NewDate(1900, time.January, 1); day < calendar.NewDate(1900, time.December, 31); day++ {
		serial, ok := serialOf(day)
		if back, okBack := dayOfSerial(float64(serial), false); back != day || !ok || !okBack {
			t.Errorf("%s is day %d, which is %s", day, serial, back)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	date, clock := display{date: true}, display{time: true}
	for code, want := range map[string]display{
		"General": {}, "0": {}, "0.00": {}, "#,##0.00": {}, "@": {}, "0.00E+00": {}, `"day" 0`: {}, `0\d`: {}, "[Red]0.00": {}, `#,##0" 元"`: {}, "[$¥-804]#,##0": {},
		"000000": {digits: 6}, "0%": {percent: true}, "0.00%": {percent: true},
		"yyyy-mm-dd": date, "yyyy/m/d": date, `yyyy"年"m"月"d"日"`: date, "yyyy年m月d日": date, "[$-804]yyyy-m-d;@": date, "m/d/yy h:mm": date, "d-mmm": date,
		"mmm-yy": date, `[DBNum1][$-804]yyyy"年"m"月"`: date, `yyyy\-mm\-dd`: date, "m月": date,
		"h:mm": clock, "[h]:mm:ss": clock, "mm:ss.0": clock, "[$-409]h:mm AM/PM": clock,
	} {
		if got := displayOf(164, code); got != want {
			t.Errorf("%s: %+v, want %+v", code, got, want)
		}
	}
	for id, want := range map[int]display{0: {}, 1: {}, 14: date, 17: date, 18: clock, 22: date, 31: date, 45: clock, 9: {percent: true}, 10: {percent: true}, 49: {}, 58: date} {
		if got := displayOf(id, ""); got != want {
			t.Errorf("built-in format %d: %+v, want %+v", id, got, want)
		}
	}
}

// number returns a cell with a number.
func number(text string, shown display) cell {
	return cell{kind: numberCell, text: text, shown: shown}
}

func TestCellsThatAreRefused(t *testing.T) {
	day := display{date: true}
	for _, c := range []struct {
		kind Kind
		cell cell
		want string
	}{
		{KindText, number("1.1010119900307E+17", display{}), "exchange.long_number"},
		{KindText, number("110101199003070000", display{}), "exchange.long_number"},
		{KindText, number("1000000000000000", display{}), "exchange.long_number"},
		{KindText, cell{text: "1.10101E+17"}, "exchange.long_number"},
		{KindText, cell{text: "１．１Ｅ＋１７"}, "exchange.long_number"},
		{KindText, cell{text: "#N/A"}, "exchange.cell_error"},
		{KindText, cell{kind: errorCell, text: "#REF!"}, "exchange.cell_error"},
		{KindDate, cell{kind: formulaCell}, "exchange.cell_formula"},
		{KindText, number("NaN", display{}), "exchange.number"},
		{KindDate, number("42859", display{}), "exchange.date_number"},
		{KindDate, number("60", day), "exchange.date_number"},
		{KindDate, number("0.5", display{time: true}), "exchange.date_number"},
		{KindDate, cell{text: "5/4/2017"}, "exchange.date"},
		{KindDate, cell{kind: boolCell, text: "1"}, "exchange.date"},
		{KindYesNo, cell{text: "迟到"}, "exchange.word"},
		{KindChoice, number("1", display{}), "exchange.word"},
		{KindInteger, cell{text: "3.5"}, "exchange.integer"},
		{KindInteger, cell{text: "三"}, "exchange.number"},
		{KindInteger, number("42859", day), "exchange.number"},
		{KindInteger, number("1E+16", display{}), "exchange.large_number"},
		{KindInteger, number("-1E+16", display{}), "exchange.large_number"},
		{KindInteger, cell{kind: boolCell, text: "1"}, "exchange.number"},
		{KindDecimal, cell{text: "1e1000000000"}, "exchange.number"},
		{KindDecimal, cell{text: "1,23"}, "exchange.number"},
		{KindDecimal, number("0.95", display{percent: true}), "exchange.number"},
		{KindDecimal, cell{text: "95%"}, "exchange.number"},
		{KindDecimal, number("0.5", display{time: true}), "exchange.number"},
		{KindDecimal, cell{text: "0x10"}, "exchange.number"},
		{KindDecimal, cell{text: "1234567890123456"}, "exchange.number"},
	} {
		column := Column{Kind: c.kind, Words: []Word{{Value: "online", Text: Text{"线上", "Online"}}}}
		_, problem := column.read(c.cell, column.vocabulary())
		if problem == nil || problem.key != c.want {
			t.Errorf("%v in a column of kind %d: %v, want %s", c.cell, c.kind, problem, c.want)
		}
	}
}

func TestCellsThatAreRead(t *testing.T) {
	day := display{date: true}
	for _, c := range []struct {
		kind Kind
		cell cell
		want string
	}{
		{KindText, number("1001", display{}), "1001"},
		{KindText, number("123456789012345", display{}), "123456789012345"},
		{KindText, number("123", display{digits: 6}), "000123"},
		{KindText, number("0.30000000000000004", display{}), "0.3"},
		{KindText, number("42859", day), "2017-05-04"},
		{KindText, cell{text: "110101199003070012"}, "110101199003070012"},
		{KindText, cell{text: "１１０Ｘ "}, "110X"},
		{KindDate, number("42859.75", day), "2017-05-04"},
		{KindDate, number("41397", display{date: true, since1904: true}), "2017-05-04"},
		{KindDate, number("20170504", display{}), "2017-05-04"},
		{KindYesNo, number("1", display{}), Yes},
		{KindYesNo, cell{kind: boolCell, text: "0"}, No},
		{KindChoice, cell{text: " 线 上"}, "online"},
		{KindInteger, number("3.0000000000000004", display{}), "3"},
		{KindInteger, cell{text: "１，２３４"}, "1234"},
		{KindInteger, cell{text: "-7"}, "-7"},
		{KindDecimal, number("1E-3", display{}), "0.001"},
		{KindDecimal, cell{text: "1,234.50"}, "1234.5"},
	} {
		column := Column{Kind: c.kind, Words: []Word{{Value: "online", Text: Text{"线上", "Online"}}}}
		got, problem := column.read(c.cell, column.vocabulary())
		if problem != nil {
			t.Errorf("%v in a column of kind %d: %s", c.cell, c.kind, problem.key)
			continue
		}
		shown := []string{got.text, got.date.String()}
		if c.kind == KindInteger || c.kind == KindDecimal {
			shown = []string{got.decimal.String()}
		}
		if !slices.Contains(shown, c.want) {
			t.Errorf("%v in a column of kind %d: %v, want %s", c.cell, c.kind, shown, c.want)
		}
	}
}

func TestApostrophesComeAndGo(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "-3": "'-3", "@a": "'@a", "＝1": "'＝1", "'=1": "''=1", "'a": "'a", "1=1": "1=1", "": "", "'": "'"} {
		if got := disarm(text); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`['=+\-@＝a\t]{0,4}`).Draw(t, "text")
		if got := disarmed(disarm(text)); got != text {
			t.Fatalf("%q comes back as %q", text, got)
		}
	})
}

func TestEscapes(t *testing.T) {
	got := []string{}
	for _, text := range []string{"甲_x000D_乙", "_x005F_x0041_", "a_x_b", "_xZZZZ_"} {
		got = append(got, unescape(text))
	}
	if diff := cmp.Diff([]string{"甲\r乙", "_x0041_", "a_x_b", "_xZZZZ_"}, got); diff != "" {
		t.Error(diff)
	}
}
