package exchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
)

// value is what a cell means in its column.
type value struct {
	given   bool
	text    string // of KindText, and the Value of a Word
	date    calendar.Date
	decimal decimal.Decimal // of KindInteger too
}

// read returns what the cell means in the column, whose words are given, or what
// is wrong with it.
func (c *Column) read(from cell, known vocabulary) (value, *problem) {
	switch {
	case from.kind == formulaCell:
		return value{}, wrong("exchange.cell_formula")
	case from.kind == errorCell, failed.MatchString(from.text):
		return value{}, wrong("exchange.cell_error", "Value", shorten(from.text, 40))
	case from.kind == numberCell && !isNumber(from.text):
		return value{}, wrong("exchange.number", "Value", shorten(from.text, 40))
	}
	switch c.Kind {
	case KindDate:
		return readDate(from)
	case KindInteger, KindDecimal:
		return c.readNumber(from)
	case KindYesNo, KindChoice:
		return c.readWord(from, known)
	default:
		return readText(from)
	}
}

// failed is what formulas that fail show; a CSV file has nothing but that.
var failed = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$`)

func isNumber(text string) bool {
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && !math.IsNaN(number) && !math.IsInf(number, 0)
}

// rounded is how a spreadsheet writes a long number as text.
var rounded = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d{2,}$`)

// readText takes a number for its digits, as long as they are all there.
func readText(from cell) (value, *problem) {
	text := Clean(from.String())
	if rounded.MatchString(text) {
		return value{}, wrong("exchange.long_number", "Value", text)
	}
	return value{given: true, text: text}, nil
}

func readDate(from cell) (value, *problem) {
	shown := Clean(from.String())
	day, ok := from.day()
	if !ok {
		day, ok = parseDay(shown)
	}
	switch {
	case ok:
		return value{given: true, date: day}, nil
	case from.kind == numberCell:
		return value{}, wrong("exchange.date_number", "Value", shown)
	default:
		return value{}, wrong("exchange.date", "Value", shorten(shown, 40))
	}
}

var (
	numberForm = regexp.MustCompile(`^[+-]?\d{1,15}(?:\.\d{1,15})?$`)
	thousands  = regexp.MustCompile(`^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)
)

func (c *Column) readNumber(from cell) (value, *problem) {
	text := foldWidth(from.String())
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	number, err := decimal.NewFromString(text)
	switch {
	case rounded.MatchString(strings.TrimPrefix(text, "-")):
		return value{}, wrong("exchange.large_number", "Value", text)
	case from.kind == numberCell && (from.shown.date || from.shown.time), from.kind == boolCell, !numberForm.MatchString(text), err != nil:
		return value{}, wrong("exchange.number", "Value", shorten(text, 40))
	case c.Kind == KindInteger && !number.IsInteger():
		return value{}, wrong("exchange.integer", "Value", text)
	}
	return value{given: true, decimal: number}, nil
}

func (c *Column) readWord(from cell, known vocabulary) (value, *problem) {
	text := from.String()
	meaning, ok := known[fold(text)]
	if !ok {
		return value{}, wrong("exchange.word", "Value", shorten(text, 40), "Words", c.offered())
	}
	return value{given: true, text: meaning}, nil
}

// offered returns the words that a message offers.
func (c *Column) offered() []Text {
	var texts []Text
	for _, word := range c.written() {
		texts = append(texts, word.Text)
	}
	return texts
}
