package exchange

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"sundial/models"
)

// sample has a column of every kind.
var sample = Table{
	Name: Text{"花名册", "Roster"},
	Columns: []Column{
		{Key: "number", Heading: Text{"工号", "Staff number"}, Also: []string{"员工编号"}, Required: true, Example: "JN001"},
		{Key: "name", Heading: Text{"姓名", "Name"}, Required: true},
		{Key: "born", Heading: Text{"出生日期", "Born"}, Kind: KindDate},
		{Key: "present", Heading: Text{"考勤", "Attendance"}, Kind: KindYesNo, Words: []Word{
			{Value: Yes, Text: Text{"到课", "Present"}, Also: []string{"出勤"}},
			{Value: No, Text: Text{"缺勤", "Absent"}},
		}},
		{Key: "form", Heading: Text{"形式", "Form"}, Kind: KindChoice, Words: []Word{
			{Value: "online", Text: Text{"线上", "Online"}}, {Value: "hall", Text: Text{"线下", "In a hall"}},
		}},
		{Key: "hours", Heading: Text{"学时", "Hours"}, Kind: KindInteger},
		{Key: "score", Heading: Text{"成绩", "Score"}, Kind: KindDecimal},
	},
}

// chinese renders messages from the locale file, with Text and lists of it as
// the front end does.
func chinese(t testing.TB) Language {
	messages := readMessages(t, "zh-CN")
	return Language{Tag: "zh-CN", Text: func(key string, args map[string]any) string {
		text, ok := messages[key]
		if !ok {
			t.Errorf("no message %s", key)
		}
		shown := map[string]any{}
		for name, value := range args {
			switch v := value.(type) {
			case Text:
				value = v.ZH
			case []Text:
				var all []string
				for _, one := range v {
					all = append(all, one.ZH)
				}
				value = strings.Join(all, "、")
			}
			shown[name] = value
		}
		var out strings.Builder
		if err := texttemplate.Must(texttemplate.New(key).Option("missingkey=error").Parse(text)).Execute(&out, shown); err != nil {
			t.Errorf("message %s: %v", key, err)
		}
		return out.String()
	}}
}

func readMessages(t testing.TB, lang string) map[string]string {
	text, err := os.ReadFile(filepath.Join("../../frontend/locales", "exchange."+lang+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]string
	if err := yaml.Unmarshal(text, &messages); err != nil {
		t.Fatal(err)
	}
	return messages
}

func open(content []byte, table Table) (*Reader, error) {
	return Open("表.xlsx", bytes.NewReader(content), int64(len(content)), table, DefaultLimits)
}

func mustOpen(t testing.TB, content []byte, table Table) *Reader {
	t.Helper()
	reader, err := open(content, table)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

func rows(t testing.TB, reader *Reader) []*Row {
	t.Helper()
	var all []*Row
	for row, err := range reader.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	return all
}

// said returns what was found in a row, as C17 exchange.date.
func said(faults []Fault) []string {
	all := []string{}
	for _, fault := range faults {
		all = append(all, strings.TrimSpace(fault.Field().Name+" "+fault.Key))
	}
	return all
}

// refused fails unless the error is a models.Error with the key, and returns its
// arguments.
func refused(t testing.TB, err error, key string) map[string]any {
	t.Helper()
	known, ok := err.(*models.Error)
	if !ok || known.Code != models.Invalid || known.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
	if text := chinese(t).Text(key, known.Args); strings.Contains(text, "no value") {
		t.Errorf("%s lacks an argument: %s", key, text)
	}
	return known.Args
}

// readError returns the error that ends the rows, or opening.
func readError(content []byte, table Table, limits Limits) error {
	reader, err := Open("表.xlsx", bytes.NewReader(content), int64(len(content)), table, limits)
	if err != nil {
		return err
	}
	for _, err := range reader.Rows() {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWordsAreUnderstood(t *testing.T) {
	for text, want := range map[string]string{
		"到课": Yes, "出勤": Yes, "缺勤": No, "present": Yes, "是": Yes, "√": Yes, "１": Yes, "Y": Yes, " TRUE ": Yes,
		"否": No, "×": No, "0": No, "n": No, "False": No, "缺 勤": No,
		"迟到": "", "yess": "", "2": "",
	} {
		got, ok := sample.Columns[3].vocabulary()[fold(text)]
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestCleanLeavesChinesePunctuation(t *testing.T) {
	for text, want := range map[string]string{
		"　ＪＮ００１ ":            "JN001",
		"王\u200b芳\ufeff":     "王芳",
		"济南市（历下区）：公开，处":      "济南市（历下区）：公开，处",
		"０５３１－８８８８":          "0531-8888",
		"a\u00a0\tb":         "a  b",
		"甲\r\n乙":             "甲\n乙",
		"\u202e王\x07芳\u2028": "王芳",
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		column, row int
		want        string
	}{{1, 1, "A1"}, {26, 2, "Z2"}, {27, 3, "AA3"}, {702, 4, "ZZ4"}, {703, 5, "AAA5"}, {lastColumn, lastRow, "XFD1048576"}} {
		if got := address(c.column, c.row); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
		if column, row, ok := parseAddress(c.want); column != c.column || row != c.row || !ok {
			t.Errorf("%s: %d, %d, %v", c.want, column, row, ok)
		}
	}
	for _, text := range []string{"", "A", "1", "A0", "XFE1", "A1048577", "a1", "A-1", "AAAAAAAAAAAAAAAAAAAA1", "A99999999999999999999"} {
		if _, _, ok := parseAddress(text); ok {
			t.Errorf("%q is taken for an address", text)
		}
	}
}

func TestAskingForWhatIsNotInTheTablePanics(t *testing.T) {
	row := rows(t, mustOpen(t, []byte("工号,姓名\n1,王芳\n"), sample))[0]
	for name, ask := range map[string]func(){
		"unknown column": func() { row.Text("age") },
		"other kind":     func() { row.Date("name") },
		"unknown fault":  func() { row.Fault("age", "x") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			ask()
		}()
	}
}

func TestFaultsOfTheCaller(t *testing.T) {
	row := rows(t, mustOpen(t, []byte("员工编号,姓名\n1,王芳\n"), sample))[0]
	row.Fault("number", "staff.unknown", "Number", "1")
	row.Fault("born", "staff.too_young")
	row.Fault("", "staff.twice", "Row", 7)
	want := []Fault{
		{Row: 2, Column: "number", Cell: "A2", Key: "staff.unknown", Args: map[string]any{"Number": "1", "Column": "员工编号"}},
		{Row: 2, Column: "born", Key: "staff.too_young", Args: map[string]any{"Column": Text{"出生日期", "Born"}}},
		{Row: 2, Key: "staff.twice", Args: map[string]any{"Row": 7}},
	}
	if diff := cmp.Diff(want, row.Faults()); diff != "" {
		t.Error(diff)
	}
	names := fmt.Sprint(want[0].Field().Name, " ", want[1].Field().Name)
	if names != "A2 2" {
		t.Errorf("fields are named %s", names)
	}
}
