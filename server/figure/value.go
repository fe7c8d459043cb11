package figure

import (
	"strings"

	"sundial/frontend"
	"sundial/server/rules"
)

// Decimal is a number with decimals, as it is written: hours, points.
type Decimal string

// Names are several names in one cell.
type Names []rules.Text

// In writes the names one after the other, "–" for none.
func (n Names) In(l *frontend.Locale) string {
	if len(n) == 0 {
		return "–"
	}
	words := make([]string, len(n))
	for i, name := range n {
		words[i] = l.Value(name)
	}
	return strings.Join(words, l.Text("figure.between_names", nil))
}
