package assessment_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store/storetest"
)

// benchIndicators is how many indicators the scheme of the benchmark has.
const benchIndicators = 60

// BenchmarkScoreFiles imports the scores of all units of a round on SQLite, 60 indicators
// each, and writes its score table with formulas; per unit and indicator it must not
// cost more with the number of units.
func BenchmarkScoreFiles(b *testing.B) {
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Printf("\nFiles of scores on SQLite, %d indicators, %d CPUs\n", benchIndicators, runtime.NumCPU())
	fmt.Fprintln(table, "units\trows\tcheck\timport\texport xlsx\texport csv\trows/s imported\tallocated MiB by the export\t")
	var base [2]float64
	for _, units := range []int{100, 1000} {
		desk, actor, round := newBenchRound(b, units)
		file := benchScores(round, units)
		check := timed(b, func() error { return second(desk.CheckScores(b.Context(), actor, file)) })
		load := timed(b, func() error {
			done, err := desk.ImportScores(b.Context(), actor, file, "")
			if err == nil && done.Added != units*benchIndicators {
				err = fmt.Errorf("imported %+v", done)
			}
			return err
		})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		book := timed(b, func() error { return desk.WriteScoreTable(b.Context(), actor, round, io.Discard, scoreLanguage(b)) })
		runtime.ReadMemStats(&after)
		list := timed(b, func() error { return desk.WriteScoreList(b.Context(), actor, round, io.Discard, scoreLanguage(b)) })
		rows := float64(units * benchIndicators)
		fmt.Fprintf(table, "%d\t%.0f\t%v\t%v\t%v\t%v\t%.0f\t%d\t\n", units, rows, check.Round(time.Millisecond), load.Round(time.Millisecond), book.Round(time.Millisecond), list.Round(time.Millisecond),
			rows/load.Seconds(), (after.TotalAlloc-before.TotalAlloc)>>20)
		if per := [2]float64{load.Seconds() / rows, book.Seconds() / rows}; base[0] == 0 {
			base = per
		} else {
			b.ReportMetric(per[0]/base[0], "import-per-row-1000/100")
			b.ReportMetric(per[1]/base[1], "export-per-row-1000/100")
		}
	}
	table.Flush()
	b.ReportMetric(0, "ns/op")
}

func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func benchUnit(n int) string { return fmt.Sprintf("990000-%05d", n) }

// newBenchRound opens a round of so many departments.
func newBenchRound(b *testing.B, units int) (*assessment.Desk, compliance.Actor, uint64) {
	s := storetest.SQLite(b)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	now := time.Date(2018, 1, 8, 12, 0, 0, 0, rules.Shanghai)
	cal, err := seeds.Calendar()
	must(err)
	rights, err := rbac.Load()
	must(err)
	clock := func() time.Time { return now }
	desk := assessment.New(s, compliance.New(s, cal, clock), clock)
	actor := compliance.Actor{Access: rights.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
	must(s.Write(b.Context(), func(tx *gorm.DB) error {
		rows := []models.Unit{{ID: 1, Code: "990000", Name: "省", Kind: models.Province, Path: "/1/"}}
		for n := range units {
			id, parent := uint64(n+2), uint64(1)
			rows = append(rows, models.Unit{ID: id, Code: benchUnit(n), Name: fmt.Sprint("单位", n), Kind: models.Department, Class: "A", OpenedOn: calendar.MustParseDate("2010-01-01"), ParentID: &parent, Path: models.ChildPath("/1/", id)})
		}
		return tx.CreateInBatches(rows, 200).Error
	}))
	var source strings.Builder
	source.WriteString(strings.Replace(strings.Replace(plainScheme[:strings.Index(plainScheme, "indicators:")], "370000", "990000", 1), "  - {id: B, title: {zh: 省直部门, en: Departments}, maximum: \"95\"}\n", "", 1))
	source.WriteString("indicators:\n")
	for group := range 6 {
		fmt.Fprintf(&source, "  - id: g%d\n    title: {zh: 组, en: Group}\n    children:\n", group)
		for n := range benchIndicators / 6 {
			fmt.Fprintf(&source, "      - {id: i%d-%d, title: {zh: 指标, en: Indicator}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: \"2\"}\n", group, n)
		}
	}
	source.WriteString(plainScheme[strings.Index(plainScheme, "grades:"):])
	row, err := desk.AddScheme(b.Context(), actor, []byte(source.String()))
	must(err)
	must(desk.FreezeScheme(b.Context(), actor, row.ID, row.Version))
	round, err := desk.OpenRound(b.Context(), actor, assessment.RoundInput{Scheme: row.ID, Title: "试验", SelfUntil: calendar.DateOf(now)})
	must(err)
	now = now.AddDate(0, 0, 1)
	return desk, actor, round.ID
}

// benchScores is a file with a mark of each indicator of each unit.
func benchScores(round uint64, units int) assessment.ScoreFile {
	var content bytes.Buffer
	content.WriteString(scoreHead)
	for unit := range units {
		for n := range benchIndicators {
			fmt.Fprintf(&content, "\n%s,单位%d,i%d-%d,指标,1.%d,,,栏目更新不及时", benchUnit(unit), unit, n/10, n%10, unit%10)
		}
	}
	return assessment.ScoreFile{Round: round, Side: models.OfficeSide, Name: "得分.csv", Content: content.Bytes()}
}
