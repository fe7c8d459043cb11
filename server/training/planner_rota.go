package training

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/planner"
	"sundial/server/store"
)

// rota is all that a proposal is made from, as it is now.
type rota struct {
	table   *compliance.RotationTable
	unit    models.Unit
	request PlanRequest
	today   calendar.Date
	// sessions are those to be filled, the earliest first.
	sessions []models.TrainingSession
	// left are the people who are not trained in the window, by id.
	left map[uint64]leftRow
	// planned have a seat in a session to come, unrecorded had one in a session that
	// is over and whose attendance is not recorded yet.
	planned, unrecorded map[uint64]bool
	// standing are the sessions to come for which people of the subtree are
	// nominated.
	standing []uint64
	problem  planner.Problem
}

// rotaOf reads what a proposal for the unit is made from. Postings are those known
// now: the last day on which somebody counts in the table is today.
func (d *Desk) rotaOf(db *gorm.DB, t *compliance.RotationTable, unit models.Unit, request PlanRequest) (*rota, error) {
	r := &rota{table: t, unit: unit, request: request, today: t.AsOf, left: map[uint64]leftRow{}, planned: map[uint64]bool{}, unrecorded: map[uint64]bool{}}
	r.problem = planner.Problem{From: slot(min(max(r.today+1, t.Period.From), t.LastDay())), To: gap(t.LastDay()), Share: request.Share * planner.Whole / 100}
	if t.Over() || !t.Begun() {
		return r, nil
	}
	rows, err := d.leftRows(db, t, LeftFilter{}, nil, 0)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		r.left[row.PersonID] = row
	}
	if err := r.readSessions(db); err != nil {
		return nil, err
	}
	units, err := r.readUnits(db)
	if err != nil {
		return nil, err
	}
	absences, err := r.readStanding(db)
	if err != nil {
		return nil, err
	}
	postings, err := r.readPostings(db)
	if err != nil {
		return nil, err
	}
	r.compose(rows, units, absences, postings)
	return r, nil
}

// readSessions reads the sessions of the office, and of those above it, that lie
// in what is left of the window and have free seats.
func (r *rota) readSessions(db *gorm.DB) error {
	all, err := sessionsToFill(db, r.unit, r.table)
	if err != nil {
		return err
	}
	for _, s := range all {
		if r.request.fills(s.ID) {
			r.sessions = append(r.sessions, s)
		}
	}
	return nil
}

func sessionsToFill(db *gorm.DB, unit models.Unit, t *compliance.RotationTable) ([]models.TrainingSession, error) {
	var sessions []models.TrainingSession
	err := db.Where("unit_id IN ? AND status = ? AND start_on > ? AND end_on <= ? AND seated < capacity", lineage(unit.Path), models.SessionOpen, t.AsOf, t.LastDay()).
		Order("start_on, start_minute, id").Find(&sessions).Error
	if err != nil {
		return nil, fmt.Errorf("sessions to fill: %w", store.Translate(err))
	}
	return sessions, nil
}

// rotaUnit is a unit that owes the rotation until its last day, with how many are
// on its roster.
type rotaUnit struct {
	UnitID uint64
	Path   string
	LastOn calendar.Date
	Size   int
}

func (r *rota) readUnits(db *gorm.DB) (map[uint64]rotaUnit, error) {
	var owing, sizes []rotaUnit
	if err := db.Table("(?) r", r.table.Duties(db)).Select("r.unit_id, r.path, r.last_on").Scan(&owing).Error; err != nil {
		return nil, fmt.Errorf("units that owe the rotation: %w", store.Translate(err))
	}
	if err := counted(db, r.table).Select("r.unit_id, COUNT(*) AS size").Group("r.unit_id").Scan(&sizes).Error; err != nil {
		return nil, fmt.Errorf("sizes of rosters: %w", store.Translate(err))
	}
	units := make(map[uint64]rotaUnit, len(owing))
	for _, u := range owing {
		units[u.UnitID] = u
	}
	for _, u := range sizes {
		owed := units[u.UnitID]
		owed.UnitID, owed.Size = u.UnitID, u.Size
		units[u.UnitID] = owed
	}
	return units, nil
}

