package exchange

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/calendar"
)

// Row is a row of a file with something in it. Its values are ready when it
// comes out of a Reader; what could not be understood is in Faults and reads as
// not given. To ask for a column that the Table does not have, or for a value
// of another kind, panics.
type Row struct {
	Number int // as a spreadsheet shows it, from 1

	heads  *heads
	line   line
	values []value // by column of the Table
	faults []Fault
}

// Given tells whether the cell has a value that was understood.
func (r *Row) Given(column string) bool { return r.values[r.heads.index(column)].given }

// Text returns a text as Clean leaves it, or the Value of the Word in a
// KindChoice column; the empty text for none.
func (r *Row) Text(column string) string { return r.value(column, KindText, KindChoice).text }

// Date returns a date, 0 for none.
func (r *Row) Date(column string) calendar.Date { return r.value(column, KindDate).date }

// Yes tells whether the cell says yes. Nothing is not yes; see Given.
func (r *Row) Yes(column string) bool { return r.value(column, KindYesNo).text == Yes }

// Integer returns a whole number, 0 for none.
func (r *Row) Integer(column string) int64 { return r.value(column, KindInteger).decimal.IntPart() }

// Decimal returns a number, 0 for none.
func (r *Row) Decimal(column string) decimal.Decimal { return r.value(column, KindDecimal).decimal }

// Faults returns what is wrong with the row so far: what the Reader found and
// what Fault added.
func (r *Row) Faults() []Fault { return slices.Clone(r.faults) }

// Fault adds what the caller found wrong with the value of a column, or, for
// the column "", with the row as a whole. Args are pairs of name and value; the
// message may also use Column, the column's heading.
func (r *Row) Fault(column, key string, args ...any) {
	fault := Fault{Row: r.Number, Column: column, Key: key, Args: models.Args(args...)}
	if column != "" {
		i := r.heads.index(column)
		if fault.Args == nil {
			fault.Args = map[string]any{}
		}
		fault.Args["Column"] = r.heads.table.Columns[i].Heading
		if place := r.heads.places[i]; place.column > 0 {
			fault.Args["Column"] = place.heading
			fault.Cell = address(place.column, r.Number)
		}
	}
	r.faults = append(r.faults, fault)
}

func (r *Row) value(column string, kinds ...Kind) value {
	i := r.heads.index(column)
	if !slices.Contains(kinds, r.heads.table.Columns[i].Kind) {
		panic(fmt.Sprintf("exchange: column %s is of another kind", column))
	}
	return r.values[i]
}

// newRow reads the values of a line; nil when no column of the table has
// anything in it.
func newRow(h *heads, from line) *Row {
	row := &Row{Number: from.number, heads: h, line: from, values: make([]value, len(h.places))}
	blank := true
	for i := range h.table.Columns {
		column := &h.table.Columns[i]
		content, ok := from.at(h.places[i].column)
		if !ok {
			continue
		}
		blank = false
		var problem *problem
		if row.values[i], problem = column.read(content, h.words[i]); problem != nil {
			row.Fault(column.Key, problem.key, problem.args...)
		}
	}
	if blank {
		return nil
	}
	row.requireAll()
	return row
}

// requireAll adds a fault for each required column without content.
func (r *Row) requireAll() {
	for i := range r.heads.table.Columns {
		column := &r.heads.table.Columns[i]
		if _, ok := r.line.at(r.heads.places[i].column); column.Required && !ok {
			r.Fault(column.Key, "exchange.required")
		}
	}
}
