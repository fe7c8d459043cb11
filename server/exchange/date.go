package exchange

import (
	"math"
	"regexp"
	"strconv"
	"time"

	"sundial/server/calendar"
)

// The years that dates may have; another one is a slip of the pen.
const (
	firstYear = 1900
	lastYear  = 2199
)

// dateForms are the forms of a date as text: 2017-05-04, 2017/5/4, 2017.5.4,
// 2017年5月4日 and 20170504. The same sign stands between year, month and day. A
// time of the day may follow, and is dropped.
var dateForms = regexp.MustCompile(`^(?:` +
	`(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})/(\d{1,2})/(\d{1,2})|(\d{4})\.(\d{1,2})\.(\d{1,2})|` +
	`(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d{2})(\d{2})` +
	`)(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$`)

// parseDay reads a date in one of the dateForms, in any width and with any
// blanks around its parts.
func parseDay(text string) (calendar.Date, bool) {
	match := dateForms.FindStringSubmatch(tight(text))
	if match == nil {
		return 0, false
	}
	var parts []int
	for _, group := range match[1:] {
		if group != "" {
			number, _ := strconv.Atoi(group)
			parts = append(parts, number)
		}
	}
	day := calendar.NewDate(parts[0], time.Month(parts[1]), parts[2])
	real := day.Year() == parts[0] && int(day.Month()) == parts[1] && day.Day() == parts[2]
	return day, real && inYears(day)
}

var dateBlanks = regexp.MustCompile(`\s*([-/.年月])\s*|\s+(日)`)

// tight returns the text in plain width without the blanks that people leave
// around the parts of a date.
func tight(text string) string {
	return dateBlanks.ReplaceAllString(foldWidth(text), "$1$2")
}

func inYears(day calendar.Date) bool {
	return day.Year() >= firstYear && day.Year() <= lastYear
}

// Spreadsheets count days: from 1904-01-01, which is day 0, or from 1900-01-01,
// which is day 1. The latter take 1900 for a leap year: day 60 is its 29
// February, which never was.
var (
	dayZero1904 = calendar.NewDate(1904, time.January, 1)
	dayZero1900 = calendar.NewDate(1899, time.December, 30) // for days after 60
)

const noSuchDay = 60

// dayOfSerial returns the date of a day as spreadsheets count; the time of the
// day, which is its fraction, is dropped.
func dayOfSerial(serial float64, since1904 bool) (calendar.Date, bool) {
	const noise = 1e-8 // a millisecond
	whole := math.Floor(serial + noise)
	if !(whole >= 0 && whole < 3e6) { // NaN too
		return 0, false
	}
	day := dayZero1900 + calendar.Date(whole)
	switch {
	case since1904:
		day = dayZero1904 + calendar.Date(whole)
	case whole == 0, whole == noSuchDay:
		return 0, false
	case whole < noSuchDay:
		day++
	}
	return day, inYears(day)
}

// serialOf returns the day as spreadsheets count that begin with 1900; not for
// days before.
func serialOf(day calendar.Date) (int, bool) {
	serial := int(day - dayZero1900)
	if serial <= noSuchDay {
		serial--
	}
	return serial, serial >= 1
}
