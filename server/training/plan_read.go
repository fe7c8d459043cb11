package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// PlanProgress is what became of what was planned: sessions that were scheduled and
// not cancelled, how many of them are held, their seats, how many of those are
// taken, and the people who were there.
type PlanProgress struct{ Sessions, Held, Seats, Seated, Attended int }

func (p *PlanProgress) add(s scheduled) {
	p.Sessions++
	if s.Status == models.SessionHeld {
		p.Held++
	}
	p.Seats += s.Capacity
	p.Seated += s.Seated
	p.Attended += s.Attended
}

// scheduled is a session with how many people were there.
type scheduled struct {
	models.TrainingSession
	Attended int
}

// PlannedItem is an item of a plan with what became of it.
type PlannedItem struct {
	models.PlanItem
	Course models.Course
	Done   PlanProgress
}

// PlanView is the plan of a unit for a year. Its sessions are those that the unit
// holds in the year, and those of offices above it of courses that it plans.
type PlanView struct {
	models.TrainingPlan
	Items []PlannedItem
	// Beyond is what was scheduled and not planned, by course.
	Beyond []PlannedItem
	// Sessions and Seats are those planned in all, Done what became of everything.
	Sessions, Seats int
	Done            PlanProgress
}

// Plan returns the plan of an office that the actor sees; without one for the
// year the view has no id and all sessions of the year are beyond it.
func (d *Desk) Plan(ctx context.Context, actor compliance.Actor, unit models.Unit, year int) (*PlanView, error) {
	db := d.store.Read(ctx)
	if _, err := readOffice(db, actor, unit.ID, "training.unit_unknown"); err != nil {
		return nil, err
	}
	plan, items, err := planOf(db, unit.ID, year)
	if err != nil {
		return nil, err
	}
	view := &PlanView{TrainingPlan: plan}
	view.Year = year
	sessions, err := scheduledBy(db, unit, year, items)
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, item := range items {
		ids = append(ids, item.CourseID)
	}
	for _, s := range sessions {
		ids = append(ids, s.CourseID)
	}
	courses, err := coursesByID(db, ids)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		view.Items = append(view.Items, PlannedItem{PlanItem: item, Course: courses[item.CourseID]})
		view.Sessions, view.Seats = view.Sessions+item.Sessions, view.Seats+item.Seats
	}
	view.credit(sessions, courses)
	return view, nil
}

// credit brings sessions to the items of the plan: to the one of their month, or
// else to the first one of their course that lacks sessions. What no item asks for
// is beyond the plan.
func (v *PlanView) credit(sessions []scheduled, courses map[uint64]models.Course) {
	var moved []scheduled
	for _, s := range sessions {
		v.Done.add(s)
		if item := v.item(func(i *PlannedItem) bool { return i.CourseID == s.CourseID && i.Month == int(s.StartOn.Month()) }); item != nil {
			item.Done.add(s)
		} else {
			moved = append(moved, s)
		}
	}
	for _, s := range moved {
		if item := v.item(func(i *PlannedItem) bool { return i.CourseID == s.CourseID && i.Done.Sessions < i.Sessions }); item != nil {
			item.Done.add(s)
			continue
		}
		at := slices.IndexFunc(v.Beyond, func(i PlannedItem) bool { return i.CourseID == s.CourseID })
		if at < 0 {
			at = len(v.Beyond)
			v.Beyond = append(v.Beyond, PlannedItem{PlanItem: models.PlanItem{CourseID: s.CourseID}, Course: courses[s.CourseID]})
		}
		v.Beyond[at].Done.add(s)
	}
}

// item returns the first item that is asked for, or nil.
func (v *PlanView) item(asked func(*PlannedItem) bool) *PlannedItem {
	for i := range v.Items {
		if asked(&v.Items[i]) {
			return &v.Items[i]
		}
	}
	return nil
}

// planOf returns the plan of the unit for the year with its items by month; the
// zero plan for none.
func planOf(db *gorm.DB, unit uint64, year int) (models.TrainingPlan, []models.PlanItem, error) {
	var plan models.TrainingPlan
	if err := db.Where("unit_id = ? AND year = ?", unit, year).Limit(1).Find(&plan).Error; err != nil {
		return plan, nil, fmt.Errorf("plan: %w", store.Translate(err))
	}
	if plan.ID == 0 {
		return plan, nil, nil
	}
	var items []models.PlanItem
	if err := db.Where("plan_id = ?", plan.ID).Order("month, id").Find(&items).Error; err != nil {
		return plan, nil, fmt.Errorf("items of plan: %w", store.Translate(err))
	}
	return plan, items, nil
}

// scheduledBy returns the sessions of the year that count for the unit's plan and
// were not cancelled, by day.
func scheduledBy(db *gorm.DB, unit models.Unit, year int, items []models.PlanItem) ([]scheduled, error) {
	var planned []uint64
	for _, item := range items {
		planned = append(planned, item.CourseID)
	}
	var sessions []scheduled
	err := db.Table("training_sessions s").Select("s.*, (SELECT COUNT(*) FROM attendances a WHERE a.session_id = s.id AND a.known_until = ? AND a.present) AS attended", models.Forever).
		Where("s.start_on >= ? AND s.start_on < ? AND s.status <> ?", monthStart(year, 1), monthStart(year+1, 1), models.SessionCancelled).
		Where("(s.unit_id = ? OR (s.unit_id IN ? AND s.course_id IN ?))", unit.ID, lineage(unit.Path), append(planned, 0)).
		Order("s.start_on, s.id").Find(&sessions).Error
	if err != nil {
		return nil, fmt.Errorf("sessions of %d: %w", year, store.Translate(err))
	}
	return sessions, nil
}

// coursesByID returns the courses with the ids.
func coursesByID(db *gorm.DB, ids []uint64) (map[uint64]models.Course, error) {
	rows, err := rowsOf[models.Course](func() *gorm.DB { return db }, "id", distinct(ids))
	if err != nil {
		return nil, fmt.Errorf("courses: %w", err)
	}
	courses := make(map[uint64]models.Course, len(rows))
	for _, row := range rows {
		courses[row.ID] = row
	}
	return courses, nil
}
