package training

import (
	"regexp"
	"time"

	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// entryMargin is for how many minutes before a session begins its list and its code
// are open already, and after it ends its code still is.
const entryMargin = 30

// maxScore is the highest score that a test may have.
const maxScore = 1000

// attendanceChange is a change of what is known of a person in a session; before
// is nil for somebody of whom nothing was known, now for one of whom nothing is
// known any more.
type attendanceChange struct {
	entry       int
	before, now *models.Attendance
}

// decide says what becomes of each entry on its own, and returns the changes that
// it makes. What an entry changes holds for those after it.
func (b *attendanceBook) decide(entries []AttendanceEntry) ([]EntryOutcome, []attendanceChange) {
	outcomes := make([]EntryOutcome, len(entries))
	contradicted := contradictions(entries)
	var changes []attendanceChange
	for i, e := range entries {
		if contradicted[place{e.Session, e.Person}] {
			outcomes[i] = refusal(models.Field{Name: "person", Key: "attendance.contradicts"})
			continue
		}
		var change *attendanceChange
		if outcomes[i], change = b.enter(e); change != nil {
			change.entry = i
			changes = append(changes, *change)
		}
	}
	return outcomes, changes
}

func refusal(faults ...models.Field) EntryOutcome {
	return EntryOutcome{Change: EntryRefused, Faults: faults}
}

// contradictions are the people of whom two entries say different things of one
// session.
func contradictions(entries []AttendanceEntry) map[place]bool {
	first, found := map[place]AttendanceEntry{}, map[place]bool{}
	for _, e := range entries {
		at := place{e.Session, e.Person}
		other, twice := first[at]
		if !twice {
			first[at] = e
		} else if !sameMeaning(e, other) {
			found[at] = true
		}
	}
	return found
}

func sameMeaning(a, b AttendanceEntry) bool {
	return a.On == b.On && a.Present == b.Present && samePassed(a.Passed, b.Passed) && a.Score == b.Score
}

func samePassed(a, b *bool) bool { return a == b || a != nil && b != nil && *a == *b }

// enter decides on one entry.
func (b *attendanceBook) enter(e AttendanceEntry) (EntryOutcome, *attendanceChange) {
	session, person, faults := b.find(e)
	if len(faults) > 0 {
		return refusal(faults...), nil
	}
	before := person.attendances[session.ID]
	if e.Source == models.AttendanceByCode && before != nil && before.Present {
		return EntryOutcome{Change: EntrySame, ID: before.ID}, nil
	}
	now, faults := b.compose(e, session, person, before)
	if len(faults) == 0 {
		faults = b.collide(session, person, before, now)
	}
	if len(faults) > 0 {
		return refusal(faults...), nil
	}
	if before != nil && sameAttendance(*before, now) {
		return EntryOutcome{Change: EntrySame, ID: before.ID}, nil
	}
	b.take(session, person, before, &now)
	outcome := EntryOutcome{Change: EntryAdded}
	if before != nil {
		outcome = EntryOutcome{Change: EntryChanged, ID: before.ID}
	}
	return outcome, &attendanceChange{before: before, now: &now}
}

// find returns the session and the person of an entry, as far as the actor may
// record the one and see the other.
func (b *attendanceBook) find(e AttendanceEntry) (*sessionSheet, *personSheet, []models.Field) {
	session, person := b.sessions[e.Session], b.people[e.Person]
	if session == nil || !b.mayRecord(e, session) {
		return nil, nil, []models.Field{{Name: "session", Key: "attendance.session_unknown"}}
	}
	if person == nil || !b.maySee(e, person) {
		return nil, nil, []models.Field{{Name: "person", Key: "attendance.person_unknown"}}
	}
	return session, person, nil
}

// mayRecord tells whether the actor keeps the session's attendance. By the code
// shown in the room nobody has to: the code is the leave.
func (b *attendanceBook) mayRecord(e AttendanceEntry, session *sessionSheet) bool {
	return e.Source == models.AttendanceByCode ||
		b.actor.Access.AllowsAt(recordAttendance.Object, recordAttendance.Action, b.units[session.UnitID].Path)
}

// maySee tells whether the person is one whom the actor can find: one who was
// nominated, or has worked in a unit that the actor reads.
func (b *attendanceBook) maySee(e AttendanceEntry, person *personSheet) bool {
	if b.seats[place{e.Session, e.Person}] || e.Source == models.AttendanceByCode {
		return true
	}
	for _, posting := range person.postings {
		if b.actor.Access.AllowsAt(readRotation.Object, readRotation.Action, b.units[posting.UnitID].Path) {
			return true
		}
	}
	return false
}

// compose returns the attendance that the entry means, or what is wrong with it.
func (b *attendanceBook) compose(e AttendanceEntry, session *sessionSheet, person *personSheet, before *models.Attendance) (models.Attendance, []models.Field) {
	now := models.Attendance{SessionID: session.ID, PersonID: person.ID, Present: e.Present, Tested: session.course.Tested, Source: e.Source}
	if e.Source != models.AttendanceByCode && b.actor.ID != 0 {
		now.RecordedBy = &b.actor.ID
	}
	if fault := b.refuseSession(e, session, before); fault != nil {
		return now, []models.Field{*fault}
	}
	now.On = b.dayOf(e, session, before)
	var faults []models.Field
	if fault := b.refuseDay(now.On, session); fault != nil {
		faults = append(faults, *fault)
	} else if now.UnitID, fault = person.unitOn(now.On); fault != nil {
		faults = append(faults, *fault)
	}
	if keepsResult(e, before) {
		now.Tested, now.Passed, now.Score = before.Tested, before.Passed, before.Score
		return now, faults
	}
	var fault *models.Field
	if now.Passed, now.Score, fault = result(e, session.course); fault != nil {
		faults = append(faults, *fault)
	}
	return now, faults
}

// keepsResult tells whether the entry says nothing of the result of somebody who
// is known to have been there. A list says all of a person: what is empty on it is
// awaited.
func keepsResult(e AttendanceEntry, before *models.Attendance) bool {
	return e.Present && e.Source != models.AttendanceByList && e.Passed == nil && e.Score == "" && before != nil && before.Present
}

// refuseSession says why the session takes no such entry.
func (b *attendanceBook) refuseSession(e AttendanceEntry, session *sessionSheet, before *models.Attendance) *models.Field {
	opens := session.opensAt()
	switch byCode := e.Source == models.AttendanceByCode; {
	case session.Status == models.SessionCancelled:
		return &models.Field{Name: "session", Key: "attendance.session_cancelled", Args: models.Args("Reason", session.CancelReason)}
	case b.at.Before(opens):
		return &models.Field{Name: "session", Key: "attendance.not_begun", Args: models.Args("From", opens)}
	case byCode && !b.seats[place{session.ID, e.Person}]:
		return &models.Field{Name: "person", Key: "attendance.not_nominated"}
	case byCode && before != nil:
		return &models.Field{Name: "person", Key: "attendance.absent_by_office"}
	}
	return nil
}

// opensAt is the instant from which attendance is recorded.
func (s *sessionSheet) opensAt() time.Time {
	return instantOf(s.StartOn, max(0, s.StartMinute-entryMargin))
}

// instantOf is a minute of a day in Shanghai.
func instantOf(day calendar.Date, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, rules.Shanghai)
}

