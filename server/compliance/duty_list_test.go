package compliance_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestPagesVisitEveryDutyOnceByDueDate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt", "370000-jyt").at("2017-01-01").activated("shandong-2017", 2017).at("2017-08-09")
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("a", "2017-08-08 21:19"))
		query := compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: w.Today()}
		all, err := w.CountDuties(t.Context(), query)
		w.must(err)
		for _, limit := range []int{1, 3, 7, 200} {
			query.Limit = limit
			seen := map[uint64]bool{}
			var last calendar.Date
			for _, view := range w.listed(query) {
				if seen[view.Duty.ID] {
					t.Errorf("limit %d: duty %d twice", limit, view.Duty.ID)
				}
				seen[view.Duty.ID] = true
				due := view.Duty.DueOn
				if due.IsZero() {
					due = calendar.NewDate(9999, 12, 31)
				}
				if due < last {
					t.Errorf("limit %d: %s after %s", limit, due, last)
				}
				last = due
			}
			if len(seen) != all || last != calendar.NewDate(9999, 12, 31) {
				t.Errorf("limit %d: %d duties of %d, the last due on %s", limit, len(seen), all, last)
			}
		}
	})
}

func TestListsAreNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt")
		aJune(w)
		query := compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: w.Today(), Limit: 200}
		total := 0
		for _, state := range rules.States {
			narrowed := query
			narrowed.State = state
			for _, view := range w.listed(narrowed) {
				total++
				if view.Verdict.State != state {
					t.Errorf("duty %d among %s is %s", view.Duty.ID, state, view.Verdict.State)
				}
			}
		}
		if all := len(w.listed(query)); total != all || all == 0 {
			t.Errorf("%d duties by state, %d in all", total, all)
		}
		own := query
		own.Own = true
		for _, view := range w.listed(own) {
			if view.Unit.Code != "370000" {
				t.Errorf("%s among the province's own", view.Unit.Code)
			}
		}
		one := compliance.DutyQuery{Unit: w.unit(jinan), AsOf: w.Today(), Obligation: "sd2017.plan", Policy: "shandong-2017"}
		if views := w.listed(one); len(views) != 1 || views[0].Verdict.State != rules.Met || views[0].Obligation.Clause != "最后一段" {
			t.Errorf("duties of %+v: %+v", one.Obligation, views)
		}
		soon := compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-06-05"), DueSoon: true, Limit: 200}
		for _, view := range w.listed(soon) {
			if !view.Verdict.DueSoon {
				t.Errorf("duty %d, due on %s, is not due soon", view.Duty.ID, view.Duty.DueOn)
			}
		}
	})
}

// aJune leaves one plan met, one exempt and a briefing that waits.
func aJune(w *world) {
	w.at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-20")
	w.verified(w.filed(jinan, w.duty(jinan, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-01"))))
	w.exempted(w.duty(qingdao, "sd2017.plan"))
	w.filed(qingdao, w.duty(qingdao, "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-06-01")))
}

func TestFaultyListQueriesAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao)
		aJune(w)
		raw := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
		for name, c := range map[string]struct {
			change func(q *compliance.DutyQuery)
			field  string
			key    string
		}{
			"cursor of no letters": {func(q *compliance.DutyQuery) { q.Cursor = "***" }, "cursor", "list.bad_cursor"},
			"cursor of nothing":    {func(q *compliance.DutyQuery) { q.Cursor = raw(".") }, "cursor", "list.bad_cursor"},
			"cursor of no day":     {func(q *compliance.DutyQuery) { q.Cursor = raw(".5") }, "cursor", "list.bad_cursor"},
			"cursor of no number":  {func(q *compliance.DutyQuery) { q.Cursor = raw("2017-06-16.x") }, "cursor", "list.bad_cursor"},
			"cursor with SQL":      {func(q *compliance.DutyQuery) { q.Cursor = raw("2017-06-16' OR 1=1 --.5") }, "cursor", "list.bad_cursor"},
			"limit below one":      {func(q *compliance.DutyQuery) { q.Limit = -1 }, "limit", "list.bad_limit"},
			"limit past the most":  {func(q *compliance.DutyQuery) { q.Limit = 201 }, "limit", "list.bad_limit"},
			"unknown state":        {func(q *compliance.DutyQuery) { q.State = "done" }, "state", "duty.unknown_state"},
			"hidden state":         {func(q *compliance.DutyQuery) { q.State = "withdrawn" }, "state", "duty.unknown_state"},
			"inner state":          {func(q *compliance.DutyQuery) { q.State = "open" }, "state", "duty.unknown_state"},
		} {
			t.Run(name, func(t *testing.T) {
				q := compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: w.Today()}
				c.change(&q)
				_, err := w.Duties(t.Context(), q)
				wantFields(t, err, map[string]string{c.field: c.key})
			})
		}
		_, err := w.Duties(t.Context(), compliance.DutyQuery{Unit: w.unit("370000"), AsOf: w.Today(), Obligation: "sd2017.nothing"})
		wantError(t, err, models.NotFound, "obligation.unknown")
		_, err = w.Duties(t.Context(), compliance.DutyQuery{Unit: w.unit("370000"), AsOf: w.Today(), Policy: "nothing-2017"})
		wantError(t, err, models.NotFound, "policy.unknown")
	})
}

func TestTheQueueIsWorkedFromItsOldEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "320000", development).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		var waiting []uint64
		for _, code := range []string{"sd2017.plan", "sd2017.briefing", "sd2017.deputy"} {
			for _, unit := range []string{qingdao, jinan} {
				waiting = append(waiting, w.filed(unit, w.duty(unit, code), soundFiling(w.rules[code], day("2017-06-01"))).ID)
			}
		}
		ask := func(unit string, limit int) (ids []uint64) {
			q := compliance.QueueQuery{Unit: w.unit(unit), Limit: limit}
			for {
				found, err := w.Queue(t.Context(), q)
				w.must(err)
				for _, item := range found.Items {
					ids = append(ids, item.Report.ID)
					if item.Duty.ID != item.Report.DutyID || item.Verdict.State != rules.Reported || item.Report.Content.URL != page {
						t.Errorf("item %+v", item)
					}
				}
				if limit == 0 && found.Total != len(ids) {
					t.Errorf("total of %s is %d, want %d", unit, found.Total, len(ids))
				}
				if q.Cursor = found.Next; q.Cursor == "" {
					return ids
				}
			}
		}
		for _, limit := range []int{0, 1, 4} {
			if got := ask("370000", limit); !slices.Equal(got, waiting) {
				t.Errorf("queue by %d: %v, want %v", limit, got, waiting)
			}
		}
		if got := ask(jinan, 2); !slices.Equal(got, []uint64{waiting[1], waiting[3], waiting[5]}) {
			t.Errorf("queue of 济南: %v of %v", got, waiting)
		}
		if got := ask("320000", 0); len(got) != 0 {
			t.Errorf("queue of another province: %v", got)
		}
		item, err := w.QueueItem(t.Context(), compliance.Actor{}, w.actor(models.Supervisor, qingdao).Access.Scope("report", "read"), waiting[0])
		w.must(err)
		w.verified(&item.Report.Report)
		w.returned(w.reportAt(waiting[1]))
		if got := ask("370000", 0); !slices.Equal(got, waiting[2:]) {
			t.Errorf("queue after two decisions: %v, want %v", got, waiting[2:])
		}
		_, err = w.Queue(t.Context(), compliance.QueueQuery{Unit: w.unit("370000"), Cursor: "x"})
		wantFields(t, err, map[string]string{"cursor": "list.bad_cursor"})
		_, err = w.Queue(t.Context(), compliance.QueueQuery{Unit: w.unit("370000"), Limit: 1000})
		wantFields(t, err, map[string]string{"limit": "list.bad_limit"})
	})
}

func (w *world) reportAt(id uint64) *models.Report {
	w.Helper()
	var report models.Report
	w.must(w.store.Read(w.Context()).Where("id = ?", id).Take(&report).Error)
	return &report
}
