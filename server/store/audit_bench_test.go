package store_test

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// The benchmarks of the audit log print tables: small writes by opened stores, as
// by so many processes, with the log in so many strands and without it. The ways
// are measured in turn, round by round, so that the machine's moods hit all
// alike.
const (
	auditWriters = 8 // of each store
	auditRounds  = 7
	auditRound   = time.Second
	// auditDelay is what an answer takes longer from a database on another machine.
	auditDelay = time.Millisecond
)

// auditWay is a way to keep the log: the strands to choose from, 0 for no log.
type auditWay struct {
	name    string
	strands int
	write   func(tx *gorm.DB, user models.User) error
}

func unlogged(tx *gorm.DB, user models.User) error { return tx.Create(&user).Error }

func logged(tx *gorm.DB, user models.User) error {
	if err := tx.Create(&user).Error; err != nil {
		return err
	}
	return store.Record(tx, entryOf(user))
}

func entryOf(user models.User) models.AuditEntry {
	return models.AuditEntry{At: user.CreatedAt, UserName: "王某", Behalf: "山东省人民政府办公厅", Via: "browser", Address: "10.0.0.7", Action: "create",
		Object: "user", ObjectID: user.ID, Changes: store.Changes(nil, user), Detail: "{}"}
}

// skipping does what the store does to chain an entry, but takes whichever strand
// nobody holds.
func skipping(tx *gorm.DB, user models.User) error {
	if err := tx.Create(&user).Error; err != nil {
		return err
	}
	var end models.AuditStrand
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}).Limit(1).Find(&end).Error; err != nil {
		return err
	}
	entry := entryOf(user)
	entry.Strand, entry.Seq = end.Strand, end.Seq+1
	entry.Hash = store.HashEntry(end.Hash, entry)
	if err := tx.Create(&entry).Error; err != nil {
		return err
	}
	return tx.Model(&models.AuditStrand{}).Where("strand = ?", end.Strand).Updates(map[string]any{"seq": entry.Seq, "hash": entry.Hash}).Error
}

var mariadbWays = []auditWay{
	{"no log", 0, unlogged}, {"1 strand", 1, logged}, {"4 strands", 4, logged}, {"16 strands", store.AuditStrands, logged},
	{"16, SKIP LOCKED", store.AuditStrands, skipping},
}

func BenchmarkAuditMariaDB(b *testing.B) {
	config := store.Config{URL: storetest.MySQLURL(b)}
	benchmarkAudit(b, "MariaDB on the same machine", mariadbWays, storetest.Open(b, config), storetest.Open(b, config))
}

// BenchmarkAuditMariaDBAfar has the database on another machine: what a write
// holds is held while statements travel.
func BenchmarkAuditMariaDBAfar(b *testing.B) {
	address, err := url.Parse(storetest.MySQLURL(b))
	if err != nil {
		b.Fatal(err)
	}
	address.Host = delayed(b, address.Host)
	config := store.Config{URL: address.String()}
	benchmarkAudit(b, "MariaDB, each answer a millisecond later", mariadbWays, storetest.Open(b, config), storetest.Open(b, config))
}

// BenchmarkAuditSQLite has one store: there is one server to a file.
func BenchmarkAuditSQLite(b *testing.B) {
	s := storetest.Open(b, store.Config{Dir: b.TempDir()})
	benchmarkAudit(b, "SQLite", []auditWay{{"no log", 0, unlogged}, {"1 strand", 1, logged}}, s)
}

// delayed listens and passes on to the address; every answer comes late.
func delayed(b *testing.B, address string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", address)
			if err != nil {
				near.Close()
				return
			}
			go passOn(far, near, 0)
			go passOn(near, far, auditDelay)
		}
	}()
	return listener.Addr().String()
}

// passOn copies until one side closes, each piece after the delay.
func passOn(to, from net.Conn, delay time.Duration) {
	defer to.Close()
	for piece := make([]byte, 64<<10); ; {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		time.Sleep(delay)
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}

func benchmarkAudit(b *testing.B, title string, ways []auditWay, stores ...*store.Store) {
	if err := stores[0].Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	latencies, rates := make([][]time.Duration, len(ways)), make([][]float64, len(ways))
	number := 0
	for round := range auditRounds + 1 {
		for i, way := range ways {
			number++
			took := hammer(b, stores, way, number)
			if round == 0 {
				continue // to warm up
			}
			latencies[i] = append(latencies[i], took...)
			rates[i] = append(rates[i], float64(len(took))/auditRound.Seconds())
		}
	}
	printAudit(title, len(stores), ways, latencies, rates)
	begin := time.Now()
	state, err := stores[0].VerifyAudit(b.Context(), store.Fingerprint{})
	if err != nil || len(state.Breaks) != 0 || state.Entries == 0 {
		b.Fatalf("after all writes: %+v, error %v", state, err)
	}
	fmt.Printf("verified %d entries in %v\n", state.Entries, time.Since(begin).Round(time.Millisecond))
}

// hammer writes for a while and returns how long each write took.
func hammer(b *testing.B, stores []*store.Store, way auditWay, number int) []time.Duration {
	var group sync.WaitGroup
	var mu sync.Mutex
	var all []time.Duration
	until := time.Now().Add(auditRound)
	for s, opened := range stores {
		opened.SetStrands(max(1, way.strands))
		for w := range auditWriters {
			group.Go(func() {
				var took []time.Duration
				for n := 0; time.Now().Before(until); n++ {
					user := models.User{Login: fmt.Sprintf("u%d-%d-%d-%d", number, s, w, n), Name: "王某", CreatedAt: instant}
					begin := time.Now()
					if err := opened.Write(b.Context(), func(tx *gorm.DB) error { return way.write(tx, user) }); err != nil {
						b.Error(err)
						return
					}
					took = append(took, time.Since(begin))
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, took...)
			})
		}
	}
	group.Wait()
	return all
}

func printAudit(title string, stores int, ways []auditWay, latencies [][]time.Duration, rates [][]float64) {
	median := func(i int) float64 {
		slices.Sort(rates[i])
		return rates[i][len(rates[i])/2]
	}
	fmt.Printf("\n%s: small writes by %d × %d writers\n", title, stores, auditWriters)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "way\ttx/s\tof no log\tof 1 strand\tp50\tp99")
	for i, way := range ways {
		slices.Sort(latencies[i])
		at := func(share float64) time.Duration {
			return latencies[i][int(share*float64(len(latencies[i])-1))].Round(10 * time.Microsecond)
		}
		fmt.Fprintf(table, "%s\t%.0f\t%.2f\t%.2f\t%v\t%v\n", way.name, median(i), median(i)/median(0), median(i)/median(1), at(0.5), at(0.99))
	}
	table.Flush()
}
