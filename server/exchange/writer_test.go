package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"sundial/server/calendar"
)

// write writes a file of the sample.
func write(t testing.TB, format Format, lang string, rows ...[]any) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, format, sample, Language{Tag: lang})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestValuesOfTheWrongKindAreRefused(t *testing.T) {
	row := []any{"1", "王芳", calendar.Date(0), true, "online", 8, decimal.New(925, -1)}
	for i, wrong := range []any{1, true, "2017-05-04", "是", "面授", "8", 92.5} {
		changed := append([]any{}, row...)
		changed[i] = wrong
		w, err := NewWriter(&bytes.Buffer{}, XLSX, sample, Language{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(changed...); err == nil || !strings.Contains(err.Error(), sample.Columns[i].Key) {
			t.Errorf("%v in column %d: %v", wrong, i, err)
		}
		if err := w.Write(row...); err == nil {
			t.Error("a row is written after one that failed")
		}
		if err := w.Close(); err == nil {
			t.Error("a file with a row that failed is finished")
		}
	}
	w, _ := NewWriter(&bytes.Buffer{}, CSV, sample, Language{})
	if err := w.Write("1", "王芳"); err == nil {
		t.Error("a row of two values is written")
	}
}

func TestTextsTooLongForACellAreRefused(t *testing.T) {
	w, err := NewWriter(&bytes.Buffer{}, XLSX, sample, Language{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Write(strings.Repeat("字", excelize.TotalCellChars), "", nil, nil, nil, nil, nil); err != nil {
		t.Error(err)
	}
	if err := w.Write(strings.Repeat("字", excelize.TotalCellChars+1), "", nil, nil, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "A3") {
		t.Errorf("got %v, want an error that names A3", err)
	}
}

// failing is a disk that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestAFullDiskIsNoticed(t *testing.T) {
	for _, format := range []Format{XLSX, CSV} {
		w, err := NewWriter(failing{}, format, sample, Language{})
		if err == nil {
			err = w.Close()
		}
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: %v", format, err)
		}
	}
	if err := WriteTemplate(failing{}, sample, chinese(t)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("template: %v", err)
	}
}

func TestAbortLeavesNoFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, finish := range []func(*Writer){func(w *Writer) { w.Abort() }, func(w *Writer) { w.Close(); w.Abort() }} {
		w, err := NewWriter(&bytes.Buffer{}, XLSX, sample, Language{})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Repeat("a", 30_000)
		for range 700 { // 20 MB, more than is kept in memory
			if err := w.Write(text, text, nil, nil, nil, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if left, _ := os.ReadDir(os.TempDir()); len(left) == 0 {
			t.Error("there is no temporary file whose removal this could show")
		}
		finish(w)
		if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestAWorkbookAsAPersonSeesIt(t *testing.T) {
	content := write(t, XLSX, "zh-CN",
		[]any{"000123", "=1+1", calendar.MustParseDate("2017-05-04"), true, "hall", 8, decimal.RequireFromString("92.5")},
		[]any{"110101199003070012", "+王\x07芳", calendar.MustParseDate("1850-01-01"), false, "", int64(1234567890123456), nil})
	file, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := file.GetRows("花名册")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"工号", "姓名", "出生日期", "考勤", "形式", "学时", "成绩"},
		{"000123", "=1+1", "2017-05-04", "到课", "线下", "8", "92.5"},
		{"110101199003070012", "+王芳", "1850-01-01", "缺勤", "", "1234567890123456"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	kinds := []excelize.CellType{}
	for _, cell := range []string{"A2", "B2", "C2", "F2", "A3"} {
		kind, _ := file.GetCellType("花名册", cell)
		kinds = append(kinds, kind)
	}
	inline, plain := excelize.CellTypeInlineString, excelize.CellTypeUnset
	if diff := cmp.Diff([]excelize.CellType{inline, inline, plain, plain, inline}, kinds); diff != "" {
		t.Errorf("kinds of cells: %s", diff)
	}
	if formula, _ := file.GetCellFormula("花名册", "B2"); formula != "" {
		t.Errorf("a text became the formula %s", formula)
	}
	if panes, _ := file.GetPanes("花名册"); !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes: %+v", panes)
	}
}

func TestCSVAsItIsWritten(t *testing.T) {
	got := string(write(t, CSV, "en", []any{"-1", "王\n\"芳\"", calendar.MustParseDate("2017-05-04"), true, "hall", -8, decimal.RequireFromString("-0.5")}))
	want := "\ufeffStaff number,Name,Born,Attendance,Form,Hours,Score\r\n'-1,\"王\r\n\"\"芳\"\"\",2017-05-04,Present,In a hall,-8,-0.5\r\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What is written comes back as it was, in every format and language.
func TestRoundTrip(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "plain") {
			return rapid.StringMatching(`['=+\-@]?[0-9A-Za-z王芳"<>&, _x;]{1,12}(_x0041_)?`).Draw(t, "text")
		}
		return rapid.String().Draw(t, "any text")
	})
	rapid.Check(t, func(t *rapid.T) {
		number, name := "n"+text.Draw(t, "number"), "n"+text.Draw(t, "name")
		day := calendar.MustParseDate("1900-01-01") + calendar.Date(rapid.IntRange(0, 109_000).Draw(t, "day"))
		present := rapid.Bool().Draw(t, "present")
		hours := rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "hours")
		score := decimal.New(rapid.Int64Range(-99_999_999, 99_999_999).Draw(t, "score"), -3)
		format := rapid.SampledFrom([]Format{XLSX, CSV}).Draw(t, "format")
		lang := rapid.SampledFrom([]string{"zh-CN", "en"}).Draw(t, "lang")
		var out bytes.Buffer
		w, err := NewWriter(&out, format, sample, Language{Tag: lang})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(number, name, day, present, "online", hours, score); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		reader, err := open(out.Bytes(), sample)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range reader.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if len(row.Faults()) > 0 {
				t.Fatalf("faults: %v", said(row.Faults()))
			}
			got := fmt.Sprint(row.Text("number"), "|", row.Text("name"), "|", row.Date("born"), row.Yes("present"), row.Text("form"), row.Integer("hours"), row.Decimal("score"))
			want := fmt.Sprint(Clean(printable(number)), "|", Clean(printable(name)), "|", day, present, "online", hours, score)
			if got != want {
				t.Fatalf("got  %q\nwant %q", got, want)
			}
			return
		}
		t.Fatal("no row")
	})
}

