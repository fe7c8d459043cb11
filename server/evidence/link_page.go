package evidence

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const maxTitle = 300 // runes

// pageTitle returns the title of an HTML page whose beginning, at least, is the
// body; empty for anything else.
func pageTitle(body []byte, contentType string) string {
	media, _, _ := mime.ParseMediaType(contentType)
	if media != "text/html" && media != "application/xhtml+xml" {
		return ""
	}
	tokens := html.NewTokenizer(bytes.NewReader(decode(body, contentType)))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if tokens.Token().DataAtom != atom.Title {
				continue
			}
			if tokens.Next() != html.TextToken {
				return ""
			}
			title := strings.Join(strings.Fields(tokens.Token().Data), " ")
			return shorten(visible(title), maxTitle)
		}
	}
}

// decode returns the body as UTF-8. A page that does not say how it is encoded,
// and is not UTF-8, is in GB18030 here rather than in a western encoding.
func decode(body []byte, contentType string) []byte {
	encoding, _, certain := charset.DetermineEncoding(body, contentType)
	if !certain {
		if utf8.Valid(wholeRunes(body)) {
			return body
		}
		encoding = simplifiedchinese.GB18030
	}
	// Decoders put U+FFFD for what they cannot read; they do not fail.
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return text
}

// wholeRunes cuts off the part of a rune with which a cut text may end.
func wholeRunes(text []byte) []byte {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}
