package training_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// staff puts n people on the unit's roster from 2016 on.
func (w *world) staff(unit string, n int) []uint64 {
	w.Helper()
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = w.attendee(fmt.Sprintf("%s-%02d", unit, i+1), unit, "2016-01-04", "")
	}
	return ids
}

// nominated nominates as the actor and returns what became of each: the place on
// the waiting list, 0 for a seat, or the key of the refusal.
func (w *world) nominated(actor compliance.Actor, session uint64, people ...uint64) []string {
	w.Helper()
	outcomes, err := w.Nominate(w.Context(), actor, session, people)
	w.must(err)
	return told(outcomes)
}

func told(outcomes []training.NominationOutcome) []string {
	var said []string
	for _, o := range outcomes {
		switch {
		case o.Refusal != nil:
			said = append(said, o.Refusal.Key)
		case o.Place > 0:
			said = append(said, fmt.Sprint("waits ", o.Place))
		default:
			said = append(said, "seated")
		}
	}
	return said
}

// rows returns the nominations of a session that stand, in the order of the
// waiting list, and fails unless the session's counts are theirs.
func (w *world) rows(session uint64) (seated, waiting []models.Nomination) {
	w.Helper()
	var all []models.Nomination
	w.must(w.store.Read(w.Context()).Where("session_id = ? AND ended = 0", session).Order("id").Find(&all).Error)
	for _, row := range all {
		if row.Status == models.NominationWaiting {
			waiting = append(waiting, row)
		} else {
			seated = append(seated, row)
		}
	}
	var s models.TrainingSession
	w.must(w.store.Read(w.Context()).Where("id = ?", session).Take(&s).Error)
	if s.Seated != len(seated) || s.Waiting != len(waiting) {
		w.Errorf("session %d counts %d seated and %d waiting, its nominations %d and %d", session, s.Seated, s.Waiting, len(seated), len(waiting))
	}
	if s.Seated > s.Capacity {
		w.Errorf("session %d has %d people on %d seats", session, s.Seated, s.Capacity)
	}
	return seated, waiting
}

func (w *world) edited(session *models.TrainingSession, edit func(*training.SessionInput)) (*models.TrainingSession, error) {
	w.Helper()
	now, err := w.Session(w.Context(), w.coordinator(shandong), session.ID)
	w.must(err)
	input := training.SessionInput{Kind: now.Kind, Place: now.Place, StartOn: now.StartOn, EndOn: now.EndOn, StartMinute: now.StartMinute, EndMinute: now.EndMinute, Capacity: now.Capacity}
	edit(&input)
	edited, _, err := w.EditSession(w.Context(), w.coordinator(shandong), session.ID, now.Version, input)
	return edited, err
}

func idsOf(rows []models.Nomination) []uint64 {
	var ids []uint64
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func TestSeatsAreGivenInOrderAndThenPeopleWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		session := w.session(w.course(shandong), "2017-06-01", 2)
		people := w.staff(jinan, 4)
		got := w.nominated(w.reporter(jinan), session.ID, people...)
		if diff := cmp.Diff([]string{"seated", "seated", "waits 1", "waits 2"}, got); diff != "" {
			t.Fatal(diff)
		}
		seated, _ := w.rows(session.ID)
		up, err := w.CancelNominations(t.Context(), w.reporter(jinan), session.ID, idsOf(seated[:1]), "出差")
		w.must(err)
		if len(up) != 1 || up[0].ID != people[2] {
			t.Errorf("%v moved up, want %d", up, people[2])
		}
		_, err = w.edited(session, func(s *training.SessionInput) { s.Capacity = 1 })
		w.wantCode(err, models.Invalid, "session.seats_taken")
		_, err = w.edited(session, func(s *training.SessionInput) { s.Capacity = 3 })
		w.must(err)
		if seated, waiting := w.rows(session.ID); len(seated) != 3 || len(waiting) != 0 {
			t.Errorf("%d seated and %d wait after seats were added", len(seated), len(waiting))
		}
		if again := w.nominated(w.reporter(jinan), session.ID, people[0]); again[0] != "waits 1" {
			t.Errorf("who withdrew and comes again %s", again)
		}
	})
}

