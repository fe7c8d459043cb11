package search_test

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
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
	"sundial/server/search"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// BenchmarkSearchSQLite measures what the field of the header asks for while somebody
// types, in a province of units with two people each.
func BenchmarkSearchSQLite(b *testing.B) { benchmarkSearch(b, storetest.SQLite) }

// BenchmarkSearchMariaDB measures the same on MariaDB.
func BenchmarkSearchMariaDB(b *testing.B) { benchmarkSearch(b, storetest.MySQL) }

// benchTexts are what is typed: beginnings that an index serves, what nearly every name
// has, what a few have inside, and what nobody has.
var benchTexts = []string{"9900120", "市0012", "局", "财政局 12", "王", "人99", "轮训", "无此名称"}

func benchmarkSearch(b *testing.B, open func(testing.TB) *store.Store) {
	log := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(log) })
	roles, err := rbac.Load()
	must(b, err)
	cal, err := seeds.Calendar()
	must(b, err)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "units\tsees\t")
	for _, text := range benchTexts {
		fmt.Fprintf(table, "%s\t", text)
	}
	fmt.Fprintln(table, "made in\t")
	dialect := ""
	for _, units := range []int{1_000, 100_000} {
		s := open(b)
		dialect = s.Dialect()
		now := func() time.Time { return time.Date(2025, time.October, 15, 10, 0, 0, 0, time.UTC) }
		directory, err := organization.New(s, roles, now)
		must(b, err)
		begin := time.Now()
		must(b, fillProvince(b, s, units))
		made := time.Since(begin)
		desk := search.New(s, compliance.New(s, cal, now), directory)
		for _, sees := range []string{"/1/", "/1/2/", "/1/2/15/"} {
			actor := compliance.Actor{Access: roles.Access(rbac.Grant{Role: models.Supervisor, Path: sees})}
			fmt.Fprintf(table, "%d\t%s\t", units, sees)
			for i, text := range benchTexts {
				took := bestOf(b, func() error {
					_, err := desk.Find(b.Context(), search.Query{Actor: actor, Text: text, Limit: 8})
					return err
				})
				if units == 100_000 && sees == "/1/" {
					b.ReportMetric(float64(took.Milliseconds()), fmt.Sprintf("ms/%d", i))
				}
				fmt.Fprintf(table, "%v\t", took.Round(100*time.Microsecond))
			}
			fmt.Fprintf(table, "%v\t\n", made.Round(time.Second))
		}
	}
	fmt.Printf("\nSearch on %s, %d CPUs\n", dialect, runtime.NumCPU())
	table.Flush()
	b.ReportMetric(0, "ns/op")
}

// fillProvince inserts a province, 13 cities and their counties, and departments below
// the counties, each with two people on its roster.
func fillProvince(b *testing.B, s *store.Store, units int) error {
	const cities, counties = 13, 104
	opened := calendar.NewDate(2000, time.January, 1)
	first := calendar.NewDate(2025, time.January, 1)
	surnames := []rune("王李张刘陈杨赵黄周吴")
	return s.Write(b.Context(), func(tx *gorm.DB) error {
		var rows []models.Unit
		var people []models.Person
		var postings []models.Posting
		paths := map[uint64]string{}
		flush := func(all bool) error {
			if len(rows) == 0 || len(rows) < 50 && !all {
				return nil
			}
			for _, list := range []any{&rows, &people, &postings} {
				if err := tx.Create(list).Error; err != nil {
					return err
				}
			}
			rows, people, postings = rows[:0], people[:0], postings[:0]
			return nil
		}
		for i := range units {
			id := uint64(i + 1)
			row := models.Unit{ID: id, Code: fmt.Sprintf("99%05d", i), Kind: models.Department, Class: "B", Position: i, OpenedOn: opened}
			var above uint64
			switch {
			case i == 0:
				row.Name, row.Kind = "样例省", models.Province
			case i <= cities:
				above, row.Name, row.Kind = 1, fmt.Sprintf("样例市%05d", i), models.City
			case i <= cities+counties:
				above, row.Name, row.Kind = uint64(2+(i-cities-1)%cities), fmt.Sprintf("样例县%05d", i), models.County
			default:
				above, row.Name = uint64(2+cities+(i-cities-counties-1)%counties), fmt.Sprintf("样例县财政局%05d", i)
			}
			row.NameEN = fmt.Sprintf("Sample Unit %05d", i)
			if above != 0 {
				row.ParentID = &above
			}
			row.Path = models.ChildPath(paths[above], id)
			if above == 0 || i <= cities+counties {
				paths[id] = row.Path
			}
			rows = append(rows, row)
			for j := range 2 {
				person := uint64(2*i + j + 1)
				people = append(people, models.Person{ID: person, Name: fmt.Sprintf("%c人%05d", surnames[person%10], person), CreatedAt: first.Time()})
				postings = append(postings, models.Posting{ID: person, PersonID: person, UnitID: id, StartOn: first, KnownOn: first, KnownUntil: models.Forever, RecordedAt: first.Time()})
			}
			if err := flush(false); err != nil {
				return err
			}
		}
		return flush(true)
	})
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// bestOf is the shortest of three runs.
func bestOf(b *testing.B, f func() error) time.Duration {
	b.Helper()
	best := time.Hour
	for range 3 {
		begin := time.Now()
		must(b, f())
		best = min(best, time.Since(begin))
	}
	return best
}
