package training

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// The kinds of sessions, in the order in which they are shown.
var sessionKinds = []models.SessionKind{models.ClassSession, models.WorkshopSession, models.OnlineSession}

// Statistics returns the training statistics of a year. A year that has not begun
// by the as-of date is Invalid.
func (d *Desk) Statistics(ctx context.Context, q StatisticsQuery) (*Statistics, error) {
	begin, end := calendar.NewDate(q.Year, 1, 1), calendar.NewDate(q.Year, 12, 31)
	if q.AsOf < begin {
		return nil, models.InvalidFields([]models.Field{{Name: "year", Key: "statistics.year_future", Args: models.Args("Year", q.Year, "AsOf", q.AsOf)}})
	}
	s := &Statistics{Year: q.Year, AsOf: q.AsOf, Until: min(end, q.AsOf)}
	db := d.store.Read(ctx)
	units, err := unitsThen(db, []uint64{q.Unit.ID}, q.AsOf)
	if err != nil {
		return nil, err
	}
	if s.Unit = units[q.Unit.ID]; s.Unit.ID == 0 {
		s.Unit = q.Unit
	}
	for _, read := range []func(*gorm.DB) error{s.readSessions, s.readPeople, s.readUnits} {
		if err := read(db); err != nil {
			return nil, err
		}
	}
	return s, s.readRotations(ctx, d)
}

// present are the attendances a of people of the subtree who were present in the
// year, each with the unit p in which they worked.
func (s *Statistics) present(db *gorm.DB) *gorm.DB {
	query := db.Table("attendances a").
		Joins("JOIN unit_changes p ON p.unit_id = a.unit_id AND p.known_on <= ? AND p.known_until > ?", s.AsOf, s.AsOf).
		Where("a.known_on <= ? AND a.known_until > ? AND a.present", s.AsOf, s.AsOf).
		Where("a.held_on BETWEEN ? AND ?", calendar.NewDate(s.Year, 1, 1), s.Until)
	return rbac.Scope{s.Unit.Path}.Where(query, "p.path")
}

// counts select what AttendanceCount has but the minutes.
const (
	counts = "COUNT(*) AS attendances, SUM(a.tested AND a.passed IS NOT NULL) AS tested, SUM(a.tested AND COALESCE(a.passed, FALSE)) AS passed"
	valid  = "a.present AND (NOT a.tested OR a.passed)"
)

// readSessions counts what is counted by session: months, courses and kinds.
func (s *Statistics) readSessions(db *gorm.DB) error {
	var rows []struct {
		SessionID uint64
		Month     int
		AttendanceCount
	}
	err := s.present(db).Select("a.session_id, CAST(SUBSTR(a.held_on, 6, 2) AS SIGNED) AS month, " + counts).Group("a.session_id, month").Find(&rows).Error
	if err != nil {
		return fmt.Errorf("attendances of %d: %w", s.Year, store.Translate(err))
	}
	held, err := s.heldSessions(db)
	if err != nil {
		return err
	}
	ids := slices.Clone(held)
	for _, row := range rows {
		ids = append(ids, row.SessionID)
	}
	sessions, courses, err := sessionsByID(db, ids)
	if err != nil {
		return err
	}
	s.Sessions = len(held)
	s.Months = make([]MonthTraining, int(s.Until.Month()))
	for i := range s.Months {
		s.Months[i].Month = i + 1
	}
	byCourse := map[uint64]CourseTraining{}
	for _, row := range rows {
		course := courses[sessions[row.SessionID].CourseID]
		row.Minutes = row.Attendances * course.Minutes
		s.add(row.AttendanceCount)
		s.Months[row.Month-1].add(row.AttendanceCount)
		line := byCourse[course.ID]
		line.add(row.AttendanceCount)
		byCourse[course.ID] = line
	}
	byKind := map[models.SessionKind]int{}
	for _, id := range held {
		session := sessions[id]
		byKind[session.Kind]++
		line := byCourse[session.CourseID]
		line.Sessions++
		byCourse[session.CourseID] = line
		last := min(max(session.EndOn, calendar.NewDate(s.Year, 1, 1)), s.Until)
		s.Months[last.Month()-1].Sessions++
	}
	s.arrange(byKind, byCourse, courses)
	return nil
}