func TestWhoCannotComeIsRefusedWithTheReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		course := w.course(shandong)
		session, clash, after := w.session(course, "2017-06-01", 9), w.session(course, "2017-06-01", 9), w.session(course, "2017-06-02", 9)
		local, err := w.AddSession(t.Context(), w.coordinator(jinan), class(w.course(jinan), "2017-06-05", 9))
		w.must(err)
		jinanPeople, qingdaoPeople := w.staff(jinan, 3), w.staff(qingdao, 1)
		gone, coming := w.attendee("gone", jinan, "2016-01-04", "2017-05-31"), w.attendee("coming", jinan, "2017-06-02", "")
		reporter := w.reporter(jinan)
		want := []string{"seated", "nomination.twice", "nomination.not_on_roster", "nomination.not_on_roster", "nomination.not_on_roster", "nomination.not_on_roster"}
		if diff := cmp.Diff(want, w.nominated(reporter, session.ID, jinanPeople[0], jinanPeople[0], qingdaoPeople[0], gone, coming, 987654321)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"nomination.overlaps", "seated"}, w.nominated(reporter, clash.ID, jinanPeople[0], jinanPeople[1])); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"seated", "seated"}, w.nominated(reporter, after.ID, jinanPeople[0], coming)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"nomination.elsewhere"}, w.nominated(w.coordinator(shandong), local.ID, qingdaoPeople[0])); diff != "" {
			t.Error(diff)
		}
		_, err = w.Nominate(t.Context(), w.reporter(qingdao), local.ID, qingdaoPeople)
		w.wantCode(err, models.NotFound, "session.unknown")
		_, err = w.Nominate(t.Context(), reporter, session.ID, nil)
		w.wantCode(err, models.Invalid, "nomination.nobody")
		if got := w.nominated(w.actor(jinan, models.Viewer), session.ID, jinanPeople[2]); got[0] != "nomination.not_on_roster" {
			t.Errorf("a viewer nominates: %s", got)
		}
	})
}

func TestPresentElsewhereAndTrained(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04").activated("shandong-2017", 2017)
	course := w.course(shandong)
	past := w.session(course, "2017-05-10", 9)
	person := w.staff(jinan, 1)[0]
	w.at("2017-05-10 18:00")
	w.recorded(training.AttendanceEntry{Session: past.ID, Person: person, Present: true, Source: models.AttendanceByList})
	same, later := w.session(course, "2017-05-10", 9), w.session(course, "2017-06-01", 9)
	if got := w.nominated(w.reporter(jinan), same.ID, person); got[0] != "nomination.overlaps" {
		t.Errorf("who is present in a session at the same time: %s", got)
	}
	outcomes, err := w.Nominate(t.Context(), w.reporter(jinan), later.ID, []uint64{person})
	w.must(err)
	if outcomes[0].Refusal != nil || outcomes[0].Warning.Key != "nomination.trained" || outcomes[0].Warning.Args["On"] != day("2017-05-10") {
		t.Errorf("who was trained in the window: %+v", outcomes[0])
	}
}

