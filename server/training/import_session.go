package training

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/store"
)

// sessionKey names a session by its course, a day and, where the file has one, its
// place.
type sessionKey struct {
	course uint64
	on     calendar.Date
	place  string
}

// NewSession is a session that an import makes for the records of before the
// system: held, with a seat for each of its people.
type NewSession struct {
	// Course is the id, Title what it is called.
	Course uint64        `json:"course"`
	Title  string        `json:"title"`
	On     calendar.Date `json:"on"`
	Place  string        `json:"place,omitempty"`
	People int           `json:"people"`
}

// importSessions are the sessions and courses that rows name, found once each.
type importSessions struct {
	byCode  map[string]*models.TrainingSession
	courses map[string][]models.Course
	byKey   map[sessionKey][]models.TrainingSession
	// foreseen are ids that stand for sessions that are to be made.
	foreseen map[sessionKey]uint64
}

func newImportSessions() *importSessions {
	return &importSessions{map[string]*models.TrainingSession{}, map[string][]models.Course{}, map[sessionKey][]models.TrainingSession{}, map[sessionKey]uint64{}}
}

// heldByUnits limits sessions or courses to those of the units in the import.
func (j *importJob) heldByUnits(db *gorm.DB, table string) *gorm.DB {
	held := j.actor.Access.Scope(recordAttendance.Object, recordAttendance.Action).
		Where(db.Select(table+".*").Joins("JOIN units u ON u.id = "+table+".unit_id"), "u.path")
	return rbac.NewScope(j.unit.Path).Where(held, "u.path")
}

