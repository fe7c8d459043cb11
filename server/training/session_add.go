package training

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// sessionUnknown is the refusal of a session that is not there, or that the actor
// does not see.
const sessionUnknown = "session.unknown"

// AddSession adds a session of a course whose office the actor manages courses
// of. A session may lie in the past: records of before are entered, too. Faulty
// fields are Invalid: days or times the wrong way round, no seat, a day after the
// end of next year.
func (d *Desk) AddSession(ctx context.Context, actor compliance.Actor, input SessionInput) (*models.TrainingSession, error) {
	var added models.TrainingSession
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		added, err = w.addSession(input)
		return err
	})
	return &added, err
}

func (w *write) addSession(input SessionInput) (models.TrainingSession, error) {
	row, err := input.session(w.today)
	course, unit, unseen := w.courseToHold(input.Course)
	if unseen != nil {
		return row, unseen
	}
	if err != nil {
		return row, err
	}
	if !course.RetiredOn.IsZero() && row.StartOn >= course.RetiredOn {
		var f faults
		f.add("course", "session.course_retired", "Course", course.Title, "On", course.RetiredOn)
		return row, f.err()
	}
	if row.RegionID, err = w.region(input.Region); err != nil {
		return row, err
	}
	if err := w.hold(unit); err != nil {
		return row, err
	}
	if row.Code == "" {
		row.Code, err = w.nextCode(&models.TrainingSession{}, fmt.Sprintf("%s-%d-", unit.Code, row.StartOn.Year()), 3)
	} else {
		err = w.freeCode(&models.TrainingSession{}, row.Code, 0)
	}
	if err != nil {
		return row, err
	}
	row.CourseID, row.UnitID, row.Status, row.Version = course.ID, unit.ID, models.SessionOpen, 1
	if err := w.tx.Create(&row).Error; err != nil {
		return row, fmt.Errorf("store session: %w", err)
	}
	facts, err := w.sessionFacts(row)
	if err != nil {
		return row, err
	}
	return row, w.record(event{action: "create", object: "session", id: row.ID, unit: &unit, permission: manageCourse, now: facts, detail: map[string]any{"course": course.Code}})
}

// courseToHold returns a course that the actor may add sessions of.
func (w *write) courseToHold(id uint64) (models.Course, models.Unit, error) {
	course, err := w.heldCourse(id)
	if err != nil {
		return course, models.Unit{}, err
	}
	unit, err := w.office(course.UnitID, manageCourse, courseUnknown)
	return course, unit, err
}

// courseByID returns a course; one that is not there is NotFound.
func courseByID(db *gorm.DB, id uint64) (models.Course, error) {
	var course models.Course
	err := db.Where("id = ?", id).Take(&course).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return course, models.NewError(models.NotFound, courseUnknown)
	}
	if err != nil {
		return course, fmt.Errorf("course: %w", store.Translate(err))
	}
	return course, nil
}

// region returns the id of the unit in whose region a session is held: one that
// the actor may read; nil for none.
func (w *write) region(code string) (*uint64, error) {
	if code == "" {
		return nil, nil
	}
	unit, err := readUnit(w.tx, w.actor, "code", code)
	if models.IsCode(err, models.NotFound) {
		var f faults
		f.add("region", "session.region_unknown", "Value", code)
		return nil, f.err()
	}
	return &unit.ID, err
}

// lockSession locks a session until the write ends and returns it with its
// course, which stays as it is; one that is not there is NotFound. Whether the actor may see it is not
// asked: see [write.office]. Sessions are locked before people, several of them
// in the order of their ids.
func (w *write) lockSession(id uint64) (models.TrainingSession, models.Course, error) {
	var row models.TrainingSession
	err := w.locked().Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, models.Course{}, models.NewError(models.NotFound, sessionUnknown)
	}
	if err != nil {
		return row, models.Course{}, fmt.Errorf("lock session: %w", err)
	}
	course, err := w.heldCourse(row.CourseID)
	return row, course, err
}

// sessionFacts are what the audit log tells of a session.
func (w *write) sessionFacts(s models.TrainingSession) (map[string]any, error) {
	var region models.Unit
	if s.RegionID != nil {
		if err := w.tx.Where("id = ?", *s.RegionID).Take(&region).Error; err != nil {
			return nil, fmt.Errorf("region of session: %w", err)
		}
	}
	return map[string]any{"code": s.Code, "kind": s.Kind, "place": s.Place, "region": region.Name, "start_on": s.StartOn, "end_on": s.EndOn,
		"start_time": Clock(s.StartMinute), "end_time": Clock(s.EndMinute), "capacity": s.Capacity, "lecturer": s.Lecturer, "status": s.Status}, nil
}
