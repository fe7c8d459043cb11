package web

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/rules"
)

// faultsOf are the faults of a file by their places, in order, or the key of what
// is wrong with the whole.
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.Invalid {
		t.Fatalf("error %v, want an Invalid one", err)
	}
	if len(refused.Fields) == 0 {
		return []string{refused.Key}
	}
	var faults []string
	for _, field := range refused.Fields {
		faults = append(faults, field.Name+" "+field.Key)
	}
	return faults
}

func readCSV(text string) (schemeFile, error) {
	file := strings.NewReader(text)
	return readSchemeFile("方案.csv", file, file.Size())
}

func TestBadSchemeFilesNameEachCell(t *testing.T) {
	const head = "项目,分值,标注,理由\n"
	var long strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&long, "项目%d,1\n", i)
	}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"exchange.file_empty"}},
		{"headings alone", head, []string{"weight.file.no_items"}},
		{"no headings", "甲,100\n", []string{"exchange.no_headings"}},
		{"no column of points", "项目,标注\n政务公开,核心\n", []string{"exchange.headings_missing"}},
		{"levels instead of items", "一级指标,二级指标,分值\n机关建设,政务公开,4\n", []string{"exchange.headings_missing"}},
		{"words for points", head + "政务公开,四分,核心,本项\n其他,96\n", []string{"B2 exchange.number"}},
		{"percent", head + "政务公开,4%,核心,本项\n", []string{"B2 exchange.number"}},
		{"no points", head + "政务公开,,核心,本项\n", []string{"B2 exchange.required"}},
		{"no name", head + ",4,核心,本项\n", []string{"A2 exchange.required"}},
		{"negative", head + "政务公开,-4,核心,本项\n其他,104\n合计,100\n", []string{"B2 filing.bad_points"}},
		{"too fine", head + "政务公开,4.0000001,核心,本项\n", []string{"B2 filing.bad_points"}},
		{"unknown mark", head + "政务公开,4,很多,本项\n", []string{"C2 exchange.word"}},
		{"mark without a reason", head + "政务公开,4,核心,\n其他,96\n", []string{"D2 filing.mark_reason"}},
		{"mark without a column of reasons", "项目,分值,标注\n政务公开,4,核心\n", []string{"2 filing.mark_reason"}},
		{"mark without points", head + "政务公开,0,核心,本项\n其他,100\n", []string{"B2 filing.mark_without_points"}},
		{"reason without a mark", head + "政务公开,4,,本项\n", []string{"C2 filing.reason_without_mark"}},
		{"the same item twice", head + "政务公开,4,核心,本项\n其他,90\n政务 公开,6\n", []string{"A4 weight.file.item_twice"}},
		{"subtotal", head + "政务公开,4,核心,本项\n小计,4\n", []string{"A3 filing.item_is_sum"}},
		{"two totals", head + "政务公开,100,核心,本项\n合计,100\n总分,100\n", []string{"A4 weight.file.total_twice"}},
		{"total in words", head + "政务公开,100,核心,本项\n合计,一百\n", []string{"B3 exchange.number"}},
		{"total of nothing", head + "政务公开,0\n合计,0\n", []string{"B3 filing.total_positive"}},
		{"short of the total", head + "政务公开,4,核心,本项\n其他,95.5\n合计,100\n", []string{"B4 filing.does_not_add_up"}},
		{"over the total", head + "政务公开,4,核心,本项\n其他,96.01\n合计,100\n", []string{"B4 filing.does_not_add_up"}},
		{"several", head + "政务公开,x,核心,\n,3\n合计,100\n", []string{"B2 exchange.number", "D2 filing.mark_reason", "A3 exchange.required"}},
		{"too many rows", head + long.String(), []string{"filing.too_many_items"}},
		{"no table", "%PDF-1.7", []string{"exchange.not_table"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			read, err := readCSV(c.text)
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if read.total != "" || read.items != nil {
				t.Errorf("half taken over: %+v", read)
			}
		})
	}
}

func TestTheDifferenceOfAFileIsNamed(t *testing.T) {
	_, err := readCSV("项目,分值\n政务公开,4\n其他,95.5\n合计,100\n")
	var refused *models.Error
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	args := refused.Fields[0].Args
	if args["Sum"] != "99.5" || args["Total"] != "100" || args["Difference"] != "0.5" || args["Over"] != false {
		t.Errorf("the difference is told as %v", args)
	}
}

