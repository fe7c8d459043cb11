package seeds

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/training"
)

// worker is somebody on a roster, as known at the moment of the last step.
type worker struct {
	id      uint64
	version int
	unit    models.Unit
	// entry is their present posting.
	entry training.StaffEntry
	// trained is the day of the last valid attendance, engaged the last day of a
	// session that they are nominated to.
	trained, engaged calendar.Date
	// keptBack marks who is never sent.
	keptBack bool
}

// worksOn tells whether the worker is on a roster on the day.
func (w *worker) worksOn(day calendar.Date) bool {
	return w.entry.StartOn <= day && (w.entry.EndOn.IsZero() || day <= w.entry.EndOn)
}

// Minutes after midnight at which an office does things.
const (
	atNine = 9 * 60
	atTen  = 10 * 60
	atFour = 16 * 60
	atSix  = 18 * 60
)

// planRosters has every unit enter its people when the region begins.
func (s *school) planRosters() {
	for _, unit := range s.bound {
		if unit.OpenedOn > s.region.Begins || slices.Contains(s.region.Without, unit.Code) {
			continue
		}
		by := throw(unit.Code, "roster")
		day := s.workday(s.region.Begins + calendar.Date(by.below(15)))
		people := by.between(s.region.Rosters[0], s.region.Rosters[1])
		for i := range people {
			w := s.newWorker(by, unit, s.region.Begins-calendar.Date(by.between(30, 2600)))
			w.keptBack = i == people-1 && slices.Contains(s.region.Behind, unit.Code)
			s.planEntry(w, day, atNine+30+i)
		}
	}
}

// newWorker makes up somebody who starts in the unit on the day.
func (s *school) newWorker(by *dice, unit models.Unit, start calendar.Date) *worker {
	w := &worker{unit: unit, entry: training.StaffEntry{Unit: unit.Code, Name: s.newName(by), StartOn: start}}
	w.entry.PartTime = by.chance(30)
	if w.entry.PartTime {
		w.entry.Post = pick(by, s.words.PartTime)
	} else {
		w.entry.Post = pick(by, s.words.Posts[string(unit.Kind)])
	}
	// Who will go on in another unit is known there by the number.
	if !unit.ClosedOn.IsZero() || by.chance(85) {
		s.numbers[unit.Code]++
		w.entry.Number = fmt.Sprintf("%s-%02d", unit.Code, s.numbers[unit.Code])
	}
	if by.chance(40) {
		w.identify(by)
	}
	if !unit.ClosedOn.IsZero() {
		w.entry.EndOn = unit.ClosedOn - 1
	}
	return w
}

// identify gives somebody what is kept of an ID card: no number has this hash.
func (w *worker) identify(by *dice) {
	w.entry.IDHash = fmt.Sprintf("%016x%016x%016x%016x", by.next(), by.next(), by.next(), by.next())
	w.entry.IDTail = fmt.Sprintf("%04d", by.below(10_000))
}

// newName makes up a name that nobody in the region has.
func (s *school) newName(by *dice) string {
	for {
		name := pick(by, s.demo.words.Surnames) + pick(by, s.words.Given)
		if !s.names[name] {
			s.names[name] = true
			return name
		}
	}
}

// planEntry has the unit put somebody on its roster.
func (s *school) planEntry(w *worker, day calendar.Date, minute int) {
	s.plan(day, minute, func(desk *training.Desk) error {
		if err := s.enter(desk, s.cast.reporter(w.unit), w); err != nil {
			return err
		}
		s.workers = append(s.workers, w)
		return nil
	})
}

// enter enters the worker's posting as it is now.
func (s *school) enter(desk *training.Desk, actor compliance.Actor, w *worker) error {
	outcome, err := desk.AddStaff(s.ctx, actor, w.entry)
	if err != nil {
		return fmt.Errorf("enter %s in %s: %w", w.entry.Name, w.entry.Unit, err)
	}
	w.id = outcome.ID
	w.version++
	return nil
}

