package training_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// layNominations seats or queues people of a unit for the session.
func (w *world) layNominations(s *models.TrainingSession, status models.NominationStatus, people ...models.Person) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		for _, person := range people {
			n := models.Nomination{SessionID: s.ID, PersonID: person.ID, UnitID: w.layUnit(person, s.EndOn), Status: status, NominatedBy: 1, NominatedAt: store.Instant(w.now())}
			if err := tx.Create(&n).Error; err != nil {
				return err
			}
			if status != models.NominationWaiting {
				s.Seated++
			}
		}
		return tx.Save(s).Error
	}))
}

func TestProgressIsByTheDatesOfAttendance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017)
		var people []models.Person
		for i := range 6 {
			people = append(people, w.layStaff(fmt.Sprint("员", i), jinan, "2016-01-01", ""))
		}
		leaver := w.layPerson("离岗", "")
		w.layPosting(leaver, jinan, "2016-01-01", "2017-04-15")
		w.layStaff("将到", jinan, "2018-03-01", "")
		course := w.layCourse(shandong, "K1", 60, false)
		march, may := w.laySession(course, "2017-03-31", 50), w.laySession(course, "2017-05-02", 50)
		w.layAttendance(leaver, march, true, nil)
		w.layAttendance(people[0], march, true, nil)
		w.layAttendance(people[1], may, true, nil)
		coming := w.laySession(course, "2017-07-10", 3)
		own := w.laySession(w.layCourse(jinan, "K2", 60, false), "2017-09-01", 2)
		late := w.laySession(course, "2019-01-10", 50)
		cancelled := w.laySession(course, "2017-08-01", 50)
		w.layNominations(&coming, models.NominationConfirmed, people[2], people[0])
		w.layNominations(&own, models.NominationSeated, people[2])
		w.layNominations(&own, models.NominationWaiting, people[3])
		w.layNominations(&late, models.NominationSeated, people[4])
		cancelled.Status = models.SessionCancelled
		w.must(w.store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Save(&cancelled).Error }))

		got, err := w.Progress(t.Context(), w.coverageOf(jinan, w.Today()))
		w.must(err)
		points := []training.ProgressPoint{{On: day("2017-01-31"), Roster: 7}, {On: day("2017-02-28"), Roster: 7}, {On: day("2017-03-31"), Roster: 7, Trained: 2},
			{On: day("2017-04-30"), Roster: 6, Trained: 1}, {On: day("2017-05-04"), Roster: 6, Trained: 2}}
		if diff := cmp.Diff(points, got.Points); diff != "" {
			t.Errorf("points (-want +got):\n%s", diff)
		}
		// Of the province's session the one seat of who is left; of the own one, in which
		// the same person sits, the free one.
		forecast := []training.ProgressPoint{{On: day("2017-05-04"), Roster: 6, Trained: 2}, {On: day("2017-07-10"), Roster: 6, Trained: 3}, {On: day("2017-09-01"), Roster: 6, Trained: 4},
			{On: day("2018-12-31"), Roster: 6, Trained: 4}}
		if diff := cmp.Diff(forecast, got.Forecast); diff != "" || got.Needed != 4 || got.Scheduled != 2 || got.Short() != 2 || got.RosterAtEnd != 7 {
			t.Errorf("%d of %d, %d at the end, forecast (-want +got):\n%s", got.Scheduled, got.Needed, got.RosterAtEnd, diff)
		}
		months := map[string]training.SeatMonth{}
		needed := 0
		for _, month := range got.Months {
			needed += month.Needed
			months[month.First.String()] = month
		}
		if len(got.Months) != 20 || needed != 4 || months["2017-05-01"].Needed != 1 || months["2017-09-01"].Needed != 0 || months["2017-07-01"].Scheduled != 1 || months["2017-09-01"].Scheduled != 1 {
			t.Errorf("months: %+v", got.Months)
		}
		province, err := w.Progress(t.Context(), w.coverageOf(shandong, w.Today()))
		w.must(err)
		if province.Scheduled != 3 { // the free seat of its own session too
			t.Errorf("the province has %d seats scheduled, want 3", province.Scheduled)
		}
		// What was scheduled on a day gone by is not known.
		w.at("2017-05-05")
		past, err := w.Progress(t.Context(), w.coverageOf(jinan, day("2017-05-04")))
		w.must(err)
		if past.Forecast != nil || past.Scheduled != 0 || len(past.Points) != 5 {
			t.Errorf("of yesterday: %+v", past)
		}
	})
}