func TestClosedSessionsTakeNobody(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	course := w.course(shandong)
	people := w.staff(jinan, 2)
	past, cancelled := w.session(course, "2017-05-03", 9), w.session(course, "2017-06-01", 9)
	w.nominated(w.reporter(jinan), cancelled.ID, people...)
	_, err := w.CancelSession(t.Context(), w.coordinator(shandong), cancelled.ID, 1, "  ")
	w.wantCode(err, models.Invalid, "filing.required")
	_, err = w.CancelSession(t.Context(), w.reporter(jinan), cancelled.ID, 1, "场地停电")
	w.wantCode(err, models.Forbidden, "error.forbidden")
	_, err = w.CancelSession(t.Context(), w.coordinator(shandong), cancelled.ID, 2, "场地停电")
	w.wantCode(err, models.Stale, "session.stale")
	_, err = w.CancelSession(t.Context(), w.coordinator(shandong), cancelled.ID, 1, "场地停电")
	w.must(err)
	if seated, waiting := w.rows(cancelled.ID); len(seated)+len(waiting) != 0 {
		t.Error("nominations stand after the session was cancelled")
	}
	for session, key := range map[uint64]string{past.ID: "session.past", cancelled.ID: "session.cancelled_already"} {
		_, err := w.Nominate(t.Context(), w.reporter(jinan), session, people)
		w.wantCode(err, models.Conflict, key)
	}
	if got := w.nominated(w.reporter(jinan), w.session(course, "2017-06-01", 9).ID, people...); got[0] != "seated" {
		t.Errorf("a cancelled session stands in the way: %s", got)
	}
}

func TestUnitsWithdrawUntilTheSessionBegins(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	session := w.session(w.course(shandong), "2017-06-01", 9)
	w.nominated(w.reporter(jinan), session.ID, w.staff(jinan, 2)...)
	seated, _ := w.rows(session.ID)
	_, err := w.CancelNominations(t.Context(), w.reporter(qingdao), session.ID, idsOf(seated[:1]), "x")
	w.wantCode(err, models.NotFound, "nomination.unknown")
	_, err = w.CancelNominations(t.Context(), w.actor(jinan, models.Viewer), session.ID, idsOf(seated[:1]), "x")
	w.wantCode(err, models.Forbidden, "error.forbidden")
	_, err = w.CancelNominations(t.Context(), w.reporter(jinan), session.ID, idsOf(seated[:1]), "")
	w.wantCode(err, models.Invalid, "filing.required")
	w.at("2017-06-01 09:00")
	_, err = w.CancelNominations(t.Context(), w.reporter(jinan), session.ID, idsOf(seated[:1]), "x")
	w.wantCode(err, models.Conflict, "nomination.begun")
	_, err = w.CancelNominations(t.Context(), w.coordinator(shandong), session.ID, idsOf(seated[:1]), "x")
	w.must(err)
	_, err = w.CancelNominations(t.Context(), w.coordinator(shandong), session.ID, idsOf(seated[:1]), "x")
	w.wantCode(err, models.Conflict, "nomination.cancelled_already")
	w.recorded(training.AttendanceEntry{Session: session.ID, Person: seated[1].PersonID, Present: true, Source: models.AttendanceByList})
	_, err = w.CancelNominations(t.Context(), w.coordinator(shandong), session.ID, idsOf(seated[1:]), "x")
	w.wantCode(err, models.Conflict, "nomination.attended")
}

func TestConfirmedAndAbsentOnceHeld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		office := w.coordinator(shandong)
		session := w.session(w.course(shandong), "2017-06-01", 2)
		w.nominated(w.reporter(jinan), session.ID, w.staff(jinan, 3)...)
		seated, waiting := w.rows(session.ID)
		_, err := w.ConfirmNominations(t.Context(), w.reporter(jinan), session.ID, nil)
		w.wantCode(err, models.Forbidden, "error.forbidden")
		_, err = w.ConfirmNominations(t.Context(), office, session.ID, idsOf(waiting))
		w.wantCode(err, models.Conflict, "nomination.no_seat")
		for _, want := range []int{2, 0} {
			if n, err := w.ConfirmNominations(t.Context(), office, session.ID, nil); err != nil || n != want {
				t.Errorf("%d confirmed, %v: want %d", n, err, want)
			}
		}
		_, err = w.MarkHeld(t.Context(), office, session.ID, 1)
		w.wantCode(err, models.Conflict, "session.not_over")
		w.at("2017-06-01 17:30")
		w.recorded(training.AttendanceEntry{Session: session.ID, Person: seated[0].PersonID, Present: true, Source: models.AttendanceByList})
		_, err = w.CancelSession(t.Context(), office, session.ID, 1, "x")
		w.wantCode(err, models.Conflict, "session.attended")
		_, err = w.edited(session, func(s *training.SessionInput) { s.StartOn, s.EndOn = day("2017-06-02"), day("2017-06-02") })
		w.wantCode(err, models.Invalid, "session.days_settled")
		_, err = w.MarkHeld(t.Context(), office, session.ID, 1)
		w.must(err)
		var absent []models.Attendance
		w.must(s.Read(t.Context()).Where("session_id = ? AND present = ?", session.ID, false).Find(&absent).Error)
		if len(absent) != 1 || absent[0].PersonID != seated[1].PersonID {
			t.Errorf("absent are %+v, want the confirmed one without attendance", absent)
		}
		_, err = w.ReopenSession(t.Context(), office, session.ID, 2, "")
		w.wantCode(err, models.Invalid, "filing.required")
		_, err = w.ReopenSession(t.Context(), office, session.ID, 2, "补录签到")
		w.must(err)
		_, err = w.ReopenSession(t.Context(), office, session.ID, 3, "补录签到")
		w.wantCode(err, models.Conflict, "session.not_held")
	})
}

