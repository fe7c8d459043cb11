package exchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
)

const benchRows = 100_000

// benchTable has ten columns.
var benchTable = Table{Name: Text{"花名册", "Roster"}, Columns: append(append([]Column{}, sample.Columns...),
	Column{Key: "unit", Heading: Text{"单位", "Unit"}}, Column{Key: "post", Heading: Text{"职务", "Post"}}, Column{Key: "remark", Heading: Text{"说明", "Remark"}})}

// BenchmarkExchange writes and reads 100,000 rows of ten columns, and reports
// the most memory that this takes, over what there was before.
func BenchmarkExchange(b *testing.B) {
	for _, format := range []Format{XLSX, CSV} {
		name := filepath.Join(b.TempDir(), "bench."+string(format))
		b.Run("write-"+string(format), func(b *testing.B) {
			b.ReportMetric(peak(func() {
				for range b.N {
					writeBench(b, name, format)
				}
			}), "peak-MB")
		})
		b.Run("read-"+string(format), func(b *testing.B) {
			writeBench(b, name, format)
			b.ResetTimer()
			b.ReportMetric(peak(func() {
				for range b.N {
					readBench(b, name)
				}
			}), "peak-MB")
		})
	}
}

func writeBench(b *testing.B, name string, format Format) {
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := writeRows(file, format); err != nil {
		b.Fatal(err)
	}
}

func writeRows(out io.Writer, format Format) error {
	w, err := NewWriter(out, format, benchTable, Language{Tag: "zh-CN"})
	if err != nil {
		return err
	}
	defer w.Abort()
	first := calendar.MustParseDate("1960-01-01")
	for i := range benchRows {
		err := w.Write(fmt.Sprintf("JN%06d", i), fmt.Sprintf("王芳%d", i), first+calendar.Date(i%15_000), i%7 > 0, "online", i%40, decimal.New(int64(i%1000), -1),
			fmt.Sprintf("第%d办公室", i%500), "政务公开科科员", "")
		if err != nil {
			return err
		}
	}
	return w.Close()
}

func readBench(b *testing.B, name string) {
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	reader, err := Open(name, file, info.Size(), benchTable, DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	count := 0
	for row, err := range reader.Rows() {
		if err != nil || len(row.Faults()) > 0 {
			b.Fatal(err, row)
		}
		count++
	}
	if count != benchRows {
		b.Fatalf("%d rows", count)
	}
}

// peak returns the most megabytes of heap in use while the function runs, over
// those before.
func peak(run func()) float64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	before := memory.HeapAlloc
	var most atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			runtime.ReadMemStats(&memory)
			most.Store(max(most.Load(), memory.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	run()
	close(stop)
	<-stopped
	return float64(max(most.Load(), before)-before) / megabyte
}
