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

const sdRotation = "sd2017.rotation"

// hired puts somebody on a unit's roster and returns their id.
func (w *world) hired(entry training.StaffEntry) uint64 {
	w.Helper()
	outcome, err := w.AddStaff(w.Context(), w.coordinator(shandong), entry)
	w.must(err)
	return outcome.ID
}

// person returns the person as the coordinator of Shandong sees them.
func (w *world) person(id uint64) *training.PersonView {
	w.Helper()
	view, err := w.Person(w.Context(), w.coordinator(shandong), id)
	w.must(err)
	return view
}

// moved moves the person as they are now.
func (w *world) moved(by compliance.Actor, id uint64, to, on string) error {
	w.Helper()
	return w.MoveStaff(w.Context(), by, id, w.person(id).Version, training.Move{Unit: to, On: day(on)})
}

// wantRotation demands how many of the unit's roster are trained, and its state.
func (w *world) wantRotation(code, asOf, want string) {
	w.Helper()
	duty := w.rotation(code, sdRotation, day(asOf))
	if got := fmt.Sprintf("%d/%d %s", duty.Verdict.Trained, duty.Verdict.Roster, duty.Verdict.State); got != want {
		w.Errorf("%s as of %s is %s, want %s", code, asOf, got, want)
	}
}

// wantSoundTallies demands that counting all duties anew changes nothing.
func (w *world) wantSoundTallies() {
	w.Helper()
	kept := w.tallies()
	w.must(w.ledger.Rebuild(w.Context(), compliance.Actor{}))
	if diff := cmp.Diff(kept, w.tallies()); diff != "" {
		w.Errorf("rebuild changed tallies (-kept +rebuilt):\n%s", diff)
	}
}

// tallies returns what the boards are made of, without rows that say what the one
// before says.
func (w *world) tallies() []models.Tally {
	w.Helper()
	var rows, told []models.Tally
	w.must(w.store.Read(w.Context()).Order("unit_id, year, obligation_id, known_day").Find(&rows).Error)
	for i, row := range rows {
		before := models.Tally{UnitID: row.UnitID, Year: row.Year, ObligationID: row.ObligationID}
		if i > 0 && rows[i-1].UnitID == row.UnitID && rows[i-1].Year == row.Year && rows[i-1].ObligationID == row.ObligationID {
			before = rows[i-1]
		}
		if before.KnownDay = row.KnownDay; before != row {
			told = append(told, row)
		}
	}
	return told
}

func TestPeopleAreChangedByWhoKeepsTheirRoster(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		wang, li := w.hired(staff(jinan, "王芳", "2016-01-01", "1001", idOfWang)), w.hired(staff(qingdao, "李伟", "2016-01-01", "1002", idOfLi))
		posting := w.person(wang).Postings[0].ID
		for name, by := range map[string]compliance.Actor{"qingdao": w.reporter(qingdao), "nanjing": w.coordinator("320100")} {
			edit := training.PersonEdit{Name: "别名"}
			for what, err := range map[string]error{
				"edit":    w.EditPerson(t.Context(), by, wang, 1, edit),
				"correct": w.CorrectPosting(t.Context(), by, wang, 1, posting, training.PostingEdit{StartOn: day("2016-02-01")}),
				"end":     w.EndPosting(t.Context(), by, wang, 1, posting, day("2017-06-01")),
				"move":    w.MoveStaff(t.Context(), by, wang, 1, training.Move{Unit: qingdao, On: day("2017-06-01")}),
				"remove":  w.RemovePosting(t.Context(), by, wang, 1, posting, "录入有误"),
				"merge":   w.MergePeople(t.Context(), by, wang, li, [2]int{1, 1}, "同一人"),
			} {
				if !models.IsCode(err, models.NotFound) {
					t.Errorf("%s by %s: got %v, want it not found", what, name, err)
				}
			}
			if _, err := w.Person(t.Context(), by, wang); !models.IsCode(err, models.NotFound) {
				t.Errorf("%s reads the person: %v", name, err)
			}
		}
		viewer := w.actor(jinan, models.Viewer)
		w.wantCode(w.EditPerson(t.Context(), viewer, wang, 1, training.PersonEdit{Name: "别名"}), models.Forbidden, "error.forbidden")
		w.wantCode(w.EndPosting(t.Context(), viewer, wang, 1, posting, day("2017-06-01")), models.Forbidden, "error.forbidden")
		w.wantCode(w.EndPosting(t.Context(), w.reporter(jinan), wang, 1, w.person(li).Postings[0].ID, day("2017-06-01")), models.NotFound, "person.posting_unknown")

		reporter := w.reporter(jinan)
		for key, edit := range map[string]training.PersonEdit{
			"roster.name_missing": {Name: " "}, "roster.id_number": {Name: "王芳", IDNumber: "110105194912310021"}, "roster.number_sign": {Name: "王芳", Number: "#1"},
			"roster.number_taken": {Name: "王芳", Number: "1002"}, "roster.id_taken": {Name: "王芳", IDNumber: idOfLi},
		} {
			w.wantCode(w.EditPerson(t.Context(), reporter, wang, 1, edit), models.Invalid, key)
		}
		w.must(w.EditPerson(t.Context(), reporter, wang, 1, training.PersonEdit{Name: "王 芳芳", Number: " 1005 "}))
		w.must(w.EditPerson(t.Context(), reporter, wang, 2, training.PersonEdit{Name: "王芳芳", Number: "1005", IDNumber: idOfWang})) // nothing differs
		if got := w.person(wang); got.Name != "王芳芳" || *got.Number != "1005" || got.IDTail != "002X" || got.Version != 2 {
			t.Errorf("got %+v", got.Person)
		}
		err := w.EndPosting(t.Context(), w.coordinator(shandong), wang, 1, posting, day("2017-06-01"))
		w.wantCode(err, models.Stale, "person.stale")
		w.must(w.EditPerson(t.Context(), reporter, wang, 2, training.PersonEdit{Name: "王芳芳", ForgetID: true}))
		if got := w.person(wang); got.Number != nil || got.IDHash != nil || got.IDTail != "" {
			t.Errorf("the numbers are kept: %+v", got.Person)
		}
	})
}

