package document

import (
	"cmp"
	"strconv"
	"strings"
)

// paragraph is a paragraph as it is written: its style and in what it departs from it.
type paragraph struct {
	style *style
	text  string
	// size is that of the letters where the style leaves it open.
	size int
	// height is the exact height of its lines, 0 for that of the style.
	height   int
	keepNext bool
	newPage  bool
	line     *border
	tabs     []tab
	indent   *indent
	// align is a word of the schema, empty for that of the style.
	align string
	// ends is the section whose last paragraph this is.
	ends *section
	// rest writes further runs.
	rest func(p *part)
}

type indent struct {
	left, right, hanging int
}

type tab struct {
	at    int
	align string
}

// border is the line above or below a paragraph.
type border struct {
	side, color string
	// eighths is its thickness in eighths of a point, gap the points between it and the letters.
	eighths, gap int
}

// write writes the paragraph; properties in the order that the schema asks for.
func (g paragraph) write(p *part) {
	p.in("w:p", func() {
		p.in("w:pPr", func() { g.writeProperties(p) })
		g.writeText(p)
		if g.rest != nil {
			g.rest(p)
		}
	})
}

func (g paragraph) writeProperties(p *part) {
	p.empty("w:pStyle", "w:val", g.style.id)
	if g.keepNext {
		p.flag("w:keepNext", true)
	}
	if g.newPage {
		p.flag("w:pageBreakBefore", true)
	}
	if g.line != nil {
		p.in("w:pBdr", func() {
			p.empty("w:"+g.line.side, "w:val", "single", "w:sz", strconv.Itoa(g.line.eighths), "w:space", strconv.Itoa(g.line.gap),
				"w:color", cmp.Or(g.line.color, "000000"))
		})
	}
	g.writeTabs(p)
	if g.height > 0 {
		writeSpacing(p, g.style.before, g.height)
	}
	if g.indent != nil {
		p.empty("w:ind", "w:left", strconv.Itoa(g.indent.left), "w:right", strconv.Itoa(g.indent.right),
			"w:hanging", strconv.Itoa(g.indent.hanging))
	}
	if g.align != "" {
		p.empty("w:jc", "w:val", g.align)
	}
	p.in("w:rPr", func() { g.style.writeRun(p, g.letters()) })
	if g.ends != nil {
		g.ends.write(p)
	}
}

func (g paragraph) writeTabs(p *part) {
	if len(g.tabs) == 0 {
		return
	}
	p.in("w:tabs", func() {
		for _, t := range g.tabs {
			p.empty("w:tab", "w:val", t.align, "w:pos", strconv.Itoa(t.at))
		}
	})
}

func (g paragraph) letters() int {
	if g.size > 0 {
		return g.size
	}
	return g.style.size
}

// writeText writes the text as runs, a line feed as a new line and a tab as a tab.
func (g paragraph) writeText(p *part) {
	text := clean(g.text)
	if text == "" {
		return
	}
	p.in("w:r", func() {
		p.in("w:rPr", func() { g.style.writeRun(p, g.letters()) })
		for text != "" {
			at := strings.IndexAny(text, "\n\t")
			if at < 0 {
				p.leaf("w:t", text, "xml:space", "preserve")
				return
			}
			if at > 0 {
				p.leaf("w:t", text[:at], "xml:space", "preserve")
			}
			if text[at] == '\n' {
				p.empty("w:br")
			} else {
				p.empty("w:tab")
			}
			text = text[at+1:]
		}
	})
}

func (a Align) word() string {
	switch a {
	case Center:
		return "center"
	case Right:
		return "right"
	default:
		return "left"
	}
}
