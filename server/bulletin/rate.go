package bulletin

import (
	"fmt"
	"strconv"
	"strings"
)

// Rate is a percentage in hundredths of a percent: 9524 is 95.24 %. As text it has two
// decimals and no sign.
type Rate int

// RateOf returns part of whole, rounded half up, but 100 % only for all of it and 0 % only
// for nothing of it; nil of nothing.
func RateOf(part, whole int) *Rate {
	if whole == 0 {
		return nil
	}
	rate := Rate((part*20000 + whole) / (2 * whole))
	if part < whole {
		rate = min(rate, 100*100-1)
	}
	if part > 0 {
		rate = max(rate, 1)
	}
	return &rate
}

// String writes the rate as 95.24.
func (r Rate) String() string { return fmt.Sprintf("%d.%02d", r/100, r%100) }

// MarshalText writes String.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a percentage from 0 to 100 with up to two decimals.
func (r *Rate) UnmarshalText(text []byte) error {
	whole, part, _ := strings.Cut(string(text), ".")
	if len(whole) > 3 || len(part) > 2 {
		return fmt.Errorf("%q is not a percentage", text)
	}
	hundredths, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 31)
	if err != nil || hundredths > 100*100 {
		return fmt.Errorf("%q is not a percentage", text)
	}
	*r = Rate(hundredths)
	return nil
}
