package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// book makes a workbook with the library, as Excel would.
func book(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	file := excelize.NewFile()
	defer file.Close()
	fill(file)
	var content bytes.Buffer
	if err := file.Write(&content); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

// put writes rows from a cell downwards.
func put(file *excelize.File, sheet string, rows ...[]any) {
	for i, row := range rows {
		if row != nil {
			file.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row)
		}
	}
}

// parts makes a workbook by hand: one sheet with the XML, and further parts.
func parts(t testing.TB, sheet string, more ...string) []byte {
	t.Helper()
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	const relations = head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	const kind = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	all := append([]string{
		"_rels/.rels", relations + `<Relationship Id="r1" Type="` + kind + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", head + `<workbook xmlns:r="x"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", relations + `<Relationship Id="r1" Type="` + kind + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + kind + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheet,
	}, more...)
	if len(more) == 0 {
		all = append(all, "xl/sharedStrings.xml", head+`<sst/>`)
	}
	return archive(t, all...)
}

// archive makes a zip of names and contents.
func archive(t testing.TB, entries ...string) []byte {
	t.Helper()
	var content bytes.Buffer
	w := zip.NewWriter(&content)
	for i := 0; i < len(entries); i += 2 {
		part, err := w.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, entries[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

// inline makes the XML of a sheet with rows of texts.
func inline(rows ...[]string) string {
	var out strings.Builder
	out.WriteString(`<worksheet><sheetData>`)
	for _, row := range rows {
		out.WriteString(`<row>`)
		for _, text := range row {
			out.WriteString(`<c t="inlineStr"><is><t>` + text + `</t></is></c>`)
		}
		out.WriteString(`</row>`)
	}
	return out.String() + `</sheetData></worksheet>`
}

func TestFilesThatAreNoTables(t *testing.T) {
	good := parts(t, inline([]string{"工号", "姓名"}, []string{"1", "王芳"}))
	if err := readError(good, sample, DefaultLimits); err != nil {
		t.Fatal(err)
	}
	compound := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 70_000)
	var locked bytes.Buffer
	file := excelize.NewFile()
	if err := file.Write(&locked, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	document := func(name, content string) []byte {
		return archive(t, "_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="`+name+`"/></Relationships>`, name, content)
	}
	cut := inline([]string{"工号", "姓名"}, []string{"1", "王芳"})
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"nothing":             {nil, "exchange.file_empty"},
		"an old workbook":     {[]byte(compound), "exchange.old_excel"},
		"under a password":    {locked.Bytes(), "exchange.encrypted"},
		"a web page":          {[]byte("\xEF\xBB\xBF \n<html><table>"), "exchange.not_table"},
		"a PDF":               {[]byte("%PDF-1.7"), "exchange.not_table"},
		"a picture":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0D"), "exchange.not_table"},
		"an archive":          {archive(t, "a.csv", "工号,姓名"), "exchange.not_table"},
		"a document":          {document("word/document.xml", "<document/>"), "exchange.not_table"},
		"a binary workbook":   {document("xl/workbook.bin", "x"), "exchange.not_table"},
		"half a file":         {good[:len(good)/2], "exchange.unreadable"},
		"a sheet broken off":  {parts(t, cut[:len(cut)-40]), "exchange.unreadable"},
		"no sheet":            {parts(t, ""), "exchange.unreadable"},
		"a sheet that is bad": {parts(t, strings.Replace(cut, "</is>", "<<", 1)), "exchange.unreadable"},
		"rows upside down":    {parts(t, `<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>`), "exchange.unreadable"},
		"cells the wrong way": {parts(t, `<worksheet><sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData></worksheet>`), "exchange.unreadable"},
		"a cell elsewhere":    {parts(t, `<worksheet><sheetData><row r="1"><c r="A9"/></row></sheetData></worksheet>`), "exchange.unreadable"},
		"no such text":        {parts(t, `<worksheet><sheetData><row r="1"><c t="s"><v>3</v></c></row></sheetData></worksheet>`), "exchange.unreadable"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, readError(c.content, sample, DefaultLimits), c.want) })
	}
}

func TestFilesBeyondTheLimits(t *testing.T) {
	heads := []string{"工号", "姓名"}
	ordinary := parts(t, inline(heads, []string{"1", "王芳"}, []string{"2", "李强"}, []string{"3", "赵敏"}))
	limits := func(change func(*Limits)) Limits {
		l := DefaultLimits
		change(&l)
		return l
	}
	blanks := strings.Repeat(" ", 4<<20)
	table := `<sst>` + strings.Repeat(`<si><t>`+strings.Repeat("x", 1000)+`</t></si>`, 200) + `</sst>`
	for name, c := range map[string]struct {
		content []byte
		limits  Limits
		want    string
	}{
		"bytes":         {ordinary, limits(func(l *Limits) { l.File = 100 }), "exchange.file_size"},
		"rows":          {ordinary, limits(func(l *Limits) { l.Rows = 2 }), "exchange.too_many_rows"},
		"rows of CSV":   {[]byte("工号,姓名\n1,a\n2,b\n3,c\n"), limits(func(l *Limits) { l.Rows = 2 }), "exchange.too_many_rows"},
		"columns":       {ordinary, limits(func(l *Limits) { l.Columns = 1 }), "exchange.too_many_columns"},
		"columns, CSV":  {[]byte("工号,姓名,,x\n"), limits(func(l *Limits) { l.Columns = 3 }), "exchange.too_many_columns"},
		"a cell":        {ordinary, limits(func(l *Limits) { l.Cell = 5 }), "exchange.cell_size"},
		"a cell of CSV": {[]byte("工号,姓名\n1,王芳芳\n"), limits(func(l *Limits) { l.Cell = 8 }), "exchange.cell_size"},
		"a sheet":       {parts(t, strings.Replace(inline(heads), "<row>", "<row>"+blanks, 1)), limits(func(l *Limits) { l.Unpacked = 1 << 20 }), "exchange.unpacked_size"},
		"texts":         {parts(t, inline(heads), "xl/sharedStrings.xml", table), limits(func(l *Limits) { l.Strings = 1 << 16 }), "exchange.unpacked_size"},
		"one token":     {parts(t, strings.Replace(inline(heads), "<row>", "<!--"+blanks+"--><row>", 1)), DefaultLimits, "exchange.unpacked_size"},
		"one attribute": {parts(t, strings.Replace(inline(heads), "<row>", `<row spans="`+blanks+`">`, 1)), DefaultLimits, "exchange.unpacked_size"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, readError(c.content, sample, c.limits), c.want) })
	}
}

