package compliance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// What is due soon is asked of the tallies alone, the nearest first; what is due later, has
// been done or is overdue is not among it.
func TestWhatIsDueSoonByObligationAndDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.at("2017-05-10").activated("shandong-2017", 2017).at("2017-06-12")
		ahead, err := w.DueAhead(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-06-12")})
		w.must(err)
		if len(ahead) == 0 {
			t.Fatal("nothing is due soon")
		}
		for _, due := range ahead {
			if due.DueOn < day("2017-06-12") || due.DueOn > day("2017-06-26") || due.Count == 0 {
				t.Errorf("%d of %s are due on %s", due.Count, due.Obligation.Code, due.DueOn)
			}
		}
		if none, err := w.DueAhead(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-01-10")}); err != nil || len(none) != 0 {
			t.Errorf("before anything was known: %v, %v", none, err)
		}
		_, err = w.DueAhead(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-06-13")})
		if !models.IsCode(err, models.Invalid) {
			t.Errorf("tomorrow: %v", err)
		}
		days, err := w.DueDays(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-06-12")})
		w.must(err)
		for _, want := range []string{"2017-06-16", "2017-12-31"} {
			if !slices.Contains(days, day(want)) {
				t.Errorf("%s is not among the due days %v", want, days)
			}
		}
		if diff := cmp.Diff([]calendar.Date(nil), daysOf(t, w, "320000")); diff != "" {
			t.Errorf("a province without a policy: %s", diff)
		}
	})
}

func daysOf(t *testing.T, w *world, unit string) []calendar.Date {
	days, err := w.DueDays(t.Context(), compliance.BoardQuery{Unit: w.unit(unit), Year: 2017, AsOf: w.Today()})
	w.must(err)
	return days
}