// dayOf is the day of the entry: the one it says, else the one that is known, else
// the session's last day or today where that is still to come.
func (b *attendanceBook) dayOf(e AttendanceEntry, session *sessionSheet, before *models.Attendance) calendar.Date {
	switch {
	case !e.On.IsZero():
		return e.On
	case before != nil:
		return before.On
	default:
		return min(session.EndOn, b.today)
	}
}

func (b *attendanceBook) refuseDay(on calendar.Date, session *sessionSheet) *models.Field {
	switch {
	case on > b.today:
		return &models.Field{Name: "on", Key: "attendance.future", Args: models.Args("On", on, "Today", b.today)}
	case on < session.StartOn || on > session.EndOn:
		return &models.Field{Name: "on", Key: "attendance.outside_session", Args: models.Args("On", on, "From", session.StartOn, "To", session.EndOn)}
	}
	return nil
}

// unitOn returns the unit that the person worked in on the day, or why there is
// none.
func (p *personSheet) unitOn(day calendar.Date) (uint64, *models.Field) {
	if len(p.postings) == 0 {
		return 0, &models.Field{Name: "person", Key: "attendance.no_posting", Args: models.Args("Name", p.Name)}
	}
	for i := range p.postings {
		if p.postings[i].HoldsOn(day) {
			return p.postings[i].UnitID, nil
		}
	}
	first, last := p.postings[0], p.postings[len(p.postings)-1]
	switch {
	case day < first.StartOn:
		return 0, &models.Field{Name: "on", Key: "attendance.before_hire", Args: models.Args("Name", p.Name, "On", day, "Since", first.StartOn)}
	case !last.EndOn.IsZero() && day > last.EndOn:
		return 0, &models.Field{Name: "on", Key: "attendance.after_leaving", Args: models.Args("Name", p.Name, "On", day, "Until", last.EndOn)}
	default:
		return 0, &models.Field{Name: "on", Key: "attendance.not_on_roster", Args: models.Args("Name", p.Name, "On", day)}
	}
}