// findSessions looks up the sessions of the lines.
func (j *importJob) findSessions(db *gorm.DB, lines []*importLine) error {
	if err := j.learnSessionCodes(db, lines); err != nil {
		return err
	}
	if err := j.learnCourses(db, lines); err != nil {
		return err
	}
	for _, line := range good(lines) {
		a := line.content.Attendance
		if a.sessionCode != "" {
			j.findCode(line, a)
			continue
		}
		if course := j.courseOf(line, a); course != nil {
			a.Course = course.ID
			if err := j.findKey(db, line, a, course.RetiredOn); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *importJob) learnSessionCodes(db *gorm.DB, lines []*importLine) error {
	var codes []string
	for _, line := range lines {
		code := line.content.Attendance.sessionCode
		if _, known := j.sessions.byCode[code]; code != "" && !known {
			j.sessions.byCode[code] = nil
			codes = append(codes, code)
		}
	}
	for chunk := range slices.Chunk(codes, batch) {
		var found []models.TrainingSession
		if err := j.heldByUnits(db, "training_sessions").Where("training_sessions.code IN ?", chunk).Find(&found).Error; err != nil {
			return fmt.Errorf("sessions of import: %w", store.Translate(err))
		}
		for i := range found {
			j.sessions.byCode[found[i].Code] = &found[i]
		}
	}
	return nil
}

func (j *importJob) learnCourses(db *gorm.DB, lines []*importLine) error {
	var names []string
	for _, line := range lines {
		name := line.content.Attendance.CourseText
		if _, known := j.sessions.courses[name]; name != "" && !known {
			j.sessions.courses[name] = nil
			names = append(names, name)
		}
	}
	for chunk := range slices.Chunk(names, batch) {
		asked := make(map[string]bool, len(chunk))
		for _, name := range chunk {
			asked[name] = true
		}
		var found []models.Course
		err := j.heldByUnits(db, "courses").Where("(courses.code IN ? OR courses.title IN ?)", chunk, chunk).Order("courses.code").Find(&found).Error
		if err != nil {
			return fmt.Errorf("courses of import: %w", store.Translate(err))
		}
		for _, course := range found {
			for _, name := range slices.Compact([]string{course.Code, course.Title}) {
				// Of names that nobody asked for not all courses are found.
				if asked[name] {
					j.sessions.courses[name] = append(j.sessions.courses[name], course)
				}
			}
		}
	}
	return nil
}

// findCode finds the session by its code; what else the row says of it must agree.
func (j *importJob) findCode(line *importLine, a *attendanceLine) {
	session := j.sessions.byCode[a.sessionCode]
	if session == nil {
		line.add(j.fault(line.number, columnSession, "imports.session_unknown", models.Args("Value", a.sessionCode, "Unit", nameOf(&j.unit))))
		return
	}
	a.Session = session.ID
	courses := j.sessions.courses[a.CourseText]
	if a.CourseText != "" && !slices.ContainsFunc(courses, func(c models.Course) bool { return c.ID == session.CourseID }) {
		line.add(j.fault(line.number, columnCourse, "imports.session_of_other_course", models.Args("Value", a.CourseText, "Session", a.sessionCode)))
	}
	if a.Place != "" && a.Place != session.Place {
		line.add(j.fault(line.number, columnPlace, "imports.session_at_other_place", models.Args("Value", a.Place, "Session", a.sessionCode, "Place", session.Place)))
	}
}

// courseOf returns the course that a line names by its code or title, or adds to
// the line why there is none.
func (j *importJob) courseOf(line *importLine, a *attendanceLine) *models.Course {
	switch courses := j.sessions.courses[a.CourseText]; len(courses) {
	case 0:
		line.add(j.fault(line.number, columnCourse, "imports.course_unknown", models.Args("Value", a.CourseText, "Unit", nameOf(&j.unit))))
		return nil
	case 1:
		return &courses[0]
	default:
		codes := make([]string, len(courses))
		for i, course := range courses {
			codes[i] = course.Code
		}
		line.add(j.fault(line.number, columnCourse, "imports.course_ambiguous", models.Args("Value", a.CourseText, "Codes", shortList(codes))))
		return nil
	}
}

// findKey finds the session of a course by its day and place. One can be made until
// the course was retired.
func (j *importJob) findKey(db *gorm.DB, line *importLine, a *attendanceLine, retired calendar.Date) error {
	key := sessionKey{a.Course, a.On, a.Place}
	if _, known := j.sessions.byKey[key]; !known {
		found, err := sessionsOf(db, key)
		if err != nil {
			return err
		}
		j.sessions.byKey[key] = found
	}
	switch found := j.sessions.byKey[key]; {
	case len(found) == 1:
		a.Session = found[0].ID
	case len(found) > 1:
		codes := make([]string, len(found))
		for i, session := range found {
			codes[i] = session.Code
		}
		line.add(j.fault(line.number, columnCourse, "imports.session_ambiguous", models.Args("Value", a.CourseText, "On", a.On, "Codes", shortList(codes))))
	case !j.options.CreateSessions || !retired.IsZero() && a.On >= retired:
		line.add(j.fault(line.number, columnOn, "imports.session_none", models.Args("Value", a.CourseText, "On", a.On)))
	default:
		j.checkHeld(line, a)
	}
	return nil
}

// checkHeld adds to the line what is wrong with the session that it would make, by
// the rules for one that is entered. Where it was held need not be known.
func (j *importJob) checkHeld(line *importLine, a *attendanceLine) {
	var f faults
	f.text("place", a.Place, maxTitle, false)
	f.days(models.TrainingSession{StartOn: a.On, EndOn: a.On}, dateOf(j.at))
	for _, field := range f {
		column := columnPlace
		if field.Name != "place" {
			column = columnOn
		}
		line.add(j.fault(line.number, column, field.Key, field.Args))
	}
}

// sessionsOf returns the sessions that the key names, cancelled ones left out.
func sessionsOf(db *gorm.DB, key sessionKey) ([]models.TrainingSession, error) {
	query := db.Where("course_id = ? AND start_on <= ? AND end_on >= ? AND status <> ?", key.course, key.on, key.on, models.SessionCancelled)
	if key.place != "" {
		query = query.Where("place = ?", key.place)
	}
	var found []models.TrainingSession
	if err := query.Order("code").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("sessions of import: %w", store.Translate(err))
	}
	return found, nil
}

// foreseenFrom is where ids begin that stand for sessions which are to be made: no
// database gets that far.
const foreseenFrom = 1 << 62

// foresee returns the id that stands in the book for a session that the import
// would make.
func (j *importJob) foresee(a *attendanceLine) uint64 {
	key := sessionKey{a.Course, a.On, a.Place}
	id, known := j.sessions.foreseen[key]
	if !known {
		id = foreseenFrom + uint64(len(j.sessions.foreseen))
		j.sessions.foreseen[key] = id
	}
	if sheets := j.book.book.sessions; sheets[id] == nil {
		for _, course := range j.sessions.courses[a.CourseText] {
			sheets[id] = &sessionSheet{course: course, TrainingSession: heldSession(course, key, maxCapacity)}
			sheets[id].ID = id
		}
	}
	return id
}

// heldSession is a session of before the system: of its time of the day nothing is
// known.
func heldSession(course models.Course, key sessionKey, people int) models.TrainingSession {
	return models.TrainingSession{CourseID: course.ID, UnitID: course.UnitID, Kind: models.ClassSession, Place: key.place, StartOn: key.on, EndOn: key.on,
		Capacity: people, Status: models.SessionHeld, Version: 1}
}

// isOfBefore tells whether the session is one that heldSession has made: others in
// a room have times.
func isOfBefore(s models.TrainingSession) bool {
	return s.Kind == models.ClassSession && s.Status == models.SessionHeld && s.StartMinute == 0 && s.EndMinute == 0
}

// keepGrown stores the sessions that got more seats while the book was in use.
func (w *write) keepGrown(j *importJob, book *attendanceBook) error {
	for _, id := range slices.Sorted(maps.Keys(book.grown)) {
		session := &book.sessions[id].TrainingSession
		unit := book.units[session.UnitID]
		if err := w.saveSession("edit", unit, book.grown[id], session, map[string]any{"import": j.row.ID}); err != nil {
			return err
		}
	}
	return nil
}

// planSession counts a person for the session that is to be made for the line.
func (j *importJob) planSession(a *attendanceLine) {
	for i := range j.options.Sessions {
		s := &j.options.Sessions[i]
		if s.Course == a.Course && s.On == a.On && s.Place == a.Place {
			s.People++
			return
		}
	}
	j.options.Sessions = append(j.options.Sessions, NewSession{Course: a.Course, Title: j.sessions.courses[a.CourseText][0].Title, On: a.On, Place: a.Place, People: 1})
}

// makeSession returns the session of a line that had none when the file was read:
// the one that there is by now, or a new one with a seat for each of its people.
func (w *write) makeSession(j *importJob, a *attendanceLine) (uint64, error) {
	key := sessionKey{a.Course, a.On, a.Place}
	if made, known := j.made[key]; known {
		return made, nil
	}
	course, unit, err := w.courseToHold(a.Course)
	if err != nil {
		return 0, err
	}
	if err := w.hold(unit); err != nil {
		return 0, err
	}
	found, err := sessionsOf(w.tx, key)
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		session, err := w.addHeldSession(j, unit, course, key)
		if err != nil {
			return 0, err
		}
		found = append(found, session)
	}
	j.made[key] = found[0].ID
	return found[0].ID, nil
}

func (w *write) addHeldSession(j *importJob, unit models.Unit, course models.Course, key sessionKey) (models.TrainingSession, error) {
	people := 0
	for _, s := range j.options.Sessions {
		if (sessionKey{s.Course, s.On, s.Place}) == key {
			people = s.People
		}
	}
	row := heldSession(course, key, people)
	var err error
	if row.Code, err = w.nextCode(&models.TrainingSession{}, fmt.Sprintf("%s-%d-", unit.Code, key.on.Year()), 3); err != nil {
		return row, err
	}
	if err := w.tx.Create(&row).Error; err != nil {
		return row, fmt.Errorf("store session: %w", err)
	}
	facts, err := w.sessionFacts(row)
	if err != nil {
		return row, err
	}
	return row, w.record(event{action: "create", object: "session", id: row.ID, unit: &unit, permission: manageCourse, now: facts,
		detail: map[string]any{"course": course.Code, "import": j.row.ID}})
}
