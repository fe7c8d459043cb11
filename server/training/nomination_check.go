package training

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
)

// candidacy is all that decides whether people can be nominated to a session. The
// form that offers people and the write that nominates them ask it alike.
type candidacy struct {
	actor   compliance.Actor
	session models.TrainingSession
	office  models.Unit
	people  map[uint64]models.Person
	// first and last are where people work on the first and last day on which they
	// have to be there.
	first, last map[uint64]models.Posting
	units       map[uint64]models.Unit
	engaged     map[uint64][]engagement
	trained     map[uint64]calendar.Date
}

// engagement is a session at which a person is expected, or was.
type engagement struct {
	models.TrainingSession
	PersonID uint64
}

// candidacyOf gathers what decides on the people. Engagements at the session
// except do not count: who is moved leaves it.
func (d *Desk) candidacyOf(db *gorm.DB, actor compliance.Actor, session models.TrainingSession, office models.Unit, people []uint64, except uint64) (*candidacy, error) {
	c := &candidacy{actor: actor, session: session, office: office}
	from, to := attendableDays(session, d.Today())
	people = slices.Compact(slices.Sorted(slices.Values(people)))
	var err error
	if c.people, err = peopleByID(db, people); err != nil {
		return nil, err
	}
	if c.first, err = postingsOn(db, people, from); err != nil {
		return nil, err
	}
	if c.last, err = postingsOn(db, people, to); err != nil {
		return nil, err
	}
	if c.units, err = unitsOf(db, c.first); err != nil {
		return nil, err
	}
	if c.engaged, err = engagementsOf(db, people, except); err != nil {
		return nil, err
	}
	c.trained, err = d.trainedOn(db, c.first, session.StartOn)
	return c, err
}

// attendableDays returns the first and the last day on which somebody on the
// roster can attend: a session that can be taken at any time, on any one day
// that is left of it.
func attendableDays(s models.TrainingSession, today calendar.Date) (from, to calendar.Date) {
	if s.EndMinute != 0 {
		return s.StartOn, s.EndOn
	}
	day := min(max(today, s.StartOn), s.EndOn)
	return day, day
}

// refusal tells why the person cannot be nominated; nil means they can.
func (c *candidacy) refusal(id uint64) *models.Error {
	_, known := c.people[id]
	posting, posted := c.first[id]
	unit := c.units[posting.UnitID]
	mine := posted && c.actor.Access.AllowsAt(makeNomination.Object, makeNomination.Action, unit.Path)
	if !known || !mine {
		return models.NewError(models.NotFound, "nomination.not_on_roster", "On", c.session.StartOn)
	}
	if !slices.Contains(lineage(unit.Path), c.office.ID) {
		return models.NewError(models.Conflict, "nomination.elsewhere", "Office", c.office.Name)
	}
	if _, stays := c.last[id]; !stays {
		return models.NewError(models.Conflict, "nomination.leaves", "On", posting.EndOn)
	}
	for _, other := range c.engaged[id] {
		if other.ID == c.session.ID {
			return models.NewError(models.Conflict, "nomination.twice")
		}
		if c.session.Overlaps(&other.TrainingSession) {
			return models.NewError(models.Conflict, "nomination.overlaps", "Session", other.Code, "On", other.StartOn)
		}
	}
	return nil
}

// warning tells what speaks against nominating the person and does not forbid it.
func (c *candidacy) warning(id uint64) rules.Reason {
	if on, ok := c.trained[id]; ok {
		return rules.Reason{Key: "nomination.trained", Args: models.Args("On", on)}
	}
	return rules.Reason{}
}

// peopleByID returns the people who are there and were not merged into others.
func peopleByID(db *gorm.DB, ids []uint64) (map[uint64]models.Person, error) {
	people := make(map[uint64]models.Person, len(ids))
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Person
		if err := db.Where("id IN ?", chunk).Find(&some).Error; err != nil {
			return nil, fmt.Errorf("people: %w", store.Translate(err))
		}
		for _, person := range some {
			// Not in the query: SQLite would take the index on merged_into for it.
			if person.MergedInto == nil {
				people[person.ID] = person
			}
		}
	}
	return people, nil
}

