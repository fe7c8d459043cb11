package training

import (
	"context"
	"io"
	"strings"

	"sundial/server/compliance"
	"sundial/server/exchange"
)

// reasonColumn holds what is wrong with a row that is given back. A file with it
// can be sent again as it is.
var reasonColumn = exchange.Column{Key: "reason", Heading: exchange.FaultHeading, Width: 60}

// WriteFaulty writes the rows of an import that are not taken over as a workbook to
// be mended: the columns that the file had, as it showed them but for numbers of ID
// cards, which are masked, and in a last column what is wrong.
func (i *Imports) WriteFaulty(ctx context.Context, actor compliance.Actor, id uint64, w io.Writer, lang exchange.Language) error {
	j, err := i.find(ctx, actor, id)
	if err != nil {
		return err
	}
	table := exchange.Table{Name: j.kind.table().Name}
	var kept []int
	for n, column := range j.kind.table().Columns {
		if !j.has(column.Key) && !column.Required {
			continue
		}
		kept = append(kept, n)
		// As it was typed: what could not be read as a date is not one.
		table.Columns = append(table.Columns, exchange.Column{Key: column.Key, Heading: column.Heading, Width: column.Width})
	}
	table.Columns = append(table.Columns, reasonColumn)
	writer, err := exchange.NewWriter(w, exchange.XLSX, table, lang)
	if err != nil {
		return err
	}
	defer writer.Abort()
	err = j.eachFaulty(i.desk.store.Read(ctx), 0, 0, func(line *importLine) error {
		var values []any
		for _, n := range kept {
			values = append(values, line.content.Cells[n])
		}
		var reasons []string
		for _, fault := range line.faults {
			reasons = append(reasons, lang.Text(fault.Key, fault.Args))
		}
		return writer.Write(append(values, strings.Join(reasons, " "))...)
	})
	if err != nil {
		return err
	}
	return writer.Close()
}
