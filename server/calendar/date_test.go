package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"sundial/server/calendar"
)

func TestParseDateRefuses(t *testing.T) {
	for _, text := range []string{"2017-5-4", "2017/05/04", "20170504", "2017-02-29", "0000-01-01", "2017-05-04T00:00:00Z", " 2017-05-04"} {
		if d, err := calendar.ParseDate(text); err == nil {
			t.Errorf("%q read as %s", text, d)
		}
	}
}

func TestDateTellsYearMonthDayAndWeekday(t *testing.T) {
	tests := []struct {
		text    string
		days    calendar.Date
		weekday time.Weekday
	}{
		{"0001-01-01", 1, time.Monday},
		{"1970-01-01", 719163, time.Thursday},
		{"2016-02-29", 736023, time.Monday},
		{"9999-12-31", 3652059, time.Friday},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			d := date(test.text)
			if d != test.days || d.Weekday() != test.weekday || d.String() != test.text {
				t.Errorf("day %d, %s, %s", d, d.Weekday(), d)
			}
			if calendar.NewDate(d.Year(), d.Month(), d.Day()) != d || calendar.DateOf(d.Time()) != d {
				t.Errorf("%s does not come back from its parts", d)
			}
		})
	}
}

func TestDateOfFollowsTheZoneOfTheTime(t *testing.T) {
	evening := time.Date(2017, time.May, 4, 23, 0, 0, 0, time.UTC)
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	if got := calendar.DateOf(evening.In(shanghai)); got != date("2017-05-05") {
		t.Errorf("the date in Shanghai is %s", got)
	}
}

func TestDateInJSON(t *testing.T) {
	type pair struct{ A, B calendar.Date }
	want := pair{A: date("2017-05-04")}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"A":"2017-05-04","B":""}` {
		t.Fatalf("written %s, %v", text, err)
	}
	var got pair
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("read %+v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"4 May"}`), &got); err == nil {
		t.Errorf("read %+v", got)
	}
}

func TestDateInDatabase(t *testing.T) {
	day := date("2017-05-04")
	for _, stored := range []any{"2017-05-04", []byte("2017-05-04"), time.Date(2017, time.May, 4, 0, 0, 0, 0, time.UTC)} {
		var got calendar.Date
		if err := got.Scan(stored); err != nil || got != day {
			t.Errorf("%T read as %s, %v", stored, got, err)
		}
	}
	none := day
	if err := none.Scan(nil); err != nil || !none.IsZero() {
		t.Errorf("NULL read as %s, %v", none, err)
	}
	if err := none.Scan(20170504); err == nil {
		t.Error("a number is read as a date")
	}
	if value, err := day.Value(); err != nil || value != "2017-05-04" {
		t.Errorf("stored as %v, %v", value, err)
	}
	if value, err := calendar.Date(0).Value(); err != nil || value != nil {
		t.Errorf("no date stored as %v, %v", value, err)
	}
}
