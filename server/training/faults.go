package training

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
)

// Limits of texts, in characters, as the columns have them.
const (
	maxCode   = 64
	maxTitle  = 200
	maxLine   = 500
	maxReason = 500
	maxGoal   = 2000
	maxURL    = 1000
)

// faults collects what is wrong with an input, field by field.
type faults []models.Field

func (f *faults) add(name, key string, args ...any) {
	*f = append(*f, models.Field{Name: name, Key: key, Args: models.Args(args...)})
}

// text checks a text of at most limit characters; it comes without blanks around.
func (f *faults) text(name, text string, limit int, required bool) {
	switch length := utf8.RuneCountInString(text); {
	case required && text == "":
		f.add(name, "filing.required")
	case length > limit:
		f.add(name, "filing.too_long", "Length", length, "Max", limit)
	}
}

// code checks a code that is typed: it stands in addresses and file names.
func (f *faults) code(name, code string) {
	f.text(name, code, maxCode, false)
	if strings.ContainsFunc(code, func(r rune) bool { return r <= ' ' || strings.ContainsRune("/\\?#%", r) }) {
		f.add(name, "training.bad_code", "Value", code)
	}
}

// link checks an address of the web, if there is one.
func (f *faults) link(name, address string) {
	if address == "" {
		return
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" || len(address) > maxURL {
		f.add(name, "filing.bad_url", "Value", address)
	}
}

// number checks a whole number.
func (f *faults) number(name string, n, least, most int) {
	if n < least || n > most {
		f.add(name, "training.number_range", "Value", n, "Least", least, "Most", most)
	}
}

// day requires a date.
func (f *faults) day(name string, day calendar.Date) bool {
	if day.IsZero() {
		f.add(name, "filing.date_required")
	}
	return !day.IsZero()
}

// err returns the refusal of the input, or nil.
func (f *faults) err() error { return models.InvalidFields(*f) }

// checkReason requires a reason, which comes without blanks around.
func checkReason(reason string) error {
	var f faults
	f.text("reason", reason, maxReason, true)
	return f.err()
}
