package training_test

import (
	"slices"
	"sync"
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

const nominators = 16

// Many nominate at once: exactly as many are seated as there are seats, and the
// others wait in one order that the answers agree with.
func TestCapacityIsNeverExceededByWhoComeAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const seats, each = 21, 3
		w := newWorld(t, s).at("2017-05-04")
		session := w.session(w.course(shandong), "2017-06-01", seats)
		people := w.staff(jinan, nominators*each)
		reporter := w.reporter(jinan)
		outcomes := make([][]training.NominationOutcome, nominators)
		var group sync.WaitGroup
		for i, some := range slices.Collect(slices.Chunk(people, each)) {
			group.Go(func() {
				var err error
				if outcomes[i], err = w.Nominate(t.Context(), reporter, session.ID, some); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		seated, waiting := w.rows(session.ID)
		if len(seated) != seats || len(waiting) != len(people)-seats {
			t.Fatalf("%d are seated and %d wait, want %d and %d", len(seated), len(waiting), seats, len(people)-seats)
		}
		places := map[uint64]int{}
		for i, row := range waiting {
			places[row.PersonID] = i + 1
		}
		for _, o := range slices.Concat(outcomes...) {
			if o.Refusal != nil || o.Place != places[o.Person.ID] {
				t.Errorf("%s was told the place %d (%v) and has %d", o.Person.Name, o.Place, o.Refusal, places[o.Person.ID])
			}
		}
		if last := seated[len(seated)-1].ID; last > waiting[0].ID {
			t.Errorf("nomination %d has a seat and %d, which came first, waits", last, waiting[0].ID)
		}
	})
}

// Units nominate and withdraw while the office adds seats: nobody waits in the end
// while a seat is free.
func TestSeatsAreWonLostAndAddedAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		session := w.session(w.course(shandong), "2017-06-01", 10)
		people := w.staff(jinan, 48)
		reporter, office := w.reporter(jinan), w.coordinator(shandong)
		w.nominated(reporter, session.ID, people[:16]...)
		first, _ := w.rows(session.ID)
		var group sync.WaitGroup
		for i, some := range slices.Collect(slices.Chunk(people[16:], 4)) {
			group.Go(func() {
				if _, err := w.Nominate(t.Context(), reporter, session.ID, some); err != nil {
					t.Error(err)
				}
				if _, err := w.CancelNominations(t.Context(), reporter, session.ID, []uint64{first[i].ID}, "出差"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Go(func() {
			for capacity := 11; capacity <= 20; {
				now, err := w.Session(t.Context(), office, session.ID)
				if err != nil {
					t.Error(err)
					return
				}
				input := training.SessionInput{Kind: now.Kind, Place: now.Place, StartOn: now.StartOn, StartMinute: now.StartMinute, EndMinute: now.EndMinute, Capacity: capacity}
				switch _, _, err = w.EditSession(t.Context(), office, session.ID, now.Version, input); {
				case err == nil:
					capacity++
				case !models.IsCode(err, models.Stale):
					t.Error(err)
					return
				}
			}
		})
		group.Wait()
		if seated, waiting := w.rows(session.ID); len(seated) != 20 || len(waiting) != 20 {
			t.Errorf("%d are seated and %d wait, want 20 and 20", len(seated), len(waiting))
		}
	})
}

// One person is nominated to two sessions at the same time, by two people at once:
// one of them wins.
func TestOnePersonGoesToOneOfTwoSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		course := w.course(shandong)
		one, other := w.session(course, "2017-06-01", 50), w.session(course, "2017-06-01", 50)
		people := w.staff(jinan, 12)
		reporter := w.reporter(jinan)
		var group sync.WaitGroup
		for _, id := range people {
			for _, session := range []uint64{one.ID, other.ID} {
				group.Go(func() {
					if _, err := w.Nominate(t.Context(), reporter, session, []uint64{id}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		a, _ := w.rows(one.ID)
		b, _ := w.rows(other.ID)
		found := map[uint64]int{}
		for _, row := range slices.Concat(a, b) {
			found[row.PersonID]++
		}
		for _, id := range people {
			if found[id] != 1 {
				t.Errorf("person %d is nominated to %d of the two sessions", id, found[id])
			}
		}
	})
}

// People are moved between two sessions in both directions at once.
func TestMovesCrossWithoutLoss(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		course := w.course(shandong)
		one, other := w.session(course, "2017-06-01", 6), w.session(course, "2017-06-02", 6)
		people := w.staff(jinan, 12)
		office := w.coordinator(shandong)
		w.nominated(office, one.ID, people[:6]...)
		w.nominated(office, other.ID, people[6:]...)
		a, _ := w.rows(one.ID)
		b, _ := w.rows(other.ID)
		var group sync.WaitGroup
		for i := range 6 {
			for _, move := range []struct{ from, to, id uint64 }{{one.ID, other.ID, a[i].ID}, {other.ID, one.ID, b[i].ID}} {
				group.Go(func() {
					if _, err := w.MoveNominations(t.Context(), office, move.from, move.to, []uint64{move.id}, ""); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		a, waitA := w.rows(one.ID)
		b, waitB := w.rows(other.ID)
		if len(a)+len(b)+len(waitA)+len(waitB) != 12 {
			t.Errorf("%d, %d, %d, %d: want twelve people in all", len(a), len(b), len(waitA), len(waitB))
		}
		if len(waitA) > 0 && len(a) < 6 || len(waitB) > 0 && len(b) < 6 {
			t.Error("somebody waits while a seat is free")
		}
	})
}
