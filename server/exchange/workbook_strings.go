package exchange

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// stringTable is the list of texts that cells refer to by number: all in one
// piece, and where each ends.
type stringTable struct {
	text []byte
	ends []int32
}

func (t stringTable) at(number string) (string, bool) {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(t.ends) {
		return "", false
	}
	start := int32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return unescape(string(t.text[start:t.ends[i]])), true
}

func (w *workbook) readStrings(part string) (stringTable, error) {
	var table stringTable
	var text textReader
	err := w.read(part, min(w.limits.Strings, math.MaxInt32), func(token xml.Token) error {
		text.take(token)
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "si" {
			table.text = append(table.text, text.content...)
			table.ends = append(table.ends, int32(len(table.text)))
			text = textReader{content: text.content[:0]}
		}
		return nil
	})
	return table, err
}

// textReader collects the text of a cell or of an entry of the table of texts:
// all that stands in <v> and <t>, less what tells how to pronounce it.
type textReader struct {
	content    []byte
	collecting bool
	phonetic   bool
}

func (r *textReader) take(token xml.Token) {
	switch token := token.(type) {
	case xml.StartElement:
		switch token.Name.Local {
		case "v", "t":
			r.collecting = !r.phonetic
		case "rPh":
			r.phonetic = true
		}
	case xml.EndElement:
		switch token.Name.Local {
		case "v", "t":
			r.collecting = false
		case "rPh":
			r.phonetic = false
		}
	case xml.CharData:
		if r.collecting {
			r.content = append(r.content, token...)
		}
	}
}

// escaped is how workbooks write what XML cannot hold, and their own escapes.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(code string) string {
		unit, _ := strconv.ParseUint(code[2:6], 16, 16)
		return string(utf16.Decode([]uint16{uint16(unit)}))
	})
}
