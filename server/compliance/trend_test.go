package compliance_test

import (
	"slices"
	"strconv"
	"testing"

	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// wantTrend demands that each day of a trend is what the board says of that day.
func (w *world) wantTrend(unit string, year int) *compliance.Trend {
	w.Helper()
	q := compliance.BoardQuery{Unit: w.unit(unit), Year: year, AsOf: w.Today()}
	trend, err := w.Trend(w.Context(), q)
	w.must(err)
	if len(trend.Points) > compliance.MaxTrendPoints || len(trend.Due) > compliance.MaxTrendDue {
		w.Errorf("%s in %d: %d points, %d due dates", unit, year, len(trend.Points), len(trend.Due))
	}
	for i, point := range trend.Points {
		if i > 0 && point.Day <= trend.Points[i-1].Day {
			w.Errorf("%s comes after %s", point.Day, trend.Points[i-1].Day)
		}
		q.AsOf = point.Day
		board, err := w.Board(w.Context(), q)
		w.must(err)
		if want := compliance.Sum(board.Totals); point.Cell != want {
			w.Errorf("%s in %d as of %s: the trend has %+v, the board %+v", unit, year, point.Day, point.Cell, want)
		}
	}
	return trend
}

func TestTrendAndTermsOfAYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "371200").at("2017-01-01").activated("shandong-2017", 2017)
		plan := w.rules["sd2017.plan"]
		w.verified(w.at("2017-06-12").filed(jinan, w.duty(jinan, "sd2017.plan"), soundFiling(plan, day("2017-06-09"))))
		w.verified(w.at("2017-07-03").filed(qingdao, w.duty(qingdao, "sd2017.plan"), soundFiling(plan, day("2017-06-30"))))
		w.at("2017-09-20")
		trend := w.wantTrend("370000", 2017)
		if first, last := trend.Points[0].Day, trend.Points[len(trend.Points)-1].Day; first != day("2017-01-01") || last != w.Today() {
			t.Errorf("from %s to %s", first, last)
		}
		for _, on := range []string{"2017-06-12", "2017-06-17", "2017-07-03", "2017-08-31"} {
			if !slices.ContainsFunc(trend.Points, func(p compliance.TrendPoint) bool { return p.Day == day(on) }) {
				t.Errorf("nothing is said of %s", on)
			}
		}
		if !slices.ContainsFunc(trend.Due, func(d compliance.DueDay) bool { return d.Day == day("2017-06-16") && d.Count >= 3 }) {
			t.Errorf("due dates %+v, want the plan's among them", trend.Due)
		}
		q := compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: w.Today()}
		terms, err := w.Terms(t.Context(), q)
		w.must(err)
		if terms.Obligation.Code != "sd2017.plan" || terms.N != plan.WorkingDays.N || len(terms.Rows) != terms.Count {
			t.Errorf("terms of %s in %d days, %d of %d", terms.Obligation.Code, terms.N, len(terms.Rows), terms.Count)
		}
		judged := map[uint64]string{}
		for _, view := range w.listed(compliance.DutyQuery{Unit: q.Unit, Year: 2017, AsOf: q.AsOf, Obligation: "sd2017.plan", Limit: compliance.MaxLimit}) {
			if view.Verdict.State == rules.Met || view.Verdict.State == rules.Late {
				judged[view.Duty.ID] = view.Verdict.Value
			}
		}
		done := 0
		for _, row := range terms.Rows {
			if !row.Done() {
				continue
			}
			done++
			if want := judged[row.Duty.ID]; want != strconv.Itoa(row.Used) {
				t.Errorf("%s used %d working days, the judge says %q", row.Unit.Code, row.Used, want)
			}
			if late := row.Unit.Code == qingdao; late != (row.Late == 14) {
				t.Errorf("%s is late by %d days", row.Unit.Code, row.Late)
			}
		}
		if done != 2 || len(judged) != 2 {
			t.Errorf("%d are done, %d by the judge; want 2", done, len(judged))
		}
	})
}

func TestDeedsOfLeaders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017)
		briefing := w.rules["sd2017.briefing"]
		w.verified(w.at("2017-03-02").filed(jinan, w.duty(jinan, "sd2017.briefing"), soundFiling(briefing, day("2017-03-01"))))
		w.at("2017-12-05").filed(qingdao, w.duty(qingdao, "sd2017.briefing"), soundFiling(briefing, day("2017-12-04")))
		ask := func(on string) []string {
			deeds, err := w.Deeds(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day(on)})
			w.must(err)
			var said []string
			for _, d := range deeds.Rows {
				said = append(said, d.On.String()+" "+d.Unit.Code+" "+map[bool]string{true: "accepted", false: "waits"}[d.Verified])
			}
			return said
		}
		if got := ask("2017-12-05"); !slices.Equal(got, []string{"2017-03-01 " + jinan + " accepted", "2017-12-04 " + qingdao + " waits"}) {
			t.Errorf("deeds %v", got)
		}
		if got := ask("2017-03-01"); len(got) != 0 {
			t.Errorf("before it was filed: %v", got)
		}
	})
}
