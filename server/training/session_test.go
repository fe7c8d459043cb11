package training_test

import (
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// course adds a course of the office, without a test.
func (w *world) course(office string) *models.Course {
	w.Helper()
	course, err := w.AddCourse(w.Context(), w.coordinator(office), office, training.CourseInput{Title: "政务公开业务培训", Hours: "8"})
	w.must(err)
	return course
}

// class is a class of the course on one day.
func class(course *models.Course, on string, capacity int) training.SessionInput {
	return training.SessionInput{Course: course.ID, Kind: models.ClassSession, Place: "省委党校第一教室", StartOn: day(on), StartMinute: 9 * 60, EndMinute: 17 * 60, Capacity: capacity}
}

// session adds a class of the course on one day.
func (w *world) session(course *models.Course, on string, capacity int) *models.TrainingSession {
	w.Helper()
	session, err := w.AddSession(w.Context(), w.actor(shandong, models.Coordinator), class(course, on, capacity))
	w.must(err)
	return session
}

func TestSessionsAreNumberedByOfficeAndYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		course := w.course(shandong)
		if course.Code != "370000-K01" || w.course(shandong).Code != "370000-K02" {
			t.Errorf("the first course is %s", course.Code)
		}
		for i, on := range []string{"2017-06-01", "2017-06-02", "2018-01-02", "2016-03-01"} {
			want := []string{"370000-2017-001", "370000-2017-002", "370000-2018-001", "370000-2016-001"}[i]
			if got := w.session(course, on, 30).Code; got != want {
				t.Errorf("the session on %s is %s, want %s", on, got, want)
			}
		}
	})
}

func TestFaultySessionsAreRefusedFieldByField(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	course := w.course(shandong)
	retired := w.course(shandong)
	_, err := w.RetireCourse(t.Context(), w.coordinator(shandong), retired.ID, 1, day("2017-06-01"))
	w.must(err)
	for _, c := range []struct {
		key    string
		change func(*training.SessionInput)
	}{
		{"filing.date_required", func(s *training.SessionInput) { s.StartOn = 0 }},
		{"session.ends_before_start", func(s *training.SessionInput) { s.EndOn = s.StartOn - 1 }},
		{"session.too_long", func(s *training.SessionInput) { s.EndOn = s.StartOn + 366 }},
		{"session.too_far", func(s *training.SessionInput) { s.StartOn = day("2019-01-01") }},
		{"session.too_far", func(s *training.SessionInput) { s.StartOn, s.EndOn = day("2018-12-31"), day("2019-01-01") }},
		{"session.too_early", func(s *training.SessionInput) { s.StartOn = day("0017-06-01") }},
		{"session.times_reversed", func(s *training.SessionInput) { s.StartMinute, s.EndMinute = 600, 600 }},
		{"session.time_needed", func(s *training.SessionInput) { s.StartMinute, s.EndMinute = 0, 0 }},
		{"session.time_needed", func(s *training.SessionInput) { s.Kind, s.EndMinute = models.OnlineSession, 0 }},
		{"session.bad_time", func(s *training.SessionInput) { s.StartMinute = -1 }},
		{"training.number_range", func(s *training.SessionInput) { s.Capacity = 0 }},
		{"session.bad_kind", func(s *training.SessionInput) { s.Kind = "party" }},
		{"filing.required", func(s *training.SessionInput) { s.Place = " " }},
		{"session.region_unknown", func(s *training.SessionInput) { s.Region = "210000" }},
		{"training.bad_code", func(s *training.SessionInput) { s.Code = "a b" }},
		{"session.course_retired", func(s *training.SessionInput) { s.Course = retired.ID }},
	} {
		input := class(course, "2017-06-01", 30)
		c.change(&input)
		_, err := w.AddSession(t.Context(), w.coordinator(shandong), input)
		w.wantCode(err, models.Invalid, c.key)
	}
	online := class(course, "2017-06-01", 30)
	online.Kind, online.Place, online.StartMinute, online.EndMinute = models.OnlineSession, "", 0, 0
	_, err = w.AddSession(t.Context(), w.coordinator(shandong), online)
	w.must(err)
}

func TestCoursesAreManagedByTheirOfficeAndSeenBelow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		provincial, municipal := w.course(shandong), w.course(jinan)
		input := class(provincial, "2017-06-01", 30)
		_, err := w.AddSession(t.Context(), w.coordinator(jinan), input)
		w.wantCode(err, models.Forbidden, "error.forbidden")
		_, err = w.AddSession(t.Context(), w.coordinator("210000"), input)
		w.wantCode(err, models.NotFound, "course.unknown")
		session := w.session(provincial, "2017-06-01", 30)
		local, err := w.AddSession(t.Context(), w.coordinator(jinan), class(municipal, "2017-06-02", 30))
		w.must(err)
		for _, c := range []struct {
			unit   string
			sees   uint64
			hidden bool
		}{{jinan, session.ID, false}, {qingdao, session.ID, false}, {"210000", session.ID, true}, {shandong, local.ID, false}, {jinan, local.ID, false}, {qingdao, local.ID, true}} {
			_, err := w.Session(t.Context(), w.reporter(c.unit), c.sees)
			if c.hidden {
				w.wantCode(err, models.NotFound, "session.unknown")
			} else {
				w.must(err)
			}
		}
	})
}
