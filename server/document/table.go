package document

import (
	"fmt"
	"math"
	"strconv"
)

const (
	// cellMargin is left free at the sides of a cell.
	cellMargin = 57 // 1 mm
	cellLine   = 4  // half a point
	// longCell is how many lines a cell may have in a row that stays on one page.
	longCell = 12
	// longTable is how many rows a table has before another one goes on below, under the
	// same head: what a table costs to lay out grows with the square of its pages.
	longTable = 250
)

func (t Table) check() error {
	if len(t.Columns) == 0 || t.Fixed < 0 || t.Fixed >= len(t.Columns) {
		return fmt.Errorf("table %q has %d columns, %d of them fixed", t.Title, len(t.Columns), t.Fixed)
	}
	for _, c := range t.Columns {
		if !(c.Width >= 1) || c.Width > 1000 {
			return fmt.Errorf("column %q of table %q has width %v", c.Title, t.Title, c.Width)
		}
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d of table %q has %d cells for %d columns", i+1, t.Title, len(row), len(t.Columns))
		}
	}
	return nil
}

// needs returns the width that the columns of the table need with letters of the size.
func (t Table) needs(columns []Column, size int) int {
	sum := 0
	for _, c := range columns {
		sum += int(math.Ceil(c.Width*float64(size*10))) + 2*cellMargin
	}
	return sum
}

// write writes the table in the larger letters if it fits in them, else in the smaller
// ones, in as many parts as the page needs.
func (t Table) write(b *body) {
	width := b.section.width()
	if t.needs(t.Columns, tableSize) <= width {
		t.writePart(b, t.Title, t.all(), tableSize)
		return
	}
	parts := t.divide(width)
	for i, columns := range parts {
		title := t.Title
		if len(parts) > 1 {
			title += wordOpen + chineseNumber(i+1) + wordClose
		}
		t.writePart(b, title, columns, narrowSize)
	}
}

func (t Table) all() []int {
	columns := make([]int, len(t.Columns))
	for i := range columns {
		columns[i] = i
	}
	return columns
}

// divide deals the columns out over the fewest parts of like length that each fit, every
// one of them after the fixed columns.
func (t Table) divide(width int) [][]int {
	all := t.all()
	fixed, free := all[:t.Fixed], all[t.Fixed:]
	for count := 1; ; count++ {
		parts, fits := make([][]int, count), true
		for i := range parts {
			from, to := len(free)*i/count, len(free)*(i+1)/count
			parts[i] = append(append([]int{}, fixed...), free[from:to]...)
			fits = fits && t.needs(t.pick(parts[i]), narrowSize) <= width
		}
		if fits || count == len(free) {
			return parts
		}
	}
}

func (t Table) pick(columns []int) []Column {
	picked := make([]Column, len(columns))
	for i, c := range columns {
		picked[i] = t.Columns[c]
	}
	return picked
}

// writePart writes the columns below their title; a long table as several.
func (t Table) writePart(b *body, title string, columns []int, size int) {
	if title != "" {
		b.add(paragraph{style: tableTitleStyle, text: title})
	}
	for rows := t.Rows; ; rows = rows[longTable:] {
		t.writeRows(b, rows[:min(len(rows), longTable)], columns, size)
		if len(rows) <= longTable {
			return
		}
	}
}

// writeRows writes the rows as one table and a paragraph after it: Word joins tables that
// touch.
func (t Table) writeRows(b *body, rows [][]string, columns []int, size int) {
	picked, width := t.pick(columns), b.section.width()
	widths := t.widths(picked, size, width)
	b.p.in("w:tbl", func() {
		b.p.in("w:tblPr", func() {
			b.p.empty("w:tblW", "w:w", strconv.Itoa(width), "w:type", "dxa")
			b.p.empty("w:jc", "w:val", "center")
			writeBorders(b.p, map[string]int{"top": cellLine, "left": cellLine, "bottom": cellLine, "right": cellLine, "insideH": cellLine, "insideV": cellLine})
			b.p.empty("w:tblLayout", "w:type", "fixed")
			writeCellMargins(b.p, cellMargin)
		})
		b.p.in("w:tblGrid", func() {
			for _, w := range widths {
				b.p.empty("w:gridCol", "w:w", strconv.Itoa(w))
			}
		})
		t.writeHead(b, picked, widths, size)
		for _, row := range rows {
			t.writeRow(b, row, columns, widths, size)
		}
	})
	b.add(paragraph{style: hairStyle, keepNext: b.keeps})
}

// widths shares the page out in proportion to what the columns need.
func (t Table) widths(columns []Column, size, width int) []int {
	widths, need, given := make([]int, len(columns)), t.needs(columns, size), 0
	for i := range columns {
		widths[i] = t.needs(columns[i:i+1], size) * width / need
		given += widths[i]
	}
	widths[len(widths)-1] += width - given
	return widths
}

func (t Table) writeHead(b *body, columns []Column, widths []int, size int) {
	b.p.in("w:tr", func() {
		b.p.in("w:trPr", func() {
			b.p.empty("w:cantSplit")
			b.p.empty("w:tblHeader")
		})
		for i, c := range columns {
			writeCell(b.p, widths[i], paragraph{style: cellHeadStyle, text: c.Title, size: size})
		}
	})
}

func (t Table) writeRow(b *body, row []string, columns, widths []int, size int) {
	b.p.in("w:tr", func() {
		if short(row, columns, widths, size) {
			b.p.in("w:trPr", func() { b.p.empty("w:cantSplit") })
		}
		for i, c := range columns {
			writeCell(b.p, widths[i], paragraph{style: cellStyle, text: row[c], size: size, align: t.Columns[c].Align.word()})
		}
	})
}

// short tells whether the row can stay on one page.
func short(row []string, columns, widths []int, size int) bool {
	for i, c := range columns {
		if widthOf(row[c])*float64(size*10) > float64(longCell*(widths[i]-2*cellMargin)) {
			return false
		}
	}
	return true
}

func writeCell(p *part, width int, g paragraph) {
	p.in("w:tc", func() {
		p.in("w:tcPr", func() {
			p.empty("w:tcW", "w:w", strconv.Itoa(width), "w:type", "dxa")
			p.empty("w:vAlign", "w:val", "center")
		})
		g.write(p)
	})
}

// writeBorders writes lines of a table by side, in eighths of a point.
func writeBorders(p *part, eighths map[string]int) {
	p.in("w:tblBorders", func() {
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			if eighths[side] > 0 {
				p.empty("w:"+side, "w:val", "single", "w:sz", strconv.Itoa(eighths[side]), "w:space", "0", "w:color", "000000")
			}
		}
	})
}

func writeCellMargins(p *part, margin int) {
	p.in("w:tblCellMar", func() {
		p.empty("w:left", "w:w", strconv.Itoa(margin), "w:type", "dxa")
		p.empty("w:right", "w:w", strconv.Itoa(margin), "w:type", "dxa")
	})
}