func TestFaultsAreGivenBack(t *testing.T) {
	content := book(t, func(file *excelize.File) {
		style, _ := file.NewStyle(&excelize.Style{NumFmt: 14})
		put(file, "Sheet1", []any{"题目"}, []any{"序号", "姓名", "员工编号", "备注", "出生日期", "考勤"},
			[]any{1, "王芳", "JN001", "好", 42859, "到课"},
			[]any{2, "=a", 110101199003070012, "坏", 42859, "迟到"},
			[]any{3, nil, "JN003", true, "明天", nil, "没有表头"})
		file.SetCellStyle("Sheet1", "E3", "E4", style)
		file.SetCellFormula("Sheet1", "F5", "1/1")
	})
	for _, format := range []Format{XLSX, CSV} {
		reader := mustOpen(t, content, sample)
		var out bytes.Buffer
		w, err := NewFaultWriter(&out, format, reader, chinese(t))
		if err != nil {
			t.Fatal(err)
		}
		defer w.Abort()
		for _, row := range rows(t, reader) {
			if len(row.Faults()) > 0 {
				if err := w.Write(row); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again := mustOpen(t, out.Bytes(), sample)
		all := rows(t, again)
		if len(all) != 2 || all[0].Text("name") != "=a" || all[0].Date("born").String() != "2017-05-04" {
			t.Fatalf("%s: %v", format, all)
		}
		// What was wrong is still wrong, and no digit was made up.
		got := append(said(all[0].Faults()), said(all[1].Faults())...)
		want := []string{"C2 exchange.long_number", "F2 exchange.word", "E3 exchange.date", "F3 exchange.cell_error", "B3 exchange.required"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		if notes := again.Notes(); len(notes) != 1 || notes[0].Args["Column"] != "备注" {
			t.Errorf("%s: notes %v", format, notes)
		}
		reason, _ := all[1].line.at(7)
		if wantReason := "“出生日期”的“明天”不是日期。请按 2017-05-04 的形式填写年、月、日（1900 年至 2199 年）。 “考勤”的公式没有计算结果。请用 Excel 或 WPS 打开并保存一次，或直接填写内容。 “姓名”不能为空。"; reason.text != wantReason {
			t.Errorf("%s: reason %s", format, reason.text)
		}
		if remark, _ := all[0].line.at(4); remark.text != "坏" {
			t.Errorf("%s: remark %v", format, remark)
		}
	}
}

func TestTheTemplateCanBeFilledIn(t *testing.T) {
	var out bytes.Buffer
	if err := WriteTemplate(&out, sample, chinese(t)); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, mustOpen(t, out.Bytes(), sample)); len(got) > 0 {
		t.Errorf("an empty template has %d rows", len(got))
	}
	file, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rules, err := file.GetDataValidations("花名册")
	if err != nil {
		t.Fatal(err)
	}
	var offered []string
	for _, rule := range rules {
		offered = append(offered, rule.Sqref+" "+rule.Formula1)
	}
	if diff := cmp.Diff([]string{"D2:D1048576 '填写说明'!$E$5:$F$5", "E2:E1048576 '填写说明'!$E$6:$F$6"}, offered); diff != "" {
		t.Error(diff)
	}
	help, err := file.GetRows("填写说明")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"列名", "必填", "填写要求", "示例", "可以填写的内容"},
		{"工号", "是", "", "JN001"},
		{"考勤", "否", "只能填写“填写说明”中列出的内容。", "", "到课", "缺勤"},
	}
	if diff := cmp.Diff(want, [][]string{help[0], help[1], help[4]}); diff != "" {
		t.Error(diff)
	}
	if heading, _ := file.GetCellValue("花名册", "A1"); heading != "工号*" {
		t.Errorf("heading %s", heading)
	}
	if err := file.SetSheetRow("花名册", "A2", &[]any{"1", "王芳", "2017-05-04", "到课"}); err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	if err := file.Write(&filled); err != nil {
		t.Fatal(err)
	}
	row := rows(t, mustOpen(t, filled.Bytes(), sample))[0]
	if len(row.Faults()) > 0 || !row.Yes("present") {
		t.Errorf("faults %v", said(row.Faults()))
	}
}
