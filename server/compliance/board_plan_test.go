package compliance_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/server/store/storetest"
)

// TestBoardPlan holds SQLite to the primary keys of the tallies, whatever it
// knows of their size: read in any other order, a board costs what the whole
// tables cost.
func TestBoardPlan(t *testing.T) {
	s := storetest.SQLite(t)
	p := newBenchProvince(t, s, 200)
	statement, args := p.boardStatement(t)
	want := []string{
		"SEARCH tallies USING INDEX sqlite_autoindex_tallies_1 (unit_id=? AND year=?)",
		"SEARCH tally_changes USING INDEX sqlite_autoindex_tally_changes_1 (unit_id=? AND year=? AND known_day>?)",
	}
	// Skewed: one unit and year with nearly all rows, so that the key's first
	// columns seem to choose nothing.
	const skew = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO %s (unit_id, year, %s obligation_id, due_day) SELECT 1, %d, %s 1000 + i, 0 FROM n"
	for _, step := range []struct {
		name       string
		statements []string
	}{
		{"not analysed", nil},
		{"analysed", []string{"ANALYZE"}},
		{"analysed when skewed", []string{fmt.Sprintf(skew, "tallies", "", benchYear, ""),
			fmt.Sprintf(skew, "tally_changes", "known_day,", benchYear, "739000 + i % 365,"), "ANALYZE"}},
	} {
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			for _, sql := range step.statements {
				if err := tx.Exec(sql).Error; err != nil {
					return err
				}
			}
			// The connection that analysed knows what it found.
			plan, err := planOf(tx, statement, args)
			for _, line := range want {
				if !strings.Contains(plan, line) {
					t.Errorf("%s: the plan has no line %q:\n%s", step.name, line, plan)
				}
			}
			if strings.Contains(plan, "SCAN t") {
				t.Errorf("%s: the plan reads a whole table:\n%s", step.name, plan)
			}
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
	}
}

// boardStatement returns the statement by which a past board reads the tallies.
func (p *benchProvince) boardStatement(t *testing.T) (sql string, args []any) {
	calls := p.store.Read(t.Context()).Callback()
	err := calls.Row().After("gorm:row").Register("plan:statement", func(db *gorm.DB) {
		if text := db.Statement.SQL.String(); strings.Contains(text, "FROM tallies") {
			sql, args = text, db.Statement.Vars
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p.board(t, benchPast)
	if sql == "" {
		t.Fatal("the board read no tallies")
	}
	return sql, args
}

func planOf(tx *gorm.DB, sql string, args []any) (string, error) {
	var lines []struct{ Detail string }
	err := tx.Raw("EXPLAIN QUERY PLAN "+sql, args...).Scan(&lines).Error
	var plan strings.Builder
	for _, line := range lines {
		plan.WriteString(line.Detail + "\n")
	}
	return plan.String(), err
}