// unitsOf returns the units of the postings.
func unitsOf(db *gorm.DB, postings map[uint64]models.Posting) (map[uint64]models.Unit, error) {
	var ids []uint64
	for _, p := range postings {
		ids = append(ids, p.UnitID)
	}
	return unitsByID(db, ids)
}

// unitsByID returns the units with the ids.
func unitsByID(db *gorm.DB, ids []uint64) (map[uint64]models.Unit, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	units := make(map[uint64]models.Unit, len(ids))
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Unit
		if err := db.Where("id IN ?", chunk).Find(&some).Error; err != nil {
			return nil, fmt.Errorf("units: %w", store.Translate(err))
		}
		for _, unit := range some {
			units[unit.ID] = unit
		}
	}
	return units, nil
}

// engagementsOf returns the sessions that people are nominated to and that are to
// come, and those they were present at.
func engagementsOf(db *gorm.DB, people []uint64, except uint64) (map[uint64][]engagement, error) {
	engaged := map[uint64][]engagement{}
	for chunk := range slices.Chunk(people, batch) {
		nominated := db.Table("nominations n").Select("s.*, n.person_id").Joins("JOIN training_sessions s ON s.id = n.session_id").
			Where("n.person_id IN ? AND n.ended = 0 AND s.status = ? AND s.id <> ?", chunk, models.SessionOpen, except)
		present := knownNow(db.Table("attendances"), "attendances").Select("s.*, attendances.person_id").
			Joins("JOIN training_sessions s ON s.id = attendances.session_id").
			Where("attendances.person_id IN ? AND attendances.present = ?", chunk, true)
		for _, query := range []*gorm.DB{nominated, present} {
			var some []engagement
			if err := query.Order("s.start_on, s.id").Find(&some).Error; err != nil {
				return nil, fmt.Errorf("sessions of people: %w", store.Translate(err))
			}
			for _, e := range some {
				engaged[e.PersonID] = append(engaged[e.PersonID], e)
			}
		}
	}
	return engaged, nil
}

// trainedOn returns who needs no training in the windows that contain the day,
// with the day of their last valid attendance inside them: who has one in each
// window of the unit that they work in.
func (d *Desk) trainedOn(db *gorm.DB, postings map[uint64]models.Posting, day calendar.Date) (map[uint64]calendar.Date, error) {
	units := map[uint64]bool{}
	var people, ids []uint64
	for person, p := range postings {
		people = append(people, person)
		if !units[p.UnitID] {
			units[p.UnitID] = true
			ids = append(ids, p.UnitID)
		}
	}
	windows, err := d.ledger.RotationWindows(db, ids, day)
	if err != nil || len(windows) == 0 {
		return nil, err
	}
	days, err := validDays(db, people)
	if err != nil {
		return nil, err
	}
	trained := map[uint64]calendar.Date{}
	for person, p := range postings {
		if last, ok := inEach(windows[p.UnitID], days[person]); ok {
			trained[person] = last
		}
	}
	return trained, nil
}

// inEach returns the last of the days inside the windows; not, when one of them
// has none, and when there are no windows.
func inEach(windows []rules.Span, days []calendar.Date) (calendar.Date, bool) {
	var last calendar.Date
	for _, window := range windows {
		inside := calendar.Date(0)
		for _, day := range days {
			if window.Contains(day) {
				inside = max(inside, day)
			}
		}
		if inside.IsZero() {
			return 0, false
		}
		last = max(last, inside)
	}
	return last, len(windows) > 0
}

// validDays returns the days on which people have valid attendances, as known now.
func validDays(db *gorm.DB, people []uint64) (map[uint64][]calendar.Date, error) {
	slices.Sort(people)
	days := map[uint64][]calendar.Date{}
	for chunk := range slices.Chunk(people, batch) {
		var some []models.Attendance
		if err := knownNow(db, "attendances").Where("person_id IN ? AND present = ?", chunk, true).Find(&some).Error; err != nil {
			return nil, fmt.Errorf("attendances: %w", store.Translate(err))
		}
		for _, a := range some {
			if a.Valid() {
				days[a.PersonID] = append(days[a.PersonID], a.On)
			}
		}
	}
	return days, nil
}
