package training_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/rules"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// BenchmarkImport takes workbooks of staff, and then of their attendances, over into
// a province on SQLite, as a user does: read and checked, then confirmed and taken
// over. Each unit has the duty of a rotation that is judged on the way.
func BenchmarkImport(b *testing.B) {
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Printf("\nImports on SQLite, %d CPUs; peak is that of the whole process\n", runtime.NumCPU())
	fmt.Fprintln(table, "file\trows\tunits\tread and check\ttake over\ttogether\tCPU\trows/s\tpeak MiB\tagain, all the same\t")
	perRow := map[string]float64{}
	for _, size := range []struct{ rows, units int }{{1_000, 100}, {100_000, 10_000}} {
		p := newBenchImports(b, size.units)
		for _, kind := range []models.ImportKind{models.ImportStaff, models.ImportAttendance} {
			file := p.write(b, kind, size.rows)
			first := p.carry(b, kind, file, "added", size.rows)
			again := p.carry(b, kind, file, "same", size.rows)
			whole := first.read + first.run
			fmt.Fprintf(table, "%s\t%d\t%d\t%v\t%v\t%v\t%v\t%.0f\t%d\t%v\t\n", kind, size.rows, size.units, short(first.read), short(first.run), short(whole), short(first.cpu),
				float64(size.rows)/whole.Seconds(), max(first.peak, again.peak)>>20, short(again.read+again.run))
			if before := perRow[string(kind)]; before != 0 {
				b.ReportMetric(whole.Seconds()/float64(size.rows)/before, string(kind)+"-per-row-100k/1k")
			}
			perRow[string(kind)] = whole.Seconds() / float64(size.rows)
		}
	}
	table.Flush()
	b.ReportMetric(0, "ns/op")
}

func short(d time.Duration) time.Duration { return d.Round(10 * time.Millisecond) }

// benchImports is a province with imports of its coordinator.
type benchImports struct {
	*training.Imports
	actor compliance.Actor
	units int
}

var benchToday = time.Date(2017, time.June, 1, 12, 0, 0, 0, rules.Shanghai)

const benchPack = `id: bench-2017
short: bh2017
number: 试〔2017〕1号
title: {zh: 试验, en: Trial}
issuer: 试验单位
region: "990000"
effective: {from: 2017-01-01}
obligations:
  - id: bh2017.rotation
    clause: 一
    title: {zh: 轮训, en: Rotation}
    counts: {zh: 轮训, en: Rotation}
    kind: rotation
    who: {kinds: [department]}
    require: {from: 2017-01-01, until: 2018-12-31}
    evidence: [file]
    points: "1"
`

func newBenchImports(b *testing.B, units int) *benchImports {
	s := storetest.SQLite(b)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	now := func() time.Time { return benchToday }
	cal, err := seeds.Calendar()
	must(err)
	table, err := rbac.Load()
	must(err)
	ledger := compliance.New(s, cal, now)
	desk := training.New(s, ledger, testKey, now)
	p := &benchImports{units: units, actor: compliance.Actor{Access: table.Access(rbac.Grant{Role: models.Coordinator, Path: "/"}, rbac.Grant{Role: models.Administrator, Path: "/"})}}
	p.Imports = training.NewImports(desk, func(context.Context, uint64) (compliance.Actor, error) { return p.actor, nil })
	must(s.Write(b.Context(), func(tx *gorm.DB) error {
		rows := []models.Unit{{ID: 1, Code: "990000", Name: "省", Kind: models.Province, Path: "/1/"}}
		for n := range units {
			id, parent := uint64(n+2), uint64(1)
			rows = append(rows, models.Unit{ID: id, Code: benchUnit(n), Name: "单位" + strconv.Itoa(n), Kind: models.Department, ParentID: &parent, Path: models.ChildPath("/1/", id)})
		}
		if err := tx.CreateInBatches(rows, 200).Error; err != nil {
			return err
		}
		known := make([]models.UnitChange, len(rows))
		for i, u := range rows {
			known[i] = models.UnitChange{UnitID: u.ID, KnownOn: models.Always, KnownUntil: models.Forever, Name: u.Name, Kind: u.Kind, ParentID: u.ParentID, Path: u.Path}
		}
		if err := tx.CreateInBatches(known, 200).Error; err != nil {
			return err
		}
		return tx.Create(&models.Course{UnitID: 1, Code: "K1", Title: "业务培训", Minutes: 480, Version: 1}).Error
	}))
	must(ledger.LoadPolicy(b.Context(), compliance.Actor{}, []byte(benchPack)))
	_, err = ledger.Activate(b.Context(), p.actor, "bench-2017", 2017)
	must(err)
	return p
}

