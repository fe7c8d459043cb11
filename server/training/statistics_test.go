package training_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

func (w *world) statisticsOf(unit string, year int, asOf calendar.Date) *training.Statistics {
	w.Helper()
	found, err := w.Statistics(w.Context(), training.StatisticsQuery{Unit: w.unit(unit), Year: year, AsOf: asOf})
	w.must(err)
	return found
}

func TestStatisticsOfAYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		r := rand.New(rand.NewPCG(1, 2017))
		var people []models.Person
		for i := range 12 {
			people = append(people, w.layStaff(fmt.Sprint("员", i), []string{shandong, jinan, qingdao}[i%3], "2015-01-01", ""))
		}
		plain, tested := w.layCourse(shandong, "K1", 90, false), w.layCourse(jinan, "K2", 50, true)
		for _, on := range []string{"2016-12-30", "2017-01-09", "2017-02-01", "2017-02-28", "2017-05-04"} {
			for _, course := range []models.Course{plain, tested} {
				session := w.laySession(course, on, 50)
				for _, person := range people {
					var passed *bool
					if course.Tested && r.IntN(4) > 0 {
						result := r.IntN(3) > 0
						passed = &result
					}
					if r.IntN(2) == 0 {
						w.layAttendance(person, session, r.IntN(5) > 0, passed)
					}
				}
			}
		}
		nobody := w.laySession(plain, "2017-03-01", 50)
		absent := w.layAttendance(people[0], nobody, false, nil)
		known := w.statisticsOf(shandong, 2017, w.Today())
		for _, unit := range []string{shandong, jinan, qingdao} {
			w.recountStatistics(w.statisticsOf(unit, 2017, w.Today()))
			w.recountStatistics(w.statisticsOf(unit, 2016, w.Today()))
		}
		// A correction counts from the day it is known; the day before stays.
		w.at("2017-05-20").layCorrection(absent, true)
		if now := w.statisticsOf(shandong, 2017, w.Today()); now.Attendances != known.Attendances+1 || now.Sessions != known.Sessions+1 {
			t.Errorf("%d at %d sessions, %d at %d before", now.Attendances, now.Sessions, known.Attendances, known.Sessions)
		}
		if then := w.statisticsOf(shandong, 2017, day("2017-05-04")); then.AttendanceCount != known.AttendanceCount || then.Sessions != known.Sessions || then.Persons != known.Persons {
			t.Errorf("4 May has changed: %+v, was %+v", then, known)
		}
		_, err := w.Statistics(t.Context(), training.StatisticsQuery{Unit: w.unit(jinan), Year: 2018, AsOf: w.Today()})
		w.wantCode(err, models.Invalid, "statistics.year_future")
	})
}

// recountStatistics demands that the statistics are what a walk over the records
// finds.
func (w *world) recountStatistics(got *training.Statistics) {
	w.Helper()
	db := w.store.Read(w.Context())
	var held []models.Attendance
	w.must(db.Find(&held).Error)
	below := map[uint64]bool{}
	var units []models.Unit
	w.must(db.Where("path LIKE ?", got.Unit.Path+"%").Find(&units).Error)
	for _, unit := range units {
		below[unit.ID] = true
	}
	var want training.AttendanceCount
	persons, trained, sessions := map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}
	for _, a := range held {
		if a.On.Year() != got.Year || a.On > got.AsOf || !a.Present || a.KnownOn > got.AsOf || a.KnownUntil <= got.AsOf {
			continue
		}
		var session models.TrainingSession
		w.must(db.Take(&session, a.SessionID).Error)
		var course models.Course
		w.must(db.Take(&course, session.CourseID).Error)
		if below[session.UnitID] {
			sessions[session.ID] = true
		}
		if !below[a.UnitID] {
			continue
		}
		want.Attendances++
		want.Minutes += course.Minutes
		persons[a.PersonID] = true
		if a.Valid() {
			trained[a.PersonID] = true
		}
		if a.Tested && a.Passed != nil {
			want.Tested++
			if *a.Passed {
				want.Passed++
			}
		}
	}
	if got.AttendanceCount != want || got.Persons != len(persons) || got.Trained != len(trained) || got.Sessions != len(sessions) {
		w.Errorf("%s in %d: %+v, %d persons, %d trained, %d sessions; want %+v, %d, %d, %d", got.Unit.Code, got.Year, got.AttendanceCount, got.Persons, got.Trained, got.Sessions,
			want, len(persons), len(trained), len(sessions))
	}
	var months, courses, children training.AttendanceCount
	sessionsOf := [3]int{}
	for _, m := range got.Months {
		months = sumOf(months, m.AttendanceCount)
		sessionsOf[0] += m.Sessions
	}
	for _, c := range got.Courses {
		courses = sumOf(courses, c.AttendanceCount)
		sessionsOf[1] += c.Sessions
	}
	for _, k := range got.Kinds {
		sessionsOf[2] += k.Sessions
	}
	for _, u := range got.Units {
		children = sumOf(children, u.AttendanceCount)
	}
	if months != want || courses != want || children != want || sessionsOf != [3]int{got.Sessions, got.Sessions, got.Sessions} {
		w.Errorf("%s in %d: months %+v, courses %+v, units %+v, sessions %v; want %+v of %d", got.Unit.Code, got.Year, months, courses, children, sessionsOf, want, got.Sessions)
	}
}

func sumOf(a, b training.AttendanceCount) training.AttendanceCount {
	return training.AttendanceCount{Attendances: a.Attendances + b.Attendances, Minutes: a.Minutes + b.Minutes, Tested: a.Tested + b.Tested, Passed: a.Passed + b.Passed}
}
