package bulletin

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// numbered are the ways in which numbers are written that are no statistics: years and
// dates, numbers of documents, clauses, ordinals of lists. A number is excused when it
// lies wholly in one of them.
var numbered = regexp.MustCompile(`(?m)` + strings.Join([]string{
	// Years and spans of years; dates; quarters.
	`(?:19|20|21)\d{2}(?: ?(?:-|—|–|~|～|至)+ ?(?:19|20|21)\d{2})? ?年`,
	`[一二][〇零一二三四五六七八九]{3}年`,
	`(?:19|20|21)\d{2}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])`,
	`(?:1[0-2]|0?[1-9]) ?月(?: ?(?:3[01]|[12]\d|0?[1-9]) ?[日号](?:(?:-|—|–|~|～|至|、)+(?:3[01]|[12]\d|0?[1-9]) ?[日号])*)?`,
	`(?:十[一二]?|[一二三四五六七八九])月(?:(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?`,
	`第?[一二三四1-4]季度`,
	// Numbers of documents.
	`[〔\[(（［【](?:19|20|21)\d{2}[〕\])）］】] ?第?\d+ ?号`,
	`第 ?\d+ ?号`,
	// Clauses.
	`第(?:\d+|[〇零一二三四五六七八九十百]+)(?:条|款|项|章|节|目|编|部分)`,
	`[一二三四五六七八九十]{0,3}[(（][一二三四五六七八九十]{1,3}[)）]`,
	// Ordinals within a sentence; words with a numeral.
	`(?:^|[，。；：、！？ ])[一二三四五六七八九十]是`,
	`第[一二三四五六七八九十]{1,2}[，、：]`,
	`[其之]一`, `第一时间`, `一次性`, `万一`, `千万不`,
}, "|"))

// listed is the ordinal at the beginning of a line.
var listed = regexp.MustCompile(`(?m)^ *([一二三四五六七八九十]{1,3}、|[(（]\d{1,2}[)）]|\d{1,2}[、.]|[①-⑳])(?:[^\d]|$)`)

// span is a stretch of runes.
type span struct{ from, to int }

// excuses are the stretches of a normal text in which numbers are no statistics: what is
// numbered, and the names that are known to have numbers.
func excuses(text string, names []string) []span {
	var spans []span
	for _, found := range numbered.FindAllStringIndex(text, -1) {
		spans = append(spans, runesOf(text, found[0], found[1]))
	}
	for _, found := range listed.FindAllStringSubmatchIndex(text, -1) {
		spans = append(spans, runesOf(text, found[2], found[3]))
	}
	for _, name := range names {
		for at := 0; ; {
			next := strings.Index(text[at:], name)
			if next < 0 {
				break
			}
			spans = append(spans, runesOf(text, at+next, at+next+len(name)))
			at += next + len(name)
		}
	}
	return spans
}

// runesOf turns a stretch of bytes into one of runes.
func runesOf(text string, from, to int) span {
	start := utf8.RuneCountInString(text[:from])
	return span{start, start + utf8.RuneCountInString(text[from:to])}
}

// within tells whether the spot lies in one of the spans.
func (s spot) within(spans []span) bool {
	for _, span := range spans {
		if span.from <= s.from && s.to <= span.to {
			return true
		}
	}
	return false
}
