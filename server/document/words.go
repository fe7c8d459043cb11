package document

import (
	"strconv"
	"strings"

	"sundial/server/calendar"
)

// The words and marks that the standard prescribes. Official documents are Chinese in
// whatever language the pages are.
const (
	wordColon    = "\uff1a"
	wordStop     = "\u3002"
	wordOpen     = "\uff08"
	wordClose    = "\uff09"
	wordOrdinal  = "\u3001"
	wordAnnex    = "\u9644\u4ef6"
	wordCopy     = "\u6284\u9001\uff1a"
	wordPrinted  = "\u5370\u53d1"
	wordDash     = "\u2014"
	chineseZero  = "\u96f6"
	chineseTens  = "\u5341"
	chineseRoot  = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d"
	hundredsWord = "\u767e"
)

// dayText returns the day as documents have it: Arabic digits without leading zeros.
func dayText(day calendar.Date) string {
	year, month, d := day.Year(), int(day.Month()), day.Day()
	return strconv.Itoa(year) + "\u5e74" + strconv.Itoa(month) + "\u6708" + strconv.Itoa(d) + "\u65e5"
}

// chineseNumber returns a number of 1 to 999 in Chinese.
func chineseNumber(n int) string {
	digits := strings.Split(chineseRoot, "")
	var text string
	if n >= 100 {
		text = digits[n/100-1] + hundredsWord
		if n%100 > 0 && n%100 < 10 {
			text += chineseZero
		}
	}
	tens, ones := n/10%10, n%10
	if tens > 1 || tens == 1 && n >= 100 {
		text += digits[tens-1]
	}
	if tens > 0 {
		text += chineseTens
	}
	if ones > 0 {
		text += digits[ones-1]
	}
	return text
}

// ordinal returns the number of a heading as its level has it.
func ordinal(level, n int) string {
	switch level {
	case 1:
		return chineseNumber(n) + wordOrdinal
	case 2:
		return wordOpen + chineseNumber(n) + wordClose
	case 3:
		return strconv.Itoa(n) + "."
	default:
		return wordOpen + strconv.Itoa(n) + wordClose
	}
}
