package compliance_test

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// The benchmarks print tables: boards and reports on provinces of several sizes,
// measured in turn, round by round, so that the machine's moods hit all alike.

// BenchmarkSQLite measures boards and reports on SQLite.
func BenchmarkSQLite(b *testing.B) {
	benchmarkOn(b, storetest.SQLite, 1_000, 10_000, 100_000)
}

// BenchmarkMariaDB measures the same on MariaDB, where counting from the duties
// of 100,000 units would take most of the time.
func BenchmarkMariaDB(b *testing.B) {
	benchmarkOn(b, storetest.MySQL, 1_000, 10_000)
}

// benchmarkOn measures on provinces of the sizes, in units.
func benchmarkOn(b *testing.B, open func(testing.TB) *store.Store, sizes ...int) {
	// Counting from the duties is slow and would fill the table with warnings.
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	var provinces []*benchProvince
	for _, units := range sizes {
		begin := time.Now()
		p := newBenchProvince(b, open(b), units)
		fmt.Printf("\n%s: %d units, %d duties, made in %v", p.store.Dialect(), units, p.duties, time.Since(begin).Round(100*time.Millisecond))
		provinces = append(provinces, p)
	}
	b.Run("Board", func(b *testing.B) { benchmarkBoards(b, provinces) })
	b.Run("Report", func(b *testing.B) { benchmarkReports(b, provinces[1]) })
}

// benchPast is the earlier of the two days as of which boards are asked for.
var benchPast = calendar.NewDate(benchYear, time.June, 30)

const (
	boardRounds = 300
	// Every so many rounds the boards are also counted from the duties: that takes
	// seconds where a board takes milliseconds.
	groupEvery = 150
)

// benchmarkBoards compares the boards of the provinces with each other
// and with counting the same cells from the duties.
func benchmarkBoards(b *testing.B, provinces []*benchProvince) {
	costs := make([]boardCosts, len(provinces))
	for i, p := range provinces {
		p.compare(b, p.ledger.Today(), &costs[i].groupToday)
		p.compare(b, benchPast, &costs[i].groupPast)
	}
	provinces[0].rebuild(b)
	for round := 1; round <= boardRounds; round++ {
		for i, p := range provinces {
			today := p.ledger.Today()
			costs[i].today.time(func() { p.board(b, today) })
			costs[i].past.time(func() { p.board(b, benchPast) })
			if round%groupEvery == 0 {
				costs[i].groupToday.time(func() { p.countDuties(b, today) })
				costs[i].groupPast.time(func() { p.countDuties(b, benchPast) })
			}
		}
	}
	for i, p := range provinces {
		costs[i].perSecond = p.boardsPerSecond(b, 8, time.Second)
	}
	printBoards(provinces, costs)
	first, last := costs[0], costs[len(costs)-1]
	b.ReportMetric(ratio(last.today, first.today), "last/first")
	b.ReportMetric(ratio(last.groupToday, last.today), "GROUP-BY/board")
	b.ReportMetric(0, "ns/op")
}

// compare makes sure that the board says what the duties say, and notes how long
// these took to count.
func (p *benchProvince) compare(b *testing.B, asOf calendar.Date, cost *timings) {
	var counted map[benchCell]compliance.Cell
	cost.time(func() { counted = p.countDuties(b, asOf) })
	if d := diff.Diff(counted, p.cells(b, asOf)); d != "" {
		b.Fatalf("%d units as of %s: board differs from the duties (-duties +board):\n%s", p.units, asOf, d)
	}
}

// rebuild makes sure that the tallies are those that the ledger would have kept.
func (p *benchProvince) rebuild(b *testing.B) {
	before := p.tallies(b)
	if err := p.ledger.Rebuild(b.Context(), p.officer); err != nil {
		b.Fatal(err)
	}
	if d := diff.Diff(before, p.tallies(b)); d != "" {
		b.Fatalf("rebuilding changes the tallies (-before +after):\n%s", d)
	}
}

func (p *benchProvince) tallies(b *testing.B) []models.Tally {
	var rows []models.Tally
	if err := p.store.Read(b.Context()).Order("unit_id, year, obligation_id, known_day").Find(&rows).Error; err != nil {
		b.Fatal(err)
	}
	return rows
}

// boardCosts are the costs of one province.
type boardCosts struct {
	today, past, groupToday, groupPast timings
	perSecond                          float64
}

