package document

import "strconv"

// style is a style of paragraphs. Word shows its name, and people may change it there.
type style struct {
	id, name string
	face     face
	size     int
	color    string
	align    string
	// first is the indent of the first line.
	first int
	// height is the exact height of a line, 0 for what the letters need.
	height int
	before int
	// level is the level of a heading in the outline, 0 for none.
	level    int
	keepNext bool
	// wraps lets words and addresses break anywhere, as narrow cells need it.
	wraps bool
}

const (
	// twoIn is where paragraphs begin.
	twoIn = 2 * character
	// titleLine is the height of a line of a title, half as much again as its letters.
	titleLine = titleSize * 15
)

var (
	textStyle = &style{id: "Normal", name: "Normal", face: bodyFace, size: bodySize, align: "both", height: line}

	markStyle   = &style{id: "Mark", name: "公文稿本标记", face: headFace, size: smallSize, align: "left", height: numberLine}
	issuerStyle = &style{id: "Issuer", name: "发文机关标志", face: titleFace, color: "FF0000", align: "center", before: issuerDrop}
	numberStyle = &style{id: "DocumentNumber", name: "发文字号", face: bodyFace, size: bodySize, align: "center", height: line}
	titleStyle  = &style{id: "Title", name: "Title", face: titleFace, size: titleSize, align: "center", height: titleLine, keepNext: true}
	toStyle     = &style{id: "Recipient", name: "主送机关", face: bodyFace, size: bodySize, align: "left", height: line}

	bodyStyle     = &style{id: "BodyText", name: "Body Text", face: bodyFace, size: bodySize, align: "both", height: line, first: twoIn}
	headingStyles = [4]*style{
		{id: "Heading1", name: "heading 1", face: headFace, size: bodySize, align: "both", height: line, first: twoIn, level: 1, keepNext: true},
		{id: "Heading2", name: "heading 2", face: kaiFace, size: bodySize, align: "both", height: line, first: twoIn, level: 2, keepNext: true},
		{id: "Heading3", name: "heading 3", face: bodyFace, size: bodySize, align: "both", height: line, first: twoIn, level: 3, keepNext: true},
		{id: "Heading4", name: "heading 4", face: bodyFace, size: bodySize, align: "both", height: line, first: twoIn, level: 4, keepNext: true},
	}

	annexNamesStyle = &style{id: "AnnexNames", name: "附件说明", face: bodyFace, size: bodySize, align: "both", height: line}
	signatureStyle  = &style{id: "Signature", name: "Signature", face: bodyFace, size: bodySize, align: "right", height: line, keepNext: true}
	dateStyle       = &style{id: "Date", name: "Date", face: bodyFace, size: bodySize, align: "right", height: line}
	annexMarkStyle  = &style{id: "AnnexMark", name: "附件序号", face: headFace, size: bodySize, align: "left", height: line, level: 1, keepNext: true}

	tableTitleStyle = &style{id: "TableTitle", name: "表题", face: headFace, size: tableSize, align: "center", height: line, keepNext: true}
	cellStyle       = &style{id: "Cell", name: "表内文字", face: bodyFace, size: tableSize, align: "left", wraps: true}
	cellHeadStyle   = &style{id: "CellHead", name: "表头文字", face: headFace, size: tableSize, align: "center", wraps: true}

	imprintStyle    = &style{id: "Imprint", name: "版记", face: bodyFace, size: smallSize, align: "left", height: imprintLine}
	pageNumberStyle = &style{id: "Footer", name: "footer", face: numberFace, size: smallSize, align: "left", height: numberLine}
	// hairStyle is that of paragraphs that Word must have and nobody sees.
	hairStyle = &style{id: "Hair", name: "占位", face: bodyFace, size: 2, align: "left", height: 20}
)

var styles = []*style{
	textStyle, markStyle, issuerStyle, numberStyle, titleStyle, toStyle, bodyStyle,
	headingStyles[0], headingStyles[1], headingStyles[2], headingStyles[3],
	annexNamesStyle, signatureStyle, dateStyle, annexMarkStyle, tableTitleStyle, cellStyle, cellHeadStyle,
	imprintStyle, pageNumberStyle, hairStyle,
}

func writeStyles(p *part) {
	p.in("w:styles", func() {
		p.in("w:docDefaults", func() {
			p.in("w:rPrDefault", func() {
				p.in("w:rPr", func() {
					bodyFace.write(p)
					writeSize(p, bodySize)
					p.empty("w:lang", "w:val", "en-US", "w:eastAsia", "zh-CN", "w:bidi", "ar-SA")
				})
			})
			p.in("w:pPrDefault", func() {})
		})
		for _, s := range styles {
			s.write(p)
		}
	}, "xmlns:w", wordSpace)
}

func (s *style) write(p *part) {
	attributes := []string{"w:type", "paragraph", "w:styleId", s.id}
	if s == textStyle {
		attributes = append(attributes, "w:default", "1")
	}
	p.in("w:style", func() {
		p.empty("w:name", "w:val", s.name)
		if s != textStyle {
			p.empty("w:basedOn", "w:val", textStyle.id)
		}
		p.empty("w:qFormat")
		p.in("w:pPr", func() { s.writeParagraph(p) })
		p.in("w:rPr", func() { s.writeRun(p, s.size) })
	}, attributes...)
}

// grid tells whether the lines of the style are lines of the page.
func (s *style) grid() bool { return s.height == line }

// writeParagraph writes the properties of paragraphs, in the order that the schema asks
// for. Letters of two scripts stand side by side without a gap, so that 28 fill a line.
func (s *style) writeParagraph(p *part) {
	p.flag("w:keepNext", s.keepNext)
	p.flag("w:widowControl", s != hairStyle)
	if s.wraps {
		p.flag("w:wordWrap", false)
	}
	p.flag("w:autoSpaceDE", false)
	p.flag("w:autoSpaceDN", false)
	p.flag("w:snapToGrid", s.grid())
	writeSpacing(p, s.before, s.height)
	p.empty("w:ind", "w:firstLine", strconv.Itoa(s.first))
	p.empty("w:jc", "w:val", s.align)
	if s.level > 0 {
		p.empty("w:outlineLvl", "w:val", strconv.Itoa(s.level-1))
	}
}

// writeSpacing writes the room before a paragraph and the height of its lines: exactly
// that, or what the letters need when it is 0.
func writeSpacing(p *part, before, height int) {
	size, rule := "240", "auto"
	if height > 0 {
		size, rule = strconv.Itoa(height), "exact"
	}
	p.empty("w:spacing", "w:before", strconv.Itoa(before), "w:after", "0", "w:line", size, "w:lineRule", rule)
}

// writeRun writes the properties of letters. Every run carries them too, so that what
// reads no styles still has the fonts.
func (s *style) writeRun(p *part, size int) {
	s.face.write(p)
	if s.color != "" {
		p.empty("w:color", "w:val", s.color)
	}
	if size == bodySize {
		p.empty("w:spacing", "w:val", strconv.Itoa(condensed))
	}
	if size > 0 {
		writeSize(p, size)
	}
}

func writeSize(p *part, size int) {
	p.empty("w:sz", "w:val", strconv.Itoa(size))
	p.empty("w:szCs", "w:val", strconv.Itoa(size))
}

func (p *part) flag(name string, on bool) {
	value := "0"
	if on {
		value = "1"
	}
	p.empty(name, "w:val", value)
}
