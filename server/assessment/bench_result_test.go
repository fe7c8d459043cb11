package assessment_test

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// BenchmarkResultsSQLite measures what the page of results asks for, of a round whose
// sheets have 12 marks each.
func BenchmarkResultsSQLite(b *testing.B) { benchmarkResults(b, storetest.SQLite) }

// BenchmarkResultsMariaDB measures the same on MariaDB.
func BenchmarkResultsMariaDB(b *testing.B) { benchmarkResults(b, storetest.MySQL) }

func benchmarkResults(b *testing.B, open func(testing.TB) *store.Store) {
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "sheets\tranking\tindicators\tcontributions\tmade in\t")
	var first [3]time.Duration
	dialect := ""
	for _, sheets := range []int{1_000, 10_000} {
		begin := time.Now()
		s := open(b)
		dialect = s.Dialect()
		desk, office, round := benchRound(b, s, sheets)
		made := time.Since(begin)
		var ranking *assessment.Ranking
		took := [3]time.Duration{}
		for i, f := range []func() error{
			func() (err error) { ranking, err = desk.Ranking(b.Context(), office, round.ID); return },
			func() error { _, err := desk.Indicators(b.Context(), ranking, ""); return err },
			func() error {
				_, err := desk.Contributions(b.Context(), office, round, ranking.Classes[0].Rows)
				return err
			},
		} {
			took[i] = bestOf(b, f)
		}
		if len(ranking.Classes[0].Rows) != sheets {
			b.Fatalf("%d rows, want %d", len(ranking.Classes[0].Rows), sheets)
		}
		if first[0] == 0 {
			first = took
		}
		fmt.Fprintf(table, "%d\t", sheets)
		for i := range took {
			fmt.Fprintf(table, "%s (%.1f)\t", took[i].Round(10*time.Microsecond), float64(took[i])/float64(first[i]))
		}
		fmt.Fprintf(table, "%s\t\n", made.Round(time.Second))
	}
	fmt.Println(dialect)
	table.Flush()
}

// bestOf is the shortest of five runs.
func bestOf(b *testing.B, f func() error) time.Duration {
	b.Helper()
	best := time.Hour
	for range 5 {
		begin := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(begin))
	}
	return best
}

// benchRound has a round of Shandong with so many sheets of class A, marked.
func benchRound(b *testing.B, s *store.Store, sheets int) (*assessment.Desk, compliance.Actor, models.Round) {
	b.Helper()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	now := func() time.Time { return time.Date(2017, time.December, 1, 4, 0, 0, 0, time.UTC) }
	table, err := rbac.Load()
	check(err)
	cal, err := seeds.Calendar()
	check(err)
	directory, err := organization.New(s, table, now)
	check(err)
	ledger := compliance.New(s, cal, now)
	check(seeds.Load(b.Context(), s, directory, ledger))
	desk := assessment.New(s, ledger, now)
	office := compliance.Actor{Name: "bench", Access: table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
	scheme, err := desk.AddScheme(b.Context(), office, []byte(richScheme))
	check(err)
	check(desk.FreezeScheme(b.Context(), office, scheme.ID, scheme.Version))
	round := models.Round{SchemeID: scheme.ID, UnitID: scheme.UnitID, Year: 2017, Title: "2017年度考核", Status: models.RoundAnnounced,
		AnnouncedOn: day("2017-12-01"), OpenedAt: now(), Version: 1}
	check(s.Write(b.Context(), func(tx *gorm.DB) error { return addBenchSheets(tx, &round, sheets) }))
	return desk, office, round
}

func addBenchSheets(tx *gorm.DB, round *models.Round, sheets int) error {
	if err := tx.Create(round).Error; err != nil {
		return err
	}
	var office models.Unit
	if err := tx.Take(&office, round.UnitID).Error; err != nil {
		return err
	}
	for start := 0; start < sheets; start += 100 {
		units := make([]models.Unit, 0, 100)
		for n := start; n < start+100; n++ {
			units = append(units, models.Unit{Code: fmt.Sprintf("370000-b%05d", n), Name: fmt.Sprintf("单位%05d", n), Kind: models.Department, Class: "A", ParentID: &office.ID,
				Path: fmt.Sprintf("%sb%d/", office.Path, n), OpenedOn: day("2000-01-01")})
		}
		if err := tx.CreateInBatches(units, 50).Error; err != nil {
			return err
		}
		rows := make([]models.Sheet, len(units))
		for i, unit := range units {
			score := int64(5000 + (start+i)*7919%5000)
			rows[i] = models.Sheet{RoundID: round.ID, UnitID: unit.ID, UnitName: unit.Name, Class: "A", Status: models.SheetVerified, Verified: &score, Final: &score, Version: 1}
		}
		if err := tx.CreateInBatches(rows, 50).Error; err != nil {
			return err
		}
		var marks []models.SheetMark
		for _, sheet := range rows {
			for _, in := range richMarks {
				points := int64(200_000_000)
				marks = append(marks, models.SheetMark{SheetID: sheet.ID, Indicator: in.Indicator, Points: &points, Reason: in.Reason, Version: 1})
			}
		}
		if err := tx.CreateInBatches(marks, 50).Error; err != nil {
			return err
		}
	}
	return nil
}
