package planner_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/planner"
)

// daysFrom returns n days from the first on.
func daysFrom(n int) []calendar.Date {
	days := make([]calendar.Date, n)
	for i := range days {
		days[i] = on(i)
	}
	return days
}

// TestSessionsNeededAreJustEnough holds the number against the planner: so many
// sessions on as many days seat everybody, one fewer do not.
func TestSessionsNeededAreJustEnough(t *testing.T) {
	byUnit := 0
	for seed := range 400 {
		r := rand.New(rand.NewPCG(uint64(seed), 31))
		p := &planner.Problem{From: on(0), To: on(400), Share: 1000 * r.IntN(11)}
		for i := range 1 + r.IntN(8) {
			p.Units = append(p.Units, planner.Unit{ID: uint64(i), Size: r.IntN(20)})
		}
		for i := range r.IntN(60) {
			p.People = append(p.People, planner.Person{ID: uint64(i), Unit: uint64(r.IntN(len(p.Units)))})
		}
		seats := 1 + r.IntN(12)
		need, err := planner.SessionsNeeded(p, seats)
		if err != nil {
			t.Fatal(err)
		}
		if need.ByUnit > need.BySeats {
			byUnit++
		}
		fit, err := planner.FitDays(t.Context(), p, seats, daysFrom(need.Sessions+3))
		if err != nil || fit.Days != need.Sessions || fit.Short != 0 {
			t.Errorf("seed %d: %+v needed, but days fit %+v, %v", seed, need, fit, err)
		}
		if need.Sessions > 0 {
			fit, err = planner.FitDays(t.Context(), p, seats, daysFrom(need.Sessions-1))
			if err != nil || fit.Days != -1 || fit.Short == 0 || fit.Bound != len(p.People)-fit.Short {
				t.Errorf("seed %d: %+v needed, but on a day fewer days fit %+v, %v", seed, need, fit, err)
			}
		}
	}
	if byUnit == 0 {
		t.Error("no unit ever took longer than seats")
	}
}

func TestSessionsNeeded(t *testing.T) {
	p := office()
	p.Units = append(p.Units, planner.Unit{ID: 8, Size: 3})
	for i := range 3 {
		p.People = append(p.People, planner.Person{ID: uint64(10 + i), Unit: 8})
	}
	for seats, want := range map[int]planner.Need{
		1: {Sessions: 7, BySeats: 7, ByUnit: 3, Unit: 8},
		5: {Sessions: 3, BySeats: 2, ByUnit: 3, Unit: 8},
	} {
		got, err := planner.SessionsNeeded(p, seats)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%d seats: %v (-want +got):\n%s", seats, err, diff)
		}
	}
	if _, err := planner.SessionsNeeded(p, 0); err == nil {
		t.Error("sessions without seats are enough")
	}
	if _, err := planner.SessionsNeeded(&planner.Problem{}, 1); err == nil {
		t.Error("a problem without window was accepted")
	}
}

func TestFitDays(t *testing.T) {
	p := office()
	p.People[3].From = on(2)
	p.Sessions = []planner.Session{{ID: 1, Span: wholeDays(0, 0), Seats: 1}}
	cases := []struct {
		name string
		days []calendar.Date
		want planner.Fit
	}{
		{"none", nil, planner.Fit{Days: -1, Short: 3, Bound: 1}},
		{"too few", []calendar.Date{on(0)}, planner.Fit{Days: -1, Short: 2, Bound: 2}},
		{"before the newcomer comes", []calendar.Date{on(0), on(1), on(1)}, planner.Fit{Days: -1, Short: 1, Bound: 3}},
		{"the third does, the fourth is not needed", []calendar.Date{on(1), on(1), on(5), on(6)}, planner.Fit{Days: 3, Bound: 4}},
		{"after the window", []calendar.Date{on(1), on(1), on(21)}, planner.Fit{Days: -1, Short: 1, Bound: 3}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := planner.FitDays(t.Context(), p, 1, c.days)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	if _, err := planner.FitDays(t.Context(), p, 0, daysFrom(3)); err == nil {
		t.Error("sessions without seats were tried")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := planner.FitDays(ctx, p, 1, daysFrom(3)); !errors.Is(err, context.Canceled) {
		t.Errorf("tried days under a cancelled context: %v", err)
	}
}
