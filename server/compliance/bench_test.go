package compliance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// BenchmarkSQLite prints what a board and a report cost on SQLite.
func BenchmarkSQLite(b *testing.B) {
	benchmarkOn(b, storetest.SQLite, 1_000, 10_000, 100_000)
}

// BenchmarkMariaDB prints the same on MariaDB.
func BenchmarkMariaDB(b *testing.B) {
	benchmarkOn(b, storetest.MySQL, 1_000, 10_000, 100_000)
}

func benchmarkOn(b *testing.B, open func(testing.TB) *store.Store, sizes ...int) {
	worlds := make([]*world, len(sizes))
	for i, units := range sizes {
		begin := time.Now()
		worlds[i] = newWorld(b, open(b), units)
		fmt.Printf("\n%s: %d units, %d duties in %v", worlds[i].store.Dialect(), units, worlds[i].duties, time.Since(begin).Round(100*time.Millisecond))
	}
	b.Run("Board", func(b *testing.B) { benchmarkBoard(b, worlds) })
	b.Run("Write", func(b *testing.B) { benchmarkWrite(b, worlds[1]) })
}

// The year of the worlds, the day on which they are looked at, and a day before.
const benchYear = 2025

var (
	benchNow  = time.Date(benchYear, time.October, 15, 10, 0, 0, 0, rules.Shanghai)
	benchPast = calendar.NewDate(benchYear, time.June, 30)
)

// benchPolicy has ten obligations of a usual mix: eight with one due date for
// all units, two with a due date for each document.
const benchPolicy = `
id: bench-2025
short: bench
number: BENCH 1
title: {zh: 测试政策, en: Policy of the benchmark}
issuer: bench
region: "990000"
issued: 2025-02-10
published: 2025-02-10
effective: {from: 2025-01-01}
obligations:
` + benchObligations

var benchObligations = func() string {
	var text strings.Builder
	for i, o := range []struct{ name, kind, require string }{
		{"briefing", "count", "{what: briefing, min: 1, window: year}"},
		{"deputy", "appointment", "{office: deputy}"},
		{"weight", "weight", "{included: true}"},
		{"plan", "within_working_days", "{n: 30, after: policy-published, what: plan}"},
		{"directory", "by_date", "{what: directory, each: 03-31}"},
		{"office", "by_date", "{what: office, each: 06-30}"},
		{"open-day", "count", `{what: open-day, min: 1, window: "05-15"}`},
		{"self-check", "count", `{what: self-check, min: 1, window: "11"}`},
		{"interpretation", "within_working_days", "{n: 3, after: document-published, what: interpretation}"},
		{"gazette", "within_working_days", "{n: 5, after: normative-document-issued, what: gazette}"},
	} {
		fmt.Fprintf(&text, "  - id: bench.%s\n    clause: \"%d\"\n    title: {zh: %s, en: %s}\n    counts: {zh: %s, en: %s}\n"+
			"    kind: %s\n    who: {kinds: [city, county, township, department]}\n    require: %s\n    evidence: [url]\n    points: \"10\"\n",
			o.name, i+1, o.name, o.name, o.name, o.name, o.kind, o.require)
	}
	return text.String()
}()
