package seeds

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/training"
)

// lesson is a session as it goes on.
type lesson struct {
	sessionWords
	course   courseWords
	from, to calendar.Date
	id       uint64
	seated   []*worker
}

// When things are done for a session: so many days before it begins.
const (
	announcedBefore = 50
	nominatedBefore = 30
	confirmedBefore = 7
)

// planCourses has the office enter its courses when the region begins.
func (s *school) planCourses() {
	s.plan(s.region.Begins, atNine, func(desk *training.Desk) error {
		for _, c := range s.words.Courses {
			course, err := desk.AddCourse(s.ctx, s.coordinator, s.root.Code, training.CourseInput{Title: c.Title, Subject: c.Subject,
				Audience: c.Audience, Hours: c.Hours, Tested: c.Tested, PassMark: c.PassMark})
			if err != nil {
				return fmt.Errorf("course %s: %w", c.Title, err)
			}
			s.courses[c.Key] = course.ID
		}
		return nil
	})
}

// planSessions plans the sessions, and a training plan for each year of them.
func (s *school) planSessions() {
	years := map[int][]*lesson{}
	for _, words := range s.region.Sessions {
		l := &lesson{sessionWords: words}
		l.course = s.words.Courses[slices.IndexFunc(s.words.Courses, func(c courseWords) bool { return c.Key == words.Course })]
		l.from = s.teachingDay(l)
		l.to = l.from + calendar.Date(words.Days-1)
		years[l.from.Year()] = append(years[l.from.Year()], l)
		s.planSession(l)
	}
	for _, year := range slices.Sorted(maps.Keys(years)) {
		s.planYear(year, years[year])
	}
}

// teachingDay returns the first day of the session: with a place, one from which
// on all its days are working days.
func (s *school) teachingDay(l *lesson) calendar.Date {
	day := l.On
	switch today := s.last + 1; {
	case l.Window != 0:
		day = s.cycle.Window(today).From + calendar.Date(l.Window)
	case l.Today != 0:
		day = today + calendar.Date(l.Today)
	}
	for first := s.workday(day); ; first = s.workday(first + 1) {
		if l.City == "" || s.workday(first+calendar.Date(l.Days-1)) == first+calendar.Date(l.Days-1) {
			return first
		}
	}
}

// planYear has the office adopt its training plan, early in the year.
func (s *school) planYear(year int, lessons []*lesson) {
	day := s.workday(max(s.region.Begins+3, calendar.NewDate(year, time.January, 10)))
	by := throw(s.root.Code, "plan", strconv.Itoa(year))
	input := training.PlanInput{Year: year, Goal: s.words.Plan.Goal, AdoptedOn: day, URL: s.page(by, s.root, year),
		Title:    strings.NewReplacer("{unit}", s.root.Name, "{year}", strconv.Itoa(year)).Replace(s.words.Plan.Title),
		Document: fmt.Sprintf("%s〔%d〕示培%d号", s.demo.words.Series[s.region.Policy], year, by.between(1, 9))}
	s.plan(day, atTen, func(desk *training.Desk) error {
		for _, l := range lessons {
			input.Items = s.addItem(input.Items, l)
		}
		if _, err := desk.PutPlan(s.ctx, s.coordinator, s.root.Code, 0, input); err != nil {
			return fmt.Errorf("plan of %d: %w", year, err)
		}
		return nil
	})
}

// addItem adds a session to the items of a plan, to that of its course and month
// where there is one.
func (s *school) addItem(items []training.PlanItemInput, l *lesson) []training.PlanItemInput {
	course, month := s.courses[l.Course], int(l.from.Month())
	for i := range items {
		if items[i].Course == course && items[i].Month == month {
			items[i].Sessions++
			items[i].Seats += l.Capacity
			return items
		}
	}
	return append(items, training.PlanItemInput{Course: course, Month: month, Sessions: 1, Seats: l.Capacity})
}

// planSession plans what the office and the units do for a session. One to come is
// announced by now.
func (s *school) planSession(l *lesson) {
	announced := s.workday(max(l.from-announcedBefore, s.region.Begins+1))
	s.plan(min(announced, s.last), atNine, func(desk *training.Desk) error { return s.announce(desk, l) })
	s.plan(s.workday(l.from-nominatedBefore), atTen, func(desk *training.Desk) error { return s.nominate(desk, l) })
	s.plan(s.workday(l.from-confirmedBefore), atFour, func(desk *training.Desk) error {
		if _, err := desk.ConfirmNominations(s.ctx, s.coordinator, l.id, nil); err != nil {
			return fmt.Errorf("confirm nominations of %s: %w", l.from, err)
		}
		return nil
	})
	s.plan(l.to, atSix, func(desk *training.Desk) error { return s.hold(desk, l) })
	s.plan(s.workday(l.to+1), atTen, func(desk *training.Desk) error {
		if _, err := desk.MarkHeld(s.ctx, s.coordinator, l.id, 1); err != nil {
			return fmt.Errorf("session of %s held: %w", l.from, err)
		}
		return nil
	})
}

// hours are the minutes after midnight between which sessions are held; one that
// is online can be taken at any time.
var hours = map[models.SessionKind][2]int{models.ClassSession: {9 * 60, 17 * 60}, models.WorkshopSession: {9*60 + 30, 16*60 + 30}}

