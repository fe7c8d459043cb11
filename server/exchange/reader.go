package exchange

import (
	"io"
	"iter"
	"slices"

	"sundial/models"
)

// Reader reads a table from a file. It holds no more of the file than its list
// of texts and the row at hand.
type Reader struct {
	sheet  sheet
	heads  *heads
	limits Limits
}

// Open finds the table in a file: in the first visible sheet of a workbook, or
// in a CSV file, whose first rows have the required headings. What the file is
// follows from its content; its name serves messages only. The file must stay
// readable while the Reader is in use.
//
// The error is a models.Error that says what is wrong with the file and what
// would be right.
func Open(name string, file io.ReaderAt, size int64, table Table, limits Limits) (*Reader, error) {
	sheets, err := openSheets(source{name, file, size, limits})
	if err != nil {
		return nil, err
	}
	var best *heads
	for _, sheet := range sheets {
		found, headsErr := findHeads(table, sheet)
		switch {
		case headsErr != nil && err == nil:
			err = headsErr // unless another sheet has the table
		case found == nil || headsErr != nil:
		case len(found.missing()) == 0:
			found.learnWords()
			return &Reader{sheet, found, limits}, nil
		case best == nil || found.known() > best.known():
			best = found
		}
	}
	switch {
	case best != nil:
		return nil, refuse(nil, "exchange.headings_missing", "Name", name, "Row", best.row, "Columns", best.missing())
	case err != nil:
		return nil, err
	default:
		return nil, refuse(nil, "exchange.no_headings", "Name", name, "Rows", headingRows, "Columns", required(table))
	}
}

// required returns the headings that a file must have, or all when it may
// choose.
func required(table Table) []Text {
	var some, all []Text
	for _, column := range table.Columns {
		all = append(all, column.Heading)
		if column.Required {
			some = append(some, column.Heading)
		}
	}
	if len(some) == 0 {
		return all
	}
	return some
}

// Sheet returns the name of the sheet that was found; empty for CSV.
func (r *Reader) Sheet() string { return r.sheet.name }

// Has tells whether the file has a column of the Table.
func (r *Reader) Has(column string) bool {
	return r.heads.places[r.heads.index(column)].column > 0
}

// Notes tell what of the file is not used: headings that the Table does not
// have. Serial numbers of rows, and the reasons that a FaultWriter adds, are
// passed over in silence.
func (r *Reader) Notes() []Fault {
	var notes []Fault
	for _, other := range r.heads.others {
		if slices.Contains(silent, fold(other.heading)) {
			continue
		}
		args := models.Args("Column", other.heading)
		notes = append(notes, Fault{Row: r.heads.row, Cell: address(other.column, r.heads.row), Key: "exchange.heading_unknown", Args: args})
	}
	return notes
}

// silent are headings that people expect to be passed over.
var silent = []string{"序号", "no", "no.", "#", fold(reasonHeading.ZH), fold(reasonHeading.EN)}

// Rows returns the rows below the headings that have something in a column of
// the Table. An error, always a models.Error, ends them, and all rows before it
// must then be taken for incomplete. Rows can be ranged over again, from the
// top.
func (r *Reader) Rows() iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		count, last := 0, 0
		for l, err := range r.sheet.lines {
			if err == nil {
				err = r.unmerged(l, last)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if l.number <= r.heads.row {
				continue
			}
			row := newRow(r.heads, l)
			if row == nil {
				continue
			}
			if count, last = count+1, l.number; count > r.limits.Rows {
				yield(nil, refuse(nil, "exchange.too_many_rows", "Max", r.limits.Rows))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// unmerged refuses cells of the table that are merged, from the headings down to
// the last row: only the first of them has what is seen in all.
func (r *Reader) unmerged(l line, last int) error {
	for _, merged := range l.merged {
		if merged.bottom > r.heads.row && merged.top <= last && r.heads.meet(merged) {
			return refuse(nil, "exchange.merged", "Cells", merged.String())
		}
	}
	return nil
}