func printBoards(provinces []*benchProvince, costs []boardCosts) {
	dialect, last := provinces[0].store.Dialect(), len(provinces)-1
	fmt.Printf("\n\n%s, %d CPUs: board of a province, %d cities × %d obligations, against GROUP BY over its duties\n", dialect, runtime.NumCPU(), cities, len(benchObligations))
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "units\tas of\tboard ns/op\tp50\tp99\tGROUP BY p50\tGROUP BY/board\tboards/s by 8\t")
	for i, p := range provinces {
		for _, row := range []struct {
			asOf         calendar.Date
			board, group timings
			perSecond    string
		}{
			{p.ledger.Today(), costs[i].today, costs[i].groupToday, fmt.Sprintf("%.0f", costs[i].perSecond)},
			{benchPast, costs[i].past, costs[i].groupPast, ""},
		} {
			fmt.Fprintf(table, "%d\t%s\t%d\t%v\t%v\t%v\t%.0f\t%s\t\n", p.units, row.asOf, row.board.mean().Nanoseconds(),
				short(row.board.at(0.5)), short(row.board.at(0.99)), short(row.group.at(0.5)), ratio(row.group, row.board), row.perSecond)
		}
	}
	table.Flush()
	fmt.Printf("%s: a board at %d units costs %.2f times one at %d (wanted: at most 1.3); as of %s %.2f times\n", dialect,
		provinces[last].units, ratio(costs[last].today, costs[0].today), provinces[0].units, benchPast, ratio(costs[last].past, costs[0].past))
}

