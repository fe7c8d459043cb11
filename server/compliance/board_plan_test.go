package compliance_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/server/store/storetest"
)

// TestBoardPlan holds SQLite to the primary key of the tallies, whatever it knows
// of their size: read in any other order, a board costs what the whole table
// costs.
func TestBoardPlan(t *testing.T) {
	s := storetest.SQLite(t)
	p := newBenchProvince(t, s, 200)
	statement, args := p.boardStatement(t)
	want := []string{
		"SEARCH t USING INDEX sqlite_autoindex_tallies_1 (unit_id=? AND year=? AND obligation_id=? AND known_day=?)",
		"SEARCH k USING COVERING INDEX sqlite_autoindex_tallies_1 (unit_id=? AND year=? AND obligation_id=? AND known_day<?)",
	}
	// Skewed: nearly all rows belong to one unit and year, so that the key's first
	// columns seem to choose nothing; then to one cell.
	const skew = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)" +
		" INSERT INTO tallies (unit_id, year, obligation_id, known_day, open_due) SELECT 1, %d, %s, '' FROM n"
	for _, step := range []struct {
		name       string
		statements []string
	}{
		{"not analysed", nil},
		{"analysed", []string{"ANALYZE"}},
		{"analysed when skewed to a unit", []string{fmt.Sprintf(skew, benchYear, "1000 + i, 739000"), "ANALYZE"}},
		{"analysed when skewed to a cell", []string{fmt.Sprintf(skew, benchYear, "1, 700000 + i"), "ANALYZE"}},
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
			// The obligations, a few dozen, may be read all.
			for _, table := range []string{"t", "k", "u"} {
				if strings.Contains(plan, "SCAN "+table) {
					t.Errorf("%s: the plan reads all of %s:\n%s", step.name, table, plan)
				}
			}
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
	}
}

// TestBoardPlanMariaDB holds MariaDB to the order in which the statement names
// the tables, and to one tally for each cell.
func TestBoardPlanMariaDB(t *testing.T) {
	s := storetest.MySQL(t)
	p := newBenchProvince(t, s, 1000)
	statement, args := p.boardStatement(t)
	for _, analyse := range []bool{false, true} {
		if analyse {
			if err := s.Read(t.Context()).Exec("ANALYZE TABLE units, obligations, tallies").Error; err != nil {
				t.Fatal(err)
			}
		}
		var lines []struct{ Table, Type string }
		if err := s.Read(t.Context()).Raw("EXPLAIN "+statement, args...).Scan(&lines).Error; err != nil {
			t.Fatal(err)
		}
		plan := fmt.Sprint(lines)
		if want := "{t eq_ref} {k ref}]"; !strings.HasSuffix(plan, want) {
			t.Errorf("analysed %t: the plan is %s, want one that ends in %s", analyse, plan, want)
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
