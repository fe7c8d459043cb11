package training_test

import (
	"fmt"
	"sync"
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// A course is given a test while somebody's attendance of it is recorded: either
// the test comes too late, or the attendance awaits its result.
func TestNoAttendanceMissesTheTestOfItsCourse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 18:00")
		office := w.coordinator(shandong)
		for i := range 12 {
			room := w.class(fmt.Sprint("S", i), "2017-05-04", func(_ *models.Course, s *models.TrainingSession) { s.StartMinute, s.EndMinute = 60+i*30, 80+i*30 })
			person := w.attendee(fmt.Sprint("人", i), jinan, "2016-01-01", "")
			var edited, recorded error
			var both sync.WaitGroup
			both.Go(func() {
				_, edited = w.EditCourse(t.Context(), office, room.CourseID, 1, training.CourseInput{Title: "业务培训", Hours: "1", Tested: true, PassMark: "60"})
			})
			both.Go(func() {
				_, recorded = w.RecordAttendances(t.Context(), office, []training.AttendanceEntry{present(room, person)})
			})
			both.Wait()
			w.must(recorded)
			if edited != nil {
				w.wantCode(edited, models.Invalid, "course.test_settled")
			}
			if got := w.known(room.ID)[person].Tested; got != (edited == nil) {
				t.Errorf("the course has a test: %v (%v); the attendance was with one: %v", edited == nil, edited, got)
			}
		}
	})
}
