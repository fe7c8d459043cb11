package exchange

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"

	"sundial/server/calendar"
)

// Writer writes the rows of a table to a file that Open reads again.
//
//	defer w.Abort()
//	... w.Write(...)
//	return w.Close()
type Writer struct {
	table  Table
	lang   Language
	output output
	cells  []cell
	err    error // of the first Write that failed
}

// NewWriter begins a file with the headings of the table in the language. A
// workbook reaches the writer at Close, CSV as it goes.
func NewWriter(w io.Writer, format Format, table Table, lang Language) (*Writer, error) {
	top := layout{sheet: table.Name.In(lang.Tag)}
	for i := range table.Columns {
		top.columns = append(top.columns, table.Columns[i].out(lang.Tag))
	}
	output, err := newOutput(w, format, top)
	if err != nil {
		return nil, err
	}
	return &Writer{table: table, lang: lang, output: output}, nil
}

// out returns the column as it is written.
func (c *Column) out(lang string) outColumn {
	heading := c.Heading.In(lang)
	return outColumn{heading: heading, width: max(c.width(), widthOf(heading)+3)}
}

func (c *Column) width() float64 {
	switch {
	case c.Width > 0:
		return c.Width
	case c.Kind == KindText:
		return 18
	default:
		return 12
	}
}

// widthOf returns how many plain characters wide the text is; Chinese ones take
// two each.
func widthOf(text string) float64 {
	count := 0
	for _, r := range text {
		count++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			count++
		}
	}
	return float64(count)
}

// Write adds a row: one value for each column of the Table, in its order. nil
// leaves a cell blank; otherwise the kind of the column asks for a string
// (KindText), calendar.Date, bool (KindYesNo), the Value of a Word as a string
// (KindChoice; the empty one is blank), int or int64 (KindInteger), or
// decimal.Decimal. An error is the caller's or the disk's; after one, nothing
// more is written.
func (w *Writer) Write(values ...any) error {
	if w.err == nil {
		w.err = w.write(values)
	}
	return w.err
}

func (w *Writer) write(values []any) error {
	if len(values) != len(w.table.Columns) {
		return fmt.Errorf("write row: %d values for %d columns", len(values), len(w.table.Columns))
	}
	w.cells = w.cells[:0]
	for i, value := range values {
		column := &w.table.Columns[i]
		c, ok := column.cell(value, w.lang.Tag)
		if !ok {
			return fmt.Errorf("write row: column %s cannot hold %T %v", column.Key, value, value)
		}
		w.cells = append(w.cells, c)
	}
	return w.output.write(w.cells)
}

// Close finishes the file. It returns the error of the first Write that failed,
// if one did, and then does not finish it.
func (w *Writer) Close() error {
	if w.err != nil {
		w.Abort()
		return w.err
	}
	w.err = errClosed
	return w.output.close()
}

var errClosed = errors.New("the file is finished")

// Abort frees what an unfinished file holds. After Close it does nothing.
func (w *Writer) Abort() { w.output.abort() }

// cell returns the value as a cell of the column.
func (c *Column) cell(value any, lang string) (cell, bool) {
	switch v := value.(type) {
	case nil:
		return cell{}, true
	case string:
		return c.textCell(v, lang)
	case bool:
		word, ok := c.word(map[bool]string{true: Yes, false: No}[v], lang)
		return cell{text: word}, ok && c.Kind == KindYesNo
	case calendar.Date:
		return dateCell(v), c.Kind == KindDate
	case int:
		return digitsCell(strconv.Itoa(v)), c.Kind == KindInteger
	case int64:
		return digitsCell(strconv.FormatInt(v, 10)), c.Kind == KindInteger
	case decimal.Decimal:
		return digitsCell(v.String()), c.Kind == KindDecimal
	}
	return cell{}, false
}

func (c *Column) textCell(text, lang string) (cell, bool) {
	switch {
	case text == "", c.Kind == KindText:
		return cell{text: text}, true
	case c.Kind == KindChoice:
		word, ok := c.word(text, lang)
		return cell{text: word}, ok
	}
	return cell{}, false
}

// dateCell returns a day as a number that shows as a date, or as text when it
// lies outside of the years that are read as dates.
func dateCell(day calendar.Date) cell {
	if serial, ok := serialOf(day); ok && inYears(day) {
		return cell{kind: numberCell, text: strconv.Itoa(serial), shown: display{date: true}}
	}
	return cell{text: day.String()}
}

// digitsCell returns a number, as text when a spreadsheet would round it.
func digitsCell(digits string) cell {
	if number, _ := strconv.ParseFloat(digits, 64); (cell{kind: numberCell, text: digits}).digits(number) != digits {
		return cell{text: digits}
	}
	return cell{kind: numberCell, text: digits}
}
