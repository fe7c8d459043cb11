package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// csvOutput writes CSV as spreadsheets on any computer read it: UTF-8 with the
// mark that says so, and CR LF after each row.
type csvOutput struct {
	writer *csv.Writer
	record []string
}

func newCSVOutput(w io.Writer, top layout) (output, error) {
	if _, err := io.WriteString(w, markUTF8); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	o := &csvOutput{writer: csv.NewWriter(w)}
	o.writer.UseCRLF = true
	headings := make([]cell, len(top.columns))
	for i, column := range top.columns {
		headings[i].text = column.heading
	}
	return o, o.write(headings)
}

func (o *csvOutput) write(cells []cell) error {
	o.record = o.record[:0]
	for _, c := range cells {
		text := c.String()
		if c.kind == textCell {
			text = disarm(printable(text))
		}
		o.record = append(o.record, text)
	}
	if err := o.writer.Write(o.record); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (o *csvOutput) close() error {
	o.writer.Flush()
	if err := o.writer.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (o *csvOutput) abort() {}

// printable removes what no file should carry and XML cannot: control
// characters but line breaks and tabs, and bytes that are not UTF-8.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