func TestNewDaysAreOnesOnWhichAllCanCome(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	course := w.course(shandong)
	session, other := w.session(course, "2017-06-01", 9), w.session(course, "2017-06-02", 9)
	people := w.staff(jinan, 1)
	w.nominated(w.reporter(jinan), session.ID, people...)
	w.nominated(w.reporter(jinan), other.ID, people...)
	to := func(on string) func(*training.SessionInput) {
		return func(s *training.SessionInput) { s.StartOn, s.EndOn = day(on), day(on) }
	}
	_, err := w.edited(session, to("2017-06-02"))
	w.wantCode(err, models.Invalid, "session.people_cannot")
	_, err = w.edited(session, to("2017-06-03"))
	w.must(err)
	_, _, err = w.EditSession(t.Context(), w.coordinator(shandong), session.ID, 1, class(course, "2017-06-05", 9))
	w.wantCode(err, models.Stale, "session.stale")
}

func TestPeopleMoveToAnotherSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		course := w.course(shandong)
		from, to, clash := w.session(course, "2017-06-01", 2), w.session(course, "2017-06-01", 1), w.session(course, "2017-06-01", 9)
		people := w.staff(jinan, 3)
		w.nominated(w.reporter(jinan), from.ID, people...)
		seated, _ := w.rows(from.ID)
		_, err := w.MoveNominations(t.Context(), w.reporter(jinan), from.ID, from.ID, idsOf(seated), "")
		w.wantCode(err, models.Invalid, "nomination.same_session")
		_, err = w.MoveNominations(t.Context(), w.reporter(qingdao), from.ID, to.ID, idsOf(seated), "")
		w.wantCode(err, models.NotFound, "nomination.unknown")
		_, err = w.MoveNominations(t.Context(), w.reporter(jinan), from.ID, to.ID, idsOf(seated), strings.Repeat("因", 3000))
		w.wantCode(err, models.Invalid, "filing.too_long")
		outcomes, err := w.MoveNominations(t.Context(), w.reporter(jinan), from.ID, to.ID, idsOf(seated), "")
		w.must(err)
		if diff := cmp.Diff([]string{"seated", "waits 1"}, told(outcomes)); diff != "" {
			t.Error(diff)
		}
		if seated, waiting := w.rows(from.ID); len(seated) != 1 || seated[0].PersonID != people[2] || len(waiting) != 0 {
			t.Errorf("the waiting list did not move up: %+v %+v", seated, waiting)
		}
		w.rows(to.ID)
		// At a third session at the same time nobody is taken who stays at another.
		if got := w.nominated(w.reporter(jinan), clash.ID, people...); got[0] != "nomination.overlaps" || got[2] != "nomination.overlaps" {
			t.Errorf("moved people are free: %v", got)
		}
	})
}
