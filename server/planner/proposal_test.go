package planner_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/planner"
)

func propose(t testing.TB, p *planner.Problem) *planner.Proposal {
	t.Helper()
	proposal, err := planner.Propose(t.Context(), p, nil)
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return proposal
}

// checkLimits fails when the proposal breaks a limit, seats somebody twice or
// forgets somebody; it returns who is seated, by priority, and what places cost.
func checkLimits(t testing.TB, p *planner.Problem, proposal *planner.Proposal) (seated []bool, cost int) {
	t.Helper()
	pl := newPlan(p)
	person, session := map[uint64]int{}, map[uint64]int{}
	for i := range pl.people {
		person[pl.people[i].ID] = i
	}
	for i := range p.Sessions {
		session[p.Sessions[i].ID] = i
	}
	for _, n := range proposal.Nominations {
		i, s := person[n.Person], session[n.Session]
		if pl.session[i] >= 0 {
			t.Errorf("person %d is nominated twice", n.Person)
			continue
		}
		if !pl.seat(i, s) {
			t.Errorf("person %d may not be in session %d", n.Person, n.Session)
		}
		cost += pl.costs[i][s]
	}
	left := 0
	for _, s := range pl.session {
		seated = append(seated, s >= 0)
		if s < 0 {
			left++
		}
	}
	if left != len(proposal.Left) {
		t.Errorf("%d people have no seat, %d are left over", left, len(proposal.Left))
	}
	return seated, cost
}

// TestProposalIsTheBestOfAllPlans compares with trying everything. Places are
// exact where sessions last a day; otherwise the bound is right, and nearly always
// met.
func TestProposalIsTheBestOfAllPlans(t *testing.T) {
	for _, kind := range []struct {
		name        string
		kind, cases int
		placesExact bool
	}{{"days", 0, 400, true}, {"rosters", 1, 400, true}, {"overlaps", 2, 1200, false}, {"crowds", 3, 400, false}} {
		t.Run(kind.name, func(t *testing.T) {
			dearer := 0
			for seed := range kind.cases {
				p := randomProblem(rand.New(rand.NewPCG(uint64(seed), uint64(kind.kind))), kind.kind)
				want, got := solve(p), propose(t, p)
				seated, cost := checkLimits(t, p, got)
				if got.Bound != want.count || !got.Best || !slices.Equal(seated, want.people) {
					t.Errorf("seated %v, bound %d, best %t; could be %v", seated, got.Bound, got.Best, want.people)
				}
				if cost != got.PlaceCost || got.PlaceBound > want.placeCost || cost < want.placeCost {
					t.Errorf("places cost %d, said %d of at least %d; could be %d", cost, got.PlaceCost, got.PlaceBound, want.placeCost)
				}
				if cost > want.placeCost {
					dearer++
				}
				if t.Failed() {
					t.Fatalf("seed %d: %+v", seed, p)
				}
			}
			if kind.placesExact && dearer > 0 || dearer > kind.cases/100 {
				t.Errorf("places cost more than they must in %d of %d cases", dearer, kind.cases)
			}
		})
	}
}

// TestBoundsHoldWithoutBudget gives up at once: what is proposed keeps all limits,
// and what is said of it is true.
func TestBoundsHoldWithoutBudget(t *testing.T) {
	unproven, dearer := 0, 0
	for seed := range 1200 {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 14)), seed%4)
		got, err := planner.ProposeWithin(t.Context(), p, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := solve(p)
		seated, cost := checkLimits(t, p, got)
		same := slices.Equal(seated, want.people)
		if got.Bound < want.count || got.Best && !same || got.Greatest() && len(got.Nominations) != want.count {
			t.Errorf("seed %d: seated %v, bound %d, best %t; could be %v", seed, seated, got.Bound, got.Best, want.people)
		}
		if same && (got.PlaceBound > want.placeCost || cost < want.placeCost) {
			t.Errorf("seed %d: places cost %d, at least %d; could be %d", seed, cost, got.PlaceBound, want.placeCost)
		}
		if !got.Best {
			unproven++
		}
		if cost > got.PlaceBound {
			dearer++
		}
	}
	if unproven == 0 || dearer == 0 {
		t.Errorf("%d sets and %d places were left unproven", unproven, dearer)
	}
}

