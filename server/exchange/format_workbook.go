package exchange

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// workbookOutput writes a workbook of one sheet. Rows go to a temporary file
// once they are many, and the archive straight to the writer at the end.
type workbookOutput struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	styles styles
	values []any
	row    int
}

// styles are the numbers of the styles of a workbook's cells.
type styles struct{ heading, required, text, date int }

const dateFormat = "yyyy-mm-dd"

func newWorkbookOutput(w io.Writer, top layout) (output, error) {
	o := &workbookOutput{to: w, file: excelize.NewFile()}
	if err := o.begin(top); err != nil {
		o.abort()
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	return o, nil
}

func (o *workbookOutput) begin(top layout) error {
	if err := o.file.SetSheetName("Sheet1", top.sheet); err != nil {
		return err
	}
	var err error
	if o.styles, err = newStyles(o.file); err != nil {
		return err
	}
	if o.stream, err = o.file.NewStreamWriter(top.sheet); err != nil {
		return err
	}
	if err := o.stream.SetPanes(frozenHeadings); err != nil {
		return err
	}
	headings := make([]any, len(top.columns))
	for i, column := range top.columns {
		if err := o.stream.SetColWidth(i+1, i+1, column.width); err != nil {
			return err
		}
		headings[i] = excelize.Cell{StyleID: o.styles.heading, Value: column.heading}
	}
	o.row = 1
	return o.stream.SetRow("A1", headings)
}

var frozenHeadings = &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}

func newStyles(file *excelize.File) (styles, error) {
	var s styles
	heading := excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		NumFmt:    textFormat,
	}
	required := heading
	required.Fill.Color = []string{"F6DFC4"}
	day := dateFormat
	for _, each := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.heading, heading},
		{&s.required, required},
		{&s.text, excelize.Style{NumFmt: textFormat, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.date, excelize.Style{CustomNumFmt: &day, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}}},
	} {
		var err error
		if *each.id, err = file.NewStyle(&each.style); err != nil {
			return s, fmt.Errorf("style: %w", err)
		}
	}
	return s, nil
}

// textFormat is the built-in number format of cells that hold texts, whatever
// is typed into them.
const textFormat = 49

func (o *workbookOutput) write(cells []cell) error {
	if o.row++; o.row > lastRow {
		return fmt.Errorf("write workbook: a sheet has %d rows at most", lastRow)
	}
	o.values = o.values[:0]
	for i, c := range cells {
		value, err := o.value(c)
		if err != nil {
			return fmt.Errorf("write workbook: cell %s: %w", address(i+1, o.row), err)
		}
		o.values = append(o.values, value)
	}
	if err := o.stream.SetRow("A"+strconv.Itoa(o.row), o.values); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// value returns the cell for the library; a string is always written as text,
// never as a formula.
func (o *workbookOutput) value(c cell) (any, error) {
	if c.kind == textCell && c.text == "" {
		return nil, nil
	}
	switch c.kind {
	case numberCell:
		if c.shown.digits > 0 || !isNumber(c.text) {
			return excelize.Cell{StyleID: o.styles.text, Value: c.String()}, nil
		}
		if day, ok := c.day(); ok {
			serial, _ := serialOf(day)
			return excelize.Cell{StyleID: o.styles.date, Value: serial}, nil
		}
		number, err := strconv.ParseFloat(c.text, 64)
		return number, err
	case boolCell:
		return c.text == "1", nil
	}
	text := printable(c.String())
	if len(text) > excelize.TotalCellChars && len(utf16.Encode([]rune(text))) > excelize.TotalCellChars {
		return nil, fmt.Errorf("a text has %d characters at most", excelize.TotalCellChars)
	}
	return excelize.Cell{StyleID: o.styles.text, Value: text}, nil
}

func (o *workbookOutput) close() error {
	defer o.abort()
	if err := o.stream.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	// The library would first gather the whole archive in memory.
	archive := zip.NewWriter(o.to)
	o.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return archive }
	if err := o.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// abort removes the temporary file.
func (o *workbookOutput) abort() { _ = o.file.Close() }
