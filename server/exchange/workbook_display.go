package exchange

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// readDisplays returns how each style shows a number.
func (w *workbook) readDisplays(part string) ([]display, error) {
	codes := map[int]string{}
	var formats []int // by number of a style
	inStyles := false
	err := w.read(part, maxList, func(token xml.Token) error {
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "numFmt":
				id, err := strconv.Atoi(attribute(token, "numFmtId"))
				if err != nil {
					return errBroken
				}
				codes[id] = attribute(token, "formatCode")
			case "cellXfs":
				inStyles = true
			case "xf":
				if inStyles {
					id, _ := strconv.Atoi(attribute(token, "numFmtId")) // none is the general one
					formats = append(formats, id)
				}
			}
		case xml.EndElement:
			inStyles = inStyles && token.Name.Local != "cellXfs"
		}
		return nil
	})
	displays := make([]display, len(formats))
	for i, id := range formats {
		displays[i] = displayOf(id, codes[id])
		displays[i].since1904 = w.since1904
	}
	return displays, err
}

// displayOf tells how a number format shows a number; code is empty for those
// that every spreadsheet has built in.
func displayOf(id int, code string) display {
	if code == "" {
		return builtIn(id)
	}
	bare := strings.ToLower(unquoted.ReplaceAllString(code, ""))
	bare, _, _ = strings.Cut(bare, ";") // of negative numbers, zero and texts
	switch {
	case bare == "general":
		return display{}
	case strings.ContainsAny(bare, "yd"):
		return display{date: true}
	case strings.ContainsAny(bare, "hs"):
		return display{time: true}
	case strings.Contains(bare, "m"): // a month, where no hour or second makes it a minute
		return display{date: true}
	case strings.Contains(bare, "%"):
		return display{percent: true}
	case bare != "0" && strings.Trim(bare, "0") == "":
		return display{digits: len(bare)}
	}
	return display{}
}

// unquoted removes what a number format shows as it is: "text", \c, _c, *c, and
// [colours], conditions and locales, but not [h], which is elapsed time.
var unquoted = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[(?:[^\]hHmMsS][^\]]*|[hmsHMS]*[^\]hHmMsS][^\]]*)\]`)

// builtIn knows the formats that have a number and no code. 27 to 36 and 50 to
// 58 are those of East Asia.
func builtIn(id int) display {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return display{date: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return display{time: true}
	case id == 9, id == 10:
		return display{percent: true}
	}
	return display{}
}
