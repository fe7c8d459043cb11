package exchange

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean returns a text as Row.Text does: letters, digits and signs of full
// width become plain ones and blanks of all kinds spaces; what is invisible is
// removed, and blanks at both ends. Chinese punctuation and line breaks stay.
func Clean(text string) string {
	if isClean(text) {
		return text
	}
	text = strings.ReplaceAll(norm.NFC.String(text), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(cleanRune, text))
}

// isClean tells of most texts at a glance that Clean would not change them:
// plain letters, digits and signs, and common Chinese characters.
func isClean(text string) bool {
	for _, r := range text {
		if r < ' ' || r > '~' && r < '一' || r > '鿿' {
			return false
		}
	}
	return text == "" || text[0] != ' ' && text[len(text)-1] != ' '
}

// chinesePunctuation has a full width in Chinese text for good reason.
const chinesePunctuation = "！（），：；？～"

func cleanRune(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r', unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return '\n'
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		return -1
	case r >= '！' && r <= '～' && !strings.ContainsRune(chinesePunctuation, r):
		return r - '！' + '!'
	}
	return r
}

// foldWidth returns the text clean and in plain width throughout, punctuation
// included.
func foldWidth(text string) string { return norm.NFKC.String(Clean(text)) }

// fold returns what two texts have in common that differ in width, case and
// blanks only.
func fold(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(foldWidth(text)), ""))
}

// shorten returns the text cut to so many characters, for a message.
func shorten(text string, most int) string {
	runes := []rune(Clean(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}
