package compliance

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// roster is what the judge of a rotation is given: the postings in the unit, the
// people, and their attendances wherever they worked.
type roster struct {
	postings    []models.Posting
	people      map[uint64]models.Person
	attendances map[uint64][]models.Attendance
}

// facts composes what was known at the end of the day.
func (r roster) facts(day calendar.Date) (staff []rules.StaffMember, attendances []rules.Attendance) {
	listed := map[uint64]bool{}
	for _, p := range r.postings {
		if !knownThen(p.KnownOn, p.KnownUntil, day) {
			continue
		}
		person := r.people[p.PersonID]
		staff = append(staff, rules.StaffMember{ID: person.Code(), Name: person.Name, From: p.StartOn, To: p.EndOn})
		if listed[p.PersonID] {
			continue
		}
		listed[p.PersonID] = true
		for _, a := range r.attendances[p.PersonID] {
			if knownThen(a.KnownOn, a.KnownUntil, day) {
				attendances = append(attendances, AttendanceFact(person, a))
			}
		}
	}
	return staff, attendances
}

// everKnown returns the postings as they were known on any day: what becomes known
// later may turn on a day that is later still.
func (r roster) everKnown() []rules.StaffMember {
	staff := make([]rules.StaffMember, len(r.postings))
	for i, p := range r.postings {
		staff[i] = rules.StaffMember{From: p.StartOn, To: p.EndOn}
	}
	return staff
}

// AttendanceFact is the attendance as the judge knows it. A test whose result is
// awaited is not passed.
func AttendanceFact(person models.Person, a models.Attendance) rules.Attendance {
	fact := rules.Attendance{Staff: person.Code(), On: a.On, Present: a.Present}
	if a.Tested {
		passed := a.Passed != nil && *a.Passed
		fact.Passed = &passed
	}
	return fact
}

func knownThen(on, until, day calendar.Date) bool { return on <= day && day < until }

// learned returns the days after the day on which something that the judge is
// given became known: none, unless the clock of another server was ahead, or the
// past is being loaded.
func (d dossier) learned(day calendar.Date) []calendar.Date {
	var days []calendar.Date
	add := func(on, until calendar.Date) {
		for _, known := range []calendar.Date{on, until} {
			if known > day && known < models.Forever {
				days = append(days, known)
			}
		}
	}
	for _, p := range d.roster.postings {
		add(p.KnownOn, p.KnownUntil)
		for _, a := range d.roster.attendances[p.PersonID] {
			add(a.KnownOn, a.KnownUntil)
		}
	}
	for _, e := range d.exemptions {
		add(e.GrantedOn, e.RevokedOn)
	}
	return days
}

// foresee returns how the rotation will stand on days to come, by what is known
// now: people join and leave on dates that may be known before.
func (d dossier) foresee(lib *library, row models.Duty, today calendar.Date) ([]models.DutyChange, error) {
	if d.rule.Rotation == nil || row.Outcome == models.Withdrawn {
		return nil, nil
	}
	d.row = row
	days := slices.Concat(rules.TurningDays(d.roster.everKnown(), today, ruleDuty(d.entry, row).Period.Span), d.learned(today))
	slices.Sort(days)
	var foreseen []models.DutyChange
	for _, day := range slices.Compact(days) {
		verdict, err := d.judge(lib, day)
		if err != nil {
			return nil, err
		}
		take(&row, verdict)
		foreseen = append(foreseen, changeOf(row, day))
	}
	return foreseen, nil
}

// addRosters brings the rosters to the dossiers of rotations.
func addRosters(db *gorm.DB, list []dossier) error {
	var units []uint64
	for _, d := range list {
		if d.rule.Rotation != nil {
			units = append(units, d.row.UnitID)
		}
	}
	if len(units) == 0 {
		return nil
	}
	slices.Sort(units)
	rosters, err := rostersOf(db, slices.Compact(units))
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].rule.Rotation != nil {
			list[i].roster = rosters[list[i].row.UnitID]
		}
	}
	return nil
}

