package bulletin

import (
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// numberKind tells what a number in a text counts.
type numberKind int

const (
	plainNumber   numberKind = iota
	percentNumber            // 95 %, 百分之九十五, 九成五
	// otherNumber is one that no statistic is written as: fractions, per mille, digits of
	// other scripts.
	otherNumber
)

// spot is a number in a text, from one rune up to another.
type spot struct {
	from, to int
	kind     numberKind
	value    decimal.Decimal
}

// scanNumbers finds the numbers of a text that normal has gone over: digits with their
// separators, decimals, multipliers and percent signs, and Chinese numerals that count
// something.
func scanNumbers(text []rune) []spot {
	var spots []spot
	for at := 0; at < len(text); {
		found, ok := numberAt(text, at)
		if !ok {
			at = max(at+1, found.to)
			continue
		}
		spots = append(spots, found)
		at = found.to
	}
	return spots
}

// numberAt reads the number that begins at the place. Where none does, to may say how far
// there is none.
func numberAt(text []rune, at int) (spot, bool) {
	switch r := text[at]; {
	case hasAt(text, at, "百分之"), hasAt(text, at, "千分之"), hasAt(text, at, "万分之"):
		return perHundred(text, at)
	case r == '-' && at+1 < len(text) && isDigit(text[at+1]) && (at == 0 || !isWord(text[at-1])):
		found := arabicAt(text, at+1)
		found.from, found.value = at, found.value.Neg()
		return found, true
	case isDigit(r):
		return arabicAt(text, at), true
	case isNumeral(r):
		return chineseAt(text, at)
	case unicode.IsNumber(r):
		return spot{from: at, to: at + 1, kind: otherNumber}, true
	}
	return spot{}, false
}

// perHundred reads 百分之 with what follows.
func perHundred(text []rune, at int) (spot, bool) {
	after := at + len([]rune("百分之"))
	if after >= len(text) {
		return spot{}, false
	}
	var found spot
	switch r := text[after]; {
	case isDigit(r):
		found = arabicAt(text, after)
	case isNumeral(r):
		found = numeralsAt(text, after)
	default:
		return spot{}, false
	}
	if found.from = at; found.kind == plainNumber && text[at] == '百' {
		found.kind = percentNumber
	} else {
		found.kind = otherNumber
	}
	return found, true
}

// arabicAt reads digits: 1,234.5万 or 95.24 %.
func arabicAt(text []rune, at int) spot {
	end := at
	var digits strings.Builder
	take := func() {
		for ; end < len(text) && isDigit(text[end]); end++ {
			digits.WriteRune(text[end])
		}
	}
	take()
	for end-at <= 3 && groupAt(text, end) || digits.Len() > 3 && groupAt(text, end) {
		end++
		take()
	}
	if end+1 < len(text) && text[end] == '.' && isDigit(text[end+1]) {
		digits.WriteRune('.')
		end++
		take()
	}
	value, err := decimal.NewFromString(digits.String())
	found := spot{from: at, value: value}
	if err != nil {
		found.kind = otherNumber
	}
	for ; end < len(text) && multipliers[text[end]] > 0; end++ {
		found.value = found.value.Mul(decimal.New(multipliers[text[end]], 0))
	}
	found.to = end
	return found.measured(text)
}

// groupAt tells whether a comma or a space and exactly three digits stand at the place.
func groupAt(text []rune, at int) bool {
	return at+3 < len(text) && (text[at] == ',' || text[at] == ' ') && isDigit(text[at+1]) && isDigit(text[at+2]) && isDigit(text[at+3]) &&
		(at+4 >= len(text) || !isDigit(text[at+4]))
}

// measured takes what follows into the number: percent signs, 成, 分之.
func (s spot) measured(text []rune) spot {
	end := s.to
	for end < len(text) && text[end] == ' ' {
		end++
	}
	signs := 0
	for end < len(text) && (text[end] == '%' || text[end] == '‰') {
		if signs++; text[end] == '‰' || signs > 1 {
			s.kind = otherNumber
		}
		end++
	}
	switch {
	case signs == 1 && s.kind == plainNumber:
		s.kind, s.to = percentNumber, end
	case signs > 0:
		s.to = end
	case hasAt(text, s.to, "分之"):
		s.kind, s.to = otherNumber, s.to+2
		for s.to < len(text) && (isDigit(text[s.to]) || isNumeral(text[s.to])) {
			s.to++
		}
	case hasAt(text, s.to, "个百分点"):
		s.kind, s.to = otherNumber, s.to+4
	case hasAt(text, s.to, "成") && (s.to+1 >= len(text) || !strings.ContainsRune("员立果效绩本为熟功就品长", text[s.to+1])):
		return s.tenths(text)
	}
	return s
}

// tenths reads 九成 or 九成五.
func (s spot) tenths(text []rune) spot {
	s.to++
	if s.kind == plainNumber {
		s.kind = percentNumber
	}
	s.value = s.value.Mul(decimal.New(10, 0))
	if s.to < len(text) {
		if digit := slices.Index([]rune("〇一二三四五六七八九"), text[s.to]); digit >= 0 {
			s.value = s.value.Add(decimal.New(int64(digit), 0))
			s.to++
		}
	}
	return s
}

// normal writes digits, signs and dashes of full width as plain ones, rune by rune.
func normal(text []rune) []rune {
	plain := make([]rune, len(text))
	for i, r := range text {
		switch {
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
		case r == '％' || r == '﹪':
			r = '%'
		case r == '．':
			r = '.'
		case r == '－' || r == '−' || r == '﹣':
			r = '-'
		case r == '\u3000' || r == '\u00a0' || r == '\t':
			r = ' '
		}
		plain[i] = r
	}
	return plain
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isWord tells whether a dash behind the rune joins words or numbers, and is no sign.
func isWord(r rune) bool { return isDigit(r) || r < unicode.MaxASCII && unicode.IsLetter(r) }

func hasAt(text []rune, at int, word string) bool {
	runes := []rune(word)
	return at+len(runes) <= len(text) && slices.Equal(text[at:at+len(runes)], runes)
}
