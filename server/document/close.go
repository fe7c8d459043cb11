package document

import "strconv"

// latin is the width of a digit in the text: half of a letter, condensed as much.
const latin = bodySize*10/2 + condensed

// lineWidth returns the width of the text in a line of the body, in twips.
func lineWidth(text string) int {
	sum := 0
	for _, r := range text {
		if runeWidth(r) < 1 {
			sum += latin
		} else {
			sum += character
		}
	}
	return sum
}

// writeClose writes what stands below the text: the names of the annexes, who signs, the
// day, and the note.
func (b *body) writeClose(d *Document) {
	if len(d.Annexes) > 0 {
		b.blank(1)
		b.writeAnnexNames(d)
	}
	if d.signed() {
		b.add(paragraph{style: textStyle, keepNext: true})
		b.add(paragraph{style: textStyle, keepNext: true})
		b.writeSignature(d)
	}
	if d.Note != "" {
		b.add(paragraph{style: bodyStyle, text: wordOpen + d.Note + wordClose})
	}
}

func (d *Document) signed() bool { return d.Signature != "" || d.Date != 0 }

// writeAnnexNames names the annexes. A name that turns the line goes on below its own
// beginning.
func (b *body) writeAnnexNames(d *Document) {
	lead := wordAnnex + wordColon
	if len(d.Annexes) == 1 {
		b.add(paragraph{style: annexNamesStyle, text: lead + flat(d.Annexes[0].Title), keepNext: d.signed(),
			indent: &indent{left: twoIn + lineWidth(lead), hanging: lineWidth(lead)}})
		return
	}
	number := lineWidth(strconv.Itoa(len(d.Annexes))+".") + latin/2
	for i, annex := range d.Annexes {
		at := indent{left: twoIn + lineWidth(lead) + number, hanging: number}
		text := strconv.Itoa(i+1) + ".\t" + flat(annex.Title)
		if i == 0 {
			at.hanging += lineWidth(lead)
			text = lead + text
		}
		b.add(paragraph{style: annexNamesStyle, text: text, indent: &at, keepNext: d.signed() && i == len(d.Annexes)-1})
	}
}

// writeSignature writes who signs, centred above the day, which keeps four characters
// from the right edge unless the name is so long that it would leave the text area.
func (b *body) writeSignature(d *Document) {
	day := ""
	if d.Date != 0 {
		day = dayText(d.Date)
	}
	right := 4 * character
	name := right + (lineWidth(day)-lineWidth(d.Signature))/2
	if name < 0 {
		name, right = 0, right-name
	}
	if d.Signature != "" {
		b.add(paragraph{style: signatureStyle, text: d.Signature, indent: &indent{right: name}})
	}
	if day != "" {
		b.add(paragraph{style: dateStyle, text: day, indent: &indent{right: right}})
	}
}