// A bomb says that it is small, and unpacks to gigabytes.
func TestABombIsDefused(t *testing.T) {
	bomb := parts(t, `<worksheet><sheetData>`+strings.Repeat(`<row><c/></row>`, 1<<20)+`</sheetData></worksheet>`)
	limits := DefaultLimits
	limits.Unpacked = 1 << 20
	refused(t, readError(bomb, sample, limits), "exchange.unpacked_size")

	reader, err := zip.NewReader(bytes.NewReader(bomb), int64(len(bomb)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range reader.File {
		part.UncompressedSize64 = 10
	}
	w := &workbook{source: source{limits: limits}, parts: map[string]*zip.File{}}
	for _, part := range reader.File {
		w.parts[strings.ToLower(part.Name)] = part
	}
	for _, err := range w.lines("xl/worksheets/sheet1.xml") {
		if err == nil {
			t.Error("a part that lies about its size is read")
		}
	}
}

func TestMergedCellsAreRefusedWhereTheDataAre(t *testing.T) {
	merge := func(from, to string) []byte {
		return book(t, func(file *excelize.File) {
			put(file, "Sheet1", []any{"花名册"}, []any{"工号", "姓名"}, []any{"1", "王芳"}, []any{"2", "李强"}, nil, nil, nil, nil)
			file.MergeCell("Sheet1", from, to)
		})
	}
	for _, ends := range [][2]string{{"B3", "B4"}, {"A2", "A3"}, {"A4", "B4"}} {
		args := refused(t, readError(merge(ends[0], ends[1]), sample, DefaultLimits), "exchange.merged")
		if want := ends[0] + ":" + ends[1]; args["Cells"] != want {
			t.Errorf("got %v, want %s", args["Cells"], want)
		}
	}
	for _, ends := range [][2]string{{"A1", "B1"}, {"A5", "B6"}, {"C3", "D4"}} {
		if err := readError(merge(ends[0], ends[1]), sample, DefaultLimits); err != nil {
			t.Errorf("%v: %v", ends, err)
		}
	}
}

func TestHeadingsAreFound(t *testing.T) {
	content := book(t, func(file *excelize.File) {
		file.SetSheetName("Sheet1", "封面")
		put(file, "封面", []any{"说明"}, []any{"姓名"})
		file.NewSheet("隐藏")
		put(file, "隐藏", []any{"工号", "姓名"}, []any{"9", "看不见"})
		file.SetSheetVisible("隐藏", false)
		file.NewSheet("人员")
		put(file, "人员", []any{"济南市政务公开工作人员花名册"}, nil, []any{"填报单位:", "历下区"},
			[]any{"序号", "姓　名\n（必填）", "*员工编号", "备注", "BORN", "问题说明"},
			[]any{1, "王芳", "JN001", "无", "2017-05-04", "旧的"},
			[]any{2},
			nil,
			[]any{3, "李强", "JN002"})
	})
	reader := mustOpen(t, content, sample)
	if reader.Sheet() != "人员" || !reader.Has("born") || reader.Has("score") {
		t.Errorf("sheet %s, born %v, score %v", reader.Sheet(), reader.Has("born"), reader.Has("score"))
	}
	wantNotes := []Fault{{Row: 4, Cell: "D4", Key: "exchange.heading_unknown", Args: map[string]any{"Column": "备注"}}}
	if diff := cmp.Diff(wantNotes, reader.Notes()); diff != "" {
		t.Error(diff)
	}
	for range 2 { // rows can be read again
		var got []string
		for _, row := range rows(t, reader) {
			got = append(got, fmt.Sprint(row.Number, row.Text("name"), row.Text("number"), row.Date("born")))
		}
		if diff := cmp.Diff([]string{"5王芳JN0012017-05-04", "8李强JN002"}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestHeadingsThatAreNot(t *testing.T) {
	args := refused(t, readError([]byte("甲,乙\n1,2\n"), sample, DefaultLimits), "exchange.no_headings")
	if diff := cmp.Diff([]Text{{"工号", "Staff number"}, {"姓名", "Name"}}, args["Columns"]); diff != "" {
		t.Error(diff)
	}
	args = refused(t, readError([]byte("题目\n姓名,成绩\n1,2\n"), sample, DefaultLimits), "exchange.headings_missing")
	if diff := cmp.Diff(map[string]any{"Name": "表.xlsx", "Row": 2, "Columns": []Text{{"工号", "Staff number"}}}, args); diff != "" {
		t.Error(diff)
	}
	args = refused(t, readError([]byte("工号,姓名,员工编号\n"), sample, DefaultLimits), "exchange.heading_twice")
	if diff := cmp.Diff(map[string]any{"Column": "员工编号", "First": "A1", "Second": "C1"}, args); diff != "" {
		t.Error(diff)
	}
	refused(t, readError([]byte(strings.Repeat("题目\n", 10)+"工号,姓名\n"), sample, DefaultLimits), "exchange.no_headings")
}

func TestCellsOfAWorkbook(t *testing.T) {
	content := book(t, func(file *excelize.File) {
		day, zeros := "yyyy\"年\"m\"月\"d\"日\"", "000000"
		dated, _ := file.NewStyle(&excelize.Style{CustomNumFmt: &day})
		padded, _ := file.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
		builtIn, _ := file.NewStyle(&excelize.Style{NumFmt: 14})
		put(file, "Sheet1", []any{"工号", "姓名", "出生日期", "考勤", "形式", "学时", "成绩"},
			[]any{123, "王芳", 42859, true, "线上", 8, 92.5},
			[]any{"110101199003070012", "李强", 42859.5, "√", "In a hall", "８", "92.50"},
			[]any{110101199003070012, nil, 42859, "迟到", "面授", 1.5, "优"})
		file.SetCellStyle("Sheet1", "A2", "A2", padded)
		file.SetCellStyle("Sheet1", "C2", "C2", dated)
		file.SetCellStyle("Sheet1", "C3", "C3", builtIn)
	})
	all := rows(t, mustOpen(t, content, sample))
	var got []string
	for _, row := range all[:2] {
		if len(row.Faults()) > 0 {
			t.Errorf("row %d: %v", row.Number, said(row.Faults()))
		}
		got = append(got, fmt.Sprint(row.Text("number"), " ", row.Date("born"), " ", row.Yes("present"), " ", row.Text("form"), " ", row.Integer("hours"), " ", row.Decimal("score")))
	}
	if diff := cmp.Diff([]string{"000123 2017-05-04 true online 8 92.5", "110101199003070012 2017-05-04 true hall 8 92.5"}, got); diff != "" {
		t.Error(diff)
	}
	want := []string{"A4 exchange.long_number", "C4 exchange.date_number", "D4 exchange.word", "E4 exchange.word", "F4 exchange.integer", "G4 exchange.number", "B4 exchange.required"}
	if diff := cmp.Diff(want, said(all[2].Faults())); diff != "" {
		t.Error(diff)
	}
	for _, fault := range all[2].Faults() {
		chinese(t).Text(fault.Key, fault.Args)
	}
}

func TestDaysSince1904(t *testing.T) {
	content := book(t, func(file *excelize.File) {
		since := true
		file.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since})
		style, _ := file.NewStyle(&excelize.Style{NumFmt: 14})
		put(file, "Sheet1", []any{"工号", "姓名", "出生日期"}, []any{"1", "王芳", 41397})
		file.SetCellStyle("Sheet1", "C2", "C2", style)
	})
	if got := rows(t, mustOpen(t, content, sample))[0].Date("born").String(); got != "2017-05-04" {
		t.Errorf("got %s", got)
	}
}

func TestFormulas(t *testing.T) {
	sheet := `<worksheet><sheetData><row r="1">` +
		`<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="G1" t="inlineStr"><is><t>成绩</t></is></c></row>` +
		`<row r="3"><c r="A3" t="str"><f>"JN"&amp;1</f><v>JN1</v></c><c r="B3" t="s"><v>2</v></c><c r="G3"><f>SUM(1,2)</f><v>3</v></c></row>` +
		`<row r="4"><c r="A4" t="str"><f>A3</f></c><c r="B4" t="str"><f>""</f><v></v></c><c r="G4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>` +
		`</sheetData></worksheet>`
	table := `<sst><si><t>工号</t></si><si><r><t>姓</t></r><r><t xml:space="preserve"> 名</t></r><rPh><t>xing</t></rPh></si><si><t>王_x000D_芳</t></si></sst>`
	all := rows(t, mustOpen(t, parts(t, sheet, "xl/sharedStrings.xml", table), sample))
	if got := fmt.Sprint(all[0].Text("number"), all[0].Text("name"), all[0].Decimal("score")); got != "JN1王\n芳3" {
		t.Errorf("got %q", got)
	}
	want := []string{"A4 exchange.cell_formula", "G4 exchange.cell_error", "B4 exchange.required"}
	if diff := cmp.Diff(want, said(all[1].Faults())); diff != "" {
		t.Error(diff)
	}
}

// Whatever bytes come in a sheet, reading ends, with rows or with an error a
// person may read.
func FuzzSheets(f *testing.F) {
	for _, sheet := range []string{inline([]string{"工号", "姓名"}, []string{"1", "王芳"}), `<worksheet><sheetData><row r="1"><c r="A1" t="b"><v>1</v></c></row>`, "<", ""} {
		f.Add(sheet)
	}
	f.Fuzz(func(t *testing.T, sheet string) {
		if err := readError(parts(t, sheet), sample, DefaultLimits); err != nil {
			if key := strings.Fields(err.Error())[1]; !strings.HasPrefix(key, "exchange.") {
				t.Errorf("%q: %v", sheet, err)
			}
		}
	})
}
