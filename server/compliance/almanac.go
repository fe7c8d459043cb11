package compliance

import (
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// almanac is the calendar with the notices that administrators entered, as it is
// now and as it was known on any day before.
type almanac struct {
	shipped []calendar.Notice
	// stamps tell which rows the almanac was made of.
	stamps  []stamp
	entered []enteredNotice
	// editions are the calendars in the order in which they became known: the first
	// one always was, the last one is in force.
	editions []calendarEdition
}

// stamp tells a notice's row apart from what it was before: a row is only ever
// removed.
type stamp struct{ ID, Removed uint64 }

// enteredNotice is a notice that was entered, with its row.
type enteredNotice struct {
	models.CalendarNotice
	notice calendar.Notice
}

// calendarEdition is the calendar from the day on which it became known.
type calendarEdition struct {
	knownOn  calendar.Date
	calendar *calendar.Calendar
}

// newAlmanac is the almanac before any notice was entered.
func newAlmanac(cal *calendar.Calendar) almanac {
	return almanac{shipped: cal.Notices(), editions: []calendarEdition{{models.Always, cal}}}
}

// inForce returns the calendar as it is now.
func (a almanac) inForce() *calendar.Calendar { return a.editions[len(a.editions)-1].calendar }

// on returns the calendar as it was known at the end of the day.
func (a almanac) on(day calendar.Date) *calendar.Calendar {
	known := a.known(day)
	return known[len(known)-1].calendar
}

// known returns the editions that were known at the end of the day.
func (a almanac) known(day calendar.Date) []calendarEdition {
	for i, edition := range a.editions {
		if edition.knownOn > day {
			return a.editions[:max(i, 1)]
		}
	}
	return a.editions
}

// standing returns the entered notices that are in force now.
func (a almanac) standing() []calendar.Notice {
	var notices []calendar.Notice
	for _, e := range a.entered {
		if e.Removed == 0 {
			notices = append(notices, e.notice)
		}
	}
	return notices
}

// almanac returns the almanac as db has it: the one at hand while no notice was
// entered or removed.
func (s *shelf) almanacOf(db *gorm.DB) (almanac, error) {
	var stamps []stamp
	if err := db.Model(&models.CalendarNotice{}).Order("id").Find(&stamps).Error; err != nil {
		return almanac{}, fmt.Errorf("notices: %w", store.Translate(err))
	}
	s.mu.Lock()
	at := s.almanac
	s.mu.Unlock()
	if slices.Equal(stamps, at.stamps) {
		return at, nil
	}
	entered, err := enteredNotices(db)
	if err != nil {
		return almanac{}, err
	}
	at, err = at.with(entered)
	if err != nil {
		return almanac{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.almanac = at
	return at, nil
}

// enteredNotices reads the notices that administrators entered, in that order.
func enteredNotices(db *gorm.DB) ([]enteredNotice, error) {
	var rows []models.CalendarNotice
	if err := db.Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("notices: %w", store.Translate(err))
	}
	entered := make([]enteredNotice, len(rows))
	for i, row := range rows {
		entered[i].CalendarNotice = row
		if err := json.Unmarshal([]byte(row.Content), &entered[i].notice); err != nil {
			return nil, fmt.Errorf("notice %s: %w", row.Number, err)
		}
	}
	return entered, nil
}

// with returns the almanac of the shipped and the entered notices.
func (a almanac) with(entered []enteredNotice) (almanac, error) {
	made := almanac{shipped: a.shipped, entered: entered}
	days := []calendar.Date{models.Always}
	for _, e := range entered {
		made.stamps = append(made.stamps, stamp{e.ID, e.Removed})
		days = append(days, e.enteredOn(), e.removedOn())
	}
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		if day == models.Forever {
			break
		}
		var known []calendar.Notice
		for _, e := range entered {
			if e.enteredOn() <= day && day < e.removedOn() {
				known = append(known, e.notice)
			}
		}
		cal, _, err := calendarOf(a.shipped, known)
		if err != nil {
			return almanac{}, err
		}
		made.editions = append(made.editions, calendarEdition{day, cal})
	}
	return made, nil
}

func (e enteredNotice) enteredOn() calendar.Date { return momentOf(e.EnteredAt).today }

// removedOn is the first day on which the notice was in force no longer.
func (e enteredNotice) removedOn() calendar.Date {
	if e.RemovedAt == nil {
		return models.Forever
	}
	return momentOf(*e.RemovedAt).today
}

// calendarOf returns the calendar of the shipped and the entered notices, and
// which of those it could use. The notices that ship with the program go before:
// an entered one with the number of one of them says nothing new, and one that
// contradicts them, since a newer program brought them, must not stop it.
func calendarOf(shipped, entered []calendar.Notice) (*calendar.Calendar, []bool, error) {
	cal, err := calendar.New(shipped)
	if err != nil {
		return nil, nil, fmt.Errorf("calendar of the shipped notices: %w", err)
	}
	used := make([]bool, len(entered))
	for i, notice := range entered {
		if more, err := calendar.New(append(cal.Notices(), notice)); err == nil {
			cal, used[i] = more, true
		}
	}
	return cal, used, nil
}

// countedBy returns the calendar by which the duty's due date was counted: the
// latest one known on the day that gives this date. What is done keeps its date
// when a later notice changes the days, and must be explained by those it had.
func (lib *library) countedBy(duty rules.Duty, day calendar.Date) *calendar.Calendar {
	for _, edition := range slices.Backward(lib.almanac.known(day)) {
		if e := duty.Explain(edition.calendar); e == nil || e.Due == duty.DueOn && e.Provisional == duty.Provisional {
			return edition.calendar
		}
	}
	return lib.almanac.on(day)
}
