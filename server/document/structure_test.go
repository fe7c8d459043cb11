package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

// TestEveryPartIsDeclaredAndRelated opens the package as Word does: every part has a content
// type, everything referred to is there, and every part is well-formed in known namespaces.
func TestEveryPartIsDeclaredAndRelated(t *testing.T) {
	parts := partsOf(t, written(t, notice()))
	types := parts["[Content_Types].xml"]
	for name, content := range parts {
		if name != "[Content_Types].xml" && !strings.HasSuffix(name, ".rels") && !strings.Contains(types, `PartName="/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
		for _, element := range elements(t, name, content) {
			if element.Name.Space == "" || !strings.HasPrefix(element.Name.Space, "http://") {
				t.Errorf("%s: %s has the namespace %q", name, element.Name.Local, element.Name.Space)
			}
		}
	}
	for _, r := range relations {
		if _, ok := parts["word/"+r.file]; !ok {
			t.Errorf("%s is referred to, and missing", r.file)
		}
	}
	text := parts["word/document.xml"]
	for _, r := range footers {
		if !strings.Contains(text, `r:id="`+r.id+`"`) {
			t.Errorf("no section has %s", r.file)
		}
	}
}

// TestEveryRunNamesItsFonts holds for all parts that bear letters.
func TestEveryRunNamesItsFonts(t *testing.T) {
	for name, content := range partsOf(t, written(t, notice())) {
		runs, fonts := strings.Count(content, "<w:r>"), strings.Count(content, "<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\" w:ascii=")
		if runs != fonts {
			t.Errorf("%s has %d runs, of which %d name their fonts", name, runs, fonts)
		}
	}
	table := partsOf(t, written(t, notice()))["word/fontTable.xml"]
	for _, s := range styles {
		if !strings.Contains(table, `w:name="`+s.face.chinese+`"`) || !strings.Contains(table, `w:name="`+s.face.latin+`"`) {
			t.Errorf("the fonts of %s are not in the font table", s.id)
		}
	}
}

// TestThePageIsThatOfTheStandard reckons the page in millimetres.
func TestThePageIsThatOfTheStandard(t *testing.T) {
	for _, c := range []struct {
		what  string
		twips int
		mm    float64
	}{
		{"width", textWidth, 156},
		{"height", textHeight, 225},
		{"head margin", headMargin, 37},
		{"binding margin", bindMargin, 28},
		{"below the text", footerRoom + numberLine/2 + dashDrop, 35},
	} {
		if got := float64(c.twips) * 25.4 / 1440; math.Abs(got-c.mm) > 0.05 {
			t.Errorf("%s is %.2f mm, the standard has %v", c.what, got, c.mm)
		}
	}
	if textHeight/line != linesPerPage || textWidth/character != charsPerLine {
		t.Errorf("a page has %d lines of %d characters", textHeight/line, textWidth/character)
	}
}

// TestADocumentIsTheSameBytesEveryTime keeps the hash of a file.
func TestADocumentIsTheSameBytesEveryTime(t *testing.T) {
	first, second := written(t, notice()), written(t, notice())
	if !bytes.Equal(first, second) {
		t.Error("the same document came out differently")
	}
	changed := notice()
	changed.Title += "x"
	if bytes.Equal(first, written(t, changed)) {
		t.Error("another document came out the same")
	}
}

// TestASmallDocument compares the text part with the one that was looked at in Word's
// terms; go test -update writes it anew.
func TestASmallDocument(t *testing.T) {
	small := notice()
	small.Blocks, small.Annexes = small.Blocks[:2], nil
	got := strings.ReplaceAll(partsOf(t, written(t, small))["word/document.xml"], "<w:p>", "\n<w:p>")
	file := filepath.Join("testdata", "small.xml")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// TestAnyTextComesOutAsItWasWritten puts any text into every field.
func TestAnyTextComesOutAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + rapid.SampledFrom([]string{"", "\x00", "\uffff", "]]>", "<&\"'", "\xff", "a\tb\nc", "\ufffd"}).Draw(t, "more")
		d := notice()
		d.Mark, d.Issuer, d.Number, d.Title, d.To, d.Signature, d.Note = text, text, text, text, text, text, text
		d.Blocks = []Block{Paragraph{text}, Heading{Level: 1, Text: text}, List{false, []string{text}},
			Table{Title: text, Columns: []Column{{text, 4, Left}}, Rows: [][]string{{text}}}}
		d.Annexes = []Annex{{text, d.Blocks}}
		d.Imprint.CopyTo, d.Imprint.Office = text, text
		parts := partsOf(t, written(t, d))
		for name, content := range parts {
			elements(t, name, content)
		}
		want := clean(text)
		count := 0
		for _, line := range texts(t, parts["word/document.xml"]) {
			if line == want {
				count++
			}
		}
		// The number, the paragraphs, items and cells, of the document and its annex.
		if want != "" && count < 1+2*(1+1+2) {
			t.Fatalf("%q is there %d times", want, count)
		}
	})
}

// TestWhatCannotBeLaidOutIsRefused names what is wrong.
func TestWhatCannotBeLaidOutIsRefused(t *testing.T) {
	for what, block := range map[string]Block{
		"level 0":             Heading{Level: 0, Text: "x"},
		"level 5":             Heading{Level: 5, Text: "x"},
		"no columns":          Table{},
		"all columns fixed":   Table{Columns: columns(2), Fixed: 2},
		"a short row":         Table{Columns: columns(2), Rows: [][]string{{"x"}}},
		"a column of nothing": Table{Columns: []Column{{"x", 0, Left}}},
	} {
		t.Run(what, func(t *testing.T) {
			for _, d := range []*Document{{Blocks: []Block{block}}, {Annexes: []Annex{{"x", []Block{block}}}}} {
				if err := Write(io.Discard, d); err == nil {
					t.Error("it was written")
				}
			}
		})
	}
}

// failing is a disk that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("disk full")

func TestAFullDiskIsTold(t *testing.T) {
	if err := Write(failing{}, notice()); !errors.Is(err, errFull) {
		t.Errorf("the error is %v", err)
	}
}

// tester is a test or a property's.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func written(t tester, d *Document) []byte {
	t.Helper()
	var buffer bytes.Buffer
	if err := Write(&buffer, d); err != nil {
		t.Fatalf("write: %v", err)
	}
	return buffer.Bytes()
}

// partsOf returns the contents of a package by name.
func partsOf(t tester, content []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	parts := map[string]string{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatalf("open %s: %v", file.Name, err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("read %s: %v", file.Name, err)
		}
		parts[file.Name] = string(text)
	}
	return parts
}

// elements returns the elements of a part, which must be well-formed.
func elements(t tester, name, content string) []xml.StartElement {
	t.Helper()
	var found []xml.StartElement
	for d := xml.NewDecoder(strings.NewReader(content)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if start, ok := token.(xml.StartElement); ok {
			found = append(found, start.Copy())
		}
	}
}

// texts returns the text of each paragraph, tabs and new lines as such.
func texts(t tester, content string) []string {
	t.Helper()
	var lines []string
	inText := false
	for d := xml.NewDecoder(strings.NewReader(content)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatalf("read text: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t"
			switch e.Name.Local {
			case "p":
				lines = append(lines, "")
			case "tab":
				if len(e.Attr) == 0 {
					lines[len(lines)-1] += "\t"
				}
			case "br":
				lines[len(lines)-1] += "\n"
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				lines[len(lines)-1] += string(e)
			}
		}
	}
}
