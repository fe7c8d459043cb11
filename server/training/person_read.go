package training

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// PersonView is a person with all that is known of them, as far as the actor may
// read it.
type PersonView struct {
	models.Person
	// Home is the unit to which the person belongs today, nil where the actor may
	// not read it.
	Home *models.Unit
	// Postings are known now, the last one first; Before was known before they were
	// corrected.
	Postings, Before []PostingView
	Attendances      []PersonAttendance
	Nominations      []PersonNomination
	// MayEdit tells whether the actor may change name and numbers, MayMerge whether
	// they may make this and another person one.
	MayEdit, MayMerge bool
}

// PostingView is a posting with its unit; nil where the actor may not read it.
type PostingView struct {
	models.Posting
	Unit *models.Unit
	// By is who recorded it.
	By string
	// MayKeep tells whether the actor may change it.
	MayKeep bool
}

// PersonAttendance is an attendance with its session and course.
type PersonAttendance struct {
	models.Attendance
	Session models.TrainingSession
	Course  models.Course
}

// PersonNomination is a nomination that stands, to a session that is not over.
type PersonNomination struct {
	models.Nomination
	Session models.TrainingSession
	Course  models.Course
	// Absent tells that the person is on no roster on the session's days.
	Absent bool
}

// Person returns a person who is, or was, on a roster that the actor reads; any
// other is NotFound. The id of somebody who was merged leads to the one that was
// kept.
func (d *Desk) Person(ctx context.Context, actor compliance.Actor, id uint64) (*PersonView, error) {
	w := d.look(ctx, actor)
	id, err := standsFor(w.tx, id)
	if err != nil {
		return nil, err
	}
	c, err := w.openPerson(id)
	if err != nil {
		return nil, err
	}
	view := &PersonView{Person: c.person}
	for _, step := range []func(*PersonView) error{c.readPostings, c.readAttendances, c.readNominations} {
		if err := step(view); err != nil {
			return nil, err
		}
	}
	return view, nil
}

// standsFor returns the id of the person who is kept of somebody who was merged.
func standsFor(db *gorm.DB, id uint64) (uint64, error) {
	var person models.Person
	if err := db.Where("id = ?", id).Limit(1).Find(&person).Error; err != nil {
		return 0, fmt.Errorf("person: %w", store.Translate(err))
	}
	if person.MergedInto != nil {
		return *person.MergedInto, nil
	}
	return id, nil
}

// readPostings reads every posting that was ever known.
func (c *personChange) readPostings(view *PersonView) error {
	var rows []models.Posting
	if err := c.tx.Where("person_id = ? AND known_on < known_until", c.person.ID).Order("start_on DESC, id DESC").Find(&rows).Error; err != nil {
		return fmt.Errorf("postings of person: %w", store.Translate(err))
	}
	var err error
	if c.units, err = unitsByID(c.tx, unitsOfPostings(rows)); err != nil {
		return err
	}
	names, err := recorders(c.tx, rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		posting := PostingView{Posting: row}
		if unit := c.units[row.UnitID]; mayAt(c.write, readRotation, unit) {
			posting.Unit, posting.MayKeep = &unit, mayAt(c.write, keepRoster, unit)
			if row.RecordedBy != nil {
				posting.By = names[*row.RecordedBy]
			}
		}
		if row.KnownUntil == models.Forever {
			view.Postings = append(view.Postings, posting)
		} else {
			view.Before = append(view.Before, posting)
		}
	}
	if unit := c.units[c.home(c.today)]; mayAt(c.write, readRotation, unit) {
		view.Home = &unit
		view.MayEdit, view.MayMerge = mayAt(c.write, keepRoster, unit), mayAt(c.write, manageRoster, unit)
	}
	return nil
}

