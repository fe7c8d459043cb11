package bulletin

import (
	"strings"

	"github.com/shopspring/decimal"
)

// digitsOf are the values of Chinese digits, plain and formal.
var digitsOf = map[rune]int64{
	'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '两': 2, '兩': 2,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

// multipliers are those of Chinese numerals.
var multipliers = map[rune]int64{
	'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 10_000, '萬': 10_000, '亿': 100_000_000, '億': 100_000_000,
	'廿': 20, '卅': 30,
}

func isNumeral(r rune) bool {
	_, digit := digitsOf[r]
	return digit || multipliers[r] > 0
}

// measures follow a single numeral that counts something.
const measures = "个家项件次人名条篇位天日倍期份批处起类年月周季场届轮组例笔张册套款点半多余来成户宗所部市县区镇乡村种局厅单科站"

// counts tells whether a measure stands at the place. 三级 and 一部 name things; what is
// counted is 三级政府 no more than 一部分.
func counts(text []rune, at int) bool {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n') {
		at++
	}
	return at < len(text) && strings.ContainsRune(measures, text[at]) && !hasAt(text, at, "部分")
}

// chineseAt reads Chinese numerals, when they count something: several of them, or one
// that a measure word follows, or that ends a statement such as 共三。
func chineseAt(text []rune, at int) (spot, bool) {
	found := numeralsAt(text, at)
	multiplier := multipliers[text[at]] > 0
	switch single := found.to == at+1; {
	case found.to < len(text) && text[found.to] == '分' && multiplier && single:
		return found, false // 十分, 万分, 百分点
	case !single, found.kind != plainNumber:
		return found, true
	case counts(text, found.to):
		return found, true
	}
	before := at
	for before > 0 && text[before-1] == ' ' {
		before--
	}
	ends := found.to == len(text) || strings.ContainsRune("，。；、,.;)） \n", text[found.to])
	return found, ends && before > 0 && (strings.ContainsRune("为共计有达到是仅余约逾超数：:", text[before-1]) || placed(text[:before]))
}

// placed tells whether a place in a ranking is told of: 位列第二, 排名第九.
func placed(text []rune) bool {
	before := strings.TrimRight(string(text), " ")
	for _, word := range []string{"列第", "居第", "名第", "位第", "次第", "序第", "排第"} {
		if strings.HasSuffix(before, word) {
			return true
		}
	}
	return false
}

// numeralsAt reads all numerals from the place on.
func numeralsAt(text []rune, at int) spot {
	end := at
	for end < len(text) && isNumeral(text[end]) {
		end++
	}
	found := spot{from: at, to: end}
	whole, ok := chineseValue(text[at:end])
	found.value = whole
	if end+1 < len(text) && text[end] == '点' && isDecimalDigit(text[end+1]) {
		part := strings.Builder{}
		for end++; end < len(text) && isDecimalDigit(text[end]); end++ {
			part.WriteRune(rune('0' + digitsOf[text[end]]))
		}
		fraction, err := decimal.NewFromString("0." + part.String())
		ok = ok && err == nil
		found.value, found.to = whole.Add(fraction), end
	}
	if !ok || at > 0 && text[at-1] == '几' {
		found.kind = otherNumber
	}
	return found.measured(text)
}

func isDecimalDigit(r rune) bool {
	_, digit := digitsOf[r]
	return digit
}

// chineseValue reads 三十七, 一千零五, 十二万, and digit by digit 二〇一七. Others, such as
// 三四十, have no value.
func chineseValue(numerals []rune) (decimal.Decimal, bool) {
	if value, ok := digitByDigit(numerals); ok {
		return value, true
	}
	var total, section, digit int64
	seen, zero := false, false
	for _, r := range numerals {
		if value, isOne := digitsOf[r]; isOne {
			if seen && !zero {
				return decimal.Zero, false
			}
			digit, seen, zero = value, true, value == 0
			continue
		}
		by := multipliers[r]
		switch {
		case by >= 10_000:
			if section+digit == 0 && !seen {
				section = 1
			}
			total, section = (total+section+digit)*by, 0
		case by == 20 || by == 30:
			section += by
		case seen:
			section += digit * by
		default:
			section += by
		}
		digit, seen, zero = 0, false, false
	}
	return decimal.New(total+section+digit, 0), true
}

// digitByDigit reads numerals without multipliers.
func digitByDigit(numerals []rune) (decimal.Decimal, bool) {
	var digits strings.Builder
	for _, r := range numerals {
		value, digit := digitsOf[r]
		if !digit {
			return decimal.Zero, false
		}
		digits.WriteRune(rune('0' + value))
	}
	value, err := decimal.NewFromString(digits.String())
	return value, err == nil
}
