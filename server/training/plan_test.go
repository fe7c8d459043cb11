package training_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// plan is a plan of Shandong for 2017 with one item per month.
func plan(course *models.Course, months ...int) training.PlanInput {
	input := training.PlanInput{Year: 2017, Title: "2017年政务公开培训计划", Document: "鲁政办字〔2017〕6号", AdoptedOn: day("2017-03-01")}
	for _, month := range months {
		input.Items = append(input.Items, training.PlanItemInput{Course: course.ID, Month: month, Sessions: 1, Seats: 30})
	}
	return input
}

func TestThePlanIsHeldAgainstWhatWasDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-03-02")
		office := w.coordinator(shandong)
		course, other := w.course(shandong), w.course(shandong)
		_, err := w.PutPlan(t.Context(), office, shandong, 0, plan(course, 4, 6, 9))
		w.must(err)
		// April's is held, June's slips to July, and one of another course is not planned;
		// a cancelled one does not count, nor does one of another year.
		april := w.session(course, "2017-04-10", 20)
		w.session(course, "2017-07-03", 25)
		w.session(other, "2017-06-01", 40)
		w.session(course, "2018-04-10", 20)
		cancelled := w.session(course, "2017-09-01", 20)
		_, err = w.CancelSession(t.Context(), office, cancelled.ID, 1, "x")
		w.must(err)
		person := w.staff(jinan, 1)[0]
		w.nominated(w.reporter(jinan), april.ID, person)
		w.at("2017-04-10 18:00")
		w.recorded(training.AttendanceEntry{Session: april.ID, Person: person, Present: true, Source: models.AttendanceByList})
		_, err = w.MarkHeld(t.Context(), office, april.ID, 1)
		w.must(err)
		view, err := w.Plan(t.Context(), w.reporter(jinan), w.unit(shandong), 2017)
		w.must(err)
		var got []training.PlanProgress
		for _, item := range view.Items {
			got = append(got, item.Done)
		}
		got = append(got, view.Beyond[0].Done, view.Done)
		want := []training.PlanProgress{
			{Sessions: 1, Held: 1, Seats: 20, Seated: 1, Attended: 1}, {Sessions: 1, Seats: 25}, {},
			{Sessions: 1, Seats: 40}, {Sessions: 3, Held: 1, Seats: 85, Seated: 1, Attended: 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if view.Sessions != 3 || view.Seats != 90 || len(view.Beyond) != 1 || view.Beyond[0].Course.ID != other.ID {
			t.Errorf("planned are %d sessions with %d seats, beyond it %+v", view.Sessions, view.Seats, view.Beyond)
		}
		_, err = w.Plan(t.Context(), w.reporter("210000"), w.unit(shandong), 2017)
		w.wantCode(err, models.NotFound, "training.unit_unknown")
	})
}

func TestFaultyPlansAreRefused(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	course, foreign := w.course(shandong), w.course("210000")
	municipal := w.course(jinan)
	for _, c := range []struct {
		key    string
		change func(*training.PlanInput)
	}{
		{"training.number_range", func(p *training.PlanInput) { p.Year = 2019 }},
		{"filing.required", func(p *training.PlanInput) { p.Title = " " }},
		{"filing.future", func(p *training.PlanInput) { p.AdoptedOn = day("2017-05-05") }},
		{"filing.bad_url", func(p *training.PlanInput) { p.URL = "javascript:alert(1)" }},
		{"training.number_range", func(p *training.PlanInput) { p.Items[0].Month = 13 }},
		{"training.number_range", func(p *training.PlanInput) { p.Items[0].Sessions = 0 }},
		{"training.number_range", func(p *training.PlanInput) { p.Items[0].Seats = -1 }},
		{"plan.item_twice", func(p *training.PlanInput) { p.Items[1].Month = p.Items[0].Month }},
		{"plan.course_unknown", func(p *training.PlanInput) { p.Items[1].Course = foreign.ID }},
		{"plan.course_unknown", func(p *training.PlanInput) { p.Items[1].Course = municipal.ID }},
		{"plan.course_unknown", func(p *training.PlanInput) { p.Items[1].Course = 0 }},
	} {
		input := plan(course, 4, 6)
		c.change(&input)
		_, err := w.PutPlan(t.Context(), w.coordinator(shandong), shandong, 0, input)
		w.wantCode(err, models.Invalid, c.key)
	}
	_, err := w.PutPlan(t.Context(), w.reporter(jinan), shandong, 0, plan(course, 4))
	w.wantCode(err, models.NotFound, "training.unit_unknown")
	_, err = w.PutPlan(t.Context(), w.reporter(jinan), jinan, 0, plan(course, 4))
	w.wantCode(err, models.Forbidden, "error.forbidden")
	// The city plans a course of the province.
	_, err = w.PutPlan(t.Context(), w.coordinator(jinan), jinan, 0, plan(course, 4))
	w.must(err)
	_, err = w.PutPlan(t.Context(), w.coordinator(jinan), jinan, 0, plan(course, 5))
	w.wantCode(err, models.Stale, "plan.stale")
}

func TestThePlanIsCopiedToTheNextYear(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	office := w.coordinator(shandong)
	course, retired := w.course(shandong), w.course(shandong)
	_, err := w.CopyPlan(t.Context(), office, shandong, 2018)
	w.wantCode(err, models.NotFound, "plan.none_to_copy")
	input := plan(course, 4, 6)
	input.Items = append(input.Items, training.PlanItemInput{Course: retired.ID, Month: 5, Sessions: 1, Seats: 10})
	_, err = w.PutPlan(t.Context(), office, shandong, 0, input)
	w.must(err)
	_, err = w.RetireCourse(t.Context(), office, retired.ID, 1, day("2017-12-31"))
	w.must(err)
	copied, err := w.CopyPlan(t.Context(), office, shandong, 2018)
	w.must(err)
	if copied.Title != "2018年政务公开培训计划" || !copied.AdoptedOn.IsZero() || copied.Document != "" {
		t.Errorf("copied is %+v", copied)
	}
	view, err := w.Plan(t.Context(), office, w.unit(shandong), 2018)
	w.must(err)
	if len(view.Items) != 2 || view.Sessions != 2 || view.Seats != 60 {
		t.Errorf("items are %+v", view.Items)
	}
	_, err = w.CopyPlan(t.Context(), office, shandong, 2018)
	w.wantCode(err, models.Conflict, "plan.exists")
}
