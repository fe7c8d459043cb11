package main

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// The visits of plans, courses, sessions and nominations.

func init() { maps.Copy(pageVisits, coursePageVisits) }

func course(p place) string { return number(p.course) }
func coming(p place) string { return number(p.coming) }

// managed is what who works below is told when they act on what the office above
// manages, which they see.
var managed = []int{http.StatusForbidden}

// nominated names the nomination of the place, with what else the form has.
func nominated(more func(p place) url.Values) func(p place) any {
	return func(p place) any {
		form := url.Values{"nomination": {number(p.nomination)}, "reason": {"出差"}}
		if more != nil {
			maps.Copy(form, more(p))
		}
		return form
	}
}

var sessionForm = url.Values{"version": {"1"}, "kind": {"class"}, "start_on": {"2017-08-01"}, "start_time": {"09:00"}, "end_time": {"17:00"}, "place": {"党校"}, "capacity": {"30"}}

var coursePageVisits = map[string]visit{
	"GET /units/:code/courses":    {path: at("/units/*/courses?year=2017", code)},
	"POST /units/:code/courses":   {path: at("/units/*/courses", code), works: url.Values{"title": {"新课程"}, "hours": {"8"}}, harmless: url.Values{}},
	"GET /units/:code/plan":       {path: at("/units/*/plan?year=2017", code)},
	"POST /units/:code/plan":      {path: at("/units/*/plan?year=2017", code), works: url.Values{"version": {"1"}, "title": {"计划"}}, harmless: url.Values{}},
	"POST /units/:code/plan/copy": {path: at("/units/*/plan/copy", code), works: url.Values{"year": {"2018"}}, harmless: url.Values{}},
	"GET /courses/:id":            {path: at("/courses/*", course), above: permitted},
	"POST /courses/:id": {path: at("/courses/*", course), above: managed, harmless: url.Values{},
		works: url.Values{"version": {"1"}, "title": {"新名称"}, "hours": {"8"}}},
	"POST /courses/:id/retirement": {path: at("/courses/*/retirement", course), above: managed, harmless: url.Values{}, works: url.Values{"version": {"1"}, "on": {"2017-07-01"}}},
	"GET /units/:code/sessions":    {path: at("/units/*/sessions?year=2017&below=1", code)},
	"POST /units/:code/sessions": {path: at("/units/*/sessions", code), harmless: url.Values{}, works: func(p place) any {
		form := maps.Clone(sessionForm)
		form.Set("course", course(p))
		return form
	}},
	"GET /units/:code/sessions/new": {path: at("/units/*/sessions/new", code)},
	"GET /sessions/:id":             {path: at("/sessions/*", coming), above: permitted},
	"GET /sessions/:id/edit":        {path: at("/sessions/*/edit", coming), above: managed},
	"POST /sessions/:id/edit":       {path: at("/sessions/*/edit", coming), above: managed, works: sessionForm, harmless: url.Values{}},
	"POST /sessions/:id/cancel":     {path: at("/sessions/*/cancel", coming), above: managed, works: url.Values{"version": {"1"}, "reason": {"停电"}}, harmless: url.Values{}},
	"POST /sessions/:id/held":       {path: at("/sessions/*/held", held), above: managed, works: url.Values{"version": {"1"}}, harmless: url.Values{}},
	"POST /sessions/:id/reopen": {path: at("/sessions/*/reopen", held), above: managed, works: url.Values{"version": {"1"}, "reason": {"补录"}}, harmless: url.Values{},
		first: func(w *world, p place) {
			err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error {
				return tx.Model(&models.TrainingSession{}).Where("id = ?", p.held).Update("status", models.SessionHeld).Error
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}},
	"GET /sessions/:id/sheet": {path: at("/sessions/*/sheet", coming), above: managed},
	"POST /sessions/:id/nominations": {path: at("/sessions/*/nominations", coming), above: permitted, harmless: url.Values{},
		works: func(p place) any { return url.Values{"person": {number(p.attendee)}} }},
	"POST /sessions/:id/nominations/confirm":  {path: at("/sessions/*/nominations/confirm", coming), above: managed, works: nominated(nil), harmless: url.Values{}},
	"POST /sessions/:id/nominations/withdraw": {path: at("/sessions/*/nominations/withdraw", coming), above: permitted, works: nominated(nil), harmless: url.Values{}},
	"POST /sessions/:id/nominations/move": {path: at("/sessions/*/nominations/move", coming), above: permitted, harmless: url.Values{},
		works: nominated(func(p place) url.Values { return url.Values{"to": {number(p.later)}} })},
}

// scheduleCourses adds to each place a plan and two sessions to come, with somebody
// who is nominated to the first.
func scheduleCourses(ctx context.Context, a *app) error {
	return a.store.Write(ctx, func(tx *gorm.DB) error {
		for _, code := range []string{"370100", "370200", "370000", "210100"} {
			if err := scheduleCourse(tx, code, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func scheduleCourse(tx *gorm.DB, code string, a *app) error {
	var unit models.Unit
	if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
		return err
	}
	var person models.Person
	if err := tx.Where("name = ?", "late-"+code).Take(&person).Error; err != nil {
		return err
	}
	course := models.Course{UnitID: unit.ID, Code: "planned-" + code, Title: "政策解读实务", Minutes: 480, Version: 1}
	if err := tx.Create(&course).Error; err != nil {
		return err
	}
	plan := models.TrainingPlan{UnitID: unit.ID, Year: 2017, Title: "2017年培训计划", Version: 1}
	if err := tx.Create(&plan).Error; err != nil {
		return err
	}
	for i, name := range []string{"coming-", "later-"} {
		on := calendar.MustParseDate("2017-07-03") + calendar.Date(i)
		session := models.TrainingSession{CourseID: course.ID, UnitID: unit.ID, Code: name + code, Kind: models.ClassSession, StartOn: on, EndOn: on,
			StartMinute: 540, EndMinute: 1020, Capacity: 10, Seated: 1 - i, Status: models.SessionOpen, Version: 1}
		if err := tx.Create(&session).Error; err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		row := models.Nomination{SessionID: session.ID, PersonID: person.ID, UnitID: unit.ID, Status: models.NominationSeated, NominatedAt: a.now(), Version: 1}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// placeCourse finds what scheduleCourses has added to the place.
func (w *world) placeCourse(p *place, unit models.Unit) {
	w.t.Helper()
	db := w.store.Read(w.t.Context())
	var sessions []models.TrainingSession
	if err := db.Where("unit_id = ? AND start_on >= ?", unit.ID, "2017-07-03").Order("start_on").Find(&sessions).Error; err != nil || len(sessions) != 2 {
		w.t.Fatalf("%d sessions of %s to come, %v", len(sessions), unit.Code, err)
	}
	p.course, p.coming, p.later = sessions[0].CourseID, sessions[0].ID, sessions[1].ID
	if err := db.Model(&models.Nomination{}).Where("session_id = ?", p.coming).Pluck("id", &p.nomination).Error; err != nil {
		w.t.Fatal(err)
	}
}
