package training

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// AttendanceLine is a person on the list of a session: one who is expected, waits
// for a seat, or was there without being sent.
type AttendanceLine struct {
	Person models.Person
	// Unit is the one that the person works in, as nominated or as attended.
	Unit models.Unit
	// Nomination is empty for who was not nominated.
	Nomination models.NominationStatus
	// Attendance is nil while nothing is recorded.
	Attendance *models.Attendance
}

// Seen is what the line says of the attendance, in short: a form sends it back, so
// that nobody overwrites what they have not seen.
func (l AttendanceLine) Seen() string { return seenText(l.Attendance) }

func seenText(a *models.Attendance) string {
	switch {
	case a == nil:
		return ""
	case !a.Present:
		return "absent"
	case a.Passed == nil:
		return "present::" + a.Score
	case *a.Passed:
		return "present:passed:" + a.Score
	default:
		return "present:failed:" + a.Score
	}
}

// AttendanceList is the list of a session: who is expected first, by unit and
// name.
type AttendanceList struct {
	*SessionView
	Lines []AttendanceLine
	// MayRecord tells whether the actor keeps the list.
	MayRecord bool
	Counts    AttendanceCounts
}

// AttendanceCounts counts the people of a list: Expected have a seat, Open are
// those of them of whom nothing is recorded; Valid is how many of the present
// count in rotations, and Free how many seats are free.
type AttendanceCounts struct {
	Expected, Present, Absent, Open, Valid, Free int
}

// AttendanceList returns the list of a session. An actor who does not read the
// office's unit sees the people of their own units alone.
func (d *Desk) AttendanceList(ctx context.Context, actor compliance.Actor, session uint64) (*AttendanceList, error) {
	view, err := d.Session(ctx, actor, session)
	if err != nil {
		return nil, err
	}
	lines, err := attendanceLines(d.store.Read(ctx), session)
	if err != nil {
		return nil, err
	}
	list := &AttendanceList{SessionView: view, Lines: lines,
		MayRecord: actor.Access.AllowsAt(recordAttendance.Object, recordAttendance.Action, view.Office.Path)}
	if !actor.Access.AllowsAt(readRotation.Object, readRotation.Action, view.Office.Path) {
		list.Lines = slices.DeleteFunc(list.Lines, func(l AttendanceLine) bool {
			return !actor.Access.AllowsAt(readRotation.Object, readRotation.Action, l.Unit.Path)
		})
	}
	list.Counts = countLines(list.Lines, view.Capacity)
	return list, nil
}

func countLines(lines []AttendanceLine, capacity int) AttendanceCounts {
	counts := AttendanceCounts{Free: capacity}
	for _, line := range lines {
		seated := line.Nomination.Seated()
		if seated {
			counts.Expected++
		}
		switch a := line.Attendance; {
		case a == nil && seated:
			counts.Open++
			counts.Free--
		case a == nil:
		case a.Present:
			counts.Present++
			counts.Free--
			if a.Valid() {
				counts.Valid++
			}
		default:
			counts.Absent++
		}
	}
	return counts
}

// The counts of a list that is not read: of people with a seat, and of attendances.
const (
	countExpected = `SELECT COUNT(*) AS expected, COALESCE(SUM(CASE WHEN a.id IS NULL THEN 1 ELSE 0 END), 0) AS open FROM nominations n
LEFT JOIN attendances a ON a.session_id = n.session_id AND a.person_id = n.person_id AND a.known_until = ?
WHERE n.session_id = ? AND n.status IN ('seated', 'confirmed')`
	countAttended = `SELECT COALESCE(SUM(CASE WHEN present THEN 1 ELSE 0 END), 0) AS present, COALESCE(SUM(CASE WHEN present THEN 0 ELSE 1 END), 0) AS absent,
COALESCE(SUM(CASE WHEN present AND (NOT tested OR passed) THEN 1 ELSE 0 END), 0) AS valid FROM attendances WHERE known_until = ? AND session_id = ?`
)

// attendanceCounts counts the whole list of a session without reading it: the
// screen in the room asks every few seconds.
func attendanceCounts(db *gorm.DB, session models.TrainingSession) (AttendanceCounts, error) {
	var counts AttendanceCounts
	for query, into := range map[string][]any{
		countExpected: {&counts.Expected, &counts.Open},
		countAttended: {&counts.Present, &counts.Absent, &counts.Valid},
	} {
		if err := db.Raw(query, models.Forever, session.ID).Row().Scan(into...); err != nil {
			return counts, fmt.Errorf("counts of session: %w", store.Translate(err))
		}
	}
	counts.Free = session.Capacity - counts.Open - counts.Present
	return counts, nil
}

// attendanceLines brings together who was nominated to a session and who was
// there.
func attendanceLines(db *gorm.DB, session uint64) ([]AttendanceLine, error) {
	var nominations []models.Nomination
	if err := db.Where("session_id = ? AND status <> ?", session, models.NominationCancelled).Find(&nominations).Error; err != nil {
		return nil, fmt.Errorf("nominations of session: %w", store.Translate(err))
	}
	var attendances []models.Attendance
	if err := knownNow(db, "attendances").Where("session_id = ?", session).Find(&attendances).Error; err != nil {
		return nil, fmt.Errorf("attendances of session: %w", store.Translate(err))
	}
	lines, units := map[uint64]AttendanceLine{}, map[uint64]uint64{}
	for _, n := range nominations {
		lines[n.PersonID], units[n.PersonID] = AttendanceLine{Nomination: n.Status}, n.UnitID
	}
	for i, a := range attendances {
		line := lines[a.PersonID]
		line.Attendance = &attendances[i]
		lines[a.PersonID], units[a.PersonID] = line, a.UnitID
	}
	return namedLines(db, lines, units)
}

// namedLines adds names to the lines, given by person, and puts them in order.
func namedLines(db *gorm.DB, lines map[uint64]AttendanceLine, units map[uint64]uint64) ([]AttendanceLine, error) {
	var personIDs, unitIDs []uint64
	for person, unit := range units {
		personIDs, unitIDs = append(personIDs, person), append(unitIDs, unit)
	}
	people, err := peopleByID(db, personIDs)
	if err != nil {
		return nil, err
	}
	named, err := unitsByID(db, unitIDs)
	if err != nil {
		return nil, err
	}
	list := make([]AttendanceLine, 0, len(lines))
	for id, line := range lines {
		line.Person, line.Unit = people[id], named[units[id]]
		list = append(list, line)
	}
	slices.SortFunc(list, func(a, b AttendanceLine) int {
		return cmp.Or(cmp.Compare(lineRank(a), lineRank(b)), cmp.Compare(a.Unit.Code, b.Unit.Code), cmp.Compare(a.Person.Name, b.Person.Name), cmp.Compare(a.Person.ID, b.Person.ID))
	})
	return list, nil
}

// lineRank puts who is expected first, then who came unasked, then who waits.
func lineRank(l AttendanceLine) int {
	switch {
	case l.Nomination.Seated():
		return 0
	case l.Attendance != nil:
		return 1
	default:
		return 2
	}
}
