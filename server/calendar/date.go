package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a calendar date without a time or a zone, counted in days: 1 is
// 0001-01-01 of the proleptic Gregorian calendar and 0, the zero value, means
// "no date". Dates compare and subtract as integers.
//
// As text (JSON, YAML, CSV, database) a Date is YYYY-MM-DD; no date is the
// empty text, in a database NULL.
type Date int32

// DateLayout is the layout of a Date as text, for package time.
const DateLayout = "2006-01-02"

const secondsPerDay = 24 * 60 * 60

var epoch = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()

// NewDate returns the date of a year, month and day; days past the month's end
// run over into the next one, as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date((time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()-epoch)/secondsPerDay) + 1
}

// DateOf returns the date that t shows in its own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return NewDate(year, month, day)
}

// ParseDate reads YYYY-MM-DD. The empty text is no date.
func ParseDate(text string) (Date, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(DateLayout, text)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("%q is not a date of the form YYYY-MM-DD", text)
	}
	return DateOf(t), nil
}

// MustParseDate is ParseDate for constants; it panics on a bad text.
func MustParseDate(text string) Date {
	d, err := ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == 0 }

// Time returns midnight UTC of the date.
func (d Date) Time() time.Time {
	return time.Unix(epoch+int64(d-1)*secondsPerDay, 0).UTC()
}

// Year returns the calendar year.
func (d Date) Year() int { return d.Time().Year() }

// Month returns the month of the year.
func (d Date) Month() time.Month { return d.Time().Month() }

// Day returns the day of the month, from 1.
func (d Date) Day() int { return d.Time().Day() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String returns YYYY-MM-DD, or the empty text for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(DateLayout)
}

// MarshalText writes YYYY-MM-DD, or nothing for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date as text, no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column of SQLite (text) or MySQL (DATE).
func (d *Date) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*d = 0
		return nil
	case time.Time:
		*d = DateOf(v)
		return nil
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("scan date: unexpected %T", value)
	}
}

// GormDataType names the column type for migrations: CHAR(10) holds a Date the
// same way in every database, and sorts as dates do.
func (Date) GormDataType() string { return "char(10)" }
