package supervision

import (
	"net/url"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
)

// The longest texts of inspections and findings, in characters.
const (
	maxInspectionTitle = 200
	maxInspectionBasis = 500
	maxSeed            = 64
	maxSeedSource      = 200
	maxHandReason      = 500
	maxFindingClause   = 100
	maxFindingText     = 2000
	maxFindingURL      = 1000
)

// maxRectifyTerm is the longest term to put findings right, in working days, and
// DefaultRectifyTerm the one that is suggested.
const (
	maxRectifyTerm     = 250
	DefaultRectifyTerm = 15
)

// complaints are what is wrong with an input.
type complaints []models.Field

func (c *complaints) add(name, key string, args ...any) {
	*c = append(*c, models.Field{Name: name, Key: key, Args: models.Args(args...)})
}

func (c *complaints) text(name, text string, most int, required bool) {
	if text == "" && required {
		c.add(name, "filing.required")
	}
	if length := utf8.RuneCountInString(text); length > most {
		c.add(name, "filing.too_long", "Length", length, "Max", most)
	}
}

func (c *complaints) span(start, end calendar.Date) {
	if start.IsZero() {
		c.add("start_on", "filing.date_required")
	}
	switch {
	case end.IsZero():
		c.add("end_on", "filing.date_required")
	case end < start:
		c.add("end_on", "inspections.ends_early", "Value", end, "Start", start)
	}
}

func (c *complaints) term(days int) {
	if days < 1 || days > maxRectifyTerm {
		c.add("rectify_term", "inspections.bad_term", "Value", days, "Max", maxRectifyTerm)
	}
}

func (c *complaints) address(name, text string) {
	c.text(name, text, maxFindingURL, false)
	address, err := url.Parse(text)
	if text != "" && (err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "") {
		c.add(name, "filing.bad_url", "Value", text)
	}
}
