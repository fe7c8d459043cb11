package document

import "strconv"

// footerParts returns the footers of odd and even pages that lie so.
func footerParts(landscape bool) (odd, even relation) {
	if landscape {
		return footers[2], footers[3]
	}
	return footers[0], footers[1]
}

// writeFooter writes the page number of upright pages: at the outer edge, a character in.
func writeFooter(p *part, even bool) {
	p.in("w:ftr", func() { pageNumber(even).write(p) }, "xmlns:w", wordSpace)
}

// pageNumber is the line of a page number: at the right edge of odd pages, at the left of
// even ones.
func pageNumber(even bool) paragraph {
	g := paragraph{style: pageNumberStyle, align: Right.word(), indent: &indent{right: letter}}
	if even {
		g.align, g.indent = Left.word(), &indent{left: letter}
	}
	g.rest = writePageNumber
	return g
}

// writePageNumber writes the number as a field between dashes.
func writePageNumber(p *part) {
	run := func(content func()) {
		p.in("w:r", func() {
			p.in("w:rPr", func() { pageNumberStyle.writeRun(p, smallSize) })
			content()
		})
	}
	run(func() { p.leaf("w:t", wordDash+" ", "xml:space", "preserve") })
	run(func() { p.empty("w:fldChar", "w:fldCharType", "begin") })
	run(func() { p.leaf("w:instrText", " PAGE ", "xml:space", "preserve") })
	run(func() { p.empty("w:fldChar", "w:fldCharType", "separate") })
	run(func() { p.leaf("w:t", "1") })
	run(func() { p.empty("w:fldChar", "w:fldCharType", "end") })
	run(func() { p.leaf("w:t", " "+wordDash, "xml:space", "preserve") })
}

// writeSideFooter writes the page number of pages that lie sideways. The bottom of the
// paper is their left edge: the number stands there, turned like the paper, in a cell of
// its own whose lines run from the top of the page downwards.
func writeSideFooter(p *part, even bool) {
	left := footerRoom
	p.in("w:ftr", func() {
		p.in("w:tbl", func() {
			p.in("w:tblPr", func() {
				p.empty("w:tblpPr", "w:vertAnchor", "page", "w:horzAnchor", "page",
					"w:tblpX", strconv.Itoa(left), "w:tblpY", strconv.Itoa(bindMargin))
				p.empty("w:tblW", "w:w", strconv.Itoa(numberLine), "w:type", "dxa")
				p.empty("w:tblLayout", "w:type", "fixed")
				writeCellMargins(p, 0)
			})
			p.in("w:tblGrid", func() { p.empty("w:gridCol", "w:w", strconv.Itoa(numberLine)) })
			p.in("w:tr", func() {
				p.in("w:trPr", func() { p.empty("w:trHeight", "w:val", strconv.Itoa(textWidth), "w:hRule", "exact") })
				p.in("w:tc", func() {
					p.in("w:tcPr", func() {
						p.empty("w:tcW", "w:w", strconv.Itoa(numberLine), "w:type", "dxa")
						p.empty("w:textDirection", "w:val", "tbRl")
					})
					pageNumber(even).write(p)
				})
			})
		})
		paragraph{style: hairStyle}.write(p)
	}, "xmlns:w", wordSpace)
}

// writeHeader writes the mark of a draft above the text area.
func writeHeader(p *part, mark string) {
	p.in("w:hdr", func() { paragraph{style: markStyle, text: mark}.write(p) }, "xmlns:w", wordSpace)
}
