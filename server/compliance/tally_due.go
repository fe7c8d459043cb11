package compliance

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// openDue counts open duties by due day.
type openDue map[int]int

// String writes the counts by day, leaving out what is none.
func (d openDue) String() string {
	var text strings.Builder
	for _, day := range slices.Sorted(maps.Keys(d)) {
		if d[day] == 0 {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte(',')
		}
		text.WriteString(strconv.Itoa(day))
		text.WriteByte(':')
		text.WriteString(strconv.Itoa(d[day]))
	}
	return text.String()
}

func parseOpenDue(text string) openDue {
	due := openDue{}
	eachOpenDue(text, func(day, count int) { due[day] += count })
	return due
}

// eachOpenDue visits the counts of a text without making a map: a board reads
// hundreds of them.
func eachOpenDue(text string, visit func(day, count int)) {
	number, day := 0, 0
	for i := 0; i <= len(text); i++ {
		switch {
		case i == len(text) || text[i] == ',':
			if day != 0 {
				visit(day, number)
			}
			number, day = 0, 0
		case text[i] == ':':
			number, day = 0, number
		default:
			number = number*10 + int(text[i]-'0')
		}
	}
}
