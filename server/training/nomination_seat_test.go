package training_test

import (
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// nominationOf returns the id of the person's nomination that stands.
func (w *world) nominationOf(session, person uint64) []uint64 {
	w.Helper()
	seated, waiting := w.rows(session)
	for _, row := range append(seated, waiting...) {
		if row.PersonID == person {
			return []uint64{row.ID}
		}
	}
	w.Fatalf("%d is not nominated to %d", person, session)
	return nil
}

// Somebody who came unasked has the seat of one who is absent: it is not given to
// who waits, and who was confirmed finds theirs.
func TestWalkInsAndTheWaitingListShareTheSeats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-03")
		room, office := w.class("S1", "2017-05-04", seats(2)), w.coordinator(shandong)
		people := w.staff(jinan, 4)
		absent, confirmed, waits := people[0], people[1], people[2]
		w.nominated(office, room.ID, absent, confirmed, waits)
		_, err := w.ConfirmNominations(t.Context(), office, room.ID, nil)
		w.must(err)
		w.at("2017-05-04 08:45")
		w.marked(room.ID, training.AttendanceMark{Person: absent})
		_, err = w.RecordWalkIn(t.Context(), office, room.ID, "N-"+jinan+"-04")
		w.must(err)
		up, err := w.CancelNominations(t.Context(), office, room.ID, w.nominationOf(room.ID, absent), "请假")
		if err != nil || len(up) != 0 {
			t.Errorf("%v moved up, %v: want nobody, since all seats are taken", up, err)
		}
		if _, err := w.CheckIn(t.Context(), w.byCode(room.ID, jinan+"-02"), ""); err != nil {
			t.Errorf("who was confirmed: %v", err)
		}
		_, err = w.CheckIn(t.Context(), w.byCode(room.ID, jinan+"-03"), "")
		w.wantCode(err, models.Invalid, "attendance.not_expected")
		if got := w.nominated(office, room.ID, w.attendee("后来", jinan, "2016-01-04", "")); got[0] != "waits 2" {
			t.Errorf("nominated to a full room: %s", got[0])
		}
		_, err = w.edited(&room, func(s *training.SessionInput) { s.Place, s.Capacity = "省委党校", 1 })
		w.wantCode(err, models.Invalid, "session.seats_taken")
	})
}

func TestWhoHasASeatIsNeverRefusedForTheCapacity(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-10")
	room := w.class("S1", "2017-05-04", seats(1))
	first, second := w.attendee("张三", jinan, "2016-01-01", ""), w.attendee("李四", jinan, "2016-01-01", "")
	w.expected(room.ID, first)
	w.expected(room.ID, second)
	w.came(room, first, second)
}

// Seats that become free pass over those who have left, or leave before the end.
func TestSeatsAreNotGivenToWhoHasLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-03")
		room := w.class("S1", "2017-05-20", func(_ *models.Course, s *models.TrainingSession) { s.Capacity, s.EndOn = 1, day("2017-05-21") })
		office := w.coordinator(shandong)
		people := w.staff(jinan, 4)
		w.nominated(office, room.ID, people...)
		for i, last := range map[int]string{1: "2017-05-10", 2: "2017-05-20"} {
			view := w.person(people[i])
			w.must(w.EndPosting(t.Context(), office, people[i], view.Version, view.Postings[0].ID, day(last)))
		}
		up, err := w.CancelNominations(t.Context(), office, room.ID, w.nominationOf(room.ID, people[0]), "请假")
		if err != nil || len(up) != 1 || up[0].ID != people[3] {
			t.Errorf("%v moved up, %v: want %d", up, err, people[3])
		}
		views, err := w.Nominations(t.Context(), office, room.ID)
		w.must(err)
		gone := 0
		for _, v := range views {
			if v.Status == models.NominationWaiting && v.Gone {
				gone++
			}
		}
		if gone != 2 {
			t.Errorf("%d of those who wait are shown as gone, want 2", gone)
		}
	})
}