// arrange lists kinds in their order and courses by hours, the most first.
func (s *Statistics) arrange(byKind map[models.SessionKind]int, byCourse map[uint64]CourseTraining, courses map[uint64]models.Course) {
	for _, kind := range sessionKinds {
		s.Kinds = append(s.Kinds, KindSessions{kind, byKind[kind]})
	}
	for _, id := range slices.Sorted(maps.Keys(byCourse)) {
		line := byCourse[id]
		line.Course = courses[id]
		s.Courses = append(s.Courses, line)
	}
	slices.SortStableFunc(s.Courses, func(a, b CourseTraining) int { return cmp.Compare(b.Minutes, a.Minutes) })
}

// heldSessions returns the sessions of the subtree's offices at which somebody,
// of whatever unit, was present in the year.
func (s *Statistics) heldSessions(db *gorm.DB) ([]uint64, error) {
	var ids []uint64
	query := db.Table("training_sessions s").
		Joins("JOIN unit_changes p ON p.unit_id = s.unit_id AND p.known_on <= ? AND p.known_until > ?", s.AsOf, s.AsOf).
		Where("EXISTS (SELECT 1 FROM attendances a WHERE a.session_id = s.id AND a.known_on <= ? AND a.known_until > ? AND a.present AND a.held_on BETWEEN ? AND ?)",
			s.AsOf, s.AsOf, calendar.NewDate(s.Year, 1, 1), s.Until)
	if err := (rbac.Scope{s.Unit.Path}).Where(query, "p.path").Order("s.id").Pluck("s.id", &ids).Error; err != nil {
		return nil, fmt.Errorf("sessions held in %d: %w", s.Year, store.Translate(err))
	}
	return ids, nil
}

// readPeople counts persons, each once.
func (s *Statistics) readPeople(db *gorm.DB) error {
	var row struct{ Persons, Trained int }
	err := s.present(db).Select("COUNT(DISTINCT a.person_id) AS persons, COUNT(DISTINCT CASE WHEN " + valid + " THEN a.person_id END) AS trained").Find(&row).Error
	if err != nil {
		return fmt.Errorf("people trained in %d: %w", s.Year, store.Translate(err))
	}
	s.Persons, s.Trained = row.Persons, row.Trained
	return nil
}

// readUnits counts by child, and the unit's own people.
func (s *Statistics) readUnits(db *gorm.DB) error {
	below := strconv.Itoa(len(s.Unit.Path) + 1)
	child := "SUBSTR(p.path, " + below + ", INSTR(SUBSTR(p.path, " + below + "), '/') - 1)"
	var rows []struct {
		Part    string
		Persons int
		AttendanceCount
	}
	err := s.present(db).Joins("JOIN training_sessions s ON s.id = a.session_id").Joins("JOIN courses o ON o.id = s.course_id").
		Select(child + " AS part, COUNT(DISTINCT a.person_id) AS persons, SUM(o.minutes) AS minutes, " + counts).Group("part").Find(&rows).Error
	if err != nil {
		return fmt.Errorf("training of %d by unit: %w", s.Year, store.Translate(err))
	}
	counted := map[uint64]UnitTraining{}
	for _, row := range rows {
		id, err := strconv.ParseUint(row.Part, 10, 63)
		if err != nil { // the unit's own path has no further part
			id = s.Unit.ID
		}
		counted[id] = UnitTraining{Persons: row.Persons, AttendanceCount: row.AttendanceCount, Own: id == s.Unit.ID}
	}
	var units []models.Unit
	err = db.Table("unit_changes p").Joins("JOIN units u ON u.id = p.unit_id").Select("u.id, u.code, p.name, p.name_en, p.kind, p.class, p.path, p.opened_on, p.closed_on").
		Where("p.known_on <= ? AND p.known_until > ? AND (p.parent_id = ? OR p.unit_id = ?)", s.AsOf, s.AsOf, s.Unit.ID, s.Unit.ID).
		Order("length(p.path), p.position, p.unit_id").Find(&units).Error
	if err != nil {
		return fmt.Errorf("units of %s: %w", s.Unit.Code, store.Translate(err))
	}
	for _, unit := range units {
		if line, ok := counted[unit.ID]; ok {
			line.Unit = unit
			s.Units = append(s.Units, line)
		}
	}
	return nil
}

// readRotations adds the coverage of the rotations at the last day of the year,
// as it was known then.
func (s *Statistics) readRotations(ctx context.Context, d *Desk) error {
	refs, err := d.ledger.Rotations(ctx, s.Unit, s.Until)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		table, err := d.Coverage(ctx, compliance.RotationQuery{Unit: s.Unit, Policy: ref.Obligation.Policy, Obligation: ref.Obligation.Code, AsOf: s.Until})
		if err != nil {
			return err
		}
		if table.Begun() && table.Total.Units > 0 {
			s.Rotations = append(s.Rotations, table)
		}
	}
	return nil
}
