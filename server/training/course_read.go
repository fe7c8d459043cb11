package training

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// CourseView is a course with its office and how often it was scheduled, not
// counting sessions that were cancelled.
type CourseView struct {
	models.Course
	Office   models.Unit `gorm:"-"`
	Sessions int
	Held     int
	// LastOn is the first day of the last session; zero without one.
	LastOn calendar.Date
}

// Courses returns the courses of the unit and of the offices above it, of those
// that the actor sees: the unit's own first, retired ones last.
func (d *Desk) Courses(ctx context.Context, actor compliance.Actor, unit models.Unit) ([]CourseView, error) {
	db := d.store.Read(ctx)
	if _, err := readOffice(db, actor, unit.ID, "training.unit_unknown"); err != nil {
		return nil, err
	}
	var views []CourseView
	err := db.Table("courses c").Select("c.*, COUNT(s.id) AS sessions, COUNT(CASE WHEN s.status = 'held' THEN 1 END) AS held, MAX(s.start_on) AS last_on").
		Joins("LEFT JOIN training_sessions s ON s.course_id = c.id AND s.status <> ?", models.SessionCancelled).
		Where("c.unit_id IN ?", lineage(unit.Path)).Group("c.id").Order("c.retired_on IS NOT NULL, c.code").Find(&views).Error
	if err != nil {
		return nil, fmt.Errorf("courses of %s: %w", unit.Code, store.Translate(err))
	}
	var ids []uint64
	for _, v := range views {
		ids = append(ids, v.UnitID)
	}
	offices, err := unitsByID(db, ids)
	if err != nil {
		return nil, err
	}
	var own, others []CourseView
	for _, v := range views {
		v.Office = offices[v.UnitID]
		if v.UnitID == unit.ID {
			own = append(own, v)
		} else {
			others = append(others, v)
		}
	}
	return append(own, others...), nil
}

// Course returns a course of an office that the actor sees; any other is
// NotFound.
func (d *Desk) Course(ctx context.Context, actor compliance.Actor, id uint64) (*models.Course, models.Unit, error) {
	db := d.store.Read(ctx)
	course, err := courseByID(db, id)
	if err != nil {
		return nil, models.Unit{}, err
	}
	office, err := readOffice(db, actor, course.UnitID, courseUnknown)
	return &course, office, err
}
