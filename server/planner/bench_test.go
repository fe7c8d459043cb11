package planner_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"sundial/server/calendar"
	"sundial/server/planner"
)

// province is the size that the planner is made for.
const (
	provincePeople   = 20_000
	provinceSessions = 200
	provinceUnits    = 2_000
)

// province returns 2,000 units of 3 to 17 people, some much larger, and 200
// sessions of so many days each that begin on working days of a year, with seats
// for so many of every hundred people.
func province(days, percent int) *planner.Problem {
	r := rand.New(rand.NewPCG(7, uint64(days*1000+percent)))
	from := calendar.MustParseDate("2026-01-05")
	p := &planner.Problem{From: from, To: from + 364, Share: 2000}
	places := make([]string, 16)
	for i := range places {
		places[i] = fmt.Sprintf("city %d", i)
	}
	for i := range provinceUnits {
		u := planner.Unit{ID: uint64(i + 1), Size: 3 + r.IntN(15), Places: places[i%16 : i%16+1]}
		if i%3 == 0 {
			u.Places = []string{places[i%16], places[(i+1)%16]}
		}
		p.Units = append(p.Units, u)
	}
	for i := range provincePeople {
		person := planner.Person{ID: uint64(i + 1), Unit: uint64(r.IntN(provinceUnits) + 1), Joined: from - calendar.Date(r.IntN(5000))}
		if i%20 == 0 {
			person.Unit = uint64(r.IntN(40) + 1)
		}
		if r.IntN(3) > 0 {
			person.Last = from - calendar.Date(r.IntN(2000))
		}
		if r.IntN(10) == 0 {
			person.From = from + calendar.Date(r.IntN(300))
		}
		if r.IntN(50) == 0 {
			busy := from + calendar.Date(r.IntN(300))
			person.Busy = []planner.Span{{From: busy, To: busy + 3}}
		}
		p.People = append(p.People, person)
	}
	for i := range provinceSessions {
		s := planner.Session{ID: uint64(i + 1), Seats: provincePeople * percent / 100 / provinceSessions, Place: places[r.IntN(16)]}
		s.From = from + calendar.Date(i*350/provinceSessions)
		s.To = s.From + calendar.Date(days-1)
		p.Sessions = append(p.Sessions, s)
	}
	return p
}

// BenchmarkPropose plans for a province: with seats for more than all, for just
// all and for two thirds; with sessions of a day, and with sessions of two days that
// overlap partly.
func BenchmarkPropose(b *testing.B) {
	for _, days := range []int{1, 2} {
		for _, percent := range []int{130, 100, 66} {
			b.Run(fmt.Sprintf("days=%d/seats=%d%%", days, percent), func(b *testing.B) {
				p := province(days, percent)
				peak := watchMemory(b)
				var proposal *planner.Proposal
				for b.Loop() {
					proposal = propose(b, p)
				}
				b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
				b.ReportMetric(float64(len(proposal.Nominations)), "seated")
				b.ReportMetric(float64(proposal.Bound-len(proposal.Nominations)), "gap")
				b.ReportMetric(float64(proposal.PlaceCost-proposal.PlaceBound), "place-gap")
			})
		}
	}
}

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
