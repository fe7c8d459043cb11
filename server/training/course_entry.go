package training

import (
	"strings"

	"github.com/shopspring/decimal"

	"sundial/models"
)

// CourseInput is a course as it is entered.
type CourseInput struct {
	// Code is made when it is left out; it stays when a course is edited without one.
	Code     string
	Title    string
	Subject  string
	Audience string
	// Hours is a decimal number of whole minutes, such as 1.5.
	Hours  string
	Tested bool
	// PassMark is a decimal number; empty when the result is only passed or failed.
	PassMark string
}

// Bounds of what is entered of courses.
var (
	minutesPerHour = decimal.NewFromInt(60)
	maxHours       = decimal.NewFromInt(1000)
	maxMark        = decimal.NewFromInt(1000)
)

// course returns the course of the input, or what is wrong with it.
func (in CourseInput) course() (models.Course, error) {
	c := models.Course{Code: strings.TrimSpace(in.Code), Title: strings.TrimSpace(in.Title), Subject: strings.TrimSpace(in.Subject),
		Audience: strings.TrimSpace(in.Audience), Tested: in.Tested}
	var f faults
	f.code("code", c.Code)
	f.text("title", c.Title, maxTitle, true)
	f.text("subject", c.Subject, maxTitle, false)
	f.text("audience", c.Audience, maxLine, false)
	c.Minutes = f.hours("hours", in.Hours)
	c.PassMark = f.mark("pass_mark", strings.TrimSpace(in.PassMark), in.Tested)
	return c, f.err()
}

// hours reads a number of hours as minutes, of which there are whole ones.
func (f *faults) hours(name, text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		f.add(name, "filing.required")
		return 0
	}
	hours, ok := plainDecimal(text)
	minutes := hours.Mul(minutesPerHour)
	switch {
	case !ok || !hours.IsPositive() || hours.GreaterThan(maxHours):
		f.add(name, "course.bad_hours", "Value", text, "Most", maxHours.String())
	case !minutes.IsInteger():
		f.add(name, "course.broken_minutes", "Value", text)
	default:
		return int(minutes.IntPart())
	}
	return 0
}

// mark reads the least score that passes.
func (f *faults) mark(name, text string, tested bool) string {
	if text == "" {
		return ""
	}
	mark, ok := plainDecimal(text)
	switch {
	case !tested:
		f.add(name, "course.mark_without_test")
	case !ok || mark.IsNegative() || mark.GreaterThan(maxMark):
		f.add(name, "course.bad_mark", "Value", text, "Most", maxMark.String())
	default:
		return mark.String()
	}
	return ""
}

// plainDecimal reads a decimal number without an exponent, of a length that fits
// its column.
func plainDecimal(text string) (decimal.Decimal, bool) {
	number, err := decimal.NewFromString(text)
	return number, err == nil && len(text) <= 12 && !strings.ContainsAny(text, "eE")
}

// Hours writes minutes as decimal hours.
func Hours(minutes int) string {
	return decimal.NewFromInt(int64(minutes)).DivRound(minutesPerHour, 2).String()
}
