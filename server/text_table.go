package main

import (
	"strings"

	"golang.org/x/text/width"
)

// textTable is rows of columns, aligned for a terminal.
type textTable [][]string

// String pads every column to its widest text; a row ends without blanks.
func (t textTable) String() string {
	var widths []int
	for _, row := range t {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(text))
		}
	}
	var out strings.Builder
	for _, row := range t {
		var line strings.Builder
		for i, text := range row {
			line.WriteString(text + strings.Repeat(" ", widths[i]-cells(text)+2))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return out.String()
}

// cells returns how many cells of a terminal the text takes: Chinese characters
// and their punctuation take two each.
func cells(text string) int {
	count := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			count += 2
		default:
			count++
		}
	}
	return count
}
