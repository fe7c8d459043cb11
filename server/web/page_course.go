package web

import (
	"fmt"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

// CoursesPage is the training plan of a unit for a year, and the courses that the
// unit can hold: its own and those of the offices above it.
type CoursesPage struct {
	Page
	Tabs  UnitTabs
	Unit  models.Unit
	Year  int
	Years []int
	Plan  PlanTable
	// PlanURL leads to the form of the plan and CopyURL copies last year's; empty
	// when the user does not manage courses, or there is a plan.
	PlanURL string
	CopyURL string
	// Refusal says why the plan was not copied.
	Refusal *models.Error
	Courses []CourseLine
	// Add is nil when the user does not manage courses.
	Add *OfficeForm
}

// PlanTable is a plan with what became of it.
type PlanTable struct{ training.PlanView }

// Exists tells whether there is a plan for the year.
func (p PlanTable) Exists() bool { return p.ID != 0 }

// Any tells whether there is anything to show.
func (p PlanTable) Any() bool { return len(p.Items)+len(p.Beyond) > 0 }

// CourseLine is a course in a list.
type CourseLine struct {
	training.CourseView
	URL string
	// Other tells that it belongs to an office above the unit.
	Other bool
}

// Hours is the course's length in decimal hours.
func (c CourseLine) Hours() string { return training.Hours(c.Minutes) }

func courseURL(id uint64) string { return fmt.Sprintf("/courses/%d", id) }

// newCoursesPage lays out the plan and the courses; manage tells that the user
// manages those of the unit.
func newCoursesPage(page Page, unit models.Unit, plan training.PlanView, courses []training.CourseView, manage bool) *CoursesPage {
	p := &CoursesPage{Page: page, Unit: unit, Year: plan.Year, Years: planYears(page.Today.Year(), plan.Year), Plan: PlanTable{plan}}
	for _, c := range courses {
		p.Courses = append(p.Courses, CourseLine{CourseView: c, URL: courseURL(c.ID), Other: c.UnitID != unit.ID})
	}
	if !manage {
		return p
	}
	p.PlanURL = planURL(unit, plan.Year)
	if plan.ID == 0 {
		p.CopyURL = unitURL(unit, "plan", "copy")
	}
	p.Add = newOfficeForm("course_add", "", unitURL(unit, "courses"), courseFields(models.Course{})...)
	return p
}

// planYears are the years that the pages of plans and sessions offer, the last
// one first: the years around today, and the one that is looked at.
func planYears(today, year int) []int {
	years := []int{year}
	for y := today - 4; y <= today+1; y++ {
		years = append(years, y)
	}
	slices.SortFunc(years, func(a, b int) int { return b - a })
	return slices.Compact(years)
}

func planURL(unit models.Unit, year int) string {
	return unitURL(unit, "plan") + "?year=" + strconv.Itoa(year)
}

func coursesURL(unit models.Unit, year int) string {
	return unitURL(unit, "courses") + "?year=" + strconv.Itoa(year)
}

// courseFields are the fields of a course, filled with one.
func courseFields(c models.Course) []FormField {
	hours, tested := "", ""
	if c.Minutes > 0 {
		hours = training.Hours(c.Minutes)
	}
	if c.Tested {
		tested = "1"
	}
	return []FormField{
		{Name: "title", Label: "course.title", Type: "text", Value: c.Title, Required: true},
		{Name: "subject", Label: "course.subject", Type: "text", Value: c.Subject},
		{Name: "audience", Label: "course.audience", Hint: "course.audience_hint", Type: "text", Value: c.Audience},
		{Name: "hours", Label: "course.hours", Hint: "course.hours_hint", Type: "decimal", Value: hours, Required: true},
		{Name: "tested", Label: "course.tested", Hint: "course.tested_hint", Type: "checkbox", Value: tested},
		{Name: "pass_mark", Label: "course.pass_mark", Hint: "course.pass_mark_hint", Type: "decimal", Value: c.PassMark},
		{Name: "code", Label: "course.code", Hint: "course.code_hint", Type: "text", Value: c.Code},
	}
}

// CoursePage is a course with its sessions.
type CoursePage struct {
	Page
	Tabs   UnitTabs
	Course models.Course
	Office models.Unit
	// Sessions are those of the last years and the next, the latest first.
	Sessions []SessionRow
	// AddURL leads to the form of a new session; empty when the user cannot add one.
	AddURL string
	Forms  []*OfficeForm
}

// Hours is the course's length in decimal hours.
func (p CoursePage) Hours() string { return training.Hours(p.Course.Minutes) }

// Retired tells whether no session can be added today.
func (p CoursePage) Retired() bool {
	return !p.Course.RetiredOn.IsZero() && p.Course.RetiredOn <= p.Today
}

// newCoursePage lays out a course; manage tells that the user manages it.
func newCoursePage(page Page, course models.Course, office models.Unit, sessions []training.SessionLine, manage bool) *CoursePage {
	p := &CoursePage{Page: page, Course: course, Office: office}
	for _, line := range slices.Backward(sessions) {
		p.Sessions = append(p.Sessions, newSessionRow(line, office, page.Today))
	}
	if !manage {
		return p
	}
	if !p.Retired() {
		p.AddURL = unitURL(office, "sessions", "new") + "?course=" + strconv.FormatUint(course.ID, 10)
	}
	path := courseURL(course.ID)
	edit := newOfficeForm("course_edit", "", path, courseFields(course)...)
	end := newOfficeForm("course_retire", "", path+"/retirement", FormField{Name: "on", Label: "course.retired_on", Hint: "course.retired_on_hint", Type: "date", Value: page.Today.String(), Required: true})
	if !course.RetiredOn.IsZero() {
		end = newOfficeForm("course_revive", "", path+"/retirement")
	}
	edit.Version, end.Version = course.Version, course.Version
	p.Forms = []*OfficeForm{edit, end}
	return p
}
