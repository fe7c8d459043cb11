package training

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
)

// RotationProgress is how a rotation has come along, by the dates of the attendances as
// known on the as-of date, and what is still to come.
type RotationProgress struct {
	// Points are those of each month's end and of the last day that counts.
	Points []ProgressPoint
	// RosterAtEnd are the people who will be on the roster on their unit's last day
	// by what is known.
	RosterAtEnd int
	// Months are those that remain, from the day after the as-of date.
	Months []SeatMonth
	// Foreseen tells that the sessions to come are known: of today, while the window
	// is open. Forecast is who will be trained on each day of one, and on the window's
	// end, when its seats are taken; nil without any.
	Foreseen bool
	Forecast []ProgressPoint
	// Needed and Scheduled are seats: of those left, and of the coming sessions.
	Needed, Scheduled int
}

// ProgressPoint counts people on a day.
type ProgressPoint struct {
	On              calendar.Date
	Roster, Trained int
}

// SeatMonth is a month that remains: the seats that it takes when all months take
// the same, and those of the sessions that end in it. First is its first day.
type SeatMonth struct {
	First             calendar.Date
	Needed, Scheduled int
}

// Progress returns how the table's rotation has come along. Its last point is the
// table's total.
func (d *Desk) Progress(ctx context.Context, t *compliance.RotationTable) (*RotationProgress, error) {
	db := d.store.Read(ctx)
	groups, err := stretches(db, t)
	if err != nil {
		return nil, err
	}
	p := &RotationProgress{Needed: t.Total.Left()}
	last := min(t.AsOf, t.Period.To)
	for _, g := range groups {
		p.RosterAtEnd += g.presentOn(max(t.Period.To, g.LastOn))
		last = max(last, g.CountedOn)
	}
	for _, day := range monthEnds(t.Period.Span, last) {
		point := ProgressPoint{On: day}
		for _, g := range groups {
			point.Roster += g.presentOn(min(day, g.CountedOn))
			point.Trained += g.trainedOn(min(day, g.CountedOn))
		}
		p.Points = append(p.Points, point)
	}
	var seats []daySeats
	if p.Foreseen = t.AsOf == d.Today() && !t.Over(); p.Foreseen {
		if seats, err = d.comingSeats(db, t); err != nil {
			return nil, err
		}
	}
	p.addMonths(t, seats)
	p.addForecast(t, seats)
	return p, nil
}

// stretch is a number of people who joined and left a roster, and were first
// trained in the window, on the same days; zero for not. CountedOn is the last
// day that counts for their unit so far, LastOn the last that may.
type stretch struct {
	Joined, LeftOn, FirstOn, CountedOn, LastOn calendar.Date
	People                                     int
}

func (s stretch) presentOn(day calendar.Date) int {
	if s.Joined <= day && (s.LeftOn.IsZero() || day <= s.LeftOn) {
		return s.People
	}
	return 0
}

func (s stretch) trainedOn(day calendar.Date) int {
	if s.FirstOn.IsZero() || day < s.FirstOn {
		return 0
	}
	return s.presentOn(day)
}

// stretches counts who is, was or will be on the rosters inside the window.
func stretches(db *gorm.DB, t *compliance.RotationTable) ([]stretch, error) {
	each := db.Table("(?) r", t.Duties(db)).
		Joins("JOIN postings q ON q.unit_id = r.unit_id AND q.known_on <= ? AND q.known_until > ? AND (q.end_on IS NULL OR q.end_on >= r.window_from)", t.AsOf, t.AsOf).
		Select("CASE WHEN q.start_on < r.window_from THEN r.window_from ELSE q.start_on END AS joined, q.end_on AS left_on, r.counted_on, r.last_on,"+
			" (SELECT MIN(a.held_on) "+validThen+inWindow+") AS first_on", t.AsOf, t.AsOf)
	var groups []stretch
	err := db.Table("(?) s", each).Select("joined, left_on, first_on, counted_on, last_on, COUNT(*) AS people").Group("joined, left_on, first_on, counted_on, last_on").Find(&groups).Error
	if err != nil {
		return nil, fmt.Errorf("progress of %s: %w", t.Unit.Code, store.Translate(err))
	}
	return groups, nil
}