// recorders returns the names of who recorded postings.
func recorders(db *gorm.DB, rows []models.Posting) (map[uint64]string, error) {
	var ids []uint64
	for _, row := range rows {
		if row.RecordedBy != nil {
			ids = append(ids, *row.RecordedBy)
		}
	}
	var users []models.User
	if err := db.Select("id, name").Where("id IN ?", distinct(ids)).Find(&users).Error; err != nil {
		return nil, fmt.Errorf("who recorded postings: %w", store.Translate(err))
	}
	names := map[uint64]string{}
	for _, user := range users {
		names[user.ID] = user.Name
	}
	return names, nil
}

func (c *personChange) readAttendances(view *PersonView) error {
	var rows []models.Attendance
	if err := knownNow(c.tx, "attendances").Where("person_id = ?", c.person.ID).Order("held_on DESC, id DESC").Find(&rows).Error; err != nil {
		return fmt.Errorf("attendances of person: %w", store.Translate(err))
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.SessionID
	}
	sessions, courses, err := sessionsByID(c.tx, ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		session := sessions[row.SessionID]
		view.Attendances = append(view.Attendances, PersonAttendance{row, session, courses[session.CourseID]})
	}
	return nil
}

func (c *personChange) readNominations(view *PersonView) error {
	var rows []models.Nomination
	if err := c.tx.Where("person_id = ? AND ended = 0", c.person.ID).Order("id").Find(&rows).Error; err != nil {
		return fmt.Errorf("nominations of person: %w", store.Translate(err))
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.SessionID
	}
	sessions, courses, err := sessionsByID(c.tx, ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		session := sessions[row.SessionID]
		if session.Status != models.SessionOpen || session.EndOn < c.today {
			continue
		}
		from, to := attendableDays(session, c.today)
		view.Nominations = append(view.Nominations, PersonNomination{row, session, courses[session.CourseID], c.on(from) == nil || c.on(to) == nil})
	}
	slices.SortFunc(view.Nominations, func(a, b PersonNomination) int { return int(a.Session.StartOn - b.Session.StartOn) })
	return nil
}

// sessionsByID returns the sessions with the ids, and their courses.
func sessionsByID(db *gorm.DB, ids []uint64) (map[uint64]models.TrainingSession, map[uint64]models.Course, error) {
	plain := func() *gorm.DB { return db }
	list, err := rowsOf[models.TrainingSession](plain, "id", distinct(ids))
	if err != nil {
		return nil, nil, err
	}
	sessions := map[uint64]models.TrainingSession{}
	var courseIDs []uint64
	for _, session := range list {
		sessions[session.ID] = session
		courseIDs = append(courseIDs, session.CourseID)
	}
	found, err := rowsOf[models.Course](plain, "id", distinct(courseIDs))
	if err != nil {
		return nil, nil, err
	}
	courses := map[uint64]models.Course{}
	for _, course := range found {
		courses[course.ID] = course
	}
	return sessions, courses, nil
}

// PersonByCode returns the id of the person with the staff number, or the id
// behind a number sign, as models.Person.Code writes it. Whom the actor may not
// read is Invalid, as if they were not there: it is typed into a form.
func (d *Desk) PersonByCode(ctx context.Context, actor compliance.Actor, code string) (uint64, error) {
	w := d.look(ctx, actor)
	unknown := models.InvalidFields([]models.Field{{Name: "with", Key: "person.code_unknown", Args: models.Args("Code", code)}})
	code = cleanNumber(code)
	id, err := strconv.ParseUint(strings.TrimPrefix(code, "#"), 10, 63)
	if !strings.HasPrefix(code, "#") {
		var person models.Person
		if err := w.tx.Where("number = ?", code).Limit(1).Find(&person).Error; err != nil {
			return 0, fmt.Errorf("person by number: %w", store.Translate(err))
		}
		id, err = person.ID, nil
	}
	if err != nil || id == 0 {
		return 0, unknown
	}
	if id, err = standsFor(w.tx, id); err != nil {
		return 0, err
	}
	seen, err := w.seesPerson(id)
	if err == nil && !seen {
		err = unknown
	}
	return id, err
}
