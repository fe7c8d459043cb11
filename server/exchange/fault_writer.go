package exchange

import (
	"io"
	"strings"
)

// reasonHeading stands over the reasons that a FaultWriter adds.
var reasonHeading = Text{"问题说明", "What to mend"}

const reasonWidth = 60

// FaultWriter gives rows back as they came, all columns of their file included,
// with what is wrong with each in a last column. Mended, the file can be sent
// again as it is.
//
//	defer w.Abort()
//	... w.Write(row)
//	return w.Close()
type FaultWriter struct {
	reader *Reader
	lang   Language
	output output
	cells  []cell
}

// NewFaultWriter begins a file with the headings of the one that the Reader
// reads. Messages are rendered in the language.
func NewFaultWriter(w io.Writer, format Format, reader *Reader, lang Language) (*FaultWriter, error) {
	table := reader.heads.table
	top := layout{sheet: table.Name.In(lang.Tag)}
	for _, there := range reader.heads.returned() {
		column := outColumn{there.heading, max(12, widthOf(there.heading)+3)}
		if i := columnNamed(table, there.heading); i >= 0 {
			column.width = max(column.width, table.Columns[i].width())
		}
		top.columns = append(top.columns, column)
	}
	top.columns = append(top.columns, outColumn{reasonHeading.In(lang.Tag), reasonWidth})
	output, err := newOutput(w, format, top)
	if err != nil {
		return nil, err
	}
	return &FaultWriter{reader: reader, lang: lang, output: output}, nil
}

// returned are the columns of a file that are given back: those with a heading,
// less the reasons of an earlier time.
func (h *heads) returned() []place {
	var returned []place
	for _, there := range h.all {
		if name := fold(there.heading); name != fold(reasonHeading.ZH) && name != fold(reasonHeading.EN) {
			returned = append(returned, there)
		}
	}
	return returned
}

// Write adds a row of the Reader with its Faults.
func (w *FaultWriter) Write(row *Row) error {
	w.cells = w.cells[:0]
	for _, there := range w.reader.heads.returned() {
		c, _ := row.line.at(there.column)
		w.cells = append(w.cells, c)
	}
	var reasons []string
	for _, fault := range row.faults {
		reasons = append(reasons, w.lang.Text(fault.Key, fault.Args))
	}
	w.cells = append(w.cells, cell{text: strings.Join(reasons, " ")})
	return w.output.write(w.cells)
}

// Close finishes the file.
func (w *FaultWriter) Close() error { return w.output.close() }

// Abort frees what an unfinished file holds. After Close it does nothing.
func (w *FaultWriter) Abort() { w.output.abort() }
