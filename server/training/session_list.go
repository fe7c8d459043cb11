package training

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// SessionQuery asks for the sessions that concern a unit: those that it holds and
// those of the offices above it.
type SessionQuery struct {
	Unit models.Unit
	// From and To bound the days, both included; a session that touches them is
	// listed.
	From, To calendar.Date
	// Course narrows to one course, unless 0.
	Course uint64
	// Below lists those of the offices below the unit, too.
	Below bool
	// Limit is the most that is listed, from the first day on.
	Limit int
}

// SessionLine is a session in a list.
type SessionLine struct {
	SessionView
	// Mine are the seats that people of the unit's subtree have, MineWaiting those of
	// them who wait.
	Mine, MineWaiting int
}

// Sessions lists sessions by day, and tells whether there are more than the limit.
func (d *Desk) Sessions(ctx context.Context, actor compliance.Actor, q SessionQuery) ([]SessionLine, bool, error) {
	db := d.store.Read(ctx)
	var rows []models.TrainingSession
	query := seen(db, actor, "u.path", "u.id").Table("training_sessions s").Select("s.*").Joins("JOIN units u ON u.id = s.unit_id").
		Where("s.start_on <= ? AND s.end_on >= ?", q.To, q.From).Where(concerning(db, q))
	if q.Course != 0 {
		query = query.Where("s.course_id = ?", q.Course)
	}
	if err := query.Order("s.start_on, s.start_minute, s.id").Limit(q.Limit + 1).Find(&rows).Error; err != nil {
		return nil, false, fmt.Errorf("sessions of %s: %w", q.Unit.Code, store.Translate(err))
	}
	more := len(rows) > q.Limit
	lines, err := sessionLines(db, rows[:min(len(rows), q.Limit)])
	if err != nil {
		return nil, false, err
	}
	return lines, more, addMine(db, actor, q.Unit, lines)
}

// concerning is the condition of sessions that concern the unit.
func concerning(db *gorm.DB, q SessionQuery) *gorm.DB {
	fresh := db.Session(&gorm.Session{NewDB: true})
	condition := fresh.Where("s.unit_id IN ?", lineage(q.Unit.Path))
	if q.Below {
		condition = condition.Or(rbac.Scope{q.Unit.Path}.Where(fresh, "u.path"))
	}
	return condition
}

// sessionLines brings courses, offices and regions to sessions.
func sessionLines(db *gorm.DB, rows []models.TrainingSession) ([]SessionLine, error) {
	var courseIDs, unitIDs []uint64
	for _, row := range rows {
		courseIDs, unitIDs = append(courseIDs, row.CourseID), append(unitIDs, row.UnitID)
		if row.RegionID != nil {
			unitIDs = append(unitIDs, *row.RegionID)
		}
	}
	courses, err := coursesByID(db, courseIDs)
	if err != nil {
		return nil, err
	}
	units, err := unitsByID(db, unitIDs)
	if err != nil {
		return nil, err
	}
	lines := make([]SessionLine, len(rows))
	for i, row := range rows {
		lines[i].SessionView = SessionView{TrainingSession: row, Course: courses[row.CourseID], Office: units[row.UnitID]}
		if row.RegionID != nil {
			region := units[*row.RegionID]
			lines[i].Region = &region
		}
	}
	return lines, nil
}

// addMine counts the nominations of people of the unit's subtree, as far as the
// actor reads it.
func addMine(db *gorm.DB, actor compliance.Actor, unit models.Unit, lines []SessionLine) error {
	ids, at := make([]uint64, len(lines)), map[uint64]int{}
	for i, line := range lines {
		ids[i], at[line.ID] = line.ID, i
	}
	var counts []struct {
		SessionID uint64
		Status    models.NominationStatus
		Count     int
	}
	query := db.Table("nominations n").Select("n.session_id, n.status, COUNT(*) AS count").Joins("JOIN units u ON u.id = n.unit_id").
		Where("n.session_id IN ? AND n.ended = 0", ids).Group("n.session_id, n.status")
	query = rbac.Scope{unit.Path}.Where(actor.Access.Scope(readRotation.Object, readRotation.Action).Where(query, "u.path"), "u.path")
	if err := query.Scan(&counts).Error; err != nil {
		return fmt.Errorf("nominations by session: %w", store.Translate(err))
	}
	for _, c := range counts {
		line := &lines[at[c.SessionID]]
		if c.Status == models.NominationWaiting {
			line.MineWaiting += c.Count
		} else {
			line.Mine += c.Count
		}
	}
	return nil
}
