package scoring

import (
	"math/bits"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// Amount is a number of points, exact, in hundred-millionths of a point: an entry
// has at most four decimals, the weight of a source as many again.
type Amount int64

// Point is one point.
const Point Amount = 1e8

// Limits of an entry.
const (
	// MaxPoints is the most points that one entry or indicator may have.
	MaxPoints = 100000
	// MaxDecimals is how many decimals an entry or a weight may have.
	MaxDecimals = 4
)

// hundredth is what scores, and the points that an auto indicator wins, are
// counted in.
const hundredth = Point / 100

// ParseAmount reads a number of points as people write it: digits, and at most four
// decimals after a point; not negative and at most MaxPoints. It reports whether the
// text is one; ReadPoints also says what is wrong with it.
func ParseAmount(text string) (Amount, bool) {
	whole, decimals, pointed := strings.Cut(text, ".")
	if whole == "" || len(whole) > 6 || len(decimals) > MaxDecimals || pointed && decimals == "" {
		return 0, false
	}
	amount := Amount(0)
	unit := MaxPoints * Point
	for range 6 - len(whole) {
		unit /= 10
	}
	for _, digits := range []string{whole, decimals} {
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				return 0, false
			}
			amount += unit * Amount(digits[i]-'0')
			unit /= 10
		}
	}
	if amount > MaxPoints*Point {
		return 0, false
	}
	return amount, true
}

// number is a decimal as people write it.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// ReadPoints is ParseAmount that says what is wrong with the text.
func ReadPoints(text string) (Amount, *Problem) {
	if amount, ok := ParseAmount(text); ok {
		return amount, nil
	}
	whole, decimals, _ := strings.Cut(text, ".")
	switch {
	case !number.MatchString(text):
		return 0, problem("scoring.points_bad", "Value", text, "Decimals", MaxDecimals)
	case strings.HasPrefix(text, "-"):
		return 0, problem("scoring.points_negative", "Value", text)
	case len(decimals) > MaxDecimals && len(whole) <= 6:
		return 0, problem("scoring.points_decimals", "Value", text, "Decimals", MaxDecimals)
	default:
		return 0, problem("scoring.points_large", "Value", text, "Max", MaxPoints)
	}
}

// ParseShare reads a share of the whole, 0.4 or 40%, from none to all of it, with at
// most four decimals (of a percentage two). One point is all of it.
func ParseShare(text string) (Amount, bool) {
	percent, isPercent := strings.CutSuffix(text, "%")
	share, ok := ParseAmount(percent)
	if isPercent {
		ok = ok && share%hundredth == 0
		share /= 100
	}
	return share, ok && share <= Point
}

// Decimal returns the amount in points.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(int64(a), -8) }

// String writes the amount in points, with the decimals that it has: 12.5.
func (a Amount) String() string { return a.Decimal().String() }

// times multiplies an amount that is not negative by a weight, which is an Amount
// too: one point is all of it. Both have at most four decimals, so that the product
// is exact.
func (a Amount) times(weight Amount) Amount {
	high, low := bits.Mul64(uint64(a), uint64(weight))
	quotient, _ := bits.Div64(high, low, uint64(Point))
	return Amount(quotient)
}

// shareOf returns part/whole of the amount, half up to the hundredth of a point; the
// amount has at most two decimals.
func (a Amount) shareOf(part, whole uint64) Amount {
	high, low := bits.Mul64(uint64(a/hundredth), part)
	return Amount(divideHalfUp(high, low, whole)) * hundredth
}

// divideHalfUp divides a number of two words; the quotient must fit into one.
func divideHalfUp(high, low, by uint64) uint64 {
	quotient, rest := bits.Div64(high, low, by)
	if rest >= by-rest {
		quotient++
	}
	return quotient
}

// Score is a score in hundredths of a point: 8750 is 87.50.
type Score int64

// maxScore is the most that a class's maximum or a grade's threshold may be.
const maxScore Score = 100000

// ParseScore reads a score as people write it: not negative, at most 1000, with at
// most two decimals.
func ParseScore(text string) (Score, bool) {
	amount, ok := ParseAmount(text)
	score := Score(amount / hundredth)
	return score, ok && amount%hundredth == 0 && score <= maxScore
}

// String writes the score with two decimals.
func (s Score) String() string { return decimal.New(int64(s), -2).StringFixed(2) }

// plain writes the score with the decimals that it has.
func (s Score) plain() string { return decimal.New(int64(s), -2).String() }
