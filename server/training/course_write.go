package training

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// courseUnknown is the refusal of a course that is not there, or that the actor
// does not see.
const courseUnknown = "course.unknown"

// AddCourse enters a course of the unit with the code. The actor manages courses
// there; faulty fields are Invalid.
func (d *Desk) AddCourse(ctx context.Context, actor compliance.Actor, unit string, input CourseInput) (*models.Course, error) {
	var added models.Course
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		added, err = w.addCourse(unit, input)
		return err
	})
	return &added, err
}

func (w *write) addCourse(code string, input CourseInput) (models.Course, error) {
	unit, err := w.lockUnit(code)
	if err != nil {
		return models.Course{}, err
	}
	row, err := input.course()
	if err != nil {
		return row, err
	}
	if row.Code == "" {
		row.Code, err = w.nextCode(&models.Course{}, unit.Code+"-K", 2)
	} else {
		err = w.freeCode(&models.Course{}, row.Code, 0)
	}
	if err != nil {
		return row, err
	}
	row.UnitID, row.Version = unit.ID, 1
	if err := w.tx.Create(&row).Error; err != nil {
		return row, fmt.Errorf("store course: %w", err)
	}
	return row, w.record(event{action: "create", object: "course", id: row.ID, unit: &unit, permission: manageCourse, now: courseFacts(row)})
}

// EditCourse changes a course that has the version. Sessions that were held
// keep what was recorded of them. A version that somebody else has changed is
// Stale.
func (d *Desk) EditCourse(ctx context.Context, actor compliance.Actor, id uint64, version int, input CourseInput) (*models.Course, error) {
	var edited models.Course
	err := d.write(ctx, actor, func(w *write) error {
		row, unit, err := w.lockCourse(id, version)
		if err != nil {
			return err
		}
		edited, err = input.course()
		if err != nil {
			return err
		}
		if edited.Code == "" {
			edited.Code = row.Code
		}
		if err := w.freeCode(&models.Course{}, edited.Code, id); err != nil {
			return err
		}
		if err := w.testMayChange(row, edited); err != nil {
			return err
		}
		edited.ID, edited.UnitID, edited.RetiredOn = row.ID, row.UnitID, row.RetiredOn
		return w.saveCourse("edit", unit, row, &edited)
	})
	return &edited, err
}

// testMayChange refuses to turn the test of a course on or off, or to move its
// pass mark or its hours, once people have attended it: what they were told, and
// the hours of years that are over, would change.
func (w *write) testMayChange(before, now models.Course) error {
	if before.Tested == now.Tested && before.PassMark == now.PassMark && before.Minutes == now.Minutes {
		return nil
	}
	var attended int64
	err := w.tx.Model(&models.Attendance{}).Joins("JOIN training_sessions s ON s.id = attendances.session_id").
		Where("s.course_id = ?", before.ID).Limit(1).Count(&attended).Error
	if err != nil {
		return fmt.Errorf("attendances of course: %w", err)
	}
	var f faults
	if attended > 0 && before.Minutes != now.Minutes {
		f.add("hours", "course.hours_settled")
	}
	if attended > 0 && (before.Tested != now.Tested || before.PassMark != now.PassMark) {
		f.add("tested", "course.test_settled")
	}
	return f.err()
}

// RetireCourse ends a course: from the day on no session of it can be added. No
// day brings it back.
func (d *Desk) RetireCourse(ctx context.Context, actor compliance.Actor, id uint64, version int, on calendar.Date) (*models.Course, error) {
	var retired models.Course
	err := d.write(ctx, actor, func(w *write) error {
		row, unit, err := w.lockCourse(id, version)
		if err != nil {
			return err
		}
		retired = row
		retired.RetiredOn = on
		action := "retire"
		if on.IsZero() {
			action = "revive"
		}
		return w.saveCourse(action, unit, row, &retired)
	})
	return &retired, err
}

// lockCourse locks a course that the actor may manage and that has the version.
func (w *write) lockCourse(id uint64, version int) (models.Course, models.Unit, error) {
	var row models.Course
	err := w.locked().Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, models.Unit{}, models.NewError(models.NotFound, courseUnknown)
	}
	if err != nil {
		return row, models.Unit{}, fmt.Errorf("course: %w", err)
	}
	unit, err := w.office(row.UnitID, manageCourse, courseUnknown)
	if err == nil && row.Version != version {
		err = models.NewError(models.Stale, "course.stale", "Course", row.Title)
	}
	return row, unit, err
}

// holdCourses keeps courses as they are until the write ends: whether there is a
// test, and whether they are retired. Many hold one at once. They are held after
// the sessions of them are locked, and before people.
func (w *write) holdCourses(ids []uint64) error {
	if w.looks || w.store.Dialect() != store.MySQL {
		return nil // there is one writer at a time
	}
	for chunk := range slices.Chunk(distinct(ids), batch) {
		// MariaDB does not know FOR SHARE.
		if err := w.tx.Exec("SELECT id FROM courses WHERE id IN ? ORDER BY id LOCK IN SHARE MODE", chunk).Error; err != nil {
			return fmt.Errorf("hold courses: %w", err)
		}
	}
	return nil
}

// heldCourse returns a course that stays as it is until the write ends; one that
// is not there is NotFound.
func (w *write) heldCourse(id uint64) (models.Course, error) {
	if err := w.holdCourses([]uint64{id}); err != nil {
		return models.Course{}, err
	}
	return courseByID(w.tx, id)
}

func (w *write) saveCourse(action string, unit models.Unit, before models.Course, now *models.Course) error {
	now.Version = before.Version + 1
	if err := w.tx.Save(now).Error; err != nil {
		return fmt.Errorf("store course: %w", err)
	}
	return w.record(event{action: action, object: "course", id: now.ID, unit: &unit, permission: manageCourse, before: courseFacts(before), now: courseFacts(*now)})
}

func courseFacts(c models.Course) map[string]any {
	return map[string]any{"code": c.Code, "title": c.Title, "topic": c.Subject, "audience": c.Audience, "hours": Hours(c.Minutes),
		"tested": c.Tested, "pass_mark": c.PassMark, "retired_on": c.RetiredOn}
}
