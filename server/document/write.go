package document

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
)

// relation is a part of the package that the text refers to.
type relation struct {
	id, kind, file string
}

var headerPart = relation{"rId4", "header", "header1.xml"}

var footers = [4]relation{
	{"rId5", "footer", "footer1.xml"}, {"rId6", "footer", "footer2.xml"},
	{"rId7", "footer", "footer3.xml"}, {"rId8", "footer", "footer4.xml"},
}

var relations = []relation{
	{"rId1", "styles", "styles.xml"}, {"rId2", "fontTable", "fontTable.xml"}, {"rId3", "settings", "settings.xml"},
	headerPart, footers[0], footers[1], footers[2], footers[3],
}

// Write writes the document as a Word file. It fails on a heading of no level, on a table
// whose rows and columns do not fit each other, and when the writer does; what was written
// by then is no document.
func Write(w io.Writer, d *Document) error {
	if err := d.check(); err != nil {
		return fmt.Errorf("document %q: %w", d.Title, err)
	}
	archive := zip.NewWriter(w)
	for _, entry := range d.entries() {
		if err := write(archive, entry.name, entry.write); err != nil {
			return fmt.Errorf("write %s: %w", entry.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("close document: %w", err)
	}
	return nil
}

func (d *Document) check() error {
	blocks := d.Blocks
	for _, annex := range d.Annexes {
		blocks = append(blocks[:len(blocks):len(blocks)], annex.Blocks...)
	}
	for _, block := range blocks {
		if err := block.check(); err != nil {
			return err
		}
	}
	return nil
}

// entry is a file of the package.
type entry struct {
	name  string
	write func(p *part)
}

func (d *Document) entries() []entry {
	return []entry{
		{"[Content_Types].xml", writeContentTypes},
		{"_rels/.rels", writePackageRelations},
		{"docProps/core.xml", d.writeCore},
		{"docProps/app.xml", writeApp},
		{"word/_rels/document.xml.rels", writeRelations},
		{"word/styles.xml", writeStyles},
		{"word/fontTable.xml", writeFonts},
		{"word/settings.xml", writeSettings},
		{"word/header1.xml", func(p *part) { writeHeader(p, d.Mark) }},
		{"word/footer1.xml", func(p *part) { writeFooter(p, false) }},
		{"word/footer2.xml", func(p *part) { writeFooter(p, true) }},
		{"word/footer3.xml", func(p *part) { writeSideFooter(p, false) }},
		{"word/footer4.xml", func(p *part) { writeSideFooter(p, true) }},
		{"word/document.xml", d.writeDocument},
	}
}

// packed is the moment that every file of the package bears: a moment of the day would
// change the hash.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func write(archive *zip.Writer, name string, content func(p *part)) error {
	file, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed})
	if err != nil {
		return err
	}
	p := newPart(file)
	content(p)
	return p.flush()
}

// writeDocument writes the text: the document itself, then its annexes, in as many
// sections as pages turn, and the imprint on the last page that stands upright.
func (d *Document) writeDocument(p *part) {
	p.in("w:document", func() {
		p.in("w:body", func() {
			b := &body{p: p, section: section{marked: d.Mark != ""}}
			b.writeHead(d)
			b.writeBlocks(d.Blocks, d.signed() && len(d.Annexes) == 0)
			b.writeClose(d)
			for i, annex := range d.Annexes {
				turned := b.turn(annex.sideways())
				b.writeAnnex(annex, d.mark(i), !turned)
			}
			if !d.Imprint.empty() {
				b.turn(false)
				b.writeImprint(d.Imprint)
			}
			b.section.write(p)
		})
	}, "xmlns:w", wordSpace, "xmlns:r", relationSpace)
}

// turn begins a new section if pages are to lie otherwise from here, and tells whether it
// did.
func (b *body) turn(landscape bool) bool {
	if b.section.landscape == landscape {
		return false
	}
	ended := b.section
	b.add(paragraph{style: hairStyle, ends: &ended})
	b.section.landscape = landscape
	return true
}
