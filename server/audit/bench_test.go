package audit_test

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/audit"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// bigLog is a log of many entries, ten to a minute, about two provinces of 1,100
// units each. Cities have six units: that of unit 2 is as busy as all, that of
// unit 1102 has been silent for the newer half. One action in a thousand is rare.
type bigLog struct {
	*audit.Log
	store   *store.Store
	table   *rbac.Table
	entries int
}

func newBigLog(tb testing.TB, s *store.Store, entries int) *bigLog {
	tb.Helper()
	table, err := rbac.Load()
	if err != nil {
		tb.Fatal(err)
	}
	err = s.Write(tb.Context(), func(tx *gorm.DB) error {
		var units []models.Unit
		for id := uint64(1); id <= 2200; id++ {
			units = append(units, bigUnit(id))
		}
		if err := tx.CreateInBatches(units, 200).Error; err != nil {
			return err
		}
		for id := uint64(1); id <= 40; id++ {
			if err := tx.Create(&models.User{ID: id, Login: fmt.Sprint("login", id)}).Error; err != nil {
				return err
			}
		}
		return fillLog(tx, entries)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return &bigLog{audit.New(s), s, table, entries}
}

// bigUnit is a province, one of its cities, or a unit below one.
func bigUnit(id uint64) models.Unit {
	province := (id-1)/1100*1100 + 1
	unit := models.Unit{ID: id, Code: fmt.Sprint(id), Path: models.ChildPath("", province)}
	city := id - (id-province-1)%6
	switch id {
	case province:
	case city:
		unit.ParentID, unit.Path = &province, models.ChildPath(unit.Path, id)
	default:
		unit.ParentID, unit.Path = &city, models.ChildPath(models.ChildPath(unit.Path, city), id)
	}
	return unit
}

// fillLog adds entries that are in no chain, ten thousand at a time, a hundred of
// each instant.
func fillLog(tx *gorm.DB, entries int) error {
	const digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5" +
		" UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	const number = "(a.d + 10 * b.d + 100 * t.k)"
	const statement = "INSERT INTO audit_entries (strand, seq, at, user_id, user_name, behalf, via, address, action, object, object_id, unit_id, changes, detail, hash)" +
		" SELECT {n} % 16, 1 + ({n} + ?) / 16, t.at, 1 + {n} % 40, '王某', '', 'browser', '10.0.0.7', CASE WHEN {n} % 1000 = 7 THEN 'rare' ELSE 'file' END," +
		" 'report', {n} + ?, {unit}, ?, '{}', '' FROM " + digit + " a CROSS JOIN " + digit + " b CROSS JOIN ({instants}) t"
	for first := 0; first < entries; first += 10_000 {
		unit := fmt.Sprintf("(1 + ({n} + %d) * 7 %% 2200)", first)
		if first >= entries/2 {
			unit = "CASE WHEN " + unit + " BETWEEN 1102 AND 1107 THEN 1101 ELSE " + unit + " END"
		}
		instants := make([]string, 100)
		args := []any{first, first, strings.Repeat("x", 300)}
		for k := range instants {
			instants[k] = fmt.Sprintf("SELECT ? AS at, %d AS k", k)
			args = append(args, midnight.Add(time.Duration(first+100*k)*6*time.Second))
		}
		sql := strings.NewReplacer("{instants}", strings.Join(instants, " UNION ALL "), "{n}", number).Replace(strings.ReplaceAll(statement, "{unit}", unit))
		if err := tx.Exec(sql, args...).Error; err != nil {
			return err
		}
	}
	return nil
}

// queries are pages as people ask for them, each with the index that it must go by.
func (l *bigLog) queries() []bigQuery {
	province := rbac.Grant{Role: models.Supervisor, Path: "/1/"}
	admin := l.table.Access(rbac.Grant{Role: models.Administrator, Path: "/1/"}, rbac.Grant{Role: models.Administrator, Path: "/1101/"})
	city := func(id uint64) *models.Unit {
		unit := bigUnit(id)
		return &unit
	}
	middle := calendar.DateOf(midnight.Add(time.Duration(l.entries) * 3 * time.Second))
	return []bigQuery{
		{"all of it", audit.Query{Access: admin}, "at"},
		{"all until its middle", audit.Query{Access: admin, To: middle}, "at"},
		{"a province's", audit.Query{Access: l.table.Access(province)}, "at"},
		{"a city's", audit.Query{Access: l.table.Access(province), Unit: city(2)}, "unit"},
		{"a silent city's", audit.Query{Access: admin, Unit: city(1102)}, "unit"},
		{"a reporter's unit's", audit.Query{Access: l.table.Access(rbac.Grant{Role: models.Reporter, Path: bigUnit(3).Path})}, "unit"},
		{"a rare action", audit.Query{Access: admin, Action: "rare"}, "action"},
		{"one user's", audit.Query{Access: admin, User: "17"}, "user"},
		{"one report's", audit.Query{Access: admin, Object: "report", ID: 77}, "object"},
	}
}

type bigQuery struct {
	name  string
	query audit.Query
	index string
}

// TestPlans holds both databases to the indexes of the log, once they know how
// many entries there are and, on SQLite, also before.
func TestPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newBigLog(t, s, 20_000)
		check := func(name string) {
			for _, q := range l.queries() {
				keys, err := l.Keys(t.Context(), q.query)
				if err != nil {
					t.Fatal(err)
				}
				plan := planOf(t, s, keys)
				if !strings.Contains(plan, "idx_audit_entries_"+q.index) || strings.Contains(plan, "SCAN u") {
					t.Errorf("%s, %s: the plan does not go by the index %s:\n%s", name, q.name, q.index, plan)
				}
			}
		}
		if s.Dialect() == store.SQLite {
			check("not analysed")
		}
		analyse := map[string]string{store.SQLite: "ANALYZE", store.MySQL: "ANALYZE TABLE audit_entries, units"}[s.Dialect()]
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			var ignored []map[string]any
			return tx.Raw(analyse).Scan(&ignored).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		check("analysed")
	})
}