// boardsPerSecond returns how many boards several goroutines get in the time.
func (p *benchProvince) boardsPerSecond(b *testing.B, goroutines int, during time.Duration) float64 {
	counts := make([]int, goroutines)
	var all sync.WaitGroup
	begin := time.Now()
	for i := range goroutines {
		all.Go(func() {
			for ; time.Since(begin) < during && !b.Failed(); counts[i]++ {
				if _, err := p.ledger.Board(b.Context(), compliance.BoardQuery{Unit: p.root, Year: benchYear, AsOf: p.ledger.Today()}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	total := 0
	for _, count := range counts {
		total += count
	}
	return float64(total) / time.Since(begin).Seconds()
}

const reportRounds = 300

// benchmarkReports compares a report and its verification with a transaction
// that inserts one row, which is as durable.
func benchmarkReports(b *testing.B, p *benchProvince) {
	duties := p.openDuties(b, reportRounds+1)
	statements := countStatements(b, p.store)
	var file, verify, insert timings
	var filed *compliance.Receipt
	fileOne := func(duty uint64) func() {
		return func() {
			var err error
			filing := rules.Filing{On: p.ledger.Today(), Title: "目录", URL: "https://www.example.cn/directory", LateReason: "审签较晚"}
			if filed, err = p.ledger.File(b.Context(), p.reporter, duty, compliance.Submission{Filing: filing}); err != nil {
				b.Fatal(err)
			}
		}
	}
	verifyOne := func() {
		if _, err := p.ledger.Verify(b.Context(), p.officer, filed.ID, filed.Version); err != nil {
			b.Fatal(err)
		}
	}
	fileOne(duties[0])()
	inFile := statements()
	verifyOne()
	inVerify := statements()
	for _, duty := range duties[1:] {
		file.time(fileOne(duty))
		verify.time(verifyOne)
		insert.time(func() { p.insertOne(b) })
	}
	dialect := p.store.Dialect()
	fmt.Printf("\n\n%s, %d CPUs: a report at %d units, one writer\n", dialect, runtime.NumCPU(), p.units)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "write\tstatements\tp50\tp99\ttx/s\tof a bare insert\t")
	for _, row := range []struct {
		name       string
		statements int
		cost       timings
	}{{"file", inFile, file}, {"verify", inVerify, verify}, {"bare insert", 1, insert}} {
		fmt.Fprintf(table, "%s\t%d\t%v\t%v\t%.0f\t%.2f\t\n", row.name, row.statements, short(row.cost.at(0.5)), short(row.cost.at(0.99)),
			float64(time.Second)/float64(row.cost.mean()), float64(insert.mean())/float64(row.cost.mean()))
	}
	table.Flush()
	b.ReportMetric(float64(insert.mean())/float64(file.mean()), "file/insert-tx")
	b.ReportMetric(0, "ns/op")
}

func (p *benchProvince) openDuties(b *testing.B, n int) []uint64 {
	var ids []uint64
	err := p.store.Read(b.Context()).Table("duties d").Joins("JOIN obligations o ON o.id = d.obligation_id AND o.code = ?", "bh2025.directory").
		Where("d.outcome = ?", models.Open).Limit(n).Pluck("d.id", &ids).Error
	if err != nil || len(ids) < n {
		b.Fatalf("%d of %d open duties, error %v", len(ids), n, err)
	}
	return ids
}

func (p *benchProvince) insertOne(b *testing.B) {
	err := p.store.Write(b.Context(), func(tx *gorm.DB) error {
		return store.Record(tx, models.AuditEntry{At: benchNow, UserName: "bench", Action: "file", Object: "report", Detail: `{"filing":{"title":"目录"}}`})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// countStatements returns a function that returns the number of statements since
// it was last called.
func countStatements(b *testing.B, s *store.Store) func() int {
	count := 0
	err := s.Write(b.Context(), func(tx *gorm.DB) error {
		more := func(*gorm.DB) { count++ }
		calls := tx.Callback()
		return cmp.Or(calls.Create().Register("bench:count", more), calls.Query().Register("bench:count", more),
			calls.Update().Register("bench:count", more), calls.Delete().Register("bench:count", more),
			calls.Row().Register("bench:count", more), calls.Raw().Register("bench:count", more))
	})
	if err != nil {
		b.Fatal(err)
	}
	return func() int {
		since := count
		count = 0
		return since
	}
}

// timings is how long a thing took, each time.
type timings []time.Duration

func (s *timings) time(f func()) {
	begin := time.Now()
	f()
	*s = append(*s, time.Since(begin))
}

// at returns the quantile: 0.5 is the median.
func (s timings) at(quantile float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(quantile*float64(len(sorted)-1))]
}

func (s timings) mean() time.Duration {
	var sum time.Duration
	for _, d := range s {
		sum += d
	}
	return sum / time.Duration(len(s))
}

// ratio compares medians.
func ratio(a, b timings) float64 { return float64(a.at(0.5)) / float64(b.at(0.5)) }

func short(d time.Duration) time.Duration {
	switch {
	case d > 100*time.Millisecond:
		return d.Round(time.Millisecond)
	default:
		return d.Round(10 * time.Microsecond)
	}
}

// benchCell names a cell of the province's board.
type benchCell struct{ unit, obligation string }

func (p *benchProvince) board(b testing.TB, asOf calendar.Date) *compliance.Board {
	board, err := p.ledger.Board(b.Context(), compliance.BoardQuery{Unit: p.root, Year: benchYear, AsOf: asOf})
	if err != nil {
		b.Fatal(err)
	}
	return board
}

// cells returns the cells of the board, and the totals under an empty unit.
func (p *benchProvince) cells(b *testing.B, asOf calendar.Date) map[benchCell]compliance.Cell {
	board, cells := p.board(b, asOf), map[benchCell]compliance.Cell{}
	for _, row := range board.Rows {
		for _, cell := range row.Cells {
			cells[benchCell{strconv.FormatUint(row.Unit.ID, 10), cell.Obligation}] = cell
		}
	}
	for _, cell := range board.Totals {
		cells[benchCell{"", cell.Obligation}] = cell
	}
	return cells
}

// countDuties computes the cells the plain way: one GROUP BY over the duties as
// they are now or, as of an earlier day, over what was known of each then. The
// city is the second id of a unit's path.
func (p *benchProvince) countDuties(b *testing.B, asOf calendar.Date) map[benchCell]compliance.Cell {
	known, args := "d", []any(nil)
	join := ""
	if asOf < p.ledger.Today() {
		known, args = "c", []any{asOf}
		join = " JOIN duty_changes c ON c.duty_id = d.id AND c.known_on = (SELECT MAX(k.known_on) FROM duty_changes k WHERE k.duty_id = d.id AND k.known_on <= ?)"
	}
	cal, err := p.ledger.Calendar(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	soon, _ := cal.AddWorkingDays(asOf, rules.DueSoonDays+1)
	open := func(also string) string { return "SUM(k.outcome = 'open' AND " + also + ")" }
	sql := "SELECT SUBSTR(u.path, ?, INSTR(SUBSTR(u.path, ?), '/') - 1) AS city, o.code AS obligation, " +
		open("(k.provisional OR k.due_on >= ?)") + " AS pending, " + open("NOT k.provisional AND k.due_on < ?") + " AS overdue, " +
		open("NOT k.provisional AND k.due_on >= ? AND k.due_on < ?") + " AS due_soon, SUM(k.outcome = 'reported') AS reported, SUM(k.outcome = 'met') AS met, " +
		"SUM(k.outcome = 'late') AS late, SUM(k.outcome = 'exempt') AS exempt, SUM(k.outcome = 'unscheduled') AS unscheduled " +
		"FROM duties d JOIN units u ON u.id = d.unit_id JOIN obligations o ON o.id = d.obligation_id"
	sql = strings.ReplaceAll(sql, "k.", known+".") + join + " WHERE d.year <= ? AND d.until_year >= ? AND d.since <= ? GROUP BY city, o.code"
	head := len(p.root.Path) + 1
	args = slices.Concat([]any{head, head, asOf, asOf, asOf, soon}, args, []any{benchYear, benchYear, asOf})
	var rows []struct {
		City string
		compliance.Cell
	}
	if err := p.store.Read(b.Context()).Raw(sql, args...).Scan(&rows).Error; err != nil {
		b.Fatal(err)
	}
	cells := map[benchCell]compliance.Cell{}
	for _, row := range rows {
		cells[benchCell{row.City, row.Obligation}] = row.Cell
		total := cells[benchCell{"", row.Obligation}]
		sum := compliance.Sum([]compliance.Cell{total, row.Cell})
		sum.Obligation = row.Obligation
		cells[benchCell{"", row.Obligation}] = sum
	}
	return cells
}
