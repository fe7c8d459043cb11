package exchange

import "io"

// Format is a form in which tables are written.
type Format string

// The formats; each is also the extension of its files.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// ContentType returns the format's media type for HTTP.
func (f Format) ContentType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// output is a file that is being written, line by line.
type output interface {
	write(cells []cell) error // by position; blank ones have no text
	close() error             // finishes the file
	abort()                   // frees what it holds; after close it does nothing
}

// layout is what a file that is to be written has at its top.
type layout struct {
	sheet   string
	columns []outColumn
}

// outColumn is a column as it is written.
type outColumn struct {
	heading string
	width   float64 // in characters
}

func newOutput(w io.Writer, format Format, top layout) (output, error) {
	if format == CSV {
		return newCSVOutput(w, top)
	}
	return newWorkbookOutput(w, top)
}
