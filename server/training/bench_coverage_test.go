package training_test

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// The province of the benchmarks: 17 cities, each with as many counties as there
// are people for, twenty in a county. One policy demands one rotation.
const (
	benchCities  = 17
	benchStaff   = 20
	benchRepeats = 7
)

// BenchmarkCoverageSQLite measures what the pages of coverage ask for, at several
// numbers of people on the roster.
func BenchmarkCoverageSQLite(b *testing.B) {
	benchmarkCoverage(b, storetest.SQLite, 1_000, 10_000, 100_000)
}

// BenchmarkCoverageMariaDB measures the same on MariaDB.
func BenchmarkCoverageMariaDB(b *testing.B) {
	benchmarkCoverage(b, storetest.MySQL, 1_000, 10_000, 100_000)
}

func benchmarkCoverage(b *testing.B, open func(testing.TB) *store.Store, sizes ...int) {
	// Some of these are slow enough to fill the table with warnings.
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "people\tcoverage\tfirst of left\tnewcomers\tprogress\tby class\tcodes\tstatistics\ta city's page\tmade in\t")
	dialect := ""
	for _, people := range sizes {
		begin := time.Now()
		w := newBenchRoster(b, open(b), people)
		dialect = w.store.Dialect()
		made := time.Since(begin)
		province, city := w.table(b, "990000"), w.table(b, "990100")
		fmt.Fprintf(table, "%d\t", people)
		for _, f := range []func() error{
			func() error { w.table(b, "990000"); return nil },
			func() error { _, err := w.desk.Left(b.Context(), province, training.LeftQuery{Limit: 8}); return err },
			func() error {
				_, err := w.desk.CountLeft(b.Context(), province, training.LeftFilter{Newcomers: true})
				return err
			},
			func() error { _, err := w.desk.Progress(b.Context(), province); return err },
			func() error { _, err := w.ledger.RotationClasses(b.Context(), province); return err },
			func() error { _, err := w.desk.LeftCodes(b.Context(), province, 1000); return err },
			func() error {
				_, err := w.desk.Statistics(b.Context(), training.StatisticsQuery{Unit: province.Unit, Year: 2018, AsOf: province.AsOf})
				return err
			},
			func() error {
				w.table(b, "990100")
				if _, err := w.desk.Left(b.Context(), city, training.LeftQuery{Limit: 8}); err != nil {
					return err
				}
				_, err := w.desk.Progress(b.Context(), city)
				return err
			},
		} {
			fmt.Fprintf(table, "%v\t", median(b, f))
		}
		fmt.Fprintf(table, "%v\t\n", made.Round(time.Second))
	}
	fmt.Printf("%s, %d CPUs: the pages of coverage\n", dialect, runtime.NumCPU())
	table.Flush()
	b.ReportMetric(0, "ns/op")
}

