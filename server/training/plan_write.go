package training

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
)

// PutPlan enters the training plan of a year of the unit with the code, or
// changes it: version is that of the plan as it was read, 0 for none. Items name
// courses of the unit or of an office above it. A version that somebody else has
// changed is Stale, faulty fields are Invalid.
func (d *Desk) PutPlan(ctx context.Context, actor compliance.Actor, unit string, version int, input PlanInput) (*models.TrainingPlan, error) {
	var put models.TrainingPlan
	err := d.write(ctx, actor, func(w *write) error {
		office, err := w.lockUnit(unit)
		if err != nil {
			return err
		}
		put, err = w.putPlan(office, version, input)
		return err
	})
	return &put, err
}

func (w *write) putPlan(office models.Unit, version int, input PlanInput) (models.TrainingPlan, error) {
	plan, items, err := input.plan(w.today)
	if err != nil {
		return plan, err
	}
	before, old, err := planOf(w.tx, office.ID, plan.Year)
	if err != nil {
		return plan, err
	}
	if before.Version != version {
		return plan, models.NewError(models.Stale, "plan.stale", "Year", strconv.Itoa(plan.Year))
	}
	courses, err := w.plannedCourses(office, plan.Year, items, old)
	if err != nil {
		return plan, err
	}
	plan.ID, plan.UnitID, plan.Version = before.ID, office.ID, version+1
	if err := w.storePlan(&plan, items); err != nil {
		return plan, err
	}
	e := event{action: "put", object: "plan", id: plan.ID, unit: &office, permission: manageCourse, now: planFacts(plan, items, courses)}
	if before.ID != 0 {
		e.before = planFacts(before, old, courses)
	}
	return plan, w.record(e)
}

// storePlan stores a plan; its items take the place of those it had.
func (w *write) storePlan(plan *models.TrainingPlan, items []models.PlanItem) error {
	if err := w.tx.Save(plan).Error; err != nil {
		return fmt.Errorf("store plan: %w", err)
	}
	if err := w.tx.Where("plan_id = ?", plan.ID).Delete(&models.PlanItem{}).Error; err != nil {
		return fmt.Errorf("remove items of plan: %w", err)
	}
	for i := range items {
		items[i].PlanID = plan.ID
	}
	if len(items) == 0 {
		return nil
	}
	if err := w.tx.CreateInBatches(items, batch).Error; err != nil {
		return fmt.Errorf("store items of plan: %w", err)
	}
	return nil
}

// plannedCourses returns the courses of the items and of those that the plan had,
// and refuses items of courses that the unit cannot hold: those of other offices,
// and those retired by the item's month.
func (w *write) plannedCourses(office models.Unit, year int, items, old []models.PlanItem) (map[uint64]models.Course, error) {
	var ids []uint64
	for _, item := range slices.Concat(items, old) {
		ids = append(ids, item.CourseID)
	}
	courses, err := coursesByID(w.tx, ids)
	if err != nil {
		return nil, err
	}
	offices := lineage(office.Path)
	had := func(course uint64) bool {
		return slices.ContainsFunc(old, func(item models.PlanItem) bool { return item.CourseID == course })
	}
	var f faults
	for i, item := range items {
		course, known := courses[item.CourseID]
		retired := !course.RetiredOn.IsZero() && course.RetiredOn <= monthStart(year, item.Month)
		switch {
		case !known || !slices.Contains(offices, course.UnitID):
			f.add(itemField(i, "course"), "plan.course_unknown")
		case retired && !had(item.CourseID):
			f.add(itemField(i, "course"), "session.course_retired", "Course", course.Title, "On", course.RetiredOn)
		}
	}
	return courses, f.err()
}

// CopyPlan enters the plan of a year with the items and the goal of the year
// before; courses that were retired since are left out. A year that has a plan
// already is a Conflict; without one the year before it is NotFound.
func (d *Desk) CopyPlan(ctx context.Context, actor compliance.Actor, unit string, year int) (*models.TrainingPlan, error) {
	var put models.TrainingPlan
	err := d.write(ctx, actor, func(w *write) error {
		office, err := w.lockUnit(unit)
		if err != nil {
			return err
		}
		standing, _, err := planOf(w.tx, office.ID, year)
		if err != nil {
			return err
		}
		if standing.ID != 0 {
			return models.NewError(models.Conflict, "plan.exists", "Year", strconv.Itoa(year))
		}
		input, err := w.planToCopy(office, year)
		if err != nil {
			return err
		}
		put, err = w.putPlan(office, 0, input)
		return err
	})
	return &put, err
}

// planToCopy returns the plan of the year before as one of the year.
func (w *write) planToCopy(office models.Unit, year int) (PlanInput, error) {
	last, items, err := planOf(w.tx, office.ID, year-1)
	if err != nil {
		return PlanInput{}, err
	}
	if last.ID == 0 {
		return PlanInput{}, models.NewError(models.NotFound, "plan.none_to_copy", "Year", strconv.Itoa(year-1))
	}
	input := PlanInput{Year: year, Title: strings.ReplaceAll(last.Title, strconv.Itoa(year-1), strconv.Itoa(year)), Goal: last.Goal}
	var ids []uint64
	for _, item := range items {
		ids = append(ids, item.CourseID)
	}
	courses, err := coursesByID(w.tx, ids)
	if err != nil {
		return input, err
	}
	for _, item := range items {
		if on := courses[item.CourseID].RetiredOn; on.IsZero() || on > monthStart(year, item.Month) {
			input.Items = append(input.Items, PlanItemInput{Course: item.CourseID, Month: item.Month, Sessions: item.Sessions, Seats: item.Seats, Note: item.Note})
		}
	}
	return input, nil
}

// planFacts are what the audit log tells of a plan. An item is its month, its
// course and its numbers.
func planFacts(p models.TrainingPlan, items []models.PlanItem, courses map[uint64]models.Course) map[string]any {
	lines := make([]string, len(items))
	sessions, seats := 0, 0
	for i, item := range items {
		lines[i] = fmt.Sprintf("%d-%02d %s %d/%d", p.Year, item.Month, courses[item.CourseID].Code, item.Sessions, item.Seats)
		sessions, seats = sessions+item.Sessions, seats+item.Seats
	}
	return map[string]any{"year": p.Year, "title": p.Title, "goal": p.Goal, "document": p.Document, "adopted_on": p.AdoptedOn, "url": p.URL,
		"plan_items": lines, "sessions": sessions, "seats": seats}
}
