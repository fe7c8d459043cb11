package training

import (
	"context"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
)

// AttendanceMark is what somebody ticked or wrote in a line of the list.
type AttendanceMark struct {
	Person uint64
	// Seen is that of the line as it was shown.
	Seen    string
	Present bool
	Passed  *bool
	Score   string
}

// maxMarks bounds a list that is sent at once.
const maxMarks = 1000

// RecordList takes over a list of a session; the outcomes are in the order of the
// marks. A line that was left as it was shown says nothing. One that somebody
// else, or the person by the code, has changed meanwhile is refused and shows what
// is known now: nothing is overwritten unseen.
func (d *Desk) RecordList(ctx context.Context, actor compliance.Actor, session uint64, marks []AttendanceMark) ([]EntryOutcome, error) {
	if len(marks) > maxMarks {
		return nil, models.NewError(models.Invalid, "attendance.too_many_lines", "Count", len(marks), "Max", maxMarks)
	}
	var outcomes []EntryOutcome
	err := d.write(ctx, actor, func(w *write) error {
		row, course, err := w.lockSession(session)
		if err != nil {
			return err
		}
		office, err := w.office(row.UnitID, recordAttendance, sessionUnknown)
		if err != nil {
			return err
		}
		list := &markedList{book: w.attendanceBook(), session: row, course: course, office: office}
		outcomes, err = w.recordMarks(list, marks)
		return err
	})
	return outcomes, err
}

// markedList is a list under way.
type markedList struct {
	book    *attendanceBook
	session models.TrainingSession
	course  models.Course
	office  models.Unit
}

func (w *write) recordMarks(list *markedList, marks []AttendanceMark) ([]EntryOutcome, error) {
	entries := make([]AttendanceEntry, len(marks))
	for i, mark := range marks {
		entries[i] = list.entry(mark)
	}
	if err := list.book.learn(entries); err != nil {
		return nil, err
	}
	outcomes := make([]EntryOutcome, len(marks))
	var kept []AttendanceEntry
	var places []int
	for i, mark := range marks {
		if outcomes[i] = list.look(mark, entries[i]); outcomes[i].Change == "" {
			kept, places = append(kept, entries[i]), append(places, i)
		}
	}
	taken, changes, err := w.takeOver(list.book, kept)
	if err != nil {
		return nil, err
	}
	for i, outcome := range taken {
		outcomes[places[i]] = outcome
	}
	return outcomes, w.recordChanges(list, changes)
}

// entry is what the mark says. Where the course has a pass mark the score alone
// decides, and a result without one is only kept of who was there.
func (l *markedList) entry(mark AttendanceMark) AttendanceEntry {
	e := AttendanceEntry{Session: l.session.ID, Person: mark.Person, Present: mark.Present, Passed: mark.Passed, Score: strings.TrimSpace(mark.Score), Source: models.AttendanceByList}
	if l.course.PassMark != "" && (e.Score != "" || !e.Present) {
		e.Passed = nil
	}
	return e
}

// look returns the outcome of a mark that says nothing new, or was made of a line
// that has changed since; the zero outcome for one to be taken over.
func (l *markedList) look(mark AttendanceMark, e AttendanceEntry) EntryOutcome {
	_, person, faults := l.book.find(e)
	if len(faults) > 0 {
		return refusal(faults...)
	}
	now := person.attendances[l.session.ID]
	passed, score, fault := result(e, l.course)
	said := seenText(&models.Attendance{Present: e.Present, Passed: passed, Score: score})
	switch current := seenText(now); {
	case fault != nil, mark.Seen == current && said != current:
		return EntryOutcome{}
	case said == current && now != nil:
		return EntryOutcome{Change: EntrySame, ID: now.ID}
	case said == mark.Seen: // left as it was
		return EntryOutcome{Change: EntrySame}
	default:
		return refusal(changedMeanwhile(person.Person, now))
	}
}

// changedMeanwhile says what has become of a line since it was shown.
func changedMeanwhile(person models.Person, now *models.Attendance) models.Field {
	switch {
	case now == nil:
		return models.Field{Name: "present", Key: "attendance.removed_meanwhile", Args: models.Args("Name", person.Name)}
	case now.Source == models.AttendanceByCode:
		return models.Field{Name: "present", Key: "attendance.came_meanwhile", Args: models.Args("Name", person.Name, "At", now.RecordedAt)}
	default:
		return models.Field{Name: "present", Key: "attendance.changed_meanwhile", Args: models.Args("Name", person.Name, "At", now.RecordedAt)}
	}
}

// recordChanges adds the audit entry of a list: how many were present and absent,
// the first names, and each correction of what was known before.
func (w *write) recordChanges(list *markedList, changes []attendanceChange) error {
	if len(changes) == 0 {
		return nil
	}
	var present int
	var names []string
	var corrected []map[string]any
	for _, change := range changes {
		person := list.book.people[change.now.PersonID].Person
		names = append(names, person.Name)
		if change.now.Present {
			present++
		}
		if before := change.before; before != nil && seenText(before) != "present::" {
			corrected = append(corrected, map[string]any{"name": person.Name, "number": person.Code(), "from": seenText(before), "to": seenText(change.now)})
		}
	}
	return w.record(event{action: "record-attendance", object: "session", id: list.session.ID, unit: &list.office, permission: recordAttendance,
		detail: map[string]any{"session": list.session.Code, "present": present, "absent": len(changes) - present,
			"names": names[:min(len(names), namesAtMost)], "corrected": corrected}})
}
