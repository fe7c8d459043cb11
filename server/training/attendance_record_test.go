package training_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// add stores a row as it is.
func add[T any](w *world, row T) T {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&row).Error }))
	return row
}

// attendee returns the id of somebody on the unit's roster from one day to another;
// an empty to is still.
func (w *world) attendee(name, unit, from, to string) uint64 {
	w.Helper()
	number := "N-" + name
	person := add(w, models.Person{Name: name, Number: &number, Version: 1, CreatedAt: w.now()})
	w.posted(person.ID, unit, from, to)
	return person.ID
}

// posted adds a posting that has been known since it began.
func (w *world) posted(person uint64, unit, from, to string) {
	w.Helper()
	posting := models.Posting{PersonID: person, UnitID: w.unit(unit).ID, StartOn: day(from), KnownOn: day(from), KnownUntil: models.Forever, RecordedAt: w.now()}
	if to != "" {
		posting.EndOn = day(to)
	}
	add(w, posting)
}

// class returns a session of a course of Shandong on a day from nine to five; edit
// may change both.
func (w *world) class(code, on string, edit func(c *models.Course, s *models.TrainingSession)) models.TrainingSession {
	w.Helper()
	unit := w.unit(shandong)
	course := models.Course{UnitID: unit.ID, Code: "C-" + code, Title: "业务培训", Version: 1}
	session := models.TrainingSession{UnitID: unit.ID, Code: code, Kind: models.ClassSession, StartOn: day(on), EndOn: day(on),
		StartMinute: 9 * 60, EndMinute: 17 * 60, Capacity: 50, Status: models.SessionOpen, Version: 1}
	if edit != nil {
		edit(&course, &session)
	}
	session.CourseID = add(w, course).ID
	return add(w, session)
}

func tested(mark string) func(c *models.Course, s *models.TrainingSession) {
	return func(c *models.Course, _ *models.TrainingSession) { c.Tested, c.PassMark = true, mark }
}

func seats(n int) func(c *models.Course, s *models.TrainingSession) {
	return func(_ *models.Course, s *models.TrainingSession) { s.Capacity = n }
}

// expected gives the person a seat in the session.
func (w *world) expected(session, person uint64) {
	w.Helper()
	add(w, models.Nomination{SessionID: session, PersonID: person, Status: models.NominationConfirmed, NominatedAt: w.now(), Version: 1})
}

// recorded takes over entries as the coordinator of Shandong.
func (w *world) recorded(entries ...training.AttendanceEntry) []training.EntryOutcome {
	w.Helper()
	outcomes, err := w.RecordAttendances(w.Context(), w.coordinator(shandong), entries)
	w.must(err)
	return outcomes
}

// present is an entry of an imported list.
func present(session models.TrainingSession, person uint64) training.AttendanceEntry {
	return training.AttendanceEntry{Session: session.ID, Person: person, Present: true, Source: models.AttendanceByImport}
}

// came records that the people were in the session.
func (w *world) came(session models.TrainingSession, people ...uint64) {
	w.Helper()
	for _, person := range people {
		wantOutcome(w, w.recorded(present(session, person))[0], "added")
	}
}

// known returns what is known now of who was in the session, by person.
func (w *world) known(session uint64) map[uint64]models.Attendance {
	w.Helper()
	var rows []models.Attendance
	w.must(w.store.Read(w.Context()).Where("session_id = ? AND known_until = ?", session, models.Forever).Find(&rows).Error)
	by := map[uint64]models.Attendance{}
	for _, row := range rows {
		by[row.PersonID] = row
	}
	return by
}

// said is an outcome in short: what became of the entry, and the keys of its faults.
func said(outcome training.EntryOutcome) string {
	text := string(outcome.Change)
	for _, fault := range outcome.Faults {
		text += " " + fault.Name + ":" + fault.Key
	}
	return text
}

func wantOutcome(w *world, outcome training.EntryOutcome, want string) {
	w.Helper()
	if got := said(outcome); got != want {
		w.Fatalf("got %s, want %s", got, want)
	}
}

func ptr[T any](value T) *T { return &value }

func TestAttendanceThatCannotBeIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		held, exam := w.class("S1", "2017-05-04", nil), w.class("S2", "2017-05-08", tested("60"))
		days := w.class("S3", "2017-05-02", func(_ *models.Course, s *models.TrainingSession) { s.EndOn = day("2017-05-20") })
		later := w.class("S4", "2017-05-10", func(_ *models.Course, s *models.TrainingSession) { s.StartMinute = 14 * 60 })
		same := w.class("S5", "2017-05-04", func(_ *models.Course, s *models.TrainingSession) { s.StartMinute = 16 * 60 })
		cancelled := w.class("S6", "2017-05-04", func(_ *models.Course, s *models.TrainingSession) { s.Status = models.SessionCancelled })
		full := w.class("S7", "2017-05-05", seats(1))
		there := w.attendee("there", jinan, "2016-01-01", "")
		late := w.attendee("late", jinan, "2017-05-05", "")
		left := w.attendee("left", jinan, "2016-01-01", "2017-04-30")
		gap := w.attendee("gap", jinan, "2016-01-01", "2017-05-03")
		w.posted(gap, qingdao, "2017-05-06", "")
		merged := add(w, models.Person{Name: "merged", MergedInto: &there, CreatedAt: w.now()}).ID
		w.came(held, there)
		w.came(full, late)
		entry := func(session models.TrainingSession, person uint64, edit func(e *training.AttendanceEntry)) training.AttendanceEntry {
			e := present(session, person)
			if edit != nil {
				edit(&e)
			}
			return e
		}
		for name, c := range map[string]struct {
			entry training.AttendanceEntry
			want  string
		}{
			"before hire":       {entry(held, late, nil), "on:attendance.before_hire"},
			"after leaving":     {entry(held, left, nil), "on:attendance.after_leaving"},
			"between postings":  {entry(held, gap, nil), "on:attendance.not_on_roster"},
			"unknown person":    {entry(held, 1<<40, nil), "person:attendance.person_unknown"},
			"merged person":     {entry(held, merged, nil), "person:attendance.person_unknown"},
			"unknown session":   {entry(models.TrainingSession{ID: 1 << 40}, there, nil), "session:attendance.session_unknown"},
			"cancelled":         {entry(cancelled, there, nil), "session:attendance.session_cancelled"},
			"future":            {entry(days, there, func(e *training.AttendanceEntry) { e.On = day("2017-05-11") }), "on:attendance.future"},
			"not begun":         {entry(later, there, nil), "session:attendance.not_begun"},
			"before the days":   {entry(days, there, func(e *training.AttendanceEntry) { e.On = day("2017-05-01") }), "on:attendance.outside_session"},
			"after the days":    {entry(held, there, func(e *training.AttendanceEntry) { e.On = day("2017-05-05") }), "on:attendance.outside_session"},
			"two places":        {entry(same, there, nil), "session:attendance.two_places"},
			"no seat":           {entry(full, there, nil), "person:attendance.no_seat"},
			"letters":           {entry(exam, there, func(e *training.AttendanceEntry) { e.Score = "优" }), "score:attendance.bad_score"},
			"exponent":          {entry(exam, there, func(e *training.AttendanceEntry) { e.Score = "1e2" }), "score:attendance.bad_score"},
			"negative":          {entry(exam, there, func(e *training.AttendanceEntry) { e.Score = "-1" }), "score:attendance.bad_score"},
			"above the most":    {entry(exam, there, func(e *training.AttendanceEntry) { e.Score = "1000.01" }), "score:attendance.bad_score"},
			"three decimals":    {entry(exam, there, func(e *training.AttendanceEntry) { e.Score = "60.001" }), "score:attendance.bad_score"},
			"passed below":      {entry(exam, there, func(e *training.AttendanceEntry) { e.Score, e.Passed = "59.99", ptr(true) }), "passed:attendance.score_contradicts"},
			"passed, no test":   {entry(held, there, func(e *training.AttendanceEntry) { e.Passed = ptr(true) }), "passed:attendance.no_test"},
			"score, no test":    {entry(held, there, func(e *training.AttendanceEntry) { e.Score = "80" }), "score:attendance.no_test"},
			"absent with score": {entry(exam, there, func(e *training.AttendanceEntry) { e.Present, e.Score = false, "80" }), "score:attendance.absent_result"},
			"absent and passed": {entry(exam, there, func(e *training.AttendanceEntry) { e.Present, e.Passed = false, ptr(true) }), "passed:attendance.absent_result"},
		} {
			preview, err := w.PreviewAttendances(w.Context(), w.coordinator(shandong), []training.AttendanceEntry{c.entry})
			w.must(err)
			got := w.recorded(c.entry)
			if want := "refused " + c.want; said(got[0]) != want || said(preview[0]) != want {
				t.Errorf("%s: got %s, preview %s, want %s", name, said(got[0]), said(preview[0]), want)
			}
		}
		if diff := cmp.Diff([]int{1, 1, 0}, []int{len(w.known(held.ID)), len(w.known(full.ID)), len(w.known(exam.ID))}); diff != "" {
			t.Errorf("something of what was refused is stored:\n%s", diff)
		}
	})
}

func TestEntriesAreDecidedOneByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		exam, other := w.class("S1", "2017-05-04", tested("60")), w.class("S2", "2017-05-04", nil)
		a, b, c := w.attendee("a", jinan, "2016-01-01", ""), w.attendee("b", qingdao, "2016-01-01", ""), w.attendee("c", jinan, "2017-05-05", "")
		with := func(e training.AttendanceEntry, score string) training.AttendanceEntry {
			e.Score = score
			return e
		}
		entries := []training.AttendanceEntry{
			with(present(exam, a), "60"), with(present(exam, a), "60"), // the same row twice
			with(present(exam, b), "59.50"), with(present(exam, b), "70"), // which of them?
			present(exam, c),  // not yet on a roster
			present(other, a), // at two places
			present(other, b),
		}
		want := []string{"added", "same", "refused person:attendance.contradicts", "refused person:attendance.contradicts",
			"refused on:attendance.before_hire", "refused session:attendance.two_places", "added"}
		preview, err := w.PreviewAttendances(w.Context(), w.coordinator(shandong), entries)
		w.must(err)
		first := w.recorded(entries...)
		var looked, got, again []string
		for i := range entries {
			looked, got = append(looked, said(preview[i])), append(got, said(first[i]))
		}
		for i, outcome := range w.recorded(entries...) {
			again = append(again, said(outcome))
			if first[i].Change == training.EntryAdded && outcome.ID != first[i].ID {
				t.Errorf("entry %d became attendance %d and then %d", i, first[i].ID, outcome.ID)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want, looked); diff != "" {
			t.Errorf("the preview says otherwise:\n%s", diff)
		}
		want[0], want[6] = "same", "same"
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("the same again:\n%s", diff)
		}
		row := w.known(exam.ID)[a]
		if !row.Valid() || row.Score != "60" || row.On != day("2017-05-04") || row.UnitID != w.unit(jinan).ID || row.KnownOn != day("2017-05-10") {
			t.Errorf("stored %+v", row)
		}
	})
}

// TestACorrectionKeepsWhatWasKnown edits on the day and, on a later day, keeps
// what was known.
func TestACorrectionKeepsWhatWasKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		exam := w.class("S1", "2017-05-04", tested("60"))
		a := w.attendee("a", jinan, "2016-01-01", "")
		w.came(exam, a)
		score := present(exam, a)
		score.Score = "55"
		wantOutcome(w, w.recorded(score)[0], "changed")
		w.at("2017-05-09")
		score.Score = "65"
		wantOutcome(w, w.recorded(score)[0], "changed")
		// A file that says nothing of the result leaves it.
		wantOutcome(w, w.recorded(present(exam, a))[0], "same")
		var rows []models.Attendance
		w.must(s.Read(t.Context()).Where("session_id = ?", exam.ID).Order("id").Find(&rows).Error)
		var got []string
		for _, row := range rows {
			got = append(got, fmt.Sprint(row.Score, " ", row.Valid(), " ", row.KnownOn, " ", row.KnownUntil))
		}
		want := []string{"55 false 2017-05-04 2017-05-09", "65 true 2017-05-09 9999-12-31"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAbsentPeopleLeaveTheirSeat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		room := w.class("S1", "2017-05-04", seats(1))
		sent, walkIn := w.attendee("sent", jinan, "2016-01-01", ""), w.attendee("walk-in", qingdao, "2016-01-01", "")
		w.expected(room.ID, sent)
		wantOutcome(w, w.recorded(present(room, walkIn))[0], "refused person:attendance.no_seat")
		absent := present(room, sent)
		absent.Present = false
		outcomes := w.recorded(absent, present(room, walkIn))
		wantOutcome(w, outcomes[0], "added")
		wantOutcome(w, outcomes[1], "added")
		wantOutcome(w, w.recorded(present(room, sent))[0], "refused person:attendance.no_seat")
	})
}

// TestOnlyTheOfficeRecords has others find neither the session nor the person.
func TestOnlyTheOfficeRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		provincial := w.class("S1", "2017-05-04", nil)
		municipal := w.class("S2", "2017-05-05", func(c *models.Course, s *models.TrainingSession) {
			c.UnitID, s.UnitID = w.unit(jinan).ID, w.unit(jinan).ID
		})
		own, foreign := w.attendee("own", jinan, "2016-01-01", ""), w.attendee("foreign", qingdao, "2016-01-01", "")
		for _, c := range []struct {
			actor compliance.Actor
			entry training.AttendanceEntry
			want  string
		}{
			{w.reporter(jinan), present(municipal, own), "refused session:attendance.session_unknown"},
			{w.coordinator(jinan), present(provincial, own), "refused session:attendance.session_unknown"},
			{w.coordinator(jinan), present(municipal, foreign), "refused person:attendance.person_unknown"},
			{w.coordinator(jinan), present(municipal, own), "added"},
		} {
			outcomes, err := w.RecordAttendances(t.Context(), c.actor, []training.AttendanceEntry{c.entry})
			w.must(err)
			wantOutcome(w, outcomes[0], c.want)
		}
	})
}

