package exchange

import (
	"fmt"
	"regexp"
	"slices"
)

// headingRows is how far down the headings may stand: titles, units and dates
// of reporting often stand above them.
const headingRows = 10

// heads is where the columns of a table stand in a sheet.
type heads struct {
	table  Table
	row    int          // of the headings
	places []place      // of the columns of the table
	others []place      // headings that the table does not know
	all    []place      // as they stand, left to right
	twice  error        // that two headings name one column
	words  []vocabulary // of the columns of the table, once these are the headings
}

// place is a column of a sheet; 0 when it is not there.
type place struct {
	column  int
	heading string
}

// index returns the position of a column in the table.
func (h *heads) index(key string) int {
	i := slices.IndexFunc(h.table.Columns, func(c Column) bool { return c.Key == key })
	if i < 0 {
		panic(fmt.Sprintf("exchange: no column %q in the table", key))
	}
	return i
}

// learnWords gets ready to read rows.
func (h *heads) learnWords() {
	for i := range h.table.Columns {
		h.words = append(h.words, h.table.Columns[i].vocabulary())
	}
}

// known returns how many columns of the table are there.
func (h *heads) known() int {
	known := 0
	for _, place := range h.places {
		if place.column > 0 {
			known++
		}
	}
	return known
}

// meet tells whether a column of the table lies in the area.
func (h *heads) meet(a area) bool {
	return slices.ContainsFunc(h.places, func(p place) bool { return p.column >= a.left && p.column <= a.right })
}

// missing returns the required columns that are not there.
func (h *heads) missing() []Text {
	var missing []Text
	for i, column := range h.table.Columns {
		if column.Required && h.places[i].column == 0 {
			missing = append(missing, column.Heading)
		}
	}
	return missing
}

// findHeads returns the line among the first ones that has the most headings of
// the table, the first of them; nil when none has any.
func findHeads(table Table, in sheet) (*heads, error) {
	var best *heads
	for l, err := range in.lines {
		if err != nil {
			return nil, err
		}
		if l.number > headingRows {
			break
		}
		found := newHeads(table, l)
		if found.known() > 0 && (best == nil || found.known() > best.known()) {
			best = found
		}
	}
	if best != nil {
		return best, best.twice
	}
	return nil, nil
}

// newHeads reads a line as headings. Two for one column are refused: which of
// them counts would be a guess.
func newHeads(table Table, from line) *heads {
	h := &heads{table: table, row: from.number, places: make([]place, len(table.Columns))}
	for _, content := range from.cells {
		there := place{content.column, shorten(content.String(), 60)}
		if there.heading == "" {
			continue
		}
		h.all = append(h.all, there)
		i := columnNamed(table, there.heading)
		switch {
		case i >= 0 && h.places[i].column > 0:
			h.twice = refuse(nil, "exchange.heading_twice", "Column", there.heading, "First", address(h.places[i].column, h.row), "Second", address(there.column, h.row))
		case i >= 0:
			h.places[i] = there
		default:
			h.others = append(h.others, there)
		}
	}
	return h
}

// remark is what forms add to a heading: (required), *.
var remark = regexp.MustCompile(`\([^()]*\)$|^\*+|\*+$`)

// columnNamed returns the column that a heading names, or -1.
func columnNamed(table Table, heading string) int {
	for name := fold(heading); name != ""; {
		for i, column := range table.Columns {
			if fold(column.Heading.ZH) == name || fold(column.Heading.EN) == name || slices.ContainsFunc(column.Also, func(also string) bool { return fold(also) == name }) {
				return i
			}
		}
		shorter := remark.ReplaceAllString(name, "")
		if shorter == name {
			break
		}
		name = shorter
	}
	return -1
}
