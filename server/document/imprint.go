package document

import (
	"math"
	"strconv"
)

// letter is the width of a character of size 四号, by which the imprint is set in.
const letter = smallSize * 10

// The lines of the imprint, in eighths of a point.
const (
	thickLine = 8 // 0.35 mm
	thinLine  = 6 // 0.25 mm
)

const (
	// imprintLine is the height of its lines.
	imprintLine = 440
	// imprintWidth is a hair less than that of the text area: LibreOffice lets no table
	// float that is as wide as the text.
	imprintWidth = textWidth - 20
)

// writeImprint writes the imprint as a table at the bottom of the text area, wherever the
// text ends; its place follows from how many lines it has. The paragraph after it holds it
// on its page.
func (b *body) writeImprint(i Imprint) {
	rows, height := i.rows(), 0
	for _, g := range rows {
		height += imprintLines(g) * imprintLine
	}
	b.p.in("w:tbl", func() {
		b.p.in("w:tblPr", func() {
			b.p.empty("w:tblpPr", "w:leftFromText", "0", "w:rightFromText", "0", "w:topFromText", "0", "w:bottomFromText", "0",
				"w:vertAnchor", "page", "w:horzAnchor", "page", "w:tblpX", strconv.Itoa(bindMargin+10),
				"w:tblpY", strconv.Itoa(pageHeight-footMargin-height))
			b.p.empty("w:tblW", "w:w", strconv.Itoa(imprintWidth), "w:type", "dxa")
			writeBorders(b.p, map[string]int{"top": thickLine, "bottom": thickLine, "insideH": thinLine})
			b.p.empty("w:tblLayout", "w:type", "fixed")
			writeCellMargins(b.p, letter)
		})
		b.p.in("w:tblGrid", func() { b.p.empty("w:gridCol", "w:w", strconv.Itoa(imprintWidth)) })
		for _, g := range rows {
			b.p.in("w:tr", func() { writeCell(b.p, imprintWidth, g) })
		}
	})
	b.hair()
}

// imprintLines returns how many lines the paragraph takes.
func imprintLines(g paragraph) int {
	if g.indent == nil {
		return 1
	}
	perLine := float64((imprintWidth - 2*letter - g.indent.left) / letter)
	return max(1, int(math.Ceil((widthOf(g.text)-3)/perLine)))
}

func (i Imprint) rows() []paragraph {
	var rows []paragraph
	if i.CopyTo != "" {
		rows = append(rows, paragraph{style: imprintStyle, text: wordCopy + i.CopyTo + wordStop,
			indent: &indent{left: 3 * letter, hanging: 3 * letter}})
	}
	if i.Office == "" && i.Date == 0 {
		return rows
	}
	text := i.Office
	if i.Date != 0 {
		text += "\t" + dayText(i.Date) + wordPrinted
	}
	return append(rows, paragraph{style: imprintStyle, text: text, tabs: []tab{{imprintWidth - 2*letter, "right"}}})
}
