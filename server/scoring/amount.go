package scoring

import (
	"math/bits"

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

// ParseAmount reads a number of points as people write it: a decimal with at most
// four decimals, not negative and at most MaxPoints. It reports whether the text is one.
func ParseAmount(text string) (Amount, bool) {
	if len(text) > len("100000.0000") {
		return 0, false
	}
	value, err := decimal.NewFromString(text)
	if err != nil || value.IsNegative() || value.GreaterThan(decimal.NewFromInt(MaxPoints)) || !value.Equal(value.Truncate(MaxDecimals)) {
		return 0, false
	}
	return Amount(value.Shift(8).IntPart()), true
}

// Decimal returns the amount in points.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(int64(a), -8) }

// String writes the amount in points, with the decimals that it has: 12.5.
func (a Amount) String() string { return a.Decimal().String() }

// times multiplies by a weight, which is an Amount too: one point is all of it.
// Both have at most four decimals, so that the product is exact.
func (a Amount) times(weight Amount) Amount {
	negative := a < 0
	if negative {
		a = -a
	}
	high, low := bits.Mul64(uint64(a), uint64(weight))
	quotient, _ := bits.Div64(high, low, uint64(Point))
	if negative {
		return -Amount(quotient)
	}
	return Amount(quotient)
}

// Score is a score in hundredths of a point: 8750 is 87.50.
type Score int64

// String writes the score with two decimals.
func (s Score) String() string { return decimal.New(int64(s), -2).StringFixed(2) }
