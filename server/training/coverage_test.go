package training_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// names are what the list says, in its order.
func (w *world) leftNames(t *compliance.RotationTable, f training.LeftFilter) []string {
	w.Helper()
	var names []string
	w.must(w.EachLeft(w.Context(), t, f, func(p training.LeftPerson) error {
		names = append(names, p.Person.Name)
		return nil
	}))
	if count, err := w.CountLeft(w.Context(), t, f); err != nil || count != len(names) {
		w.Errorf("%d counted (%v), %d listed", count, err, len(names))
	}
	return names
}

func TestCoverageFollowsThePeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		before := w.layStaff("早训", jinan, "2015-01-01", "")
		never := w.layPerson("未训", "S-7")
		w.layPosting(never, jinan, "2016-01-01", "")
		mover := w.layPerson("调动", "")
		old := w.layPosting(mover, jinan, "2016-02-01", "")
		w.layStaff("青岛", qingdao, "2017-02-01", "")
		course := w.layCourse(shandong, "K1", 120, false)
		w.layAttendance(before, w.laySession(course, "2016-12-30", 100), true, nil)
		may := w.laySession(course, "2017-05-03", 100)
		w.layAttendance(mover, may, true, nil)
		w.layAttendance(never, may, false, nil)

		table := w.coverageOf(shandong, w.Today())
		got := map[string][3]int{}
		for _, row := range table.Rows {
			if row.Roster > 0 {
				got[row.Unit.Code] = [3]int{row.Roster, row.Trained, row.Complete}
			}
		}
		if diff := cmp.Diff(map[string][3]int{jinan: {3, 1, 0}, qingdao: {1, 0, 0}}, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if table.Total.Roster != 4 || table.Total.Trained != 1 || table.Total.Ratio() != "0.2500" || table.SeatsPerMonth(table.Total) != 1 {
			t.Errorf("total %+v", table.Total)
		}
		// Never first, then the longest untrained; newcomers came inside the window.
		if diff := cmp.Diff([]string{"未训", "青岛", "早训"}, w.leftNames(table, training.LeftFilter{})); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
		for name, c := range map[string]struct {
			filter training.LeftFilter
			want   []string
		}{
			"newcomers": {training.LeftFilter{Newcomers: true}, []string{"青岛"}},
			"number":    {training.LeftFilter{Text: "s-7"}, []string{"未训"}},
			"unit":      {training.LeftFilter{Text: "济南"}, []string{"未训", "早训"}},
			"nobody":    {training.LeftFilter{Text: "%"}, nil},
			"due soon":  {training.LeftFilter{DueWithin: 90}, nil},
			"class":     {training.LeftFilter{Class: "none such"}, nil},
			"own":       {training.LeftFilter{Own: true}, nil},
		} {
			if diff := cmp.Diff(c.want, w.leftNames(table, c.filter)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}

		// Who moves counts where they are now, trained as they are.
		moved := w.at("2017-06-01").Today()
		w.layEnd(old, day("2017-05-31"))
		w.layPosting(mover, qingdao, "2017-06-01", "")
		after := w.coverageOf(shandong, moved)
		for _, row := range after.Rows {
			if want := map[string][2]int{jinan: {2, 0}, qingdao: {2, 1}}[row.Unit.Code]; [2]int{row.Roster, row.Trained} != want {
				t.Errorf("%s has %d of %d trained, want %v", row.Unit.Code, row.Trained, row.Roster, want)
			}
		}
		if diff := cmp.Diff(table, w.coverageOf(shandong, day("2017-05-04")), cmp.AllowUnexported(compliance.RotationTable{})); diff != "" {
			t.Errorf("4 May has changed since (-then +now):\n%s", diff)
		}

		// An exempt unit asks nobody; the window's last ninety days press the others.
		w.at("2018-10-08")
		supervisor := w.actor(shandong, models.Supervisor)
		w.must(w.ledger.Exempt(t.Context(), supervisor, w.rotation(jinan, "sd2017.rotation", w.Today()).Duty.ID, "机构改革", "鲁政办〔2018〕1号"))
		table = w.coverageOf(shandong, w.Today())
		if table.Total.Roster != 2 || table.Total.Exempt != 1 {
			t.Errorf("total %+v with an exempt unit", table.Total)
		}
		if diff := cmp.Diff([]string{"青岛"}, w.leftNames(table, training.LeftFilter{DueWithin: 90})); diff != "" {
			t.Errorf("due in 90 days (-want +got):\n%s", diff)
		}
		due, err := w.FallDue(t.Context(), w.unit(shandong), w.Today())
		w.must(err)
		if len(due) != 1 || due[0].Left != 1 || due[0].Period.To != day("2018-12-31") {
			t.Errorf("falling due: %+v", due)
		}
	})
}

func TestTheWholeListIsOfOneMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		people := make([]models.Person, training.MaxLeft+1)
		for i := range people {
			people[i] = models.Person{Name: "在册", CreatedAt: store.Instant(w.now())}
		}
		w.lay(func(tx *gorm.DB) []uint64 {
			w.must(tx.Create(&people).Error)
			postings := make([]models.Posting, len(people))
			for i, p := range people {
				postings[i] = models.Posting{PersonID: p.ID, UnitID: w.unit(jinan).ID, StartOn: day("2016-01-01"), KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.now())}
			}
			w.must(tx.Create(&postings).Error)
			return []uint64{postings[0].UnitID}
		})
		var listed int
		w.must(w.EachLeft(w.Context(), w.coverageOf(shandong, w.Today()), training.LeftFilter{}, func(training.LeftPerson) error {
			if listed++; listed == 1 {
				w.layStaff("后到", jinan, "2016-01-01", "")
			}
			return nil
		}))
		if listed != len(people) {
			t.Errorf("%d listed of %d who were left when it was asked for", listed, len(people))
		}
	})
}
