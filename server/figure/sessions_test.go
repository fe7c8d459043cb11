package figure

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/training"
)

// schooled is a year of training in two months and two courses.
func schooled() *training.Statistics {
	count := func(attendances, minutes int) training.AttendanceCount {
		return training.AttendanceCount{Attendances: attendances, Minutes: minutes, Tested: 4, Passed: 3}
	}
	return &training.Statistics{Unit: models.Unit{Code: "370000"}, Year: 2017, Sessions: 4, AttendanceCount: count(70, 70*95),
		Months:  []training.MonthTraining{{Month: 1}, {Month: 2, Sessions: 3, AttendanceCount: count(50, 50*95)}, {Month: 3, Sessions: 1, AttendanceCount: count(20, 20*95)}},
		Courses: []training.CourseTraining{{Course: models.Course{ID: 3, Title: "甲"}, Sessions: 3, AttendanceCount: count(50, 50*95)}, {Course: models.Course{Title: "乙"}, Sessions: 1, AttendanceCount: count(20, 20*95)}}}
}

// number is a value of a table as a chart has it.
func number(t *testing.T, value any) float64 {
	t.Helper()
	switch v := value.(type) {
	case int:
		return float64(v)
	case Decimal:
		number, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			t.Fatal(err)
		}
		return number
	}
	t.Fatalf("%v is no number", value)
	return 0
}

func TestTheMonthsBarsAreTheirTable(t *testing.T) {
	f := OfSessions(schooled())
	for column, series := range draw(t, f).Series {
		for i, row := range f.Rows {
			if want := number(t, row[column+1].Of); series.Data[i].Value != want {
				t.Errorf("%s, month %d: %v, the table says %v", series.Name, i+1, series.Data[i].Value, want)
			}
		}
	}
	if args := f.Finding.Args; args["Count"] != 4 || args["Hours"] != "110.8" || args["Most"] != 50 {
		t.Errorf("finding %v", args)
	}
}

func TestTheCoursesBarsAreTheirTable(t *testing.T) {
	f := OfCourses(schooled())
	chart := draw(t, f)
	var listed, drawn []float64
	for i, row := range f.Rows {
		listed, drawn = append(listed, number(t, row[3].Of)), append(drawn, chart.Series[0].Data[i].Value.(float64))
		if chart.YAxis[0].Data[i] != row[0].Of {
			t.Errorf("bar %d is of %s, row of %v", i, chart.YAxis[0].Data[i], row[0].Of)
		}
	}
	if diff := cmp.Diff(listed, drawn); diff != "" {
		t.Errorf("table (-) and chart (+) differ:\n%s", diff)
	}
	if at := f.Rows[0][0].Behind.Path; at != "/courses/3" {
		t.Errorf("the course leads to %s", at)
	}
}

func TestAYearWithoutTrainingLeadsToTheSessions(t *testing.T) {
	s := schooled()
	s.Attendances = 0
	for _, f := range []*Figure{OfSessions(s), OfCourses(s)} {
		if f.Empty == nil || f.Empty.Where.Page != "sessions" || len(f.Rows) > 0 {
			t.Errorf("%s: %+v", f.Kind, f)
		}
	}
}
