package training_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

func TestFaultyCoursesAreRefusedFieldByField(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	taken := w.course(shandong)
	sound := training.CourseInput{Title: "政策解读实务", Hours: "1.5", Tested: true, PassMark: "60"}
	for _, c := range []struct {
		key    string
		change func(*training.CourseInput)
	}{
		{"filing.required", func(c *training.CourseInput) { c.Title = " " }},
		{"filing.required", func(c *training.CourseInput) { c.Hours = "" }},
		{"course.bad_hours", func(c *training.CourseInput) { c.Hours = "0" }},
		{"course.bad_hours", func(c *training.CourseInput) { c.Hours = "1e3" }},
		{"course.bad_hours", func(c *training.CourseInput) { c.Hours = "1001" }},
		{"course.broken_minutes", func(c *training.CourseInput) { c.Hours = "0.33" }},
		{"course.bad_mark", func(c *training.CourseInput) { c.PassMark = "-1" }},
		{"course.mark_without_test", func(c *training.CourseInput) { c.Tested = false }},
		{"training.bad_code", func(c *training.CourseInput) { c.Code = "a/b" }},
		{"training.code_taken", func(c *training.CourseInput) { c.Code = taken.Code }},
	} {
		input := sound
		c.change(&input)
		_, err := w.AddCourse(t.Context(), w.coordinator(shandong), shandong, input)
		w.wantCode(err, models.Invalid, c.key)
	}
	course, err := w.AddCourse(t.Context(), w.coordinator(shandong), shandong, sound)
	w.must(err)
	if course.Minutes != 90 || training.Hours(course.Minutes) != "1.5" {
		t.Errorf("1.5 hours are %d minutes and shown as %s", course.Minutes, training.Hours(course.Minutes))
	}
}

func TestCoursesAreEditedByOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		office, course := w.coordinator(shandong), w.course(shandong)
		input := training.CourseInput{Title: "政务公开业务培训（提高班）", Hours: "8", Tested: true, PassMark: "60"}
		_, err := w.EditCourse(t.Context(), w.reporter(jinan), course.ID, 1, input)
		w.wantCode(err, models.Forbidden, "error.forbidden")
		_, err = w.EditCourse(t.Context(), w.coordinator("210000"), course.ID, 1, input)
		w.wantCode(err, models.NotFound, "course.unknown")
		edited, err := w.EditCourse(t.Context(), office, course.ID, 1, input)
		w.must(err)
		if edited.Code != course.Code || edited.Version != 2 {
			t.Errorf("edited is %+v", edited)
		}
		_, err = w.EditCourse(t.Context(), office, course.ID, 1, input)
		w.wantCode(err, models.Stale, "course.stale")
		session := w.session(course, "2017-05-04", 9)
		person := w.staff(jinan, 1)[0]
		w.recorded(training.AttendanceEntry{Session: session.ID, Person: person, Present: true, Score: "59", Source: models.AttendanceByList})
		input.PassMark = "50"
		_, err = w.EditCourse(t.Context(), office, course.ID, 2, input)
		w.wantCode(err, models.Invalid, "course.test_settled")
		input.PassMark, input.Hours = "60", "10"
		_, err = w.EditCourse(t.Context(), office, course.ID, 2, input)
		w.wantCode(err, models.Invalid, "course.hours_settled")
	})
}

func TestReadersSeeWhatConcernsThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		course, municipal := w.course(shandong), w.course(jinan)
		session := w.session(course, "2017-06-01", 2)
		_, err := w.AddSession(t.Context(), w.coordinator(jinan), class(municipal, "2017-06-05", 9))
		w.must(err)
		people, others := w.staff(jinan, 3), w.staff(qingdao, 1)
		w.nominated(w.reporter(qingdao), session.ID, others...)
		w.nominated(w.reporter(jinan), session.ID, people[:2]...)
		views, err := w.Courses(t.Context(), w.reporter(jinan), w.unit(jinan))
		w.must(err)
		if len(views) != 2 || views[0].ID != municipal.ID || views[1].Sessions != 1 || views[1].LastOn != day("2017-06-01") {
			t.Errorf("courses are %+v", views)
		}
		q := training.SessionQuery{Unit: w.unit(jinan), From: day("2017-01-01"), To: day("2017-12-31"), Limit: 100}
		lines, more, err := w.Sessions(t.Context(), w.reporter(jinan), q)
		w.must(err)
		if more || len(lines) != 2 || lines[0].Mine != 1 || lines[0].MineWaiting != 1 || lines[0].Seated != 2 || lines[0].Office.Code != shandong {
			t.Errorf("sessions are %+v", lines)
		}
		q.Unit = w.unit(shandong)
		if lines, _, err = w.Sessions(t.Context(), w.coordinator(shandong), q); err != nil || len(lines) != 1 {
			t.Errorf("%d sessions of the province, %v: want its own", len(lines), err)
		}
		q.Below = true
		if lines, _, err = w.Sessions(t.Context(), w.coordinator(shandong), q); err != nil || len(lines) != 2 {
			t.Errorf("%d sessions with those below, %v: want 2", len(lines), err)
		}
		w.must(w.store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Posting{}).Where("person_id = ?", people[0]).Update("end_on", day("2017-05-31")).Error
		}))
		for unit, want := range map[string]int{jinan: 2, qingdao: 1, shandong: 3} {
			list, err := w.Nominations(t.Context(), w.coordinator(unit), session.ID)
			w.must(err)
			if len(list) != want {
				t.Errorf("the coordinator of %s sees %d nominations, want %d", unit, len(list), want)
			}
			for _, n := range list {
				if n.Gone != (n.Person.ID == people[0]) {
					t.Errorf("%s is gone: %v", n.Person.Name, n.Gone)
				}
			}
			if last := list[len(list)-1]; unit != qingdao && (last.Place != 1 || last.Person.ID != people[1]) {
				t.Errorf("last is %+v, want who waits", last)
			}
		}
	})
}

func TestWhoNeedsTrainingIsOfferedFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		course := w.course(shandong)
		past, clash, session := w.session(course, "2017-05-04", 9), w.session(course, "2017-06-01", 9), w.session(course, "2017-06-01", 9)
		people := w.staff(jinan, 4)
		w.staff(qingdao, 2)
		w.recorded(training.AttendanceEntry{Session: past.ID, Person: people[0], Present: true, Source: models.AttendanceByList})
		w.nominated(w.reporter(jinan), clash.ID, people[1])
		w.nominated(w.reporter(jinan), session.ID, people[2])
		list, more, err := w.Candidates(t.Context(), w.reporter(jinan), session.ID, training.CandidateQuery{Limit: 10})
		w.must(err)
		if more || len(list) != 3 || list[0].Person.ID != people[3] || list[0].Current ||
			list[1].Person.ID != people[0] || !list[1].Current || list[1].TrainedOn != day("2017-05-04") ||
			list[2].Person.ID != people[1] || list[2].Refusal == nil {
			t.Errorf("offered are %+v", list)
		}
		for text, want := range map[string]int{"-04": 1, "n-" + jinan: 3, "济南": 3, "100%": 0, "_": 0} {
			if list, _, err := w.Candidates(t.Context(), w.reporter(jinan), session.ID, training.CandidateQuery{Text: text, Limit: 10}); err != nil || len(list) != want {
				t.Errorf("%d people have %q, %v: want %d", len(list), text, err, want)
			}
		}
		if _, more, err := w.Candidates(t.Context(), w.coordinator(shandong), session.ID, training.CandidateQuery{Limit: 3}); err != nil || !more {
			t.Errorf("no more than three of five, %v", err)
		}
		if list, _, err := w.Candidates(t.Context(), w.coordinator(shandong), session.ID, training.CandidateQuery{Text: "青岛", Limit: 10}); err != nil || len(list) != 2 {
			t.Errorf("%d people of Qingdao, %v: want 2", len(list), err)
		}
		if list, _, err := w.Candidates(t.Context(), w.actor(jinan, models.Viewer), session.ID, training.CandidateQuery{Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("%d people are offered to a viewer, %v", len(list), err)
		}
	})
}

// Who cannot come does not crowd out who can.
func TestCandidatesWhoCanComeAreListed(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-03")
	office := w.coordinator(shandong)
	taken, session := w.class("S1", "2017-05-20", seats(50)), w.class("S2", "2017-05-20", nil)
	people := w.staff(jinan, 8)
	w.nominated(office, taken.ID, people[:5]...)
	for limit, want := range map[int][]uint64{2: people[5:7], 3: people[5:], 4: append(slices.Clone(people[5:]), people[0])} {
		list, more, err := w.Candidates(t.Context(), office, session.ID, training.CandidateQuery{Limit: limit})
		w.must(err)
		var got []uint64
		for _, c := range list {
			got = append(got, c.Person.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || !more {
			t.Errorf("of %d (more: %v), -want +got:\n%s", limit, more, diff)
		}
	}
}
