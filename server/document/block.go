package document

import (
	"cmp"
	"fmt"
	"strconv"
)

// body is the text under way: where it is written, on which kind of page.
type body struct {
	p       *part
	section section
	// counts are the headings of each level so far.
	counts [4]int
	// keeps has the next paragraph stay with the one after it.
	keeps bool
}

func (b *body) add(g paragraph) { g.write(b.p) }

// blank leaves lines empty.
func (b *body) blank(lines int) {
	for range lines {
		b.add(paragraph{style: textStyle})
	}
}

// hair adds a paragraph that is not seen.
func (b *body) hair() { b.add(paragraph{style: hairStyle}) }

// writeBlocks writes the blocks, with headings counted from one. If the text is signed
// right below, its last paragraph stays with the signature: a page of a signature alone
// would bear nothing of the text.
func (b *body) writeBlocks(blocks []Block, signed bool) {
	b.counts = [4]int{}
	for i, block := range blocks {
		b.keeps = signed && i == len(blocks)-1
		block.write(b)
	}
	b.keeps = false
}

func (h Heading) write(b *body) {
	b.counts[h.Level-1]++
	clear(b.counts[h.Level:])
	b.add(paragraph{style: headingStyles[h.Level-1], text: cmp.Or(h.Ordinal, ordinal(h.Level, b.counts[h.Level-1])) + h.Text})
}

func (h Heading) check() error {
	if h.Level < 1 || h.Level > len(headingStyles) {
		return fmt.Errorf("heading %q has level %d", h.Text, h.Level)
	}
	return nil
}

func (g Paragraph) write(b *body) {
	b.add(paragraph{style: bodyStyle, text: g.Text, keepNext: b.keeps})
}

func (g Paragraph) check() error { return nil }

func (l List) write(b *body) {
	for i, item := range l.Items {
		if l.Numbered {
			item = strconv.Itoa(i+1) + "." + item
		}
		b.add(paragraph{style: bodyStyle, text: item, keepNext: b.keeps && i == len(l.Items)-1})
	}
}

func (l List) check() error { return nil }
