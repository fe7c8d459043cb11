package compliance

import (
	"gorm.io/gorm"

	"sundial/server/calendar"
)

// Calendars returns, by what tx sees, how to get the calendar as it was known at the end
// of a day.
func (l *Ledger) Calendars(tx *gorm.DB) (func(day calendar.Date) *calendar.Calendar, error) {
	known, err := l.shelf.almanacOf(tx)
	if err != nil {
		return nil, err
	}
	return known.on, nil
}
