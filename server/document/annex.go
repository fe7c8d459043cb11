package document

import (
	"strconv"
	"strings"
)

// flat returns a title without the line feeds of its writer.
func flat(title string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(title, "\n", " ")), " ")
}

// writeAnnex writes the annex on a page of its own; mark is what stands in its corner.
func (b *body) writeAnnex(annex Annex, mark string, newPage bool) {
	b.add(paragraph{style: annexMarkStyle, text: mark, newPage: newPage})
	b.add(paragraph{style: textStyle, keepNext: true})
	for _, words := range titleLines(annex.Title, b.section.width()*2/(titleSize*20)) {
		b.add(paragraph{style: titleStyle, text: words})
	}
	b.blank(1)
	b.writeBlocks(annex.Blocks, false)
}

// mark returns what stands in the corner of the annex at the place.
func (d *Document) mark(at int) string {
	if len(d.Annexes) == 1 {
		return wordAnnex
	}
	return wordAnnex + strconv.Itoa(at+1)
}

// sideways tells whether a table of the annex needs the longer side of the page.
func (a Annex) sideways() bool {
	for _, block := range a.Blocks {
		if t, ok := block.(Table); ok && t.needs(t.Columns, narrowSize) > textWidth {
			return true
		}
	}
	return false
}