// cyclePack demands a rotation a year that does not begin with the calendar's: each
// year has parts of two windows.
const cyclePack = `id: shandong-2099
short: sd2099
number: 试〔2099〕1号
title: {zh: 试验, en: Trial}
issuer: 试验单位
region: "370000"
published: 2017-04-01
effective: {from: 2017-04-01}
obligations:
  - id: sd2099.rotation
    clause: 一
    title: {zh: 轮训, en: Rotation}
    counts: {zh: 轮训, en: Rotation}
    kind: rotation
    who: {kinds: [city, department]}
    require: {from: 2017-04-01, years: 1}
    points: "1"
`

func TestWindowsThatShareAYearAreCountedApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-03-01")
		officer := w.actor(shandong, models.Administrator)
		w.must(w.ledger.LoadPolicy(t.Context(), officer, []byte(cyclePack)))
		for year := 2017; year <= 2019; year++ {
			_, err := w.ledger.Activate(t.Context(), officer, "shandong-2099", year)
			w.must(err)
		}
		first, second := w.layStaff("甲", jinan, "2016-01-01", ""), w.layStaff("乙", jinan, "2018-06-01", "")
		w.layStaff("丙", qingdao, "2018-06-01", "")
		course := w.layCourse(shandong, "K1", 60, false)
		w.at("2017-06-01").layAttendance(first, w.laySession(course, "2017-06-01", 9), true, nil)
		w.at("2018-07-01").layAttendance(second, w.laySession(course, "2018-07-01", 9), true, nil)
		ask := func(unit, asOf, period string) *compliance.RotationTable {
			t.Helper()
			table, err := w.Coverage(t.Context(), compliance.RotationQuery{Unit: w.unit(unit), Policy: "shandong-2099", Period: period, AsOf: day(asOf)})
			w.must(err)
			return table
		}
		for _, c := range []struct {
			unit, asOf, period string
			want               [2]int
			window             rules.Span
		}{
			{jinan, "2017-07-01", "", [2]int{1, 1}, rules.Span{From: day("2017-04-01"), To: day("2018-03-31")}},
			{shandong, "2018-07-01", "", [2]int{3, 1}, rules.Span{From: day("2018-04-01"), To: day("2019-03-31")}},
			{jinan, "2018-07-01", "", [2]int{2, 1}, rules.Span{From: day("2018-04-01"), To: day("2019-03-31")}},
			{jinan, "2018-07-01", "2017-2018", [2]int{1, 1}, rules.Span{From: day("2017-04-01"), To: day("2018-03-31")}},
		} {
			table := ask(c.unit, c.asOf, c.period)
			if got := [2]int{table.Total.Roster, table.Total.Trained}; got != c.want || table.Period.Span != c.window {
				t.Errorf("%s as of %s: %v in %v, want %v in %v", c.unit, c.asOf, got, table.Period, c.want, c.window)
			}
			if names := w.leftNames(table, training.LeftFilter{}); len(names) != table.Total.Left() {
				t.Errorf("%s as of %s: %v listed, %d left", c.unit, c.asOf, names, table.Total.Left())
			}
			sum := 0
			for _, row := range table.Rows {
				sum += row.Roster
			}
			if sum != table.Total.Roster {
				t.Errorf("%s as of %s: the rows have %d people, the total %d", c.unit, c.asOf, sum, table.Total.Roster)
			}
		}
	})
}