// median returns how long a thing takes.
func median(b *testing.B, f func() error) time.Duration {
	b.Helper()
	var took []time.Duration
	for range benchRepeats {
		begin := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return took[len(took)/2].Round(100 * time.Microsecond)
}

// benchRoster is a province of people.
type benchRoster struct {
	store  *store.Store
	ledger *compliance.Ledger
	desk   *training.Desk
	actor  compliance.Actor
	now    time.Time
}

const coveragePack = `id: bench-2099
short: be2099
number: 试〔2099〕1号
title: {zh: 试验, en: Trial}
issuer: 试验单位
region: "990000"
published: 2017-01-01
effective: {from: 2017-01-01}
obligations:
  - id: be2099.rotation
    clause: 一
    title: {zh: 轮训, en: Rotation}
    counts: {zh: 轮训, en: Rotation}
    kind: rotation
    who: {kinds: [county]}
    require: {from: 2017-01-01, until: 2018-12-31}
    points: "1"
`

func newBenchRoster(b *testing.B, s *store.Store, people int) *benchRoster {
	b.Helper()
	w := &benchRoster{store: s, now: time.Date(2018, time.October, 15, 2, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.now }
	access, err := rbac.Load()
	check(b, err)
	cal, err := seeds.Calendar()
	check(b, err)
	directory, err := organization.New(s, access, now)
	check(b, err)
	w.ledger = compliance.New(s, cal, now)
	w.desk = training.New(s, w.ledger, testKey, now)
	w.actor = compliance.Actor{Access: access.Access(rbac.Grant{Role: models.Administrator, Path: "/"})}
	counties := people / benchStaff
	opened := calendar.NewDate(2000, 1, 1)
	units := []organization.NewUnit{{Code: "990000", Name: "某省", Kind: models.Province, OpenedOn: opened}}
	for i := range benchCities {
		units = append(units, organization.NewUnit{Code: fmt.Sprintf("99%02d00", i+1), Name: fmt.Sprint("市", i), Kind: models.City, Parent: "990000", OpenedOn: opened})
	}
	for i := range counties {
		units = append(units, organization.NewUnit{Code: fmt.Sprintf("99%02d00-%d", i%benchCities+1, i), Name: fmt.Sprint("县", i), Kind: models.County, Class: string(rune('A' + i%3)),
			Parent: fmt.Sprintf("99%02d00", i%benchCities+1), OpenedOn: opened})
	}
	check(b, s.Write(b.Context(), func(tx *gorm.DB) error { return directory.PutUnits(tx, nil, rbac.Everywhere, models.Always, units) }))
	check(b, w.ledger.LoadPolicy(b.Context(), w.actor, []byte(coveragePack)))
	_, err = w.ledger.Activate(b.Context(), w.actor, "bench-2099", 2017)
	check(b, err)
	w.fill(b, people)
	return w
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// fill adds the people, two sessions a month, and their attendances: two thirds
// are trained in the window, half of all were before it, a fifth came inside it.
func (w *benchRoster) fill(b *testing.B, people int) {
	b.Helper()
	var counties []models.Unit
	check(b, w.store.Read(b.Context()).Where("kind = ?", models.County).Order("id").Find(&counties).Error)
	known, at := calendar.NewDate(2018, 10, 15), store.Instant(w.now)
	begin := calendar.NewDate(2014, 1, 1)
	course := models.Course{UnitID: counties[0].ID, Code: "K1", Title: "课程", Minutes: 90}
	var sessions []models.TrainingSession
	check(b, w.store.Write(b.Context(), func(tx *gorm.DB) error {
		if err := tx.Create(&course).Error; err != nil {
			return err
		}
		for i := range 114 {
			on := begin + calendar.Date(i*15)
			sessions = append(sessions, models.TrainingSession{CourseID: course.ID, UnitID: course.UnitID, Code: fmt.Sprint("T", i), Kind: models.ClassSession, StartOn: on, EndOn: on,
				Capacity: people, Status: models.SessionHeld})
		}
		return tx.CreateInBatches(&sessions, 100).Error
	}))
	for first := 0; first < people; first += 2000 {
		check(b, w.store.Write(b.Context(), func(tx *gorm.DB) error {
			return w.fillSome(tx, first, min(first+2000, people), counties, sessions, known, at)
		}))
	}
	ids := make([]uint64, len(counties))
	for i, county := range counties {
		ids[i] = county.ID
	}
	for chunk := range slices.Chunk(ids, 500) {
		check(b, w.store.Write(b.Context(), func(tx *gorm.DB) error { return w.ledger.JudgeRotations(tx, w.now, chunk) }))
	}
}

func (w *benchRoster) fillSome(tx *gorm.DB, first, end int, counties []models.Unit, sessions []models.TrainingSession, known calendar.Date, at time.Time) error {
	var list []models.Person
	for i := first; i < end; i++ {
		list = append(list, models.Person{Name: fmt.Sprint("员", i), CreatedAt: at})
	}
	if err := tx.CreateInBatches(&list, 200).Error; err != nil {
		return err
	}
	var postings []models.Posting
	var held []models.Attendance
	for k, person := range list {
		i := first + k
		county := counties[i/benchStaff%len(counties)]
		start := calendar.NewDate(2010, 1, 1) + calendar.Date(i%900)
		if i%5 == 0 {
			start = calendar.NewDate(2017, 1, 2) + calendar.Date(i*7%600)
		}
		postings = append(postings, models.Posting{PersonID: person.ID, UnitID: county.ID, Post: "科员", StartOn: start, KnownOn: known, KnownUntil: models.Forever, RecordedAt: at})
		attend := func(session models.TrainingSession) {
			held = append(held, models.Attendance{SessionID: session.ID, PersonID: person.ID, UnitID: county.ID, On: session.EndOn, Present: true, Source: models.AttendanceByImport,
				KnownOn: known, KnownUntil: models.Forever, RecordedAt: at})
		}
		if i%2 == 0 {
			attend(sessions[i*11%72])
		}
		if i%3 > 0 {
			attend(sessions[73+i*13%41])
		}
	}
	if err := tx.CreateInBatches(&postings, 200).Error; err != nil {
		return err
	}
	return tx.CreateInBatches(&held, 200).Error
}

func (w *benchRoster) table(b *testing.B, unit string) *compliance.RotationTable {
	b.Helper()
	var row models.Unit
	check(b, w.store.Read(b.Context()).Where("code = ?", unit).Take(&row).Error)
	table, err := w.desk.Coverage(b.Context(), compliance.RotationQuery{Unit: row, Policy: "bench-2099", AsOf: calendar.NewDate(2018, 10, 15)})
	check(b, err)
	return table
}
