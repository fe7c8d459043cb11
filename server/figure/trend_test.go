package figure

import (
	"testing"

	"sundial/server/calendar"
	"sundial/server/compliance"
)

// A trend speaks of a change only where there was a rate a month before, and of a day only
// where something changed on it.
func TestTheTrendsFinding(t *testing.T) {
	day := calendar.MustParseDate
	at := func(on string, met, owed int) compliance.TrendPoint {
		return compliance.TrendPoint{Day: day(on), Cell: compliance.Cell{Met: met, Pending: owed - met}}
	}
	for _, c := range []struct {
		name, asOf, key string
		points          []compliance.TrendPoint
	}{
		{"nothing was owed before", "2017-06-16", "figures1.trend.began", []compliance.TrendPoint{at("2017-01-01", 0, 0), at("2017-06-01", 0, 4), at("2017-06-16", 1, 4)}},
		{"it began this month", "2017-06-16", "figures1.trend.began", []compliance.TrendPoint{at("2017-06-01", 1, 4), at("2017-06-16", 2, 4)}},
		{"it rose", "2017-06-16", "figures1.trend.rose", []compliance.TrendPoint{at("2017-05-01", 1, 4), at("2017-06-01", 1, 4), at("2017-06-16", 2, 4)}},
		{"more is owed", "2017-06-16", "figures1.trend.fell", []compliance.TrendPoint{at("2017-05-01", 1, 4), at("2017-06-16", 1, 8)}},
		{"as before", "2017-06-16", "figures1.trend.same", []compliance.TrendPoint{at("2017-05-01", 1, 4), at("2017-06-16", 1, 4)}},
		{"long over", "2019-06-16", "figures1.trend.settled", []compliance.TrendPoint{at("2017-05-01", 1, 4), at("2018-01-01", 2, 4)}},
	} {
		if got := trendFinding(c.points, day(c.asOf)); got.Key != c.key {
			t.Errorf("%s: %s, want %s", c.name, got.Key, c.key)
		}
	}
}

// Before anything was owed there is a gap and no 0 %.
func TestATrendWithoutRatesIsNotDrawn(t *testing.T) {
	trend := &compliance.Trend{Points: []compliance.TrendPoint{{Day: calendar.MustParseDate("2017-01-01")}, {Day: calendar.MustParseDate("2017-06-16"), Cell: compliance.Cell{Met: 1, Pending: 3}}}}
	points := trendChart(english(t), "", trend).Completion.Points
	if points[0].Value != nil || points[1].Value == nil || *points[1].Value != 25 {
		t.Errorf("drawn are %v and %v, want none and 25", points[0].Value, points[1].Value)
	}
}