// TestWalkInsAtOnceNeverExceedTheCapacity has many desks record one each.
func TestWalkInsAtOnceNeverExceedTheCapacity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-10")
		const capacity, desks = 5, 12
		room := w.class("S1", "2017-05-04", seats(capacity))
		people := make([]uint64, desks)
		for i := range people {
			people[i] = w.attendee(fmt.Sprint("p", i), []string{jinan, qingdao}[i%2], "2016-01-01", "")
		}
		office := w.coordinator(shandong)
		said := make([]string, desks)
		var all sync.WaitGroup
		for i, person := range people {
			all.Go(func() {
				outcomes, err := w.RecordAttendances(t.Context(), office, []training.AttendanceEntry{present(room, person)})
				if err != nil {
					t.Error(err)
					return
				}
				said[i] = string(outcomes[0].Change)
			})
		}
		all.Wait()
		slices.Sort(said)
		want := slices.Concat(slices.Repeat([]string{"added"}, capacity), slices.Repeat([]string{"refused"}, desks-capacity))
		if diff := cmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
		if got := len(w.known(room.ID)); got != capacity {
			t.Errorf("%d people sit on %d seats", got, capacity)
		}
	})
}

// TestTheRotationTurnsOnTheRightDay follows the duty of a unit from nobody trained
// to all trained, to a newcomer, to an attendance found to be void.
func TestTheRotationTurnsOnTheRightDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		exam := w.class("S1", "2017-06-01", tested("60"))
		a, b := w.attendee("a", jinan, "2016-01-01", ""), w.attendee("b", jinan, "2016-01-01", "")
		moved := w.attendee("moved", jinan, "2016-01-01", "2017-07-31")
		w.posted(moved, qingdao, "2017-08-01", "")
		state := func(unit, asOf string) string {
			return string(w.rotation(unit, "sd2017.rotation", day(asOf)).Verdict.State)
		}
		w.at("2017-06-01 16:00")
		w.came(exam, a, b, moved)
		w.at("2017-06-05")
		for _, person := range []uint64{a, b} {
			e := present(exam, person)
			e.Score = "80"
			wantOutcome(w, w.recorded(e)[0], "changed")
		}
		w.at("2017-08-10")
		for unit, days := range map[string]map[string]string{
			jinan:   {"2017-06-04": "pending", "2017-06-05": "pending", "2017-07-31": "pending", "2017-08-01": "met", "2017-08-10": "met"},
			qingdao: {"2017-08-10": "pending"},
		} {
			for asOf, want := range days {
				if got := state(unit, asOf); got != want {
					t.Errorf("%s as of %s: got %s, want %s", unit, asOf, got, want)
				}
			}
		}
		// The result of the one who moved counts where they are now.
		e := present(exam, moved)
		e.Score = "90"
		wantOutcome(w, w.recorded(e)[0], "changed")
		if got := state(qingdao, "2017-08-10"); got != "met" {
			t.Errorf("Qingdao: got %s", got)
		}
		w.at("2017-08-11")
		e = present(exam, b)
		e.Present = false
		wantOutcome(w, w.recorded(e)[0], "changed")
		if got := state(jinan, "2017-08-11") + ", " + state(jinan, "2017-08-10"); got != "pending, met" {
			t.Errorf("Jinan: got %s", got)
		}
	})
}

func TestAThousandEntriesAreTakenOverAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-20")
		const people, sessions = 200, 5
		var rooms []models.TrainingSession
		for i := range sessions {
			rooms = append(rooms, w.class(fmt.Sprint("S", i), (day("2017-05-01")+calendar.Date(i)).String(), seats(people)))
		}
		var entries []training.AttendanceEntry
		for i := range people {
			person := w.attendee(fmt.Sprint("p", i), jinan, "2016-01-01", "")
			for _, room := range rooms {
				entries = append(entries, present(room, person))
			}
		}
		for _, want := range []string{"added", "same"} {
			ids := map[uint64]bool{}
			for _, outcome := range w.recorded(entries...) {
				wantOutcome(w, outcome, want)
				ids[outcome.ID] = true
			}
			if len(ids) != len(entries) || ids[0] {
				t.Errorf("%s: %d ids of %d entries", want, len(ids), len(entries))
			}
		}
	})
}
