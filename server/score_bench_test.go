package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// benchIndicators is how many indicators the scheme of the benchmark scores a unit by.
const benchIndicators = 60

// benchScheme writes a scheme of two classes: 34 awards and 10 deductions in groups, 6
// autos, a composite of 6, 3 bonuses and a veto.
func benchScheme(tb testing.TB) string {
	tb.Helper()
	var out strings.Builder
	out.WriteString(`id: bench
title: {zh: 试行, en: Bench}
year: 2018
region: "370000"
basis: {zh: 依据, en: Basis}
appeal_days: 10
classes: [{id: A, title: {zh: 甲, en: A}}, {id: B, title: {zh: 乙, en: B}, maximum: 95}]
limits: [{id: all, title: {zh: 限, en: All}, most: 5}, {id: inner, title: {zh: 内, en: Inner}, most: 3, within: all}]
indicators:
`)
	leaf := func(indent int, id, rest string) {
		fmt.Fprintf(&out, "%s- {id: %s, title: {zh: 项, en: Item}, clause: 一, counts: {zh: 计, en: Counts}, %s}\n", strings.Repeat(" ", indent), id, rest)
	}
	for group := range 2 {
		fmt.Fprintf(&out, "  - id: group-%d\n    title: {zh: 组, en: Group}\n    children:\n", group)
		for n := range 17 {
			leaf(6, fmt.Sprintf("award-%d", group*17+n), "method: award, points: 2.5")
		}
		for n := range 5 {
			cap := []string{"own", "parent", "none", "inner", "all"}[n]
			leaf(6, fmt.Sprintf("deduct-%d", group*5+n), "method: deduct, points: 1, cap: "+cap)
		}
	}
	for n := range 6 {
		leaf(2, fmt.Sprintf("auto-%d", n), "method: auto, points: 3, obligations: [tr2017.plan], late_share: 50%")
	}
	out.WriteString("  - id: mixed\n    title: {zh: 综合, en: Mixed}\n    clause: 一\n    counts: {zh: 计, en: Counts}\n    method: composite\n    points: 20\n    sources:\n")
	for source, weight := range []string{"40%", "60%"} {
		fmt.Fprintf(&out, "      - id: source-%d\n        title: {zh: 源, en: Source}\n        weight: %s\n        children:\n", source, weight)
		for n := range 3 {
			leaf(10, fmt.Sprintf("mixed-%d", source*3+n), fmt.Sprintf("method: award, points: %d", []int{5, 5, 10}[n]))
		}
	}
	for n := range 3 {
		leaf(2, fmt.Sprintf("bonus-%d", n), "method: bonus, points: 2")
	}
	leaf(2, "veto", "method: veto, grade: fail")
	name := filepath.Join(tb.TempDir(), "scheme.yaml")
	if err := os.WriteFile(name, []byte(out.String()), 0o600); err != nil {
		tb.Fatal(err)
	}
	return name
}

// benchScores writes the scores of so many units, each with an entry for every
// indicator, in JSON, YAML or CSV.
func benchScores(tb testing.TB, format string, units int) string {
	tb.Helper()
	file, err := os.Create(filepath.Join(tb.TempDir(), fmt.Sprintf("scores-%d.%s", units, format)))
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	writeScores(out, format, units)
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := file.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Name()
}

