package planner_test

import (
	"math/rand/v2"
	"testing"

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

func TestProposalIsTheBestOfAllPlans(t *testing.T) {
	for _, kind := range []struct {
		name  string
		kind  int
		cases int
	}{{"days", 0, 400}, {"rosters", 1, 400}, {"overlaps", 2, 1200}} {
		t.Run(kind.name, func(t *testing.T) {
			tight := 0
			for seed := range kind.cases {
				p := randomProblem(rand.New(rand.NewPCG(uint64(seed), uint64(kind.kind))), kind.kind)
				want, got := solve(p), propose(t, p)
				seated, cost := checkLimits(t, p, got)
				if len(got.Nominations) != want.count || got.Bound != want.count || !got.Best {
					t.Errorf("seed %d: %d seated, bound %d, best %t; could be %d", seed, len(got.Nominations), got.Bound, got.Best, want.count)
				}
				for i := range seated {
					if seated[i] != want.people[i] {
						t.Errorf("seed %d: seated %v, could be %v", seed, seated, want.people)
						break
					}
				}
				if cost != got.PlaceCost || got.PlaceCost < want.placeCost || got.PlaceBound > want.placeCost || kind.kind < 2 && cost != want.placeCost {
					t.Errorf("seed %d: places cost %d, said %d of at least %d; could be %d", seed, cost, got.PlaceCost, got.PlaceBound, want.placeCost)
				}
				if cost != want.placeCost { t.Logf("seed %d cost %d bound %d want %d", seed, cost, got.PlaceBound, want.placeCost) }
				if want.count > 0 && want.count < len(p.People) {
					tight++
				}
				if t.Failed() {
					t.Fatalf("problem: %+v", p)
				}
			}
			t.Logf("%d of %d cases seat some but not all", tight, kind.cases)
		})
	}
}
