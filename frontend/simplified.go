package frontend

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Simplified writes traditional characters in the simplified ones in which data is kept,
// each for itself: for what is searched for, not for what is read. A character that is
// used in simplified texts too, or that the table does not have, stays.
func Simplified(text string) string {
	table := simplifiedOf()
	return strings.Map(func(r rune) rune {
		if to, ok := table[r]; ok {
			return to
		}
		return r
	}, text)
}

// simplifiedOf turns the table of traditional characters round. Several simplified ones
// may become the same traditional one: what most pairs and phrases have decides.
var simplifiedOf = sync.OnceValue(func() map[rune]rune {
	var table struct{ Characters, Phrases string }
	if err := readYAML("locales/traditional.yaml", &table); err != nil {
		return nil // No catalog is made without the table.
	}
	votes := map[rune]map[rune]int{}
	for _, pair := range strings.Fields(table.Characters) {
		_, size := utf8.DecodeRuneInString(pair)
		vote(votes, pair[:size], pair[size:])
	}
	phrases := strings.Fields(table.Phrases)
	for i := 0; i+1 < len(phrases); i += 2 {
		vote(votes, phrases[i], phrases[i+1])
	}
	turned := make(map[rune]rune, len(votes))
	for target, sources := range votes {
		if inSimplifiedUse(target) {
			continue
		}
		for source, count := range sources {
			best, found := turned[target]
			better := count > sources[best] || count == sources[best] && source < best
			if (!found || better) && inSimplifiedUse(source) {
				turned[target] = source
			}
		}
	}
	return turned
})

// vote counts for each character of the one text the character of the other that stands
// in its place.
func vote(votes map[rune]map[rune]int, from, to string) {
	targets := []rune(to)
	for i, source := range []rune(from) {
		target := targets[i]
		if source == target {
			continue
		}
		if votes[target] == nil {
			votes[target] = map[rune]int{}
		}
		votes[target][source]++
	}
}

// inSimplifiedUse tells whether the character is one of GB 2312, the set of simplified
// Chinese, without the two of it that only names have.
func inSimplifiedUse(r rune) bool {
	_, err := simplifiedchinese.HZGB2312.NewEncoder().String(string(r))
	return err == nil && r != '\u5f8c' && r != '\u65bc'
}
