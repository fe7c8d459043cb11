package exchange

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestTextsThatAreNoCSV(t *testing.T) {
	for content, want := range map[string]string{
		"工号,姓名\n1,\"王芳\n2,李强\n": "exchange.csv_quotes",
		"工号,姓名\n1,a\x00b\n":     "exchange.not_table",
		"工号,姓名\n1,\xff\xff\n":   "exchange.not_table",
	} {
		args := refused(t, readError([]byte(content), sample, DefaultLimits), want)
		if want == "exchange.csv_quotes" && args["Row"] != 2 {
			t.Errorf("%q: row %v", content, args["Row"])
		}
	}
}

// With the wrong separator the quotes of this one look wrong; what it lacks is
// more to the point.
func TestMissingHeadingsAreToldWhateverTheSeparator(t *testing.T) {
	args := refused(t, readError([]byte("\"姓名\";\"成绩\"\n"), sample, DefaultLimits), "exchange.headings_missing")
	if diff := cmp.Diff([]Text{{"工号", "Staff number"}}, args["Columns"]); diff != "" {
		t.Error(diff)
	}
}

func TestEncodingsAndSeparators(t *testing.T) {
	for _, separator := range []string{",", "\t", ";"} {
		text := strings.ReplaceAll("花名册\r\n工号|姓名|形式\r\nJN1|\"王|芳\"|线上\r\n", "|", separator)
		chinese, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string]string{"UTF-8": text, "UTF-8 with mark": markUTF8 + text, "GB18030": chinese, "UTF-16": wide} {
			got := rows(t, mustOpen(t, []byte(content), sample))
			if len(got) != 1 || got[0].Number != 3 || got[0].Text("number") != "JN1" || got[0].Text("form") != "online" {
				t.Errorf("%s, %q: %v", name, separator, got)
			}
		}
	}
}

// The first Chinese character may stand far down, across the edge of a block.
func TestEncodingIsFoundByTheWholeFile(t *testing.T) {
	for pad := range 4 {
		text := "Staff number,Name\n" + strings.Repeat("1,aaaa\n", 1<<14) + "2," + strings.Repeat("a", pad) + strings.Repeat("王芳", 40_000/3) + "\n"
		chinese, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string]string{"UTF-8": text, "GB18030": chinese} {
			all := rows(t, mustOpen(t, []byte(content), sample))
			if last := all[len(all)-1]; !strings.HasSuffix(last.Text("name"), "王芳") {
				t.Errorf("%s, %d: %.20s", name, pad, last.Text("name"))
			}
		}
	}
}

// Blank lines count, line breaks inside of a cell do not.
func TestRowsOfCSVAreCountedAsSpreadsheetsDo(t *testing.T) {
	content := "\n工号,姓名,出生日期\n\n1,\"王\r\n芳\n\",明天\n2,李强,\n,,\n3,\"'=a\",后天\n"
	var got []string
	for _, row := range rows(t, mustOpen(t, []byte(content), sample)) {
		got = append(got, fmt.Sprintf("%d %q %v", row.Number, row.Text("name"), said(row.Faults())))
	}
	want := []string{`4 "王\n芳" [C4 exchange.date]`, `5 "李强" []`, `7 "=a" [C7 exchange.date]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzCSV(f *testing.F) {
	for _, text := range []string{"工号,姓名\n1,王芳\n", "\xff\xfe工", "工号;姓名\n\"1\";\"\n", "\x81\x30\x81\x30", ""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := readError(content, sample, DefaultLimits); err != nil {
			if key := strings.Fields(err.Error())[1]; !strings.HasPrefix(key, "exchange.") {
				t.Errorf("%q: %v", content, err)
			}
		}
	})
}
