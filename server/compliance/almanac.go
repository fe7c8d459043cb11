package compliance

import (
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// almanac is the calendar with the notices that administrators entered. The
// notices that ship with the program go before: an entered one with the number
// of one of them says nothing new.
type almanac struct {
	shipped []calendar.Notice
	// ids are those of the entered notices in it.
	ids      []uint64
	calendar *calendar.Calendar
}

// calendar returns the calendar as db has it: the one at hand while no notice
// was entered or removed.
func (s *shelf) calendar(db *gorm.DB) (*calendar.Calendar, error) {
	var ids []uint64
	if err := db.Model(&models.CalendarNotice{}).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("notices: %w", store.Translate(err))
	}
	s.mu.Lock()
	at := s.almanac
	s.mu.Unlock()
	if slices.Equal(ids, at.ids) {
		return at.calendar, nil
	}
	entered, err := enteredNotices(db)
	if err != nil {
		return nil, err
	}
	if at.calendar, err = calendarOf(at.shipped, entered); err != nil {
		return nil, fmt.Errorf("calendar with the entered notices: %w", err)
	}
	at.ids = ids
	s.mu.Lock()
	defer s.mu.Unlock()
	s.almanac = at
	return at.calendar, nil
}

// enteredNotices reads the notices that administrators entered.
func enteredNotices(db *gorm.DB) ([]calendar.Notice, error) {
	var rows []models.CalendarNotice
	if err := db.Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("notices: %w", store.Translate(err))
	}
	notices := make([]calendar.Notice, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal([]byte(row.Content), &notices[i]); err != nil {
			return nil, fmt.Errorf("notice %s: %w", row.Number, err)
		}
	}
	return notices, nil
}

// calendarOf returns the calendar of the shipped and the entered notices.
func calendarOf(shipped, entered []calendar.Notice) (*calendar.Calendar, error) {
	all := slices.Clone(shipped)
	for _, notice := range entered {
		if !slices.ContainsFunc(shipped, func(n calendar.Notice) bool { return n.Number == notice.Number }) {
			all = append(all, notice)
		}
	}
	return calendar.New(all)
}
