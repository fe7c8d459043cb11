package calendar

import (
	"strings"
	"unicode"
)

// noticeText is a pasted text without white space, in simplified characters and
// half-width punctuation, that still knows the line each byte came from. Titles
// and clauses break across lines wherever the page they were copied from did.
type noticeText struct {
	text  string
	lines []int // line of each byte of text, from 1
}

// simplified maps the traditional characters and the punctuation that notices
// are made of to what the parser reads.
var simplified = map[rune]rune{
	'國': '国', '務': '务', '辦': '办', '廳': '厅', '關': '关', '於': '于', '發': '发', '電': '电',
	'號': '号', '調': '调', '補': '补', '勞': '劳', '動': '动', '節': '节', '慶': '庆', '週': '周',
	'與': '与', '連': '连', '農': '农', '曆': '历', '歷': '历', '臘': '腊', '現': '现', '將': '将',
	'長': '长', '後': '后', '兩': '两', '戰': '战', '爭': '争', '勝': '胜', '紀': '纪',
	'【': '〔', '】': '〕', '[': '〔', ']': '〕', '〖': '〔', '〗': '〕',
	'—': '至', '–': '至', '-': '至', '−': '至', '~': '至', '〜': '至', '到': '至',
	'﹕': ':', '︰': ':', '﹐': ',', '﹔': ';', '.': '。', '｡': '。',
}

func newNoticeText(pasted string) noticeText {
	var out strings.Builder
	var lines []int
	for i, line := range strings.Split(pasted, "\n") {
		for _, r := range line {
			if r = plainRune(r); r == 0 {
				continue
			}
			size, _ := out.WriteRune(r)
			for range size {
				lines = append(lines, i+1)
			}
		}
	}
	return noticeText{out.String(), lines}
}

// plainRune returns the form of r the parser reads, 0 for what it leaves out.
func plainRune(r rune) rune {
	if r >= '!'+0xFEE0 && r <= '~'+0xFEE0 { // full-width ASCII
		r -= 0xFEE0
	}
	if !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar {
		return 0
	}
	if plain, ok := simplified[r]; ok {
		return plain
	}
	return r
}

// cut returns the part of t from byte i up to j.
func (t noticeText) cut(i, j int) noticeText {
	return noticeText{t.text[i:j], t.lines[i:j]}
}

// line returns the line t begins on.
func (t noticeText) line() int {
	if len(t.lines) == 0 {
		return 0
	}
	return t.lines[0]
}

// startsLine tells whether byte i is the first of its line.
func (t noticeText) startsLine(i int) bool { return i == 0 || t.lines[i] != t.lines[i-1] }

// pieces splits t at full stops, semicolons, commas and colons outside of
// brackets: a notice states one thing in each piece.
func (t noticeText) pieces() []noticeText {
	var pieces []noticeText
	depth, start := 0, 0
	for i, r := range t.text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == '。' || depth <= 0 && strings.ContainsRune(",;:", r):
			// A full stop also ends a bracket that was never closed.
			pieces = append(pieces, t.cut(start, i))
			depth, start = 0, i+len(string(r))
		}
	}
	pieces = append(pieces, t.cut(start, len(t.text)))
	return pieces
}
