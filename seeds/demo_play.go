package seeds

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// demo is one run of making up the facts.
type demo struct {
	words    *words
	calendar *calendar.Calendar
	units    map[uint64]models.Unit
	// roots are the regions by their path.
	roots map[string]models.Unit
	cast  *cast
	// last is the last day on which anything happens.
	last  calendar.Date
	moves []move
	// exemptions counts the documents of each series and year.
	exemptions map[string]int
}

// activation is a policy put in force for a year, on a day.
type activation struct {
	policy string
	year   int
	on     calendar.Date
}

// activations are those of the demo. Liaoning shows two years, Zengdu all that
// its document names, Jiangsu the year it began and the two up to today.
func activations(today calendar.Date) []activation {
	list := []activation{
		{"liaoning-2016", 2016, calendar.NewDate(2016, time.May, 20)},
		{"liaoning-2016", 2017, calendar.NewDate(2017, time.January, 5)},
		{"lanzhou-2016", 2016, calendar.NewDate(2017, time.March, 24)},
		{"shandong-2017", 2017, calendar.NewDate(2017, time.May, 5)},
		{"jiangsu-2018", 2018, calendar.NewDate(2018, time.January, 4)},
		{"zengdu-2020", 2020, calendar.NewDate(2020, time.October, 15)},
		{"zengdu-2020", 2021, calendar.NewDate(2021, time.January, 5)},
		{"zengdu-2020", 2022, calendar.NewDate(2022, time.January, 5)},
		{"zengdu-2020", 2023, calendar.NewDate(2023, time.January, 5)},
	}
	for year := today.Year() - 1; year <= today.Year(); year++ {
		list = append(list, activation{"jiangsu-2018", year, min(calendar.NewDate(year, time.January, 4), today)})
	}
	return list
}

// move is one thing that somebody did at a past moment.
type move struct {
	at    time.Time
	duty  uint64
	actor compliance.Actor
	do    func(h *compliance.History) error
}

func newDemo(words *words, cal *calendar.Calendar, units map[uint64]models.Unit, cast *cast, last calendar.Date) *demo {
	d := &demo{words: words, calendar: cal, units: units, roots: map[string]models.Unit{}, cast: cast, last: last, exemptions: map[string]int{}}
	for _, unit := range units {
		if unit.ParentID == nil {
			d.roots[unit.Path] = unit
		}
	}
	return d
}

// play makes the past: the policies and their duties, the events that start
// terms, then reports and decisions, each in the order of time.
func (d *demo) play(h *compliance.History, list []activation) error {
	for _, a := range list {
		if err := d.activate(h, a); err != nil {
			return err
		}
	}
	for _, plan := range []func(activation, []compliance.HistoryDuty){d.planStarts, d.planReports} {
		if err := d.playAll(h, list, plan); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) activate(h *compliance.History, a activation) error {
	source, err := policyFiles.ReadFile(policyFile(a.policy))
	if err != nil {
		return fmt.Errorf("read policy seed: %w", err)
	}
	// Midnight, so that it is over when it is today.
	then := h.As(d.cast.admin, midnight(a.on))
	if err := then.LoadPolicy(source); err != nil {
		return fmt.Errorf("load %s: %w", a.policy, err)
	}
	if _, err := then.Activate(a.policy, a.year); err != nil {
		return fmt.Errorf("activate %s for %d: %w", a.policy, a.year, err)
	}
	return nil
}

// playAll has the plan made for the duties of every activation, then does it.
func (d *demo) playAll(h *compliance.History, list []activation, plan func(activation, []compliance.HistoryDuty)) error {
	d.moves = nil
	for _, a := range list {
		duties, err := h.Duties(a.policy, a.year)
		if err != nil {
			return fmt.Errorf("duties of %s in %d: %w", a.policy, a.year, err)
		}
		plan(a, duties)
	}
	slices.SortStableFunc(d.moves, func(a, b move) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.duty, b.duty))
	})
	for _, m := range d.moves {
		if err := m.do(h.As(m.actor, m.at)); err != nil {
			return fmt.Errorf("duty %d at %s: %w", m.duty, m.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// add puts a move on a day, at some time of the office's hours.
func (d *demo) add(by *dice, day calendar.Date, duty uint64, actor compliance.Actor, do func(h *compliance.History) error) {
	hour := pick(by, []int{9, 10, 11, 14, 15, 16})
	at := midnight(day).Add(time.Duration(hour)*time.Hour + time.Duration(by.below(60))*time.Minute)
	d.moves = append(d.moves, move{at, duty, actor, do})
}

func midnight(day calendar.Date) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, rules.Shanghai)
}

// workday returns the first working day from the day on.
func (d *demo) workday(day calendar.Date) calendar.Date {
	for !d.calendar.Day(day).Working {
		day++
	}
	return day
}

// dayIn returns a day of the span, a working day if there is one from it on.
func (d *demo) dayIn(by *dice, from, to calendar.Date) calendar.Date {
	day := from + calendar.Date(by.below(max(1, int(to-from)+1)))
	if working := d.workday(day); working <= to {
		return working
	}
	return day
}
