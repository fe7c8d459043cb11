package document

import "strconv"

// Lengths are in twips, the twentieth parts of a point, as Word has them; 1 mm is
// 1440/25.4 of them.
const (
	pageWidth  = 11906 // 210 mm
	pageHeight = 16838 // 297 mm
	headMargin = 2098  // 37 mm
	bindMargin = 1587  // 28 mm
	foreMargin = 1474  // 26 mm, what is left of the width
	footMargin = 1984  // 35 mm, what is left of the height
	textWidth  = pageWidth - bindMargin - foreMargin
	textHeight = pageHeight - headMargin - footMargin

	linesPerPage = 22
	charsPerLine = 28
	// line is the height of a line, character the width of a character.
	line      = textHeight / linesPerPage
	character = textWidth / charsPerLine

	// numberLine is the height of the line of a page number, whose dashes are in its
	// middle, 7 mm below the text area.
	numberLine = 360
	dashDrop   = 397
	// footerRoom is what is left below that line.
	footerRoom = footMargin - dashDrop - numberLine/2
	// headerRoom is what is left above the line of a mark.
	headerRoom = 1134
)

// condensed is what is taken off a character of size 三号, so that 28 of them fill the
// line. It is a property of the letters, since LibreOffice puts each character of a grid
// whose cells are narrower than the letters into two of them.
const condensed = character - bodySize*10

// section is a part of the document whose pages lie alike.
type section struct {
	landscape bool
	// marked tells that the pages bear the mark of the document.
	marked bool
}

// width and height are those of the text area.
func (s section) width() int {
	if s.landscape {
		return textHeight
	}
	return textWidth
}

// write writes the properties of the section. A page that lies sideways is the upright
// one turned by 90 degrees, its head at the left.
func (s section) write(p *part) {
	p.in("w:sectPr", func() {
		if s.marked {
			p.empty("w:headerReference", "w:type", "default", "r:id", headerPart.id)
			p.empty("w:headerReference", "w:type", "even", "r:id", headerPart.id)
		}
		odd, even := footerParts(s.landscape)
		p.empty("w:footerReference", "w:type", "default", "r:id", odd.id)
		p.empty("w:footerReference", "w:type", "even", "r:id", even.id)
		p.empty("w:type", "w:val", "nextPage")
		s.writePage(p)
		p.empty("w:docGrid", "w:type", "lines", "w:linePitch", strconv.Itoa(line))
	})
}

func (s section) writePage(p *part) {
	if s.landscape {
		p.empty("w:pgSz", "w:w", strconv.Itoa(pageHeight), "w:h", strconv.Itoa(pageWidth), "w:orient", "landscape")
		p.margins(bindMargin, headMargin, foreMargin, footMargin)
		return
	}
	p.empty("w:pgSz", "w:w", strconv.Itoa(pageWidth), "w:h", strconv.Itoa(pageHeight))
	p.margins(headMargin, foreMargin, footMargin, bindMargin)
}

func (p *part) margins(top, right, bottom, left int) {
	p.empty("w:pgMar", "w:top", strconv.Itoa(top), "w:right", strconv.Itoa(right), "w:bottom", strconv.Itoa(bottom),
		"w:left", strconv.Itoa(left), "w:header", strconv.Itoa(headerRoom), "w:footer", strconv.Itoa(footerRoom), "w:gutter", "0")
}