// monthEnds returns the ends of the months of the window before the last day, and
// that day; only the window's beginning where it has not begun.
func monthEnds(window rules.Span, last calendar.Date) []calendar.Date {
	if last < window.From {
		return nil
	}
	var days []calendar.Date
	for day := endOfMonth(window.From); day < last; day = endOfMonth(day + 1) {
		days = append(days, day)
	}
	return append(days, last)
}

func firstOfMonth(day calendar.Date) calendar.Date {
	return calendar.NewDate(day.Year(), day.Month(), 1)
}

func endOfMonth(day calendar.Date) calendar.Date {
	return calendar.NewDate(day.Year(), day.Month()+1, 1) - 1
}

// daySeats are seats by which people may be trained on a day.
type daySeats struct {
	On    calendar.Date
	Seats int
}

// comingSeats are the seats of the sessions to come in the window: those that
// somebody who is left has, each person once, and the free ones of sessions that
// an office of the subtree holds. Free seats of offices above may be taken by
// others.
func (d *Desk) comingSeats(db *gorm.DB, t *compliance.RotationTable) ([]daySeats, error) {
	const coming = "s.status = ? AND s.end_on > ? AND s.end_on <= ?"
	first := d.left(db, t, LeftFilter{}).
		Joins("JOIN nominations m ON m.person_id = q.person_id AND m.ended = 0 AND m.status IN ?", []models.NominationStatus{models.NominationSeated, models.NominationConfirmed}).
		Joins("JOIN training_sessions s ON s.id = m.session_id").Where(coming, models.SessionOpen, t.AsOf, t.LastDay()).Where("s.end_on <= r.last_on").
		Select("q.person_id, MIN(s.end_on) AS held_on").Group("q.person_id")
	var taken, free []daySeats
	if err := db.Table("(?) f", first).Select("held_on AS `on`, COUNT(*) AS seats").Group("held_on").Find(&taken).Error; err != nil {
		return nil, fmt.Errorf("seats taken of %s: %w", t.Unit.Code, store.Translate(err))
	}
	err := rbac.Scope{t.Unit.Path}.Where(db, "u.path").Table("training_sessions s").Joins("JOIN units u ON u.id = s.unit_id").Where(coming, models.SessionOpen, t.AsOf, t.LastDay()).
		Where("s.capacity > s.seated").Select("s.end_on AS `on`, SUM(s.capacity - s.seated) AS seats").Group("s.end_on").Find(&free).Error
	if err != nil {
		return nil, fmt.Errorf("free seats of %s: %w", t.Unit.Code, store.Translate(err))
	}
	all := append(taken, free...)
	slices.SortStableFunc(all, func(a, b daySeats) int { return cmp.Compare(a.On, b.On) })
	return all, nil
}

// addMonths divides what is needed evenly over the months that remain: each takes
// the seats of SeatsPerMonth until all are trained.
func (p *RotationProgress) addMonths(t *compliance.RotationTable, seats []daySeats) {
	monthly, left := t.SeatsPerMonth(t.Total), t.Total.Left()
	for first := firstOfMonth(max(t.AsOf+1, t.Period.From)); first <= t.LastDay(); first = endOfMonth(first) + 1 {
		month := SeatMonth{First: first, Needed: min(monthly, left)}
		left -= month.Needed
		for _, s := range seats {
			if firstOfMonth(s.On) == first {
				month.Scheduled += s.Seats
			}
		}
		p.Scheduled += month.Scheduled
		p.Months = append(p.Months, month)
	}
}

// addForecast counts seats as they come, as long as somebody is left.
func (p *RotationProgress) addForecast(t *compliance.RotationTable, seats []daySeats) {
	if t.Over() || !t.Begun() || len(seats) == 0 {
		return
	}
	point := ProgressPoint{On: t.AsOf, Roster: t.Total.Roster, Trained: t.Total.Trained}
	p.Forecast = []ProgressPoint{point}
	for _, s := range seats {
		point.Trained = min(point.Trained+s.Seats, t.Total.Roster)
		if point.On == s.On {
			p.Forecast[len(p.Forecast)-1] = ProgressPoint{s.On, t.Total.Roster, point.Trained}
			continue
		}
		point.On = s.On
		p.Forecast = append(p.Forecast, point)
	}
	if point.On < t.LastDay() {
		point.On = t.LastDay()
		p.Forecast = append(p.Forecast, point)
	}
}

// Short returns by how many seats the coming sessions fall short of those needed.
func (p *RotationProgress) Short() int { return max(0, p.Needed-p.Scheduled) }
