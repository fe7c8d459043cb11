package training

import (
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/exchange"
)

// attendanceImport takes over who was at which session.
type attendanceImport struct{}

// attendanceLine is what a row says of an attendance. The names that the file has
// for session and person are looked up while it is read.
type attendanceLine struct {
	sessionCode, name, number, idHash string

	// Session is the id; 0 for one that is to be made, of Course at Place.
	Session uint64 `json:"session,omitempty"`
	Person  uint64 `json:"person,omitempty"`
	// Course is the id, and as the file has it; Place as well.
	Course     uint64        `json:"course_id,omitempty"`
	CourseText string        `json:"course,omitempty"`
	Place      string        `json:"place,omitempty"`
	On         calendar.Date `json:"on,omitzero"`
	Present    bool          `json:"present,omitempty"`
	Passed     *bool         `json:"passed,omitempty"`
	Score      string        `json:"score,omitempty"`
}

func (attendanceImport) table() exchange.Table { return attendanceTable }

func (attendanceImport) permission() rbac.Permission { return recordAttendance }

func (attendanceImport) read(j *importJob, row *exchange.Row, line *importLine) {
	a := &attendanceLine{
		sessionCode: row.Text(columnSession), CourseText: row.Text(columnCourse), Place: row.Text(columnPlace), On: row.Date(columnOn),
		name: cleanName(row.Text(columnName)), number: cleanNumber(row.Text(columnNumber)), Present: row.Yes(columnPresent),
	}
	a.idHash, _ = j.readID(row, line)
	if row.Given(columnPassed) {
		passed := row.Yes(columnPassed)
		a.Passed = &passed
	}
	if row.Given(columnScore) {
		a.Score = row.Decimal(columnScore).String()
	}
	line.content.Attendance, line.unit = a, unitRef{row.Text(columnUnitCode), row.Text(columnUnitName)}
	switch {
	case line.bad(): // what could not be read may be what is missing
	case a.sessionCode == "" && a.CourseText == "":
		line.add(j.fault(line.number, columnSession, "imports.session_missing", nil))
	case a.sessionCode == "" && a.On.IsZero():
		line.add(j.fault(line.number, columnOn, "imports.on_missing", nil))
	}
	switch {
	case line.bad():
	case a.name == "" && a.number == "" && a.idHash == "":
		line.add(j.fault(line.number, columnName, "imports.person_missing", nil))
	case a.number == "" && a.idHash == "" && line.unit == (unitRef{}):
		line.add(j.fault(line.number, j.unitColumn(), "imports.person_unit_missing", nil))
	}
}

func (k attendanceImport) check(j *importJob, db *gorm.DB, lines []*importLine) error {
	if j.row.Status != models.ImportReading {
		return nil // what the names mean is known
	}
	if err := j.learnUnits(db, lines); err != nil {
		return err
	}
	if err := j.findSessions(db, lines); err != nil {
		return err
	}
	if err := j.findPeople(db, lines); err != nil {
		return err
	}
	for _, line := range good(lines) {
		j.refuseTwice(line, line.content.Attendance.identity())
	}
	return nil
}

// identity tells who was at which session.
func (a *attendanceLine) identity() string {
	if a.Session == 0 {
		return asJSON([]any{a.Person, a.Course, a.On, a.Place})
	}
	return asJSON([]any{a.Person, a.Session})
}

func (attendanceImport) entries(lines []*importLine) []AttendanceEntry {
	entries := make([]AttendanceEntry, len(lines))
	for i, line := range lines {
		a := line.content.Attendance
		entries[i] = AttendanceEntry{Session: a.Session, Person: a.Person, On: a.On, Present: a.Present, Passed: a.Passed, Score: a.Score,
			Source: models.AttendanceByImport}
	}
	return entries
}

func (k attendanceImport) preview(j *importJob, db *gorm.DB, lines []*importLine) ([]EntryOutcome, error) {
	if j.book == nil {
		j.book = j.desk.previewAttendances(db.Statement.Context, j.actor)
		j.book.book.grows = j.options.CreateSessions
	}
	entries := k.entries(lines)
	for i, line := range lines {
		if entries[i].Session == 0 {
			entries[i].Session = j.foresee(line.content.Attendance)
		}
	}
	return j.book.look(entries)
}

func (k attendanceImport) apply(w *write, j *importJob, lines []*importLine) ([]EntryOutcome, error) {
	entries := k.entries(lines)
	for i, line := range lines {
		if entries[i].Session == 0 {
			var err error
			if entries[i].Session, err = w.makeSession(j, line.content.Attendance); err != nil {
				return nil, err
			}
		}
	}
	book := w.attendanceBook()
	book.grows = j.options.CreateSessions
	if err := book.learn(entries); err != nil {
		return nil, err
	}
	outcomes, _, err := w.takeOver(book, entries)
	if err != nil {
		return nil, err
	}
	return outcomes, w.keepGrown(j, book)
}

func (attendanceImport) column(j *importJob, field string) string {
	names := map[string][]string{"session": {columnSession, columnCourse}, "person": {columnName, columnNumber, columnID}, "on": {columnOn, columnSession}}[field]
	for _, column := range names {
		if j.has(column) {
			return column
		}
	}
	return field
}