var scoreText = regexp.MustCompile(`^\d{1,4}(\.\d{1,2})?$`)

// result returns what the entry says of the test: its score decides it where the
// course has a pass mark.
func result(e AttendanceEntry, course models.Course) (passed *bool, score string, fault *models.Field) {
	said := e.Passed != nil || e.Score != ""
	field := "passed"
	if e.Score != "" {
		field = "score"
	}
	switch {
	case !said:
		return nil, "", nil
	case !e.Present:
		return nil, "", &models.Field{Name: field, Key: "attendance.absent_result"}
	case !course.Tested:
		return nil, "", &models.Field{Name: field, Key: "attendance.no_test", Args: models.Args("Course", course.Title)}
	case e.Score == "":
		return e.Passed, "", nil
	}
	value, err := decimal.NewFromString(e.Score)
	if err != nil || !scoreText.MatchString(e.Score) || value.GreaterThan(decimal.NewFromInt(maxScore)) {
		return nil, "", &models.Field{Name: "score", Key: "attendance.bad_score", Args: models.Args("Value", e.Score, "Max", maxScore)}
	}
	mark, err := decimal.NewFromString(course.PassMark)
	if err != nil { // the course has none
		return e.Passed, value.String(), nil
	}
	reached := value.GreaterThanOrEqual(mark)
	if e.Passed != nil && *e.Passed != reached {
		return nil, "", &models.Field{Name: "passed", Key: "attendance.score_contradicts", Args: models.Args("Score", e.Score, "Mark", course.PassMark)}
	}
	return &reached, value.String(), nil
}

// collide says what else keeps somebody from being there: another session at the
// same time, or no seat.
func (b *attendanceBook) collide(session *sessionSheet, person *personSheet, before *models.Attendance, now models.Attendance) []models.Field {
	if !now.Present || before != nil && before.Present {
		return nil
	}
	for id, a := range person.attendances {
		other := b.others[id]
		if a.Present && id != session.ID && session.Overlaps(&other) {
			return []models.Field{{Name: "session", Key: "attendance.two_places", Args: models.Args("Name", person.Name, "Session", other.Code, "On", other.StartOn)}}
		}
	}
	// Who has a seat finds it, however full the room is.
	need := session.taken + 1
	if b.holds(session, person, before) == 0 && need > session.Capacity && !b.grow(session, need) {
		return []models.Field{{Name: "person", Key: "attendance.no_seat", Args: models.Args("Name", person.Name, "Capacity", session.Capacity)}}
	}
	return nil
}

// grow gives a session that an import has made the seats, where the actor may.
func (b *attendanceBook) grow(session *sessionSheet, seats int) bool {
	if !b.grows || !isOfBefore(session.TrainingSession) || seats > maxCapacity ||
		!b.actor.Access.AllowsAt(manageCourse.Object, manageCourse.Action, b.units[session.UnitID].Path) {
		return false
	}
	if _, again := b.grown[session.ID]; !again {
		b.grown[session.ID] = session.TrainingSession
	}
	session.Capacity = seats
	return true
}

// holds is the number of seats that the person takes: one who is there, or is
// still expected.
func (b *attendanceBook) holds(session *sessionSheet, person *personSheet, a *models.Attendance) int {
	if a == nil && b.seats[place{session.ID, person.ID}] || a != nil && a.Present {
		return 1
	}
	return 0
}

// take remembers what is decided, for the entries that follow.
func (b *attendanceBook) take(session *sessionSheet, person *personSheet, before, now *models.Attendance) {
	session.taken += b.holds(session, person, now) - b.holds(session, person, before)
	person.attendances[session.ID] = now
	b.others[session.ID] = session.TrainingSession
}

// sameAttendance tells whether two say the same, however they became known.
func sameAttendance(a, b models.Attendance) bool {
	return a.On == b.On && a.UnitID == b.UnitID && a.Present == b.Present && a.Tested == b.Tested && samePassed(a.Passed, b.Passed) && a.Score == b.Score
}
