package document

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// widthOf returns how many Chinese characters wide the text is; digits and Latin letters
// take half of one.
func widthOf(text string) float64 {
	sum := 0.0
	for _, r := range text {
		sum += runeWidth(r)
	}
	return sum
}

func runeWidth(r rune) float64 {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
		return 1
	default:
		return 0.5
	}
}

// titleLines divides a title into as few lines as hold it, alike in length, so that they
// end with a word where that can be told. Line feeds of the writer's own stand instead.
func titleLines(title string, perLine int) []string {
	title = strings.TrimSpace(clean(title))
	if title == "" {
		return nil
	}
	if strings.Contains(title, "\n") || widthOf(title) <= float64(perLine) {
		return strings.Split(title, "\n")
	}
	runes := []rune(title)
	count := int(math.Ceil(widthOf(title) / float64(perLine)))
	if lines, ok := divide(runes, count, float64(perLine)); ok {
		return lines
	}
	lines, _ := divide(runes, count+1, float64(perLine))
	return lines
}

// way is the best way to divide what stands before a place, and where its last line
// begins.
type way struct {
	cost float64
	from int
}

// divide divides the runes into the lines at the least cost, and tells whether there is a
// way in which each line holds its part. A
// quarter of the square of what a line differs from the mean is what it costs besides its end.
func divide(runes []rune, count int, perLine float64) ([]string, bool) {
	mean := widthOf(string(runes)) / float64(count)
	ways := make([][]way, count+1)
	for n := range ways {
		ways[n] = make([]way, len(runes)+1)
		for end := range ways[n] {
			ways[n][end] = bestWay(runes, ways, n, end, mean, perLine)
		}
	}
	lines, end := make([]string, count), len(runes)
	if math.IsInf(ways[count][end].cost, 1) {
		return []string{string(runes)}, false
	}
	for n := count; n > 0; n-- {
		from := ways[n][end].from
		lines[n-1], end = string(runes[from:end]), from
	}
	return lines, true
}

func bestWay(runes []rune, ways [][]way, n, end int, mean, perLine float64) way {
	if n == 0 {
		if end == 0 {
			return way{}
		}
		return way{cost: math.Inf(1)}
	}
	best := way{cost: math.Inf(1)}
	for from, length := end-1, 0.0; from >= 0; from-- {
		length += runeWidth(runes[from])
		if length > perLine {
			break
		}
		cost := ways[n-1][from].cost + (length-mean)*(length-mean)/4 + breakCost(runes, end)
		if cost < best.cost {
			best = way{cost, from}
		}
	}
	return best
}

const (
	// endsPart are characters that a part of a title ends with, beginsPart those that one
	// begins with.
	endsPart   = "\u7684\u548c\u53ca\u4e0e\u3001\u300b\uff09\u201d\uff0c"
	beginsPart = "\u300a\uff08\u201c\u5173"
	// dayWords belong to the number before them.
	dayWords = "\u5e74\u6708\u65e5\u5ea6\u5b63\u6b21\u53f7"
)

// breakCost returns what it costs to end a line before the rune at the place.
func breakCost(runes []rune, at int) float64 {
	if at == len(runes) {
		return 0
	}
	before, after := runes[at-1], runes[at]
	switch {
	case strings.ContainsRune(endsPart, after) && !unicode.Is(unicode.Han, after), strings.ContainsRune("\u300a\uff08\u201c", before):
		return math.Inf(1)
	case halfWidth(before) && halfWidth(after), unicode.IsDigit(before) && strings.ContainsRune(dayWords, after),
		strings.ContainsRune(dayWords, before) && (unicode.IsDigit(after) || strings.ContainsRune(dayWords, after)):
		return math.Inf(1)
	case strings.ContainsRune(endsPart, before), strings.ContainsRune(beginsPart, after):
		return 0
	case strings.ContainsRune(endsPart, after):
		return 60
	default:
		return 30
	}
}

func halfWidth(r rune) bool { return !unicode.IsSpace(r) && runeWidth(r) < 1 }
