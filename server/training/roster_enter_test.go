package training_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// Numbers of ID cards that nobody has: a region's code and made-up births.
const (
	idOfWang = "11010519491231002X"
	idOfLi   = "110105194912310038"
)

// enter enters staff and wants each taken over, or refused for a field by a key.
func (w *world) enter(by compliance.Actor, entries []training.StaffEntry, want ...string) []training.EntryOutcome {
	w.Helper()
	outcomes, err := w.EnterStaff(w.Context(), by, entries)
	w.must(err)
	if diff := cmp.Diff(want, became(outcomes)); diff != "" {
		w.Fatalf("outcomes, -want +got:\n%s", diff)
	}
	return outcomes
}

// became returns the change of each outcome, or the fields and keys by which it is
// refused.
func became(outcomes []training.EntryOutcome) []string {
	list := make([]string, len(outcomes))
	for i, o := range outcomes {
		list[i] = string(o.Change)
		for _, field := range o.Faults {
			list[i] += " " + field.Name + ":" + strings.TrimPrefix(field.Key, "roster.")
		}
	}
	return list
}

// staff is an entry of somebody in a unit; what follows the start is the staff
// number, the ID number and the last day.
func staff(unit, name, start string, more ...string) training.StaffEntry {
	e := training.StaffEntry{Unit: unit, Name: name, Post: "科员", StartOn: day(start)}
	for i, text := range more {
		switch i {
		case 0:
			e.Number = text
		case 1:
			e.IDNumber = text
		case 2:
			e.EndOn = day(text)
		}
	}
	return e
}

// postings returns what is known now of everybody's postings, by name and start.
func (w *world) postings() []string {
	w.Helper()
	var rows []struct {
		models.Posting
		Name, Code string
	}
	w.must(w.store.Read(w.Context()).Table("postings").Select("postings.*, people.name, units.code").Joins("JOIN people ON people.id = postings.person_id").
		Joins("JOIN units ON units.id = postings.unit_id").Where("known_until = ?", models.Forever).Order("people.id, start_on").Scan(&rows).Error)
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = strings.TrimSpace(row.Name + " " + row.Code + " " + row.StartOn.String() + " " + row.EndOn.String())
	}
	return list
}

func (w *world) wantPostings(want ...string) {
	w.Helper()
	if diff := cmp.Diff(want, w.postings(), cmpopts.EquateEmpty()); diff != "" {
		w.Fatalf("postings, -want +got:\n%s", diff)
	}
}

func TestStaffIsEnteredOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		office := w.coordinator(shandong)
		entries := []training.StaffEntry{
			staff(jinan, "王芳", "2016-01-01", "1001"),
			staff(jinan, "李 伟", "2015-03-01", "", idOfLi),
			staff(jinan, "张伟", "2014-01-01"),
			staff(qingdao, "张伟", "2014-01-01"),
			// He moves: the row of the unit before need not say when he left it, and may
			// stand behind.
			staff(qingdao, "赵强", "2017-01-01", "1002"),
			staff(jinan, "赵强", "2010-07-01", "1002"),
			staff(jinan, "孙丽", "2018-01-01", "1003"), // next year
		}
		w.enter(office, entries, "added", "added", "added", "added", "added", "added", "added")
		want := []string{
			"赵强 370100 2010-07-01 2016-12-31", "赵强 370200 2017-01-01", "张伟 370100 2014-01-01", "张伟 370200 2014-01-01",
			"李伟 370100 2015-03-01", "王芳 370100 2016-01-01", "孙丽 370100 2018-01-01",
		}
		w.wantPostings(want...)
		for _, later := range []string{"2017-05-04", "2017-06-01"} {
			w.at(later).enter(office, entries, "same", "same", "same", "same", "same", "same", "same")
			w.wantPostings(want...)
		}
	})
}

func TestWhatIsWrongWithAnEntryIsSaidByField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		office := w.coordinator(shandong)
		w.enter(office, []training.StaffEntry{
			staff(jinan, "王芳", "2016-01-01", "1001", idOfWang),
			staff(jinan, "李伟", "2016-01-01", "1002", "", "2016-12-31"),
			staff(jinan, "张伟", "2016-01-01", "1003"), staff(jinan, "张伟", "2016-02-01", "1004"),
		}, "added", "added", "added", "added")
		before := w.postings()
		long := strings.Repeat("长", 201)
		for _, c := range []struct {
			want  string
			entry training.StaffEntry
		}{
			{"unit:unit_missing name:name_missing start_on:start_missing", training.StaffEntry{}},
			{"unit:unit_unknown", staff("370199", "新人", "2017-01-01")},
			{"unit:unit_unknown", staff("320100", "新人", "2017-01-01")}, // Nanjing is another province
			{"name:too_long number:too_long post:too_long", training.StaffEntry{Unit: jinan, Name: long, Number: long, Post: long, StartOn: day("2017-01-01")}},
			{"number:number_sign", staff(jinan, "新人", "2017-01-01", "#12")},
			{"id_number:id_number", staff(jinan, "新人", "2017-01-01", "", "110105194912310021")},
			{"id_number:id_number", staff(jinan, "新人", "2017-01-01", "", "110105491231002")},
			{"start_on:start_early", staff(jinan, "新人", "1949-12-31")},
			{"start_on:start_late", staff(jinan, "新人", "2018-05-05")},
			{"end_on:end_before_start", staff(jinan, "新人", "2017-01-01", "", "", "2016-12-31")},
			{"end_on:end_late", staff(jinan, "新人", "2017-01-01", "", "", "2067-05-05")},
			{"name:number_of_other", staff(jinan, "王方", "2016-01-01", "1001")},
			{"name:id_of_other", staff(jinan, "王方", "2016-01-01", "", idOfWang)},
			{"number:number_and_id_differ", staff(jinan, "王芳", "2016-01-01", "1002", idOfWang)},
			{"number:has_number", staff(jinan, "王芳", "2016-01-01", "1009", idOfWang)},
			{"id_number:has_id", staff(jinan, "王芳", "2016-01-01", "1001", idOfLi)},
			{"number:name_twice", staff(jinan, "张伟", "2017-01-01")},
			{"start_on:here_since", staff(jinan, "王芳", "2017-01-01", "1001")},
			{"start_on:overlaps", staff(qingdao, "王芳", "2015-01-01", "1001")},
			{"start_on:overlaps", staff(qingdao, "李伟", "2016-06-01", "1002")},
			{"start_on:overlaps", staff(qingdao, "李伟", "2015-06-01", "1002", "", "2016-01-01")},
			{"end_on:has_left", staff(jinan, "李伟", "2016-01-01", "1002")},
		} {
			preview, err := w.PreviewStaff(t.Context(), office, []training.StaffEntry{c.entry})
			w.must(err)
			got := w.enter(office, []training.StaffEntry{c.entry}, "refused "+c.want)
			if diff := cmp.Diff(preview, got); diff != "" {
				t.Errorf("%s: the preview says otherwise: %s", c.want, diff)
			}
			if text := fmt.Sprint(got); strings.Contains(text, "1101") {
				t.Errorf("an ID number stands in %s", text)
			}
		}
		w.wantPostings(before...)
	})
}

func TestEntriesNeedTheRosterOfTheirUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		w.enter(w.coordinator(shandong), []training.StaffEntry{staff(qingdao, "王芳", "2016-01-01", "1001"), staff(qingdao, "李伟", "2016-01-01", "1002", "", "2017-04-30")}, "added", "added")
		reporter := w.reporter(jinan)
		w.enter(w.actor(jinan, models.Viewer), []training.StaffEntry{staff(jinan, "新人", "2017-01-01")}, "refused unit:unit_not_kept")
		outcomes := w.enter(reporter, []training.StaffEntry{
			staff(qingdao, "新人", "2017-01-01"), staff(jinan, "王芳", "2017-05-01", "1001"), staff(jinan, "王方", "2017-05-01", "1001"),
			// He has left his unit, and may be taken on by the next one.
			staff(jinan, "李伟", "2017-05-01", "1002"),
		}, "refused unit:unit_unknown", "refused unit:works_in", "refused name:number_of_other", "added")
		if text := fmt.Sprint(outcomes[1:3]); strings.Contains(text, "青岛") || strings.Contains(text, "王芳") {
			t.Errorf("the refusal tells of a roster that the reporter does not read: %s", text)
		}
		w.enter(w.coordinator(shandong), []training.StaffEntry{staff(jinan, "王芳", "2017-05-01", "1001")}, "added")
		w.wantPostings("王芳 370200 2016-01-01 2017-04-30", "王芳 370100 2017-05-01", "李伟 370200 2016-01-01 2017-04-30", "李伟 370100 2017-05-01")
	})
}

func TestBatchesOfOnePreviewKnowOfEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		batches := [][]training.StaffEntry{
			{staff(jinan, "王芳", "2016-01-01", "1001"), staff(jinan, "李伟", "2016-01-01")},
			{staff(jinan, "王方", "2016-01-01", "1001"), staff(jinan, "李伟", "2016-01-01", "1002"), staff(qingdao, "王芳", "2017-01-01", "1001")},
			{staff(jinan, "李伟", "2016-01-01"), staff(jinan, "王芳", "2016-01-01", "1001", idOfWang)},
		}
		preview, err := w.PreviewStaff(t.Context(), w.coordinator(shandong), batches...)
		w.must(err)
		want := []string{"added", "added", "refused name:number_of_other", "changed", "added", "same", "changed"}
		if diff := cmp.Diff(want, became(preview)); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		if got := w.postings(); len(got) > 0 {
			t.Fatalf("the preview stored %v", got)
		}
		var got []string
		for _, entries := range batches {
			outcomes, err := w.EnterStaff(t.Context(), w.coordinator(shandong), entries)
			w.must(err)
			got = append(got, became(outcomes)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("entering says otherwise than the preview, -want +got:\n%s", diff)
		}
	})
}

func TestTwoWhoAddOneNumberAtOnceAddOnePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04")
		actors := []compliance.Actor{w.coordinator(shandong), w.reporter(jinan)}
		for round := range 5 {
			number := fmt.Sprint("10", round)
			var all sync.WaitGroup
			changes := make([]training.EntryChange, 6)
			for i := range changes {
				all.Go(func() {
					entry := staff(jinan, "王芳"+number, "2016-01-01", number)
					if i%3 == 0 {
						entry = staff(jinan, "张三"+number, "2016-01-01") // without a number
					}
					outcome, err := w.AddStaff(t.Context(), actors[i%2], entry)
					if err != nil {
						t.Error(err)
					}
					changes[i] = outcome.Change
				})
			}
			all.Wait()
			slices.Sort(changes)
			want := []training.EntryChange{"added", "added", "same", "same", "same", "same"}
			if diff := cmp.Diff(want, changes); diff != "" {
				t.Fatalf("-want +got:\n%s", diff)
			}
		}
		var people int64
		w.must(s.Read(t.Context()).Model(&models.Person{}).Count(&people).Error)
		if people != 10 {
			t.Errorf("%d people, want 10", people)
		}
	})
}