// absence is a standing nomination of somebody who works in the unit then.
type absence struct {
	models.TrainingSession
	PersonID   uint64
	PostedIn   uint64
	Nomination models.NominationStatus
}

// readStanding reads the nominations that stand for sessions that are not marked
// as held, of people who work in the subtree when the session begins.
func (r *rota) readStanding(db *gorm.DB) ([]absence, error) {
	const day = "CASE WHEN s.start_on < ? THEN ? ELSE s.start_on END"
	query := db.Table("nominations n").Select("s.*, n.person_id, q.unit_id AS posted_in, n.status AS nomination").
		Joins("JOIN training_sessions s ON s.id = n.session_id AND s.status = ? AND s.end_on >= ?", models.SessionOpen, r.table.Period.From).
		Joins("JOIN postings q ON q.person_id = n.person_id AND q.known_until = ? AND q.start_on <= "+day+" AND (q.end_on IS NULL OR q.end_on >= "+day+")",
			models.Forever, r.today, r.today, r.today, r.today).
		Joins("JOIN units u ON u.id = q.unit_id").Where("n.ended = 0")
	var rows []absence
	if err := (rbac.Scope{r.unit.Path}).Where(query, "u.path").Order("s.start_on, s.id, n.id").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("nominations that stand: %w", store.Translate(err))
	}
	return rows, nil
}

// readPostings reads where the people who are left work from tomorrow on.
func (r *rota) readPostings(db *gorm.DB) (map[uint64][]models.Posting, error) {
	postings := make(map[uint64][]models.Posting, len(r.left))
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(r.left)), batch) {
		var some []models.Posting
		err := knownNow(db, "postings").Where("person_id IN ? AND (end_on IS NULL OR end_on > ?)", chunk, r.today).Order("person_id, start_on").Find(&some).Error
		if err != nil {
			return nil, fmt.Errorf("postings: %w", store.Translate(err))
		}
		for _, p := range some {
			postings[p.PersonID] = append(postings[p.PersonID], p)
		}
	}
	return postings, nil
}

// compose writes the problem down.
func (r *rota) compose(rows []leftRow, units map[uint64]rotaUnit, absences []absence, postings map[uint64][]models.Posting) {
	busy, away := r.settle(units, absences)
	people := map[uint64]bool{}
	for _, row := range rows {
		if r.planned[row.PersonID] {
			continue
		}
		at := r.workplace(row, units, postings[row.PersonID])
		person := planner.Person{ID: row.PersonID, Unit: at.UnitID, Last: row.LastOn, Joined: row.StartOn, From: slot(at.StartOn), Busy: busy[row.PersonID]}
		if !at.EndOn.IsZero() {
			person.To = gap(at.EndOn)
		}
		r.problem.People = append(r.problem.People, person)
		people[at.UnitID] = true
	}
	regions := map[uint64]bool{}
	for _, s := range r.sessions {
		session := planner.Session{ID: s.ID, Span: spanOf(s), Seats: s.Capacity - s.Seated}
		if s.RegionID != nil {
			regions[*s.RegionID] = true
			session.Place = placeName(*s.RegionID)
		}
		r.problem.Sessions = append(r.problem.Sessions, session)
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		r.problem.Units = append(r.problem.Units, r.planUnit(units[id], id, regions, away[id]))
	}
}