func (s *school) announce(desk *training.Desk, l *lesson) error {
	added, err := desk.AddSession(s.ctx, s.coordinator, training.SessionInput{Course: s.courses[l.Course], Kind: l.Kind, Place: l.Place, Region: l.City,
		StartOn: l.from, EndOn: l.to, StartMinute: hours[l.Kind][0], EndMinute: hours[l.Kind][1], Capacity: l.Capacity,
		Lecturer: pick(throw(s.root.Code, l.from.String(), "lecturer"), s.words.Lecturers)})
	if err != nil {
		return fmt.Errorf("session of %s: %w", l.from, err)
	}
	l.id = added.ID
	return nil
}

// nominate has the reporters nominate whom the session is for.
func (s *school) nominate(desk *training.Desk, l *lesson) error {
	chosen := s.candidates(l)
	chosen = chosen[:min(len(chosen), cmp.Or(l.Asked, l.Capacity))]
	for len(chosen) > 0 {
		reporter := s.cast.reporter(chosen[0].unit)
		var sent, others []*worker
		for _, w := range chosen {
			if s.cast.reporter(w.unit).ID == reporter.ID {
				sent = append(sent, w)
			} else {
				others = append(others, w)
			}
		}
		ids := make([]uint64, len(sent))
		for i, w := range sent {
			ids[i], w.engaged = w.id, l.to
		}
		outcomes, err := desk.Nominate(s.ctx, reporter, l.id, ids)
		if err != nil {
			return fmt.Errorf("nominate for %s: %w", l.from, err)
		}
		for i, o := range outcomes {
			switch {
			case o.Refusal != nil:
				return fmt.Errorf("nominate %s for %s: %w", sent[i].entry.Name, l.from, o.Refusal)
			case o.Nomination.Status.Seated():
				l.seated = append(l.seated, sent[i])
			}
		}
		chosen = others
	}
	return nil
}

// pair is how many people a unit sends at once, as a rule.
const pair = 2

// candidates returns who can come to a session, first those who are not trained in
// its window. Others fill it up to half its seats.
func (s *school) candidates(l *lesson) []*worker {
	window := s.cycle.Window(l.from)
	var left, others []*worker
	// sent counts by unit who is trained, or will be.
	sent := map[uint64]int{}
	for _, w := range s.workers {
		trained, engaged := w.trained >= window.From, w.engaged >= l.from
		switch {
		case !w.worksOn(l.from) || !w.worksOn(l.to):
		case trained || engaged:
			sent[w.unit.ID]++
			if !engaged {
				others = append(others, w)
			}
		case !w.keptBack:
			left = append(left, w)
		}
	}
	fill := max(0, l.Capacity/2-len(left))
	others = s.inTurn(l, others, map[uint64]int{})
	return append(s.inTurn(l, left, sent), others[:min(len(others), fill)]...)
}

// inTurn puts people in the order in which they are nominated: a pair of every
// unit, then another one, where eager units are a pair or two ahead; in a turn
// those of the place first, and of them who has waited longest.
func (s *school) inTurn(l *lesson, people []*worker, sent map[uint64]int) []*worker {
	far := func(w *worker) int {
		if w.unit.Code == l.City || w.unit.Kind == models.Department && l.City == s.bound[0].Code {
			return 0
		}
		return 1
	}
	lot := func(w *worker) uint64 { return throw(w.entry.Name, l.from.String()).next() }
	slices.SortFunc(people, func(a, b *worker) int {
		return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a.trained, b.trained), cmp.Compare(lot(a), lot(b)), cmp.Compare(a.id, b.id))
	})
	turn := map[uint64]int{}
	for _, w := range people {
		turn[w.id] = sent[w.unit.ID]/pair + throw(w.unit.Code, "slack").below(3)
		sent[w.unit.ID]++
	}
	slices.SortStableFunc(people, func(a, b *worker) int { return cmp.Compare(turn[a.id], turn[b.id]) })
	return people
}

// hold has the office record who came, and how the test went.
func (s *school) hold(desk *training.Desk, l *lesson) error {
	var marks []training.AttendanceMark
	for _, w := range l.seated {
		if !w.worksOn(l.to) {
			continue
		}
		mark := s.mark(w, l)
		marks = append(marks, mark)
		if mark.Present && (mark.Passed == nil || *mark.Passed) {
			w.trained = l.to
		}
	}
	outcomes, err := desk.RecordList(s.ctx, s.coordinator, l.id, marks)
	if err != nil {
		return fmt.Errorf("attendance on %s: %w", l.from, err)
	}
	for _, o := range outcomes {
		if o.Change != training.EntryAdded {
			return fmt.Errorf("attendance on %s: %s %v", l.from, o.Change, o.Faults)
		}
	}
	return nil
}

// mark makes up whether somebody came, and the score where there is a test.
func (s *school) mark(w *worker, l *lesson) training.AttendanceMark {
	by := throw(w.entry.Name, l.from.String(), "mark")
	mark := training.AttendanceMark{Person: w.id, Present: !by.chance(7)}
	if !mark.Present || !l.course.Tested {
		return mark
	}
	passed, score := !by.chance(9), by.between(66, 98)
	if !passed {
		score = by.between(38, 58)
	}
	mark.Passed, mark.Score = &passed, strconv.Itoa(score)
	return mark
}
