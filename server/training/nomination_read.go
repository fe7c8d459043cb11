package training

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// NominationView is a nomination with whom it sends.
type NominationView struct {
	models.Nomination
	Person models.Person
	Unit   models.Unit
	// Place is the place on the waiting list, from 1; 0 for who does not wait.
	Place int
	// Post is what the person does there, by the posting on the day of the session.
	Post string
	// Gone tells that the person is on no roster any more on the days of the session.
	Gone bool
	// MayWithdraw tells that the actor may withdraw the nomination now.
	MayWithdraw bool
}

// Nominations returns the nominations to a session of people whose units the actor
// reads, by unit and name; those who wait by their place after those with a seat,
// and those that were cancelled last.
func (d *Desk) Nominations(ctx context.Context, actor compliance.Actor, session uint64) ([]NominationView, error) {
	s, err := d.Session(ctx, actor, session)
	if err != nil {
		return nil, err
	}
	db := d.store.Read(ctx)
	rows, err := rowsOf[models.Nomination](func() *gorm.DB { return db }, "session_id", []uint64{session})
	if err != nil {
		return nil, fmt.Errorf("nominations: %w", err)
	}
	people, err := peopleByID(db, personIDs(rows))
	if err != nil {
		return nil, err
	}
	units, err := unitsByID(db, unitIDs(rows))
	if err != nil {
		return nil, err
	}
	from, to := attendableDays(s.TrainingSession, d.Today())
	postings, err := postingsOn(db, distinct(personIDs(rows)), from)
	if err != nil {
		return nil, err
	}
	last, err := postingsOn(db, distinct(personIDs(rows)), to)
	if err != nil {
		return nil, err
	}
	var views []NominationView
	place := 0
	for _, row := range rows {
		posting, posted := postings[row.PersonID]
		_, stays := last[row.PersonID]
		v := NominationView{Nomination: row, Person: people[row.PersonID], Unit: units[row.UnitID], Post: posting.Post, Gone: !posted || !stays}
		if row.Status == models.NominationWaiting {
			place++
			v.Place = place
		}
		if actor.Access.AllowsAt(readRotation.Object, readRotation.Action, v.Unit.Path) {
			v.MayWithdraw = row.Ended == 0 && d.mayWithdrawNow(actor, s, v.Unit)
			views = append(views, v)
		}
	}
	slices.SortStableFunc(views, func(a, b NominationView) int {
		return cmp.Or(cmp.Compare(listRank(a), listRank(b)), cmp.Compare(a.Place, b.Place), strings.Compare(a.Unit.Path, b.Unit.Path), cmp.Compare(a.ID, b.ID))
	})
	return views, nil
}

// listRank orders a list by who comes, who waits, and who does not come.
func listRank(v NominationView) int {
	switch v.Status {
	case models.NominationWaiting:
		return 1
	case models.NominationCancelled:
		return 2
	default:
		return 0
	}
}

// mayWithdrawNow tells whether the actor may withdraw people of the unit.
func (d *Desk) mayWithdrawNow(actor compliance.Actor, s *SessionView, unit models.Unit) bool {
	if s.Status != models.SessionOpen {
		return false
	}
	decides := actor.Access.AllowsAt(decideNomination.Object, decideNomination.Action, s.Office.Path)
	makes := actor.Access.AllowsAt(makeNomination.Object, makeNomination.Action, unit.Path)
	return decides || makes && d.now().Before(begins(s.TrainingSession))
}

// Candidate is somebody who can be nominated to a session, or the reason why not.
type Candidate struct {
	Person models.Person
	Unit   models.Unit
	Post   string
	// TrainedOn is the day of the last valid attendance; zero for none. Current tells
	// that it makes training unnecessary in the window that contains the session.
	TrainedOn calendar.Date
	Current   bool
	Refusal   *models.Error
}

// CandidateQuery asks for people to nominate whose name, number or unit has the
// text.
type CandidateQuery struct {
	Text  string
	Limit int
}

// candidateReads bounds how often Candidates reads on for people who can come.
const candidateReads = 20

