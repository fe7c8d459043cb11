package document

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"
)

// The namespaces of the parts.
const (
	wordSpace         = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	relationSpace     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace      = "http://schemas.openxmlformats.org/package/2006/"
	propertiesSpace   = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
	dublinCoreSpace   = "http://purl.org/dc/elements/1.1/"
	dublinTermsSpace  = "http://purl.org/dc/terms/"
	schemaInstance    = "http://www.w3.org/2001/XMLSchema-instance"
	contentTypePrefix = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// part is one XML file of the package, written as it goes. The first error stays with
// the writer and comes out at flush.
type part struct {
	w *bufio.Writer
}

func newPart(w io.Writer) *part {
	p := &part{w: bufio.NewWriter(w)}
	p.put(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	return p
}

func (p *part) flush() error { return p.w.Flush() }

// put writes markup. That a write failed, flush tells.
func (p *part) put(markup ...string) {
	for _, s := range markup {
		_, _ = p.w.WriteString(s)
	}
}

// in writes an element with the content; attributes are names and values in turn.
func (p *part) in(name string, content func(), attributes ...string) {
	p.start(name, attributes)
	p.put(">")
	content()
	p.put("</", name, ">")
}

// empty writes an element without content.
func (p *part) empty(name string, attributes ...string) {
	p.start(name, attributes)
	p.put("/>")
}

func (p *part) start(name string, attributes []string) {
	p.put("<", name)
	for i := 0; i+1 < len(attributes); i += 2 {
		p.put(" ", attributes[i], `="`)
		p.escape(attributes[i+1])
		p.put(`"`)
	}
}

// leaf writes an element that holds a text.
func (p *part) leaf(name, text string, attributes ...string) {
	p.in(name, func() { p.escape(text) }, attributes...)
}

// escape writes a text; a failed write is told by flush.
func (p *part) escape(text string) { _ = xml.EscapeText(p.w, []byte(clean(text))) }

// clean leaves out what XML 1.0 cannot hold: control characters other than tab and line
// feed, halves of surrogate pairs, noncharacters, and bytes that are not UTF-8. Carriage
// returns go with them.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return r
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, strings.Map(valid, text))
}

// valid drops what stands for bytes that are not UTF-8; a replacement character that was
// typed goes with them.
func valid(r rune) rune {
	if r == utf8.RuneError {
		return -1
	}
	return r
}
