package training_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// list returns the list of a session as the coordinator of Shandong sees it.
func (w *world) list(session uint64) *training.AttendanceList {
	w.Helper()
	list, err := w.AttendanceList(w.Context(), w.coordinator(shandong), session)
	w.must(err)
	return list
}

func (w *world) marked(session uint64, marks ...training.AttendanceMark) []string {
	w.Helper()
	outcomes, err := w.RecordList(w.Context(), w.coordinator(shandong), session, marks)
	w.must(err)
	texts := make([]string, len(outcomes))
	for i, outcome := range outcomes {
		texts[i] = said(outcome)
	}
	return texts
}

func names(list *training.AttendanceList) []string {
	texts := make([]string, len(list.Lines))
	for i, line := range list.Lines {
		texts[i] = fmt.Sprint(line.Person.Name, " ", line.Unit.Code, " ", line.Nomination, " ", line.Seen())
	}
	return texts
}

// nominatedTo sends somebody with the status.
func (w *world) nominatedTo(session, person uint64, unit string, status models.NominationStatus) {
	w.Helper()
	add(w, models.Nomination{SessionID: session, PersonID: person, UnitID: w.unit(unit).ID, Status: status, NominatedAt: w.now(), Version: 1})
}

func TestTheListHasWhoIsExpectedFirst(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04 15:00")
	exam := w.class("S1", "2017-05-04", tested("60"))
	a, b := w.attendee("a", qingdao, "2016-01-01", ""), w.attendee("b", jinan, "2016-01-01", "")
	c, d := w.attendee("c", jinan, "2016-01-01", ""), w.attendee("d", jinan, "2016-01-01", "")
	w.nominatedTo(exam.ID, a, qingdao, models.NominationConfirmed)
	w.nominatedTo(exam.ID, b, jinan, models.NominationSeated)
	w.nominatedTo(exam.ID, c, jinan, models.NominationWaiting)
	w.came(exam, d)
	got := w.marked(exam.ID, training.AttendanceMark{Person: a, Present: true, Score: "85.0"}, training.AttendanceMark{Person: b})
	if diff := cmp.Diff([]string{"added", "added"}, got); diff != "" {
		t.Error(diff)
	}
	list := w.list(exam.ID)
	want := []string{"b 370100 seated absent", "a 370200 confirmed present:passed:85", "d 370100  present::", "c 370100 waiting "}
	if diff := cmp.Diff(want, names(list)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(training.AttendanceCounts{Expected: 2, Present: 2, Absent: 1, Valid: 1, Free: 48}, list.Counts); diff != "" {
		t.Error(diff)
	}
	// A unit that sends people sees its own, and records nothing.
	own, err := w.AttendanceList(t.Context(), w.reporter(qingdao), exam.ID)
	w.must(err)
	if diff := cmp.Diff(want[1:2], names(own)); diff != "" || own.MayRecord {
		t.Errorf("may record %v\n%s", own.MayRecord, diff)
	}
	_, err = w.RecordList(t.Context(), w.reporter(qingdao), exam.ID, []training.AttendanceMark{{Person: a, Present: false}})
	w.wantCode(err, models.Forbidden, "error.forbidden")
	_, err = w.RecordList(t.Context(), w.actor("210000", models.Coordinator), exam.ID, nil)
	w.wantCode(err, models.NotFound, "session.unknown")
}

// TestNothingIsOverwrittenUnseen has a list that was opened before somebody
// checked in by the code, and before another desk has saved its own.
func TestNothingIsOverwrittenUnseen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 09:05")
		exam := w.class("S1", "2017-05-04", tested("60"))
		var people []uint64
		for _, name := range []string{"came", "untouched", "other", "agreed", "fault"} {
			person := w.attendee(name, jinan, "2016-01-01", "")
			w.nominatedTo(exam.ID, person, jinan, models.NominationConfirmed)
			people = append(people, person)
		}
		w.checkedIn(exam.ID, "came")
		w.checkedIn(exam.ID, "untouched")
		w.marked(exam.ID, training.AttendanceMark{Person: people[2], Present: true, Score: "50"}, training.AttendanceMark{Person: people[3], Present: true})
		got := w.marked(exam.ID,
			training.AttendanceMark{Person: people[0], Present: false},
			training.AttendanceMark{Person: people[1], Seen: "absent", Present: false}, // nothing ticked since
			training.AttendanceMark{Person: people[2], Present: false},
			training.AttendanceMark{Person: people[3], Present: true},
			training.AttendanceMark{Person: people[4], Present: true, Score: "x"})
		want := []string{"refused present:attendance.came_meanwhile", "same", "refused present:attendance.changed_meanwhile", "same", "refused score:attendance.bad_score"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		// With what is known now before their eyes they may.
		seen := map[uint64]string{}
		for _, line := range w.list(exam.ID).Lines {
			seen[line.Person.ID] = line.Seen()
		}
		got = w.marked(exam.ID, training.AttendanceMark{Person: people[0], Seen: seen[people[0]], Present: false},
			training.AttendanceMark{Person: people[2], Seen: seen[people[2]], Present: true, Passed: ptr(false), Score: "75"})
		if diff := cmp.Diff([]string{"changed", "changed"}, got); diff != "" {
			t.Error(diff)
		}
		// And who was recorded as absent does not make themselves present.
		_, err := w.CheckIn(t.Context(), w.byCode(exam.ID, "came"), "")
		w.wantCode(err, models.Invalid, "attendance.not_expected")
	})
}