func planOf(t *testing.T, s *store.Store, keys *gorm.DB) string {
	t.Helper()
	explain := map[string]string{store.SQLite: "EXPLAIN QUERY PLAN ", store.MySQL: "EXPLAIN "}[s.Dialect()]
	statement := s.Read(t.Context()).ToSQL(func(*gorm.DB) *gorm.DB {
		var found []map[string]any
		return keys.Session(&gorm.Session{DryRun: true}).Find(&found)
	})
	var lines []map[string]any
	if err := s.Read(t.Context()).Raw(explain + statement).Scan(&lines).Error; err != nil {
		t.Fatalf("%v in %s", err, statement)
	}
	var plan strings.Builder
	for _, line := range lines {
		fmt.Fprintln(&plan, line["detail"], line["table"], line["type"], line["key"], line["rows"], line["Extra"])
	}
	return plan.String()
}

// The benchmarks print how long pages take on a log of a million entries.

func BenchmarkLogSQLite(b *testing.B)  { benchmarkLog(b, storetest.SQLite(b)) }
func BenchmarkLogMariaDB(b *testing.B) { benchmarkLog(b, storetest.MySQL(b)) }

func benchmarkLog(b *testing.B, s *store.Store) {
	const entries, rounds = 1_000_000, 15
	// Filling the log is slow and would fill the table with warnings.
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(logger) })
	l := newBigLog(b, s, entries)
	fmt.Printf("\n%s: pages of %d entries out of %d\n", s.Dialect(), audit.DefaultLimit, entries)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "page\tentries\tp50\tslowest")
	for _, q := range l.queries() {
		var took []time.Duration
		var found int
		for range rounds {
			begin := time.Now()
			page, err := l.Entries(b.Context(), q.query)
			if err != nil {
				b.Fatal(err)
			}
			took, found = append(took, time.Since(begin)), len(page.Items)
		}
		slices.Sort(took)
		fmt.Fprintf(table, "%s\t%d\t%v\t%v\n", q.name, found, took[rounds/2].Round(10*time.Microsecond), took[rounds-1].Round(10*time.Microsecond))
	}
	table.Flush()
}