// rostersOf returns the rosters of the units with all that was ever known of them.
func rostersOf(db *gorm.DB, units []uint64) (map[uint64]roster, error) {
	rosters := map[uint64]roster{}
	var ids []uint64
	for chunk := range slices.Chunk(units, batch) {
		var postings []models.Posting
		if err := db.Where("unit_id IN ?", chunk).Order("start_on, id").Find(&postings).Error; err != nil {
			return nil, fmt.Errorf("postings: %w", store.Translate(err))
		}
		for _, p := range postings {
			r := rosters[p.UnitID]
			r.postings = append(r.postings, p)
			rosters[p.UnitID] = r
			ids = append(ids, p.PersonID)
		}
	}
	slices.Sort(ids)
	people, attendances, err := peopleOf(db, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	for unit, r := range rosters {
		r.people, r.attendances = people, attendances
		rosters[unit] = r
	}
	return rosters, nil
}

// peopleOf returns the people with all attendances that were ever known of them.
func peopleOf(db *gorm.DB, ids []uint64) (map[uint64]models.Person, map[uint64][]models.Attendance, error) {
	people, attendances := map[uint64]models.Person{}, map[uint64][]models.Attendance{}
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Person
		if err := db.Where("id IN ?", chunk).Find(&some).Error; err != nil {
			return nil, nil, fmt.Errorf("people: %w", store.Translate(err))
		}
		for _, person := range some {
			people[person.ID] = person
		}
		var held []models.Attendance
		if err := db.Where("person_id IN ?", chunk).Order("held_on, id").Find(&held).Error; err != nil {
			return nil, nil, fmt.Errorf("attendances: %w", store.Translate(err))
		}
		for _, a := range held {
			attendances[a.PersonID] = append(attendances[a.PersonID], a)
		}
	}
	return people, attendances, nil
}

// rotates tells whether the obligation is a rotation in any edition of its policy:
// duties keep the edition by which they were settled.
func (lib *library) rotates(obligation uint64) bool {
	e, ok := lib.byID[obligation]
	return ok && slices.ContainsFunc(e.book.editions, func(ed edition) bool {
		rule, ok := ed.policy.Find(e.row.Code)
		return ok && rule.Rotation != nil
	})
}

// rotations returns the obligations that are rotations in any edition.
func (lib *library) rotations() []uint64 {
	var ids []uint64
	for id := range lib.byID {
		if lib.rotates(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// HoldRotations begins a write of rosters or attendances: until it ends nobody
// makes, moves or ends duties, so that none is judged by a roster that is just
// being changed. Many such writes go on at once. It locks policies, which come
// before all else that is locked.
func (l *Ledger) HoldRotations(tx *gorm.DB) error {
	if l.store.Dialect() != store.MySQL {
		return nil // there is one writer at a time
	}
	// MariaDB does not know FOR SHARE.
	if err := tx.Exec("SELECT id FROM policies ORDER BY id LOCK IN SHARE MODE").Error; err != nil {
		return fmt.Errorf("hold rotations: %w", err)
	}
	return nil
}

// JudgeRotations judges the rotation duties of the units anew, at the moment and
// in the transaction of a write that began with HoldRotations and has changed
// their rosters or the attendances of people on them.
func (l *Ledger) JudgeRotations(tx *gorm.DB, at time.Time, units []uint64) error {
	w := &write{Ledger: l, tx: tx, moment: momentOf(at), policies: new(*library)}
	return w.judgeRotations(units)
}

func (w *write) judgeRotations(units []uint64) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	rotations := lib.rotations()
	if len(rotations) == 0 {
		return nil
	}
	units = slices.Clone(units)
	slices.Sort(units)
	for chunk := range slices.Chunk(slices.Compact(units), batch) {
		var rows []models.Duty
		err := w.locked().Where("unit_id IN ? AND obligation_id IN ? AND outcome <> ?", chunk, rotations, models.Withdrawn).Order("id").Find(&rows).Error
		if err != nil {
			return fmt.Errorf("rotation duties: %w", err)
		}
		if err := w.judgeRows(lib, rows); err != nil {
			return err
		}
	}
	return nil
}

// judgeRows judges locked duties anew.
func (w *write) judgeRows(lib *library, rows []models.Duty) error {
	if err := stand(w.tx, lib, rows, w.today); err != nil {
		return err
	}
	list, err := dossiers(w.tx, lib, rows)
	if err != nil {
		return err
	}
	units, err := unitsOf(w.tx, rows)
	if err != nil {
		return err
	}
	next := make([]settling, len(list))
	for i := range list {
		if next[i], err = w.judgeAgain(lib, &list[i], units[list[i].row.UnitID].Path); err != nil {
			return err
		}
	}
	return w.settleAll(next)
}

// judgeFreshRotations judges new duties that are rotations of units with a roster.
func (w *write) judgeFreshRotations(fresh []newDuty) error {
	lib, err := w.lib()
	if err != nil {
		return err
	}
	var units []uint64
	for _, n := range fresh {
		if lib.rotates(n.row.ObligationID) {
			units = append(units, n.row.UnitID)
		}
	}
	if len(units) == 0 {
		return nil
	}
	slices.Sort(units)
	var staffed []uint64
	for chunk := range slices.Chunk(slices.Compact(units), batch) {
		var some []uint64
		if err := w.tx.Model(&models.Posting{}).Where("unit_id IN ?", chunk).Distinct().Pluck("unit_id", &some).Error; err != nil {
			return fmt.Errorf("units with a roster: %w", err)
		}
		staffed = append(staffed, some...)
	}
	return w.judgeRotations(staffed)
}