func TestWalkInsAreFoundByNumberOrName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		room := w.class("S1", "2017-05-04", seats(2))
		w.attendee("张三", jinan, "2016-01-01", "")
		w.attendee("李四", jinan, "2016-01-01", "")
		twin := add(w, models.Person{Name: "李四", Version: 1, CreatedAt: w.now()}).ID
		w.posted(twin, qingdao, "2016-01-01", "")
		w.attendee("王五", qingdao, "2016-01-01", "2017-05-03")
		w.attendee("赵六", qingdao, "2016-01-01", "")
		for _, c := range []struct{ who, want string }{
			{" ", "filing.required"},
			{"李四", "attendance.namesakes"},
			{"王五", "attendance.nobody"},
			{"钱七", "attendance.nobody"},
			{"张 三", ""},
			{"N-李四", ""},
			{"赵六", "attendance.no_seat"},
		} {
			_, err := w.RecordWalkIn(t.Context(), w.coordinator(shandong), room.ID, c.who)
			if c.want == "" {
				w.must(err)
			} else {
				w.wantCode(err, models.Invalid, c.want)
			}
		}
		if got := w.list(room.ID).Counts; got.Present != 2 || got.Free != 0 {
			t.Errorf("got %+v", got)
		}
	})
}

func (w *world) removed(actor compliance.Actor, id uint64, reason string) error {
	w.Helper()
	_, err := w.RemoveAttendance(w.Context(), actor, id, reason)
	return err
}

func TestAnAttendanceIsTakenBackWithAReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 18:00").activated("shandong-2017", 2017)
		room := w.class("S1", "2017-05-04", nil)
		a := w.attendee("a", jinan, "2016-01-01", "")
		w.came(room, a)
		id := w.known(room.ID)[a].ID
		state := func(asOf string) string {
			return string(w.rotation(jinan, "sd2017.rotation", day(asOf)).Verdict.State)
		}
		if state("2017-05-04") != "met" {
			t.Fatal("the rotation is not met")
		}
		w.wantCode(w.removed(w.coordinator(shandong), id, " "), models.Invalid, "filing.required")
		w.wantCode(w.removed(w.reporter(jinan), id, "误登"), models.Forbidden, "error.forbidden")
		w.wantCode(w.removed(w.actor("210000", models.Coordinator), id, "误登"), models.NotFound, "attendance.unknown")
		w.wantCode(w.removed(w.coordinator(shandong), 1<<40, "误登"), models.NotFound, "attendance.unknown")
		w.at("2017-05-09")
		w.must(w.removed(w.coordinator(shandong), id, "误登"))
		w.wantCode(w.removed(w.coordinator(shandong), id, "误登"), models.Stale, "attendance.stale")
		if got := state("2017-05-08") + " " + state("2017-05-09"); got != "met pending" || len(w.known(room.ID)) != 0 {
			t.Errorf("got %s, known %v", got, w.known(room.ID))
		}
		// On the day it was recorded nothing of it is left.
		w.came(room, a)
		w.must(w.removed(w.coordinator(shandong), w.known(room.ID)[a].ID, "误登"))
		var rows int64
		w.must(s.Read(t.Context()).Model(&models.Attendance{}).Count(&rows).Error)
		if rows != 1 {
			t.Errorf("%d rows, want the one of before", rows)
		}
	})
}

// TestTwoDesksAtOnce tick different things of one person: one of them is told.
func TestTwoDesksAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 15:00")
		room := w.class("S1", "2017-05-04", nil)
		a := w.attendee("a", jinan, "2016-01-01", "")
		office := w.coordinator(shandong)
		var got [2]string
		var all sync.WaitGroup
		for i, present := range []bool{true, false} {
			all.Go(func() {
				outcomes, err := w.RecordList(t.Context(), office, room.ID, []training.AttendanceMark{{Person: a, Present: present}})
				if err != nil {
					t.Error(err)
					return
				}
				got[i] = said(outcomes[0])
			})
		}
		all.Wait()
		told := "refused present:attendance.changed_meanwhile"
		if got != [2]string{"added", told} && got != [2]string{told, "added"} {
			t.Errorf("got %v", got)
		}
	})
}

// A list that names somebody whom its office does not see says nothing of them.
func TestAListTellsNothingOfStrangers(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	room := w.class("S1", "2017-05-04", nil)
	stranger := w.attendee("辽宁某人", "210000", "2016-01-04", "")
	for _, seen := range []string{"", "x"} {
		got := w.marked(room.ID, training.AttendanceMark{Person: stranger, Seen: seen, Present: true})
		if got[0] != "refused person:attendance.person_unknown" {
			t.Errorf("a line seen as %q: %s", seen, got[0])
		}
	}
}