func TestPostingsAreCorrectedAndWhatWasKnownIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		reporter := w.reporter(jinan)
		id := w.hired(staff(jinan, "王芳", "2016-01-01", "1001"))
		correct := func(edit training.PostingEdit) error {
			p := w.person(id)
			return w.CorrectPosting(t.Context(), reporter, id, p.Version, p.Postings[0].ID, edit)
		}
		w.must(correct(training.PostingEdit{Post: "主任科员", StartOn: day("2016-02-01")}))
		if p := w.person(id); len(p.Before) != 0 || p.Postings[0].StartOn != day("2016-02-01") {
			t.Errorf("corrected on the day it was entered: %+v", p)
		}
		w.at("2017-06-01")
		w.must(correct(training.PostingEdit{Post: "主任科员", PartTime: true, StartOn: day("2016-03-01"), EndOn: day("2017-12-31")}))
		p := w.person(id)
		if len(p.Before) != 1 || p.Before[0].StartOn != day("2016-02-01") || p.Before[0].KnownUntil != day("2017-06-01") || !p.Postings[0].PartTime {
			t.Errorf("what was known before: %+v", p)
		}
		for key, edit := range map[string]training.PostingEdit{
			"roster.start_missing": {}, "roster.start_early": {StartOn: day("1949-01-01")}, "roster.start_late": {StartOn: day("2018-06-02")},
			"roster.end_before_start": {StartOn: day("2016-03-01"), EndOn: day("2016-02-01")},
		} {
			w.wantCode(correct(edit), models.Invalid, key)
		}
		w.enter(w.coordinator(shandong), []training.StaffEntry{staff(qingdao, "王芳", "2018-01-01", "1001")}, "added")
		p = w.person(id)
		err := w.CorrectPosting(t.Context(), reporter, id, p.Version, p.Postings[1].ID, training.PostingEdit{StartOn: day("2016-03-01"), EndOn: day("2018-01-01")})
		w.wantCode(err, models.Invalid, "roster.overlaps")
		w.wantCode(w.RemovePosting(t.Context(), reporter, id, p.Version, p.Postings[1].ID, " "), models.Invalid, "filing.required")
		w.must(w.RemovePosting(t.Context(), reporter, id, p.Version, p.Postings[1].ID, "录入有误"))
		w.wantPostings("王芳 370200 2018-01-01")
		w.at("2017-06-02")
		p = w.person(id)
		w.must(w.RemovePosting(t.Context(), w.coordinator(shandong), id, p.Version, p.Postings[0].ID, "录入有误"))
		w.wantPostings()
		if _, err := w.Person(t.Context(), reporter, id); err != nil {
			t.Errorf("who took somebody off all rosters cannot see them any more: %v", err)
		}
	})
}

