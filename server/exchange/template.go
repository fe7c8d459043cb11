package exchange

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteTemplate writes a workbook to fill in: a sheet with the headings, the
// required ones marked, cells that keep numbers of people and things as texts
// and offer the accepted words; and a second sheet that explains each column.
func WriteTemplate(w io.Writer, table Table, lang Language) error {
	file := excelize.NewFile()
	defer file.Close()
	t := template{file: file, table: table, lang: lang, sheet: table.Name.In(lang.Tag), help: lang.Text("exchange.help_sheet", nil)}
	for _, step := range []func() error{t.begin, t.writeHeadings, t.writeHelp, t.offerWords} {
		if err := step(); err != nil {
			return fmt.Errorf("write template: %w", err)
		}
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	return nil
}

// template is a workbook to fill in, in the making.
type template struct {
	file   *excelize.File
	table  Table
	lang   Language
	sheet  string // to fill in
	help   string // that explains
	styles styles
}

func (t *template) begin() error {
	if err := t.file.SetSheetName("Sheet1", t.sheet); err != nil {
		return err
	}
	if _, err := t.file.NewSheet(t.help); err != nil {
		return err
	}
	var err error
	t.styles, err = newStyles(t.file)
	return err
}

func (t *template) writeHeadings() error {
	for i := range t.table.Columns {
		column := &t.table.Columns[i]
		name, top := columnName(i+1), address(i+1, 1)
		out := column.out(t.lang.Tag)
		heading, style := out.heading, t.styles.heading
		if column.Required {
			heading, style = heading+"*", t.styles.required
		}
		if err := t.file.SetColWidth(t.sheet, name, name, out.width); err != nil {
			return err
		}
		if err := t.file.SetColStyle(t.sheet, name, t.cellStyle(column)); err != nil {
			return err
		}
		if err := t.file.SetCellStr(t.sheet, top, heading); err != nil {
			return err
		}
		if err := t.file.SetCellStyle(t.sheet, top, top, style); err != nil {
			return err
		}
	}
	return t.file.SetPanes(t.sheet, frozenHeadings)
}

// cellStyle is the style of the cells to fill in; 0 is the general one.
func (t *template) cellStyle(column *Column) int {
	switch column.Kind {
	case KindText, KindYesNo, KindChoice:
		return t.styles.text
	case KindDate:
		return t.styles.date
	}
	return 0
}

// helpWords is the column of the second sheet from which on words stand.
const helpWords = 5

func (t *template) writeHelp() error {
	texts := []string{"exchange.help_column", "exchange.help_required", "exchange.help_how", "exchange.help_example", "exchange.help_words"}
	for i, key := range texts {
		texts[i] = t.lang.Text(key, nil)
	}
	if err := t.writeHelpRow(1, texts, t.styles.heading); err != nil {
		return err
	}
	for i := range t.table.Columns {
		column := &t.table.Columns[i]
		required, _ := (&Column{Kind: KindYesNo}).word(map[bool]string{true: Yes, false: No}[column.Required], t.lang.Tag)
		texts := []string{column.Heading.In(t.lang.Tag), required, t.hint(column), column.Example}
		for _, word := range column.written() {
			texts = append(texts, word.Text.In(t.lang.Tag))
		}
		if err := t.writeHelpRow(i+2, texts, t.styles.text); err != nil {
			return err
		}
	}
	for i, width := range []float64{20, 10, 60, 24} {
		if err := t.file.SetColWidth(t.help, columnName(i+1), columnName(i+1), width); err != nil {
			return err
		}
	}
	return t.file.SetPanes(t.help, frozenHeadings)
}

func (t *template) writeHelpRow(row int, texts []string, style int) error {
	for i, text := range texts {
		if err := t.file.SetCellStr(t.help, address(i+1, row), text); err != nil {
			return err
		}
	}
	return t.file.SetCellStyle(t.help, address(1, row), address(len(texts), row), style)
}

// hint says how to fill in a column: first what its kind asks for.
func (t *template) hint(column *Column) string {
	var hints []string
	switch column.Kind {
	case KindDate:
		hints = append(hints, t.lang.Text("exchange.hint_date", nil))
	case KindInteger:
		hints = append(hints, t.lang.Text("exchange.hint_integer", nil))
	case KindDecimal:
		hints = append(hints, t.lang.Text("exchange.hint_decimal", nil))
	case KindYesNo, KindChoice:
		hints = append(hints, t.lang.Text("exchange.hint_words", nil))
	}
	if column.Hint != "" {
		hints = append(hints, t.lang.Text(column.Hint, nil))
	}
	return strings.Join(hints, " ")
}

// offerWords lets the cells of a column with accepted words choose from those
// that the second sheet has in its row.
func (t *template) offerWords() error {
	for i := range t.table.Columns {
		words := len(t.table.Columns[i].written())
		if words == 0 {
			continue
		}
		name, row := columnName(i+1), strconv.Itoa(i+2)
		choice := excelize.NewDataValidation(true)
		choice.SetSqref(name + "2:" + name + strconv.Itoa(lastRow))
		choice.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$%s:$%s$%s", t.help, columnName(helpWords), row, columnName(helpWords+words-1), row))
		choice.SetError(excelize.DataValidationErrorStyleWarning, t.table.Columns[i].Heading.In(t.lang.Tag), t.lang.Text("exchange.hint_words", nil))
		if err := t.file.AddDataValidation(t.sheet, choice); err != nil {
			return err
		}
	}
	return nil
}
