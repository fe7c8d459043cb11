package training

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// attendanceBook holds what entries of attendances are decided by, and what has
// been decided. It learns of sessions and people as entries name them, so a
// preview can go through a file with one book, part by part, and says what
// recording would.
type attendanceBook struct {
	db *gorm.DB
	// lock begins a query of rows that must not change while the book is in use.
	lock func() *gorm.DB
	// hold keeps courses as they are while the book is in use.
	hold  func(courses []uint64) error
	actor compliance.Actor
	at    time.Time
	today calendar.Date

	sessions map[uint64]*sessionSheet
	people   map[uint64]*personSheet
	// seats are the nominations that have one, among the sessions and people known.
	seats map[place]bool
	// others are the sessions at which people are known to have been.
	others map[uint64]models.TrainingSession
	units  map[uint64]models.Unit
	// grows lets sessions that imports have made get seats for who was there as well;
	// grown are those that did, as they were.
	grows bool
	grown map[uint64]models.TrainingSession
}

// place is a person in a session.
type place struct{ session, person uint64 }

// sessionSheet is a session as its entries are decided.
type sessionSheet struct {
	models.TrainingSession
	course models.Course
	// taken are the seats of people who are there or still expected.
	taken int
}

// personSheet is a person with what is known now: postings by their start, and
// attendances by session.
type personSheet struct {
	models.Person
	postings    []models.Posting
	attendances map[uint64]*models.Attendance
}

func newAttendanceBook(db *gorm.DB, lock func() *gorm.DB, hold func([]uint64) error, actor compliance.Actor, at time.Time) *attendanceBook {
	return &attendanceBook{db: db, lock: lock, hold: hold, actor: actor, at: at, today: dateOf(at),
		sessions: map[uint64]*sessionSheet{}, people: map[uint64]*personSheet{}, seats: map[place]bool{},
		others: map[uint64]models.TrainingSession{}, units: map[uint64]models.Unit{}, grown: map[uint64]models.TrainingSession{}}
}