func TestSomebodyWhoMovedCountsWhereTheyAreNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		wang := w.hired(staff(jinan, "王芳", "2016-01-01", "1001"))
		w.hired(staff(jinan, "李伟", "2016-01-01", "1002"))
		w.hired(staff(qingdao, "赵强", "2016-01-01", "1003"))
		w.wantRotation(jinan, "2017-05-04", "0/2 pending")
		w.at("2017-06-05").came(w.class("S1", "2017-06-01", nil), wang)
		w.wantRotation(jinan, "2017-06-05", "1/2 pending")
		w.wantRotation(qingdao, "2017-06-05", "0/1 pending")

		for key, try := range map[string]error{
			"roster.unit_unknown":  w.moved(w.coordinator(shandong), wang, "320100", "2017-07-01"),
			"roster.not_posted":    w.moved(w.coordinator(shandong), wang, qingdao, "2015-07-01"),
			"roster.same_unit":     w.moved(w.coordinator(shandong), wang, jinan, "2017-07-01"),
			"roster.move_on_start": w.moved(w.coordinator(shandong), wang, qingdao, "2016-01-01"),
			"roster.start_late":    w.moved(w.coordinator(shandong), wang, qingdao, "2019-01-01"),
			"roster.start_missing": w.MoveStaff(t.Context(), w.coordinator(shandong), wang, w.person(wang).Version, training.Move{Unit: qingdao}),
		} {
			w.wantCode(try, models.Invalid, key)
		}
		if err := w.moved(w.reporter(jinan), wang, qingdao, "2017-07-01"); !models.IsCode(err, models.Invalid) {
			t.Errorf("the reporter moves somebody to a unit that they do not see: %v", err)
		}
		// From July on: the board turns by itself on that day.
		w.must(w.moved(w.coordinator(shandong), wang, qingdao, "2017-07-01"))
		w.wantRotation(jinan, "2017-06-05", "1/2 pending")
		w.at("2017-06-30").wantRotation(jinan, "2017-06-30", "1/2 pending")
		w.at("2017-07-01").wantRotation(jinan, "2017-07-01", "0/1 pending")
		w.wantRotation(qingdao, "2017-07-01", "1/2 pending")
		w.wantRotation(jinan, "2017-06-30", "1/2 pending")
		w.wantPostings("王芳 370100 2016-01-01 2017-06-30", "王芳 370200 2017-07-01", "李伟 370100 2016-01-01", "赵强 370200 2016-01-01")
		w.wantSoundTallies()

		// The one who is left leaves at the end of the month, which is known before.
		p := w.person(w.hired(staff(qingdao, "赵强", "2016-01-01", "1003")))
		w.must(w.EndPosting(t.Context(), w.reporter(qingdao), p.ID, p.Version, p.Postings[0].ID, day("2017-07-31")))
		w.wantRotation(qingdao, "2017-07-01", "1/2 pending")
		w.at("2017-08-01").wantRotation(qingdao, "2017-08-01", "1/1 met")
		// And a newcomer starts in September.
		w.hired(staff(qingdao, "孙丽", "2017-09-01", "1004"))
		w.wantRotation(qingdao, "2017-08-01", "1/1 met")
		w.at("2017-09-01").wantRotation(qingdao, "2017-09-01", "1/2 pending")
		w.wantRotation(qingdao, "2017-08-31", "1/1 met")
		w.wantSoundTallies()
	})
}

func TestNobodyLeavesBeforeWhatTheyAttended(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-06-05")
		wang := w.hired(staff(jinan, "王芳", "2016-01-01", "1001"))
		w.came(w.class("S1", "2017-06-01", nil), wang)
		p, reporter := w.person(wang), w.reporter(jinan)
		for what, err := range map[string]error{
			"end":    w.EndPosting(t.Context(), reporter, wang, p.Version, p.Postings[0].ID, day("2017-05-31")),
			"start":  w.CorrectPosting(t.Context(), reporter, wang, p.Version, p.Postings[0].ID, training.PostingEdit{StartOn: day("2017-06-02")}),
			"remove": w.RemovePosting(t.Context(), reporter, wang, p.Version, p.Postings[0].ID, "录入有误"),
		} {
			if !models.IsCode(err, models.Conflict) {
				t.Errorf("%s: got %v, want it refused for the attendance", what, err)
			}
		}
		w.enter(reporter, []training.StaffEntry{staff(jinan, "王芳", "2016-01-01", "1001", "", "2017-05-31")}, "refused end_on:attended")
		w.enter(reporter, []training.StaffEntry{staff(jinan, "王芳", "2016-01-01", "1001", "", "2017-06-01")}, "changed")
	})
}

func TestOfTwoMovesAtOnceOneIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		wang := w.hired(staff(jinan, "王芳", "2016-01-01", "1001"))
		version := w.person(wang).Version
		office := w.coordinator(shandong)
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, to := range []string{qingdao, "370300"} {
			both.Go(func() {
				errs[i] = w.MoveStaff(t.Context(), office, wang, version, training.Move{Unit: to, On: day("2017-06-01")})
			})
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("got %v and %v, want one of the two refused", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				w.wantCode(err, models.Stale, "person.stale")
			}
		}
		if got := w.postings(); len(got) != 2 {
			t.Errorf("postings %v", got)
		}
		w.wantSoundTallies()
	})
}

func TestTheRosterOfAnyDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		wang := w.hired(staff(jinan, "王芳", "2016-01-01", "1001"))
		w.hired(staff("370000-bgt", "李伟", "2016-06-01", "B-2"))
		w.hired(staff(qingdao, "赵强", "2016-01-01", "1003", "", "2016-12-31"))
		w.hired(staff(qingdao, "孙丽", "2017-08-01", "1004"))
		w.at("2017-06-05").came(w.class("S1", "2017-06-01", nil), wang)
		w.must(w.moved(w.coordinator(shandong), wang, qingdao, "2017-07-01"))
		w.at("2017-07-31")
		roster := func(unit, on, text string, subtree bool) string {
			page, err := w.Roster(t.Context(), w.coordinator(shandong), training.RosterQuery{Unit: unit, On: day(on), Text: text, Subtree: subtree, Limit: 1})
			w.must(err)
			list := fmt.Sprint(page.Total, "+", page.ComingTotal)
			for next := page; ; {
				for _, line := range next.Items {
					list += " " + line.Name + "@" + line.Unit.Code
					if !line.TrainedOn.IsZero() {
						list += "!" + line.TrainedOn.String()
					}
				}
				if next.Next == "" {
					return list
				}
				next, err = w.Roster(t.Context(), w.coordinator(shandong), training.RosterQuery{Unit: unit, On: day(on), Text: text, Subtree: subtree, Limit: 1, Cursor: next.Next})
				w.must(err)
			}
		}
		for _, c := range []struct {
			unit, on, text string
			subtree        bool
			want           string
		}{
			{qingdao, "2017-07-31", "", false, "1+1 王芳@370200!2017-06-01"},
			{shandong, "2016-03-01", "", true, "2+0 王芳@370100 赵强@370200"},
			{jinan, "2017-06-05", "", false, "1+0 王芳@370100!2017-06-01"},
			{jinan, "2017-05-31", "", true, "1+0 王芳@370100"},
			{shandong, "2017-08-01", "", true, "3+0 李伟@370000-bgt 孙丽@370200 王芳@370200!2017-06-01"},
			{shandong, "2017-08-01", "b-", true, "1+0 李伟@370000-bgt"},
			{shandong, "2017-08-01", "%", true, "0+0"},
			{shandong, "2017-08-01", "科员", true, "2+0 李伟@370000-bgt 孙丽@370200"},
		} {
			if got := roster(c.unit, c.on, c.text, c.subtree); got != c.want {
				t.Errorf("%s on %s %q: got %s, want %s", c.unit, c.on, c.text, got, c.want)
			}
		}
		if _, err := w.Roster(t.Context(), w.reporter(jinan), training.RosterQuery{Unit: qingdao}); !models.IsCode(err, models.NotFound) {
			t.Errorf("a roster outside the grants: %v", err)
		}
	})
}

// Only who keeps the roster where somebody is, or was last, adds to what is known
// of them from before.
func TestNobodyTiesThemselvesToAnothersPerson(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-03")
	reporter := w.reporter(jinan)
	id := w.hired(staff(qingdao, "王芳", "2016-01-01", "1"))
	left := w.hired(staff(qingdao, "李伟", "2016-01-01", "2", "", "2016-12-31"))
	w.enter(reporter, []training.StaffEntry{
		staff(jinan, "王芳", "2010-01-01", "1", idOfWang, "2010-12-31"),
		staff(jinan, "王芳", "2010-01-01", "1", "", "2010-12-31"),
		staff(jinan, "李伟", "2010-01-01", "2", "", "2010-12-31"),
		staff(jinan, "李伟", "2017-01-01", "2", idOfLi),
	}, "refused id_number:kept_elsewhere", "refused start_on:kept_elsewhere", "refused start_on:kept_elsewhere", "refused id_number:kept_elsewhere")
	outcomes, err := w.EnterStaff(t.Context(), reporter, []training.StaffEntry{staff(jinan, "王芳", "2010-01-01", "1", "", "2010-12-31")})
	w.must(err)
	if args := outcomes[0].Faults[0].Args; len(args) > 0 {
		t.Errorf("the refusal tells %v of a unit that the reporter does not read", args)
	}
	for _, person := range []uint64{id, left} {
		_, err := w.Person(t.Context(), reporter, person)
		w.wantCode(err, models.NotFound, "person.unknown")
	}
	// Who has left may come.
	w.enter(reporter, []training.StaffEntry{staff(jinan, "李伟", "2017-01-01", "2")}, "added")
	w.enter(w.coordinator(shandong), []training.StaffEntry{staff(jinan, "王芳", "2010-01-01", "1", idOfWang, "2010-12-31")}, "added")
}