// settle tells apart who has a seat already and who is busy, and counts by unit
// and day whom a unit misses that is not to be planned.
func (r *rota) settle(units map[uint64]rotaUnit, absences []absence) (busy map[uint64][]planner.Span, away map[uint64]map[calendar.Date]int) {
	for _, a := range absences {
		row, left := r.left[a.PersonID]
		switch {
		case !left || !a.Nomination.Seated():
		case a.EndOn < r.today:
			r.unrecorded[a.PersonID] = true
		case a.EndOn <= units[row.UnitID].LastOn:
			r.planned[a.PersonID] = true
		}
		if a.EndOn > r.today {
			r.standing = append(r.standing, a.ID)
		}
	}
	r.standing = distinct(r.standing)
	busy, away = map[uint64][]planner.Span{}, map[uint64]map[calendar.Date]int{}
	missed := map[[2]uint64]bool{}
	for _, a := range absences {
		if anyTime(a.TrainingSession) || a.EndOn <= r.today {
			continue
		}
		if _, left := r.left[a.PersonID]; left && !r.planned[a.PersonID] {
			busy[a.PersonID] = append(busy[a.PersonID], spanOf(a.TrainingSession))
			continue
		}
		for day := max(a.StartOn, r.today+1); day <= a.EndOn && a.Nomination.Seated(); day++ {
			if key := [2]uint64{a.PersonID, uint64(day)}; !missed[key] {
				missed[key] = true
				miss(away, a.PostedIn, slot(day))
			}
		}
	}
	return busy, away
}

// miss counts somebody whom the unit misses at the slot.
func miss(away map[uint64]map[calendar.Date]int, unit uint64, at calendar.Date) {
	if away[unit] == nil {
		away[unit] = map[calendar.Date]int{}
	}
	away[unit][at]++
}

// workplace returns where somebody is the longest in what is left of the window,
// among units that owe the rotation: the unit, and the first and last day without
// a break on which they may still be trained. Who is in none is where the row has them.
func (r *rota) workplace(row leftRow, units map[uint64]rotaUnit, postings []models.Posting) models.Posting {
	best := models.Posting{UnitID: row.UnitID, StartOn: row.StartOn, EndOn: r.today}
	most := calendar.Date(0)
	for _, stay := range joined(postings) {
		unit, owes := units[stay.UnitID]
		from, to := max(stay.StartOn, r.today+1), unit.LastOn
		if !stay.EndOn.IsZero() {
			to = min(to, stay.EndOn)
		}
		if owes && to-from+1 > most {
			best, most = stay, to-from+1
			if to < r.table.LastDay() {
				best.EndOn = to
			}
		}
	}
	return best
}

// joined puts postings of one person that follow each other in a unit together.
func joined(postings []models.Posting) []models.Posting {
	var stays []models.Posting
	for _, p := range postings {
		last := len(stays) - 1
		if last >= 0 && stays[last].UnitID == p.UnitID && stays[last].EndOn+1 == p.StartOn {
			stays[last].EndOn = p.EndOn
			continue
		}
		stays = append(stays, p)
	}
	return stays
}

// planUnit is a unit as the planner knows it: its people would rather go to a
// place in its own region, else in that of the nearest unit above.
func (r *rota) planUnit(u rotaUnit, id uint64, regions map[uint64]bool, away map[calendar.Date]int) planner.Unit {
	unit := planner.Unit{ID: id, Size: u.Size, Away: away}
	for _, above := range slices.Backward(lineage(u.Path)) {
		if regions[above] {
			unit.Places = append(unit.Places, placeName(above))
		}
	}
	for _, s := range r.sessions {
		if anyTime(s) {
			if unit.Away == nil {
				unit.Away = map[calendar.Date]int{}
			}
			unit.Away[gap(s.StartOn)] = -len(r.left)
		}
	}
	return unit
}

func placeName(region uint64) string { return strconv.FormatUint(region, 10) }

// mark stands for all that the proposal is made of: the same problem has the same
// proposal.
func (r *rota) mark() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%v %v %v %v %v", r.unit.ID, r.table.Obligation.ID, r.today, r.request, slices.Sorted(maps.Keys(r.planned)))
	fmt.Fprintf(sum, "%v", r.problem)
	return hex.EncodeToString(sum.Sum(nil))
}

// byUnit orders people as lists show them: by the path of the unit, the longest
// untrained first.
func byUnit(a, b leftRow) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.LastOn, b.LastOn), cmp.Compare(a.PersonID, b.PersonID))
}
