package exchange

import (
	"iter"
	"strconv"
	"strings"

	"sundial/server/calendar"
)

// sheet is a table of a file as it stands there. Its lines can be read again and
// again, from the top; an error ends them.
type sheet struct {
	name  string
	lines iter.Seq2[line, error]
}

// line is a row of a sheet. The last one of a workbook's has no cells but says
// which are merged.
type line struct {
	number int    // from 1, as a spreadsheet shows it
	cells  []cell // that are not blank
	merged []area
}

// cell is a cell as it is stored, when there is something in it.
type cell struct {
	column int // from 1
	kind   cellKind
	text   string // of a number its digits
	shown  display
}

type cellKind uint8

const (
	textCell cellKind = iota
	numberCell
	boolCell
	errorCell   // text is #N/A and the like
	formulaCell // without a result
)

// noResult is shown where a formula has no result.
const noResult = "#N/A"

// display is how a spreadsheet shows a number.
type display struct {
	date      bool // as a date, or date and time
	time      bool // as a time of the day
	percent   bool // a hundredfold, with a percent sign
	since1904 bool // days are counted from 1904
	digits    int  // with zeros before it, to so many digits
}

// at returns the cell of a column.
func (l line) at(column int) (cell, bool) {
	for _, c := range l.cells {
		if c.column == column {
			return c, true
		}
	}
	return cell{}, false
}

// isBlank tells whether there is nothing to be seen in the cell.
func (c cell) isBlank() bool { return c.kind == textCell && Clean(c.text) == "" }

// String returns the cell as a person sees it, roughly: long numbers as the
// spreadsheet has rounded them.
func (c cell) String() string {
	switch c.kind {
	case numberCell:
		if day, ok := c.day(); ok {
			return day.String()
		}
		number, err := strconv.ParseFloat(c.text, 64)
		if err != nil {
			return c.text
		}
		if c.shown.percent {
			return c.digits(number*100) + "%"
		}
		return c.digits(number)
	case boolCell:
		if c.text == "1" {
			return "TRUE"
		}
		return "FALSE"
	case formulaCell:
		return noResult
	default:
		return c.text
	}
}

// maxExact is the first number whose last digit a spreadsheet may have lost.
const maxExact = 1e15

func (c cell) digits(number float64) string {
	if number >= maxExact || number <= -maxExact {
		return strconv.FormatFloat(number, 'E', -1, 64)
	}
	// Like a spreadsheet, to 15 digits: 0.1 + 0.2 is stored as 0.30000000000000004.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	text := strconv.FormatFloat(rounded, 'f', -1, 64)
	if number >= 0 && len(text) < c.shown.digits && !strings.Contains(text, ".") {
		text = strings.Repeat("0", c.shown.digits-len(text)) + text
	}
	return text
}

// day returns the date of a number that is shown as one.
func (c cell) day() (calendar.Date, bool) {
	if c.kind != numberCell || !c.shown.date {
		return 0, false
	}
	serial, err := strconv.ParseFloat(c.text, 64)
	if err != nil {
		return 0, false
	}
	return dayOfSerial(serial, c.shown.since1904)
}

// area is a range of cells, all ends included.
type area struct{ left, top, right, bottom int }

func (a area) String() string {
	return address(a.left, a.top) + ":" + address(a.right, a.bottom)
}

// parseArea reads A1:C3.
func parseArea(text string) (area, bool) {
	first, last, _ := strings.Cut(text, ":")
	left, top, ok := parseAddress(first)
	if last == "" {
		return area{left, top, left, top}, ok
	}
	right, bottom, okLast := parseAddress(last)
	return area{left, top, right, bottom}, ok && okLast
}

// address returns the name of a cell, such as C17.
func address(column, row int) string { return columnName(column) + strconv.Itoa(row) }

// columnName returns A for 1, Z for 26, AA for 27.
func columnName(column int) string {
	var name string
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// What a sheet of a workbook has at most.
const (
	lastColumn = 16_384
	lastRow    = 1_048_576
)

// parseAddress reads C17.
func parseAddress(text string) (column, row int, ok bool) {
	text = strings.ReplaceAll(text, "$", "")
	for len(text) > 0 && text[0] >= 'A' && text[0] <= 'Z' && column <= lastColumn {
		column = column*26 + int(text[0]-'A') + 1
		text = text[1:]
	}
	row, err := strconv.Atoi(text)
	return column, row, err == nil && column >= 1 && column <= lastColumn && row >= 1 && row <= lastRow
}
