package training_test

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// BenchmarkRotaSQLite measures a proposal for a province as the page asks for it,
// and its application: everybody is left, in 2,000 units of ten, and 200 sessions
// have seats for all, for just fewer, for two thirds, or there are none.
func BenchmarkRotaSQLite(b *testing.B) { benchmarkRota(b, storetest.SQLite) }

// BenchmarkRotaMariaDB measures the same on MariaDB.
func BenchmarkRotaMariaDB(b *testing.B) { benchmarkRota(b, storetest.MySQL) }

const (
	rotaPeople   = 20_000
	rotaSessions = 200
)

func benchmarkRota(b *testing.B, open func(testing.TB) *store.Store) {
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	w := newBenchRoster(b, open(b), rotaPeople)
	check(b, w.store.Write(b.Context(), func(tx *gorm.DB) error { return tx.Exec("DELETE FROM attendances").Error }))
	roles, err := rbac.Load()
	check(b, err)
	w.actor.Access = roles.Access(rbac.Grant{Role: models.Coordinator, Path: "/"})
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Printf("%s, %d CPUs: proposals for %d people and %d sessions\n", w.store.Dialect(), runtime.NumCPU(), rotaPeople, rotaSessions)
	fmt.Fprintln(table, "seats\tproposed\tleft\tmore sessions\tproven\tpropose\tapply\tpeak MiB\t")
	for _, seats := range []int{0, 66, 100, 130} {
		w.lessons(b, seats)
		unit := w.table(b, "990000").Unit
		request := training.PlanRequest{Policy: "bench-2099", Share: training.DefaultShare, Seats: training.DefaultSeats}
		runtime.GC()
		peak := watchMemory(b)
		begin := time.Now()
		p, err := w.desk.Propose(b.Context(), w.actor, unit, request, nil)
		check(b, err)
		took, most, extra, applied := time.Since(begin), peak(), 0, time.Duration(0)
		if p.Extra != nil {
			extra = p.Extra.Sessions
		}
		if seats == 130 {
			begin = time.Now()
			outcomes, err := w.desk.Apply(b.Context(), w.actor, p, nil)
			check(b, err)
			applied = time.Since(begin)
			if sum := training.Sum(outcomes); sum.Seated != p.Proposed {
				b.Errorf("%+v of %d", sum, p.Proposed)
			}
		}
		fmt.Fprintf(table, "%d%%\t%d\t%d\t%d\t%v\t%v\t%v\t%d\t\n", seats, p.Proposed, len(p.Left), extra, p.Best, short(took), short(applied), most>>20)
		b.ReportMetric(float64(took.Nanoseconds()), fmt.Sprintf("ns/%d%%", seats))
		b.ReportMetric(float64(most>>20), fmt.Sprintf("peak-MiB/%d%%", seats))
	}
	table.Flush()
	b.ReportMetric(0, "ns/op")
}

// lessons replaces the sessions to come by 200 on the working days of what is left
// of the window, with seats for so many percent of all people.
func (w *benchRoster) lessons(b *testing.B, percent int) {
	b.Helper()
	check(b, w.store.Write(b.Context(), func(tx *gorm.DB) error {
		var course models.Course
		var province models.Unit
		var cities []models.Unit
		for _, err := range []error{tx.Where("start_on > ?", w.today()).Delete(&models.TrainingSession{}).Error, tx.Take(&course).Error,
			tx.Where("code = ?", "990000").Take(&province).Error, tx.Where("kind = ?", models.City).Order("id").Find(&cities).Error} {
			if err != nil {
				return err
			}
		}
		var rows []models.TrainingSession
		for i := range rotaSessions {
			on := w.today() + 1 + calendar.Date(i*70/rotaSessions)
			s := models.TrainingSession{CourseID: course.ID, UnitID: province.ID, Code: fmt.Sprintf("R%d-%d", percent, i), Kind: models.ClassSession, StartOn: on, EndOn: on,
				StartMinute: 540, EndMinute: 1020, Capacity: rotaPeople * percent / 100 / rotaSessions, Status: models.SessionOpen, RegionID: &cities[i%len(cities)].ID}
			if i%4 == 0 {
				s.EndOn++
			}
			rows = append(rows, s)
		}
		return tx.CreateInBatches(rows, 100).Error
	}))
}

func (w *benchRoster) today() calendar.Date { return w.desk.Today() }

// watchMemory looks at the memory of the process every few milliseconds; the
// function that it returns stops and tells the most that was in use.
func watchMemory(tb testing.TB) func() uint64 {
	tb.Helper()
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	most := uint64(0)
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	return func() uint64 {
		close(done)
		group.Wait()
		return most
	}
}
