package compliance_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store/storetest"
)

// TestWaitingPlan holds SQLite to the index of what waits: the number stands on
// every page, and must not cost what the reports of all years cost.
func TestWaitingPlan(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t))
	w.plan(lixia)
	w.plan(jinan)
	for _, levels := range []int{1, 2} {
		w.withLevels("shandong-2017", levels)
		var statement string
		var args []any
		calls := w.store.Read(t.Context()).Callback().Query()
		w.must(calls.After("gorm:query").Replace("waiting:statement", func(db *gorm.DB) {
			if text := db.Statement.SQL.String(); strings.Contains(text, "AS waiting") {
				statement, args = text, db.Statement.Vars
			}
		}))
		waiting, err := w.Waiting(t.Context(), w.actor(models.Supervisor, jinan))
		w.must(err)
		if waiting != 2 || statement == "" {
			t.Fatalf("%d wait by %q", waiting, statement)
		}
		for _, analyse := range []bool{false, true} {
			err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
				if analyse {
					if err := tx.Exec("ANALYZE").Error; err != nil {
						return err
					}
				}
				plan, err := planOf(tx, statement, args)
				if want := "SEARCH r USING COVERING INDEX idx_reports_waiting (status=?)"; !strings.Contains(plan, want) {
					t.Errorf("%d levels, analysed %t: the plan has no %q:\n%s", levels, analyse, want, plan)
				}
				return err
			})
			w.must(err)
		}
	}
}
