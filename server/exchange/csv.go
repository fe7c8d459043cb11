package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// What files begin with to tell how their characters are stored.
const (
	markUTF8    = "\xEF\xBB\xBF"
	markUTF16LE = "\xFF\xFE"
	markUTF16BE = "\xFE\xFF"
)

// textFile is a CSV file and how its characters are stored.
type textFile struct {
	source
	encoding encoding.Encoding // nil for UTF-8
	start    int64             // of the text, after the mark
}

// openCSV returns the file as it reads with each sign that may part its cells;
// where the headings are found shows which is right.
func openCSV(s source) ([]sheet, error) {
	file, err := findEncoding(s)
	if err != nil {
		return nil, err
	}
	var sheets []sheet
	for _, separator := range []rune{',', '\t', ';'} {
		sheets = append(sheets, sheet{lines: file.lines(separator)})
	}
	return sheets, nil
}

// findEncoding looks at the whole file: the first Chinese character may stand at
// its end.
func findEncoding(s source) (textFile, error) {
	head := make([]byte, min(s.size, int64(len(markUTF8))))
	if _, err := s.file.ReadAt(head, 0); err != nil && err != io.EOF {
		return textFile{}, s.unreadable(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte(markUTF16LE)), bytes.HasPrefix(head, []byte(markUTF16BE)):
		return textFile{source: s, encoding: unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)}, nil
	case string(head) == markUTF8:
		return textFile{source: s, start: int64(len(markUTF8))}.check()
	}
	file, err := textFile{source: s}.check()
	if err == nil {
		return file, nil
	}
	return textFile{source: s, encoding: simplifiedchinese.GB18030}.check()
}

// check refuses a file that is not text in the encoding.
func (f textFile) check() (textFile, error) {
	text := f.text()
	buffer := make([]byte, 1<<16)
	kept := 0
	for {
		n, err := io.ReadFull(text, buffer[kept:])
		part := buffer[:kept+n]
		whole := part
		if err == nil {
			whole = part[:len(part)-cutRune(part)]
		}
		if !f.isText(whole) {
			return f, f.notTable(nil)
		}
		switch err {
		case nil:
			kept = copy(buffer, part[len(whole):])
		case io.EOF, io.ErrUnexpectedEOF:
			return f, nil
		default:
			return f, f.unreadable(err)
		}
	}
}

// isText tells whether the text has neither a zero nor anything that its
// encoding does not know.
func (f textFile) isText(text []byte) bool {
	unknown := f.encoding != nil && bytes.ContainsRune(text, utf8.RuneError)
	return utf8.Valid(text) && !unknown && bytes.IndexByte(text, 0) < 0
}

// cutRune returns how many bytes at the end begin a character and do not end it.
func cutRune(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// text returns the text from its start, as UTF-8.
func (f textFile) text() io.Reader {
	raw := io.NewSectionReader(f.file, f.start, f.size-f.start)
	if f.encoding == nil {
		return raw
	}
	return f.encoding.NewDecoder().Reader(raw)
}

// lines reads the file from its start. Rows are counted as a spreadsheet shows
// them: blank lines count, and line breaks inside of a cell do not.
func (f textFile) lines(separator rune) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		reader := csv.NewReader(f.text())
		reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = separator, -1, true
		inside := 0 // line breaks inside of cells so far
		for {
			record, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(line{}, f.badLine(err, inside))
				return
			}
			first, _ := reader.FieldPos(0)
			l, err := f.line(first-inside, record)
			if !yield(l, err) || err != nil {
				return
			}
			for _, text := range record {
				inside += strings.Count(text, "\n")
			}
		}
	}
}

func (f textFile) badLine(err error, inside int) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return f.unreadable(err)
	}
	cause := fmt.Errorf("read a line: %w", err)
	return refuse(cause, "exchange.csv_quotes", "Name", f.name, "Row", parse.StartLine-inside)
}

func (f textFile) line(number int, record []string) (line, error) {
	l := line{number: number}
	for i, text := range record {
		content := cell{column: i + 1, text: disarmed(text)}
		switch {
		case content.isBlank():
			continue
		case len(text) > f.limits.Cell:
			return line{}, refuse(nil, "exchange.cell_size", "Cell", address(i+1, number), "Max", f.limits.Cell/3)
		case i >= f.limits.Columns:
			return line{}, refuse(nil, "exchange.too_many_columns", "Cell", address(i+1, number), "Max", f.limits.Columns)
		}
		l.cells = append(l.cells, content)
	}
	return l, nil
}

// armed tells whether a spreadsheet might take the text of a CSV file for a
// formula.
func armed(text string) bool {
	text = strings.TrimLeft(text, "'")
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0])
}

// disarm puts an apostrophe before a text that might be taken for a formula.
func disarm(text string) string {
	if armed(text) {
		return "'" + text
	}
	return text
}

// disarmed takes the apostrophe of disarm away again.
func disarmed(text string) string {
	if strings.HasPrefix(text, "'") && armed(text) {
		return text[1:]
	}
	return text
}