// planMergers has the people of closed units go on where the units went.
func (s *school) planMergers() {
	for _, code := range slices.Sorted(maps.Keys(s.region.Merged)) {
		from, to := s.unit(code), s.unit(s.region.Merged[code])
		s.plan(from.ClosedOn, atTen, func(desk *training.Desk) error {
			for _, w := range s.staff(from, from.ClosedOn-1) {
				w.unit, w.entry.Unit = to, to.Code
				w.entry.StartOn, w.entry.EndOn = from.ClosedOn, 0
				if err := s.enter(desk, s.coordinator, w); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// staff returns who is on the unit's roster on the day, by the time they came.
func (s *school) staff(unit models.Unit, day calendar.Date) []*worker {
	var staff []*worker
	for _, w := range s.workers {
		if w.unit.ID == unit.ID && w.worksOn(day) {
			staff = append(staff, w)
		}
	}
	return staff
}

// settling is for how long somebody stays in a unit at least.
const settling = 60

// planTurnover has some people leave, move and come in every unit and year.
func (s *school) planTurnover() {
	for _, unit := range s.bound {
		if slices.Contains(s.region.Without, unit.Code) {
			continue
		}
		for year := s.region.Begins.Year(); year <= s.ends.Year(); year++ {
			by := throw(unit.Code, "turnover", strconv.Itoa(year))
			day := s.workday(calendar.NewDate(year, time.January, 1) + calendar.Date(by.below(360)))
			if day < s.region.Begins+settling || day > s.ends || !lasts(unit, day) {
				continue
			}
			switch roll := by.below(100); {
			case roll < 18:
				s.planLeaving(by, unit, day)
			case roll < 25:
				s.planMove(by, unit, pick(by, s.bound), day)
			case roll < 33:
				s.planJoining(by, unit, day)
			}
		}
	}
}

// lasts tells whether somebody who comes to the unit on the day can settle there.
func lasts(unit models.Unit, day calendar.Date) bool {
	return unit.OpenedOn <= day && (unit.ClosedOn.IsZero() || day+settling < unit.ClosedOn)
}

func (s *school) planJoining(by *dice, unit models.Unit, day calendar.Date) {
	s.planEntry(s.newWorker(by, unit, day), s.workday(day+calendar.Date(by.between(0, 5))), atTen)
}

// planLeaving has somebody leave and, some weeks later, another one come.
func (s *school) planLeaving(by *dice, unit models.Unit, day calendar.Date) {
	if next := s.workday(day + calendar.Date(by.between(5, 50))); next <= s.ends && lasts(unit, next) {
		s.planJoining(by, unit, next)
	}
	s.plan(day, atFour, func(desk *training.Desk) error {
		w := s.oneOf(by, unit, day)
		if w == nil {
			return nil
		}
		w.entry.EndOn = day
		return s.enter(desk, s.cast.reporter(unit), w)
	})
}

// oneOf returns somebody of a unit with others who has settled, is expected at no
// session and will stay; nil for nobody.
func (s *school) oneOf(by *dice, unit models.Unit, day calendar.Date) *worker {
	staff := s.staff(unit, day)
	var free []*worker
	for _, w := range staff {
		if w.entry.StartOn+settling <= day && w.engaged < day && !w.keptBack && w.entry.EndOn.IsZero() {
			free = append(free, w)
		}
	}
	if len(staff) < 2 || len(free) == 0 {
		return nil
	}
	return pick(by, free)
}

// planMove has somebody go to another unit.
func (s *school) planMove(by *dice, from, to models.Unit, day calendar.Date) {
	if to.ID == from.ID || !lasts(to, day) || !to.ClosedOn.IsZero() || slices.Contains(s.region.Without, to.Code) {
		return
	}
	s.plan(day, atFour, func(desk *training.Desk) error {
		w := s.oneOf(by, from, day)
		if w == nil {
			return nil
		}
		w.unit, w.entry.Unit, w.entry.StartOn = to, to.Code, day
		w.entry.Post = pick(by, s.words.Posts[string(to.Kind)])
		err := desk.MoveStaff(s.ctx, s.coordinator, w.id, w.version, training.Move{Unit: to.Code, On: day, Post: w.entry.Post, PartTime: w.entry.PartTime})
		w.version++
		if err != nil {
			return fmt.Errorf("move %s to %s: %w", w.entry.Name, to.Code, err)
		}
		return nil
	})
}

// planCases plans what happens around today.
func (s *school) planCases() {
	for i, c := range s.region.Cases {
		unit, day := s.unit(c.Unit), s.last+1+calendar.Date(c.Today)
		by := throw(c.Unit, "case", strconv.Itoa(i))
		switch c.What {
		case caseJoined:
			s.planJoining(by, unit, s.workday(day))
		case caseMoved:
			s.planMove(by, unit, s.unit(c.To), s.workday(day))
		case caseLeaves:
			s.plan(s.workday(s.last-10), atTen, func(desk *training.Desk) error {
				w := s.oneOf(by, unit, s.last)
				if w == nil {
					return nil
				}
				w.entry.EndOn = day
				return s.enter(desk, s.cast.reporter(unit), w)
			})
		case caseTwice:
			s.planDouble(by, unit, s.unit(c.To), s.workday(day))
		}
	}
}

// planDouble has another unit enter somebody whom the first one keeps, without a
// number by which they could be known.
func (s *school) planDouble(by *dice, unit, at models.Unit, day calendar.Date) {
	double := s.newWorker(by, at, day)
	double.entry.Number, double.entry.IDHash, double.entry.IDTail = "", "", ""
	double.keptBack = true // sent by the first unit
	s.plan(day, atTen, func(desk *training.Desk) error {
		staff := s.staff(unit, day)
		if len(staff) == 0 {
			return nil
		}
		double.entry.Name, double.entry.Post, double.entry.PartTime = staff[0].entry.Name, staff[0].entry.Post, staff[0].entry.PartTime
		s.workers = append(s.workers, double)
		return s.enter(desk, s.cast.reporter(at), double)
	})
}
