package document

// issuerDrop is how far the issuer stands below the top of the text area.
const issuerDrop = 1984 // 35 mm

// The sizes of the issuer's letters, in half points: as large as one line holds, within
// what looks like an official document.
const (
	issuerLargest  = 124
	issuerSmallest = 52
)

// redLine is below the number, 4 mm under its letters: the exact line leaves some of that.
var redLine = border{side: "bottom", color: "FF0000", eighths: 12, gap: 8}

// writeHead writes what stands above the text on the first page.
func (b *body) writeHead(d *Document) {
	if d.Issuer != "" {
		b.writeIssuer(d)
		b.blank(2)
	}
	for _, words := range titleLines(d.Title, textWidth*2/(titleSize*20)) {
		b.add(paragraph{style: titleStyle, text: words})
	}
	b.blank(1)
	if d.To != "" {
		b.add(paragraph{style: toStyle, text: d.To + wordColon})
	}
}

func (b *body) writeIssuer(d *Document) {
	size := issuerSize(d.Issuer)
	b.add(paragraph{style: issuerStyle, text: d.Issuer, size: size, height: size * 12})
	b.blank(2)
	rule := redLine
	b.add(paragraph{style: numberStyle, text: d.Number, line: &rule})
}

// issuerSize returns the size at which the issuer fills a line and no more.
func issuerSize(issuer string) int {
	fits := int(textWidth / (10 * max(widthOf(issuer), 1)))
	return min(max(fits, issuerSmallest), issuerLargest)
}
