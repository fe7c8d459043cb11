package training_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	if diff := cmp.Diff(want, w.postings()); diff != "" {
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