func writeScores(out io.Writer, format string, units int) {
	states := []string{"met", "late", "overdue", "met"}
	var ids, values []string
	entry := func(id string, value float64) { ids, values = append(ids, id), append(values, fmt.Sprint(value)) }
	for n := range units {
		ids, values = ids[:0], values[:0]
		for k := range 34 {
			entry(fmt.Sprintf("award-%d", k), float64((n*7+k*3)%26)/10)
		}
		for k := range 10 {
			entry(fmt.Sprintf("deduct-%d", k), float64((n+k)%5)/4)
		}
		for k := range 6 {
			entry(fmt.Sprintf("mixed-%d", k), float64((n*3+k)%11)/2.2)
		}
		for k := range 3 {
			entry(fmt.Sprintf("bonus-%d", k), float64((n+k)%3)/2)
		}
		for k, value := range values {
			values[k] = value[:min(len(value), 4)]
		}
		unit, class := fmt.Sprintf("37%04d-%03d", n%10000, n/10000), "AB"[n%2:n%2+1]
		switch format {
		case "json":
			var points, duties []string
			for k, id := range ids {
				points = append(points, fmt.Sprintf("%q: %q", id, values[k]))
			}
			for k := range 6 {
				duties = append(duties, fmt.Sprintf(`"auto-%d": [%q, "met"]`, k, states[(n+k)%4]))
			}
			separator := ","
			if n == 0 {
				separator = "["
			}
			fmt.Fprintf(out, "%s\n{\"unit\": %q, \"class\": %q, \"points\": {%s}, \"na\": [], \"veto\": [], \"duties\": {%s}}",
				separator, unit, class, strings.Join(points, ", "), strings.Join(duties, ", "))
			if n == units-1 {
				fmt.Fprint(out, "\n]\n")
			}
		case "yaml":
			fmt.Fprintf(out, "- unit: %s\n  class: %s\n  points:\n", unit, class)
			for k, id := range ids {
				fmt.Fprintf(out, "    %s: %s\n", id, values[k])
			}
			fmt.Fprint(out, "  duties:\n")
			for k := range 6 {
				fmt.Fprintf(out, "    auto-%d: [%s, met]\n", k, states[(n+k)%4])
			}
		case "csv":
			if n == 0 {
				fmt.Fprintf(out, "unit,class,%s,auto-0,auto-1,auto-2,auto-3,auto-4,auto-5,veto\n", strings.Join(ids, ","))
			}
			fmt.Fprintf(out, "%s,%s,%s", unit, class, strings.Join(values, ","))
			for k := range 6 {
				fmt.Fprintf(out, ",%s met", states[(n+k)%4])
			}
			fmt.Fprint(out, ",\n")
		}
	}
}

// BenchmarkScoreCommand runs the command over 1,000 and 100,000 units of 60 indicators, by
// turns, and reports what a unit-indicator takes and the most memory that the process
// had, and how both grow.
func BenchmarkScoreCommand(b *testing.B) {
	scheme := benchScheme(b)
	for _, format := range []string{"json", "yaml", "csv"} {
		b.Run(format, func(b *testing.B) {
			sizes := []int{1000, 100_000}
			files := []string{benchScores(b, format, sizes[0]), benchScores(b, format, sizes[1])}
			clock, cpu, peaks := make([][]float64, 2), make([][]float64, 2), make([][]float64, 2)
			for b.Loop() {
				for n, size := range sizes {
					repeat := 1
					if n == 0 {
						repeat = 5
					}
					for range repeat {
						took, used, peak := benchRun(b, scheme, files[n], size)
						per := float64(size * benchIndicators)
						clock[n] = append(clock[n], float64(took.Nanoseconds())/per)
						cpu[n] = append(cpu[n], float64(used.Nanoseconds())/per)
						peaks[n] = append(peaks[n], float64(peak)/(1<<20))
					}
				}
			}
			for n, size := range sizes {
				b.ReportMetric(median(clock[n]), fmt.Sprintf("ns/unit-indicator-%d", size))
				b.ReportMetric(median(cpu[n]), fmt.Sprintf("cpu-ns/unit-indicator-%d", size))
				b.ReportMetric(median(peaks[n]), fmt.Sprintf("peak-MiB-%d", size))
			}
			b.ReportMetric(median(clock[1])/median(clock[0]), "time-ratio")
			b.ReportMetric(median(cpu[1])/median(cpu[0]), "cpu-ratio")
		})
	}
}

// benchRun runs the command once and checks that every unit has its line.
func benchRun(b *testing.B, scheme, scores string, units int) (took, used time.Duration, peak uint64) {
	b.Helper()
	debug.FreeOSMemory()
	var lines lineCounter
	var stderr bytes.Buffer
	stop := watchMemory(b)
	before := processTime(b)
	start := time.Now() //nolint:forbidigo // A benchmark measures time.
	code := run(b.Context(), []string{"score", "--scheme", scheme, "--scores", scores, "--json"}, strings.NewReader(""), &lines, &stderr)
	took, used, peak = time.Since(start), processTime(b)-before, stop()
	if code != exitDone || int(lines) != units+2 {
		b.Fatalf("exit %d, %d lines: %s", code, lines, stderr.String())
	}
	return took, used, peak
}

type lineCounter int

func (c *lineCounter) Write(data []byte) (int, error) {
	*c += lineCounter(bytes.Count(data, []byte("\n")))
	return len(data), nil
}

// processTime is what the process has had of the processors.
func processTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// watchMemory looks at the memory of the process every few milliseconds; the function
// that it returns stops and tells the most that was in use.
func watchMemory(b *testing.B) func() uint64 {
	b.Helper()
	runtime.GC()
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
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return func() uint64 {
		close(done)
		group.Wait()
		return most
	}
}