// learn reads what the entries name and the book does not know yet: sessions are
// locked before people.
func (b *attendanceBook) learn(entries []AttendanceEntry) error {
	var sessions, people []uint64
	for _, e := range entries {
		sessions, people = append(sessions, e.Session), append(people, e.Person)
	}
	sessions, people = distinct(sessions), distinct(people)
	for _, step := range []func() error{
		func() error { return b.learnSessions(sessions) },
		func() error { return b.learnPeople(people) },
		func() error { return b.learnSeats(sessions, people) },
		b.learnUnits,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// without returns the ids that the book does not know.
func without[T any](ids []uint64, known map[uint64]T) []uint64 {
	return slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { _, ok := known[id]; return ok })
}

// rowsOf returns the rows of a query whose column has one of the ids, in the
// order of their own.
func rowsOf[T any](query func() *gorm.DB, column string, ids []uint64) ([]T, error) {
	var rows []T
	for chunk := range slices.Chunk(ids, batch) {
		var some []T
		if err := query().Where(column+" IN ?", chunk).Order("id").Find(&some).Error; err != nil {
			return nil, fmt.Errorf("rows by %s: %w", column, store.Translate(err))
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

func (b *attendanceBook) plain() *gorm.DB { return b.db }

// known limits a query to what is known now.
func (b *attendanceBook) known() *gorm.DB { return b.db.Where("known_until = ?", models.Forever) }

func (b *attendanceBook) learnSessions(ids []uint64) error {
	sessions, err := rowsOf[models.TrainingSession](b.lock, "id", without(ids, b.sessions))
	if err != nil {
		return err
	}
	var fresh, courseIDs []uint64
	for _, session := range sessions {
		b.sessions[session.ID] = &sessionSheet{TrainingSession: session}
		fresh, courseIDs = append(fresh, session.ID), append(courseIDs, session.CourseID)
	}
	if err := b.hold(courseIDs); err != nil {
		return err
	}
	courses, err := rowsOf[models.Course](b.plain, "id", distinct(courseIDs))
	if err != nil {
		return err
	}
	byID := map[uint64]models.Course{}
	for _, course := range courses {
		byID[course.ID] = course
	}
	for _, id := range fresh {
		b.sessions[id].course = byID[b.sessions[id].CourseID]
	}
	return b.countTaken(fresh)
}

// The seats that are taken: of people with a seat who are not known to be absent,
// and of people without one who are there.
const (
	takenBySeat = `SELECT n.session_id, COUNT(*) AS taken FROM nominations n
LEFT JOIN attendances a ON a.session_id = n.session_id AND a.person_id = n.person_id AND a.known_until = ?
WHERE n.session_id IN ? AND n.status IN ('seated', 'confirmed') AND (a.id IS NULL OR a.present) GROUP BY n.session_id`
	takenByOthers = `SELECT a.session_id, COUNT(*) AS taken FROM attendances a
LEFT JOIN nominations n ON n.session_id = a.session_id AND n.person_id = a.person_id AND n.status IN ('seated', 'confirmed')
WHERE a.known_until = ? AND a.session_id IN ? AND a.present AND n.id IS NULL GROUP BY a.session_id`
)

// seatsTaken counts the seats that are taken of each session, by its id.
func seatsTaken(db *gorm.DB, sessions []uint64) (map[uint64]int, error) {
	taken := make(map[uint64]int, len(sessions))
	for chunk := range slices.Chunk(sessions, batch) {
		for _, query := range []string{takenBySeat, takenByOthers} {
			var counts []struct {
				SessionID uint64
				Taken     int
			}
			if err := db.Raw(query, models.Forever, chunk).Scan(&counts).Error; err != nil {
				return nil, fmt.Errorf("seats taken: %w", store.Translate(err))
			}
			for _, c := range counts {
				taken[c.SessionID] += c.Taken
			}
		}
	}
	return taken, nil
}

func (b *attendanceBook) countTaken(sessions []uint64) error {
	taken, err := seatsTaken(b.db, sessions)
	for id, count := range taken {
		b.sessions[id].taken = count
	}
	return err
}

func (b *attendanceBook) learnPeople(ids []uint64) error {
	// Asked for who is not merged, a database may go through all who are not.
	people, err := rowsOf[models.Person](b.lock, "id", without(ids, b.people))
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p models.Person) bool { return p.MergedInto != nil })
	fresh := make([]uint64, len(people))
	for i, person := range people {
		b.people[person.ID] = &personSheet{Person: person, attendances: map[uint64]*models.Attendance{}}
		fresh[i] = person.ID
	}
	postings, err := rowsOf[models.Posting](b.known, "person_id", fresh)
	if err != nil {
		return err
	}
	slices.SortStableFunc(postings, func(a, c models.Posting) int { return int(a.StartOn - c.StartOn) })
	for _, posting := range postings {
		person := b.people[posting.PersonID]
		person.postings = append(person.postings, posting)
	}
	return b.learnAttendances(fresh)
}

// learnAttendances reads where the people are known to have been.
func (b *attendanceBook) learnAttendances(people []uint64) error {
	attendances, err := rowsOf[models.Attendance](b.known, "person_id", people)
	if err != nil {
		return err
	}
	var at []uint64
	for i, a := range attendances {
		b.people[a.PersonID].attendances[a.SessionID] = &attendances[i]
		at = append(at, a.SessionID)
	}
	sessions, err := rowsOf[models.TrainingSession](b.plain, "id", without(distinct(at), b.others))
	for _, session := range sessions {
		b.others[session.ID] = session
	}
	return err
}

func (b *attendanceBook) learnSeats(sessions, people []uint64) error {
	for chunk := range slices.Chunk(sessions, batch) {
		seated := func() *gorm.DB {
			return b.db.Where("session_id IN ? AND status IN ?", chunk, []models.NominationStatus{models.NominationSeated, models.NominationConfirmed})
		}
		nominations, err := rowsOf[models.Nomination](seated, "person_id", people)
		if err != nil {
			return err
		}
		for _, n := range nominations {
			b.seats[place{n.SessionID, n.PersonID}] = true
		}
	}
	return nil
}

// learnUnits reads the units that hold the sessions, and those in which the people
// work.
func (b *attendanceBook) learnUnits() error {
	var ids []uint64
	for _, session := range b.sessions {
		ids = append(ids, session.UnitID)
	}
	for _, person := range b.people {
		for _, posting := range person.postings {
			ids = append(ids, posting.UnitID)
		}
	}
	units, err := rowsOf[models.Unit](b.plain, "id", without(distinct(ids), b.units))
	for _, unit := range units {
		b.units[unit.ID] = unit
	}
	return err
}