// TestMoreSeatsNeverSeatFewer adds a seat at a time.
func TestMoreSeatsNeverSeatFewer(t *testing.T) {
	gained := 0
	for seed := range 400 {
		r := rand.New(rand.NewPCG(uint64(seed), 11))
		p := randomProblem(r, seed%4)
		before := len(propose(t, p).Nominations)
		p.Sessions[r.IntN(len(p.Sessions))].Seats++
		after := len(propose(t, p).Nominations)
		if after < before || after > before+1 {
			t.Errorf("seed %d: one more seat, and %d seated instead of %d", seed, after, before)
		}
		gained += after - before
	}
	if gained == 0 {
		t.Error("a seat more never helped")
	}
}

// TestProposalDoesNotDependOnTheOrderOfInput shuffles what is given.
func TestProposalDoesNotDependOnTheOrderOfInput(t *testing.T) {
	for seed := range 200 {
		r := rand.New(rand.NewPCG(uint64(seed), 12))
		p := randomProblem(r, seed%4)
		want, _ := checkLimits(t, p, propose(t, p))
		r.Shuffle(len(p.People), func(i, j int) { p.People[i], p.People[j] = p.People[j], p.People[i] })
		r.Shuffle(len(p.Sessions), func(i, j int) { p.Sessions[i], p.Sessions[j] = p.Sessions[j], p.Sessions[i] })
		r.Shuffle(len(p.Units), func(i, j int) { p.Units[i], p.Units[j] = p.Units[j], p.Units[i] })
		first, second := propose(t, p), propose(t, p)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("seed %d: twice the same problem (-first +second):\n%s", seed, diff)
		}
		if got, _ := checkLimits(t, p, first); !slices.Equal(got, want) {
			t.Errorf("seed %d: seated %v, in another order %v", seed, want, got)
		}
	}
}

// checkDates fails when somebody goes later than a colleague who was trained later
// and could change places with them.
func checkDates(t *testing.T, p *planner.Problem, proposal *planner.Proposal) {
	t.Helper()
	session := map[uint64]planner.Session{}
	for _, s := range p.Sessions {
		session[s.ID] = s
	}
	free := map[uint64]planner.Person{}
	for _, person := range p.People {
		if person.From.IsZero() && person.To.IsZero() && len(person.Busy) == 0 {
			free[person.ID] = person
		}
	}
	latest := map[uint64]calendar.Date{}
	for _, n := range proposal.Nominations {
		person, ok := free[n.Person]
		if !ok {
			continue
		}
		if from := session[n.Session].From; from < latest[person.Unit] {
			t.Errorf("person %d goes on %s, a colleague longer untrained on %s", n.Person, from, latest[person.Unit])
		} else {
			latest[person.Unit] = from
		}
	}
	if len(latest) == 0 {
		t.Error("nobody who is always free was seated")
	}
}

// TestProvincePlanKeepsLimits plans for 20,000 people and 200 sessions, of two days
// that overlap, with just enough seats.
func TestProvincePlanKeepsLimits(t *testing.T) {
	p := province(2, 100)
	proposal := propose(t, p)
	checkLimits(t, p, proposal)
	checkDates(t, p, proposal)
	if !proposal.Greatest() || len(proposal.Nominations) < provincePeople-10 {
		t.Errorf("%d seated, bound %d", len(proposal.Nominations), proposal.Bound)
	}
}

func TestProposeHonoursItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := planner.Propose(ctx, province(1, 100), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("planned under a cancelled context: %v", err)
	}
	for _, after := range []int{1, provincePeople / 2, provincePeople + 1} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := planner.Propose(ctx, province(1, 100), func(done, _ int) {
			if done >= after {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d: %v", after, err)
		}
	}
}

func TestProposeTellsItsProgress(t *testing.T) {
	last, calls := 0, 0
	_, err := planner.Propose(t.Context(), province(1, 66), func(done, total int) {
		if done < last || done > total || total != 2*provincePeople {
			t.Errorf("%d of %d done after %d", done, total, last)
		}
		last = done
		calls++
	})
	if err != nil || last != 2*provincePeople || calls < 100 {
		t.Errorf("%d calls, %d done at the end, %v", calls, last, err)
	}
}