func benchUnit(n int) string { return fmt.Sprintf("990000-%05d", n) }

// perSession is how many people a session of the benchmark has.
const perSession = 200

// write writes a workbook of so many people, by unit as such files are, or of their
// attendances, by session.
func (p *benchImports) write(b *testing.B, kind models.ImportKind, rows int) string {
	name := filepath.Join(b.TempDir(), string(kind)+".xlsx")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	table, _ := training.ImportTable(kind)
	writer, err := exchange.NewWriter(file, exchange.XLSX, table, exchange.Language{Tag: "zh-CN"})
	if err != nil {
		b.Fatal(err)
	}
	defer writer.Abort()
	day := calendar.MustParseDate("2017-01-02")
	for n := range rows {
		code := benchUnit(n * p.units / rows)
		name, number := "王"+string(rune('一'+n%20000)), fmt.Sprintf("N%06d", n)
		if kind == models.ImportStaff {
			err = writer.Write(code, nil, name, number, benchID(n), "科员", "full", calendar.MustParseDate("2016-01-04")+calendar.Date(n%300), nil)
		} else {
			err = writer.Write(nil, "业务培训", day+calendar.Date(n/perSession%140), "礼堂"+strconv.Itoa(n/perSession/140), code, nil, name, number, nil, true, nil, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// benchID is a number of an ID card with a right check.
func benchID(n int) string {
	digits := fmt.Sprintf("370102199001%05d", n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(digits[i]-'0')
	}
	return digits + string("10X98765432"[sum%11])
}

type importCosts struct {
	read, run, cpu time.Duration
	peak           int64
}

// carry imports the file and makes sure that all rows became what they should.
func (p *benchImports) carry(b *testing.B, kind models.ImportKind, name, become string, rows int) importCosts {
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	debug.FreeOSMemory()
	resetPeak(b)
	begin, spent := time.Now(), cpuTime(b)
	row, err := p.Receive(b.Context(), p.actor, training.ImportRequest{Unit: "990000", Kind: kind, FileName: name, CreateSessions: true}, file)
	if err == nil {
		err = p.Carry(b.Context(), row.ID)
	}
	if err != nil {
		b.Fatal(err)
	}
	costs := importCosts{read: time.Since(begin)}
	begin = time.Now()
	if err := p.Confirm(b.Context(), p.actor, row.ID, false); err != nil {
		faults, _ := p.FaultyRows(b.Context(), p.actor, row.ID, 0, 3)
		b.Fatalf("%v: %+v", err, faults)
	}
	if err := p.Carry(b.Context(), row.ID); err != nil {
		b.Fatal(err)
	}
	costs.run, costs.cpu, costs.peak = time.Since(begin), cpuTime(b)-spent, peakMemory(b)
	done, err := p.Import(b.Context(), p.actor, row.ID)
	if err != nil {
		b.Fatal(err)
	}
	if got := map[string]int{"added": done.Added, "same": done.Same}[become]; got != rows || done.Status != models.ImportDone {
		b.Fatalf("%s: %s, %d of %d rows %s, %d bad", kind, done.Status, got, rows, become, done.Bad)
	}
	return costs
}

// cpuTime returns what the process has had of the CPUs so far.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// resetPeak has the system measure the peak of the memory anew.
func resetPeak(b *testing.B) {
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Logf("the peak is that of all so far: %v", err)
	}
}

// peakMemory returns the most bytes that the process had in memory.
func peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Logf("no peak: %v", err)
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}
