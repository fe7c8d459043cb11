package scoring_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"sundial/server/scoring"
)

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "00": "0", "12": "12", "12.5": "12.5", "12.50": "12.5", "0.0001": "0.0001", "007.25": "7.25",
		"99999.9999": "99999.9999", "100000": "100000", "100000.0000": "100000",
	} {
		if amount, ok := scoring.ParseAmount(text); !ok || amount.String() != want {
			t.Errorf("%q is %s, %v, want %s", text, amount, ok, want)
		}
	}
	for text, want := range map[string]string{
		"": "scoring.points_bad", ".": "scoring.points_bad", ".5": "scoring.points_bad", "5.": "scoring.points_bad",
		"ten": "scoring.points_bad", "1e3": "scoring.points_bad", "0x10": "scoring.points_bad", "+5": "scoring.points_bad",
		" 5": "scoring.points_bad", "1,000": "scoring.points_bad", "1.2.3": "scoring.points_bad", "５": "scoring.points_bad",
		"-0.5": "scoring.points_negative", "-5": "scoring.points_negative", "-0.00001": "scoring.points_negative",
		"100000.0001": "scoring.points_large", "9999999": "scoring.points_large", strings.Repeat("9", 400): "scoring.points_large",
		"1.00001": "scoring.points_decimals", "1.00000": "scoring.points_decimals",
	} {
		if amount, ok := scoring.ParseAmount(text); ok || amount != 0 {
			t.Errorf("%q was read as %s", text, amount)
		}
		if _, problem := scoring.ReadPoints(text); problem == nil || problem.Key != want {
			t.Errorf("%q: %v, want %s", text, problem, want)
		}
	}
}

func TestSharesAndScores(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "1": "1", "0.4": "0.4", "40%": "0.4", "100%": "1", "33.33%": "0.3333", "0.3333": "0.3333", "0%": "0"} {
		if share, ok := scoring.ParseShare(text); !ok || share.String() != want {
			t.Errorf("share %q is %s, %v, want %s", text, share, ok, want)
		}
	}
	for _, text := range []string{"", "%", "1.1", "101%", "33.333%", "-1", "0.33333", "40 %", "40%%"} {
		if share, ok := scoring.ParseShare(text); ok {
			t.Errorf("share %q was read as %s", text, share)
		}
	}
	for text, want := range map[string]string{"0": "0.00", "95": "95.00", "97.5": "97.50", "89.99": "89.99", "1000": "1000.00"} {
		if score, ok := scoring.ParseScore(text); !ok || score.String() != want {
			t.Errorf("score %q is %s, %v, want %s", text, score, ok, want)
		}
	}
	for _, text := range []string{"", "89.995", "1000.01", "-1", "good"} {
		if score, ok := scoring.ParseScore(text); ok {
			t.Errorf("score %q was read as %s", text, score)
		}
	}
}

// What is read as an amount is the decimal that the text writes.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"12.5", "100000", "0.0001", "-1", "1e9", "999999.9999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, ok := scoring.ParseAmount(text)
		if _, problem := scoring.ReadPoints(text); ok == (problem != nil) {
			t.Fatalf("%q: %v, yet %v", text, ok, problem)
		}
		if !ok {
			return
		}
		if value, err := decimal.NewFromString(text); err != nil || !value.Equal(amount.Decimal()) {
			t.Errorf("%q was read as %s", text, amount)
		}
	})
}
