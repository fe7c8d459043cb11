package exchange

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// xmlPart is a part of a workbook as a stream of tokens. What it unpacks to is
// bounded as a whole and token by token, whatever it declares.
type xmlPart struct {
	content io.ReadCloser
	decoder *xml.Decoder
	left    int64 // bytes of the part
	token   int64 // bytes until the next token must be whole
}

func (w *workbook) openPart(name string, most int64) (*xmlPart, error) {
	part := w.parts[strings.ToLower(name)]
	if part == nil {
		return nil, fmt.Errorf("part %s is missing", name)
	}
	if part.UncompressedSize64 > uint64(most) {
		return nil, fmt.Errorf("part %s: %w", name, errTooLarge)
	}
	content, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("open part %s: %w", name, err)
	}
	p := &xmlPart{content: content, left: most}
	p.decoder = xml.NewDecoder(p)
	return p, nil
}

// Read hands content to the decoder.
func (p *xmlPart) Read(buffer []byte) (int, error) {
	n, err := p.content.Read(buffer)
	if p.left -= int64(n); p.left < 0 {
		return 0, errTooLarge
	}
	if p.token -= int64(n); p.token < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// next returns the next token, valid until the one after; io.EOF at the end.
// Whether tags match is not asked: who reads knows the few that matter.
func (p *xmlPart) next() (xml.Token, error) {
	p.token = maxToken
	return p.decoder.RawToken()
}

// read calls the function with each token of a part.
func (w *workbook) read(name string, most int64, each func(xml.Token) error) error {
	p, err := w.openPart(name, most)
	if err != nil {
		return err
	}
	defer p.content.Close()
	for {
		token, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(token)
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", name, err)
		}
	}
}

// attribute returns the value of an attribute, whatever its namespace.
func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