func TestSchemeFilesAsPeopleWriteThem(t *testing.T) {
	core := rules.Item{Name: "政务公开", Points: "39.99", Openness: rules.OpennessCore, Reason: "即政务公开"}
	related := rules.Item{Name: "热线", Points: "30", Openness: rules.OpennessRelated, Reason: "答复公开"}
	rest := rules.Item{Name: "其他各项", Points: "930.01"}
	want := schemeFile{total: "1000", items: []rules.Item{core, related, rest}}
	for name, text := range map[string]string{
		"plain":               "项目,分值,标注,理由\n政务公开,39.99,核心,即政务公开\n热线,30,相关,答复公开\n其他各项,930.01,,\n合计,1000,,\n",
		"in another order":    "序号,理由,标注,分值,考核项目\n1,即政务公开,政务公开,39.99,政务公开\n2,答复公开,相关项,30,热线\n3,,无,930.01,其他各项\n,,,1000,总 分\n",
		"full width, a title": "某市2017年绩效考核方案\n项目名称（必填）,标准分,标注,标注理由\n政务公开,３９．９９,核心,即政务公开\n热线,３０,相关,答复公开\n其他各项,９３０．０１\n合计：,\"1,000\"\n",
		"English":             "Item,Points,Mark,Reason\n政务公开,39.99,core,即政务公开\n热线,30,Related,答复公开\n其他各项,930.01,Other,\nTotal,1000\n",
		"the total first":     "项目,分值,标注,理由\n总计,1000\n\n政务公开,39.990,核心,即政务公开\n热线,30.0,相关,答复公开\n其他各项,930.01\n",
	} {
		t.Run(name, func(t *testing.T) {
			read, err := readCSV(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, read, cmp.AllowUnexported(schemeFile{})); diff != "" {
				t.Errorf("scheme (-want +got):\n%s", diff)
			}
		})
	}
	read, err := readCSV("项目,分值\n政务公开,4\n")
	if err != nil || read.total != "" || len(read.items) != 1 {
		t.Errorf("a file without a total: %+v, %v", read, err)
	}
}

// workbook is an Excel file of the rows, after a change of its only sheet.
func workbook(t *testing.T, rows [][]any, change func(f *excelize.File) error) *bytes.Reader {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(file.Bytes())
}

func TestSchemeWorkbooks(t *testing.T) {
	rows := [][]any{{"项目", "分值", "标注", "理由"}, {"政务公开", 39.99, "核心", "即政务公开"}, {"其他", 960.01}, {"合计", 1000}}
	asIs := func(*excelize.File) error { return nil }
	for _, c := range []struct {
		name   string
		change func(f *excelize.File) error
		want   []string
	}{
		{"as it is", asIs, nil},
		{"a total that was computed in floating point", func(f *excelize.File) error {
			return f.SetCellDefault("Sheet1", "B4", "999.99999999999989")
		}, nil},
		{"merged total", func(f *excelize.File) error { return f.MergeCell("Sheet1", "A4", "B4") }, []string{"exchange.merged"}},
		{"a formula without a result", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B4", nil), f.SetCellFormula("Sheet1", "B4", "SUM(B2:B3)"))
		}, []string{"B4 exchange.cell_formula"}},
		{"a date for points", func(f *excelize.File) error { return f.SetCellStr("Sheet1", "B2", "4月1日") }, []string{"B2 exchange.number"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := workbook(t, rows, c.change)
			read, err := readSchemeFile("方案.xlsx", file, file.Size())
			if c.want != nil {
				if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
					t.Errorf("faults (-want +got):\n%s", diff)
				}
				return
			}
			if err != nil || read.total != "1000" || read.items[0].Points != "39.99" {
				t.Errorf("read %+v, %v", read, err)
			}
		})
	}
}

func TestTheTemplateOfASchemeIsReadBack(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en"} {
		var file bytes.Buffer
		language := exchange.Language{Tag: lang, Text: func(key string, _ map[string]any) string { return key }}
		if err := exchange.WriteTemplate(&file, schemeTable, language); err != nil {
			t.Fatal(err)
		}
		_, err := readSchemeFile("模板.xlsx", bytes.NewReader(file.Bytes()), int64(file.Len()))
		if diff := cmp.Diff([]string{"weight.file.no_items"}, faultsOf(t, err)); diff != "" {
			t.Errorf("an empty template in %s (-want +got):\n%s", lang, diff)
		}
	}
}

// FuzzSchemeFile demands that whatever is read adds up and could be filed item by
// item, and that nothing else comes out of what is refused.
func FuzzSchemeFile(f *testing.F) {
	f.Add("项目,分值,标注,理由\n政务公开,4,核心,本项\n其他,96\n合计,100\n")
	f.Add("项目,分值\n合计,100\n甲,-1\n")
	f.Add("序号,分值,项目\n1,1e9,x\n")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readCSV(text)
		var refused *models.Error
		switch {
		case err != nil && (!errors.As(err, &refused) || read.items != nil || read.total != ""):
			t.Fatalf("%+v, %v", read, err)
		case err != nil:
			return
		}
		if problems := rules.CheckItems(read.items); len(problems) > 0 {
			t.Fatalf("items that cannot be filed: %+v", problems)
		}
		if read.total == "" {
			return
		}
		scheme := rules.Performance{Total: read.total, Items: read.items}
		if _, problems := scheme.Share(); len(problems) > 0 {
			t.Fatalf("%+v does not add up: %+v", read, problems)
		}
	})
}
