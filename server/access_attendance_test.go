package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// The visits of who was at sessions.

func init() { maps.Copy(pageVisits, attendancePageVisits) }

func held(p place) string       { return number(p.held) }
func attendance(p place) string { return number(p.attendance) }

var attendancePageVisits = map[string]visit{
	"GET /sessions/:id/attendance": {path: at("/sessions/*/attendance", held), above: permitted},
	"POST /sessions/:id/attendance": {path: at("/sessions/*/attendance", held), above: []int{http.StatusForbidden}, harmless: url.Values{},
		works: func(p place) any {
			return url.Values{"person": {number(p.attendee)}, "present." + number(p.attendee): {"0"}, "seen." + number(p.attendee): {"present::"}}
		}},
	"POST /sessions/:id/walk-ins":      {path: at("/sessions/*/walk-ins", held), above: []int{http.StatusForbidden}, harmless: url.Values{}, works: func(p place) any { return url.Values{"who": {"late-" + p.code}} }},
	"GET /sessions/:id/code":           {path: at("/sessions/*/code", held), above: []int{http.StatusForbidden}},
	"POST /attendances/:id/remove":     {path: at("/attendances/*/remove", attendance), above: []int{http.StatusForbidden}, harmless: url.Values{}, works: url.Values{"reason": {"误登"}}},
	"GET /attendances/:id/certificate": {path: at("/attendances/*/certificate", attendance)},
	"GET /attend":                      {path: at("/attend", none), nowhere: true},
	"POST /attend":                     {path: at("/attend", none), nowhere: true, harmless: url.Values{}},
	"GET /attend/:session":             {path: at("/attend/*?code=00000000", held), nowhere: true},
	"POST /attend/:session":            {path: at("/attend/*", held), nowhere: true, harmless: url.Values{"code": {"00000000"}, "name": {"张三"}, "number": {"1"}}},
	"GET /certificates":                {path: at("/certificates", none), nowhere: true},
}

// holdSessions adds to each place a session that was held, with somebody of the
// place who was there, and somebody who was not.
func holdSessions(ctx context.Context, a *app) error {
	on := calendar.MustParseDate("2017-06-08")
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for _, code := range []string{"370100", "370200", "370000", "210100"} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			course := models.Course{UnitID: unit.ID, Code: "course-" + code, Title: "业务培训", Minutes: 480, Version: 1}
			if err := tx.Create(&course).Error; err != nil {
				return err
			}
			session := models.TrainingSession{CourseID: course.ID, UnitID: unit.ID, Code: "held-" + code, Kind: models.ClassSession, StartOn: on, EndOn: on,
				StartMinute: 540, EndMinute: 1020, Capacity: 10, Status: models.SessionOpen, Version: 1}
			if err := tx.Create(&session).Error; err != nil {
				return err
			}
			for _, number := range []string{"there-" + code, "late-" + code} {
				person := models.Person{Name: number, Number: &number, Version: 1, CreatedAt: a.now()}
				if err := tx.Create(&person).Error; err != nil {
					return err
				}
				posting := models.Posting{PersonID: person.ID, UnitID: unit.ID, StartOn: on, KnownOn: on, KnownUntil: models.Forever, RecordedAt: a.now()}
				if err := tx.Create(&posting).Error; err != nil {
					return err
				}
				if number == "late-"+code {
					continue
				}
				row := models.Attendance{SessionID: session.ID, PersonID: person.ID, UnitID: unit.ID, On: on, Present: true, Source: models.AttendanceByList,
					KnownOn: on, KnownUntil: models.Forever, RecordedAt: a.now()}
				if err := tx.Create(&row).Error; err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// placeAttendance finds what holdSessions has added to the place.
func (w *world) placeAttendance(p *place, unit models.Unit) {
	w.t.Helper()
	var row models.Attendance
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Take(&row).Error; err != nil {
		w.t.Fatal(fmt.Errorf("attendance of %s: %w", unit.Code, err))
	}
	p.held, p.attendee, p.attendance = row.SessionID, row.PersonID, row.ID
}
