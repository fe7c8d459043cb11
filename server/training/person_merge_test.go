package training_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// merged merges two people as they are now.
func (w *world) merged(keep, duplicate uint64) error {
	w.Helper()
	return w.MergePeople(w.Context(), w.coordinator(shandong), keep, duplicate, [2]int{w.person(keep).Version, w.person(duplicate).Version}, "同一人，姓名登记有误")
}

func TestMergedPeopleAreOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		keep := w.hired(staff(jinan, "王芳", "2016-06-01", "", idOfWang, "2016-12-31"))
		w.enter(w.coordinator(shandong), []training.StaffEntry{staff(jinan, "王芳", "2017-03-01", "", idOfWang)}, "added")
		// Known under another name: before, between and at the same time.
		duplicate := w.hired(staff(qingdao, "王方", "2016-01-01", "1001"))
		w.hired(staff(jinan, "李伟", "2016-01-01", "1002"))
		w.wantRotation(jinan, "2017-05-04", "0/2 pending")
		w.wantRotation(qingdao, "2017-05-04", "0/1 pending")

		w.at("2017-06-08")
		failed, both, only := w.class("S1", "2017-06-05", tested("60")), w.class("S2", "2017-06-06", nil), w.class("S3", "2017-06-07", nil)
		mark := func(session models.TrainingSession, person uint64, score string) {
			entry := present(session, person)
			entry.Score = score
			wantOutcome(w, w.recorded(entry)[0], "added")
		}
		mark(failed, keep, "59")
		mark(failed, duplicate, "60")
		mark(both, keep, "")
		mark(only, keep, "")
		preview, err := w.PreviewMerge(t.Context(), w.coordinator(shandong), keep, duplicate)
		w.must(err)
		if preview.Number != "1001" || len(preview.Postings) != 2 || preview.Attendances != 0 || preview.DoubleAttendances != 1 {
			t.Errorf("preview %+v", preview)
		}
		w.wantRotation(jinan, "2017-06-08", "1/2 pending")
		w.must(w.merged(keep, duplicate))
		w.wantPostings("王芳 370200 2016-01-01 2016-05-31", "王芳 370100 2016-06-01 2016-12-31", "王芳 370200 2017-01-01 2017-02-28", "王芳 370100 2017-03-01", "李伟 370100 2016-01-01")
		w.wantRotation(qingdao, "2017-06-08", "0/0 pending")
		w.wantRotation(qingdao, "2017-06-07", "0/1 pending") // what was known then
		w.wantRotation(jinan, "2017-06-08", "1/2 pending")
		view := w.person(duplicate)
		if view.ID != keep || *view.Number != "1001" || len(view.Attendances) != 3 || !view.Attendances[2].Valid() || view.Attendances[2].Score != "60" {
			t.Errorf("the duplicate's page shows %+v", view)
		}
		// A file that still has the old entry means the one who was kept.
		w.enter(w.coordinator(shandong), []training.StaffEntry{staff(jinan, "王芳", "2017-03-01", "1001")}, "same")
		w.wantSoundTallies()
	})
}

func TestBothStaffNumbersLeadToTheOneWhoIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		first, second, third := w.hired(staff(jinan, "王芳", "2016-01-01", "1")), w.hired(staff(jinan, "王芳", "2016-02-01", "2")), w.hired(staff(jinan, "王芳", "2016-03-01", "3"))
		w.must(w.merged(second, third))
		w.must(w.merged(first, second))
		for _, number := range []string{"1", "2", "3"} {
			outcomes := w.enter(w.coordinator(shandong), []training.StaffEntry{staff(jinan, "王芳", "2016-01-01", number)}, "same")
			if outcomes[0].ID != first {
				t.Errorf("number %s is that of %d, want %d", number, outcomes[0].ID, first)
			}
		}
		if w.person(third).ID != first {
			t.Error("the page of who was merged first does not lead to who was kept last")
		}
		w.must(w.EditPerson(t.Context(), w.reporter(jinan), first, w.person(first).Version, training.PersonEdit{Name: "王芳", Number: "3"}))
		if got := w.person(first); *got.Number != "3" {
			t.Errorf("number %s", *got.Number)
		}
	})
}

func TestNominationsOfTwoWhoAreOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		office := w.coordinator(shandong)
		keep, duplicate, other := w.hired(staff(jinan, "王芳", "2016-01-01", "1")), w.hired(staff(qingdao, "王芳", "2016-02-01", "2")), w.hired(staff(jinan, "李伟", "2016-01-01", "3"))
		course := w.course(shandong)
		full, free := w.session(course, "2017-06-01", 1), w.session(course, "2017-06-08", 5)
		w.nominated(office, full.ID, duplicate)
		w.nominated(office, full.ID, keep, other) // both wait
		w.nominated(office, free.ID, keep)
		w.nominated(office, free.ID, duplicate, other)
		w.must(w.merged(keep, duplicate))
		seated, waiting := w.rows(full.ID)
		if len(seated) != 1 || seated[0].PersonID != keep || len(waiting) != 1 || waiting[0].PersonID != other {
			t.Errorf("seated %v, waiting %v", seated, waiting)
		}
		seated, _ = w.rows(free.ID)
		people := []uint64{}
		for _, row := range seated {
			people = append(people, row.PersonID)
		}
		if diff := cmp.Diff([]uint64{keep, other}, people); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if got := w.person(keep); len(got.Nominations) != 2 {
			t.Errorf("nominations %+v", got.Nominations)
		}
	})
}

func TestTwoPeopleAreNotMerged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-06-08")
		wang, li := w.hired(staff(jinan, "王芳", "2016-01-01", "1", idOfWang)), w.hired(staff(qingdao, "王芳", "2016-01-01", "2", idOfLi))
		here, there := w.hired(staff(jinan, "张伟", "2016-01-01", "3")), w.hired(staff(qingdao, "张伟", "2016-01-01", "4"))
		w.came(w.class("S1", "2017-06-01", nil), here)
		w.came(w.class("S2", "2017-06-01", nil), there)
		w.wantCode(w.merged(wang, li), models.Conflict, "person.merge_two_ids")
		w.wantCode(w.merged(here, there), models.Conflict, "person.merge_two_places")
		// Each has a seat, and then one has been where the other is expected elsewhere.
		one, two := w.hired(staff(jinan, "赵强", "2016-01-01", "5")), w.hired(staff(qingdao, "赵强", "2016-01-01", "6"))
		third, fourth := w.class("S3", "2017-06-08", nil), w.class("S4", "2017-06-08", nil)
		w.nominated(w.coordinator(shandong), third.ID, one)
		w.nominated(w.coordinator(shandong), fourth.ID, two)
		w.wantCode(w.merged(one, two), models.Conflict, "person.merge_two_seats")
		w.came(third, one)
		w.wantCode(w.merged(two, one), models.Conflict, "person.merge_two_seats")
		_, err := w.CancelNominations(t.Context(), w.coordinator(shandong), fourth.ID, w.nominationOf(fourth.ID, two), "同一人")
		w.must(err)
		w.must(w.merged(one, two))
		w.wantCode(w.merged(here, here), models.Conflict, "person.merge_itself")
		w.wantCode(w.MergePeople(t.Context(), w.coordinator(shandong), wang, here, [2]int{1, 1}, " "), models.Invalid, "filing.required")
		w.wantCode(w.MergePeople(t.Context(), w.coordinator(shandong), wang, here, [2]int{1, 7}, "同一人"), models.Stale, "person.stale")
		w.wantCode(w.MergePeople(t.Context(), w.coordinator(jinan), wang, li, [2]int{1, 1}, "同一人"), models.NotFound, "person.unknown")
		w.wantCode(w.MergePeople(t.Context(), w.reporter(shandong), wang, here, [2]int{1, 1}, "同一人"), models.Forbidden, "error.forbidden")
	})
}

func TestNamesakesAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-06-08")
		w.hired(staff(jinan, "王芳", "2016-01-01", "1"))
		w.hired(staff(qingdao, "王芳", "2016-01-01", "2"))
		w.hired(staff(jinan, "张伟", "2016-01-01", "3"))
		w.hired(staff(qingdao, "张伟", "2016-01-01"))
		w.hired(staff(qingdao, "李伟", "2016-01-01"))
		found, err := w.Duplicates(t.Context(), w.coordinator(shandong), shandong)
		w.must(err)
		if len(found) != 2 || found[0].Name != "张伟" || !found[0].Likely || found[1].Name != "王芳" || found[1].Likely || len(found[1].People) != 2 {
			t.Errorf("got %+v", found)
		}
		if found, err := w.Duplicates(t.Context(), w.coordinator(shandong), jinan); err != nil || len(found) != 0 {
			t.Errorf("of Jinan: %v, %v", found, err)
		}
		_, err = w.Duplicates(t.Context(), w.reporter(jinan), jinan)
		w.wantCode(err, models.Forbidden, "error.forbidden")
	})
}

func TestEverybodyOfAClosedUnitMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const closed, successor = "370000-disj", "370000-swj" // closed on 15 June 2018
		w := newWorld(t, s).at("2017-07-04").activated("shandong-2017", 2017)
		office := w.coordinator(shandong)
		entry := staff(closed, "王芳", "2016-01-01", "1001")
		entry.EndOn = day("2018-06-14")
		w.enter(office, []training.StaffEntry{entry, staff(closed, "李伟", "2018-06-15", "1002"), staff(closed, "张伟", "2016-01-01", "1003")},
			"added", "refused start_on:unit_closed", "refused end_on:unit_closed")
		// On the roster since before the unit was known to be closed.
		w.attendee("赵强", closed, "2016-01-01", "")
		w.attendee("孙丽", closed, "2018-03-01", "2018-12-31")
		w.attendee("周杰", closed, "2016-01-01", "2017-12-31")
		for key, err := range map[string]func() error{
			"roster.unit_unknown": func() error {
				_, err := w.MoveAll(t.Context(), office, closed, "320100", day("2018-06-15"))
				return err
			},
			"roster.move_to_itself": func() error { _, err := w.MoveAll(t.Context(), office, closed, closed, day("2018-06-15")); return err },
			"roster.move_after_closing": func() error {
				_, err := w.MoveAll(t.Context(), office, closed, successor, day("2018-06-16"))
				return err
			},
			"roster.start_missing": func() error { _, err := w.MoveAll(t.Context(), office, closed, successor, 0); return err },
		} {
			w.wantCode(err(), models.Invalid, key)
		}
		_, err := w.MoveAll(t.Context(), office, jinan, qingdao, day("2018-06-15"))
		w.wantCode(err, models.Conflict, "roster.unit_open")
		_, err = w.MoveAll(t.Context(), w.actor(closed, models.Viewer), closed, successor, day("2018-06-15"))
		w.wantCode(err, models.Forbidden, "error.forbidden")
		moved, err := w.MoveAll(t.Context(), office, closed, successor, day("2018-01-01"))
		w.must(err)
		w.wantPostings("王芳 370000-disj 2016-01-01 2017-12-31", "王芳 370000-swj 2018-01-01 2018-06-14", "赵强 370000-disj 2016-01-01 2017-12-31", "赵强 370000-swj 2018-01-01",
			"孙丽 370000-swj 2018-03-01 2018-12-31", "周杰 370000-disj 2016-01-01 2017-12-31")
		if left, err := w.Staying(t.Context(), office, closed, day("2018-01-01")); moved != 3 || left != 0 || err != nil {
			t.Errorf("%d moved and %d left, %v", moved, left, err)
		}
		w.wantSoundTallies()
	})
}

// Of more names than are listed the likely ones are.
func TestLikelyDuplicatesAreListedFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		var entries []training.StaffEntry
		for n := range 101 {
			name := "丁" + string(rune('一'+n))
			entries = append(entries, staff(jinan, name, "2016-01-01", fmt.Sprint("A", n)), staff(qingdao, name, "2016-01-01", fmt.Sprint("B", n)))
		}
		// One lacks the staff number and the other the ID number.
		entries = append(entries, staff(jinan, "龚芳", "2016-01-01", "", idOfWang), staff(qingdao, "龚芳", "2016-01-01", "C"))
		_, err := w.EnterStaff(t.Context(), w.coordinator(shandong), entries)
		w.must(err)
		found, err := w.Duplicates(t.Context(), w.coordinator(shandong), shandong)
		w.must(err)
		if len(found) != 100 || found[0].Name != "龚芳" || !found[0].Likely || found[1].Likely {
			t.Errorf("%d names, the first %s", len(found), found[0].Name)
		}
	})
}
