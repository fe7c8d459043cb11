package training

import (
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// StatisticsQuery asks for the training statistics of a year, as known at the end
// of the as-of date.
type StatisticsQuery struct {
	Unit models.Unit
	Year int
	AsOf calendar.Date
}

// Statistics (年度培训统计) are what the annual report says of training in a unit's
// subtree. Sessions are those held by its offices, people those who worked in its
// units on the day, in the tree of the as-of date.
type Statistics struct {
	// Unit is as it was known on the as-of date.
	Unit models.Unit
	Year int
	AsOf calendar.Date
	// Until is the last day that is counted: the year's end, or the as-of date.
	Until calendar.Date
	// Sessions are those held, with somebody present in the year, by kind.
	Sessions int
	Kinds    []KindSessions
	AttendanceCount
	// Persons are those present at least once, Trained those of them with a valid
	// attendance.
	Persons, Trained int
	Months           []MonthTraining
	Courses          []CourseTraining
	Units            []UnitTraining
	Rotations        []*compliance.RotationTable
}

// AttendanceCount counts attendances of people who were present.
type AttendanceCount struct {
	// Attendances are person-times, Minutes person-minutes of their courses.
	Attendances, Minutes int
	// Tested are those whose test has a result, Passed those of them who passed.
	Tested, Passed int
}

func (c *AttendanceCount) add(other AttendanceCount) {
	c.Attendances += other.Attendances
	c.Minutes += other.Minutes
	c.Tested += other.Tested
	c.Passed += other.Passed
}

// Hours are the person-hours with at most one decimal, cut off.
func (c AttendanceCount) Hours() string {
	tenths := c.Minutes / 6
	if tenths%10 == 0 {
		return strconv.Itoa(tenths / 10)
	}
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

// KindSessions counts the sessions of a kind.
type KindSessions struct {
	Kind     models.SessionKind
	Sessions int
}

// MonthTraining is the training of a month; its sessions are counted in the month
// of their last day.
type MonthTraining struct {
	Month, Sessions int
	AttendanceCount
}

// CourseTraining is the training by a course: the sessions of the subtree's
// offices, and the people of the subtree at any session of it.
type CourseTraining struct {
	Course   models.Course
	Sessions int
	AttendanceCount
}

// UnitTraining is the training of the people of a child's subtree, or of the
// unit's own.
type UnitTraining struct {
	Unit    models.Unit
	Own     bool
	Persons int
	AttendanceCount
}
