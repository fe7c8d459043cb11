package compliance_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// TestTheTreeOfADayIsReadByItsIndexes holds lists and boards to the subtree and
// the children that they ask for, whatever the day: none reads all units.
func TestTheTreeOfADayIsReadByItsIndexes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newBenchProvince(t, s, 1000)
		if s.Dialect() == store.SQLite {
			exec(t, s, "ANALYZE")
		} else {
			exec(t, s, "ANALYZE TABLE units, unit_changes, duties, duty_changes")
		}
		var county models.Unit
		if err := s.Read(t.Context()).Where("kind = ?", models.County).Order("id").Take(&county).Error; err != nil {
			t.Fatal(err)
		}
		plans := plansOf(t, s, func() error {
			if _, err := p.ledger.Duties(t.Context(), compliance.DutyQuery{Unit: county, Year: benchYear, AsOf: benchPast}); err != nil {
				return err
			}
			_, err := p.ledger.Board(t.Context(), compliance.BoardQuery{Unit: county, Year: benchYear, AsOf: benchPast})
			return err
		})
		for _, want := range []struct{ statement, sqlite, mysql string }{
			{"duties d", "SEARCH p USING INDEX idx_unit_changes_path (path>? AND path<?)", "{p range idx_unit_changes_path}"},
			{"duties d", "SEARCH d USING INDEX idx_duties_unit (unit_id=?", "{d ref idx_duties_unit}"},
			{"p.parent_id = ", "SEARCH p USING INDEX idx_unit_changes_parent (parent_id=?)", "{p ref idx_unit_changes_parent}"},
		} {
			line := want.sqlite
			if s.Dialect() == store.MySQL {
				line = want.mysql
			}
			found := false
			for sql, plan := range plans {
				found = found || strings.Contains(sql, want.statement) && strings.Contains(plan, line)
				if strings.Contains(plan, "SCAN p") || strings.Contains(plan, "{p ALL") {
					t.Errorf("the plan reads all that is known of all units:\n%s\n%s", sql, plan)
				}
			}
			if !found {
				t.Errorf("no plan of a statement with %q has a line %q:\n%v", want.statement, line, plans)
			}
		}
	})
}

// plansOf returns the plans of the statements that read what is known of units.
func plansOf(t *testing.T, s *store.Store, f func() error) map[string]string {
	t.Helper()
	statements := map[string][]any{}
	err := s.Read(t.Context()).Callback().Query().After("gorm:query").Register("plan:units", func(db *gorm.DB) {
		if text := db.Statement.SQL.String(); strings.Contains(text, "unit_changes p") {
			statements[text] = db.Statement.Vars
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f(); err != nil {
		t.Fatal(err)
	}
	plans := map[string]string{}
	for sql, args := range statements {
		if s.Dialect() == store.SQLite {
			plans[sql], err = planOf(s.Read(t.Context()), sql, args)
		} else {
			var lines []struct{ Table, Type, Key string }
			err = s.Read(t.Context()).Raw("EXPLAIN "+sql, args...).Scan(&lines).Error
			plans[sql] = fmt.Sprint(lines)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return plans
}

func exec(t *testing.T, s *store.Store, sql string) {
	t.Helper()
	if err := s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(sql).Error }); err != nil {
		t.Fatal(err)
	}
}