// candidateRow is somebody on a roster who is not nominated to the session.
type candidateRow struct {
	PersonID uint64
	Post     string
	LastOn   calendar.Date
}

// Candidates returns people on the rosters of units for which the actor nominates
// who are not nominated to the session yet: those who need training first, the
// longest untrained of them first, and those who cannot come last. The latter are
// left out before anybody who can come is. It tells whether there are more than the
// limit.
func (d *Desk) Candidates(ctx context.Context, actor compliance.Actor, session uint64, q CandidateQuery) ([]Candidate, bool, error) {
	s, err := d.Session(ctx, actor, session)
	if err != nil {
		return nil, false, err
	}
	db := d.store.Read(ctx)
	var able, refused []Candidate
	more := true
	for read := 0; more && read < candidateReads && len(able) <= q.Limit; read++ {
		var rows []candidateRow
		query := candidateQuery(db, actor, s, q, d.Today()).Offset(read * (q.Limit + 1)).Limit(q.Limit + 1)
		if err := query.Scan(&rows).Error; err != nil {
			return nil, false, fmt.Errorf("people to nominate: %w", store.Translate(err))
		}
		more = len(rows) > q.Limit
		some, err := d.candidates(db, actor, s, rows)
		if err != nil {
			return nil, false, err
		}
		for _, c := range some {
			if c.Refusal == nil {
				able = append(able, c)
			} else {
				refused = append(refused, c)
			}
		}
	}
	list := slices.Concat(able, refused)
	more = more || len(list) > q.Limit
	list = list[:min(len(list), q.Limit)]
	slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(candidateRank(a), candidateRank(b)) })
	return list, more, nil
}

// candidates decides on people in their order.
func (d *Desk) candidates(db *gorm.DB, actor compliance.Actor, s *SessionView, rows []candidateRow) ([]Candidate, error) {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.PersonID
	}
	c, err := d.candidacyOf(db, actor, s.TrainingSession, s.Office, ids, 0)
	if err != nil {
		return nil, err
	}
	list := make([]Candidate, len(rows))
	for i, row := range rows {
		list[i] = Candidate{Person: c.people[row.PersonID], Unit: c.units[c.first[row.PersonID].UnitID], Post: row.Post, TrainedOn: row.LastOn, Refusal: c.refusal(row.PersonID)}
		_, list[i].Current = c.trained[row.PersonID]
	}
	return list, nil
}

// candidateRank puts who needs training first and who cannot come last.
func candidateRank(c Candidate) int {
	switch {
	case c.Refusal != nil:
		return 2
	case c.Current:
		return 1
	default:
		return 0
	}
}

func candidateQuery(db *gorm.DB, actor compliance.Actor, s *SessionView, q CandidateQuery, today calendar.Date) *gorm.DB {
	day, _ := attendableDays(s.TrainingSession, today)
	query := knownNow(db.Table("postings"), "postings").
		Select("postings.person_id, postings.post, (SELECT MAX(a.held_on) FROM attendances a WHERE a.person_id = p.id AND a.known_until = ? AND a.present AND (NOT a.tested OR a.passed)) AS last_on", models.Forever).
		Joins("JOIN people p ON p.id = postings.person_id AND p.merged_into IS NULL").Joins("JOIN units u ON u.id = postings.unit_id").
		Where("postings.start_on <= ? AND (postings.end_on IS NULL OR postings.end_on >= ?)", day, day).
		Where("NOT EXISTS (SELECT 1 FROM nominations n WHERE n.session_id = ? AND n.person_id = p.id AND n.ended = 0)", s.ID)
	query = actor.Access.Scope(makeNomination.Object, makeNomination.Action).Where(query, "u.path")
	query = rbac.Scope{s.Office.Path}.Where(query, "u.path")
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + wildcards.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(lower(p.name) LIKE ? ESCAPE '!' OR lower(p.number) LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like, like)
	}
	return query.Order("last_on, u.path, p.name, p.id")
}

var wildcards = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
