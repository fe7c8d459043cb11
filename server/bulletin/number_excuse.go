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
	// Days that campaigns are named by; telephone numbers.
	`(?:1[0-2]|0?[1-9])[·•・](?:3[01]|[12]\d|0?[1-9])`,
	`1\d{4} ?(?:政务服务)?(?:便民)?(?:服务)?热线`,
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

// counted is what follows a number that counts something, where an ordinal could stand;
// worded are words that begin in the same way.
var (
	counted = regexp.MustCompile(`^ *[项个家件宗户份次条名人处]`)
	worded  = regexp.MustCompile(`^ *(?:项目|个[别人性体案]|家[庭长]|户[籍外口]|份额|次[数序要]|条[例件款块]|名[称单录义]|人[员民大才事社口力]|处[理置罚级分室]|件数)`)
)

// statistic tells whether what looks like an ordinal is none: 逾期的（四十二）项, 位列第九，
func statistic(text string, from, to int) bool {
	found := text[from:to]
	switch {
	case strings.HasSuffix(found, ")"), strings.HasSuffix(found, "）"):
		return counted.MatchString(text[to:]) && !worded.MatchString(text[to:])
	case strings.HasPrefix(found, "第"):
		return placed([]rune(text[:from] + "第"))
	}
	return false
}

// span is a stretch of runes.
type span struct{ from, to int }

// excuses are the stretches of a normal text in which numbers are no statistics: what is
// numbered, and the names that are known to have numbers.
func excuses(text string, names []string) []span {
	var spans []span
	for _, found := range numbered.FindAllStringIndex(text, -1) {
		if !statistic(text, found[0], found[1]) {
			spans = append(spans, runesOf(text, found[0], found[1]))
		}
	}
	for _, found := range listed.FindAllStringSubmatchIndex(text, -1) {
		if !counted.MatchString(text[found[3]:]) || worded.MatchString(text[found[3]:]) {
			spans = append(spans, runesOf(text, found[2], found[3]))
		}
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
